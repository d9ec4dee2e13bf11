"""What a reason code means, for lists and counts."""

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
