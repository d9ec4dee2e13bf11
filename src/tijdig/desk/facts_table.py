"""The facts of a decision as readable rows and tables, whatever version stored them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.money import format_euros
from tijdig.desk.case_events import describe_stop
from tijdig.web.labels import (
    CHANNELS,
    DEBTOR_KINDS,
    ITEM_KINDS,
    NOTICE_KINDS,
    STEPS,
    Label,
    label_of,
    name_step,
)

Words = str | Promise

NAMES: Mapping[str, Words] = {
    "items": gettext_lazy("Open posten"),
    "contacts": gettext_lazy("Eerdere contacten"),
    "stops": gettext_lazy("Redenen om niets te sturen"),
    "kind": gettext_lazy("Soort debiteur"),
    "email": gettext_lazy("E-mailadres"),
    "email_failed": gettext_lazy("E-mail kwam terug"),
    "phone": gettext_lazy("Telefoon"),
    "has_postal_address": gettext_lazy("Postadres bekend"),
    "preferred_channel": gettext_lazy("Voorkeur"),
    "set_asides": gettext_lazy("Wat nu niet wordt gevraagd"),
    "extensions": gettext_lazy("Uitstel"),
    "plans": gettext_lazy("Betalingsregeling"),
    "collections": gettext_lazy("Incasso"),
    "notices": gettext_lazy("Berichten met gevolgen in de wet"),
    "policy": gettext_lazy("Versie van het beleid"),
}
COLUMNS: Mapping[str, tuple[Words, ...]] = {
    "items": (
        gettext_lazy("Nummer"),
        gettext_lazy("Soort"),
        gettext_lazy("Factuurdatum"),
        gettext_lazy("Vervaldatum"),
        gettext_lazy("Open"),
    ),
    "contacts": (
        gettext_lazy("Stap"),
        gettext_lazy("Dag"),
        gettext_lazy("Stand"),
        gettext_lazy("Kanaal"),
    ),
    "set_asides": (gettext_lazy("Nummer"), gettext_lazy("Waarom"), gettext_lazy("Bedrag")),
    "extensions": (gettext_lazy("Nummer"), gettext_lazy("Van"), gettext_lazy("Naar")),
    "plans": (
        gettext_lazy("Uiterlijk op"),
        gettext_lazy("Bedrag"),
        gettext_lazy("Al betaald van de regeling"),
    ),
    "collections": (
        gettext_lazy("Dag"),
        gettext_lazy("Bedrag"),
        gettext_lazy("Aangekondigd op"),
        gettext_lazy("Machtiging"),
    ),
    "notices": (
        gettext_lazy("Soort"),
        gettext_lazy("Verstuurd"),
        gettext_lazy("Ontvangen"),
        gettext_lazy("Laatste dag"),
        gettext_lazy("Telt niet"),
    ),
}
# Where the cents stand in the rows of a table.
CENTS = {("items", 4), ("set_asides", 2), ("plans", 1), ("plans", 2), ("collections", 1)}
STOPS = {
    "books_differ": Label(gettext_lazy("boekhouding en bank zijn het niet eens")),
    "foreign_currency": Label(gettext_lazy("niet in euro")),
    "unmatched_payment": Label(gettext_lazy("geld van deze debiteur is nog niet gekoppeld")),
}
CONTACT_STATES = {
    "waiting": Label(gettext_lazy("staat klaar")),
    "done": Label(gettext_lazy("verstuurd")),
    "unposted": Label(gettext_lazy("geprint, nog niet als gepost gemeld")),
    "in_doubt": Label(gettext_lazy("twijfel")),
    "call_open": Label(gettext_lazy("te bellen")),
    "call_done": Label(gettext_lazy("gebeld")),
}
_CODES = {
    "kind": {**DEBTOR_KINDS, **ITEM_KINDS},
    "preferred_channel": CHANNELS,
    "stops": STOPS,
}
_ROW_CODES = {**ITEM_KINDS, **STEPS, **CONTACT_STATES, **CHANNELS}


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value in words."""

    name: Words
    value: Words


@dataclass(frozen=True, slots=True)
class FactTable:
    """A named table; rows may be empty."""

    name: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The single facts and the tables of one decision."""

    facts: tuple[Fact, ...]
    tables: tuple[FactTable, ...]


def describe_facts(stored: Mapping[str, object]) -> FactSheet:
    """Everything that was stored, in words; nested facts follow those that hold them."""
    facts: list[Fact] = []
    tables: list[FactTable] = []
    for key, value in stored.items():
        name = NAMES.get(key, key)
        if isinstance(value, dict):
            inner = describe_facts(value)
            facts += [Fact(f"{name}: {str(one.name).lower()}", one.value) for one in inner.facts]
            tables += inner.tables
        elif isinstance(value, list) and (key in COLUMNS or _is_table(value)):
            tables.append(_make_table(key, name, value))
        else:
            facts.append(Fact(name, _write(key, value)))
    return FactSheet(tuple(facts), tuple(tables))


def _is_table(value: list[object]) -> bool:
    return bool(value) and all(isinstance(row, list) for row in value)


def _make_table(key: str, name: Words, rows: list[object]) -> FactTable:
    columns = COLUMNS.get(key, ())
    written = tuple(
        tuple(_write_cell(key, place, cell) for place, cell in enumerate(row))
        for row in rows
        if isinstance(row, list)
    )
    return FactTable(name, columns, written)


def _write_cell(key: str, place: int, cell: object) -> Words:
    if (key, place) in CENTS and isinstance(cell, int):
        return format_euros(cell)
    if key == "notices" and cell == "None":
        return _("onbekend")
    if key == "notices" and place == 0:
        return label_of(NOTICE_KINDS, str(cell)).text
    if key == "items" and place == 0 and not cell:
        # Costs and interest have no number of their own.
        return "–"
    if key == "set_asides" and place == 1:
        return describe_stop(str(cell))
    if key == "contacts" and place == 0:
        return name_step(str(cell)).text
    return _write("", cell)


def _write(key: str, value: object) -> Words:
    """One value in words: yes and no, money, days, codes; nothing is "onbekend"."""
    if value is None or value == "":
        return _("onbekend")
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, int):
        return format_euros(value) if key.endswith("_cents") else str(value)
    if isinstance(value, list):
        return ", ".join(str(_write(key, one)) for one in value) or _("geen")
    told = str(value)
    if key == "stops" and told not in STOPS:
        return describe_stop(told)
    codes = _CODES.get(key, _ROW_CODES)
    if told in codes:
        return codes[told].text
    try:
        return date.fromisoformat(told).strftime("%d-%m-%Y")
    except ValueError:
        return told
