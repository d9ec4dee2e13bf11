"""One column of everything that happened to a debtor, newest first, and what is to come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.banking.queries import BankLineRow
from tijdig.core.decision import Decision
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.desk.case_events import CASE_EVENTS
from tijdig.desk.message_words import label_state
from tijdig.dunning.queries.pages import CallRow, DecisionRow
from tijdig.ledger.queries.balances import EntryRow
from tijdig.ledger.queries.kept_money import ENDED_BY_PERSON
from tijdig.messaging.queries import MessageRow
from tijdig.timeline.queries import EventRow
from tijdig.web.labels import (
    CALL_OUTCOMES,
    CALL_STATES,
    CHANNELS,
    ENTRY_KINDS,
    PHASES,
    Label,
    Tone,
    label_of,
    name_step,
)
from tijdig.web.language import say

EVENT_WORDS: Mapping[str, str | Promise] = {
    **CASE_EVENTS,
    "debtor_changed": gettext_lazy("Gegevens gewijzigd"),
    "message_cancelled": gettext_lazy("Bericht vervallen"),
    "message_held": gettext_lazy("Bericht tegengehouden"),
    "call_recorded": gettext_lazy("Telefoontje vastgelegd"),
    "message_taken_back": gettext_lazy("Bericht tegengehouden"),
    "message_let_go": gettext_lazy("Bericht alsnog vrijgegeven"),
    "message_dropped": gettext_lazy("Bericht geschrapt"),
    "message_confirmed": gettext_lazy("Bericht kwam aan"),
    "message_came_back": gettext_lazy("Bericht kwam terug"),
    "costs_claimed": gettext_lazy("Incassokosten gevraagd"),
    "interest_claimed": gettext_lazy("Rente gevraagd"),
    "claim_waived": gettext_lazy("Kosten of rente kwijtgescholden"),
    "costs_withdrawn": gettext_lazy("Incassokosten ingetrokken"),
    "interest_withdrawn": gettext_lazy("Rente verlaagd"),
    "letter_received": gettext_lazy("Ontvangst van de brief vastgelegd"),
    "receipt_withdrawn": gettext_lazy("Bewijs van ontvangst ingetrokken"),
    "interruption_recorded": gettext_lazy("Stuiting van de verjaring vastgelegd"),
    "interruption_withdrawn": gettext_lazy("Stuiting van de verjaring ingetrokken"),
    "term_said": gettext_lazy("Vastgelegd hoe de termijn is afgesproken"),
    "standing_term_set": gettext_lazy("Vaste betaaltermijn vastgelegd"),
    "letter_discarded": gettext_lazy("Brief niet gepost, weggegooid"),
    "letter_not_posted": gettext_lazy("De brief bleek niet gepost"),
    "letter_posted": gettext_lazy("Dag van posten vastgelegd"),
    "message_replaced": gettext_lazy("Bericht vervangen"),
    "message_left": gettext_lazy("Onzeker bericht zo gelaten"),
    "message_tried_again": gettext_lazy("Bericht opnieuw geprobeerd"),
    "message_counted_as_sent": gettext_lazy("Onzeker bericht telt als verstuurd"),
    "message_accepted_by_log": gettext_lazy("Verstuurd, volgens het verzendlogboek"),
    "message_in_doubt_by_log": gettext_lazy("Misschien verstuurd, volgens het verzendlogboek"),
    "run_sent_anyway": gettext_lazy("Toch verstuurd"),
    "run_held_back": gettext_lazy("Run tegengehouden"),
    "payment_unmatched": gettext_lazy("Koppeling ongedaan gemaakt"),
    "call_lapsed": gettext_lazy("Telefoontje niet gedaan"),
    "payment_reversed": gettext_lazy("Betaling teruggeboekt"),
    "collection_returned": gettext_lazy("Incasso teruggeboekt"),
    "collection_rejected": gettext_lazy("Incasso niet uitgevoerd"),
}
# What these events say is in the timeline already, from the row that they are about.
TOLD_BY_ROWS = frozenset(
    {"message_released", "message_accepted", "message_planned", "call_made", "payment_matched"}
    | {"collection_collected"}
)
CONTACT_WORDS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("naam"),
    "contact_name": gettext_lazy("contactpersoon"),
    "email": gettext_lazy("e-mailadres"),
    "phone": gettext_lazy("telefoon"),
    "street": gettext_lazy("straat"),
    "postal_code": gettext_lazy("postcode"),
    "city": gettext_lazy("plaats"),
    "country": gettext_lazy("land"),
    "kind": gettext_lazy("soort"),
    "agreed_costs": gettext_lazy("afgesproken incassokosten"),
    "agreed_interest": gettext_lazy("afgesproken rente"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows that the timeline is made of."""

    messages: Sequence[MessageRow]
    entries: Sequence[EntryRow]
    lines: Mapping[UUID, BankLineRow]
    decisions: Sequence[DecisionRow]
    calls: Sequence[CallRow]
    events: Sequence[EventRow]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened; `address` leads to more, `line_address` to its bank line, if any."""

    on: date
    at: datetime
    tone: Tone
    title: str | Promise
    label: Label | None = None
    text: str = ""
    address: str = ""
    link: str | Promise = ""
    actor: str = ""
    line_address: str = ""


@dataclass(frozen=True, slots=True)
class AheadItem:
    """One thing that will happen if nothing changes."""

    on: date
    title: str | Promise
    because: str


def make_timeline(sources: Sources, *, slug: str) -> tuple[Item, ...]:
    """All rows as items, newest first."""
    items: list[Item] = [
        *(_of_message(row, slug) for row in sources.messages),
        *(
            _of_entry(row, sources.lines, slug)
            for row in sources.entries
            if not row.is_confirmation and row.source_kind != ENDED_BY_PERSON
        ),
        *_of_decisions(sources.decisions),
        *(_of_call(row) for row in sources.calls),
        *(_of_event(row, slug) for row in sources.events if row.kind not in TOLD_BY_ROWS),
    ]
    return tuple(sorted(items, key=lambda item: (item.on, item.at), reverse=True))


def list_ahead(decisions: Iterable[Decision]) -> tuple[AheadItem, ...]:
    """The steps to come, furthest first, as they stand above the timeline."""
    found = [AheadItem(one.on, _step_title(one), say(one.because)) for one in decisions if one.step]
    return tuple(reversed(found))


def _step_title(decision: Decision) -> str:
    phase = str(label_of(PHASES, decision.step.phase if decision.step else "").text)
    if decision.outcome == "call":
        return phase
    channel = str(label_of(CHANNELS, decision.channel or "").text)
    return _("%(step)s per %(channel)s") % {"step": phase, "channel": channel}


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _of_message(row: MessageRow, slug: str) -> Item:
    state = label_state(row)
    channel = label_of(CHANNELS, row.channel).text
    words = [format_euros(row.total_cents)]
    if row.recipient:
        words.append(_("aan %(recipient)s") % {"recipient": row.recipient})
    if row.pay_by_on:
        words.append(_("betalen tot en met %(day)s") % {"day": date_format(row.pay_by_on, "j F Y")})
    return Item(
        on=row.planned_on,
        at=row.settled_at or _start_of(row.planned_on),
        tone=state.tone,
        title=_("%(step)s per %(channel)s")
        % {"step": label_of(PHASES, row.phase).text, "channel": channel},
        label=state,
        text=", ".join(words),
        address=reverse("message", kwargs={"slug": slug, "message_id": row.id}),
        link=_("bekijk precies wat er in staat") if row.subject else _("bekijk"),
    )


def _of_entry(row: EntryRow, lines: Mapping[UUID, BankLineRow], slug: str) -> Item:
    label = label_of(ENTRY_KINDS, row.kind)
    line = lines.get(row.source_id)
    because = say(Sentence(line.because_nl, line.because_en)) if line else ""
    # Money counts for us from the day on which its file came in: before it we could not know.
    known_on = localtime(row.recorded_at).date()
    came_later = line is not None and known_on > row.on
    if came_later:
        booked = _("Door de bank geboekt op %(day)s.") % {"day": date_format(row.on, "j F Y")}
        because = f"{booked} {because}"
    invoice = _("factuur %(number)s") % {"number": row.invoice_number}
    return Item(
        on=known_on if came_later else row.on,
        at=row.recorded_at,
        tone=label.tone,
        title=f"{label.text}: {format_euros(abs(row.cents))}",
        text=because,
        address=reverse("invoice", kwargs={"slug": slug, "number": row.invoice_number})
        if row.invoice_number
        else "",
        link=invoice if row.invoice_number else "",
        line_address=_find_line(line.id, slug) if line else "",
    )


def _of_decisions(rows: Sequence[DecisionRow]) -> list[Item]:
    """Decisions to do nothing, where the reason was another one than the time before."""
    items: list[Item] = []
    before = ""
    for row in reversed(rows):
        if row.outcome == "nothing" and row.reason != before:
            because = say(Sentence(row.because_nl, row.because_en))
            items.append(
                Item(
                    on=row.on,
                    at=_start_of(row.on),
                    tone="quiet",
                    title=_("Besluit: geen bericht"),
                    text=because,
                )
            )
        before = row.reason
    return items


def _of_call(row: CallRow) -> Item:
    outcome = label_of(CALL_OUTCOMES, row.outcome) if row.outcome else None
    state = outcome or label_of(CALL_STATES, row.state)
    on = row.done_on or row.asked_on
    return Item(
        on=on,
        at=_start_of(on),
        tone=state.tone,
        title=_("Telefoontje over factuur %(number)s") % {"number": row.invoice_number},
        label=state,
        text=row.note,
    )


def _find_line(line_id: UUID, slug: str) -> str:
    """Where a bank line stands with what was decided about it."""
    return f"{reverse('proposals', kwargs={'slug': slug})}?line={line_id}"


def _of_event(row: EventRow, slug: str) -> Item:
    title = EVENT_WORDS.get(row.kind) or label_of({}, row.kind).text
    return Item(
        on=row.on,
        at=row.at,
        tone="quiet",
        title=title,
        text=_event_text(row),
        address=_find_kept(row, slug),
        link=_("het tegoed"),
        actor=row.actor,
        line_address=_find_line(row.subject_id, slug) if row.subject_kind == "bank_line" else "",
    )


def _find_kept(row: EventRow, slug: str) -> str:
    """Where a person says what became of kept money, and undoes it."""
    if row.subject_kind != ENDED_BY_PERSON:
        return ""
    return reverse("kept-money", kwargs={"slug": slug, "item_id": row.subject_id})


def _event_text(row: EventRow) -> str:
    """What an event adds in words: each change from what to what, the step, the reason."""
    words: list[str] = []
    changes = row.details.get("changes")
    if isinstance(changes, dict):
        for name, change in changes.items():
            if isinstance(change, list) and len(change) == 2:
                before, after = (str(one) if one else _("leeg") for one in change)
                words.append(f"{CONTACT_WORDS.get(name, name)}: {before} → {after}")
    step = row.details.get("step")
    if isinstance(step, str):
        words.append(str(name_step(step).text))
    because = Sentence(str(row.details.get("nl", "")), str(row.details.get("en", "")))
    if because.nl:
        words.append(say(because))
    told = (row.details.get(name) for name in ("article", "because"))
    words.extend(one for one in told if isinstance(one, str))
    return "; ".join(words)
