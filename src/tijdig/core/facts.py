"""The facts a decision is made on: frozen, complete, and the same for every caller."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.case_messages import CaseMessage, Meant
from tijdig.core.construction import quick_to_make
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.notices import PastNotice
from tijdig.core.plans import RunningPlan
from tijdig.core.policy import Channel
from tijdig.core.problem import Sentence
from tijdig.core.protection import Protection

ItemKind = Literal["invoice", "credit_note", "claim", "unapplied"]
DebtorKind = Literal["consumer", "business", "public_body", "unknown"]
Language = Literal["nl", "en"]
ContactState = Literal["waiting", "done", "in_doubt", "call_open", "call_done"]
StopDepth = Literal["all", "own", "reminders", "firm"]

# Why a message is held that only the creditor's own staff may release.
FOR_CREDITOR = "for_creditor"


@dataclass(frozen=True, slots=True)
class Stop:
    """A reason to leave the debtor alone, whatever the policy says.

    It holds from `from_on` (None: always did) up to and including `until_on` (None: until somebody
    ends it). `depth` says what it holds back: `all`, or `own` (only what cases themselves tell goes
    on), or `reminders` (a notice before the due date and the messages of plans and cases go on), or
    `firm` (only what is firmer than a reminder or a call). `ends_with` is the step key of the
    message that ends it; `meant` what the debtor spoke of, where it ends with that.
    """

    kind: str
    because: Sentence
    until_on: date | None = None
    from_on: date | None = None
    depth: StopDepth = "all"
    ends_with: str = ""
    meant: Meant | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A part of an item that is not asked for while its stop holds; `cents` None is all of it."""

    stop: Stop
    cents: int | None = None


@quick_to_make
@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item of a debtor on the day of the decision.

    `open_cents` is signed: what is still to pay is positive, what the debtor has coming (a credit
    note, money not yet applied) is negative. `credited_number` names the invoice that a credit
    note belongs to, or is empty. `term` is how its due date came to be: agreed, stated or assumed.
    `extended_from_on` is the due date of the paper, where `due_on` is one that was agreed later: on
    `extended_on`, by `extended_by`.
    `doubts` are the checks on our own side that failed.
    """

    item_id: UUID
    number: str
    kind: ItemKind
    issued_on: date
    due_on: date
    open_cents: int
    reopen_count: int = 0
    credited_number: str = ""
    by_direct_debit: bool = False
    term: str = "stated"
    set_asides: tuple[SetAside, ...] = ()
    extended_from_on: date | None = None
    extended_by: str = ""
    extended_on: date | None = None
    doubts: tuple[Stop, ...] = ()

    def find_due_date(self, on: date) -> date:
        """The due date as somebody knew it who spoke on that day."""
        is_later = self.extended_on is not None and self.extended_on >= on
        return self.extended_from_on or self.due_on if is_later else self.due_on


@quick_to_make
@dataclass(frozen=True, slots=True)
class PastContact:
    """A step already taken for a carrying invoice: a message, or a call that was asked for.

    `waiting`: planned or released but not gone yet. `done`: sent (or rehearsed, while sending is
    off). `pay_by_on` is the day that the message gave, if it gave one. `held_for` is why it is
    held, where it is. `came_back`: it was sent and did not reach him. `is_unposted`: a letter that
    was printed, and nobody said yet that it was posted; `posted_on` is the day that was said.
    `gives_time_for` are the items of which it sent the invoice again, with a new term, or announced
    the collection.
    """

    step_key: str
    item_id: UUID
    reopen_count: int
    on: date
    state: ContactState
    channel: Channel
    pay_by_on: date | None = None
    held_for: str = ""
    came_back: bool = False
    is_unposted: bool = False
    posted_on: date | None = None
    gives_time_for: tuple[UUID, ...] = ()


@quick_to_make
@dataclass(frozen=True, slots=True)
class DebtorFacts:
    """Everything a decision about one debtor may look at.

    An empty `email`, `phone` or a False `has_postal_address` means unknown, not failed;
    `email_failed` is True once mail to this address came back. `foreign` names his open invoices
    in another currency, with their due dates: nobody is asked for those. No decision looks at
    `language`: it is the one in which he is written to. `is_large_to_small`: he is a large company
    and the creditor a small or medium one, as a person recorded. `is_abroad`: his letters go to
    another country, where no day of receipt is presumed. `protections` are his special
    situations with their days, also those that are over; the notices are judged by them.
    """

    debtor_id: UUID
    number: str
    name: str
    kind: DebtorKind
    items: tuple[OpenItem, ...]
    contacts: tuple[PastContact, ...] = ()
    stops: tuple[Stop, ...] = ()
    plans: tuple[RunningPlan, ...] = ()
    collections: tuple[PlannedCollection, ...] = ()
    case_messages: tuple[CaseMessage, ...] = ()
    notices: tuple[PastNotice, ...] = ()
    foreign: tuple[tuple[str, date], ...] = ()
    email: str = ""
    email_failed: bool = False
    phone: str = ""
    has_postal_address: bool = False
    is_abroad: bool = False
    preferred_channel: Channel | None = None
    facts_version: int = 0
    language: Language = "nl"
    is_large_to_small: bool = False
    protections: tuple[Protection, ...] = ()
