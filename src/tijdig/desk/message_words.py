"""A message in words: its step, its state, and why it is in it."""

from tijdig.core.reasons import describe_reason
from tijdig.messaging.queries import MessageRow
from tijdig.web.labels import (
    CHANNELS,
    MESSAGE_REASONS,
    MESSAGE_STATES,
    PHASES,
    PRINTED,
    Label,
    label_of,
)
from tijdig.web.language import say

# What a mail server answered says itself on the page of the message.
_TOLD_BY_STATE = ("accepted", "retry", "failed", "in_doubt")


def describe_message(row: MessageRow) -> dict[str, object]:
    """The row with its labels and its reason."""
    return {
        "row": row,
        "state": label_state(row),
        "phase": label_of(PHASES, row.phase),
        "channel": label_of(CHANNELS, row.channel),
        "reason": say_reason(row.reason),
    }


def label_state(row: MessageRow) -> Label:
    """Its state; a letter that was only printed is not called sent."""
    return PRINTED if row.is_unposted else label_of(MESSAGE_STATES, row.state)


def say_reason(reason: str) -> object:
    """Why a message is in its state; nothing where its page says it already."""
    kind = reason.rstrip("0123456789").rstrip("_")
    if kind in MESSAGE_REASONS:
        return MESSAGE_REASONS[kind]
    if not reason or kind in _TOLD_BY_STATE:
        return ""
    return say(describe_reason(reason))
