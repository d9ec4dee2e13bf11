"""The bytes of a mail are those that the standard library gives, which reads what it writes."""

from datetime import UTC, datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from tijdig.core.email_addresses import make_ascii_domain, needs_utf8
from tijdig.messaging.channels.envelope import Attachment, Envelope
from tijdig.messaging.channels.mime import clean_sender_name, write_mime
from tijdig.messaging.labels import clean_line

ADDRESSES = (
    "klant10001@example.nl",
    "administratie@bakkerij.example.nl",
    "o'brien+kas@example.nl",
    "a!b#c@localhost",
    "{x}~y@mail.example.nl",
    "jos\u00e9@example.nl",
    "kas@caf\u00e9.example.nl",
    "een-heel-lange-naam-van-een-kas-die-nergens-op-past@een-heel-lang-domein.example.nl",
)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)
LINES = st.text(st.sampled_from("ab .=-\n\r\t\u20ac\u00e9\x0c\x85F0"), max_size=300)
PLAIN = st.text(st.sampled_from("abF01 .,:/+-"), max_size=90)


def add_up(envelope: Envelope) -> bytes:
    """The same mail, put together with the classes of the standard library."""
    named = (envelope.sender, envelope.recipient, envelope.reply_to)
    message = EmailMessage(policy=SMTPUTF8 if any(map(needs_utf8, named)) else SMTP)
    message["From"] = make_address(envelope.sender, clean_sender_name(envelope.sender_name))
    message["To"] = make_address(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = make_address(envelope.reply_to)
    message["Subject"] = clean_line(envelope.subject)
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(envelope.text, cte="quoted-printable")
    if envelope.html:
        message.add_alternative(envelope.html, subtype="html", cte="quoted-printable")
    for one in envelope.attachments:
        main, _, sub = one.media_type.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    for at, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{at}_{envelope.message_id.strip('<>').partition('@')[0][:40]}")
    return message.as_bytes()


def make_address(address: str, name: str = "") -> Address:
    username, _, domain = make_ascii_domain(address).rpartition("@")
    return Address(display_name=name, username=username, domain=domain)


def make_envelope(**told: object) -> Envelope:
    usual: dict[str, object] = {
        "message_id": "<0192f0c0-0000-7000-8000-000000000001.1@tijdig.example.nl>",
        "sender": ADDRESSES[1],
        "sender_name": "Bakkerij",
        "recipient": ADDRESSES[0],
        "reply_to": "",
        "subject": "Herinnering",
        "text": "Beste klant",
        "html": "",
        "written_at": datetime(2026, 3, 19, 9, tzinfo=UTC),
    }
    return Envelope(**{**usual, **told})  # type: ignore[arg-type]


ENVELOPES = st.builds(
    make_envelope,
    message_id=st.sampled_from(
        (
            "<0192f0c0-0000-7000-8000-000000000001.1@tijdig.example.nl>",
            "<a@b.nl>",
            "<0192f0c0.email@een-heel-lang-domein-waar-niemand-ooit-van-heeft-gehoord.example.nl>",
            "<a!b(c),d@b.nl>",
        )
    ),
    sender=st.sampled_from(ADDRESSES),
    sender_name=st.one_of(WORDS, PLAIN),
    recipient=st.sampled_from(ADDRESSES),
    reply_to=st.sampled_from(("", *ADDRESSES)),
    subject=st.one_of(WORDS, PLAIN),
    text=st.one_of(WORDS, LINES),
    html=st.one_of(st.just(""), WORDS, LINES),
    written_at=st.sampled_from(
        (
            datetime(2026, 3, 19, 9, tzinfo=UTC),
            datetime(2026, 12, 1, 9, 5, 7, tzinfo=timezone(timedelta(hours=1))),
        )
    ),
    attachments=st.lists(
        st.builds(
            Attachment,
            st.sampled_from(("factuur.pdf", "een naam.pdf", "caf\u00e9 2.pdf")),
            st.sampled_from(("application/pdf", "application/octet-stream")),
            st.binary(max_size=200),
        ),
        max_size=2,
    ).map(tuple),
)


@example(make_envelope(subject="=?utf-8?b?4oKs?= 2026-0412", html="<p>\u20ac</p>"))
@example(make_envelope(subject="a  b", text="", html="x"))
@given(ENVELOPES)
def test_the_bytes_are_those_of_the_standard_library(envelope: Envelope) -> None:
    assert write_mime(envelope) == add_up(envelope)
