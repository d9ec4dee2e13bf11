"""What a debtor says later takes the place of what he said before, until it was a mistake."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tijdig.cases.actions.recording import Told, finish
from tijdig.cases.models import Reason
from tijdig.cases.queries.reasons import find_copied
from tijdig.core.problem import Sentence
from tijdig.core.unpaid import UNPAID_REASONS

_WAITING_KINDS = [kind for kind, rule in UNPAID_REASONS.items() if rule.until_done]


def replace_earlier(made: Reason, *, today: date, now: datetime, actor: str) -> None:
    """End what he said before of the same invoice, or, where he speaks of all, of any.

    What he said of one invoice and still waits for us stays (`_list_waiting`). Each keeps which
    one took its place. The debtor is locked.
    """
    earlier = Reason.objects.filter(debtor_id=made.debtor_id, handled_on=None).exclude(id=made.id)
    if made.item_id is not None:
        earlier = earlier.filter(item_id=made.item_id)
    else:
        other_words = earlier.exclude(kind=made.kind)
        earlier = earlier.exclude(id__in=_list_waiting(other_words))
    name = UNPAID_REASONS[made.kind].name
    said = Sentence(
        f"De debiteur gaf later een andere reden: {name.nl}. Die telt nu.",
        f"The debtor gave another reason later: {name.en}. That one counts now.",
    )
    for reason_id in list(earlier.order_by("id").values_list("id", flat=True)):
        Reason.objects.filter(id=reason_id).update(
            handled_on=today, handled_by=actor, replaced_by=made
        )
        told = Told("reason_replaced", "reason", reason_id, made.debtor_id, said)
        finish(told, today=today, now=now, actor=actor)


def bring_back(mistaken: Collection[UUID], *, today: date, now: datetime, actor: str) -> None:
    """What these reasons replaced stands again: they count no longer.

    Not where the debtor said something else of the same since: then that one has replaced it, and
    brings it back when it turns out to be a mistake too. The debtor is locked.
    """
    for one in Reason.objects.filter(replaced_by_id__in=mistaken).order_by("id"):
        replaced = Reason.objects.filter(id=one.id)
        later = _find_later(one)
        if later is not None:
            replaced.update(replaced_by=later)
            continue
        replaced.update(handled_on=None, handled_by="", replaced_by=None)
        name = UNPAID_REASONS[one.kind].name
        said = Sentence(
            f"De latere reden telt niet meer. Deze geldt weer: {name.nl}.",
            f"The later reason does not count any more. This one stands again: {name.en}.",
        )
        told = Told("reason_again", "reason", one.id, one.debtor_id, said)
        finish(told, today=today, now=now, actor=actor)


def _list_waiting(earlier: QuerySet[Reason]) -> list[UUID]:
    """Those about one invoice that a word of another kind about all does not end.

    Who did not get it must get his copy first, and who cannot pay it waits until somebody has
    followed that up. The rest ask for a few days, and a later word gives days of its own.
    """
    of_one = earlier.exclude(item_id=None).filter(kind__in=_WAITING_KINDS)
    waiting = set(of_one.values_list("id", flat=True))
    return sorted(waiting - find_copied(waiting))


def _find_later(one: Reason) -> Reason | None:
    """The first that was told after it and could end it, and was no mistake."""
    of_all = Q(item_id=None)
    if _list_waiting(Reason.objects.filter(id=one.id)):
        of_all &= Q(kind=one.kind)
    stands = Q(dispute=None) | ~Q(dispute__state="withdrawn")
    later = Reason.objects.filter(
        of_all | Q(item_id=one.item_id), stands, debtor_id=one.debtor_id, is_withdrawn=False
    )
    return later.filter(id__gt=one.id).order_by("id").first()
