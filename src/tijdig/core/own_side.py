"""Our own side, checked before anything is asked for an invoice that is late.

What the books do not tell is unknown, and unknown is not failed. An open complaint and a reply that
nobody has handled are stops already. Who cannot be reached at all gets nothing; where only his mail
comes back the invoice may have gone the same way, and a letter would ask for what he never got.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from tijdig.core.cadence import list_contacts_for
from tijdig.core.calendar import add_days
from tijdig.core.email_addresses import is_email_address
from tijdig.core.facts import DebtorFacts, OpenItem, PastContact, Stop
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day
from tijdig.core.under_way import find_next_run

_POSSIBLE_PAYMENT = "possible_payment"
_DEAD_ADDRESS = "dead_address"


def take_out_doubted(
    items: Iterable[OpenItem], contacts: Sequence[PastContact], *, today: date
) -> tuple[tuple[OpenItem, ...], tuple[Stop, ...]]:
    """The items that nothing speaks against, and why the late others are not asked for today.

    Money that may be for an item holds it at any time, another doubt before the first contact
    about it. A person ends a doubt, on any day: it holds until the next run, which looks again.
    Credits stay: without them others would be asked for more than is owed.
    """
    next_run = find_next_run(today)
    until_on = add_days(next_run, -1) if next_run else None
    sure: list[OpenItem] = []
    stops: list[Stop] = []
    for item in items:
        doubts: list[Stop] = []
        if item.doubts and item.open_cents > 0 and item.due_on < today:
            doubts = list_doubts(item, contacts)
        if not doubts:
            sure.append(item)
        stops += [replace(one, until_on=until_on) for one in doubts]
    return tuple(sure), tuple(stops)


def list_doubts(item: OpenItem, contacts: Sequence[PastContact]) -> list[Stop]:
    """What speaks against asking for a late item: once he was asked, only money that may be his."""
    if not item.doubts:
        return []
    own = list_contacts_for(item, contacts)
    is_told = any(
        one.on > item.due_on and not one.came_back and one.state != "call_open" for one in own
    )
    return [one for one in item.doubts if one.kind == _POSSIBLE_PAYMENT or not is_told]


def list_doubts_of_answer(item: OpenItem, contacts: Sequence[PastContact]) -> list[Stop]:
    """What speaks against answering who spoke of an invoice: not that mail to him came back.

    He knows that it is there, or asked for a copy of it.
    """
    return [one for one in list_doubts(item, contacts) if one.kind != _DEAD_ADDRESS]


def add_doubts(
    items: Iterable[OpenItem], doubts: Mapping[UUID, Sequence[Stop]]
) -> tuple[OpenItem, ...]:
    """The items, each with the doubts that are told of it by its id."""
    return tuple(
        [
            replace(one, doubts=(*one.doubts, *doubts[one.item_id]))
            if one.item_id in doubts
            else one
            for one in items
        ]
    )


def make_payment_doubt(cents: int, booked_on: date) -> Stop:
    """Money that is not matched and could be for this invoice: a task, not a reminder."""
    amount = format_euros(cents)
    return Stop(
        _POSSIBLE_PAYMENT,
        Sentence(
            f"Niets gedaan: de {amount} die op {say_day(booked_on, 'nl')} binnenkwam, kan voor "
            "deze factuur zijn. Koppel die betaling eerst.",
            f"Nothing done: the {amount} that came in on {say_day(booked_on, 'en')} could be for "
            "this invoice. Match that payment first.",
        ),
    )


def doubt_address(facts: DebtorFacts) -> DebtorFacts:
    """The facts, with the doubt that no invoice arrived where mail cannot reach the debtor.

    It comes back, or the address cannot be one. Who prefers letters was not sent mail; a person
    says so. Without a postal address he gets nothing anyway.
    """
    if not facts.has_postal_address or facts.preferred_channel == "letter":
        return facts
    if facts.email_failed:
        fault = Sentence("mail aan deze debiteur komt terug", "mail to this debtor comes back")
    elif facts.email and not is_email_address(facts.email):
        fault = Sentence(
            f"het e-mailadres {facts.email} kan niet kloppen",
            f"the e-mail address {facts.email} cannot be right",
        )
    else:
        return facts
    doubt = Stop(
        _DEAD_ADDRESS,
        Sentence(
            f"Niets gedaan: {fault.nl}, dus misschien kreeg hij de factuur niet. "
            "Vul een ander e-mailadres in, of kies dat hij liefst een brief krijgt.",
            f"Nothing done: {fault.en}, so he may not have got the invoice. "
            "Fill in another e-mail address, or choose that he prefers a letter.",
        ),
    )
    items = [
        replace(one, doubts=(*one.doubts, doubt)) if one.kind == "invoice" else one
        for one in facts.items
    ]
    return replace(facts, items=tuple(items))


def doubt_invoice(
    item: OpenItem, invoiced_cents: int | None, vat_cents: int | None, *, today: date
) -> OpenItem:
    """The item, with the doubt that the invoice is not complete or cannot be right as it stands.

    Its number, its dates, its amount and the VAT in it, as far as the books tell them: what is None
    is unknown, and does not fail.
    """
    if item.kind != "invoice" or item.open_cents <= 0 or item.due_on >= today:
        return item
    fault = _find_fault(item, invoiced_cents, vat_cents)
    if fault is None:
        return item
    return replace(item, doubts=(*item.doubts, _make_invoice_doubt(item.number, fault)))


def doubt_addressee(facts: DebtorFacts) -> DebtorFacts:
    """The facts, with the doubt that an invoice without the name of a customer was never his."""
    if any(map(str.isalnum, facts.name)):
        return facts
    fault = Sentence("de naam van de klant ontbreekt", "the name of the customer is missing")
    items = [
        replace(one, doubts=(*one.doubts, _make_invoice_doubt(one.number, fault)))
        if one.kind == "invoice"
        else one
        for one in facts.items
    ]
    return replace(facts, items=tuple(items))


def _find_fault(
    item: OpenItem, invoiced_cents: int | None, vat_cents: int | None
) -> Sentence | None:
    if not any(map(str.isalnum, item.number)):
        return Sentence("het factuurnummer ontbreekt", "the invoice number is missing")
    if (item.extended_from_on or item.due_on) < item.issued_on:
        return Sentence(
            "de vervaldatum ligt vóór de factuurdatum", "it is due before it was written"
        )
    if invoiced_cents is None:
        return None
    if invoiced_cents < item.open_cents:
        return Sentence(
            "er staat meer open dan het factuurbedrag",
            "more is open than the amount of the invoice",
        )
    if vat_cents is not None and not 0 <= vat_cents < invoiced_cents:
        return Sentence(
            "de btw past niet bij het factuurbedrag",
            "the VAT does not fit the amount of the invoice",
        )
    return None


def _make_invoice_doubt(number: str, fault: Sentence) -> Stop:
    """An invoice that is not complete: a task, not a reminder."""
    name = (f"factuur {number}", f"invoice {number}") if number.strip() else ("een factuur", "one")
    return Stop(
        "incomplete_invoice",
        Sentence(
            f"Niets gedaan: {name[0]} is niet in orde: {fault.nl}. "
            "Verbeter dit eerst in de boekhouding.",
            f"Nothing done: {name[1]} is not in order: {fault.en}. Mend this in the books first.",
        ),
    )


def make_unmatched_stop(cents: int, booked_on: date) -> Stop:
    """Money from an account of the debtor that is not matched yet."""
    return Stop(
        "unmatched_payment",
        Sentence(
            f"Niets gedaan: op {booked_on:%d-%m-%Y} kwam {format_euros(cents)} binnen van een "
            "rekening van deze debiteur. Dat geld is nog niet gekoppeld.",
            f"Nothing done: on {booked_on:%d-%m-%Y} {format_euros(cents)} came in from an account "
            "of this debtor. That money is not matched yet.",
        ),
    )


def make_announced_stop(cents: int, booked_on: date) -> Stop:
    """Money that the bank announces, and that seems to come from the debtor."""
    return Stop(
        "unmatched_payment",
        Sentence(
            f"Niets gedaan: de bank kondigt {format_euros(cents)} aan die van deze debiteur lijkt "
            f"te komen ({booked_on:%d-%m-%Y}). Dat geld is nog niet geboekt.",
            f"Nothing done: the bank announces {format_euros(cents)} that seems to come from this "
            f"debtor ({booked_on:%d-%m-%Y}). That money is not booked yet.",
        ),
    )
