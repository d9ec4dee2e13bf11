"""The fourteen sets of books of the demo: a bakery, a school, twelve clients of an accountant."""

from dataclasses import dataclass
from typing import Literal

from tijdig.demo.world import DebtorKind, Feed, Habit, ListStyle

Good = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Trade:
    """How one creditor lives. `goods`: what, lowest and highest price in cents, most at once.

    `invoices` is the number in eighteen months; with `every_weeks` each debtor gets one in every
    such round instead. `pinned` names habits and how many days after the due date the day is on
    which the visitor comes in; of the first `left_alone` of these he sees the step of the day.
    With `old_debts` (two at most) so many invoices of who never pays turn a year old in the quarter
    of that day.
    """

    slug: str
    name: str
    debtor_kind: DebtorKind
    feed: Feed
    list_style: ListStyle
    camt: Literal["", "02", "08"]
    term_days: int
    vat_percent: int
    habits: tuple[Habit, ...]
    goods: tuple[Good, ...]
    invoices: int = 45
    every_weeks: int = 0
    pinned: tuple[tuple[Habit, int], ...] = ()
    left_alone: int = 0
    old_debts: int = 0
    has_odd_names: bool = False


_BAKERY_HABITS: tuple[Habit, ...] = (
    "prompt", "prompt", "prompt", "prompt", "prompt", "on_time", "on_time", "on_time", "on_time",
    "late", "late", "forgetful", "forgetful", "slow", "by_reference", "by_reference", "wordless",
    "bundler", "doubler", "returner", "quiet", "never", "on_time", "forgetful",
)  # fmt: skip
_PARENT_HABITS: tuple[Habit, ...] = (
    "prompt", "prompt", "prompt", "on_time", "late", "prompt", "by_reference", "forgetful",
    "prompt", "on_time", "late", "prompt",
)  # fmt: skip
_FIRM_HABITS: tuple[Habit, ...] = (
    "prompt", "on_time", "late", "forgetful", "by_reference", "prompt", "slow", "on_time",
)  # fmt: skip
_BUYER_HABITS: tuple[Habit, ...] = (
    "prompt", "on_time", "by_reference", "late", "prompt", "forgetful", "wordless", "prompt",
    "never",
)  # fmt: skip
_BOOKS_ONLY_HABITS: tuple[Habit, ...] = (
    "prompt", "part_payer", "late", "on_time", "forgetful", "prompt", "slow",
)  # fmt: skip

BAKERY = Trade(
    "krakeling",
    "Bakkerij De Gouden Krakeling",
    "business",
    "both",
    "plain",
    "02",
    14,
    9,
    _BAKERY_HABITS,
    (
        ("Volkoren brood, per week", 210, 320, 90),
        ("Krentenbollen", 55, 95, 160),
        ("Roomboter croissants", 80, 140, 120),
        ("Taart op bestelling", 2400, 5200, 4),
        ("Broodjes voor de lunch", 95, 210, 110),
    ),
    invoices=140,
    pinned=(
        ("quiet", 14),
        ("forgetful", 5),
        ("forgetful", 5),
        ("on_time", -3),
        ("by_reference", -3),
        ("on_time", -4),
        ("doubler", 0),
        ("returner", 5),
        ("slow", 26),
        ("late", 5),
        ("forgetful", 12),
        ("by_reference", 12),
        ("on_time", -5),
        ("on_time", -6),
        ("on_time", -7),
    ),
    left_alone=6,
    old_debts=2,
    has_odd_names=True,
)
SCHOOL = Trade(
    "wilgenhoek",
    "Basisschool De Wilgenhoek",
    "consumer",
    "list",
    "plain",
    "08",
    30,
    0,
    (*_PARENT_HABITS, *_PARENT_HABITS, *_PARENT_HABITS, "never", "never", "forgetful", "late"),
    (
        ("Overblijf, per kwartaal", 3600, 7200, 2),
        ("Vrijwillige ouderbijdrage", 4500, 4500, 1),
        ("Schoolreis", 2750, 2750, 1),
    ),
    every_weeks=13,
)


