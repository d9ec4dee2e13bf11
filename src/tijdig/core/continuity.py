"""Whether the statements of an account follow on each other: no day and no cent is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import format_day
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence

GapKind = Literal["balance", "opening", "sequence"]
_STEADY_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A booked statement: its days, balances (None where it names none), and running number.

    `adds_up` is None where that cannot be checked: a balance is missing, or with both balances
    there an amount is in another currency.
    """

    statement_id: UUID
    from_on: date | None
    until_on: date | None
    opening_cents: int | None
    closing_cents: int | None
    adds_up: bool | None
    sequence: str


@dataclass(frozen=True, slots=True)
class StatementGap:
    """Why a statement holds its account, in words."""

    statement_id: UUID
    kind: GapKind
    because: Sentence


def find_gaps(
    statements: Sequence[StatementFacts], booked_cents: Mapping[date, int]
) -> tuple[StatementGap, ...]:
    """The statements of one account that do not add up, or do not follow on what came before.

    A statement follows on another whose closing balance is its opening balance; one that overlaps
    another follows on it where that one's closing balance and the lines booked after it make its
    own closing balance. `booked_cents` is what is booked on each day. The first statement follows
    on nothing. Where balances are missing the running numbers decide, as they do where they have
    counted steadily so far.
    """
    known = sorted(
        (one for one in statements if one.from_on and one.until_on),
        key=lambda one: (one.from_on or date.min, one.until_on or date.min, one.sequence),
    )
    jumps = [_find_sequence_gap(known, at) for at in range(1, len(known))]
    wrong = [_does_not_add_up(one) for one in statements if one.adds_up is False]
    wrong += [_has_other_currency(one) for one in statements if _is_mixed(one)]
    found = {one.statement_id: one for one in (*jumps, *wrong) if one is not None}
    closed: defaultdict[int | None, list[StatementFacts]] = defaultdict(list)
    for one in known:
        closed[one.closing_cents].append(one)
    for one in known:
        if one.statement_id in found or _continues(one, closed[one.opening_cents]):
            continue
        if not _follows(one, known, booked_cents):
            found[one.statement_id] = _does_not_follow(one, known)
    return tuple(found.values())


def number_of(sequence: str) -> tuple[int, int]:
    """The running number of a statement and of its page: `61/2` is (61, 2); 0 where none is."""
    number, _, page = sequence.partition("/")
    return _read_number(number), _read_number(page)


def _continues(one: StatementFacts, closed_there: Sequence[StatementFacts]) -> bool:
    """Whether one that began no later ended with the balance that this one begins with."""
    return any(
        other.statement_id != one.statement_id and _starts(other) <= _starts(one)
        for other in closed_there
    )


def _follows(
    one: StatementFacts, known: Sequence[StatementFacts], booked_cents: Mapping[date, int]
) -> bool:
    if one.opening_cents is None or one.closing_cents is None:
        return True
    before = [other for other in known if _starts(other) < _starts(one)]
    for other in before:
        if _ends(other) >= _ends(one):
            return True
        if _ends(other) >= _starts(one) and other.closing_cents is not None:
            since = sum(
                cents for on, cents in booked_cents.items() if _ends(other) < on <= _ends(one)
            )
            if other.closing_cents + since == one.closing_cents:
                return True
    # The first follows on nothing, nor do the others that begin on its day.
    return all(other.closing_cents is None for other in before)


def _find_sequence_gap(known: Sequence[StatementFacts], at: int) -> StatementGap | None:
    """A running number that jumps: between statements without balances, or after steady steps."""
    one, last = known[at], known[at - 1]
    jump = _step(last, one)
    if jump is None or jump < 2:
        return None
    blind = one.opening_cents is None or last.closing_cents is None
    if not blind and not _counted_steadily(known[:at], jump, one):
        return None
    number = _number(last)
    missing = f"{number + 1}" if jump == 2 else f"{number + 1}-{number + jump - 1}"
    return StatementGap(
        one.statement_id,
        "sequence",
        Sentence(
            f"Tussen afschrift {number} en {number + jump} ontbreekt {missing}. Lees dat in, of"
            " accepteer dat het er niet is.",
            f"Between statement {number} and {number + jump}, {missing} is missing. Import it, or"
            " accept that it is not there.",
        ),
    )


