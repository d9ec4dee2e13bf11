"""A real mail server on this machine, which mail goes to while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings
from tests.faults.smtp_sink import SmtpSink


@contextmanager
def mail_sink() -> Iterator[SmtpSink]:
    """A sink that keeps what it truly got."""
    with (
        SmtpSink() as server,
        override_settings(
            SMTP_HOST="127.0.0.1", SMTP_PORT=server.port, SMTP_SECURITY="none", SMTP_USERNAME=""
        ),
    ):
        yield server
