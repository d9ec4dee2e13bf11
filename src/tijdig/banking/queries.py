"""Bank lines, accounts and how fresh they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Max, Q

from tijdig.banking.models import Account, BankLine, Statement
from tijdig.core.own_accounts import list_namesakes
from tijdig.ledger.queries.plan_days import is_term, load_plan_days
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

BankTab = Literal["unmatched", "matched", "ignored", "waiting", "outgoing", "all"]
COUNT_UP_TO = 1001
_LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class BankLineRow:
    """A movement in a list, with in words why it was matched or not.

    `imputation` is the order in which it was put on costs, interest and invoice.
    """

    id: UUID
    booked_on: date
    cents: int
    currency: str
    counter_name: str
    counter_iban: str
    text: str
    reference: str
    is_reversal: bool
    state: str
    because_nl: str
    because_en: str
    imputation: str
    named_by_payer: bool | None


_LINE = ["account__currency" if one.name == "currency" else one.name for one in fields(BankLineRow)]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An own account; `confirmed_at` is None as long as nobody said that it is ours."""

    id: UUID
    iban: str
    currency: str
    confirmed_at: datetime | None
    confirmed_by: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class BankGap:
    """A statement that holds its account until somebody accepts it, and why."""

    statement_id: UUID
    account_id: UUID
    iban: str
    from_on: date | None
    kind: str
    because_nl: str
    because_en: str


def list_bank_gaps() -> tuple[BankGap, ...]:
    """Every statement that does not add up or does not follow on, and that nobody accepted."""
    rows = execute(
        "SELECT found.id, account_id, iban, from_on, gap, gap_nl, gap_en "
        "FROM tijdig_statement found JOIN tijdig_account account "
        "ON account.administration_id = found.administration_id AND account.id = account_id "
        "WHERE found.administration_id = %s AND accepted_at IS NULL AND gap <> '' "
        'ORDER BY iban COLLATE "C", from_on, found.id',
        [active_administration()],
    )
    return tuple(BankGap(*row) for row in rows.fetchall())


@dataclass(frozen=True, slots=True)
class UnplacedNumber:
    """A bare number of which statements wait: how many, since which day, and what it may be."""

    account_id: UUID
    number: str
    statements: int
    from_on: date | None
    choices: tuple[AccountRow, ...]


