"""What people at the office do by hand: change a policy or an address, confirm an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tijdig.banking.actions.statements import confirm_account
from tijdig.banking.queries import list_accounts
from tijdig.demo.casework import CASEWORK, Casework
from tijdig.demo.collecting import start_collecting
from tijdig.demo.mandates import collects_from
from tijdig.demo.world import Creditor, World
from tijdig.dunning.actions import policies
from tijdig.dunning.actions.answers import answer_message
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.queries.cards import find_debtor
from tijdig.messaging.queries import MessageRow, OutboxTab, list_messages

ACTOR = "demo@example.nl"
_POLICY_CHANGED_DAYS_AGO = 130
_POST_CAME_BACK_DAYS_AGO = (90, 60, 33, 19, 5)
_LETTER = "veertiendagenbrief"
_ADDRESS_CHANGED_DAYS_AGO = 60
_ACCOUNT_CONFIRMED_AFTER_DAYS = 8
_LIMITS: Mapping[str, int] = {"min_gap_days": 8, "min_amount_cents": 1_000}
_AT_THE_COUNTER = ".balie@"
_IN_THE_BOOKS = ".nieuw@"


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that somebody does by hand on a day, within the scope of the administration."""

    on: date
    run: Callable[[date, datetime], None]


def plan_errands(world: World, creditor: Creditor) -> tuple[Errand, ...]:
    """Everything that is done by hand in these books, up to the visitor's day."""
    errands = []
    is_first = creditor is world.creditors[0]
    if creditor.camt and (is_first or creditor is not world.creditors[-1]):
        confirmed_on = world.begins_on + timedelta(days=_ACCOUNT_CONFIRMED_AFTER_DAYS)
        errands.append(Errand(confirmed_on, _confirm_accounts))
    if is_first:
        changed_on = world.anchor_on - timedelta(days=_POLICY_CHANGED_DAYS_AGO)
        errands.append(Errand(changed_on, _change_policy))
        moved_on = world.anchor_on - timedelta(days=_ADDRESS_CHANGED_DAYS_AGO)
        mover = next(one for one in creditor.debtors if one.habit == "late" and one.email)
        errands.append(Errand(moved_on, _change_address(mover.number)))
        errands += [
            Errand(world.anchor_on - timedelta(days=case.days_ago), _record(case, creditor))
            for case in CASEWORK
        ]
    collects_on = collects_from(world, creditor)
    if collects_on is not None:
        errands.append(Errand(collects_on, _start_collecting(creditor)))
    if creditor.debtors and creditor.debtors[0].kind == "consumer":
        errands += [
            Errand(world.anchor_on - timedelta(days=days), _get_letter_back)
            for days in _POST_CAME_BACK_DAYS_AGO
        ]
    return tuple(one for one in errands if one.on >= world.begins_on)


def find_first_address(address: str) -> str:
    """The address that a debtor had before he, or somebody at the office, changed it."""
    return address.replace(_AT_THE_COUNTER, "@").replace(_IN_THE_BOOKS, "@")


def _record(case: Casework, creditor: Creditor) -> Callable[[date, datetime], None]:
    def record(today: date, now: datetime) -> None:
        case.run(creditor, {"today": today, "now": now, "actor": ACTOR})

    return record


def _start_collecting(creditor: Creditor) -> Callable[[date, datetime], None]:
    def start(today: date, now: datetime) -> None:
        start_collecting(creditor, today=today, now=now, actor=ACTOR)

    return start


def _confirm_accounts(_today: date, now: datetime) -> None:
    for account in list_accounts():
        confirm_account(account.id, now=now, actor=ACTOR)


def _get_letter_back(today: date, now: datetime) -> None:
    """The post brings the last letter about costs back, once: an earlier one arrived."""
    sent = _list_letters("gone")
    if len(sent) > 1 and not _list_letters("attention"):
        told = {"today": today, "now": now, "actor": ACTOR}
        answer_message(sent[0].id, told="came_back", **told)  # type: ignore[arg-type]


def _list_letters(tab: OutboxTab) -> list[MessageRow]:
    rows = list_messages(tab=tab, search="", after=None, limit=500)
    return [row for row in rows if row.phase == _LETTER and row.channel == "letter"]


def _change_policy(today: date, now: datetime) -> None:
    policies.change(_LIMITS, today=today, now=now, actor=ACTOR)


def _change_address(number: str) -> Callable[[date, datetime], None]:
    def change(today: date, now: datetime) -> None:
        debtor = find_debtor(number)
        if debtor is not None and debtor.email:
            address = debtor.email.replace("@", _AT_THE_COUNTER)
            change_contact(debtor.id, {"email": address}, today=today, now=now, actor=ACTOR)

    return change
