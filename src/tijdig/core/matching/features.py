"""The features by which a hypothesis is weighed, as short names."""

from collections.abc import Sequence

from tijdig.core.matching.hypotheses import Hypothesis
from tijdig.core.matching.mentions import Mentions

_UNNAMED = frozenset({"none", "some", "order"})
_FEW_ALIKE = 3


def list_features(one: Hypothesis, mentions: Mentions) -> tuple[str, ...]:
    """What speaks for and against it; each name has its weight."""
    how, relation = _weighed_as(one.how), one.fit.relation
    # Of an account that is his alone the name adds little: where a bank leaves it out, no matter.
    likeness = "same" if (one.account, one.likeness) == ("own", "unknown") else one.likeness
    payer = f"{one.account}/{likeness}"
    found = [
        f"how={how}",
        f"fit={how}/{relation}",
        f"payer={payer}",
        f"trust={_group(how)}/{_trust(one)}",
        f"trust={_group(how)}/{relation}/{_trust(one)}",
    ]
    if how in _UNNAMED:
        found.append(f"shape={one.shape}/{relation}")
        if mentions.has_stray:
            found.append("stray")
    if one.names_another:
        found.append(f"names_another/{_group(how)}")
        found.append("names_another")
    if one.debtor_span:
        found.append("debtor_number")
    if one.is_early:
        found.append("early")
    if one.debtors > 1:
        found.append("several_debtors")
    if mentions.rivals and how != "reference":
        found.append("rivals")
    return tuple(found)


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


def _weighed_as(how: str) -> str:
    """An end-to-end id of ours proves as much as a reference of ours."""
    return "reference" if how == "request" else how


def _group(how: str) -> str:
    """Strong, middling or weak naming: pooled, so that rare pairs still have a weight."""
    if how in {"reference", "exact"}:
        return "strong"
    return "middle" if how in {"digits", "cut", "swapped", "order"} else "weak"


def _trust(one: Hypothesis) -> str:
    """How far the payer is known to be the debtor."""
    if one.account == "own":
        return "other_name" if one.likeness == "other" else "own"
    if one.likeness == "same":
        return "same"
    if one.account == "another":
        return "another"
    return one.likeness
