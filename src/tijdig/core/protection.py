"""What a special situation of a debtor does to notices, costs and interest, by its days.

The days count, not the day on which somebody recorded it: who learns of a bankruptcy weeks later
asks no more than who knew it at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tijdig.core.calendar import add_days
from tijdig.core.notices import PastNotice

# The estate answers for what was owed when it began, and for nothing of after it.
INSOLVENCY = frozenset(("faillissement", "surseance", "wsnp"))
# Everything rests, and nobody has to pay within a term that somebody gives him meanwhile.
RESTING = INSOLVENCY | {"moratorium", "debt_help", "deceased"}
# He cannot be written to himself: somebody else acts for him.
REPRESENTED = frozenset(("bewind", "curatele"))
# Of several who act for him its curator does: an administration order ends by guardianship, so that
# its bewindvoerder acts no more (BW 1:449).
ACTS_FIRST = "curatele"


@dataclass(frozen=True, slots=True)
class Protection:
    """A special situation of a debtor with its days, one that is over too.

    It holds from `from_on` up to and including `until_on` (None: it goes on). It was recorded on
    `recorded_on`: only then did anybody know.
    """

    kind: str
    from_on: date
    until_on: date | None
    recorded_on: date

    def is_on(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def judge_by_protection(
    notices: tuple[PastNotice, ...], protections: Iterable[Protection]
) -> tuple[PastNotice, ...]:
    """The notices as they count: void where he was protected when they had to work.

    A veertiendagenbrief is none where everything had to rest within its term, or on the day on
    which costs would begin; no notice is one that went to himself while somebody else acted for
    him, or that came after he had died.
    Law: BW 1:381, 1:441, 1:449, 3:37 lid 3, 6:96 lid 6; Fw 26, 228, 287b, 296; Wgs art. 5.
    """
    known = tuple(protections)
    if not known:
        return notices
    return tuple(
        replace(one, is_void=True, void_cause=cause)
        if not one.is_void and (cause := find_void_cause(one, known))
        else one
        for one in notices
    )


def find_void_cause(notice: PastNotice, protections: Iterable[Protection]) -> str:
    """Which situation leaves a notice without effect, as `rest_wsnp` or `himself_bewind`.

    Empty where none does.
    """
    known = tuple(protections)
    if rest := _find_rest(notice, known):
        return f"rest_{rest.kind}"
    if missed := _find_missed(notice, known):
        return f"himself_{missed.kind}"
    return ""


def find_insolvency_start(protections: Iterable[Protection], *, today: date) -> date | None:
    """The first day of the insolvency that still goes on; None without one.

    Interest of that day and later, and costs that began then, cannot be filed in it. Once it is
    over the claim revives; what interest does: `list_interest_rests`. Law: Fw 128, 260, 303.
    """
    return min(
        (one.from_on for one in protections if one.kind in INSOLVENCY and one.is_on(today)),
        default=None,
    )


def find_estate(protections: Iterable[Protection], *, on: date) -> Protection | None:
    """The bankruptcy or WSNP on a day, in which claims on him are filed; None without one.

    Whether a letter to himself interrupts limitation then is not certain. Law: Fw 26, 299.
    """
    estates = (one for one in protections if one.kind in ("faillissement", "wsnp"))
    return next((one for one in estates if one.is_on(on)), None)


def list_interest_rests(
    protections: Iterable[Protection], *, today: date
) -> tuple[tuple[date, date], ...]:
    """The days of each WSNP that is over, from (included) until (excluded), in order.

    No interest is owed over them, by law or agreed. It revives on some of the grounds on which a
    WSNP may end early; on which it did we do not know, so it is never asked. Law: Fw 303 lid 1-2.
    """
    return tuple(
        sorted(
            (one.from_on, add_days(one.until_on, 1))
            for one in protections
            if one.kind == "wsnp" and one.until_on is not None and one.until_on < today
        )
    )


def _find_rest(notice: PastNotice, protections: Iterable[Protection]) -> Protection | None:
    """The situation by which everything had to rest within the term of a letter."""
    if notice.kind != "veertiendagenbrief" or notice.last_day is None:
        return None
    costs_on = add_days(notice.last_day, 1)
    resting = (
        one
        for one in protections
        if one.kind in RESTING
        and one.from_on <= costs_on
        and (one.until_on is None or one.until_on >= notice.sent_on)
    )
    return next(resting, None)


def _find_missed(notice: PastNotice, protections: Iterable[Protection]) -> Protection | None:
    """The situation in which it could not reach him when it went or arrived, and nobody knew it."""
    written_on = notice.printed_on or notice.sent_on
    arrived_on = notice.received_on or notice.sent_on
    needed = [
        one
        for one in protections
        if one.from_on <= arrived_on and (one.until_on is None or one.until_on >= written_on)
    ]
    own = [one for one in needed if one.kind in REPRESENTED]
    own = [one for one in own if one.kind == ACTS_FIRST] or own
    # From the day after it was recorded on, the runs wrote to who acts for him.
    if any(one.recorded_on < written_on and one.is_on(written_on) for one in own):
        own = []
    # Nobody acts any more for who has died, whoever did: it reached none of his heirs.
    return next((one for one in needed if one.kind == "deceased"), next(iter(own), None))
