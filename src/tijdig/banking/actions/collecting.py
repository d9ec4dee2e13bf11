"""Say how an own account collects."""

from datetime import date, datetime, time
from uuid import UUID

from tijdig.banking.actions import debits
from tijdig.banking.direct_debits.models import CollectingAccount, DebitBatch
from tijdig.core.direct_debits.deadlines import announce_by
from tijdig.core.direct_debits.mandates import is_valid_creditor_id
from tijdig.core.problem import Refusal
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

MOST_LEAD_DAYS = 10
_IS_OFF = "Op deze rekening wordt niet meer geïncasseerd."
VERSIONS = ("", "001.02", "001.08")


def set_collecting(
    account_id: UUID,
    *,
    creditor_id: str,
    is_on: bool,
    version: str = "",
    notice_days: int = 14,
    invoices_announce: bool = False,
    cut_off: time | None = None,
    lead_days: int | None = None,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """This account collects in this way from now on; turned on, the others do no more.

    What waits on an account that does not collect any more, and is in no file yet, is withdrawn.
    Refuses: a creditor identifier with wrong check digits, a term of notice that may not be, more
    banking days than a bank asks.
    """
    plain = creditor_id.replace(" ", "").upper()
    _refuse_what_no_bank_takes(plain, version, notice_days, lead_days, today)
    lock_administration()
    debits.lock_collecting()
    if is_on:
        CollectingAccount.objects.exclude(account_id=account_id).update(is_on=False)
    told = {
        "creditor_identifier": plain,
        "is_on": is_on,
        "version": version,
        "notice_days": notice_days,
        "invoices_announce": invoices_announce,
        "cut_off": cut_off,
        "lead_days": lead_days,
    }
    kept, _ = CollectingAccount.objects.update_or_create(
        administration_id=active_administration(),
        account_id=account_id,
        defaults={**told, "set_by": actor, "set_at": now},
    )
    happened = Happened("collecting_set", "collecting_account", kept.id, None, told)
    record([happened], today=today, now=now, actor=actor)
    _withdraw_waiting(today=today, now=now, actor=actor)


def _withdraw_waiting(*, today: date, now: datetime, actor: str) -> None:
    collecting = CollectingAccount.objects.filter(is_on=True).values("account_id")
    waiting = DebitBatch.objects.filter(state__in=("proposed", "approved"))
    for one in waiting.exclude(account_id__in=collecting).order_by("id"):
        debits.withdraw_batch(one.id, because=_IS_OFF, today=today, now=now, actor=actor)


def _refuse_what_no_bank_takes(
    creditor_id: str, version: str, notice_days: int, lead_days: int | None, today: date
) -> None:
    if not is_valid_creditor_id(creditor_id):
        raise Refusal(
            "Het incassant-ID klopt niet. U vindt het in uw incassocontract; het begint met NL,"
            " twee cijfers en ZZZ.",
            "The creditor identifier is not right. It is in your contract with the bank; it begins"
            " with NL, two digits and ZZZ.",
        )
    announce_by(today, days_agreed=notice_days)
    if version not in VERSIONS:
        raise Refusal("Kies een versie van de lijst.", "Choose a version from the list.")
    if lead_days is not None and not 1 <= lead_days <= MOST_LEAD_DAYS:
        raise Refusal(
            f"Een bank vraagt 1 tot {MOST_LEAD_DAYS} bankwerkdagen. Kijk in uw incassocontract.",
            f"A bank asks 1 to {MOST_LEAD_DAYS} banking days. Look in your contract.",
        )
