"""Money, dates, IBANs and labels as the screen writes them."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tijdig.core.money import format_euros, format_percent
from tijdig.core.problem import Sentence
from tijdig.web.labels import Label
from tijdig.web.language import say

register = template.Library()

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@register.filter
def euros(cents: int) -> str:
    """`€ 1.234,56`; never broken over two lines."""
    return format_euros(cents).replace(" ", "\N{NO-BREAK SPACE}")


@register.simple_tag
def money(cents: int, currency: str) -> str:
    """An amount in its own currency: `€ 12,00`, `SEK 12,00`."""
    sign = _SIGNS.get(currency, currency)
    return euros(cents).replace("€", sign)


@register.filter
def percent(value: Decimal) -> str:
    """`10,4%`."""
    return format_percent(value)


@register.filter
def day(value: date | None) -> str:
    """`14-03-2026`: for tables."""
    return "" if value is None else value.strftime("%d-%m-%Y")


@register.filter
def long_day(value: date | None) -> str:
    """`14 maart 2026`: for text."""
    return "" if value is None else date_format(value, "j F Y")


@register.filter
def week_day(value: date) -> str:
    """`zaterdag 14 maart`: for what is near."""
    return date_format(value, "l j F")


@register.filter
def moment(value: datetime | None) -> str:
    """`14-03-2026 08:02`, in the zone of the site."""
    return "" if value is None else localtime(value).strftime("%d-%m-%Y %H:%M")


@register.filter
def clock(value: datetime) -> str:
    """`08:02`."""
    return localtime(value).strftime("%H:%M")


@register.filter
def iban(value: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


@register.filter
def said(sentence: Sentence) -> str:
    """The sentence in the language of the page."""
    return say(sentence)


@register.filter
def tag(label: Label) -> SafeString:
    """A label as a tag; the words carry the meaning, the colour only helps."""
    return format_html('<span class="tag tag-{}">{}</span>', label.tone, label.text)
