"""Why somebody has not paid, as he said himself, and what each reason does to the next step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import add_days, add_working_days
from tijdig.core.case_messages import CaseMessage, CaseText, Meant
from tijdig.core.facts import Stop
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day, say_who_does

UnpaidReason = Literal["forgot", "not_received", "cannot_pay", "disputes", "says_paid", "other"]


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """The working days that a reason gives, and what we owe the debtor meanwhile.

    `needs_us`: without our part nothing changes, so it is a task. `text` is the message that comes
    instead of the next step, empty for none. `until_done`: said of one invoice it stands until our
    part is done, whatever of another kind is said of all later.
    """

    rest_working_days: int
    needs_us: bool
    name: Sentence
    next_step: Sentence
    text: CaseText | Literal[""] = ""
    until_done: bool = False


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """A reason that stands: who follows it up and by when, and where a copy may go.

    `deadline_on` None is one of the time before reasons had an owner: it gives rest and no more.
    `address` is empty until the debtor confirmed one, and again when that cannot be used any more:
    `confirmed` is the last one that he gave. `key` is the step key of its message, `item_id` what
    it is about (None: all that is open, but not those of which he said something else since).
    """

    kind: str
    said_on: date
    deadline_on: date | None = None
    owner: str = ""
    address: str = ""
    key: str = ""
    item_id: UUID | None = None
    confirmed: str = ""
    but_not: tuple[UUID, ...] = ()

    @property
    def meant(self) -> Meant:
        """The invoices that he can have spoken of."""
        return Meant(self.said_on, self.item_id, self.but_not)


UNPAID_REASONS: Mapping[str, ReasonRule] = {
    "forgot": ReasonRule(
        3,
        False,
        Sentence("vergeten", "forgotten"),
        Sentence(
            "Betaalt hij niet, dan vragen wij het nog één keer vriendelijk.",
            "If he does not pay, we ask once more in a friendly way.",
        ),
        "reminder_again",
    ),
    "not_received": ReasonRule(
        5,
        True,
        Sentence("factuur niet ontvangen", "invoice not received"),
        Sentence(
            "Hij krijgt eerst een kopie, op een adres dat hij bevestigt.",
            "He gets a copy first, at an address that he confirms.",
        ),
        "invoice_again",
        until_done=True,
    ),
    "cannot_pay": ReasonRule(
        10,
        True,
        Sentence("kan niet betalen", "cannot pay"),
        Sentence(
            "Hij krijgt een aanbod voor een regeling. Spreek die met hem af.",
            "He gets an offer of a plan. Agree on one with him.",
        ),
        "plan_offer",
        until_done=True,
    ),
    "disputes": ReasonRule(
        10,
        True,
        Sentence("is het er niet mee eens", "does not agree"),
        Sentence("Leg de betwisting vast.", "Record the dispute."),
    ),
    "says_paid": ReasonRule(
        3,
        True,
        Sentence("zegt te hebben betaald", "says it is paid"),
        Sentence("Zoek de betaling op de bank.", "Look for the payment at the bank."),
        "payment_missing",
    ),
    "other": ReasonRule(
        5, True, Sentence("iets anders", "something else"), Sentence("Neem contact op.", "Call.")
    ),
}


def compute_reason_deadline(kind: str, *, said_on: date) -> date:
    """The last day for our part of a reason, which is the last day of rest that it gives."""
    return add_working_days(said_on, UNPAID_REASONS[kind].rest_working_days)


def make_reason_message(told: ReasonTold) -> CaseMessage | None:
    """What a reason puts in place of the next step; None where it is nothing, or not yet possible.

    A copy and an offer go out at once. Who forgot or paid is asked once more when his days of
    rest are over.
    """
    text = UNPAID_REASONS[told.kind].text
    if not text or told.deadline_on is None or (text == "invoice_again" and not told.address):
        return None
    waits = text in ("reminder_again", "payment_missing")
    return CaseMessage(
        key=told.key,
        text=text,
        from_on=add_days(told.deadline_on, 1) if waits else told.said_on,
        told_on=told.said_on,
        item_id=told.item_id,
        address=told.address,
        but_not=told.but_not,
    )


def find_left_out(told: ReasonTold, others: Iterable[ReasonTold]) -> tuple[UUID, ...]:
    """The invoices that the message after a reason is not about, in order.

    A message about all leaves out those of which he said something else since, and those that he
    did not get, by any of the `others` that he gave: of these he gets the copy. One about a single
    invoice leaves out nothing.
    """
    if told.item_id is not None:
        return ()
    missed = (one.item_id for one in others if one.kind == "not_received")
    return tuple(sorted({*told.but_not, *(one for one in missed if one is not None)}))


def make_reason_stops(told: ReasonTold, *, today: date = date.min) -> tuple[Stop, ...]:
    """A reason as stops: first some days of rest, in which we or the debtor do what it asks.

    Who did not get the invoice gets nothing else until the copy has gone. Who cannot pay gets
    nothing firmer than a reminder until somebody has followed it up. On a day after the deadline
    the sentence says that it is past.
    """
    if told.deadline_on is None:
        return (_rest(told, compute_reason_deadline(told.kind, said_on=told.said_on)),)
    if told.kind == "not_received":
        return (_wait_for_copy(told, today=today),)
    if told.kind == "cannot_pay":
        return (_rest(told, told.deadline_on), _hold_firm(told, today=today))
    return (_rest(told, told.deadline_on),)


def _rest(told: ReasonTold, until_on: date) -> Stop:
    rule = UNPAID_REASONS[told.kind]
    nl, en = say_day(told.said_on, "nl"), say_day(told.said_on, "en")
    by = (f" {told.owner} volgt dit op.", f" {told.owner} follows this up.")
    who = by if told.owner and rule.needs_us else ("", "")
    return Stop(
        f"reason_{told.kind}",
        Sentence(
            f"Niets gedaan: de debiteur gaf op {nl} een reden: {rule.name.nl}. "
            f"{rule.next_step.nl}{who[0]} Wij wachten tot en met {say_day(until_on, 'nl')}.",
            f"Nothing done: on {en} the debtor gave a reason: {rule.name.en}. "
            f"{rule.next_step.en}{who[1]} We wait up to and including {say_day(until_on, 'en')}.",
        ),
        until_on=until_on,
        depth="own",
        meant=told.meant,
    )


def _wait_for_copy(told: ReasonTold, *, today: date) -> Stop:
    day = told.deadline_on or told.said_on
    until = (say_day(day, "nl"), say_day(day, "en"))
    sees = (
        f"{told.owner} zorgt daarvoor, uiterlijk op {until[0]}.",
        f"{told.owner} sees to it by {until[1]}.",
    )
    if today > day:
        sees = (
            f"{told.owner} had daar uiterlijk op {until[0]} voor moeten zorgen.",
            f"{told.owner} should have seen to it by {until[1]}.",
        )
    nl = "Er gaat eerst een kopie naar het adres dat hij bevestigde."
    en = "A copy goes to the address that he confirmed first."
    if not told.address:
        nl = "Vraag hem eerst naar welk adres een kopie mag."
        en = "First ask him to which address a copy may go."
    if told.confirmed and not told.address:
        nl = "Wat hij als adres noemde, werkt niet meer. Vraag hem waar een kopie wel heen mag."
        en = "What he gave as his address works no longer. Ask him where a copy may go instead."
    return Stop(
        f"reason_{told.kind}",
        Sentence(
            f"Niets gedaan: de debiteur zei op {say_day(told.said_on, 'nl')} dat hij de factuur "
            f"niet kreeg. {nl} {sees[0]}",
            f"Nothing done: on {say_day(told.said_on, 'en')} the debtor said that he did not get "
            f"the invoice. {en} {sees[1]}",
        ),
        depth="own",
        ends_with=told.key,
        meant=told.meant,
    )


def _hold_firm(told: ReasonTold, *, today: date) -> Stop:
    day = told.deadline_on or told.said_on
    does = say_who_does(told.owner, day, today=today)
    return Stop(
        f"reason_{told.kind}",
        Sentence(
            f"Niets gedaan: de debiteur zei op {say_day(told.said_on, 'nl')} dat hij niet kan "
            f"betalen. Er gaat geen brief uit tot dit is opgevolgd. {does.nl}",
            f"Nothing done: on {say_day(told.said_on, 'en')} the debtor said that he cannot pay. "
            f"No letter goes out until this was followed up. {does.en}",
        ),
        depth="firm",
        meant=told.meant,
    )
