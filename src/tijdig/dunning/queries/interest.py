"""What was paid on invoices and on the interest over them, and which interest was asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.core.facts import OpenItem
from tijdig.core.interest_claims import AGREED_ARTICLE, InterestAccount
from tijdig.core.law.imputation import Order
from tijdig.core.law.paid_interest import Movement
from tijdig.core.plans import pays_terms
from tijdig.ledger.queries.interest_agreements import load_agreed_interest
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

# Open invoices, and others that interest was asked for. What comes from one source counts once, on
# its first day: a match that was undone is no payment. A line over several invoices (of before) is
# of each in proportion. `start` is what never was owed, or was settled on a day nobody knows.
_MOVEMENTS = """
WITH own AS (
    SELECT item.debtor_id, item.id AS invoice_id, item.id AS item_id, false AS is_line,
           1::numeric AS share, NULL::date AS claimed_on, NULL::date AS from_on
    FROM tijdig_openitem item
    WHERE item.administration_id = %(administration)s AND item.debtor_id = ANY(%(debtors)s)
      AND item.kind = 'invoice' AND (item.closed_on IS NULL OR EXISTS (
            SELECT FROM tijdig_claimpart part JOIN tijdig_claimline line
              ON line.administration_id = part.administration_id AND line.id = part.line_id
            WHERE part.administration_id = item.administration_id
              AND part.open_item_id = item.id AND line.kind = 'interest'))
    UNION ALL
    SELECT item.debtor_id, item.id, line.open_item_id, true,
           part.principal_cents / (
                SELECT sum(every.principal_cents) FROM tijdig_claimpart every
                WHERE every.administration_id = line.administration_id
                  AND every.line_id = line.id),
           line.claimed_on, line.from_on
    FROM tijdig_openitem item
    JOIN tijdig_claimpart part
      ON part.administration_id = item.administration_id AND part.open_item_id = item.id
    JOIN tijdig_claimline line
      ON line.administration_id = part.administration_id AND line.id = part.line_id
    WHERE item.administration_id = %(administration)s AND item.debtor_id = ANY(%(debtors)s)
      AND line.kind = 'interest'
), moved AS (
    SELECT own.*, entry.on, entry.cents, entry.source_kind, entry.source_id,
           line.imputation, line.named_by_payer,
           CASE
             WHEN own.is_line AND entry.kind IN ('interest', 'withdrawn') THEN 'asked'
             WHEN entry.kind = 'waived' THEN CASE WHEN own.is_line THEN 'interest'
                                                  ELSE 'principal' END
             WHEN entry.kind IN ('discount', 'rounding') THEN 'principal'
             WHEN entry.source_kind = 'moved_costs' THEN 'claim'
             WHEN NOT own.is_line AND entry.kind IN (
                    'invoiced', 'credited', 'set_off', 'settled_in_books') THEN 'start'
             ELSE 'claim'
           END AS what
    FROM own JOIN tijdig_entry entry
      ON entry.administration_id = %(administration)s AND entry.open_item_id = own.item_id
    LEFT JOIN tijdig_bankline line
      ON entry.source_kind = 'bank_line' AND line.administration_id = %(administration)s
     AND line.id = entry.source_id
    WHERE entry.source_kind <> 'correction' OR entry.kind <> 'set_off'
)
SELECT debtor_id, invoice_id, what,
       CASE WHEN what = 'asked' THEN item_id END AS line_item_id,
       min(claimed_on), min(from_on), min("on"), round(sum(cents * share))::bigint,
       coalesce(max(imputation), ''), coalesce(bool_or(named_by_payer), false)
FROM moved
GROUP BY debtor_id, invoice_id, what, CASE WHEN what = 'asked' THEN item_id END,
         CASE WHEN what NOT IN ('asked', 'start') THEN source_kind END,
         CASE WHEN what NOT IN ('asked', 'start') THEN source_id END
ORDER BY invoice_id, min(claimed_on) DESC, line_item_id DESC, min("on")
"""

# The invoice on paper, and whether it was asked as of a business or a public body.
_ASKED_OVER = """
SELECT invoice.open_item_id, invoice.number, invoice.issued_on, invoice.due_on, invoice.term,
       invoice.by_direct_debit, bool_or(line.article NOT IN ('BW 6:119', %(agreed)s))
FROM tijdig_invoice invoice
JOIN tijdig_claimpart part
  ON part.administration_id = invoice.administration_id
 AND part.open_item_id = invoice.open_item_id
JOIN tijdig_claimline line
  ON line.administration_id = part.administration_id AND line.id = part.line_id
