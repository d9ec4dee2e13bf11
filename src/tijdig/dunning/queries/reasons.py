"""What a reason code means, for lists and counts."""

from collections import Counter
from collections.abc import Mapping

from tijdig.core.problem import Sentence
from tijdig.core.reasons import describe_reason

_STANDING = {
    "step_taken": Sentence(
        "De laatste stap is gezet; wij wachten op de betaling.",
        "The last step was taken; we wait for the payment.",
    ),
    "": Sentence("Nog niet bekeken.", "Not looked at yet."),
}


def describe(reason: str) -> Sentence:
    """The meaning of a decision's reason, or of the reason that stands since the last step."""
    return _STANDING.get(reason) or describe_reason(reason)


def count_in_words(because: Mapping[str, int]) -> list[tuple[Sentence, int]]:
    """The reasons of a run in words, the most frequent first; the same words are one reason."""
    found: Counter[Sentence] = Counter()
    for code, count in because.items():
        found[describe(code)] += count
    return found.most_common()
