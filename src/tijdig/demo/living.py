"""Live one day in one set of books: files come in, Tijdig runs, debtors read their mail.

    files -> import -> run and send -> the debtors' mailbox -> payments in mind -> files

The world meets Tijdig only where people do: at the import, at the run, at the telephone list, and
in the mail that it sends.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from tijdig.core.calendar import add_working_days
from tijdig.core.problem import Problem
from tijdig.demo.behaviour import decide_on_call, decide_on_mail, read_mail, say_on_call
from tijdig.demo.chance import draw
from tijdig.demo.collecting import bring_to_bank, carry_out
from tijdig.demo.deliveries import DeliveredFile, deliver, is_delivery_day
from tijdig.demo.errands import ACTOR, Errand, find_first_address
from tijdig.demo.mandates import collects_from
from tijdig.demo.state import Life
from tijdig.demo.world import Creditor, Debtor, World
from tijdig.dunning.actions import calls
from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.queries.pages import CallRow, list_open_calls
from tijdig.messaging.channels.mailbox import StoredMail
from tijdig.messaging.channels.mailbox import read_mail as open_mail
from tijdig.messaging.queries import list_unposted
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive

_ZONE = ZoneInfo("Europe/Amsterdam")
_FILES_AT, _RUN_AT, _CALLS_AT = time(7, 30), time(8), time(10, 30)
_CALLS_AT_ONCE = 100
# The last calls before the visitor comes in are left for him.
_LEFT_FOR_VISITOR_DAYS = 6
# So are the letters of the last days: he says when they were posted.
_LEFT_UNPOSTED_DAYS = 4
_IS_NEVER_MADE_PERCENT = 20


@dataclass(frozen=True, slots=True)
class Books:
    """An administration of the demo: the invented creditor, his id in Tijdig, his folder."""

    world: World
    creditor: Creditor
    administration_id: UUID
    folder: Path
    errands: tuple[Errand, ...] = ()


@dataclass(slots=True)
class Day:
    """What a day brought; `mails` are those that arrived."""

    on: date
    files: int = 0
    planned: int = 0
    because: Counter[str] = field(default_factory=Counter)
    mails: list[StoredMail] = field(default_factory=list)
    calls_made: int = 0
    problems: list[Problem] = field(default_factory=list)


def live_day(books: Books, life: Life, *, today: date) -> Day:
    """Live this day; changes `life`. A day on which nobody is due has no run."""
    day = Day(today)
    for errand in books.errands:
        if errand.on == today:
            with administration_scope(books.administration_id):
                errand.run(today, _moment(today, _FILES_AT))
    if is_delivery_day(books.world, books.creditor, life, today):
        _take_in(books, deliver(books.world, books.creditor, life, today=today), day)
    if is_anybody_due(books.administration_id, today=today):
        _run(books, life, day)
    _collect(books, life, today)
    if life.ring_on == today:
        _ring(books, life, day)
    life.lived_on = today
    return day


def _collect(books: Books, life: Life, today: date) -> None:
    """Batches go to the bank; from the visitor's day on it is he who brings them there."""
    collects_on = collects_from(books.world, books.creditor)
    if collects_on is None or today < collects_on:
        return
    with administration_scope(books.administration_id):
        if today < books.world.anchor_on:
            bring_to_bank(today=today, now=_moment(today, _CALLS_AT), actor=ACTOR)
        carry_out(books.world, books.creditor, life)


def _take_in(books: Books, files: list[DeliveredFile], day: Day) -> None:
    """Put the files in their folder, and import them from there like any other."""
    if not files:
        return
    folder = books.folder / "files" / books.creditor.slug / f"{day.on}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        (folder / name).write_bytes(content)
    with administration_scope(books.administration_id):
        receipt = receive(
            [Received(name, content) for name, content in files],
            today=day.on,
            now=_moment(day.on, _FILES_AT),
            actor=ACTOR,
        )
    day.files = len(files)
    day.problems += receipt.problems