WHERE invoice.administration_id = %(administration)s AND invoice.open_item_id = ANY(%(invoices)s)
  AND line.kind = 'interest'
GROUP BY invoice.administration_id, invoice.id
"""

# Which invoices were in a payment plan, and on which days: it may run still. And whether its debtor
# was no business yet by what was known then: he was told without a condition that it costs nothing.
_PLANNED = """
SELECT plan.debtor_id, part.item_id, plan.agreed_on, plan.ended_on, EXISTS (
           SELECT FROM tijdig_event event
           WHERE event.administration_id = plan.administration_id
             AND event.debtor_id = plan.debtor_id AND event.kind = 'debtor_changed'
             AND event.on >= plan.agreed_on
             AND event.data->'changes'->'kind'->>0 IN ('unknown', 'consumer'))
FROM tijdig_plan plan
JOIN tijdig_planitem part
  ON part.administration_id = plan.administration_id AND part.plan_id = plan.id
WHERE plan.administration_id = %(administration)s AND plan.debtor_id = ANY(%(debtors)s)
ORDER BY plan.id
"""

_Accounts = dict[UUID, dict[UUID, InterestAccount]]


def load_interest_accounts(debtor_ids: Sequence[UUID]) -> _Accounts:
    """Per debtor the account of each open invoice, and of those that interest was asked for."""
    asked = {"administration": active_administration(), "debtors": list(debtor_ids)}
    rows: defaultdict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for debtor_id, invoice_id, *row in fetch(_MOVEMENTS, asked):
        rows[debtor_id, invoice_id].append(row)
    today_chosen = load_administration().imputation
    accounts: _Accounts = {debtor_id: {} for debtor_id in debtor_ids}
    agreed = load_agreed_interest(debtor_ids)
    for (debtor_id, invoice_id), own in rows.items():
        account = replace(_make_account(own, today_chosen), agreements=agreed[debtor_id])
        accounts[debtor_id][invoice_id] = account
    _add_invoices(accounts)
    _add_plans(accounts, asked)
    return accounts


def _add_plans(accounts: _Accounts, asked: Mapping[str, object]) -> None:
    """The days of payment plans, from the day after the agreement up to and including the last.

    What was paid for a term from the agreement on is all principal.
    """
    for debtor_id, item_id, agreed_on, ended_on, was_consumer in fetch(_PLANNED, asked):
        own = accounts[debtor_id]
        if item_id in own:
            until = date.max if ended_on is None else add_days(ended_on, 1)
            days = (add_days(agreed_on, 1), until)
            planned, promised = (*own[item_id].planned, days), own[item_id].promised
            promised = (*promised, days) if was_consumer else promised
            movements = tuple(
                replace(one, order="principal_first")
                if one.to == "claim" and pays_terms(one.on, agreed_on=agreed_on, ended_on=ended_on)
                else one
                for one in own[item_id].movements
            )
            own[item_id] = replace(
                own[item_id], planned=planned, promised=promised, movements=movements
            )


def _add_invoices(accounts: _Accounts) -> None:
    """What of an invoice tells when default began, where interest was asked over it."""
    owners = {
        invoice_id: debtor_id
        for debtor_id, own in accounts.items()
        for invoice_id, account in own.items()
        if account.asked
    }
    if not owners:
        return
    asked = {
        "administration": active_administration(),
        "invoices": list(owners),
        "agreed": AGREED_ARTICLE,
    }
    for item_id, number, issued_on, due_on, term, by_debit, is_commercial in fetch(
        _ASKED_OVER, asked
    ):
        own = accounts[owners[item_id]]
        item = OpenItem(
            item_id,
            number,
            "invoice",
            issued_on,
            due_on,
            0,
            term=term,
            by_direct_debit=by_debit,
        )
        own[item_id] = replace(own[item_id], invoice=item, is_commercial=is_commercial)


def _name_order(chosen: str) -> Order:
    return "principal_first" if chosen == "principal_first" else "law"


def _make_account(rows: Sequence[Any], chosen: str) -> InterestAccount:
    """The account; a payment keeps the order that held when it was matched, others get `chosen`."""
    principal, asked, movements = 0, [], []
    starts: list[date] = []
    for what, line_item_id, _, from_on, on, cents, kept, is_named in rows:
        if what == "asked":
            asked.append((line_item_id, cents))
            starts.append(from_on)
        elif what == "start":
            principal += cents
        elif cents:
            to = cast("Literal['claim', 'principal', 'interest']", what)
            movements.append(Movement(on, cents, _name_order(kept or chosen), to, is_named))
    return InterestAccount(
        principal, tuple(movements), tuple(asked), asked_from=min(starts, default=None)
    )
