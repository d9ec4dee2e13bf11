"""How an administration collects, and the mandates of its debtors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from tijdig.banking.debit_records import AddressRecord, AmendmentRecord
from tijdig.banking.direct_debits.models import LIVING, DebitLine, SepaMandate
from tijdig.core.direct_debits.banks import BankProfile, find_bank
from tijdig.core.direct_debits.characters import clean_text
from tijdig.core.direct_debits.mandates import Mandate, is_same_creditor, needs_payer_address
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.facts import DebtorKind
from tijdig.core.problem import Refusal
from tijdig.ledger.queries.cards import PostalAddress, load_postal_addresses
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_LONGEST_TOWN = 35
_PLANNED = """
SELECT line.debtor_id, line.item_id, batch.collect_on, line.cents, mandate.scheme,
       mandate.reference, creditor.creditor_identifier, mandate.iban, line.announced_on,
       line.state = 'handed_over' OR batch.state IN ('made', 'handed_over')
FROM tijdig_debitline line
JOIN tijdig_debitbatch batch
  ON batch.administration_id = line.administration_id AND batch.id = line.batch_id
JOIN tijdig_sepamandate mandate
  ON mandate.administration_id = line.administration_id AND mandate.id = line.mandate_id
JOIN tijdig_collectingaccount creditor
  ON creditor.administration_id = batch.administration_id
 AND creditor.account_id = batch.account_id
WHERE line.administration_id = %s AND line.debtor_id = ANY(%s)
  AND line.state IN ('planned', 'handed_over')
"""


@dataclass(frozen=True, slots=True)
class Collecting:
    """How an own account collects; `version` is that of the file, empty for the bank's own.

    `cut_off` and `lead_days` are those of the contract with the bank, None for what is known of it.
    """

    account_id: UUID
    iban: str
    creditor_id: str
    is_on: bool
    version: str
    notice_days: int
    invoices_announce: bool
    cut_off: time | None
    lead_days: int | None

    @property
    def bank(self) -> BankProfile:
        """How the bank of this account takes collections."""
        return find_bank(self.iban, cut_off=self.cut_off, lead_days=self.lead_days)


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate with its life; `address` is read where a file has to state it."""

    id: UUID
    debtor_id: UUID
    reference: str
    creditor_identifier: str
    scheme: str
    iban: str
    holder: str
    signed_on: date
    signed_how: str
    is_one_off: bool
    notice_days: int | None
    former_iban: str
    last_collected_on: date | None
    collected_times: int
    held_on: date | None
    held_code: str
    withdrawn_on: date | None
    withdrawn_by: str
    withdrawn_because: str
    address: AddressRecord | None = None


_COLLECTING = """
SELECT own.account_id, account.iban, own.creditor_identifier, own.is_on, own.version,
       own.notice_days, own.invoices_announce, own.cut_off, own.lead_days
FROM tijdig_collectingaccount own
JOIN tijdig_account account
  ON account.administration_id = own.administration_id AND account.id = own.account_id
WHERE own.administration_id = %s ORDER BY own.is_on DESC, account.iban
"""
_FIELDS = tuple(name for name in MandateRow.__dataclass_fields__ if name != "address")


def list_collecting() -> tuple[Collecting, ...]:
    """Every own account of which somebody said how it collects; the one that does comes first."""
    rows = execute(_COLLECTING, [active_administration()]).fetchall()
    return tuple(Collecting(*row) for row in rows)


def find_collecting() -> Collecting | None:
    """The account that collects now; None where none does."""
    found = list_collecting()
    return found[0] if found and found[0].is_on else None


def require_creditor_id() -> str:
    """The creditor identifier that mandates are for. Refuses: none was given yet."""
    found = list_collecting()
    if not found:
        raise Refusal(
            "Vul eerst uw incassant-ID in, bij Instellingen, Incasso. Een machtiging geldt voor dat"
            " nummer.",
            "First give your creditor identifier, at Settings, Direct debit. A mandate is for that"
            " number.",
        )
    return found[0].creditor_id


def load_planned(debtor_ids: list[UUID]) -> dict[UUID, dict[UUID, PlannedCollection]]:
    """What is to be collected of these debtors, by debtor and open item."""
    found: dict[UUID, dict[UUID, PlannedCollection]] = {}
    rows = execute(_PLANNED, [active_administration(), debtor_ids]).fetchall()
    for debtor_id, *row in rows:
        found.setdefault(debtor_id, {})[row[0]] = PlannedCollection(*row)
    return found


