"""Whether a payer seems to be the debtor, by his account and his name."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from tijdig.core.matching.names import Likeness, compare_names
from tijdig.core.matching.records import KnownDebtor

Account = Literal["own", "shared", "another", "new", "none"]


def _weigh_account(iban: str, owners: Collection[UUID], debtor_id: UUID) -> Account:
    """Whose account it is, as far as is known, beside this debtor."""
    if not iban:
        return "none"
    if debtor_id in owners:
        return "own" if len(owners) == 1 else "shared"
    return "another" if owners else "new"


def weigh_payer(
    iban: str, owners: Collection[UUID], name: str, debtor_id: UUID, debtor: KnownDebtor | None
) -> tuple[Account, Likeness]:
    """Whether who pays from this account, under this name, seems to be this debtor."""
    likeness: Likeness = compare_names(name, debtor.name) if debtor else "unknown"
    return _weigh_account(iban, owners, debtor_id), likeness


def may_be_a_slip(account: Account, likeness: Likeness) -> bool:
    """Whether account and name say that the payer is another than whose number he wrote."""
    return likeness == "other" and account not in {"own", "shared"}
