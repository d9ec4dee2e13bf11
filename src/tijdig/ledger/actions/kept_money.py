"""How money that was kept for a debtor ends: paid back to him, or set off in the books."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from tijdig.core.money import format_euros
from tijdig.core.problem import Refusal, Sentence, end_once
from tijdig.ledger.actions.posting import NewEntry, lock_debtors, post, take_back
from tijdig.ledger.models import Entry, OpenItem
from tijdig.ledger.queries.book_lists import find_lists_as_of
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.ledger.queries.kept_money import (
    ENDED_BY_PERSON,
    KeptMoney,
    KeptMoneyEnd,
    find_kept_money,
    list_ends,
)
from tijdig.tenants.ids import new_id
from tijdig.timeline.actions import Happened, record

Way = Literal["refunded", "settled_in_books"]
_SAID: Mapping[str, Sentence] = {
    "refunded": Sentence("terugbetaald aan de klant", "paid back to the customer"),
    "settled_in_books": Sentence("verrekend in de boeken", "set off in the books"),
}
# An entry of a refund is never negative, so that undoing one puts the money back as paid.
_BACK: Mapping[str, str] = {"refunded": "paid", "settled_in_books": "settled_in_books"}


def end(
    item_id: UUID,
    *,
    way: Way,
    cents: int,
    on: date,
    end_id: UUID | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> UUID:
    """The id of what was done with this much of it: it is the debtor's money with us no longer.

    Paid back, it went to him; set off in the books, an invoice that the books call settled has it.
    Either way the next message deducts it no more. With `end_id` told twice it is done once.
    Refuses: money that is not there, more than is left, a day before it came in or that has not
    come yet, an `end_id` of something else; set off, where lists of open items come in, a day of
    which no later list has come: until then the invoice that has it still looks open.
    """
    kept = _lock(item_id)
    if end_id is not None and _is_done(item_id, end_id, way=way, cents=cents, on=on):
        return end_id
    if way not in _SAID:
        raise Refusal(
            "Kies: terugbetaald, of verrekend in de boeken.",
            "Choose: paid back, or set off in the books.",
        )
    if not 0 < cents <= kept.left_cents:
        left = format_euros(max(kept.left_cents, 0))
        raise Refusal(
            f"Er is nog {left} van dit tegoed over. Vul een bedrag tot daar in.",
            f"{left} of this money is left. Fill in an amount up to that.",
        )
    if not kept.received_on <= on <= today:
        raise Refusal(
            f"Kies een dag van {kept.received_on:%d-%m-%Y} tot en met vandaag.",
            f"Choose a day from {kept.received_on:%d-%m-%Y} up to today.",
        )
    if way == "settled_in_books":
        _refuse_before_list(on)
    done = end_id or new_id()
    post([NewEntry(item_id, way, cents, on, ENDED_BY_PERSON, done)], today=today, now=now)
    _tell(f"kept_money_{way}", kept, cents, _SAID[way], today=today, now=now, actor=actor)
    return done


def undo(item_id: UUID, end_id: UUID, *, today: date, now: datetime, actor: str) -> None:
    """It was not so: the money is the debtor's with us again.

    Refuses: what is not there, or was undone already.
    """
    kept = _lock(item_id)
    found = next((one for one in list_ends(item_id) if one.id == end_id), None)
    if found is None or found.is_undone:
        raise Refusal(
            "Dit is al ongedaan gemaakt. Ververs de pagina.",
            "This was undone already. Reload the page.",
        )
    entry = NewEntry(
        item_id, _BACK[found.kind], -found.cents, today, ENDED_BY_PERSON, end_id, source_round=1
    )
    take_back([entry], today=today, now=now)
    was = _SAID[found.kind]
    said = Sentence(f"toch niet {was.nl}", f"not {was.en} after all")
    _tell("kept_money_again", kept, found.cents, said, today=today, now=now, actor=actor)


def refuse_used(line_id: UUID, undone: Sequence[NewEntry]) -> None:
    """Nothing where the money that a payment left over is still there, whole.

    `undone` are the entries that undo the payment, not posted yet. Refuses: money that was paid
    back, or set off, with what is to be undone first.
    """
    coming: Counter[UUID] = Counter()
    for one in undone:
        coming[one.open_item_id] += one.cents
    kept = OpenItem.Kind.UNAPPLIED
    owners = {one.item_id: one.debtor_id for one in load_item_owners(coming) if one.kind == kept}
    lock_debtors(owners.values())
    for item_id in owners:
        left = find_kept_money(item_id)
        if left is None or coming[item_id] <= left.left_cents:
            continue
        ends = [one for one in list_ends(item_id) if not one.is_undone]
        raise _refuse_ended(left, ends[-1]) if ends else _refuse_set_off(item_id, line_id)


def _lock(item_id: UUID) -> KeptMoney:
    debtor_id = OpenItem.objects.filter(id=item_id).values_list("debtor_id", flat=True).first()
    lock_debtors([debtor_id] if debtor_id else [])
    kept = find_kept_money(item_id)
    if kept is None:
        raise Refusal(
            "Dit tegoed is er niet. Ververs de pagina.",
            "This money is not there. Reload the page.",
        )
    return kept


def _refuse_before_list(on: date) -> None:
    listed_on = find_lists_as_of()
    if listed_on is None or listed_on > on:
        return
    raise Refusal(
        f"De laatste lijst van openstaande posten is van {listed_on:%d-%m-%Y}. Wat u op "
        f"{on:%d-%m-%Y} verrekende, staat daar nog niet in. Breng eerst een lijst van een latere "
        "dag binnen. Tot dan gaat dit tegoed af van wat wij vragen. Verrekende u het al voor de "
        "laatste lijst, vul dan die dag in.",
        f"The last list of open items is of {listed_on:%d-%m-%Y}. What you set off on "
        f"{on:%d-%m-%Y} is not in it yet. Bring in a list of a later day first. Until then this "
        "money is deducted from what we ask. If you set it off before the last list, fill in that "
        "day.",
    )


def _is_done(item_id: UUID, end_id: UUID, *, way: Way, cents: int, on: date) -> bool:
    """Whether this very end was recorded already. Refuses: another one under its id."""
    found = next((one for one in list_ends(item_id) if one.id == end_id), None)
    if found is None:
        return False
    if found != KeptMoneyEnd(end_id, way, cents, on, is_undone=False):
        raise Refusal(
            "Dit formulier is al gebruikt. Kijk wat er nog over is en vul het opnieuw in.",
            "This form was used already. See what is left and fill it in again.",
        )
    return True


def _refuse_ended(kept: KeptMoney, last: KeptMoneyEnd) -> Refusal:
    amount, was = format_euros(last.cents), _SAID[last.kind]
    nl = (
        f"Van dit geld is {amount} {was.nl}, op {last.on:%d-%m-%Y}. Maak dat eerst ongedaan, bij "
        f"het tegoed van {kept.debtor_name}."
    )
    en = (
        f"{amount} of this money was {was.en}, on {last.on:%d-%m-%Y}. Undo that first, at the kept "
        f"money of {kept.debtor_name}."
    )
    return Refusal(end_once(nl), end_once(en))


def _refuse_set_off(item_id: UUID, line_id: UUID) -> Refusal:
    """Another payment was booked together with it."""
    others = Entry.objects.filter(open_item_id=item_id).exclude(source_id=line_id)
    on = others.order_by("-recorded_at").values_list("on", flat=True).first()
    day = f"{on:%d-%m-%Y}" if on else ""
    return Refusal(
        f"Dit geld is al gebruikt bij een andere betaling, van {day}. Maak die koppeling eerst "
        "ongedaan.",
        f"This money was used with another payment already, of {day}. Undo that match first.",
    )


def _tell(
    kind: str,
    kept: KeptMoney,
    cents: int,
    said: Sentence,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    amount = format_euros(cents)
    details = {"nl": f"{amount} {said.nl}.", "en": f"{amount} {said.en}.", "cents": cents}
    happened = Happened(kind, ENDED_BY_PERSON, kept.item_id, kept.debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
