"""What a careful person could find: plain search over the whole book, with all the time there is.

Not the matcher's way: no index, no weights, no reading of tokens. Somebody looks at the line, then
through every open invoice, and says which it is where only one answer is left.
"""

import re
from datetime import timedelta
from itertools import combinations

from bench.payment_parts import BookDebtor, BookInvoice, BookPayment

_IN_FULL = frozenset(
    ("full", "split", "bare", "no_zeros", "field", "with_debtor", "reminder", "order")
)
_LOOKED_THROUGH = 14
_LATEST = timedelta(days=400)
_TITLES = re.compile(r"\b(HR|MW|DHR|MEVR|INZ|FACTUREN|EN/OF|BV|NV|VOF)\b.*?(?= |$)")


class Searcher:
    """Somebody with the open invoices, the payments of the past, and patience."""

    def __init__(self, debtors: list[BookDebtor], own: list[list[BookInvoice]]) -> None:
        self.debtors, self.own = debtors, own
        self.payers: dict[str, set[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        for at, debtor in enumerate(debtors):
            self.by_name.setdefault(_letters(debtor.name), []).append(at)

    def remember(self, iban: str, at: int) -> None:
        """This account has paid for this debtor."""
        self.payers.setdefault(iban, set()).add(at)

    def is_findable(
        self, line: BookPayment, habit: str, at: int, chosen: list[BookInvoice]
    ) -> bool:
        """Whether one answer is left, and it is the truth."""
        if not line.truth:
            return True
        if any(one.issued_on > line.on for one in chosen):
            return False
        if habit in _IN_FULL:
            return True
        who = self._identify(line)
        if habit in {"cut", "swapped", "list"}:
            return self._is_only_ending(line, at, chosen, who)
        return who == {at} and self._is_only_sum(line, at)

    def _identify(self, line: BookPayment) -> set[int]:
        """Everybody whom account, name or customer number may mean."""
        for told in re.findall(r"klantn\w* (\d+)", line.text):
            return {at for at, one in enumerate(self.debtors) if one.number == told}
        by_account = self.payers.get(line.iban, set())
        if len(by_account) == 1:
            return by_account
        by_name = set(self.by_name.get(_letters(line.name), ()))
        return by_account & by_name or by_name or by_account

    def _is_only_ending(
        self, line: BookPayment, at: int, chosen: list[BookInvoice], who: set[int]
    ) -> bool:
        """The numbers were cut or mistyped: the payer or the amount must tell the rest."""
        if who == {at}:
            return True
        if len(chosen) > 1:
            return chosen[0].number in line.text
        alike = [
            one
            for each in self.own
            for one in each
            if one.left_cents == line.cents and line.on - _LATEST < one.issued_on <= line.on
        ]
        return len(alike) == 1 and alike[0] is chosen[0]

    def _is_only_sum(self, line: BookPayment, at: int) -> bool:
        """No number: the amount must fit one set of his open invoices, the oldest of equals."""
        unpaid = [one for one in self.own[at] if one.issued_on <= line.on and one.left_cents]
        unpaid.sort(key=lambda one: (one.due_on, one.number))
        wanted = set(line.truth)
        alike = [one for one in unpaid if one.left_cents == line.cents]
        if alike:
            return wanted == {alike[0].number}
        if sum(one.left_cents for one in unpaid) == line.cents:
            return wanted == {one.number for one in unpaid}
        if len(unpaid) > _LOOKED_THROUGH:
            return False
        sets = [
            {one.number for one in some}
            for count in range(2, len(unpaid))
            for some in combinations(unpaid, count)
            if sum(one.left_cents for one in some) == line.cents
        ]
        if len(sets) == 1:
            return wanted == sets[0]
        less = [one for one in unpaid if one.left_cents - one.discount_cents == line.cents
                and one.discount_until and line.on <= one.discount_until]  # fmt: skip
        return not sets and len(less) == 1 and wanted == {less[0].number}


def _letters(name: str) -> str:
    return re.sub(r"[^A-Z]", "", _TITLES.sub("", name.upper()))
