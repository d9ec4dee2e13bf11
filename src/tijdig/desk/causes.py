"""Vraagt aandacht: what needs a person, how often, and where it is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tijdig.banking.direct_debits.lines.queries import (
    CAME_BACK_DAYS,
    count_missed,
    count_overdue_files,
    count_to_correct,
    count_to_hand_in,
)
from tijdig.banking.direct_debits.queries import count_held
from tijdig.banking.queries import (
    count_unconfirmed_accounts,
    count_unmatched,
    count_waiting_reversals,
)
from tijdig.cases.queries.lists import count_waiting
from tijdig.core.calendar import add_banking_days
from tijdig.core.identifiers import is_valid_iban
from tijdig.core.kept_money import is_kept_money_late
from tijdig.core.law.catalogue import list_unchecked
from tijdig.core.law.dated import is_stale
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.freshness import list_silent_sources
from tijdig.dunning.queries.limitation_list import count_near_limitation
from tijdig.dunning.queries.outcomes import count_undecided
from tijdig.dunning.queries.plan_terms import count_late_plans
from tijdig.dunning.queries.policies import list_policy_changes
from tijdig.intake.queries import (
    SourceRow,
    count_asked_lists,
    count_imports_with_rejections,
)
from tijdig.ledger.queries.balances import count_by_standing_reason, count_differences
from tijdig.ledger.queries.cards import count_failed_addresses
from tijdig.ledger.queries.kept_money import count_kept_money, list_kept_money
from tijdig.messaging.delivering import is_disk_full
from tijdig.messaging.queries import (
    count_doubts,
    count_for_creditor,
    count_questions,
    count_retrying,
    count_unposted,
)
from tijdig.tenants.law_rates import load_rates
from tijdig.tenants.queries import load_administration
from tijdig.timeline.audit import find_lost_key
from tijdig.web.rights import Desk

PROBLEM_DAYS = 7
HAND_IN_DAYS = 5
STANDING = (
    "no_address",
    "not_in_default",
    "bank_not_read",
    "below_minimum",
    "stop_foreign_currency",
    "stop_possible_payment",
    "stop_incomplete_invoice",
    "stop_insolvency_over",
    "stop_rest_overlong",
    "stop_bewind",
    "stop_curatele",
)
# While sending is off nobody comes on the list after the last demand: there was none.
REHEARSED = (*STANDING, "after_last_demand")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cause: its words, and the page and tab that list it."""

    name: str | Promise
    meaning: str | Promise
    page: str
    tab: str = ""
    is_for_all: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of cause that is there now."""

    count: int
    name: str | Promise
    meaning: str | Promise
    address: str


def _look(name: str | Promise, meaning: str | Promise) -> Kind:
    """What stands still until a person has looked at the debtor."""
    return Kind(name, meaning, "debtors", "attention")


# The most urgent first: what may have gone wrong, what holds people up, what can wait.
KINDS: Mapping[str, Kind] = {
    "without_iban": Kind(
        _("Uw rekeningnummer ontbreekt"),
        _("Zonder weet niemand waarheen hij betaalt, en gaat geen bericht uit."),
        "settings",
    ),
    "lost_key": Kind(
        _("Sleutel van het controlespoor is weg"),
        _("Er wordt niets verzegeld. Zet de map audit terug uit uw back-up."),
        "settings",
    ),
    "disk_full": Kind(
        _("De schijf van Tijdig is vol"),
        _("Er gaat niets uit. Maak ruimte; daarna gaat het versturen vanzelf verder."),
        "messages",
    ),
    "silent_sources": Kind(
        _("Lijst van open posten komt niet meer"),
        _("De run wacht erop."),
        "imports",
    ),
    "asked_lists": Kind(
        _("Lijst kwam terug: oud, of van vandaag?"),
        _("Tot u het zegt, krijgen de klanten waarover zij verschilt niets."),
        "imports",
    ),
    "in_doubt": Kind(
        _("Twijfel: misschien verstuurd"),
        _("De verbinding viel weg. Kijk na of het bericht aankwam."),
        "questions",
    ),
    "questions": Kind(
        _("Bericht wacht op u"),
        _("Het kon niet uit of werd tegengehouden. Kies wat ermee gebeurt."),
        "questions",
    ),
    "for_creditor": Kind(
        _("Wacht op de schuldeiser zelf"),
        _("Zonder Wki-registratie geeft alleen eigen personeel van de schuldeiser dit vrij."),
        "questions",
    ),
    "retrying": Kind(
        _("Mail gaat nu niet uit"),
        _("De mailserver neemt niets aan. Tijdig probeert het vanzelf opnieuw."),
        "messages",
    ),
    "retrying_letters": Kind(
        _("Brieven komen niet in de printmap"),
        _("Kijk of de map er is en of de schijf vol is. Tijdig probeert het vanzelf opnieuw."),
        "messages",
    ),
    "unposted": Kind(
        _("Brief: nog niet bekend of hij is gepost"),
        _("Tot u het zegt, telt de brief niet: geen termijn, geen kosten, geen volgende stap."),
        "posting",
    ),
    "failed_addresses": Kind(
        _("E-mailadres werkt niet"),
        _("Mail komt terug of kan niet weg. Vul een ander adres in, of kies voor een brief."),
        "questions",
    ),
    "unmatched": Kind(
        _("Betaling niet herkend"),
        _("Zolang dit openstaat, krijgt de betaler geen bericht."),
        "payments",
        "unmatched",
    ),
    "reversals": Kind(
        _("Betaling teruggedraaid, onbekend welke"),
        _("De bank nam geld terug. Zoek de betaling en maak haar ongedaan."),
        "payments",
        "waiting",
    ),
    "to_hand_in": Kind(
        _("Incasso moet naar de bank"),
        _("Keur goed, maak het bestand en geef het aan uw bank."),
        "collecting",
    ),
    "overdue_files": Kind(
        _("Incassobestand bleef liggen"),
        _("De incassodag is voorbij. Had de bank het niet? Trek de batch dan in."),
        "collecting",
    ),
    "missed": Kind(
        _("Incasso niet op tijd naar de bank"),
        _("Kies bij de batch Opnieuw incasseren, of laat de herinneringen doorgaan."),
        "collecting",
    ),
    "to_correct": Kind(
        _("Incasso kwam terug"),
        _("Los op wat de bank noemt. Kies daarna bij de batch Opnieuw incasseren."),
        "collecting",
    ),
    "held_mandates": Kind(
        _("Machtiging nakijken"),
        _("De bank stuurde een incasso terug. Zolang incasseren wij daar niet."),
        "collecting",
    ),
    "differences": Kind(
        _("Boekhouding en bank verschillen"),
        _("Deze debiteuren krijgen niets tot het is nagekeken."),
        "invoices",
        "attention",
    ),
    "accounts": Kind(
        _("Nieuwe bankrekening"),
        _("Bevestig dat deze van u is, of zeg van welke rekening het afschrift is."),
        "payments",
    ),
    "stale_rates": Kind(
        _("Rentetabel nakijken"),
        _("Kijk of er een nieuw percentage is en voer het in."),
        "law",
        is_for_all=True,
    ),
    "unchecked_law": Kind(
        _("Wettabel nakijken"),
        _("Vergelijk het getal met zijn bron, en werk Tijdig bij."),
        "law",
        is_for_all=True,
    ),
    "new_policy": Kind(
        _("Nieuw standaardbeleid"),
        _("Bekijk wat er anders wordt, en neem het over."),
        "policy-update",
    ),
    "limitation": Kind(
        _("Verjaart binnen een half jaar"),
        _("Stuur een brief die bij de klant aankomt, anders is afdwingen voorbij."),
        "limitation",
    ),
    "no_address": Kind(
        _("Geen adres bekend"), _("Vul een e-mailadres of postadres in."), "debtors", "attention"
    ),
    "not_in_default": _look(
        _("Herinnering telt niet"),
        _("Verbeter de dag van posten, of leg vast hoe de termijn is afgesproken."),
    ),
    "bank_not_read": Kind(
        _("Afschriften ontbreken na een brief"),
        _("Lees de rekening in de brief in. Tot dan wacht de volgende stap, met de kosten."),
        "debtors",
        "attention",
    ),
    "broken_promises": Kind(
        _("Toezegging niet nagekomen"), _("Bel eerst deze debiteuren."), "cases", "promise"
    ),
    "late_plans": Kind(
        _("Termijn van een regeling gemist"),
        _("Wij vragen het één keer na; daarna eindigt de regeling."),
        "cases",
        "plan",
    ),
    "replies": Kind(
        _("Reactie van een debiteur"),
        _("Hij krijgt niets tot iemand dit heeft afgehandeld."),
        "cases",
        "reply",
    ),
    "disputes": Kind(
        _("Betwisting wacht op antwoord"), _("Antwoord voor de uiterste dag."), "cases", "dispute"
    ),
    "credits": Kind(
        _("Creditnota nodig"), _("U gaf de debiteur gelijk; maak de creditnota."), "cases", "credit"
    ),
    "kept_money": Kind(
        _("Tegoed van een klant"),
        _("Verreken het in uw boeken of betaal het terug, en leg dat vast."),
        "cases",
        "money",
    ),
    "reasons": Kind(
        _("Reden om niet te betalen"), _("Er is iets dat wij moeten doen."), "cases", "reason"
    ),
    "outcomes": Kind(
        _("Na de laatste aanmaning"),
        _("Alle stappen zijn gezet; beslis wat er nu gebeurt."),
        "cases",
        "outcome",
    ),
    "after_last_demand": _look(
        _("Alle stappen gezet (geoefend)"),
        _("Versturen staat uit: er is nog niets echt verstuurd."),
    ),
    "stop_possible_payment": Kind(
        _("Betaling die voor deze factuur kan zijn"),
        _("Koppel de betaling voor de eerste herinnering."),
        "payments",
        "unmatched",
    ),
    "stop_incomplete_invoice": _look(
        _("Factuur klopt niet"),
        _("Nummer, naam, datums, bedrag of btw kloppen niet. Verbeter dit in de boekhouding."),
    ),
    "stop_insolvency_over": _look(
        _("Insolventie is voorbij"),
        _("Kijk hoe zij eindigde: boek af, of zeg dat het niet meer zo is."),
    ),
    "stop_rest_overlong": _look(
        _("Moratorium duurt te lang"),
        _("Het mag hoogstens zes maanden: vraag hoe het is, en leg dat vast."),
    ),
    "stop_bewind": _look(
        _("Adres van de bewindvoerder ontbreekt"), _("Vul het in bij de situatie.")
    ),
    "stop_curatele": _look(_("Adres van de curator ontbreekt"), _("Vul het in bij de situatie.")),
    "below_minimum": _look(
        _("Onder het minimumbedrag"), _("Te weinig voor een bericht; wel nog open.")
    ),
    "stop_foreign_currency": Kind(
        _("Niet in euro"), _("Tijdig maant alleen in euro aan."), "debtors", "attention"
    ),
    "rejections": Kind(
        _("Import met afgekeurde regels"), _("In de laatste zeven dagen."), "imports"
    ),
}


def list_causes(desk: Desk) -> list[Cause]:
    """Only what is there: a cause with a count of nil is no cause."""
    silent = list_silent_sources(today=desk.today)
    doubts, for_creditor, retrying = count_doubts(), count_for_creditor(), count_retrying()
    counts = {
        **count_by_standing_reason(STANDING if desk.sending_on else REHEARSED),
        **count_waiting(),
        "late_plans": count_late_plans(today=desk.today),
        "outcomes": count_undecided(),
        "kept_money": count_kept_money(),
        "without_iban": int(not is_valid_iban(load_administration().iban)),
        "lost_key": int(find_lost_key() is not None),
        "disk_full": int(is_disk_full()),
        "silent_sources": len(silent),
        "asked_lists": count_asked_lists(),
        "in_doubt": doubts,
        "questions": count_questions() - doubts - for_creditor,
        "for_creditor": for_creditor,
        "retrying": retrying.get("email", 0),
        "retrying_letters": retrying.get("letter", 0),
        "unposted": count_unposted(),
        "failed_addresses": count_failed_addresses(),
        "unmatched": count_unmatched(),
        "reversals": count_waiting_reversals(),
        "to_hand_in": count_to_hand_in(
            until_on=add_banking_days(desk.today, HAND_IN_DAYS), today=desk.today
        ),
        "overdue_files": count_overdue_files(today=desk.today),
        "to_correct": count_to_correct(since=desk.today - timedelta(days=CAME_BACK_DAYS)),
        "missed": count_missed(since=desk.today - timedelta(days=CAME_BACK_DAYS)),
        "held_mandates": count_held(),
        "differences": count_differences(),
        "accounts": count_unconfirmed_accounts(),
        "new_policy": len(list_policy_changes()),
        "limitation": count_near_limitation(today=desk.today),
        "stale_rates": _count_stale_rates(desk),
        "unchecked_law": len(list_unchecked(desk.today)),
        "rejections": count_imports_with_rejections(since=desk.now - timedelta(days=PROBLEM_DAYS)),
    }
    told: dict[str, str | Promise] = {"silent_sources": _name_silent(silent)}
    if late := _count_late_money(desk):
        said = ngettext("%(n)s is te laat. %(what)s", "%(n)s zijn te laat. %(what)s", late)
        told["kept_money"] = said % {"n": late, "what": KINDS["kept_money"].meaning}
    return [
        Cause(counts[key], kind.name, told.get(key, kind.meaning), _address(kind, desk))
        for key, kind in KINDS.items()
        if counts.get(key)
    ]


def _count_late_money(desk: Desk) -> int:
    """How many sums of kept money nobody has dealt with in time, of the oldest ones."""
    return sum(
        is_kept_money_late(row.received_on, row.left_cents, today=desk.today)
        for row in list_kept_money()
    )


def _name_silent(silent: Sequence[SourceRow]) -> str:
    """Which lists did not come any more, since when, and what to do."""
    lasts = ", ".join(f"{one.file_name} ({one.as_of:%d-%m-%Y})" for one in silent)
    said = gettext("Laatst: %(lasts)s. Breng een nieuwe binnen, of zeg dat zij niet meer komt.")
    return said % {"lasts": lasts}


def _count_stale_rates(desk: Desk) -> int:
    """How many rate tables must be looked at; a file that cannot be read is one too."""
    try:
        rates = load_rates()
    except Refusal:
        return 1
    return sum(is_stale(table, desk.today) for table in (rates.statutory, rates.commercial))


def _address(kind: Kind, desk: Desk) -> str:
    if kind.is_for_all:
        return reverse(kind.page)
    page = reverse(kind.page, kwargs={"slug": desk.slug})
    return f"{page}?tab={kind.tab}" if kind.tab else page