def _client(
    slug: str,
    name: str,
    how: tuple[Feed, ListStyle, Literal["", "02", "08"]],
    goods: tuple[Good, ...],
    *,
    habits: tuple[Habit, ...] = _FIRM_HABITS,
    kind: DebtorKind = "business",
    terms: tuple[int, int] = (30, 21),
    invoices: int = 32,
    pinned: tuple[tuple[Habit, int], ...] = (),
) -> Trade:
    """A client of the accountant; `how`: feed, style of list, version of the bank's file."""
    feed, style, camt = how
    return Trade(
        slug, name, kind, feed, style, camt, terms[0], terms[1], habits, goods, invoices,
        pinned=pinned,
    )  # fmt: skip


CLIENTS = (
    _client(
        "druppel", "Loodgieter Druppel en Zoon", ("ubl", "plain", "02"),
        (("Lekkage verholpen", 8500, 32000, 1), ("Cv-ketel nagekeken", 9500, 14500, 2)),
        pinned=(("forgetful", 5),),
    ),
    _client(
        "glimlach", "Tandartspraktijk De Glimlach", ("list", "plain", "08"),
        (("Controle en gebitsreiniging", 6800, 12500, 1), ("Vulling", 5200, 9800, 3)),
        habits=_BUYER_HABITS, kind="consumer", terms=(21, 0), invoices=40,
    ),
    _client(
        "kwast", "Schildersbedrijf De Brede Kwast", ("list", "workbook", ""),
        (("Schilderwerk buiten", 48000, 210000, 1), ("Kozijnen hersteld", 16000, 54000, 2)),
        habits=_BOOKS_ONLY_HABITS, terms=(14, 9),
    ),
    _client(
        "groenrijk", "Hoveniersbedrijf Groenrijk en Co", ("ubl", "plain", "08"),
        (("Tuinonderhoud", 14000, 42000, 1), ("Heg gesnoeid", 9000, 21000, 2)),
        pinned=(("slow", 14),),
    ),
    _client(
        "zuiger", "Garage De Zuiger", ("list", "signed", "02"),
        (("Grote beurt", 28000, 61000, 1), ("Banden gewisseld", 6500, 11000, 2)),
    ),
    _client(
        "zetsel", "Drukkerij Mooi Zetsel", ("ubl", "plain", "02"),
        (("Folders gedrukt", 18000, 76000, 1), ("Visitekaartjes", 4500, 9500, 4)),
    ),
    _client(
        "beweeg", "Fysiotherapie Beweeg Weer", ("list", "plain", "08"),
        (("Behandeling", 4100, 4800, 6),),
        habits=_BUYER_HABITS, kind="consumer", terms=(14, 0), invoices=40,
    ),
    _client(
        "helder", "Glazenwasserij Helder Zicht", ("list", "term_days", "02"),
        (("Glasbewassing", 5500, 19000, 2),), terms=(14, 9), invoices=40,
    ),
    _client(
        "vonk", "Installatiebedrijf De Vonk", ("list", "signed", "08"),
        (("Groepenkast vernieuwd", 62000, 115000, 1), ("Lampen geplaatst", 7500, 26000, 2)),
    ),
    _client(
        "draadwerk", "Webbouw Los Draadwerk", ("both", "plain", "08"),
        (("Onderhoud website", 19500, 38000, 1), ("Uren ontwerp", 8500, 9500, 12)),
        pinned=(("on_time", -3), ("by_reference", 12)),
    ),
    _client(
        "robbedoes", "Kinderopvang Robbedoes", ("list", "plain", "02"),
        (("Opvang, per maand", 24000, 78000, 1),),
        habits=_BUYER_HABITS, kind="consumer", terms=(14, 0), invoices=40,
    ),
    _client(
        "halfvol", "Transportbedrijf Halfvol", ("both", "plain", "02"),
        (("Vervoer", 32000, 145000, 1), ("Opslag, per week", 8000, 22000, 3)),
    ),
)  # fmt: skip
TRADES = (BAKERY, SCHOOL, *CLIENTS)
