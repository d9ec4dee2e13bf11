"""What a message is made of: facts only, frozen, before any text is chosen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tijdig.core.case_messages import LetterAfterAnswer
from tijdig.core.policy import Channel, Tone


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who asks, as the debtor knows him from the invoice.

    `acted_for_by` is a registered organisation that acts for him, with its Wki registration.
    """

    name: str
    iban: str
    account_name: str
    email: str = ""
    phone: str = ""
    website: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "NL"
    kvk_number: str = ""
    vat_number: str = ""
    acted_for_by: str = ""
    wki_registration: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to; `language` is "nl" or "en"."""

    name: str
    number: str
    contact_name: str = ""
    email: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "NL"
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One row of the invoice table; a credit note has negative cents.

    `open_cents` is what is asked for now; `aside_cents` is open too, but not asked (a dispute, or
    the later terms of a plan). `failed_debit_on` is the day of a collection that came back.
    `discount_cents` may be kept by who pays all of it on `discount_until` or before. For a claim
    line `claim` is "costs" or "interest", and `calculation` how it was worked out. `is_money`: no
    credit note, but money that was received and pays no invoice yet.
    """

    number: str
    is_credit_note: bool
    issued_on: date
    due_on: date
    invoiced_cents: int
    open_cents: int
    order_reference: str = ""
    customer_reference: str = ""
    claim: str = ""
    calculation: str = ""
    aside_cents: int = 0
    dropped_cents: int = 0
    failed_debit_on: date | None = None
    discount_cents: int = 0
    discount_until: date | None = None
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """The terms of a plan, each a last day and its cents, and the place of the one that is due.

    `can_move`: no term was moved yet, so that one still can be.
    """

    position: int
    terms: tuple[tuple[date, int], ...]
    can_move: bool = True


@dataclass(frozen=True, slots=True)
class DebitSheet:
    """A collection that is announced: the day, by whom, and on which mandate and account."""

    collect_on: date
    creditor_id: str
    mandate_reference: str
    iban: str


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """What an answer is about: the day of what the debtor told, and of a dispute, part and reason.

    For the answer to a dispute `told_on` is the day of the answer itself. `leaves_rest`: a part of
    the invoice is neither credited nor asked yet. `letter` is what the fourteen-day letter about it
    does after the day that the answer gives.
    """

    told_on: date
    cents: int = 0
    answer: str = ""
    leaves_rest: bool = False
    letter: LetterAfterAnswer | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about messages: the plan or collection of each, later due dates by open item.

    `failed_debits` has the day of the last collection of an item, where it came back. `late` are
    messages to who is in default already: those put nobody in default.
    """

    plans: Mapping[UUID, PlanSheet]
    due_on: Mapping[UUID, date]
    debits: Mapping[UUID, DebitSheet] = field(default_factory=dict)
    failed_debits: Mapping[UUID, date] = field(default_factory=dict)
    cases: Mapping[UUID, CaseSheet] = field(default_factory=dict)
    late: Collection[UUID] = ()


NOTHING_AGREED = Agreed({}, {})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that went before about the same invoice."""

    step_key: str
    on: date
    channel: Channel


@dataclass(frozen=True, slots=True)
class Composition:
    """All that a text may use; `total_cents` is the sum of the rows' `open_cents`.

    `pay_by_on` is the last day that the message gives, None in a notice before the due date.
    `hand_over_to` is the agency's name, empty where none is configured. `new_costs_cents` is what
    will be added when it is not paid, `new_vat_cents` the VAT in it. `replaces_on` is the day of
    the letter that this one replaces; `puts_in_default` asks for the words that the law wants.
    `copy_of_on` is the day of a message of which nobody knows whether it arrived. `to_business`: a
    business or a public body, that owes the interest of the law over a plan that it breaks.
    """

    text: str
    tone: Tone
    written_on: date
    creditor: Creditor
    addressee: Addressee
    items: tuple[ListedItem, ...]
    total_cents: int
    payment_reference: str
    pay_by_on: date | None = None
    earlier: tuple[Earlier, ...] = ()
    hand_over_to: str = ""
    new_costs_cents: int = 0
    new_vat_cents: int = 0
    replaces_on: date | None = None
    puts_in_default: bool = False
    copy_of_on: date | None = None
    plan: PlanSheet | None = None
    debit: DebitSheet | None = None
    case: CaseSheet | None = None
    to_business: bool = False
