"""Which invoice carries a mail: none of them says so, so that all of them must fit at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Carriers:
    """Mails of one step to one debtor: each is carried by an invoice that it lists, and each
    invoice carries the step once. They fit as long as every mail has an invoice of its own.
    """

    mails: list[Sequence[str]] = field(default_factory=list)
    by_invoice: dict[str, int] = field(default_factory=dict)

    def place(self, numbers: Sequence[str]) -> bool:
        """Whether one more mail about these fits beside the earlier ones; else it is left out."""
        self.mails.append(numbers)
        if self._find(len(self.mails) - 1, set()):
            return True
        self.mails.pop()
        return False

    def _find(self, mail: int, tried: set[str]) -> bool:
        """Give this mail an invoice; a mail that had it takes another one, if it can."""
        for number in self.mails[mail]:
            if number in tried:
                continue
            tried.add(number)
            earlier = self.by_invoice.get(number)
            if earlier is None or self._find(earlier, tried):
                self.by_invoice[number] = mail
                return True
        return False