def _run(books: Books, life: Life, day: Day) -> None:
    moment = _moment(day.on, _RUN_AT)
    result = live_one_day(books.administration_id, today=day.on, now=moment)
    if result is not None:
        day.planned, day.because = result.planned, result.because
    left_from = books.world.anchor_on - timedelta(days=_LEFT_FOR_VISITOR_DAYS)
    if day.because["call_due"] and day.on < left_from:
        life.ring_on = add_working_days(day.on, 1)
    if day.planned:
        _read_mailbox(books, life, day)
    if day.on < books.world.anchor_on - timedelta(days=_LEFT_UNPOSTED_DAYS):
        _post_letters(books, day)


def _post_letters(books: Books, day: Day) -> None:
    """What was printed today goes into the post today, and somebody says so."""
    with administration_scope(books.administration_id):
        if any(printed_on == day.on for printed_on, _ in list_unposted()):
            moment = _moment(day.on, _CALLS_AT)
            told = {"today": day.on, "now": moment, "actor": ACTOR}
            note_posting(printed_on=day.on, posted_on=day.on, **told)  # type: ignore[arg-type]


def _read_mailbox(books: Books, life: Life, day: Day) -> None:
    """Every debtor reads what came for him, and makes up his mind.

    The mailbox holds the mail of all books; the name of a mail ends in the sender's domain.
    """
    folder = books.folder / "mailbox"
    domain = books.creditor.email.rpartition("@")[2]
    read = set(life.read)
    found = (path.name for path in folder.glob(f"*@{domain}.eml"))
    fresh = sorted(name for name in found if name not in read)
    life.read += fresh
    by_address = {one.email: one for one in books.creditor.debtors if one.email}
    for name in fresh:
        mail = open_mail(folder, name)
        day.mails.append(mail)
        debtor = by_address.get(find_first_address(mail.recipient))
        if debtor:
            _react(books, life, debtor, mail, today=day.on)


def _react(books: Books, life: Life, debtor: Debtor, mail: StoredMail, *, today: date) -> None:
    own = [
        one.number
        for one in books.creditor.invoices
        if one.debtor.number == debtor.number
        and not one.credited_number
        and life.open_cents.get(one.number, 0) > 0
    ]
    said = read_mail(mail.subject, mail.text, own_numbers=own)
    if said is None:
        return
    chance = draw(books.world.seed, debtor.iban, "mail", said.kind, today)
    intent = decide_on_mail(debtor, said, chance, today=today)
    if intent:
        life.intents.append(intent)


def _ring(books: Books, life: Life, day: Day) -> None:
    """Somebody at the office makes the calls of the list; now and then one is forgotten."""
    life.ring_on = None
    debtors = {one.number: one for one in books.creditor.debtors}
    with administration_scope(books.administration_id):
        for row in sorted(list_open_calls(limit=_CALLS_AT_ONCE), key=lambda row: row.debtor_number):
            debtor = debtors[row.debtor_number]
            chance = draw(books.world.seed, debtor.iban, "call", row.asked_on)
            if chance.randrange(100) >= _IS_NEVER_MADE_PERCENT:
                _call(books, life, debtor, row, today=day.on)
                day.calls_made += 1


def _call(books: Books, life: Life, debtor: Debtor, row: CallRow, *, today: date) -> None:
    late = tuple(
        one.number
        for one in books.creditor.invoices
        if one.debtor.number == debtor.number
        and one.due_on < today
        and life.open_cents.get(one.number, 0) > 0
    )
    chance = draw(books.world.seed, debtor.iban, "ring", today)
    intent = decide_on_call(debtor, late, chance, today=today)
    if intent:
        life.intents.append(intent)
    calls.record(
        row.id,
        outcome="reached" if intent else "voicemail",
        note=say_on_call(debtor, intent),
        today=today,
        now=_moment(today, _CALLS_AT),
        actor=ACTOR,
        for_creditor=True,
    )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, _ZONE)
