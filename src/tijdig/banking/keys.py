"""What makes a bank line the same line in every file that states it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from tijdig.banking.records import BankLineRecord, StatementRecord

_NOT_PROVIDED = {"NOTPROVIDED", "NOT PROVIDED"}


def statement_keys(statements: Sequence[StatementRecord]) -> tuple[tuple[str, ...], ...]:
    """The keys of the booked lines of each statement of one file, in the order given.

    A statement with balances is counted by itself: they tell where it stands among the others, in
    this file or another one (`actions/chains.py`). In those without, equal lines are counted on
    from what stands before them of that account: where a day is spread over two of them, the equal
    payment in the second is a further one.
    """
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    keys = []
    for one in statements:
        own = Counter[str]() if _has_balances(one) else seen[one.iban]
        keys.append(_list_keys(booked_lines(one), one.iban, own))
        seen[one.iban] |= own
    return tuple(keys)


def _has_balances(statement: StatementRecord) -> bool:
    return statement.opening_cents is not None and statement.closing_cents is not None


def booked_lines(statement: StatementRecord) -> Iterator[BankLineRecord]:
    """The lines of a statement that are more than an announcement, as they are read."""
    return (line for line in statement.lines if not line.is_pending)


def content_of(key: str) -> str:
    """What equal lines of one day share: the key without its occurrence."""
    return key.rpartition("-")[0]


def shift_keys(keys: Sequence[str], offsets: Mapping[str, int]) -> tuple[str, ...]:
    """The keys of lines that come on top of equal ones: `offsets` says how many, by content."""
    if not offsets:
        return tuple(keys)
    shifted = []
    for key in keys:
        content, _, occurrence = key.rpartition("-")
        shifted.append(f"{content}-{int(occurrence) + offsets.get(content, 0)}")
    return tuple(shifted)


def detail_key(key: str) -> str:
    """The key under which a payment of a notification is kept, beside the booking it is of."""
    return f"d-{key}"


def respell_keys(
    lines: Iterable[BankLineRecord], keys: Iterable[str], *, iban: str
) -> tuple[str, ...]:
    """The keys that these lines have in a file that names their account this way."""
    return tuple(
        f"{_hash_content(line, iban)}-{key.rpartition('-')[2]}"
        for line, key in zip(lines, keys, strict=True)
    )


def line_keys(lines: Sequence[BankLineRecord], *, iban: str) -> tuple[str, ...]:
    """One key per line, in the order given: a hash of what was booked, and which one it is.

    The second of two equal lines on one booking day ends in "-2": two genuine equal payments
    stay two, while the same file, or one that overlaps by whole days, gives the same keys again.
    Counting starts anew in every call. Which of two equal lines comes first does not matter: they
    are equal.

    The bank's own reference takes no part. Banks repeat it over the details of a batch, use it
    again in another year, and leave it out of a later export of the same day; the name of the
    other party stays out too, as banks write it differently per format. White space and capitals
    in texts do not count, so that a line wrapped elsewhere is the same line.
    """
    return _list_keys(lines, iban, Counter())


def _list_keys(lines: Iterable[BankLineRecord], iban: str, seen: Counter[str]) -> tuple[str, ...]:
    """Their keys, after those that were `seen` before."""
    keys: list[str] = []
    for line in lines:
        content = _hash_content(line, iban)
        seen[content] += 1
        keys.append(f"{content}-{seen[content]}")
    return tuple(keys)


def _hash_content(line: BankLineRecord, iban: str) -> str:
    end_to_end_id = line.end_to_end_id.strip()
    parts = (
        _squeeze(iban),
        line.booked_on.isoformat(),
        str(line.amount_cents),
        line.currency,
        _squeeze(line.counter_iban),
        _squeeze(line.text),
        _squeeze(line.reference),
        "" if end_to_end_id.upper() in _NOT_PROVIDED else _squeeze(end_to_end_id),
    )
    # The separator cannot stand in a part: it is white space to `split`.
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _squeeze(text: str) -> str:
    return "".join(text.split()).upper()
