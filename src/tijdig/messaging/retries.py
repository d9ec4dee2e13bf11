"""When a message is tried again, by the class of the answer that it got."""

from tijdig.messaging.channels.envelope import Outcome

# The server, the line or our sign-in: nothing is wrong with the message. Tried on until it is
# well again; what is not out by then is decided and written anew the next day.
SERVER_CODES = frozenset({421, 432, 454, 530, 534, 535, 538})
SERVER_MINUTES = (5, 10, 20, 40, 60)
# "Not now" about this very message: greylisting wants some minutes, a full mailbox some hours.
MESSAGE_MINUTES = (5, 15, 60, 240, 480, 720, 1440)


def is_server_trouble(outcome: Outcome) -> bool:
    """Whether the next message to the same server would fare the same."""
    if outcome.verdict != "retry":
        return False
    return outcome.code is None or outcome.code in SERVER_CODES or outcome.is_about_us


def find_delay(outcome: Outcome, *, attempt: int) -> int | None:
    """The minutes until the next try after this many attempts; None: it has failed."""
    if is_server_trouble(outcome):
        return SERVER_MINUTES[min(attempt, len(SERVER_MINUTES)) - 1]
    return MESSAGE_MINUTES[attempt - 1] if attempt <= len(MESSAGE_MINUTES) else None
