"""A world by seed: debtors who pay, part-pay, promise, complain, ask for time, fail and move.

It knows what is true, and what the office could know on a day: what stood in a file that was taken
in, and what somebody told the office. It asks Tijdig nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.integration.books import Listed, make_list, make_payment
from tests.plugs.camt_samples import Statement, make_camt

from proof.agreements import KnownPlan, Rest
from proof.arrears import iban_of
from proof.reasons import KnownAnswer, KnownReason

BEGINS_ON = date(2026, 1, 5)
HABITS = (
    ["prompt"] * 34 + ["late"] * 20 + ["forgetful"] * 14 + ["parts"] * 8 + ["never"] * 6
    + ["promiser"] * 6 + ["complainer"] * 4 + ["bankrupt"] * 3 + ["mover"] * 3 + ["returner"] * 2
    + ["planner"] * 7 + ["pauser"] * 3 + ["extender"] * 4 + ["credited"] * 6 + ["undone"] * 3
    + ["muddler"] * 7 + ["explainer"] * 9
)  # fmt: skip
LATE_FILE_PERCENT, SECOND_FILE_PERCENT = 10, 5
KEEPS_PROMISE_PERCENT = 70
LIST_DAYS = (0, 3)
# Within so many days everybody has got a first invoice.
FIRST_DAYS = 45


@dataclass(slots=True)
class Invoice:
    """An invoice as it truly is; `paid_cents` counts what the office has in a file,
    `credited_cents` what its list of open items no longer asks for, `aside_cents` the part that an
    objection keeps out, and `later_on` is the due date that was agreed since.
    """

    number: str
    debtor: int
    issued_on: date
    due_on: date
    cents: int
    paid_cents: int = 0
    on_list: bool = False
    disputed: bool = False
    returned: bool = False
    credited_cents: int = 0
    aside_cents: int = 0
    later_on: date | None = None

    @property
    def asked_from_on(self) -> date:
        """The due date that holds."""
        return self.later_on or self.due_on

    @property
    def open_cents(self) -> int:
        """What the office knows to be open."""
        return self.cents - self.paid_cents - self.credited_cents


@dataclass(slots=True)
class Credit:
    """A credit note for (a part of) an invoice; a row of the list until the invoice is paid."""

    number: str
    invoice: Invoice
    on: date
    cents: int
    on_list: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moves on a day; below nil where the bank takes it back."""

    on: date
    number: str
    cents: int


@dataclass(slots=True)
class Person:
    """A debtor. `stopped_until` is the last day of what he agreed with the office.

    `promised_cents` is what he promised and the office has not seen yet; then the promise is over.
    """

    index: int
    habit: str
    address: str
    stopped_until: date | None = None
    promised_cents: int = 0
    promised_on: date = date.min
    event_on: date | None = None
    rests: list[Rest] = field(default_factory=list)
    plans: list[KnownPlan] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    reasons: list[KnownReason] = field(default_factory=list)
    answers: list[KnownAnswer] = field(default_factory=list)

    @property
    def number(self) -> str:
        """As the books number him."""
        return f"{10_000 + self.index}"

    def was_given_time(self, since: date) -> bool:
        """Whether anything was agreed with him since this day."""
        agreed = [one.from_on for one in self.rests if one.gives_time] + [
            one.agreed_on for one in self.plans
        ]
        return any(on >= since for on in agreed)

    def promise(self, cents: int, on: date, until: date) -> None:
        """He gave his word for a day: left alone until it is kept, or until the last day for it."""
        self.promised_cents, self.promised_on, self.stopped_until = cents, on, until

    def pay(self, cents: int) -> None:
        """The office sees money of his; a promise that was kept holds nothing back any more."""
        if self.promised_cents > 0:
            self.promised_cents -= cents
            if self.promised_cents <= 0:
                self.stopped_until = None


