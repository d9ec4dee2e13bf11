"""Each kind of case at the desk: its form, its one action, and what a person may do with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tijdig.cases.actions import disputes, extensions, holds, plans, promises, reasons
from tijdig.core.case_messages import BY_LETTER
from tijdig.core.problem import Refusal
from tijdig.desk import case_forms
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.flags import Representative
from tijdig.messaging.actions import replies
from tijdig.web.rights import Desk

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewKind:
    """A case that can be recorded: what the page says, its form, and what the form does."""

    title: str | Promise
    intro: str | Promise
    form: type[case_forms.CaseForm]
    save: Callable[[UUID, Told, Desk], object]
    done: str | Promise


def moment_of(desk: Desk) -> dict[str, Any]:
    """The day, the moment and the person, as every action asks them."""
    return {"today": desk.today, "now": desk.now, "actor": desk.actor}


def cents_of(told: Told) -> int:
    """The amount that somebody filled in, in cents."""
    return int(told["amount"] * 100)


def _invoice(told: Told) -> UUID | None:
    return UUID(told["invoice"]) if told.get("invoice") else None


def _save_dispute(_debtor_id: UUID, told: Told, desk: Desk) -> None:
    disputes.open(
        invoice_id=UUID(told["invoice"]),
        cents=cents_of(told),
        category=told["category"],
        note=told["note"],
        owner=told["owner"],
        deadline_on=told["deadline_on"],
        **moment_of(desk),
    )


def _save_promise(debtor_id: UUID, told: Told, desk: Desk) -> None:
    promises.make(
        debtor_id=debtor_id,
        invoice_id=_invoice(told),
        cents=cents_of(told),
        on=told["on"],
        note=told["note"],
        **moment_of(desk),
    )


def _save_plan(debtor_id: UUID, told: Told, desk: Desk) -> None:
    plans.agree(
        debtor_id=debtor_id,
        invoice_ids=[UUID(one) for one in told["invoices"]],
        count=told["count"],
        first_on=told["first_on"],
        interval=told["interval"],
        rounding=told["rounding"],
        grace_working_days=told["grace_working_days"],
        note=told["note"],
        **moment_of(desk),
    )


def _save_extension(_debtor_id: UUID, told: Told, desk: Desk) -> None:
    extensions.give(
        invoice_id=UUID(told["invoice"]),
        until_on=told["until_on"],
        reason=told["reason"],
        **moment_of(desk),
    )


def _save_hold(debtor_id: UUID, told: Told, desk: Desk) -> None:
    holds.place(
        debtor_id=debtor_id,
        invoice_id=_invoice(told),
        depth=told["depth"],
        from_on=told["from_on"],
        until_on=told["until_on"],
        reason=told["reason"],
        **moment_of(desk),
    )


def _save_reason(debtor_id: UUID, told: Told, desk: Desk) -> None:
    reasons.tell(
        debtor_id=debtor_id,
        kind=told["kind"],
        channel=told["channel"],
        invoice_id=_invoice(told),
        note=told["note"],
        address=BY_LETTER if told["by_letter"] else told["address"],
        **moment_of(desk),
    )


def _save_reply(debtor_id: UUID, told: Told, desk: Desk) -> None:
    replies.receive(debtor_id=debtor_id, **told, **moment_of(desk))


def _save_flag(debtor_id: UUID, told: Told, desk: Desk) -> None:
    names = ("representative", "email", "phone", "street", "postal_code", "city")
    flags.mark(
        debtor_id=debtor_id,
        kind=told["kind"],
        from_on=told["from_on"],
        until_on=told["until_on"],
        source=told["source"],
        instead=Representative(**{name: told[name] for name in names}),
        **moment_of(desk),
    )


# In the order of the buttons on the debtor page; the key stands in the address.
NEW_KINDS: Mapping[str, NewKind] = {
    "toezegging": NewKind(
        _("Toezegging"),
        _("De debiteur zegt wanneer hij betaalt. Tot twee werkdagen daarna krijgt hij niets."),
        case_forms.PromiseForm,
        _save_promise,
        _("De toezegging is vastgelegd."),
    ),
    "regeling": NewKind(
        _("Betalingsregeling"),
        _(
            "Wat openstaat, in termijnen. Dat kost een consument niets extra; een bedrijf ook niet,"
            " zolang het zich eraan houdt."
        ),
        case_forms.PlanForm,
        _save_plan,
        _("De regeling is vastgelegd. De bevestiging gaat met de volgende run mee."),
    ),
    "betwisting": NewKind(
        _("Betwisting"),
        _("De debiteur is het er niet mee eens. Dat deel vragen wij niet tot u heeft geantwoord."),
        case_forms.DisputeForm,
        _save_dispute,
        _("De betwisting is vastgelegd."),
    ),
    "reden": NewKind(
        _("Reden"),
        _("Waarom er niet is betaald. De debiteur krijgt rust, en een stap die daarbij past."),
        case_forms.ReasonForm,
        _save_reason,
        _("De reden is vastgelegd."),
    ),
    "uitstel": NewKind(
        _("Uitstel"),
        _("Een latere vervaldatum. De stappen schuiven mee."),
        case_forms.ExtensionForm,
        _save_extension,
        _("Het uitstel is vastgelegd."),
    ),
    "pauze": NewKind(
        _("Pauze"),
        _("Een tijd niets sturen. De pauze eindigt vanzelf."),
        case_forms.HoldForm,
        _save_hold,
        _("De pauze is ingesteld."),
    ),
    "reactie": NewKind(
        _("Reactie"),
        _("De debiteur liet iets weten. Hij krijgt niets tot iemand dit heeft afgehandeld."),
        case_forms.ReplyForm,
        _save_reply,
        _("De reactie is vastgelegd."),
    ),
    "situatie": NewKind(
        _("Bijzondere situatie"),
        _("Zoals een faillissement, schuldhulp of bewind, en wie er in zijn plaats post krijgt."),
        case_forms.FlagForm,
        _save_flag,
        _("De situatie is vastgelegd."),
    ),
}

End = Callable[[UUID, Desk], None]


def _end(action: Callable[..., None], **more: str) -> End:
    return lambda case_id, desk: action(case_id, **more, **moment_of(desk))


# What one button ends, by kind of case and, for a promise, its state.
ENDS: Mapping[tuple[str, str], tuple[str | Promise, End]] = {
    ("dispute", ""): (_("Ingetrokken"), _end(disputes.withdraw)),
    ("credit", ""): (_("Creditnota is gemaakt"), _end(disputes.mark_credited)),
    ("promise", "open"): (_("Intrekken"), _end(promises.withdraw)),
    ("promise", "broken"): (_("Opgevolgd"), _end(promises.handle_broken)),
    ("plan", ""): (_("Beëindig de regeling"), _end(plans.end, because="")),
    ("reply", ""): (_("Afgehandeld"), _end(replies.handle)),
    ("reason", ""): (_("Opgevolgd"), _end(reasons.handle)),
    ("hold", ""): (_("Hef de pauze op"), _end(holds.lift)),
    ("extension", ""): (_("Trek het uitstel in"), _end(extensions.withdraw)),
    ("flag", ""): (_("Niet meer zo"), _end(flags.lift)),
}


def find_end(kind: str, state: str) -> tuple[str | Promise, End]:
    """The button that ends a case of this kind, and what it does. Refuses: an unknown kind."""
    found = ENDS.get((kind, state)) or ENDS.get((kind, ""))
    if found is None:
        raise Refusal("Dit kan hier niet.", "This is not possible here.")
    return found
