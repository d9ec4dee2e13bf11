"""An administration that collects: an own account, a creditor identifier, and mandates."""

from datetime import date
from uuid import UUID

from tests.integration.office import IBAN, at, make_administration

from tijdig.banking.actions import mandates
from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.actions.mandates import StatedMandate
from tijdig.banking.models import Account
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

# Both invented, with right check digits.
CREDITOR_ID = "NL69ZZZ123456780000"
PAYER_IBAN = "NL20INGB0001234567"
SIGNED_ON = date(2026, 1, 5)


def make_collecting(*, sending: bool = True, **told: object) -> UUID:
    """An administration whose account collects."""
    administration_id = make_administration(sending=sending)
    with administration_scope(administration_id):
        account = Account.objects.create(
            administration_id=administration_id,
            iban=IBAN,
            currency="EUR",
            confirmed_at=at(SIGNED_ON),
            confirmed_by="test",
        )
        asked: dict[str, object] = {"creditor_id": CREDITOR_ID, "is_on": True, **told}
        set_collecting(account.id, **asked, today=SIGNED_ON, now=at(SIGNED_ON), actor="test")  # type: ignore[arg-type]
    return administration_id


def make_stated(reference: str = "M-1001", **told: object) -> StatedMandate:
    """A mandate on paper."""
    usual: dict[str, object] = {
        "iban": PAYER_IBAN,
        "holder": "Café Voorbeeld",
        "signed_on": SIGNED_ON,
    }
    return StatedMandate(**{"reference": reference, **usual, **told})  # type: ignore[arg-type]


def sign(administration_id: UUID, number: str = "1001", *, today: date, **told: object) -> UUID:
    """The id of a mandate that the debtor of this number signed."""
    stated = make_stated(**{"reference": f"M-{number}", **told})  # type: ignore[arg-type]
    with administration_scope(administration_id):
        debtor_id = Debtor.objects.get(number=number).id
        return mandates.sign(debtor_id, stated, today=today, now=at(today), actor="test")
