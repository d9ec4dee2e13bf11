"""Make the world up: creditors, their debtors, and every invoice of the years around the day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle
from random import Random

from tijdig.core.calendar import add_months, is_working_day
from tijdig.core.law.vat_refund import compute_period
from tijdig.demo import names
from tijdig.demo.chance import draw
from tijdig.demo.trades import TRADES, Trade
from tijdig.demo.world import Creditor, Debtor, Habit, Invoice, Line, World

WEEKS_BEFORE = 78
WEEKS_AFTER = 52
_CREDITABLE: frozenset[Habit] = frozenset(("on_time", "late", "forgetful"))
# Somebody whose invoice is pinned to the day gets no others around it: that one has to count.
_QUIET_DAYS_BEFORE = 150
_QUIET_DAYS_AFTER = 40
_ODD_NAMES = (
    ("O'Neill & Zn. <script>", "NL"),
    ("Harbour Tea Rooms Ltd", "GB"),
    ("Café =SOM(A1:A9); 'Drop Table'", "NL"),
)
_FIRST_OLD_DEBT = 901
_MONTHS_IN_A_YEAR = 12
_MONDAY, _DAYS_SINCE_SATURDAY = 0, 2
_WITHOUT_EMAIL, _WITHOUT_PHONE, _MOVER = 9, 10, 6


@dataclass(frozen=True, slots=True)
class _Sale:
    """An invoice before it has a number; an old debt has one of its own, apart from the others."""

    debtor: Debtor
    issued_on: date
    lines: tuple[Line, ...]
    number: int = 0


def make_world(
    seed: int, *, anchor_on: date, weeks: int = WEEKS_BEFORE, slugs: Sequence[str] = ()
) -> World:
    """The world of this seed as it was `weeks` before the day, and will be a year after it.

    `slugs` chooses creditors; without it all fourteen live in it.
    """
    begins_on = anchor_on - timedelta(weeks=weeks)
    creditors = tuple(
        _make_creditor(seed, place, trade, begins_on=begins_on, anchor_on=anchor_on)
        for place, trade in enumerate(TRADES)
        if not slugs or trade.slug in slugs
    )
    return World(seed, begins_on, anchor_on, creditors)


def _make_creditor(
    seed: int, place: int, trade: Trade, *, begins_on: date, anchor_on: date
) -> Creditor:
    chance = draw(seed, trade.slug)
    debtors = _make_debtors(seed, place, trade, anchor_on=anchor_on)
    sales = sorted(
        _make_sales(seed, trade, debtors, begins_on=begins_on, anchor_on=anchor_on),
        key=lambda sale: (sale.issued_on, sale.debtor.number),
    )
    street, postal_code, city = names.make_address(chance)
    domain = names.make_domain(trade.name)
    return Creditor(
        slug=trade.slug,
        name=trade.name,
        owner=names.make_person(chance),
        iban=names.make_iban(100_000 + place),
        kvk_number=names.make_kvk_number(9000 + place),
        vat_number=names.make_vat_number(100 * (place + 1)),
        email=f"administratie@{domain}",
        phone=names.make_phone(chance),
        street=street,
        postal_code=postal_code,
        city=city,
        feed=trade.feed,
        list_style=trade.list_style,
        camt=trade.camt,
        debtors=debtors,
        left_alone=frozenset(
            debtor.number for debtor, *_ in [*_list_pinned(trade, debtors)][: trade.left_alone]
        ),
        invoices=tuple(_number(seed, trade, sales)),
    )


def _make_debtors(seed: int, place: int, trade: Trade, *, anchor_on: date) -> tuple[Debtor, ...]:
    shops = list(names.SHOP_NAMES)
    draw(seed, trade.slug, "names").shuffle(shops)
    debtors = []
    for position, habit in enumerate(trade.habits):
        chance = draw(seed, trade.slug, "debtor", position)
        debtor = _make_debtor(chance, trade, habit, place=place, position=position)
        if trade.debtor_kind == "business":
            name = names.make_business_name(shops[position % len(shops)], chance)
            debtor = replace(debtor, name=name, email=f"inkoop@{names.make_domain(name)}")
        debtors.append(_make_special(debtor, trade, position, anchor_on=anchor_on))
    return tuple(debtors)


def _make_debtor(
    chance: Random, trade: Trade, habit: Habit, *, place: int, position: int
) -> Debtor:
    person = names.make_person(chance)
    street, postal_code, city = names.make_address(chance)
    is_business = trade.debtor_kind == "business"
    mailbox = "".join(letter for letter in person.lower() if letter.isalpha())
    return Debtor(
        number=str(10_000 + 1000 * place + position),
        name=person,
        kind=trade.debtor_kind,
        habit=habit,
        iban=names.make_iban(5_000_000 + 1000 * place + position),
        email=f"{mailbox}.{position}@{trade.slug}-thuis.example.nl",
        phone=names.make_phone(chance),
        contact_name=person if is_business else "",
        street=street,
        postal_code=postal_code,
        city=city,
        kvk_number=names.make_kvk_number(100 * place + position) if is_business else "",
    )


def _make_special(debtor: Debtor, trade: Trade, position: int, *, anchor_on: date) -> Debtor:
    """Somebody without e-mail, without telephone, with a new address, or with a nasty name."""
    if position == _WITHOUT_PHONE:
        debtor = replace(debtor, phone="")
    if position == _MOVER or (trade.debtor_kind == "consumer" and position == 1):
        new_email = debtor.email.replace("@", ".nieuw@")
        moves_on = anchor_on - timedelta(weeks=20)
        debtor = replace(debtor, new_email=new_email, moves_on=moves_on)
    if position == _WITHOUT_EMAIL and trade.has_odd_names:
        debtor = replace(debtor, email="", new_email="", moves_on=None)
    if trade.has_odd_names and len(trade.habits) - position <= len(_ODD_NAMES):
        name, country = _ODD_NAMES[len(trade.habits) - position - 1]
        debtor = replace(debtor, name=name, country=country)
        if country != "NL":
            debtor = replace(debtor, kvk_number="", postal_code="DEMO 1AA", city="Sample-on-Sea")
    return debtor


def _make_sales(
    seed: int, trade: Trade, debtors: tuple[Debtor, ...], *, begins_on: date, anchor_on: date
) -> Iterator[_Sale]:
    ends_on = anchor_on + timedelta(weeks=WEEKS_AFTER)
    if trade.every_weeks:
        yield from _make_rounds(seed, trade, debtors, begins_on, anchor_on, ends_on)
        return
    yield from _make_old_debts(seed, trade, debtors, begins_on=begins_on, anchor_on=anchor_on)
    pinned = list(_pin(seed, trade, debtors, anchor_on))
    yield from pinned
    rest = {sale.debtor.number for sale in pinned}
    chance = draw(seed, trade.slug, "sales")
    turns = list(debtors)
    chance.shuffle(turns)
    buyers = cycle(turns)
    # Further than the day the draws go on, so that the past does not hang on how far we look.
    days = (ends_on - begins_on).days
    step = WEEKS_BEFORE * 7 / max(trade.invoices, 1)
    for place in range(int(days / step)):
        on = _to_working_day(begins_on + timedelta(days=int(place * step + chance.random() * step)))
        debtor, lines = next(buyers), _make_lines(trade, chance)
        is_near = -_QUIET_DAYS_BEFORE < (on - anchor_on).days < _QUIET_DAYS_AFTER
        if debtor.number in rest and is_near:
            continue
        yield _Sale(debtor, on, lines)
        if debtor.habit == "bundler":
            yield _Sale(debtor, _to_working_day(on + timedelta(days=1)), lines[:1])


def _make_old_debts(
    seed: int, trade: Trade, debtors: tuple[Debtor, ...], *, begins_on: date, anchor_on: date
) -> Iterator[_Sale]:
    """Invoices that nobody pays, due a year before the visitor's day and the end of its quarter."""
    quarter = compute_period(anchor_on, filing="quarter")
    year_over = (anchor_on, quarter.until - timedelta(days=1))
    debtor = next((one for one in debtors if one.habit == "never"), None)
    for place, day in enumerate(year_over[: trade.old_debts]):
        on = add_months(day, -_MONTHS_IN_A_YEAR) - timedelta(days=trade.term_days)
        if debtor is not None and on >= begins_on:
            chance = draw(seed, trade.slug, "old debt", place)
            yield _Sale(debtor, on, _make_lines(trade, chance), _FIRST_OLD_DEBT + place)


