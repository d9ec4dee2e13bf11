"""Btw terug: invoices unpaid for a year, with the record that the tax office asks, also as CSV."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.core.calendar import add_days, add_months
from tijdig.core.law.vat_refund import Filing, VatRefund, compute_period
from tijdig.desk.listing import read_asked
from tijdig.dunning.queries.vat_evidence import Effort, load_efforts
from tijdig.ledger.queries.vat_refunds import (
    MOST_ROWS,
    LateReceipt,
    UnpaidYear,
    list_late_receipts,
    list_unpaid_years,
)
from tijdig.web.downloads import make_download
from tijdig.web.labels import CHANNELS, ENTRY_KINDS, PHASES, TERMS, label_of
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("quarter", gettext_lazy("Per kwartaal")),
    ("month", gettext_lazy("Per maand")),
    ("year", gettext_lazy("Jaarlijks")),
)
# A cell that begins like a formula is run by a spreadsheet.
_LIKE_A_FORMULA = re.compile(r"^[=+\-@\t\r]")


@require_safe
@at_desk
def vat_refunds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What to ask back in a return, and on what was received later VAT is owed again."""
    asked = read_asked(request, TABS)
    filing = cast("Filing", asked.tab)
    period = compute_period(_read_day(request, desk.today), filing=filing)
    unpaid, receipts = list_unpaid_years(period), list_late_receipts(period)
    efforts = _load_efforts(unpaid)
    context = {
        "section": "invoices",
        "asked": asked,
        "period": period,
        "last_on": add_days(period.until, -1),
        "before": add_months(period.from_on, -1),
        "after": period.until,
        "unpaid": [
            (row, label_of(TERMS, row.term), [(one, _name(one)) for one in efforts[row.item_id]])
            for row in unpaid
        ],
        "unpaid_cents": sum(row.open_cents for row in unpaid),
        "receipts": [(row, label_of(ENTRY_KINDS, row.kind)) for row in receipts],
        "refund_cents": _add_known([row.refund_cents for row in unpaid]),
        "received_cents": sum(row.cents for row in receipts),
        "owed_cents": _add_known([row.owed_cents for row in receipts]),
        "refund_is_part": any(row.refund_cents is None for row in unpaid),
        "owed_is_part": any(row.owed_cents is None for row in receipts),
        "unknown": len(
            {row.invoice_number for row in unpaid if row.refund_cents is None}
            | {row.invoice_number for row in receipts if row.owed_cents is None}
        ),
        "is_cut": max(len(unpaid), len(receipts)) >= MOST_ROWS,
        "most": MOST_ROWS,
    }
    return render(request, "desk/vat_refund/list.html", context)


@require_safe
@at_desk
def vat_refunds_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as a file for a spreadsheet: one row per invoice, then one per later receipt."""
    asked = read_asked(request, TABS)
    period = compute_period(_read_day(request, desk.today), filing=cast("Filing", asked.tab))
    content = _write(period, list_unpaid_years(period), list_late_receipts(period))
    name = f"btw-terug-{desk.slug}-{period.period}.csv"
    return make_download(content, name=name, media_type="text/csv")


def _load_efforts(unpaid: Sequence[UnpaidYear]) -> Mapping[UUID, Sequence[Effort]]:
    return load_efforts(
        [row.item_id for row in unpaid], debtor_ids=[row.debtor_id for row in unpaid]
    )


def _name(effort: Effort) -> str:
    """`Herinnering (e-mail)`."""
    phase = label_of(PHASES, effort.phase).text
    return (
        f"{phase} ({label_of(CHANNELS, effort.channel).text})" if effort.message_id else f"{phase}"
    )


def _add_known(cents: Sequence[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [one for one in cents if one is not None]
    return sum(known) if known else None


def _read_day(request: HttpRequest, today: date) -> date:
    """The day that the address names, within the years that a period can have; else today."""
    try:
        told = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return today
    return told if 2017 <= told.year <= today.year + 5 else today


def _write(
    period: VatRefund, unpaid: Sequence[UnpaidYear], receipts: Sequence[LateReceipt]
) -> bytes:
    """CSV with semicolons and a byte order mark, as Dutch spreadsheets open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for row in (_head(), *_list_unpaid(period, unpaid), *_list_receipts(period, receipts)):
        writer.writerow([_LIKE_A_FORMULA.sub(r"'\g<0>", cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _head() -> list[str]:
    return [
        _("Soort"),
        _("Tijdvak"),
        _("Factuur"),
        _("Debiteur"),
        _("Naam"),
        _("Btw-nummer van de klant"),
        _("Factuurdatum"),
        _("Laatste dag om te betalen"),
        _("Grondslag"),
        _("Factuurbedrag"),
        _("Eén jaar voorbij op"),
        _("Toen open, met btw"),
        _("Later ontvangen"),
        _("Ontvangen op"),
        _("Btw van de factuur"),
        _("Btw terugvragen of weer betalen"),
        _("Toen open, zonder btw"),
        _("Eerder betaald of verrekend"),
        _("Gedaan om te innen"),
    ]


def _list_unpaid(period: VatRefund, unpaid: Sequence[UnpaidYear]) -> Iterator[list[str]]:
    efforts = _load_efforts(unpaid)
    for row in unpaid:
        done = [f"{one.on:%d-%m-%Y} {_name(one)}" for one in efforts[row.item_id]]
        yield [
            _("btw terugvragen"),
            period.period,
            row.invoice_number,
            row.debtor_number,
            row.debtor_name,
            row.debtor_vat_number,
            f"{row.issued_on:%d-%m-%Y}",
            f"{row.due_on:%d-%m-%Y}",
            f"{label_of(TERMS, row.term).text}",
            _amount(row.invoiced_cents),
            f"{row.year_over_on:%d-%m-%Y}",
            _amount(row.open_cents),
            _amount(row.later_cents),
            "",
            _amount_if_known(row.vat_cents),
            _amount_if_known(row.refund_cents),
            _amount_if_known(row.net_cents),
            _amount(row.earlier_cents),
            "; ".join(done),
        ]


def _list_receipts(period: VatRefund, receipts: Sequence[LateReceipt]) -> Iterator[list[str]]:
    for row in receipts:
        yield [
            _("btw weer betalen"),
            period.period,
            row.invoice_number,
            row.debtor_number,
            row.debtor_name,
            "",
            "",
            f"{row.due_on:%d-%m-%Y}",
            f"{label_of(ENTRY_KINDS, row.kind).text}",
            _amount(row.invoiced_cents),
            f"{row.year_over_on:%d-%m-%Y}",
            "",
            _amount(row.cents),
            f"{row.received_on:%d-%m-%Y}",
            _amount_if_known(row.vat_cents),
            _amount_if_known(row.owed_cents),
            "",
            "",
            "",
        ]


def _amount_if_known(cents: int | None) -> str:
    return _("onbekend") if cents is None else _amount(cents)


def _amount(cents: int) -> str:
    """`1234,56`: as a Dutch spreadsheet reads a number."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"
