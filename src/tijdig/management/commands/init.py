"""`tijdig init`: the data folder, the database, and an administration to begin with."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from tijdig.config import environment
from tijdig.config.database import prepare_schema
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import policies
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    get_administration,
)
from tijdig.management.arguments import NAME_LENGTH, WKI_LENGTH, email_address, filled
from tijdig.tenants.actions import (
    change_organisation,
    let_in,
    make_administration,
    make_sign_in_link,
    make_user,
)
from tijdig.tenants.queries import find_administration, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now

TAKEN_BY_THE_SITE = frozenset("aanmelden afmelden taal administraties lettertype static".split())

_WITHOUT_REGISTRATION = (
    "Zonder Wki-registratie (--wki) geeft alleen personeel van de schuldeiser zelf berichten aan"
    " natuurlijke personen vrij. Zie Instellingen, Wie int er."
)


_HOW_TO_SIGN_IN = (
    "Aanmelden op de site: geef uw e-mailadres met tijdig init --administration {slug} --email "
    "u@uwbedrijf.nl. U krijgt dan een link."
)
_NAME_KEPT = (
    "De naam (--name) is niet gewijzigd: deze administratie heeft al een andere naam. Wijzig die op"
    " de pagina Instellingen."
)
_USUAL_PORT = (
    "Deze link is voor poort 8000 op deze computer: start de site met tijdig serve. Staat de site"
    " ergens anders, geef dan eerst TIJDIG_URL haar adres."
)


class Command(AnsweringCommand):
    """May be repeated: what is there already stays as it is."""

    help = "Make the data folder, the database and an administration; sending stays off."
    needs_tables = False

    def add_own_arguments(self, parser: CommandParser) -> None:
        add_administration(parser, required=False)
        name = filled(NAME_LENGTH)
        parser.add_argument("--name", type=name, help="name of the creditor")
        parser.add_argument("--email", type=email_address, help="who may sign in as owner")
        parser.add_argument(
            "--acts-as",
            choices=("business", "accountant", "agency"),
            default="business",
            help="who collects: the creditor itself (business), or who acts for it",
        )
        parser.add_argument("--organisation", type=name, help="name of who acts for the creditor")
        registration = filled(WKI_LENGTH)
        parser.add_argument("--wki", type=registration, help="Wki registration of who acts for it")

    def answer(self, **options: Any) -> Answer:
        slug = options["administration"] or ""
        _refuse_without_administration(options)
        prepare_schema()
        figures: dict[str, Any] = {"home": str(settings.HOME), "administration": slug or None}
        lines = [f"De database is klaar. De gegevens staan in {settings.HOME}."]
        if slug:
            acting = _read_acting(options)
            figures["created"] = _make(slug, options["name"] or slug, acting)
            state = "is gemaakt" if figures["created"] else "was er al"
            lines.append(f"Administratie {slug} {state}. Verzenden staat uit tot u het aanzet.")
            if not figures["created"] and _has_other_name(slug, options["name"]):
                figures["name_kept"] = True
                lines.append(_NAME_KEPT)
            if acting and not acting["wki_registration"]:
                lines.append(_WITHOUT_REGISTRATION)
        if slug and options["email"]:
            figures["sign_in"] = _invite(slug, options["email"], for_creditor=not acting)
            lines.append(f"Eenmalig aanmelden: {figures['sign_in']}")
            if not environment.text("TIJDIG_URL"):
                lines.append(_USUAL_PORT)
        elif slug:
            lines.append(_HOW_TO_SIGN_IN.format(slug=slug))
        return Answer(figures, tuple(lines))


def _refuse_without_administration(options: dict[str, Any]) -> None:
    """A name or an owner of nothing would be forgotten without a word."""
    if not options["administration"] and (options["name"] or options["email"]):
        raise Refusal(
            "Noem met --administration bij welke administratie --name en --email horen.",
            "Name with --administration the administration that --name and --email belong to.",
        )


def _has_other_name(slug: str, name: str | None) -> bool:
    with administration_scope(get_administration(slug)):
        return bool(name) and load_administration().name != name


def _read_acting(options: dict[str, Any]) -> dict[str, str]:
    """The organisation that acts for the creditor, as told; nothing where there is none."""
    kind, name, registration = options["acts_as"], options["organisation"], options["wki"] or ""
    if kind == "business" and (name or registration):
        raise Refusal(
            "Zeg met --acts-as accountant of --acts-as agency dat een ander voor de schuldeiser"
            " int. Een schuldeiser die zelf int, heeft geen Wki-registratie nodig.",
            "Say with --acts-as accountant or --acts-as agency that another collects for the"
            " creditor. A creditor that collects itself needs no Wki registration.",
        )
    if kind == "business":
        return {}
    if not name:
        raise Refusal(
            "Noem met --organisation wie er voor de schuldeiser int.",
            "Name with --organisation who collects for the creditor.",
        )
    return {"kind": kind, "name": name, "wki_registration": registration}


def _make(slug: str, name: str, acting: dict[str, str]) -> bool:
    if not slug.replace("-", "").replace("_", "").isalnum() or not slug.isascii():
        raise Refusal(
            f"{slug!r} kan geen korte naam zijn: gebruik letters, cijfers en streepjes.",
            f"{slug!r} cannot be a short name: use letters, digits and hyphens.",
        )
    if find_administration(slug):
        return False
    if slug != slug.lower():
        raise Refusal(
            f"Een korte naam heeft alleen kleine letters: gebruik {slug.lower()}.",
            f"A short name is in lower case only: use {slug.lower()}.",
        )
    if slug in TAKEN_BY_THE_SITE:
        raise Refusal(
            f"{slug} is al een adres van de site. Kies een andere korte naam.",
            f"{slug} is an address of the site already. Choose another short name.",
        )
    administration_id = make_administration(slug, name)
    with administration_scope(administration_id):
        if acting:
            change_organisation(acting)
        policies.adopt(DEFAULT_POLICY, now=moment_now(), actor="tijdig")
    return True


def _invite(slug: str, email: str, *, for_creditor: bool) -> str:
    administration_id = find_administration(slug)
    if administration_id is None:
        raise Refusal(f"Er is geen administratie {slug}.", f"There is no administration {slug}.")
    user_id = make_user(email)
    with administration_scope(administration_id):
        let_in(user_id, role="owner", for_creditor=for_creditor)
    token = make_sign_in_link(user_id, now=moment_now())
    return f"{settings.BASE_URL}/aanmelden/{token}/"
