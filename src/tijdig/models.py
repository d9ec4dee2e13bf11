"""All tables, so that Django finds them."""

from tijdig.banking.models import Account, BankLine, Statement
from tijdig.dunning.models import Call, Decision, Halt, Notice, PolicyStep, PolicyVersion, Run
from tijdig.intake.models import Import, ImportProblem, Source
from tijdig.ledger.models import (
    BookBalance,
    ClaimLine,
    ClaimPart,
    Contact,
    Debtor,
    DebtorIban,
    Entry,
    Invoice,
    InvoiceDocument,
    OpenItem,
)
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import (
    Administration,
    Instance,
    Membership,
    Organisation,
    SignInLink,
    User,
)
from tijdig.timeline.models import Event, Salt, Seal

__all__ = [
    "Account",
    "Administration",
    "BankLine",
    "BookBalance",
    "Call",
    "ClaimLine",
    "ClaimPart",
    "Contact",
    "Debtor",
    "DebtorIban",
    "Decision",
    "Entry",
    "Event",
    "Halt",
    "Import",
    "ImportProblem",
    "Instance",
    "Invoice",
    "InvoiceDocument",
    "Membership",
    "Message",
    "MessageBody",
    "Notice",
    "OpenItem",
    "Organisation",
    "PolicyStep",
    "PolicyVersion",
    "Run",
    "Salt",
    "Seal",
    "SignInLink",
    "Source",
    "Statement",
    "User",
]
