"""The office that Tryton duns: company, chart of accounts, procedure, debtors, invoices past due.

Runs inside the environment of `bench/tryton.py`. Nothing here is measured, so the bulk goes in by
SQL; the rows hold what Tryton's own `Move.post` would leave: one posted move per invoice with one
receivable and one revenue line. Everything lies before RUN_ON, so that each invoice is due.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from trytond import backend  # type: ignore[import-not-found]
from trytond.pool import Pool  # type: ignore[import-not-found]
from trytond.transaction import Transaction, TransactionError  # type: ignore[import-not-found]

RUN_ON = date(2026, 11, 2)
LEVELS_OVERDUE_DAYS = (5, 14, 30)
_CHART = ("account", "account_template_root_en")

_PARTIES = """
INSERT INTO party_party (id, name, code, active, create_date, create_uid)
SELECT %(party)s + n, 'Debtor ' || n, 'D' || lpad(n::text, 7, '0'), TRUE, now(), 0
FROM generate_series(1, %(parties)s) AS n
"""
_PROCEDURES = """
INSERT INTO party_party_dunning_procedure (party, dunning_procedure, create_date, create_uid)
SELECT %(party)s + n, %(procedure)s, now(), 0 FROM generate_series(1, %(parties)s) AS n
"""
_MOVES = """
INSERT INTO account_move
    (id, number, company, period, journal, date, post_date, state, create_date, create_uid)
SELECT %(move)s + n, 'F' || n, %(company)s, %(period)s, %(journal)s, %(issued_on)s, %(issued_on)s,
    'posted', now(), 0
FROM generate_series(1, %(invoices)s) AS n
"""
_RECEIVABLE_LINES = """
INSERT INTO account_move_line
    (move, account, party, debit, credit, maturity_date, state, create_date, create_uid)
SELECT %(move)s + n, %(receivable)s, %(party)s + 1 + (n - 1) / %(per_debtor)s,
    100 + n %% 900, 0, %(run_on)s::date - (6 + n %% 25), 'valid', now(), 0
FROM generate_series(1, %(invoices)s) AS n
"""
_REVENUE_LINES = """
INSERT INTO account_move_line
    (move, account, debit, credit, state, create_date, create_uid)
SELECT %(move)s + n, %(revenue)s, 0, 100 + n %% 900, 'valid', now(), 0
FROM generate_series(1, %(invoices)s) AS n
"""


def build_office(database: str) -> None:
    """Fill an empty database with Tryton, one company, its books and a dunning procedure."""
    _activate(database)
    company = _in_transaction(database, lambda: _create_company().id)
    _in_transaction(database, lambda: _create_books(company), company=company)


def add_invoices(database: str, *, invoices: int, per_debtor: int) -> int:
    """The id of the company whose books now hold that many open invoices, all past due."""
    Pool.start()
    Pool(database).init()
    facts: dict[str, int] = _in_transaction(database, _find_facts)
    with Transaction().start(database, 0) as transaction:
        cursor = transaction.connection.cursor()
        _insert_invoices(cursor, facts, invoices=invoices, per_debtor=per_debtor)
    return facts["company"]


def _in_transaction(database: str, work: Callable[[], Any], **context: object) -> Any:
    """What `work` returns; begun again with the locks that Tryton asks for on the way."""
    extras: dict[str, Any] = {}
    while True:
        with Transaction().start(database, 0, context=dict(context), **extras) as transaction:
            try:
                return work()
            except TransactionError as error:
                transaction.rollback()
                error.fix(extras)


def _activate(name: str) -> None:
    """Fill an empty database with Tryton and its dunning module, in English alone."""
    database = backend.Database(name)
    database.connect()
    database.init()
    Pool.start()
    Pool(name).init(update=["ir", "res"], lang=["en"])
    with Transaction().start(name, 0):
        Pool(name).get("ir.module").update_list()
    Pool(name).init(update=["account_dunning"], lang=["en"], activatedeps=True)


def _create_company() -> Any:
    currency = _model("currency.currency")(name="Euro", symbol="€", code="EUR")
    currency.rounding, currency.digits = Decimal("0.01"), 2
    currency.save()
    _model("currency.currency.rate")(currency=currency, date=date(2026, 1, 1), rate=1).save()
    party = _model("party.party")(name="Creditor")
    party.save()
    company = _model("company.company")(party=party, currency=currency)
    company.save()
    return company


def _create_books(company: int) -> None:
    _create_chart(company)
    _create_period(company)
    _create_procedure()


def _find_facts() -> dict[str, int]:
    found = {
        "company": _model("company.company").search([]),
        "period": _model("account.period").search([]),
        "procedure": _model("account.dunning.procedure").search([]),
        "journal": _model("account.journal").search([("code", "=", "REV")]),
        "receivable": _model("account.account").search([("type.receivable", "=", True)]),
        "revenue": _model("account.account").search([("type.revenue", "=", True)]),
    }
    return {name: rows[0].id for name, rows in found.items()}


def _create_chart(company: int) -> None:
    template = _model("account.account.template")(_model("ir.model.data").get_id(*_CHART))
    create_chart = Pool().get("account.create_chart", type="wizard")
    session, _, _ = create_chart.create()
    wizard = create_chart(session)
    wizard.account.account_template = template
    wizard.account.company = company
    wizard.transition_create_account()


def _create_period(company: int) -> None:
    (kind,) = _model("ir.sequence.type").search([("name", "=", "Account Move")], limit=1)
    sequence = _model("ir.sequence.strict")(name="2026", sequence_type=kind, company=company)
    sequence.save()
    year = _model("account.fiscalyear")(name="2026", company=company)
    year.start_date, year.end_date = date(2026, 1, 1), date(2026, 12, 31)
    year.move_sequence = sequence
    year.save()
    period = _model("account.period")(name="2026", fiscalyear=year)
    period.start_date, period.end_date = year.start_date, year.end_date
    period.save()


def _create_procedure() -> None:
    level = _model("account.dunning.level")
    procedure = _model("account.dunning.procedure")(name="Standard")
    procedure.levels = [
        level(sequence=place, overdue=timedelta(days=days))
        for place, days in enumerate(LEVELS_OVERDUE_DAYS)
    ]
    procedure.save()


def _insert_invoices(cursor: Any, facts: dict[str, int], *, invoices: int, per_debtor: int) -> None:
    cursor.execute("SELECT max(id) FROM party_party")
    values = facts | {
        "party": cursor.fetchone()[0],
        "move": 0,
        "parties": -(-invoices // per_debtor),
        "invoices": invoices,
        "per_debtor": per_debtor,
        "run_on": RUN_ON,
        "issued_on": RUN_ON - timedelta(days=60),
    }
    for statement in (_PARTIES, _PROCEDURES, _MOVES, _RECEIVABLE_LINES, _REVENUE_LINES):
        cursor.execute(statement, values)
    for table in ("party_party", "account_move"):
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        )


def _model(name: str) -> Any:
    return Pool().get(name)