def list_mandates_of(debtor_id: UUID) -> tuple[MandateRow, ...]:
    """The mandates of a debtor, those that stand first, the latest signed first."""
    rows = SepaMandate.objects.filter(debtor_id=debtor_id).values_list(*_FIELDS)
    found = [MandateRow(*row) for row in rows]
    return tuple(
        sorted(found, key=lambda one: (one.withdrawn_on is not None, -one.signed_on.toordinal()))
    )


def find_mandate(mandate_id: UUID) -> MandateRow | None:
    """One mandate, or None where there is none."""
    row = SepaMandate.objects.filter(id=mandate_id).values_list(*_FIELDS).first()
    return MandateRow(*row) if row else None


def make_mandate(row: MandateRow, *, creditor_id: str, kind: DebtorKind) -> Mandate:
    """A mandate as the rules judge it."""
    return Mandate(
        reference=row.reference,
        creditor_id=creditor_id,
        scheme=cast("Scheme", row.scheme),
        signed_on=row.signed_on,
        iban=row.iban,
        holder=row.holder,
        debtor_kind=kind,
        is_one_off=row.is_one_off,
        last_collected_on=row.last_collected_on,
        collected_times=row.collected_times,
        withdrawn_on=row.withdrawn_on,
        has_address=row.address is not None,
    )


def find_amendment(row: MandateRow, *, creditor_id: str) -> AmendmentRecord | None:
    """What a file under this identifier tells the payer's bank of the mandate; None if nothing."""
    known_as = row.creditor_identifier
    is_other = bool(known_as) and not is_same_creditor(known_as, creditor_id)
    if not is_other and not row.former_iban:
        return None
    return AmendmentRecord(iban=row.former_iban, creditor_id=known_as if is_other else "")


def load_mandates(mandate_ids: Collection[UUID]) -> dict[UUID, MandateRow]:
    """These mandates, by id."""
    rows = SepaMandate.objects.filter(id__in=set(mandate_ids)).values_list(*_FIELDS)
    return {one.id: one for one in _add_addresses([MandateRow(*row) for row in rows])}


def list_usable_mandates(debtor_ids: Collection[UUID]) -> dict[UUID, list[MandateRow]]:
    """The mandates of each of these debtors that stand and are not held, the latest first.

    Without the one-off mandates that a collection under way uses already, and without those of a
    debtor whose bank cast doubt on another one since, until a person has looked.
    """
    doubted = SepaMandate.objects.filter(
        debtor_id=OuterRef("debtor_id"), withdrawn_on=None, held_on__gte=OuterRef("signed_on")
    )
    under_way = DebitLine.objects.filter(mandate__is_one_off=True, state__in=LIVING)
    found: dict[UUID, list[MandateRow]] = {one: [] for one in debtor_ids}
    standing = SepaMandate.objects.filter(
        debtor_id__in=set(debtor_ids), withdrawn_on=None, held_on=None
    ).exclude(Exists(doubted) | Q(id__in=under_way.values("mandate_id")))
    rows = standing.order_by("-signed_on", "-id").values_list(*_FIELDS)
    for mandate in _add_addresses([MandateRow(*row) for row in rows]):
        found[mandate.debtor_id].append(mandate)
    return found


def count_held() -> int:
    """Mandates that wait for a person, because of what a bank answered."""
    return SepaMandate.objects.filter(withdrawn_on=None, held_on__isnull=False).count()


def _add_addresses(rows: Sequence[MandateRow]) -> list[MandateRow]:
    """The same, with the address of the payer where his account asks for it and it is known."""
    needed = {one.debtor_id for one in rows if needs_payer_address(one.iban)}
    known = load_postal_addresses(needed) if needed else {}
    return [replace(one, address=_make_address(known.get(one.debtor_id))) for one in rows]


def _make_address(known: PostalAddress | None) -> AddressRecord | None:
    if known is None or not known.country or not clean_text(known.city, longest=_LONGEST_TOWN):
        return None
    return AddressRecord(
        street=known.street, postcode=known.postal_code, town=known.city, country=known.country
    )
