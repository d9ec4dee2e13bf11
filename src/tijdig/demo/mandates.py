"""Who lets the demo school collect: the parents who signed, and the list that says so."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from tijdig.demo.world import Creditor, Debtor, World

COLLECTOR = "wilgenhoek"
_COLLECTS_DAYS_AGO = 80
_KNOWS_ITS_ACCOUNT_AFTER_DAYS = 60
_SIGNED_DAYS_BEFORE = 20
_MOST_PROMPT, _MOST_LATE = 8, 2


def collects_from(world: World, creditor: Creditor) -> date | None:
    """The day from which this creditor collects; None for who waits for the money.

    Who has not kept books for two months by then knows no account yet, and no debtors.
    """
    on = world.anchor_on - timedelta(days=_COLLECTS_DAYS_AGO)
    is_known = world.begins_on <= on - timedelta(days=_KNOWS_ITS_ACCOUNT_AFTER_DAYS)
    return on if creditor.slug == COLLECTOR and is_known else None


def list_signers(creditor: Creditor) -> tuple[Debtor, ...]:
    """The debtors with a mandate: most pay well by themselves, the last two do not."""
    if creditor.slug != COLLECTOR:
        return ()
    prompt = [one for one in creditor.debtors if one.habit == "prompt" and one.email]
    late = [one for one in creditor.debtors if one.habit == "late" and one.email]
    return (*prompt[:_MOST_PROMPT], *late[:_MOST_LATE])


def write_mandates(signers: Sequence[Debtor], *, on: date) -> tuple[str, bytes]:
    """The list of mandates as the school's package exports it: name and content."""
    signed_on = on - timedelta(days=_SIGNED_DAYS_BEFORE)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Machtigingsnummer", "Debiteurnr", "IBAN", "Ten name van", "Getekend op"))
    for one in signers:
        writer.writerow(
            (f"M-{one.number}", one.number, one.iban, one.name, f"{signed_on:%d-%m-%Y}")
        )
    return "machtigingen.csv", out.getvalue().encode()
