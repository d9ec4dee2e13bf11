"""What a person decides about a bank line: this one, these, none; and back again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.ahead import Booking
from tijdig.banking.actions.bookings import BY_HAND, book, compute_confirmed, look_at_payers
from tijdig.banking.actions.dividing import divide
from tijdig.banking.actions.matching import propose_again
from tijdig.banking.actions.suggesting import drop_suggestions
from tijdig.banking.models import BankLine, Suggestion
from tijdig.banking.proposals.queries import list_competing, list_waiting
from tijdig.core.matching.records import (
    BY_LAW,
    DESIGNATED,
    Asked,
    Concession,
    Evidence,
    Parts,
    Payment,
    Proposal,
)
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.actions.kept_money import refuse_used
from tijdig.ledger.actions.posting import NewEntry, take_back
from tijdig.ledger.actions.taking_back import return_moved
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Entry
from tijdig.ledger.queries.for_matching import load_items
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_MAY_BE_IGNORED = (BankLine.State.WAITING,)


def accept(
    line_id: UUID,
    suggestion_id: UUID,
    *,
    remember: bool,
    asked: Sequence[Asked],
    designated: bool = False,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Book a proposal as it stands.

    `designated`: the debtor said himself what he pays (BW 6:43 lid 1). Other lines that had
    proposals for the same get fresh ones, with what our messages `asked`. Refuses: a line that
    somebody, or the run, has dealt with; a proposal that changed meanwhile.
    """
    line = take_line(line_id)
    found = Suggestion.objects.filter(id=suggestion_id, line_id=line_id).first()
    if found is None:
        raise Refusal(
            "Dit voorstel is intussen veranderd. Kijk nog een keer en kies opnieuw.",
            "This proposal has changed meanwhile. Look once more and choose again.",
        )
    proposal = Proposal(
        debtor_id=found.debtor_id,
        parts=tuple((UUID(item_id), cents) for item_id, cents in found.parts),
        certainty=found.certainty,
        kind=found.kind,
        evidence=(
            *(Evidence(one["code"], Sentence(one["nl"], one["en"])) for one in found.evidence),
            *_tell_designated(designated),
        ),
        rest_cents=found.rest_cents,
        conceded=tuple((UUID(item_id), why, cents) for item_id, why, cents in found.conceded),
    )
    if BY_LAW in proposal.evidence and not _is_still_law(line, proposal):
        # Something came due or was asked since: costs and interest are to be looked for again.
        evidence = tuple(one for one in proposal.evidence if one != BY_LAW)
        proposal = replace(proposal, evidence=evidence)
    agreed = found.rank == 1
    book_by_hand(
        line, proposal, agreed=agreed, remember=remember, today=today, now=now, actor=actor
    )
    _propose_others(proposal, asked)


