"""Wet: the numbers of the law with their source, and a calculator; for everybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tijdig.core.direct_debits import scheme
from tijdig.core.law import tables
from tijdig.core.law.catalogue import explain_unchecked, list_unchecked
from tijdig.core.law.dated import Dated, LawTable, RateTables, compute_checked_on, explain_stale
from tijdig.core.money import format_euros, format_percent
from tijdig.core.problem import Refusal, Sentence
from tijdig.tenants.law_rates import (
    RateChange,
    describe_rate_change,
    load_rate_changes,
    load_rates,
)
from tijdig.web.clock import demo_today
from tijdig.web.labels import Label
from tijdig.web.language import say
from tijdig.web.law_forms import ANSWERS, Result

CONFIDENCE = {
    "high": Label(_("zeker"), "good"),
    "medium": Label(_("redelijk zeker"), "calm"),
    "low": Label(_("niet nagelezen"), "warn"),
}
DAYS = (
    tables.LETTER_DAYS,
    tables.LETTER_MARGIN_DAYS,
    tables.NOTICE_TERM_DAYS,
    tables.POSTAL_DAYS,
    tables.DEFAULT_TERM_DAYS,
    tables.LONGEST_BUSINESS_TERM_DAYS,
    tables.LONGEST_TERM_TO_SMALL_DAYS,
    tables.LONGEST_PUBLIC_TERM_DAYS,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the law as the page shows it."""

    from_on: date
    value: str | Promise
    row: Dated[Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the law as the page shows it, the newest row first."""

    table: LawTable[Any]
    confidence: Label
    checked_on: date
    rows: tuple[Row, ...]
    stale: Sentence | None = None
    changes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator:
    """One form of the page, and what it gave."""

    name: str
    title: str | Promise
    form: forms.Form
    result: Result | None


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """The tables and the calculators. A file of rates that cannot be read is said, not skipped."""
    today = demo_today()
    try:
        rates, changes = load_rates(), load_rate_changes()
    except Refusal as refusal:
        because = {"because": say(refusal.because)}
        return render(request, "web/refusal.html", because, status=409)
    context: dict[str, object] = {
        "calculators": list(_list_calculators(request, rates, today)),
        "rates": [
            _show_rate(rates.statutory, changes, today),
            _show_rate(rates.commercial, changes, today),
        ],
        "scale": _show(tables.COST_SCALE, _("staffel")),
        "brackets": list(_list_brackets()),
        "bounds": tables.COST_SCALE.rows[-1].value,
        "others": [*(_show_days(table) for table in DAYS), *_list_weekdays(), *_list_others()],
        "limitation": [_show_years(table) for table in tables.LIMITATION_TERMS.values()],
        "unchecked": explain_unchecked(list_unchecked(today)),
        "checked_on": tables.CHECKED_ON,
    }
    return render(request, "web/law.html", context)


def _list_calculators(request: HttpRequest, rates: RateTables, today: date) -> Iterator[Calculator]:
    titles = {
        "kosten": _("Incassokosten"),
        "rente": _("Rente"),
        "brief": _("Veertiendagenbrief"),
    }
    for name, (kind, answer) in ANSWERS.items():
        is_asked = request.GET.get("reken") == name
        form = kind(request.GET if is_asked else None, auto_id=f"id_{name}_%s")
        result = None
        if is_asked and form.is_valid():
            try:
                result = answer(form.cleaned_data, rates=rates, today=today)
            except Refusal as refusal:
                form.add_error(None, say(refusal.because))
        yield Calculator(name, titles[name], form, result)


def _show_rate(table: LawTable[Decimal], changes: Iterable[RateChange], today: date) -> Shown:
    rows = tuple(Row(one.from_on, format_percent(one.value), one) for one in reversed(table.rows))
    stale = explain_stale(table, today)
    told = tuple(describe_rate_change(one) for one in changes if one.kind == table.key)
    return Shown(table, CONFIDENCE[table.confidence], compute_checked_on(table), rows, stale, told)


def _show_days(table: LawTable[int]) -> Shown:
    rows = tuple(
        Row(one.from_on, say(Sentence(f"{one.value} dagen", f"{one.value} days")), one)
        for one in reversed(table.rows)
    )
    return Shown(table, CONFIDENCE[table.confidence], compute_checked_on(table), rows)


def _show_years(table: LawTable[int]) -> Shown:
    rows = tuple(
        Row(one.from_on, say(Sentence(f"{one.value} jaar", f"{one.value} years")), one)
        for one in reversed(table.rows)
    )
    return Shown(table, CONFIDENCE[table.confidence], compute_checked_on(table), rows)


def _list_weekdays() -> Iterator[Shown]:
    """The tables of weekdays, each row with its days by name."""
    for table in (
        tables.POSTAL_WEEKDAYS_WITHOUT_DELIVERY,
        tables.POSTAL_WEEKDAYS_WITHOUT_COLLECTION,
    ):
        rows = tuple(
            Row(one.from_on, ", ".join(f"{WEEKDAYS[day]}" for day in sorted(one.value)), one)
            for one in reversed(table.rows)
        )
        yield Shown(table, CONFIDENCE[table.confidence], compute_checked_on(table), rows)


def _show(table: LawTable[Any], value: str | Promise) -> Shown:
    rows = tuple(Row(one.from_on, value, one) for one in reversed(table.rows))
    return Shown(table, CONFIDENCE[table.confidence], compute_checked_on(table), rows)


def _list_others() -> Iterator[Shown]:
    hours = tables.CONTACT_HOURS.rows[-1].value
    yield _show(tables.CONTACT_HOURS, f"{hours.from_hour:02d}:00-{hours.until_hour:02d}:00")
    yield _show(tables.COST_VAT_PERCENT, format_percent(tables.COST_VAT_PERCENT.rows[-1].value))
    months = tables.INSTALMENT_MONTHS.rows[-1].value
    yield _show(tables.INSTALMENT_MONTHS, say(Sentence(f"{months} maanden", f"{months} months")))
    yield _show_years(tables.LONGEST_RENEWED_YEARS)
    years = tables.VAT_REFUND_YEARS.rows[-1].value
    yield _show(tables.VAT_REFUND_YEARS, say(Sentence(f"na {years} jaar", f"after {years} year")))
    months = scheme.MANDATE_LAPSES_AFTER_MONTHS.rows[-1].value
    lapses = say(Sentence(f"{months} maanden", f"{months} months"))
    yield _show(scheme.MANDATE_LAPSES_AFTER_MONTHS, lapses)
    yield _show_days(scheme.ANNOUNCE_DAYS)
    weeks = scheme.REFUND_WEEKS.rows[-1].value
    yield _show(scheme.REFUND_WEEKS, say(Sentence(f"{weeks} weken", f"{weeks} weeks")))
    months = scheme.UNAUTHORISED_MONTHS.rows[-1].value
    yield _show(scheme.UNAUTHORISED_MONTHS, say(Sentence(f"{months} maanden", f"{months} months")))


def _list_brackets() -> Iterator[tuple[str, str]]:
    """Each part of the principal and its percentage, in words."""
    below = 0
    for upper, percent in tables.COST_SCALE.rows[-1].value.brackets:
        if upper is None:
            part = Sentence(f"boven {format_euros(below)}", f"above {format_euros(below)}")
        else:
            text = f"{format_euros(below)} - {format_euros(upper)}"
            part = Sentence(text, text)
        yield say(part), format_percent(percent)
        below = upper or below
