"""What many of these tests stand on."""

from collections.abc import Iterator

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.mail import mail_sink


@pytest.fixture
def sink(database: None) -> Iterator[SmtpSink]:
    """A mail server that keeps what it truly got; everything goes out through it."""
    with mail_sink() as server:
        yield server
