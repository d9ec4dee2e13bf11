"""The short set: of every row the fewest cases that tell most, to run before each change.

Each row has those whose failing would say something that no other case of the sample says; what
is left out repeats one of them at another moment, with another stop or another table, and is in
the fixed set. docs/proof.md says which and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from proof.cases import Case

SHORT: Mapping[str, Sequence[str]] = {
    # Nothing is stored; stored, not released; released; claimed; nobody knows; it arrived; it is
    # in the log alone.
    "A1": (
        "run.stored",
        "run.committed",
        "release.committed",
        "send.claimed",
        "send.body_sent",
        "send.after_250",
        "send.logged",
    ),
    # Half a letter must not stay; a whole one that nobody wrote down is in doubt.
    "A2": ("folder.half_written", "folder.renamed"),
    "A4": ("send.after_250",),
    "A5": ("sixty debtors, seed 0",),
    # Within the run, within the sending, and the number that no run may reach.
    "A6": ("81", "161", "201"),
    "A7": ("storm 0",),
    "A8": (
        "statement at import.matched",
        "take_back_all at effect 5",
        "the file of collections, killed at effect 20",
    ),
    "A9": ("book 0",),
    # One for each outcome: again later, refused for good, and in doubt, whether it arrived or not;
    # accepted; and again after a greylisting.
    "B1": (
        "server down",
        "dot_554",
        "drop_after_dot",
        "hang_after_dot_stored",
        "drop_at_quit",
        "rcpt_450, again",
    ),
    # Nothing goes over a line that is not as it was asked; no transaction waits for a server.
    "B2": ("STARTTLS is not offered", "no greeting"),
    "B3": ("paid meanwhile",),
    # The step after it waits; and a copy says that it is one.
    "B5": ("letter of the law, a day passes", "announcement of a collection, a copy"),
    "C1": ("run.stored", "send.after_250"),
    # A conflict where the run writes, and the number that no run may reach.
    "C2": ("40001 at write 19", "40P01 at write 36"),
    "C3": ("tijdig_debtor, times out",),
    # No file can grow, and a disk that is truly full.
    "C4": ("the send log", "a disk of letters"),
    "D1": ("every quarter", "planned twice", "schedulers, 0"),
    # Before it is released, released, told while it goes out; two stops at once.
    "D2": (
        "hold at run.committed",
        "payment at release.committed",
        "dispute at run.totals",
        "plan at send.before_body",
        "payment and payment at release.rendered",
    ),
    "D3": ("send.claimed", "a copy, in two tabs"),
    "D4": ("costs and interest, at once",),
    "D5": ("send.claimed, taken back", "release.rendered"),
    "D6": ("splitting while the robot is at import.matched",),
    "D7": ("the creditor's phone, after the words are frozen",),
    "E1": ("2026-03-29 at 02:30",),
    "E2": ("Pacific/Auckland before",),
    "E3": ("2028-02-29",),
    "E4": ("2026-04-06", "the term of a letter ends on 2026-04-03"),
    "E5": ("-1 day", "37 hours ahead, right again"),
    "E6": ("30 days after a reminder",),
    "E7": ("45 days, 12 debtors, half of whom say why",),
    # The first run asks; a figure that stands out; something that the last run did not know.
    "J2": ("no answer", "an amount, over", "a source, over"),
    "J3": ("an older database", "killed while sending, and no send-log"),
    # A trail that is whole; a row changed, gone, added; the end cut off; all of it written anew; an
    # anchor away.
    "K1": (
        "nothing",
        "change figures",
        "delete a row",
        "insert, then sealed",
        "cut off the end",
        "write the chain anew",
        "take an anchor away",
    ),
}


def choose(cases: Sequence[Case]) -> list[Case]:
    """The same cases, with those of the sample in the short set. Raises ValueError for a name in
    the sample that no case has, and for a row without one.
    """
    named = {(row, name) for row, names in SHORT.items() for name in names}
    strange = named - {case.key for case in cases}
    if strange:
        raise ValueError(f"the sample names what is no case: {sorted(strange)}")
    bare = {case.row for case in cases} - set(SHORT)
    if bare:
        raise ValueError(f"rows without a case in the sample: {sorted(bare)}")
    return [replace(one, since="short") if one.key in named else one for one in cases]
