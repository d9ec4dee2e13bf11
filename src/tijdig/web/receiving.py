"""Take files in, whatever they are: recognised by what is in them, never by their name."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from tijdig.banking.actions.batches import fill_batches
from tijdig.banking.actions.continuity import check_accounts
from tijdig.banking.actions.debit_answers import take_answers
from tijdig.banking.actions.debit_settling import keep_own_details, settle_collections
from tijdig.banking.actions.matching import MatchCounts, match_unmatched, point_pending
from tijdig.banking.actions.placing import place_told
from tijdig.banking.actions.reversals import leave_own_back, undo_reversed
from tijdig.banking.actions.statements import TakenIn, take_in
from tijdig.banking.debit_records import StatusFile
from tijdig.banking.formats import archives, pain002
from tijdig.banking.formats.table import BankFormat, find_format
from tijdig.banking.queries import LineCounts, count_lines, sum_counts
from tijdig.banking.records import BankLineRecord, StatementFile
from tijdig.cases.actions.disputes import settle_credited
from tijdig.cases.queries.asked import list_asked
from tijdig.core.problem import Problem, Sentence
from tijdig.dunning.actions.waiting_payments import rest_until_matched
from tijdig.dunning.queries.kept_word import list_whose_word
from tijdig.intake.actions.imports import (
    Offered,
    Outcome,
    find_earlier,
    keep,
    remember_source,
)
from tijdig.intake.actions.invoices import receive_invoices
from tijdig.intake.formats import mandates, open_items, ubl
from tijdig.intake.formats.columns import Mapping, source_key
from tijdig.intake.mappings import find_mapping
from tijdig.intake.records import InvoiceFile, MandateFile
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.failpoints import fp
from tijdig.tenants.ids import new_id
from tijdig.tenants.spool import Spool
from tijdig.web.accepted_files import say_accepted
from tijdig.web.receiving_mandates import receive_mandates

HEAD_BYTES = 4096
PIECE_BYTES = 65_536
# The place of a problem that is of no part of a file.
WHOLE_FILE = "bestand"


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came to the door; `unreadable` says why there is no content, if so, and where.

    A `mapping` says how the columns of a list are to be read, where the user corrected that. A
    file with a `path` is read from there, a statement piece by piece; `content` is then empty. Of
    a list that `is_current` a person said that it is of today, also where it came before.
    """

    name: str
    content: bytes = field(repr=False)
    unreadable: Problem | None = None
    mapping: Mapping | None = None
    path: Path | None = None
    is_current: bool = False

    def read_head(self) -> bytes:
        """What it begins with: enough to know its format."""
        if self.path is None:
            return self.content[:HEAD_BYTES]
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    def read_whole(self) -> bytes:
        """All of it."""
        return self.content if self.path is None else self.path.read_bytes()

    def iterate(self) -> Iterator[bytes]:
        """All of it in pieces."""
        if self.path is None:
            yield self.content
            return
        with self.path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of every file, in order, and how many payments could be matched since."""

    files: tuple[Outcome, ...]
    balances: tuple[bool | None, ...]
    matched: int = 0
    unmatched: int = 0
    proposed: int = 0
    line_counts: tuple[LineCounts | None, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, each with the name of its file."""
        return tuple(
            replace(problem, file=one.name) for one in self.files for problem in one.problems
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing was refused."""
        return not any(problem.severity == "refused" for problem in self.problems)


_Parsed = tuple[Offered, InvoiceFile | StatementFile | StatusFile | MandateFile]


def receive(files: Sequence[Received], *, today: date, now: datetime, actor: str) -> Receipt:
    """Take files in, in the caller's transaction; then match payments with invoices.

    What becomes of a file does not depend on the order, nor on any name; the receipt has the order
    of `files`, with the files in a zip in the place of the zip.
    """
    files = [one for file in files for one in _unpack(file)]
    invoices, statements, answers, signed = _sort_out(files)
    received = receive_invoices(
        [(offered, file) for _, offered, file in invoices], today=today, now=now, actor=actor
    )
    if any(one.new or one.changed for one in received):
        settle_credited(today=today, now=now, actor=actor)
    outcomes = {at: one for (at, _, _), one in zip(invoices, received, strict=True)}
    outcomes |= receive_mandates(signed, today=today, now=now, actor=actor)
    outcomes |= _receive_answers(answers, today=today, now=now, actor=actor)
    stored, brought = _store_statements(statements, today=today, now=now, actor=actor)
    outcomes |= stored
    told = place_told() if brought else ()
    counts = settle([*brought.values(), *told], today=today, now=now, actor=actor)
    order = range(len(files))
    return Receipt(
        tuple(outcomes[at] for at in order),
        tuple(brought[at].balances_ok if at in brought else None for at in order),
        counts.matched,
        counts.unmatched,
        counts.proposed,
        _count_lines(brought, len(files)),
    )


_Invoices = list[tuple[int, Offered, InvoiceFile]]
_Statements = list[tuple[int, Offered, StatementFile]]
_Answers = list[tuple[int, Offered, StatusFile]]
_Signed = list[tuple[int, Offered, MandateFile]]


def _sort_out(files: Sequence[Received]) -> tuple[_Invoices, _Statements, _Answers, _Signed]:
    """Every file as it was read, by what is in it, with its place among the others."""
    invoices: _Invoices = []
    statements: _Statements = []
    answers: _Answers = []
    signed: _Signed = []
    for at, (offered, file) in enumerate(map(_parse, files)):
        if isinstance(file, StatementFile):
            statements.append((at, offered, file))
        elif isinstance(file, StatusFile):
            answers.append((at, offered, file))
        elif isinstance(file, MandateFile):
            signed.append((at, offered, file))
        else:
            invoices.append((at, offered, file))
    return invoices, statements, answers, signed


def _store_statements(
    statements: _Statements, *, today: date, now: datetime, actor: str
) -> tuple[dict[int, Outcome], dict[int, TakenIn]]:
    """What became of each statement file, the oldest first; its lines are let go once stored."""
    outcomes: dict[int, Outcome] = {}
    brought: dict[int, TakenIn] = {}
    if len(statements) > 1:
        statements.sort(key=lambda one: _rank(*one[1:]), reverse=True)
    while statements:
        at, offered, file = statements.pop()
        outcomes[at], brought[at] = _receive_statements(
            offered, file, today=today, now=now, actor=actor
        )
    return outcomes, brought


def settle(brought: Sequence[TakenIn], *, today: date, now: datetime, actor: str) -> MatchCounts:
    """Match what waits, undo what was taken back, and find our collections in what came."""
    accounts = {one for taken in brought for one in taken.account_ids}
    statement_ids = {one for taken in brought for one in taken.statement_ids}
    if accounts:
        keep_own_details(accounts, now=now)
        statement_ids |= fill_batches(accounts, today=today, now=now, actor=actor)
        check_accounts(accounts, today=today, now=now, actor=actor)
        leave_own_back(accounts)
    fp("import.stored")
    rest_until_matched(today=today)
    asked = list_asked()
    counts = match_unmatched(asked=asked, today=today, now=now, actor=actor)
    if accounts:
        undone = undo_reversed(today=today, now=now, actor=actor)
        if undone and counts.unmatched:
            # What is open again may have been paid anew by something that came in since.
            again = match_unmatched(asked=asked, today=today, now=now, actor=actor)
            counts = again._replace(matched=counts.matched + again.matched)
        settle_collections(statement_ids, today=today, now=now, actor=actor)
        touch_debtors(list_whose_word(statement_ids))
        point_pending(asked)
    fp("import.matched")
    return counts


def _count_lines(brought: dict[int, TakenIn], files: int) -> tuple[LineCounts | None, ...]:
    """How the lines stand that each file brought; None for a file without statements."""
    ids = [one for taken in brought.values() for one in taken.statement_ids]
    found = count_lines(ids) if ids else {}
    return tuple(
        sum_counts(found[one] for one in brought[at].statement_ids if one in found)
        if at in brought
        else None
        for at in range(files)
    )


def _rank(offered: Offered, file: StatementFile) -> tuple[date, str]:
    """The oldest statement first: where two overlap, the lines are new in the first of them."""
    days = [line.booked_on for statement in file.statements for line in statement.lines]
    return min(days, default=date.max), offered.content_hash


def _unpack(received: Received) -> list[Received]:
    """The files in a zip, each as if it had come alone; any other file itself."""
    try:
        return _open_archive(received)
    except OSError as error:
        return [Received(received.name, b"", say_unreadable(error))]


def say_unreadable(error: OSError) -> Problem:
    """Why a file cannot be read, also one that was there a moment ago."""
    reason = error.strerror or str(error)
    return Problem(
        WHOLE_FILE,
        Sentence(
            f"Dit bestand is niet te lezen ({reason}). Controleer de rechten en het pad.",
            f"This file cannot be read ({reason}). Check the rights and the path.",
        ),
    )


def _open_archive(received: Received) -> list[Received]:
    if not archives.recognise(received.read_head()):
        return [received]
    content = received.read_whole()
    if archives.is_workbook(content):
        return [received]
    found = archives.unpack(content)
    if isinstance(found, Problem):
        return [Received(received.name, b"", found)]
    return [
        Received(f"{received.name}/{name}", inner, is_current=received.is_current)
        for name, inner in found
    ]


def _parse(received: Received) -> _Parsed:
    """The file as its own parser reads it; one that nobody knows is refused as a whole."""
    try:
        return _parse_known(received)
    except OSError as error:
        return _parse_known(Received(received.name, b"", say_unreadable(error)))


def _parse_known(received: Received) -> _Parsed:
    head = received.read_head()
    is_known_otherwise = ubl.recognise(head) or pain002.recognise(head)
    bank_format = None if is_known_otherwise else find_format(head)
    if bank_format is not None:
        return _parse_statements(received, bank_format)
    if received.path is not None:
        received = replace(received, content=received.read_whole(), path=None)
    offered = Offered(received.name, hashlib.sha256(received.content).hexdigest())
    if ubl.recognise(head):
        return offered, ubl.parse(received.content, name=received.name)
    if pain002.recognise(head):
        return offered, pain002.parse(received.content, name=received.name)
    if open_items.recognise(head):
        is_current = replace(offered, is_current=received.is_current)
        return is_current, _parse_list(received)
    return offered, InvoiceFile("unknown", (), (_unknown(received),))


def _parse_statements(received: Received, bank_format: BankFormat) -> _Parsed:
    """A bank file, read and its content known in one pass; many lines wait on disk."""
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for piece in received.iterate():
            digest.update(piece)
            yield piece

    told = pieces()
    file = bank_format.read(told, name=received.name, lines=Spool(BankLineRecord))
    for _ in told:  # what a parser that refuses the file has left
        pass
    return Offered(received.name, digest.hexdigest()), file


def _parse_list(received: Received) -> InvoiceFile | MandateFile:
    """A list, read with the columns given now, else with those of the last file of this shape."""
    headers = open_items.parse_headers(received.content)
    if mandates.recognise(headers):
        return mandates.parse(received.content, name=received.name)
    key = source_key(headers)
    mapping = received.mapping
    if mapping is None:
        stored = find_mapping(key)
        mapping = Mapping.from_dict(stored) if stored else None
    file = open_items.parse(received.content, name=received.name, mapping=mapping)
    if mapping is not None and file.records:
        remember_source(
            key, file_format=file.format, full_list=file.full_list, mapping=mapping.as_dict()
        )
    return file


def _receive_statements(
    offered: Offered, file: StatementFile, *, today: date, now: datetime, actor: str
) -> tuple[Outcome, TakenIn]:
    lock_administration()
    earlier = find_earlier([offered]).get(offered.content_hash)
    outcome = Outcome(offered.name, file.format, new_id())
    outcome.already_on = earlier.already_on if earlier else None
    outcome.problems.extend(file.problems)
    outcome.rejected = sum(problem.severity == "refused" for problem in file.problems)
    taken = take_in(file, import_id=outcome.import_id, now=now)
    outcome.statements, outcome.lines = taken.statements, taken.lines
    outcome.new_lines = taken.new_lines
    outcome.problems.extend(taken.problems)
    keep([(offered, outcome)], as_of={}, today=today, now=now, actor=actor)
    return outcome, taken


def _receive_answers(
    answers: Sequence[tuple[int, Offered, StatusFile]],
    *,
    today: date,
    now: datetime,
    actor: str,
) -> dict[int, Outcome]:
    """What became of the bank's answers to files of collections; each comes in whole, or not."""
    if not answers:
        return {}
    lock_administration()
    earlier = find_earlier([offered for _, offered, _ in answers])
    outcomes: dict[int, Outcome] = {}
    for at, offered, file in answers:
        before = earlier.get(offered.content_hash)
        outcome = Outcome(offered.name, file.format, new_id())
        outcome.already_on = before.already_on if before else None
        taken = take_answers(file, today=today, now=now, actor=actor)
        outcome.problems.extend(
            replace(problem, file=offered.name) for problem in (*file.problems, *taken.problems)
        )
        outcome.rejected = sum(problem.severity == "refused" for problem in outcome.problems)
        outcome.answers = len(file.statuses)
        outcomes[at] = outcome
    pairs = [(offered, outcomes[at]) for at, offered, _ in answers]
    keep(pairs, as_of={}, today=today, now=now, actor=actor)
    return outcomes


def _unknown(received: Received) -> Problem:
    if received.unreadable:
        return received.unreadable
    if not received.content:
        return Problem(
            WHOLE_FILE,
            Sentence(
                "Het bestand is leeg. Maak het opnieuw in uw boekhouding of bank.",
                "The file is empty. Make it again in your bookkeeping or bank.",
            ),
        )
    accepted = say_accepted()
    return Problem(
        WHOLE_FILE,
        Sentence(
            f"Dit bestand kennen wij niet. Wij lezen: {accepted.nl}.",
            f"We do not know this file. We read: {accepted.en}.",
        ),
    )
