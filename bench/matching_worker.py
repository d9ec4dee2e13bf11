"""Fill an office with invoices and waiting payments, or match them: what matching_speed measures.

    python -m bench.matching_worker lines --invoices 1000000 --payments 100000
    python -m bench.matching_worker match

The database is that of DATABASE_URL and DATABASE_OWNER_URL, with the invoices of dunning_worker.
Payments have the habits of payment_parts, by their shares. `match` prints one line of JSON.
"""

import argparse
import json
import os
import time
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

import django

from bench.analysis import analyse
from bench.dunning_worker import find_administration, measure_peak
from bench.payment_parts import TEXT_SHARES, make_iban, pick
from bench.payment_words import CHATTER, wrap, write_number
from bench.usage import used_seconds

_ON = date(2026, 11, 2)
_NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
_PER_DEBTOR = 5
_KNOWN_SHARE = 0.75


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("lines", "match"))
    parser.add_argument("--invoices", type=int, default=0)
    parser.add_argument("--payments", type=int, default=0)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
    django.setup()
    if options.what == "lines":
        _make_lines(options.invoices, options.payments)
    else:
        print(json.dumps(_match()))


def _make_lines(invoices: int, payments: int) -> None:
    """Bank lines for invoices all over the book, and the accounts that are known already."""
    from tijdig.banking.models import Account, BankLine, Statement
    from tijdig.ledger.belongings.models import DebtorIban
    from tijdig.ledger.models import Debtor
    from tijdig.tenants.bulk import insert_rows
    from tijdig.tenants.ids import new_id
    from tijdig.tenants.scope import administration_scope

    chance = Random(7)
    administration_id = find_administration()
    with administration_scope(administration_id):
        same = {"administration": administration_id}
        account = Account.objects.create(
            administration_id=administration_id, iban="NL91ABNA0417164300", currency="EUR"
        )
        statement = Statement.objects.create(
            administration_id=administration_id, account=account, identification="1",
            content_hash="1", import_id=new_id(),
        )  # fmt: skip
        debtors = dict(Debtor.objects.values_list("number", "id"))
        lines, ibans = [], []
        for place, serial in enumerate(chance.sample(range(invoices), payments)):
            debtor = f"D{serial // _PER_DEBTOR:07d}"
            iban = make_iban(chance)
            if chance.random() < _KNOWN_SHARE:
                ibans.append((new_id(), debtors[debtor], iban, "bench"))
            text = _write(serial, debtor, chance)
            cents = 10_000 + serial % 90_000
            lines.append(
                (new_id(), f"{place}", cents, iban, f"DEBITEUR {serial // _PER_DEBTOR}", text)
            )
        insert_rows(DebtorIban, ("id", "debtor", "iban", "learned_from"), ibans, same=same)
        same |= {"account": account.id, "statement": statement.id, "booked_on": _ON}
        same |= {"value_on": _ON, "state": "unmatched", "reference": "", "end_to_end_id": ""}
        same |= {"is_reversal": False, "return_reason": "", "mandate_id": "", "match_kind": ""}
        same |= {"bank_reference": "", "batch_id": "", "batch_count": 0, "charges_cents": 0}
        same |= {"because_nl": "", "because_en": "", "further_references": "[]", "documents": "[]"}
        columns = ("id", "key", "cents", "counter_iban", "counter_name", "text")
        insert_rows(BankLine, columns, lines, same=same)
    analyse(os.environ["DATABASE_OWNER_URL"])


def _write(serial: int, debtor: str, chance: Random) -> str:
    habit = pick(chance, TEXT_SHARES)
    if habit in {"chatter", "order", "reminder"}:
        return chance.choice(CHATTER)
    if habit == "debtor_only":
        return f"klantnummer {debtor}"
    number = f"F{serial:07d}"
    if habit == "with_debtor":
        return f"klantnr {debtor} {number}"
    return wrap(write_number(number, habit, chance), chance)


def _match() -> dict[str, float]:
    from tijdig.banking.actions.matching import match_unmatched
    from tijdig.tenants.scope import administration_scope

    administration_id: UUID = find_administration()
    started, used = time.perf_counter(), used_seconds()
    with administration_scope(administration_id):
        counts = match_unmatched(asked=(), today=_ON, now=_NOW, actor="bench")
    return {
        "seconds": time.perf_counter() - started,
        "used_seconds": used_seconds() - used,
        "matched": counts.matched,
        "proposed": counts.proposed,
        "unmatched": counts.unmatched,
        "peak_mb": measure_peak(),
    }


if __name__ == "__main__":
    main()