def list_unplaced(
    gaps: Sequence[BankGap], accounts: Sequence[AccountRow]
) -> tuple[UnplacedNumber, ...]:
    """The numbers among these gaps of which a person has to say which of the accounts it is."""
    waiting: dict[UUID, list[BankGap]] = {}
    for gap in gaps:
        if gap.kind == Statement.Gap.ACCOUNT:
            waiting.setdefault(gap.account_id, []).append(gap)
    return tuple(
        UnplacedNumber(
            account_id,
            own[0].iban,
            len(own),
            min((one.from_on for one in own if one.from_on), default=None),
            tuple(
                one
                for one in sorted(accounts, key=lambda one: one.iban)
                if one.iban in list_namesakes(own[0].iban, [one.iban])
            ),
        )
        for account_id, own in waiting.items()
    )


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines are matched, wait with a proposal, and wait without one."""

    matched: int = 0
    proposed: int = 0
    unmatched: int = 0


def sum_counts(counts: Iterable[LineCounts]) -> LineCounts:
    """All of them together."""
    all_of_them = list(counts)
    return LineCounts(
        sum(one.matched for one in all_of_them),
        sum(one.proposed for one in all_of_them),
        sum(one.unmatched for one in all_of_them),
    )


def count_lines(statement_ids: Sequence[UUID]) -> dict[UUID, LineCounts]:
    """How the lines stand that these statements brought first, by statement."""
    rows = execute(
        "SELECT statement_id, count(*) FILTER (WHERE state = 'matched'), "
        "count(*) FILTER (WHERE state = 'unmatched' AND proposed), "
        "count(*) FILTER (WHERE state = 'unmatched' AND NOT proposed) "
        "FROM (SELECT statement_id, state, EXISTS (SELECT FROM tijdig_suggestion suggestion "
        "WHERE suggestion.administration_id = line.administration_id "
        "AND suggestion.line_id = line.id) AS proposed FROM tijdig_bankline line "
        "WHERE line.administration_id = %s AND line.statement_id = ANY(%s)) stood GROUP BY 1",
        [active_administration(), list(statement_ids)],
    )
    return {row[0]: LineCounts(*row[1:]) for row in rows.fetchall()}


def count_lines_of_imports(import_ids: Sequence[UUID]) -> dict[UUID, LineCounts]:
    """How the lines stand that these imports brought first, by import."""
    statements = Statement.objects.filter(import_id__in=import_ids)
    brought: dict[UUID, list[UUID]] = {}
    for import_id, statement_id in statements.values_list("import_id", "id"):
        brought.setdefault(import_id, []).append(statement_id)
    found = count_lines([one for ids in brought.values() for one in ids]) if brought else {}
    return {
        import_id: sum_counts(found[one] for one in ids if one in found)
        for import_id, ids in brought.items()
    }


def count_returned_of_imports(import_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many lines that these imports brought first take an earlier payment back, by import."""
    back = BankLine.objects.filter(statement__import_id__in=import_ids, cents__lt=0).filter(
        Q(is_reversal=True) | ~Q(return_reason="")
    )
    rows = back.values_list("statement__import_id").annotate(returned=Count("id"))
    return dict(rows.order_by())


def count_unmatched() -> int:
    """Incoming lines that nobody could tie to an invoice; counting stops at 1,001."""
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED)
    return waiting.values("id")[:COUNT_UP_TO].count()


def count_waiting_reversals() -> int:
    """Payments that the bank took back, of which nobody knows yet which ones they are."""
    waiting = BankLine.objects.filter(state=BankLine.State.WAITING)
    return waiting.values("id")[:COUNT_UP_TO].count()


def list_lines(
    *, tab: BankTab, search: str, after: tuple[str, str] | None, limit: int
) -> tuple[BankLineRow, ...]:
    """Bank lines, latest first; `after` is the day and id of the last one seen."""
    lines = BankLine.objects.all() if tab == "all" else BankLine.objects.filter(state=tab)
    if search:
        lines = lines.filter(
            Q(counter_name__icontains=search)
            | Q(text__icontains=search)
            | Q(reference__icontains=search)
            | Q(counter_iban__icontains=search.replace(" ", ""))
        )
    if after is not None:
        booked_on, last_id = date.fromisoformat(after[0]), UUID(after[1])
        lines = lines.filter(Q(booked_on__lt=booked_on) | Q(booked_on=booked_on, id__lt=last_id))
    rows = lines.order_by("-booked_on", "-id")[:limit].values_list(*_LINE)
    return _tell_terms([BankLineRow(*row) for row in rows])


# What each of these lines paid, as it is matched now.
_PAID = """
SELECT line.id, entry.open_item_id, entry.on
FROM tijdig_bankline line
JOIN tijdig_entry entry
  ON entry.administration_id = line.administration_id AND entry.source_kind = 'bank_line'
 AND entry.source_id = line.id AND entry.source_round = line.match_round
WHERE line.administration_id = %s AND line.id = ANY(%s)
  AND entry.kind = 'paid' AND entry.cents < 0
"""


