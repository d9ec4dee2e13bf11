"""What the true day of posting of a printed letter changes: when it was received, and its term."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tijdig.core.facts import DebtorFacts
from tijdig.core.law.veertiendagenbrief import compute_letter_days, compute_receipt_by_post
from tijdig.core.notices import NoticeKind, PastNotice


@dataclass(frozen=True, slots=True)
class Posting:
    """When a letter that was posted on a day counts as received, and the last day of its term.

    `is_too_late`: the day that a veertiendagenbrief names comes before its fourteen days are over.
    """

    received_on: date
    last_day: date | None
    is_too_late: bool = False


def compute_posting(
    kind: NoticeKind, *, printed_on: date, posted_on: date, last_day: date | None
) -> Posting:
    """The receipt and the last day of a notice that was printed with this last day.

    A veertiendagenbrief gives fourteen days after receipt, and never less than it names; one that
    was posted so late that it names too early a day is none. Any other notice gives the days that
    it names, so a later posting moves its last day by as many; where too few are left of those that
    it names it puts nobody in default (`compute_item_default`).
    Law: BW 6:82, 6:96 lid 6; ECLI:NL:HR:2016:2704 rov. 3.4-3.5.
    """
    received_on = compute_receipt_by_post(posted_on)
    if last_day is None:
        return Posting(received_on, None)
    if kind == "veertiendagenbrief":
        by_law = compute_letter_days(posted_on, by="post").last_day_on
        return Posting(received_on, max(last_day, by_law), is_too_late=by_law > last_day)
    return Posting(received_on, last_day + (posted_on - printed_on))


def presume_posted(facts: DebtorFacts) -> DebtorFacts:
    """The facts as if every printed letter had been posted on the day that it was printed.

    For what lies ahead, and for what would be undone for good: a day that is still to be told may
    make a letter right. Nothing is claimed on it.
    """
    return replace(
        facts,
        contacts=tuple(
            replace(one, is_unposted=False) if one.is_unposted else one for one in facts.contacts
        ),
        notices=tuple(_presume(one) if one.is_unposted else one for one in facts.notices),
    )


def void_letters(facts: DebtorFacts, message_ids: Collection[UUID]) -> DebtorFacts:
    """The facts as they are once these veertiendagenbrieven are void; other effects stay."""
    return replace(
        facts,
        notices=tuple(
            replace(one, is_void=True)
            if one.kind == "veertiendagenbrief" and one.message_id in message_ids
            else one
            for one in facts.notices
        ),
    )


def _presume(notice: PastNotice) -> PastNotice:
    received_on = compute_receipt_by_post(notice.sent_on)
    return replace(notice, received_on=received_on, is_unposted=False)
