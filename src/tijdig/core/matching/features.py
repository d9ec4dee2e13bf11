"""The features by which a hypothesis is weighed, as short names."""

from collections.abc import Sequence
from functools import lru_cache

from tijdig.core.matching.hypotheses import Hypothesis
from tijdig.core.matching.mentions import Mentions

_UNNAMED = frozenset({"none", "some", "order"})
_AS_GOOD = frozenset({"listed", "term"})
_FEW_ALIKE = 3


def list_features(one: Hypothesis, mentions: Mentions) -> tuple[str, ...]:
    """What speaks for and against it; each name has its weight."""
    how = _weighed_as(one.how)
    # What the payer lists himself, and what a plan asks, to the cent, is as good as what is open.
    relation = "exact" if one.fit.relation in _AS_GOOD else one.fit.relation
    found = _list_shared(how, relation, one.account, one.likeness)
    more: list[str] = []
    if how in _UNNAMED:
        more.append(f"shape={one.shape}/{relation}")
        if mentions.has_stray:
            more.append("stray")
    if one.names_another:
        more.append(f"names_another/{_group(how)}")
        more.append("names_another")
    if one.debtor_span:
        more.append("debtor_number")
    if one.is_early:
        more.append("early")
    if one.debtors > 1:
        more.append("several_debtors")
    if mentions.rivals and how != "reference":
        more.append("rivals")
    return (*found, *more) if more else found


def list_plain_features(
    how: str, account: str, likeness: str, *, is_early: bool
) -> tuple[str, ...]:
    """The same of one item that is named in full, with exactly what is open of it."""
    found = _list_shared(how, "exact", account, likeness)
    return (*found, "early") if is_early else found


def list_plain_none_features(account: str, *, has_stray: bool) -> tuple[str, ...]:
    """What speaks beside that for it that the payment pays nothing in the book."""
    return (
        "nothing",
        *(("nothing/stray",) if has_stray else ()),
        *(("nothing/known",) if account == "own" else ()),
    )


def list_none_features(hypotheses: Sequence[Hypothesis], mentions: Mentions) -> tuple[str, ...]:
    """What speaks for it that the payment pays nothing in the book."""
    found = ["nothing"]
    if mentions.has_stray:
        found.append("nothing/stray")
    if any(one.account == "own" for one in hypotheses):
        found.append("nothing/known")
    if len(hypotheses) > _FEW_ALIKE:
        found.append("nothing/many")
    return tuple(found)


@lru_cache(maxsize=1_024)
def _list_shared(how: str, relation: str, account: str, likeness: str) -> tuple[str, ...]:
    """The features that everything has: how it is named, how the amount fits, who paid."""
    # Of an account that is his alone the name adds little: where a bank leaves it out, no matter.
    shown = "same" if (account, likeness) == ("own", "unknown") else likeness
    group, trust = _group(how), _trust(account, likeness)
    return (
        f"how={how}",
        f"fit={how}/{relation}",
        f"payer={account}/{shown}",
        f"trust={group}/{trust}",
        f"trust={group}/{relation}/{trust}",
    )


def _weighed_as(how: str) -> str:
    """An end-to-end id of ours proves as much as a reference of ours."""
    return "reference" if how == "request" else how


def _group(how: str) -> str:
    """Strong, middling or weak naming: pooled, so that rare pairs still have a weight."""
    if how in {"reference", "exact"}:
        return "strong"
    return "middle" if how in {"digits", "cut", "swapped", "order"} else "weak"


def _trust(account: str, likeness: str) -> str:
    """How far the payer is known to be the debtor."""
    if account == "own":
        return "other_name" if likeness == "other" else "own"
    if likeness == "same":
        return "same"
    if account == "another":
        return "another"
    return likeness