def _tell_terms(rows: Sequence[BankLineRow]) -> tuple[BankLineRow, ...]:
    """The same; what paid terms of a plan did not follow the order of the law.

    Their `imputation` is "plan", or "legal_and_plan" where that is a part.
    """
    by_law = [row.id for row in rows if row.imputation == _LEGAL]
    if not by_law:
        return tuple(rows)
    paid = execute(_PAID, [active_administration(), by_law]).fetchall()
    plans = load_plan_days({item_id for _, item_id, _ in paid})
    found: defaultdict[UUID, set[bool]] = defaultdict(set)
    for line_id, item_id, on in paid:
        found[line_id].add(is_term(plans, item_id, on))
    orders = {
        line_id: "legal_and_plan" if False in terms else "plan"
        for line_id, terms in found.items()
        if True in terms
    }
    return tuple([replace(row, imputation=orders.get(row.id, row.imputation)) for row in rows])


def list_accounts() -> tuple[AccountRow, ...]:
    """Every own account with the last day its statements cover; unconfirmed ones first.

    A bare number is none as long as nobody said of which account it is, nor where it is another.
    """
    rows = execute(
        "SELECT id, iban, currency, confirmed_at, confirmed_by, ("
        "SELECT max(until_on) FROM tijdig_statement booked WHERE booked.kind = 'booked' "
        "AND booked.administration_id = account.administration_id AND account_id = account.id) "
        "FROM tijdig_account account WHERE administration_id = %s AND stands_for_id IS NULL "
        "AND NOT EXISTS (SELECT FROM tijdig_statement told "
        "WHERE told.administration_id = account.administration_id AND told.account_id = account.id "
        "AND told.gap = 'account' AND told.accepted_at IS NULL) "
        'ORDER BY confirmed_at IS NOT NULL, iban COLLATE "C"',
        [active_administration()],
    )
    return tuple(AccountRow(*row) for row in rows.fetchall())


def list_last_booked() -> dict[UUID, date]:
    """The last day with a movement, by account: what is known where no statement tells its end."""
    rows = BankLine.objects.order_by().values_list("account_id").annotate(last=Max("booked_on"))
    return dict(rows)


def is_account(account_id: UUID) -> bool:
    """Whether this administration has such an account."""
    return Account.objects.filter(id=account_id).exists()


def count_unconfirmed_accounts() -> int:
    """Own accounts that a statement showed and nobody confirmed, or a number that waits for one."""
    return Account.objects.filter(confirmed_at=None, stands_for_id=None).count()


def find_fresh_until() -> date | None:
    """The last day that booked bank statements cover; None without a bank."""
    booked = Statement.objects.filter(kind=Statement.Kind.BOOKED)
    until_on: date | None = booked.aggregate(until=Max("until_on"))["until"]
    return until_on


def describe_lines(ids: tuple[UUID, ...]) -> dict[UUID, BankLineRow]:
    """These bank lines, by id: what a payment in a timeline came from."""
    rows = BankLine.objects.filter(id__in=ids).values_list(*_LINE)
    return {row[0]: BankLineRow(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class Refund:
    """A payment of ours that looks like money paid back to a debtor."""

    line_id: UUID
    booked_on: date
    counter_iban: str


_REFUNDS = """
SELECT line.id, line.booked_on, line.counter_iban
FROM tijdig_bankline line
JOIN tijdig_debtoriban known ON known.administration_id = line.administration_id
 AND known.iban = line.counter_iban AND known.debtor_id = %s
WHERE line.administration_id = %s AND line.state = 'outgoing' AND line.cents = %s
  AND line.booked_on >= %s AND NOT line.is_reversal AND line.match_kind = ''
  AND NOT EXISTS (
        SELECT FROM tijdig_entry entry
        WHERE entry.administration_id = line.administration_id AND entry.source_id = line.id)
ORDER BY line.booked_on, line.id
LIMIT 5
"""


def list_refunds(debtor_id: UUID, *, cents: int, since: date) -> tuple[Refund, ...]:
    """What went out from a day on to an account of this debtor, of exactly these cents, and was
    not taken for a refund yet; the oldest first, five at most.
    """
    asked = [debtor_id, active_administration(), -cents, since]
    return tuple(Refund(*row) for row in execute(_REFUNDS, asked).fetchall())