@dataclass(slots=True)
class World:
    """Everything that is so, day by day: `seen` is the money in the files of this morning, `later`
    what the office does on a morning to come.
    """

    chance: Random
    people: list[Person] = field(default_factory=list)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    of_person: defaultdict[int, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    to_issue: defaultdict[date, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    payments: defaultdict[date, list[Payment]] = field(default_factory=lambda: defaultdict(list))
    statements: defaultdict[date, list[date]] = field(default_factory=lambda: defaultdict(list))
    # The first day of each statement, by its last: no day lies between two of them.
    begins: dict[date, date] = field(default_factory=dict)
    taken: list[date] = field(default_factory=list)
    seen: list[Payment] = field(default_factory=list)
    later: defaultdict[date, list[Callable[[date], None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    to_credit: list[tuple[Invoice, int]] = field(default_factory=list)

    def files_of(self, today: date) -> list[bytes]:
        """The statements that come in this morning: yesterday's, late ones, and some twice."""
        yesterday = today - timedelta(days=1)
        if self.payments[yesterday]:
            is_late = self.chance.randrange(100) < LATE_FILE_PERCENT
            wait = self.chance.randint(1, 5) if is_late else 0
            self.statements[today + timedelta(days=wait)].append(yesterday)
            last_on = max(self.begins, default=BEGINS_ON - timedelta(days=1))
            self.begins[yesterday] = min(last_on + timedelta(days=1), yesterday)
        files = []
        self.seen.clear()
        for day in self.statements.pop(today, []):
            files.append(self.statement_of(day))
            self.seen += self.payments[day]
            for one in self.payments[day]:
                invoice = self.invoices[one.number]
                invoice.paid_cents += one.cents
                self.people[invoice.debtor].pay(one.cents)
            self.taken.append(day)
        if self.taken and self.chance.randrange(100) < SECOND_FILE_PERCENT:
            files.append(self.statement_of(self.chance.choice(self.taken)))
        return files

    def statement_of(self, day: date) -> bytes:
        """The bank's file of a day and the quiet ones before it, the same whenever it is asked."""
        lines = [
            make_payment(
                one.cents, one.number, on=day, iban=iban_of(self.invoices[one.number].debtor)
            )
            for one in self.payments[day]
        ]
        name = f"{day:%Y%m%d}"
        told = Statement(lines, identification=name, from_on=self.begins[day], until_on=day)
        return make_camt(told)

    def list_of(self, today: date) -> bytes | None:
        """The books' list of all that is open, on the days on which it is made."""
        for one in self.to_issue.pop(today, []):
            self.invoices[one.number] = one
            self.of_person[one.debtor].append(one)
            self.plan_payment(one)
        if today.weekday() not in LIST_DAYS:
            return None
        for invoice, cents in self.to_credit:
            invoice.credited_cents += cents
        self.to_credit.clear()
        credits_ = [row for person in self.people for row in self._list_credits(person, today)]
        open_ = [one for one in self.invoices.values() if one.open_cents > 0]
        for one in open_:
            one.on_list = True
        rows = [
            Listed(
                one.number,
                one.open_cents,
                one.cents,
                f"{10_000 + one.debtor}",
                one.issued_on,
                one.due_on,
                iban_of(one.debtor),
            )
            for one in open_
        ]
        return make_list(*rows, *credits_) if rows else None

    def _list_credits(self, person: Person, today: date) -> list[Listed]:
        """His credit notes as the books list them, beside their invoices or taken off them.

        The books settle both once the rest of the invoice was paid.
        """
        rows = []
        for one in list(person.credits):
            if one.on > today:
                continue
            invoice = one.invoice
            if invoice.open_cents <= one.cents or self.chance.randrange(3) == 0:
                invoice.credited_cents += one.cents
                person.credits.remove(one)
                continue
            one.on_list = True
            cents, number = -one.cents, person.number
            iban = iban_of(person.index)
            rows.append(Listed(one.number, cents, cents, number, one.on, one.on, iban))
        return rows

    def credit_of(self, person: Person) -> int:
        """What he still gets, as far as the office knows."""
        return sum(one.cents for one in person.credits if one.on_list)

    def plan_payment(self, one: Invoice) -> None:
        """What this debtor does by himself."""
        habit, due_on = self.people[one.debtor].habit, one.due_on
        if habit in {"prompt", "mover"}:
            self.pay(one, due_on + timedelta(days=self.chance.randint(-5, 1)), one.cents)
        elif habit == "late":
            self.pay(one, due_on + timedelta(days=self.chance.randint(4, 40)), one.cents)
        elif habit == "parts":
            half = one.cents // 2
            self.pay(one, due_on + timedelta(days=self.chance.randint(0, 9)), half)
            self.pay(one, due_on + timedelta(days=self.chance.randint(12, 50)), one.cents - half)
        elif habit == "returner":
            paid_on = due_on + timedelta(days=1)
            self.pay(one, paid_on, one.cents)
            self.pay(one, paid_on + timedelta(days=6), -one.cents)
            one.returned = True
        elif habit == "undone":
            self.pay(one, due_on - timedelta(days=self.chance.randint(0, 4)), one.cents)
        elif habit == "muddler":
            self.pay(one, due_on + timedelta(days=self.chance.randint(50, 110)), one.cents)
        elif habit == "credited":
            self._plan_credit(one)

    def _plan_credit(self, one: Invoice) -> None:
        """A part of it is credited, sometimes all; the rest is paid before that, or after."""
        is_whole = self.chance.randrange(4) == 0
        cents = one.cents if is_whole else self.chance.randrange(500, one.cents)
        on = one.due_on + timedelta(days=self.chance.randint(-6, 30))
        credit = Credit(f"C{one.number[1:]}", one, max(on, one.issued_on), cents)
        self.people[one.debtor].credits.append(credit)
        if cents < one.cents:
            paid_on = one.due_on + timedelta(days=self.chance.randint(3, 50))
            self.pay(one, paid_on, one.cents - cents)

    def pay(self, one: Invoice, on: date, cents: int) -> None:
        """Money moves, not before the invoice was there."""
        day = max(on, one.issued_on + timedelta(days=1))
        self.payments[day].append(Payment(day, one.number, cents))

    def open_of(self, person: Person) -> list[Invoice]:
        """What he owes as far as the office knows, the oldest first."""
        found = [one for one in self.of_person[person.index] if one.open_cents > 0 and one.on_list]
        return sorted(found, key=lambda one: (one.due_on, one.number))

    def is_open(self, person: Person, reason: KnownReason) -> bool:
        """Whether anything is open that was there when he told it, or the one that he named."""
        return any(
            one.open_cents > 0
            and (
                one.number == reason.number
                or (not reason.number and one.issued_on <= reason.told_on)
            )
            for one in self.of_person[person.index]
        )


def make_world(
    seed: int,
    *,
    people: int,
    days: int,
    habits: Sequence[str] = tuple(HABITS),
    first_days: int = FIRST_DAYS,
) -> World:
    """People with their habits, and all the invoices that they will get."""
    world = World(Random(f"world {seed}"))
    chance = world.chance
    serial = 0
    for index in range(people):
        person = Person(index, chance.choice(habits), f"klant{10_000 + index}@example.nl")
        if person.habit in {"bankrupt", "mover"}:
            person.event_on = BEGINS_ON + timedelta(days=chance.randrange(40, max(days, 41)))
        world.people.append(person)
        day = BEGINS_ON + timedelta(days=chance.randrange(first_days))
        while day < BEGINS_ON + timedelta(days=days):
            serial += 1
            due_on = day + timedelta(days=chance.choice((14, 14, 30)))
            cents = chance.randrange(2_000, 90_000)
            world.to_issue[day].append(Invoice(f"F{serial:06d}", index, day, due_on, cents))
            day += timedelta(days=chance.randint(25, 75))
    return world