def _make_rounds(
    seed: int,
    trade: Trade,
    debtors: tuple[Debtor, ...],
    begins_on: date,
    anchor_on: date,
    ends_on: date,
) -> Iterator[_Sale]:
    """Everybody at once; the round before the visitor's day was due five days before it."""
    latest = anchor_on - timedelta(days=5 + trade.term_days)
    rounds = range(-(ends_on - latest).days // (7 * trade.every_weeks), 100)
    for back in rounds:
        on = latest - timedelta(weeks=trade.every_weeks * back)
        if on < begins_on:
            return
        for debtor in debtors:
            chance = draw(seed, trade.slug, "round", debtor.number, (anchor_on - on).days)
            goods = trade.goods[back % len(trade.goods) :][:1]
            yield _Sale(debtor, on, _make_lines(replace(trade, goods=goods), chance))


def _pin(seed: int, trade: Trade, debtors: tuple[Debtor, ...], anchor_on: date) -> Iterator[_Sale]:
    """Invoices of which something is due around the very day that the visitor comes in.

    On a Monday that is what fell on the Saturday: a step of the Monday would stand too close to
    the one before it, which a weekend had moved.
    """
    for debtor, days_late, name in _list_pinned(trade, debtors):
        is_monday = days_late > 0 and anchor_on.weekday() == _MONDAY
        since_due = days_late + (_DAYS_SINCE_SATURDAY if is_monday else 0)
        on = anchor_on - timedelta(days=since_due + trade.term_days)
        yield _Sale(debtor, on, _make_lines(trade, draw(seed, trade.slug, "pinned", name)))


def _list_pinned(trade: Trade, debtors: tuple[Debtor, ...]) -> Iterator[tuple[Debtor, int, str]]:
    """Who, how many days late, and the name of the draw: per habit one after the other."""
    times: Counter[Habit] = Counter()
    for habit, days_late in trade.pinned:
        reachable = [one for one in debtors if one.habit == habit and one.email]
        debtor = reachable[times[habit]]
        times[habit] += 1
        name = habit if times[habit] == 1 else f"{habit} {times[habit]}"
        yield debtor, days_late, name


def _make_lines(trade: Trade, chance: Random) -> tuple[Line, ...]:
    count = chance.randint(1, min(3, len(trade.goods)))
    return tuple(
        Line(description, chance.randint(1, most), chance.randint(low, high))
        for description, low, high, most in chance.sample(trade.goods, count)
    )


def _number(seed: int, trade: Trade, sales: Sequence[_Sale]) -> Iterator[Invoice]:
    """Invoices with numbers in order of issue, credit notes between them."""
    waiting: list[Invoice] = []
    last = 100
    for sale in sales:
        while waiting and waiting[0].issued_on <= sale.issued_on:
            last += 1
            yield _give_number(waiting.pop(0), last)
        last += 0 if sale.number else 1
        term = timedelta(days=trade.term_days)
        invoice = Invoice(
            number="",
            debtor=sale.debtor,
            issued_on=sale.issued_on,
            due_on=sale.issued_on + term,
            lines=sale.lines,
            vat_percent=trade.vat_percent,
            order_reference=f"PO-{last * 7}" if last % 3 == 0 else "",
        )
        invoice = _give_number(invoice, sale.number or last)
        yield invoice
        if credit := _credit(invoice, draw(seed, trade.slug, "credit", invoice.number)):
            waiting = sorted([*waiting, credit], key=lambda one: one.issued_on)


def _give_number(invoice: Invoice, last: int) -> Invoice:
    return replace(invoice, number=f"{invoice.issued_on:%Y}-{last:04d}")


def _credit(invoice: Invoice, chance: Random) -> Invoice | None:
    """Now and then a line of an invoice is taken back, or all of it."""
    if invoice.debtor.habit not in _CREDITABLE or chance.randrange(100) >= 8:
        return None
    on = _to_working_day(invoice.issued_on + timedelta(days=chance.randint(5, 9)))
    return replace(
        invoice,
        issued_on=on,
        due_on=on,
        lines=invoice.lines[-1:],
        credited_number=invoice.number,
    )


def _to_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