def split(
    line_id: UUID,
    parts: Parts,
    *,
    round_off: bool,
    remember: bool,
    asked: Sequence[Asked],
    designated: bool = False,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Book a line on the items that a person chose, with the cents for each.

    What is left over is kept as money of the debtor of the first item. `round_off` closes the last
    item although a few cents are missing. `designated`: the debtor said himself what he pays
    (BW 6:43 lid 1); of each item costs and interest still go first (6:44). Refuses: nothing
    chosen, more than was paid, more than is open on an item.
    """
    line = take_line(line_id)
    payment = load_payment(line)
    chosen = tuple((item_id, cents) for item_id, cents in parts if cents)
    total = sum(cents for _, cents in chosen)
    if not chosen or total <= 0:
        raise Refusal("Kies ten minste één factuur.", "Choose at least one invoice.")
    if total > payment.amount_cents:
        raise Refusal(*_TOO_MUCH)
    items = {one.item_id: one for one in load_items({item_id for item_id, _ in chosen})}
    if len(items) != len(chosen):
        raise Refusal("Een van de facturen is er niet.", "One of the invoices is not there.")
    conceded: tuple[tuple[UUID, Concession, int], ...] = ()
    if round_off:
        last_id, cents = chosen[-1]
        missing = items[last_id].unseen_cents - cents
        conceded = ((last_id, "rounding", missing),) if 0 < missing <= MOST_ROUNDED else ()
    proposal = Proposal(
        debtor_id=items[chosen[0][0]].debtor_id,
        parts=chosen,
        certainty=0,
        kind=BY_HAND,
        evidence=(_tell_by_hand(actor), *_tell_designated(designated)),
        rest_cents=payment.amount_cents - total,
        conceded=conceded,
    )
    top = Suggestion.objects.filter(line_id=line_id, rank=1).first()
    agreed = top is not None and {UUID(one): cents for one, cents in top.parts} == dict(chosen)
    book_by_hand(
        line, proposal, agreed=agreed, remember=remember, today=today, now=now, actor=actor
    )
    _propose_others(proposal, asked)


def split_by_law(
    line_id: UUID,
    debtor_id: UUID,
    *,
    remember: bool,
    asked: Sequence[Asked],
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Book a line on a debtor who named nothing, over what he owes, in the order of the law.

    What no due claim takes is kept as money of the debtor. Refuses: a debtor of whom nothing is
    due, and a line that somebody, or the run, has dealt with. Law: BW 6:43 lid 2, 6:44.
    """
    line = take_line(line_id)
    payment = load_payment(line)
    division = divide(debtor_id, payment)
    if not division.parts:
        raise Refusal(
            "Van deze klant is op die dag niets te betalen. Kies zelf een factuur.",
            "Nothing is due of this customer on that day. Choose an invoice yourself.",
        )
    proposal = Proposal(
        debtor_id=debtor_id,
        parts=division.parts,
        certainty=0,
        kind=BY_HAND,
        evidence=(_tell_by_hand(actor), BY_LAW),
        rest_cents=division.rest_cents,
    )
    top = Suggestion.objects.filter(line_id=line_id, rank=1).first()
    agreed = top is not None and top.debtor_id == debtor_id
    book_by_hand(
        line, proposal, agreed=agreed, remember=remember, today=today, now=now, actor=actor
    )
    _propose_others(proposal, asked)


_TOO_MUCH = (
    "U verdeelt meer dan er is betaald. Verlaag een bedrag.",
    "You divide more than was paid. Lower an amount.",
)
MOST_ROUNDED = 100
"""A person may give up a euro as rounding; more than that is a decision of another kind."""


def ignore(line_id: UUID, *, because: str, today: date, now: datetime, actor: str) -> None:
    """This line pays nothing of ours, or nobody can tell what it undoes. Refuses: no reason."""
    line = take_line(line_id, *_MAY_BE_IGNORED)
    if not because.strip():
        raise Refusal(
            "Schrijf erbij waarom deze regel niets betaalt.", "Write why this line pays nothing."
        )
    payments = [one.payment for one in list_waiting([line.id])]
    said = f"Terzijde gelegd door {actor}: {because.strip()}"
    told = f"Set aside by {actor}: {because.strip()}"
    BankLine.objects.filter(id=line.id).update(
        state=BankLine.State.IGNORED,
        because_nl=said,
        because_en=told,
        match_agreed=False if line.match_certainty is not None else None,
        decided_by=actor,
        decided_at=now,
    )
    drop_suggestions(line.id)
    look_at_payers((), payments)
    details = {"cents": line.cents, "nl": said, "en": told}
    happened = Happened("payment_ignored", "bank_line", line.id, None, details)
    record([happened], today=today, now=now, actor=actor)


def note(line_id: UUID, *, text: str) -> None:
    """Keep a note with a line, whatever became of it."""
    BankLine.objects.filter(id=line_id).update(note=text.strip()[:2000])


def undo(line_id: UUID, *, asked: Sequence[Asked], today: date, now: datetime, actor: str) -> None:
    """Take a match or a setting aside back: ledger, rhythm and learned account are as before it.

    From then on only a person matches this line. What else may have paid the same gets fresh
    proposals. Refuses: a line that is not matched or ignored, one that the bank itself took back,
    one whose rest was used.
    """
    lock_administration()
    line = BankLine.objects.filter(id=line_id).select_for_update().first()
    if line is None or line.state not in {BankLine.State.MATCHED, BankLine.State.IGNORED}:
        raise Refusal(
            "Deze regel is niet gekoppeld. Er valt niets ongedaan te maken.",
            "This line is not matched. There is nothing to undo.",
        )
    if line.undoes_id or BankLine.objects.filter(undoes_id=line.id).exists():
        raise Refusal(
            "De bank heeft deze betaling teruggedraaid. Dat is al verwerkt.",
            "The bank took this payment back. That has been dealt with already.",
        )
    item_ids, debtor_ids = _take_back(line, today=today, now=now)
    was_own = line.decided_by and line.match_agreed is None
    BankLine.objects.filter(id=line.id).update(
        state=BankLine.State.UNMATCHED if line.cents > 0 else BankLine.State.WAITING,
        match_kind="",
        because_nl="",
        because_en="",
        match_round=line.match_round + 2,
        match_agreed=False if was_own and line.match_certainty is not None else line.match_agreed,
        decided_by=actor,
        decided_at=now,
    )
    propose_again({line.id, *list_competing(line.id, item_ids)}, asked)
    look_at_payers([one.payment for one in list_waiting([line.id])], ())
    record(
        [
            Happened(
                "payment_unmatched",
                "bank_line",
                line.id,
                debtor_id,
                {"cents": line.cents, "booked_on": line.booked_on},
            )
            for debtor_id in debtor_ids
        ],
        today=today,
        now=now,
        actor=actor,
    )


def _is_still_law(line: BankLine, proposal: Proposal) -> bool:
    return divide(proposal.debtor_id, load_payment(line)).parts == proposal.parts


def _tell_by_hand(actor: str) -> Evidence:
    said = Sentence(f"Met de hand gekoppeld door {actor}.", f"Matched by hand by {actor}.")
    return Evidence(BY_HAND, said)


def _tell_designated(designated: bool) -> tuple[Evidence, ...]:
    return (DESIGNATED,) if designated else ()


def take_line(line_id: UUID, *states: str) -> BankLine:
    """The line, locked, where it waits for a match or is in one of these states.

    Whoever comes second hears who was first.
    """
    lock_administration()
    line = BankLine.objects.filter(id=line_id).select_for_update().first()
    if line is not None and line.state in {BankLine.State.UNMATCHED, *states}:
        return line
    who = line.decided_by if line else ""
    raise Refusal(
        f"Al verwerkt{f' door {who}' if who else ''}. Er is niets veranderd.",
        f"Already dealt with{f' by {who}' if who else ''}. Nothing was changed.",
    )


def load_payment(line: BankLine) -> Payment:
    """A line that waits as matching sees it."""
    return list_waiting([line.id])[0].payment


def book_by_hand(
    line: BankLine,
    proposal: Proposal,
    *,
    agreed: bool,
    remember: bool,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """The booking, after a look at what is open now."""
    given = dict(proposal.parts)
    for item_id, _, cents in proposal.conceded:
        given[item_id] = given.get(item_id, 0) + cents
    items = {one.item_id: one for one in load_items(set(given))}
    for item_id, cents in given.items():
        open_cents = items[item_id].unseen_cents
        if abs(cents) > abs(open_cents) or cents * open_cents < 0:
            raise Refusal(
                f"Op {items[item_id].number} staat intussen minder open. Kijk nog een keer.",
                f"Less is open on {items[item_id].number} by now. Look once more.",
            )
    booking = Booking(
        load_payment(line),
        proposal,
        frozenset({proposal.debtor_id, *(one.debtor_id for one in items.values())}),
        {item_id: compute_confirmed(items[item_id], cents) for item_id, cents in given.items()},
        match_round=line.match_round,
        certainty=line.match_certainty,
        for_person=line.match_for_person,
        agreed=agreed if line.match_certainty is not None else None,
        learns=remember,
    )
    book([booking], today=today, now=now, actor=actor)
    drop_suggestions(line.id)
    look_at_payers((), [booking.payment])


def _propose_others(chosen: Proposal, asked: Sequence[Asked]) -> None:
    """Fresh proposals for the other lines that may have paid what is paid now."""
    item_ids = {item_id for item_id, _ in chosen.parts}
    paid = {*map(str, item_ids)}
    told = Suggestion.objects.filter(
        debtor_id__in={one.debtor_id for one in load_item_owners(item_ids)}
    ).values_list("line_id", "parts")
    others = {line_id for line_id, parts in told if paid & {item_id for item_id, _ in parts}}
    if others:
        propose_again(others, asked)


def _take_back(line: BankLine, *, today: date, now: datetime) -> tuple[frozenset[UUID], list[UUID]]:
    """The opposite of every entry of this match; the items and the debtors concerned."""
    made = Entry.objects.filter(
        source_kind="bank_line", source_id=line.id, source_round=line.match_round
    )
    opposite: dict[tuple[UUID, str], int] = {}
    for entry in made.order_by("id"):
        kind = entry.kind if entry.kind in {"set_off", "settled_in_books"} else "reversed"
        key = (entry.open_item_id, kind)
        opposite[key] = opposite.get(key, 0) - entry.cents
    entries = [
        NewEntry(item_id, kind, cents, today, "bank_line", line.id, line.match_round + 1)
        for (item_id, kind), cents in opposite.items()
        if cents
    ]
    refuse_used(line.id, entries)
    entries += return_moved(entries, paid_by={line.id: line.id})
    take_back(entries, today=today, now=now)
    item_ids = frozenset(
        {item_id for item_id, _ in opposite} | {one.open_item_id for one in entries}
    )
    debtor_ids = sorted({one.debtor_id for one in load_item_owners(item_ids)})
    _forget_iban(line)
    return item_ids, debtor_ids


def _forget_iban(line: BankLine) -> None:
    """The account that this match taught is known no longer, unless another match shows it too."""
    learned = DebtorIban.objects.filter(line_id=line.id)
    for known in learned:
        other = execute(
            "SELECT line.id FROM tijdig_bankline line JOIN tijdig_entry entry"
            "  ON entry.administration_id = line.administration_id"
            " AND entry.source_kind = 'bank_line' AND entry.source_id = line.id "
            "JOIN tijdig_openitem item"
            "  ON item.administration_id = line.administration_id AND item.id = entry.open_item_id "
            "WHERE line.administration_id = %s AND line.counter_iban = %s AND line.id <> %s"
            "  AND line.state = 'matched' AND item.debtor_id = %s LIMIT 1",
            [active_administration(), known.iban, line.id, known.debtor_id],
        ).fetchone()
        if other:
            DebtorIban.objects.filter(id=known.id).update(line_id=other[0])
        else:
            known.delete()
