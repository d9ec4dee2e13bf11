"""The payments on a book, one day after the other: who pays what, from where, with which words."""

import heapq
from datetime import date, timedelta
from random import Random

from bench import payment_words as words
from bench.payment_parts import (
    AMOUNT_SHARES,
    GROUP_SHARES,
    PAYER_SHARES,
    STRANGE_SHARE,
    TEXT_SHARES,
    BookDebtor,
    BookInvoice,
    BookPayment,
    make_iban,
    make_reference,
    pick,
)
from bench.payment_search import Searcher

_EARLY_SHARE = 0.01
_STEADY_SHARE = 0.7
_BARE_SHARE = 0.03
"""Lines of which the bank leaves out the payer's name, half of them the account too."""
_MANY = 40
_UNNAMED = frozenset({"chatter", "debtor_only"})


class _Payers:
    """The book as it stands on a day, and the lines that have come in so far."""

    def __init__(
        self, chance: Random, debtors: list[BookDebtor], invoices: list[BookInvoice]
    ) -> None:
        self.chance, self.debtors = chance, debtors
        self.own: list[list[BookInvoice]] = [[] for _ in debtors]
        for one in invoices:
            self.own[one.debtor].append(one)
        self.keepers = [(make_iban(chance), words.business_name(chance)) for _ in range(6)]
        self.companies = [(make_iban(chance), words.business_name(chance)) for _ in debtors]
        self.relatives = [make_iban(chance) for _ in debtors]
        self.asked: dict[str, tuple[date, dict[str, int]]] = {}
        self.payments: list[BookPayment] = []
        self.searcher = Searcher(debtors, self.own)

    def pay(self, on: date, invoice: BookInvoice) -> list[tuple[date, BookInvoice]]:
        """The line for this invoice and what is paid along; parts that follow later."""
        chance = self.chance
        if invoice.left_cents <= 0:
            return []
        group = pick(chance, GROUP_SHARES)
        if group == "parts" and invoice.left_cents > 20_000:
            return self._pay_in_parts(on, invoice)
        chosen = self._choose(group, on, invoice)
        cents, truth, conceded, amount = self._amount(on, chosen)
        if cents > 0:
            self._line(
                on, invoice.debtor, chosen, cents, truth, (f"group:{group}", amount), conceded
            )
        return []

    def pay_strange(self, on: date) -> None:
        """Money that pays nothing that is open: a gift, a refund, an invoice of long ago."""
        chance = self.chance
        at = chance.randrange(len(self.debtors))
        debtor = self.debtors[at]
        kind = chance.random()
        if kind < 0.35 and self.own[at]:
            paid = [one for one in self.own[at] if one.issued_on <= on and one.left_cents == 0]
            if paid:
                self._line(on, at, [chance.choice(paid)], abs(paid[0].cents), {}, ("strange:paid",))
            return
        name = debtor.name if kind < 0.5 else words.business_name(chance)
        iban = debtor.iban if kind < 0.5 else make_iban(chance)
        text = chance.choice(
            ("belastingteruggave", f"declaratie {chance.randrange(10**5)}", "gift", "retour",
             f"order {chance.randrange(10**6, 10**7)}", "verkoop oude machine",
             f"uitkering polis {chance.randrange(10**8, 10**9)}",
             f"factuur {chance.randrange(10**4, 10**6)}")
        )  # fmt: skip
        cents = int(chance.lognormvariate(9.5, 1.1)) + 1
        shown = words.bank_name(name, chance, person=debtor.is_person)
        self.payments.append(BookPayment(on, cents, text, "", iban, shown, {}, True, ("strange",)))

    def _choose(self, group: str, on: date, invoice: BookInvoice) -> list[BookInvoice]:
        unpaid = [one for one in self.own[invoice.debtor] if one.issued_on <= on and one.left_cents]
        if group == "one" or invoice.issued_on > on:
            return [invoice]
        if group == "all":
            chosen = unpaid[:_MANY]
        else:
            others = [one for one in unpaid if one is not invoice]
            count = min(len(others), self.chance.choice((1, 1, 2, 3)))
            chosen = sorted(
                [invoice, *self.chance.sample(others, count)], key=lambda one: one.issued_on
            )
        return chosen if sum(one.left_cents for one in chosen) > 0 else [invoice]

    def _amount(
        self, on: date, chosen: list[BookInvoice]
    ) -> tuple[int, dict[str, int], dict[str, int], str]:
        """The cents paid, what of them is for which invoice, and what is given up."""
        chance = self.chance
        total = sum(one.left_cents for one in chosen)
        truth = {one.number: one.left_cents for one in chosen}
        kind = pick(chance, AMOUNT_SHARES)
        last = chosen[-1].number
        offers = [
            one for one in chosen
            if one.discount_cents and one.discount_until and on <= one.discount_until
            and one.left_cents == one.cents
        ]  # fmt: skip
        if offers and chance.random() < 0.6:
            given = {one.number: one.discount_cents for one in offers}
            return (
                total - sum(given.values()),
                {n: cents - given.get(n, 0) for n, cents in truth.items()},
                given,
                "amount:discount",
            )
        if kind == "cents" and total > 200 and chosen[-1].left_cents > 100:
            off = chance.choice((-2, -1, 1, 2, 3, -4))
            truth[last] += off
            return total + off, truth, {last: -off}, "amount:cents"
        if kind == "short" and len(chosen) == 1 and total > 5_000:
            paid = total - chance.choice((500, 1000, total // 3, total // 2, 750))
            return paid, {last: paid}, {}, "amount:short"
        if kind == "over":
            return total + chance.choice((1000, 500, 1500, 2500)), truth, {}, "amount:over"
        return total, truth, {}, "amount:exact"

    def _pay_in_parts(self, on: date, invoice: BookInvoice) -> list[tuple[date, BookInvoice]]:
        count = self.chance.randrange(2, 13)
        share = invoice.left_cents // count
        cents = share
        self._line(on, invoice.debtor, [invoice], cents, {invoice.number: cents}, ("group:parts",))
        return [(on + timedelta(days=30 * at), invoice) for at in range(1, 2)]

    def _line(
        self,
        on: date,
        at: int,
        chosen: list[BookInvoice],
        cents: int,
        truth: dict[str, int],
        habits: tuple[str, ...],
        conceded: dict[str, int] | None = None,
    ) -> None:
        chance, debtor = self.chance, self.debtors[at]
        payer = pick(chance, PAYER_SHARES)
        iban, name = self._payer(payer, at)
        habit = debtor.habit if chance.random() < _STEADY_SHARE else pick(chance, TEXT_SHARES)
        if habits[0] == "strange:paid":
            habit = "full"
        if habit in _UNNAMED and not conceded and truth:
            chosen, truth = self._by_law(on, at, cents, chosen, truth)
        text, reference, habit = self._words(on, habit, debtor, chosen)
        if chance.random() < _BARE_SHARE:
            iban, name = ("", "") if chance.random() < 0.5 else (iban, "")
        line = BookPayment(
            on, cents, text, reference, iban, name, dict(truth), False,
            (*habits, f"payer:{payer}", f"text:{habit}"), conceded or {},
        )  # fmt: skip
        line.findable = self.searcher.is_findable(line, habit, at, chosen)
        self.payments.append(line)
        for one in chosen:
            one.left_cents -= truth.get(one.number, 0) + (conceded or {}).get(one.number, 0)
        if truth and iban:
            self.searcher.remember(iban, at)

    def _by_law(
        self, on: date, at: int, cents: int, chosen: list[BookInvoice], truth: dict[str, int]
    ) -> tuple[list[BookInvoice], dict[str, int]]:
        """Whoever names nothing pays the oldest of equals; a part goes to what was due first.

        BW 6:43 lid 2. What he had in mind himself does not show, so it cannot be the truth.
        """
        unpaid = sorted(
            (one for one in self.own[at] if one.issued_on <= on and one.left_cents > 0),
            key=lambda one: (one.due_on, one.number),
        )
        alike = [one for one in unpaid if one.left_cents == cents]
        if alike:
            return alike[:1], {alike[0].number: cents}
        if len(chosen) > 1 or cents >= chosen[0].left_cents or not unpaid:
            return chosen, truth
        spread: dict[str, int] = {}
        taken = []
        for one in unpaid:
            share = min(one.left_cents, cents)
            if share:
                spread[one.number] = share
                taken.append(one)
            cents -= share
        return taken, spread

    def _payer(self, payer: str, at: int) -> tuple[str, str]:
        chance, debtor = self.chance, self.debtors[at]
        if payer == "relative" and debtor.is_person:
            surname = debtor.name.split(" ", 1)[1]
            name = f"{chance.choice(words.FIRST)} {surname}"
            return self.relatives[at], words.bank_name(name, chance, person=True)
        if payer == "in_law" and debtor.is_person:
            name = " ".join(words.person_name(chance))
            return self.relatives[at], words.bank_name(name, chance, person=True)
        if payer == "company":
            return self.companies[at]
        if payer == "keeper":
            return self.keepers[debtor.keeper]
        iban = debtor.second_iban if payer == "second" else debtor.iban
        return iban, words.bank_name(debtor.name, chance, person=debtor.is_person)

    def _words(
        self, on: date, habit: str, debtor: BookDebtor, chosen: list[BookInvoice]
    ) -> tuple[str, str, str]:
        """Text, reference, and the habit that it came to."""
        chance = self.chance
        numbers = [one.number for one in chosen]
        orders = [one.order for one in chosen if one.order]
        if habit == "reminder":
            reference = make_reference(7_000_000 + len(self.asked))
            self.asked[reference] = (on, {one.number: one.left_cents for one in chosen})
            if chance.random() < 0.6:
                return "", reference, habit
            return f"kenmerk {reference}", "", habit
        if habit == "order" and len(orders) == len(chosen) == 1:
            return words.wrap(orders[0], chance), "", habit
        if habit == "with_debtor":
            written = words.write_numbers(numbers, "full", chance)
            return f"klantnr {debtor.number} {written}", "", habit
        if habit == "debtor_only":
            return f"klantnummer {debtor.number}", "", habit
        if habit == "chatter":
            return chance.choice(words.CHATTER), "", habit
        if habit == "field":
            return "", " ".join(numbers)[:140], habit
        if len(numbers) > 1 and habit in {"full", "cut"} and chance.random() < 0.3:
            return words.wrap(words.write_numbers(numbers, "list_cut", chance), chance), "", "list"
        habit = "full" if habit == "order" else habit
        return words.wrap(words.write_numbers(numbers, habit, chance), chance), "", habit


def make_payments(
    chance: Random, debtors: list[BookDebtor], invoices: list[BookInvoice]
) -> tuple[list[BookPayment], dict[str, tuple[date, dict[str, int]]]]:
    """All lines in order of day, and what was asked under our own references."""
    payers = _Payers(chance, debtors, invoices)
    steady = [chance.gauss(0, 8) for _ in debtors]
    queue: list[tuple[date, int, BookInvoice]] = []
    for at, one in enumerate(invoices):
        if one.cents < 0 or chance.random() < 0.04:
            continue
        lag = int(chance.gauss(-2, 6) + steady[one.debtor])
        on = max(one.due_on + timedelta(days=lag), one.issued_on + timedelta(days=1))
        if one.discount_until and chance.random() < 0.5:
            on = one.issued_on + timedelta(days=chance.randrange(1, 9))
        if chance.random() < _EARLY_SHARE:
            on = one.issued_on - timedelta(days=chance.randrange(1, 6))
        heapq.heappush(queue, (on, at, one))
    serial = len(invoices)
    while queue:
        on, _, one = heapq.heappop(queue)
        for later, again in payers.pay(on, one):
            serial += 1
            heapq.heappush(queue, (later, serial, again))
        if chance.random() < STRANGE_SHARE:
            payers.pay_strange(on)
    return payers.payments, payers.asked