def _counted_steadily(known: Sequence[StatementFacts], jump: int, one: StatementFacts) -> bool:
    """Whether the numbers went up by one each time, and do not just count days."""
    steady = all(_step(a, b) == 1 for a, b in pairwise(known))
    if not steady or len(known) <= _STEADY_AT_LEAST:
        return False
    return (_starts(one) - _starts(known[-1])).days != jump


def _step(a: StatementFacts, b: StatementFacts) -> int | None:
    """From one running number to the next within a year; None where there is none."""
    if _starts(a).year != _starts(b).year or not _number(a) or not _number(b):
        return None
    return _number(b) - _number(a)


def _number(one: StatementFacts) -> int:
    return number_of(one.sequence)[0]


def _read_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _starts(one: StatementFacts) -> date:
    return one.from_on or date.min


def _ends(one: StatementFacts) -> date:
    return one.until_on or date.min


def _does_not_add_up(one: StatementFacts) -> StatementGap:
    on = one.until_on or one.from_on
    if one.opening_cents is None or one.closing_cents is None:
        return _lacks_balance(one, on)
    nl, en = _say_of_day(on)
    return StatementGap(
        one.statement_id,
        "balance",
        Sentence(
            f"Het afschrift{nl} klopt niet: het beginsaldo plus de regels is niet het eindsaldo."
            " Lees het opnieuw in, of accepteer het zoals het is.",
            f"The statement{en} does not add up: opening balance plus lines is not the closing"
            " balance. Import it again, or accept it as it is.",
        ),
    )


def _is_mixed(one: StatementFacts) -> bool:
    return one.adds_up is None and None not in (one.opening_cents, one.closing_cents)


def _has_other_currency(one: StatementFacts) -> StatementGap:
    nl, en = _say_of_day(one.until_on or one.from_on)
    return StatementGap(
        one.statement_id,
        "balance",
        Sentence(
            f"Het afschrift{nl} is niet te controleren: het bevat een bedrag in een andere munt dan"
            " die van de rekening. Kijk het na en accepteer het zoals het is.",
            f"The statement{en} cannot be checked: it holds an amount in another currency than the"
            " account's. Look at it, and accept it as it is.",
        ),
    )


def _say_of_day(on: date | None) -> tuple[str, str]:
    return (f" van {format_day(on, 'nl')}", f" of {format_day(on, 'en')}") if on else ("", "")


def _lacks_balance(one: StatementFacts, on: date | None) -> StatementGap:
    nl, en = _say_of_day(on)
    return StatementGap(
        one.statement_id,
        "balance",
        Sentence(
            f"Het afschrift{nl} heeft geen leesbaar begin- of eindsaldo: misschien is het"
            " afgebroken. Lees het opnieuw in, of accepteer het zoals het is.",
            f"The statement{en} has no readable opening or closing balance: it may be broken off."
            " Import it again, or accept it as it is.",
        ),
    )


def _does_not_follow(one: StatementFacts, known: Sequence[StatementFacts]) -> StatementGap:
    before = [other for other in known if _ends(other) <= _starts(one) and other != one]
    last = max(before, key=_ends, default=None)
    opening = format_euros(one.opening_cents or 0)
    nl, en = format_day(_starts(one), "nl"), format_day(_starts(one), "en")
    last_nl = last_en = ""
    if last is not None and last.closing_cents is not None:
        closing = format_euros(last.closing_cents)
        last_nl = f", en het vorige eindigde op {format_day(_ends(last), 'nl')} met {closing}"
        last_en = f", and the one before ended on {format_day(_ends(last), 'en')} with {closing}"
    return StatementGap(
        one.statement_id,
        "opening",
        Sentence(
            f"Het afschrift van {nl} begint met {opening}{last_nl}. Lees het ontbrekende afschrift"
            " in, of accepteer het gat.",
            f"The statement of {en} begins with {opening}{last_en}. Import the statement that is"
            " missing, or accept the gap.",
        ),
    )
