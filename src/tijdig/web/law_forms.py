"""The calculators of the page Wet: what a visitor fills in, and what the law answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tijdig.core.law.articles import explain_interest, get_interest_article
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.law.dated import RateTables
from tijdig.core.law.interest import (
    InterestKind,
    InterestLine,
    InterestTerms,
    compute_late_interest,
)
from tijdig.core.law.tables import COST_SCALE, COST_VAT_PERCENT, LETTER_DAYS, POSTAL_DAYS
from tijdig.core.law.veertiendagenbrief import SentBy, compute_letter_days
from tijdig.core.problem import Sentence

MOST_AMOUNTS = 100
_BETWEEN = re.compile(r"[;\s]+")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?")
_SIGN = re.compile(r"€\s*|\beuro\b|\bEUR\s*", re.IGNORECASE)
_ISO_DAYS = ["%Y-%m-%d", "%d-%m-%Y"]
_NO, _YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class Result:
    """What the law answers: cents, days or numbers of days, each with name and article, and why.

    `lines` is the calculation of interest, each line by `article`.
    """

    figures: tuple[tuple[str | Promise, int, str], ...] = ()
    days: tuple[tuple[str | Promise, date, str | Promise], ...] = ()
    counts: tuple[tuple[str | Promise, int, str | Promise], ...] = ()
    article: str = ""
    lines: tuple[InterestLine, ...] = ()
    because: tuple[Sentence, ...] = ()


class AmountsField(forms.CharField):
    """Amounts in euros as people write them, in cents: `1.200,50 80 19,95`."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(max_length=20 * most, **options)
        self.most = most

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        words = [word for word in _BETWEEN.split(_SIGN.sub("", told)) if word]
        if not 1 <= len(words) <= self.most:
            raise forms.ValidationError(
                _("Noem 1 tot %(most)s bedragen.") if self.most > 1 else _("Noem één bedrag."),
                params={"most": self.most},
            )
        return [_read_cents(word) for word in words]


class DayField(forms.DateField):
    """A day, with the calendar of the browser."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=_ISO_DAYS, localize=False, **options)


class CostsForm(forms.Form):
    """Collection costs over what one customer has open."""

    amounts = AmountsField(
        label=_("Openstaande bedragen, in euro"),
        help_text=_("Van één klant, zonder rente. Meer bedragen: met een spatie ertussen."),
        most=MOST_AMOUNTS,
    )
    vat = forms.ChoiceField(
        label=_("Btw over de kosten"),
        help_text=_("Alleen als een bureau int en u de btw niet kunt verrekenen."),
        choices=[(_NO, _("nee")), (_YES, _("ja"))],
    )


class InterestForm(forms.Form):
    """Interest on one sum that was paid late."""

    principal = AmountsField(label=_("Bedrag, in euro"), most=1)
    kind = forms.ChoiceField(
        label=_("Soort rente"),
        choices=[
            ("statutory", _("wettelijke rente (consument)")),
            ("commercial", _("handelsrente (bedrijf)")),
            ("government", _("handelsrente (overheid)")),
            ("contract", _("afgesproken percentage")),
        ],
    )
    due_on = DayField(label=_("Laatste dag om te betalen"))
    paid_on = DayField(label=_("Dag van betaling"))
    rate = forms.DecimalField(
        label=_("Afgesproken percentage per jaar"),
        required=False,
        localize=True,
        max_digits=7,
        decimal_places=4,
    )
    compound = forms.ChoiceField(
        label=_("Rente over rente"),
        choices=[(_YES, _("ja, elk vol jaar")), (_NO, _("nee, enkelvoudig"))],
    )


class LetterForm(forms.Form):
    """The days of a veertiendagenbrief."""

    sent_on = DayField(label=_("Dag van versturen"))
    by = forms.ChoiceField(
        label=_("Verstuurd"), choices=[("post", _("per post")), ("email", _("per e-mail"))]
    )
    received_on = DayField(
        label=_("Bewezen dag van ontvangst"),
        help_text=_("Alleen invullen als u dit kunt bewijzen."),
        required=False,
    )


def answer_costs(told: Mapping[str, Any], *, rates: RateTables, today: date) -> Result:
    """The collection costs. Refuses as the rule does."""
    del rates
    costs = compute_collection_costs(told["amounts"], on=today, adds_vat=told["vat"] == _YES)
    figures = [(_("Incassokosten"), costs.costs_cents, COST_SCALE.article)]
    if costs.vat_cents:
        figures += [
            (_("Btw"), costs.vat_cents, COST_VAT_PERCENT.article),
            (_("Samen"), costs.total_cents, "BW 6:96 lid 2 onder c"),
        ]
    return Result(figures=tuple(figures), because=costs.because)


def answer_interest(told: Mapping[str, Any], *, rates: RateTables, today: date) -> Result:
    """The interest, line by line. Refuses as the rule does."""
    del today
    rate: Decimal | None = told["rate"]
    kind = cast("InterestKind", told["kind"])
    terms = InterestTerms(kind, rate, is_simple=told["compound"] == _NO)
    interest = compute_late_interest(
        sum(told["principal"]),
        due_on=told["due_on"],
        paid_on=told["paid_on"],
        terms=terms,
        rates=rates,
    )
    article = get_interest_article(terms)
    return Result(
        figures=((_("Rente"), interest.interest_cents, article),),
        lines=interest.lines,
        article=article,
        because=explain_interest(terms),
    )


def answer_letter(told: Mapping[str, Any], *, rates: RateTables, today: date) -> Result:
    """The days of the letter. Refuses as the rule does."""
    del rates, today
    days = compute_letter_days(
        told["sent_on"], by=cast("SentBy", told["by"]), received_on=told["received_on"]
    )
    received_by = "BW 3:37 lid 3" if days.is_proven else POSTAL_DAYS.article
    return Result(
        days=(
            (_("Ontvangen"), days.received_on, received_by),
            (_("Laatste dag om zonder kosten te betalen"), days.last_day_on, LETTER_DAYS.article),
            (_("Kosten mogen vanaf"), days.costs_from_on, f"{LETTER_DAYS.article}, 6:114 lid 2"),
            (_("Dag die een brief noemt"), days.printed_on, _("onze keuze")),
        ),
        counts=((_("Ruimte voor late post"), days.margin_days, _("onze keuze")),),
        because=days.because,
    )


ANSWERS: dict[str, tuple[type[forms.Form], Callable[..., Result]]] = {
    "kosten": (CostsForm, answer_costs),
    "rente": (InterestForm, answer_interest),
    "brief": (LetterForm, answer_letter),
}


def _read_cents(word: str) -> int:
    """Whole cents of `1.234,56`, `1234,56` or `1234.56`; a point before three digits groups."""
    if not _AMOUNT.fullmatch(word):
        raise forms.ValidationError(
            _("“%(word)s” is geen bedrag. Schrijf het zo: 1.200,50"), params={"word": word}
        )
    plain = word
    if "," in word or re.search(r"\.\d{3}(?!\d)", word):
        plain = word.replace(".", "").replace(",", ".")
    return int(Decimal(plain) * 100)
