"""The files that reach the office: what the books and the bank say since the last time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from tijdig.core.calendar import is_working_day
from tijdig.demo.behaviour import Intent, compute_payment, decide_on_invoice, to_banking_day
from tijdig.demo.camt import Movement, Period, Version, write_camt
from tijdig.demo.chance import draw
from tijdig.demo.mandates import collects_from, list_signers, write_mandates
from tijdig.demo.open_list import write_open_list
from tijdig.demo.state import Life
from tijdig.demo.ubl import write_ubl
from tijdig.demo.world import Creditor, Debtor, Invoice, World

DeliveredFile = tuple[str, bytes]

_SUPPLIERS = (
    ("Meelfabriek De Wiek", 35_000), ("Energie Voor Morgen", 18_000), ("Huur pand", 95_000),
    ("Verzekering Zeker Weten", 12_500), ("Groothandel Alles in Doos", 42_000),
)  # fmt: skip
_CREDIT_IS_SET_OFF_AFTER_DAYS = 14
_RETURN_CODES = {"no_money": "AM04", "refused": "MD06"}
_COMES_BACK_AFTER_DAYS = 3


def is_delivery_day(world: World, creditor: Creditor, life: Life, day: date) -> bool:
    """Once a week; from the visitor's day on every working day with news, so that he sees it."""
    if (world.anchor_on - day).days % 7 == 0:
        return True
    if day < world.anchor_on or not is_working_day(day):
        return False
    is_paid = any(one.on < day for one in life.intents)
    return is_paid or any(life.delivered_on < one.issued_on <= day for one in creditor.invoices)


def deliver(world: World, creditor: Creditor, life: Life, *, today: date) -> list[DeliveredFile]:
    """The files of this day as (name, content), in the order in which they come in.

    Changes `life`: invoices become open, payments are booked, balances move on.
    """
    issued = [one for one in creditor.invoices if life.delivered_on < one.issued_on <= today]
    collects_on = collects_from(world, creditor)
    signers = list_signers(creditor)
    told_of_mandates = collects_on is not None and life.delivered_on < collects_on <= today
    _open(world, life, [one for one in issued if not _is_collected(one, signers, collects_on)])
    life.open_cents |= {
        one.number: one.claim_cents for one in issued if _is_collected(one, signers, collects_on)
    }
    movements = _bank(world, creditor, life, until_on=today - timedelta(days=1))
    _set_off(creditor, life, today=today)
    life.delivered_on = today
    files: list[DeliveredFile] = []
    if creditor.feed != "list":
        files += [(f"factuur-{one.number}.xml", write_ubl(one, creditor)) for one in issued]
    if creditor.feed != "ubl":
        still = [one for one in creditor.invoices if life.open_cents.get(one.number, 0)]
        if still:
            style = creditor.list_style
            files.append(write_open_list(still, life.open_cents, style=style, on=today))
    if told_of_mandates:
        files.append(write_mandates(signers, on=today))
    if creditor.camt:
        files.append(_write_statement(creditor, life, movements, today=today))
    return files


def _is_collected(invoice: Invoice, signers: Sequence[Debtor], collects_on: date | None) -> bool:
    """Whether its debtor waits until his creditor takes the money himself."""
    return (
        collects_on is not None and collects_on <= invoice.issued_on and (invoice.debtor in signers)
    )


def _open(world: World, life: Life, issued: Sequence[Invoice]) -> None:
    for invoice in issued:
        life.open_cents[invoice.number] = invoice.claim_cents
        chance = draw(world.seed, invoice.debtor.iban, "invoice", invoice.number)
        intent = decide_on_invoice(
            invoice,
            chance,
            anchor_on=world.anchor_on,
            has_paid_before=invoice.debtor.number in life.known,
        )
        if intent:
            life.intents.append(intent)


def _bank(world: World, creditor: Creditor, life: Life, *, until_on: date) -> list[Movement]:
    """What went over the account since the last statement, in order of day."""
    due = sorted(
        (one for one in life.intents if one.on <= until_on), key=lambda one: (one.on, one.numbers)
    )
    life.intents = [one for one in life.intents if one.on > until_on]
    debtors = {one.number: one for one in creditor.debtors}
    credits_on = defaultdict[str, tuple[str, ...]](tuple)
    for one in creditor.invoices:
        if one.number in life.open_cents and one.credited_number:
            credits_on[one.credited_number] += (one.number,)
    movements = [
        movement
        for intent in due
        for movement in _pay(intent, debtors[intent.debtor_number], life, credits_on)
    ]
    movements += _spend(world, creditor, from_on=life.banked_until, until_on=until_on)
    return sorted(movements, key=lambda one: one.on)


