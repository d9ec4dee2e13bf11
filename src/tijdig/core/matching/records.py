"""What goes into matching and what comes out: open items, payments, evidence, proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from tijdig.core.construction import quick_to_make
from tijdig.core.payment_days import find_credit_day
from tijdig.core.problem import Sentence, end_once

Parts = tuple[tuple[UUID, int], ...]
Span = tuple[int, int]
Concession = Literal["discount", "rounding"]

CERTAINTY_WHOLE = 1_000_000
"""A certainty of a million would be beyond doubt; 999,000 is wrong once in a thousand."""


# Evidence by which the payer himself names what he pays: our reference, the invoice or order, or
# what he said to somebody who matched by hand.
SAID = "said"
NAMING = frozenset({"request", "reference", "exact", "digits", "loose", "order", SAID})


_PARTIAL = frozenset({"amount_part", "amount_over"})


class OpenItem(NamedTuple):
    """An invoice or credit note as it stands; `open_cents` of a credit note is negative.

    An item with nothing open is welcome: a payment that names it is then not given to another.
    `discount_cents` may be kept by who pays on `discount_until` or before. Of an item that is
    `exact_only` no part is booked without a person: books and bank differ on it.
    """

    item_id: UUID
    debtor_id: UUID
    number: str
    open_cents: int
    issued_on: date | None = None
    due_on: date | None = None
    order_reference: str = ""
    discount_cents: int = 0
    discount_until: date | None = None
    exact_only: bool = False


class KnownDebtor(NamedTuple):
    """A debtor as a payer may show himself: by number and name."""

    debtor_id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What one message asked under its own reference: the items it listed, and their cents.

    Or what a payment plan that runs asks without one: its items, the first due first, and in
    `terms` the cents of each of its terms in their order, of money from `agreed_on` on.
    """

    reference: str
    items: Parts
    terms: tuple[int, ...] = ()
    agreed_on: date = date.min


@quick_to_make
@dataclass(frozen=True, slots=True)
class Payment:
    """A bank line as far as it tells what it pays; `key` is the line's own, to order equal days.

    `documents` are those that the payer lists, each with the cents that he pays of it; None where
    he does not say.
    """

    line_id: UUID
    booked_on: date
    key: str
    amount_cents: int
    reference: str
    text: str
    counter_iban: str
    counter_name: str = ""
    end_to_end_id: str = ""
    documents: tuple[tuple[str, int | None], ...] = ()
    value_on: date | None = None

    @property
    def credited_on(self) -> date:
        """The day on which it counts in law."""
        return find_credit_day(self.booked_on, self.value_on or self.booked_on)

    @property
    def words(self) -> str:
        """What the payer wrote, with the reference behind a bar; evidence points into this."""
        return f"{self.text} | {self.reference}" if self.reference else self.text


# A wording in columns: its Dutch and English, and what goes into their places.
Told = tuple[str, str, tuple[object, ...]]


class Wording(NamedTuple):
    """A sentence in Dutch and in English that is put together when somebody reads it.

    What is `told` goes into the places `{0}`, `{1}` and so on of both; without it they are ready.
    """

    dutch: str
    english: str
    told: tuple[object, ...] = ()

    @property
    def nl(self) -> str:
        """The Dutch sentence."""
        return end_once(self.dutch.format(*self.told)) if self.told else self.dutch

    @property
    def en(self) -> str:
        """The English sentence."""
        return end_once(self.english.format(*self.told)) if self.told else self.english


class Evidence(NamedTuple):
    """One thing that speaks for or against a proposal: a code, a sentence, places in the words."""

    code: str
    because: Sentence | Wording
    spans: tuple[Span, ...] = ()
    against: bool = False


def lay_out_wording(because: Sentence | Wording) -> Told:
    """The sentence in columns, as it is sent to another process."""
    return because[:] if isinstance(because, Wording) else (because.nl, because.en, ())


DESIGNATED = Evidence(
    SAID,
    Sentence(
        "De klant heeft zelf gezegd voor welke facturen dit is (BW 6:43 lid 1).",
        "The customer said himself which invoices this is for (BW 6:43 lid 1).",
    ),
)


BY_LAW = Evidence(
    "by_law",
    Sentence(
        "De klant wees niets aan. Verdeeld volgens de wet: eerst wat te betalen is, dan de hoogste"
        " rente, dan de oudste (BW 6:43 lid 2); van elke factuur kosten en rente eerst (BW 6:44).",
        "The customer named nothing. Divided as the law says: what is due first, then the highest"
        " rate, then the oldest (BW 6:43 lid 2); of each invoice costs and interest first (BW"
        " 6:44).",
    ),
)


@quick_to_make
@dataclass(frozen=True, slots=True)
class Proposal:
    """Items that a payment may pay, with the cents that go to each, and how sure that is.

    The parts and `rest_cents` (paid too much, kept for the debtor) are together the payment.
    `conceded` is what is given up besides: discount for early payment, cents of rounding.
    `certainty` runs from 0 to a million; `said` is what it was before the decisions of the
    administration itself corrected it.
    """

    debtor_id: UUID
    parts: Parts
    certainty: int
    kind: str
    evidence: tuple[Evidence, ...] = ()
    rest_cents: int = 0
    conceded: tuple[tuple[UUID, Concession, int], ...] = ()
    said: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether less or more than what is open was paid."""
        return any(one.code in _PARTIAL for one in self.evidence)

    @property
    def wordings(self) -> tuple[Told, ...]:
        """The sentences of its evidence, in columns."""
        return tuple([lay_out_wording(one.because) for one in self.evidence])


class Outcome(NamedTuple):
    """What became of a payment: booked with the first proposal, or left with all of them.

    `for_person`: only a person books the first proposal, however sure it is.
    """

    payment: Payment
    proposals: tuple[Proposal, ...]
    is_sure: bool
    for_person: bool = False


@dataclass(slots=True)
class Known:
    """What is known beside the items: accounts, our own references and our own end-to-end ids.

    `plans` is what a plan asks, by each of its items.
    """

    ibans: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    requests: Mapping[str, Parts] = field(default_factory=dict)
    plans: Mapping[UUID, Asked] = field(default_factory=dict)
