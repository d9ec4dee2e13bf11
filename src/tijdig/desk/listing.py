"""What every long list shares: its tab, its search words, its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise

from tijdig.web.paging import read_place

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved filter, with the address that shows it."""

    key: str
    name: str | Promise
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list."""

    tab: str
    search: str
    after: tuple[str, str] | None
    tabs: tuple[Tab, ...]

    @property
    def is_part(self) -> bool:
        """Whether the tab shows a part of what there is: neither the first one nor all."""
        return not (self.tabs[0].is_current or self.tabs[-1].is_current)

    @property
    def everything(self) -> Tab | None:
        """The tab with all there is, for the same words; None where that is the one shown."""
        return None if self.tabs[-1].is_current else self.tabs[-1]

    def address_of(self, place: str) -> str:
        """The query part that shows the same list from a place."""
        return "?" + urlencode({"tab": self.tab, "q": self.search, "na": place})

    @property
    def start(self) -> str:
        """The query part that shows the same list from its start."""
        return "?" + urlencode({"tab": self.tab, "q": self.search})


def read_asked(
    request: HttpRequest,
    tabs: Sequence[tuple[str, str | Promise]],
    *,
    sorts_by: Callable[[str], object] = date.fromisoformat,
) -> Asked:
    """The tab (the first one when the address says nothing known), search and place."""
    told = request.GET.get("tab", "")
    tab = told if told in dict(tabs) else tabs[0][0]
    search = request.GET.get("q", "").strip().replace("\x00", "")[:LONGEST_SEARCH]
    return Asked(
        tab=tab,
        search=search,
        after=read_place(request.GET.get("na", ""), sorts_by=sorts_by),
        tabs=tuple(
            Tab(key, name, "?" + urlencode({"tab": key, "q": search}), key == tab)
            for key, name in tabs
        ),
    )