def _pay(
    intent: Intent, debtor: Debtor, life: Life, credits_on: dict[str, tuple[str, ...]]
) -> Iterator[Movement]:
    """The payment that somebody had in mind, as it is now; nothing where nothing is open."""
    on = max(intent.on, life.banked_until + timedelta(days=1))
    if intent.way == "comes_back" and intent.cents:
        life.open_cents[intent.numbers[0]] = intent.cents
        yield _returned(intent, debtor, on)
        return
    if intent.way in ("collected", "no_money", "refused"):
        yield _collected(intent, debtor, life, on)
        return
    parts = compute_payment(intent, life.open_cents, credits_on)
    if not parts:
        return
    for number, cents in parts:
        life.open_cents[number] -= cents
    total = sum(cents for _, cents in parts)
    named = " ".join(number for number, _ in parts)
    text = {"reference": "", "wordless": "", "half": f"Eerste deel {named}"}.get(
        intent.way, f"Factuur {named}"
    )
    if debtor.number not in life.known:
        life.known.append(debtor.number)
    again = replace(intent, cents=total)
    if intent.way == "comes_back":
        back_on = to_banking_day(on + timedelta(days=_COMES_BACK_AFTER_DAYS))
        life.intents.append(replace(again, on=back_on))
    yield Movement(on, total, debtor.name, debtor.iban, text, intent.reference)
    if intent.way == "twice":
        yield Movement(on, total, debtor.name, debtor.iban, f"Nogmaals factuur {named}")


def _collected(intent: Intent, debtor: Debtor, life: Life, on: date) -> Movement:
    """A collection that comes in, or goes back to the payer for a reason."""
    sign = 1 if intent.way == "collected" else -1
    life.open_cents[intent.numbers[0]] -= sign * intent.cents
    return Movement(
        on,
        sign * intent.cents,
        debtor.name,
        debtor.iban,
        end_to_end_id=intent.reference,
        reversed=_RETURN_CODES.get(intent.way, ""),
    )


def _returned(intent: Intent, debtor: Debtor, on: date) -> Movement:
    text = f"Terugboeking factuur {intent.numbers[0]}"
    return Movement(on, -intent.cents, debtor.name, debtor.iban, text=text, reversed="AC04")


def _spend(
    world: World, creditor: Creditor, *, from_on: date, until_on: date
) -> Iterator[Movement]:
    """What the creditor himself pays: now and then a supplier."""
    for offset in range(1, (until_on - from_on).days + 1):
        day = from_on + timedelta(days=offset)
        chance = draw(world.seed, creditor.iban, "spend", day)
        if day.day % 7 == 0 and is_working_day(day):
            name, most_cents = chance.choice(_SUPPLIERS)
            cents = -chance.randrange(most_cents // 3, most_cents)
            yield Movement(day, cents, name, "", f"Nota {chance.randrange(1000, 9999)}")


def _set_off(creditor: Creditor, life: Life, *, today: date) -> None:
    """A credit note that nobody used in time is set off against its own invoice in the books."""
    for one in creditor.invoices:
        if one.issued_on > today - timedelta(days=_CREDIT_IS_SET_OFF_AFTER_DAYS):
            return
        credit_cents = -life.open_cents.get(one.number, 0)
        owed_cents = life.open_cents.get(one.credited_number, 0)
        if credit_cents > 0 and credit_cents == owed_cents:
            life.open_cents[one.number] = life.open_cents[one.credited_number] = 0


def _write_statement(
    creditor: Creditor, life: Life, movements: Sequence[Movement], *, today: date
) -> DeliveredFile:
    life.statements += 1
    period = Period(
        iban=creditor.iban,
        number=life.statements,
        from_on=life.banked_until + timedelta(days=1),
        until_on=today - timedelta(days=1),
        opening_cents=life.balance_cents,
    )
    life.balance_cents = period.close(movements)
    life.banked_until = period.until_on
    name = f"afschrift-{life.statements:05d}.xml"
    return name, write_camt(period, movements, cast("Version", creditor.camt))
