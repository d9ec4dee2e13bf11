"""What the mail server does, what we say about it, and what it truly holds."""

import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from proof import transport
from tests.faults.smtp_sink import Mode, SmtpSink

from tijdig.core.problem import Refusal
from tijdig.messaging.channels.email import EmailChannel
from tijdig.messaging.channels.envelope import Attachment, Envelope, Outcome
from tijdig.messaging.channels.smtp import SmtpSettings

RECIPIENT = "sanne@cafe.test"


def make_settings(port: int, **changes: object) -> SmtpSettings:
    settings = SmtpSettings(
        host="127.0.0.1",
        port=port,
        security="none",
        # As long as a busy machine may take; of a slow server a test says how long it waits.
        connect_seconds=60.0,
        command_seconds=60.0,
        final_dot_seconds=60.0,
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


def make_envelope(number: int = 1, **changes: object) -> Envelope:
    envelope = Envelope(
        message_id=f"<0190-{number}.email@mail.bakkerij.test>",
        sender="administratie@bakkerij.test",
        sender_name="Bakkerij Jansen",
        recipient=RECIPIENT,
        reply_to="",
        subject="Herinnering factuur 2026-0412 van Bakkerij Jansen",
        text="Beste Sanne,\n\n.\n.. twee punten\nWilt u € 245,60 betalen?\n",
        html="<p>Wilt u € 245,60 betalen?</p>",
        written_at=datetime(2026, 3, 19, 8, 30, tzinfo=UTC),
    )
    return replace(envelope, **changes)  # type: ignore[arg-type]


def send_one(sink: SmtpSink, **changes: object) -> Outcome:
    channel = EmailChannel(make_settings(sink.port, **changes))
    try:
        return channel.send(make_envelope())
    finally:
        channel.close()


# mode: verdict, reply code, does the address get suppressed, does the server hold the message
BEHAVIOURS: dict[Mode, tuple[str, int | None, bool, bool]] = {
    "normal": ("accepted", 250, False, True),
    "banner_421": ("retry", 421, False, False),
    "banner_554": ("retry", 554, False, False),
    "mail_451": ("retry", 451, False, False),
    "mail_530": ("retry", 530, False, False),
    "mail_550": ("retry", 550, False, False),
    "rcpt_450": ("retry", 450, False, False),
    "rcpt_451_rate": ("retry", 451, False, False),
    "rcpt_550": ("failed", 550, True, False),
    "rcpt_550_policy": ("failed", 550, False, False),
    "rcpt_552": ("failed", 552, False, False),
    "data_451": ("retry", 451, False, False),
    "data_554": ("failed", 554, False, False),
    "drop_at_mail": ("retry", None, False, False),
    "drop_before_354": ("retry", None, False, False),
    "dot_421": ("retry", 421, False, False),
    "dot_432": ("retry", 432, False, False),
    "dot_452": ("retry", 452, False, False),
    "dot_452_rate": ("retry", 452, False, False),
    "dot_552": ("failed", 552, False, False),
    "dot_554": ("failed", 554, False, False),
    "drop_after_dot": ("in_doubt", None, False, False),
    "drop_after_dot_stored": ("in_doubt", None, False, True),
    "hang_after_dot_stored": ("in_doubt", None, False, True),
    "drop_at_quit": ("accepted", 250, False, True),
    "drop_after_message": ("accepted", 250, False, True),
    "babble": ("retry", None, False, False),
}


@pytest.mark.parametrize("mode", BEHAVIOURS)
def test_the_verdict_fits_what_the_server_did(mode: Mode) -> None:
    verdict, code, suppress, is_stored = BEHAVIOURS[mode]
    waits = {"final_dot_seconds": 0.5} if mode == "hang_after_dot_stored" else {}
    with SmtpSink(mode) as sink:
        outcome = send_one(sink, **waits)
        assert (outcome.verdict, outcome.code, outcome.suppress_address) == (
            verdict,
            code,
            suppress,
        )
        assert [(s.message_id, s.recipient) for s in sink.stored] == (
            [(make_envelope().message_id, RECIPIENT)] if is_stored else []
        )
    assert outcome.because.nl
    assert outcome.because.en


def test_every_mode_of_the_sink_is_used_here() -> None:
    elsewhere = {"auth_535", "starttls_454", "starttls_drop", "starttls_injected", "slow"}
    slow_servers = {mode for mode, _ in transport.SLOW.values()}
    assert set(BEHAVIOURS) | elsewhere | slow_servers == set(get_args(Mode))


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = EmailChannel(make_settings(port)).send(make_envelope())
    assert (outcome.verdict, outcome.code) == ("retry", None)


def test_a_name_that_does_not_exist() -> None:
    settings = make_settings(25, host="geen-server.invalid")
    assert EmailChannel(settings).send(make_envelope()).verdict == "retry"


def test_a_server_that_drips_bytes_is_left_in_time() -> None:
    with SmtpSink("slow") as sink:
        outcome = send_one(sink, command_seconds=0.4)
        assert (outcome.verdict, sink.stored) == ("retry", [])


def test_the_server_holds_the_very_bytes_that_were_prepared() -> None:
    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        channel.send(make_envelope())
        channel.close()
        assert sink.stored[0].content == channel.prepare(make_envelope())


def test_one_connection_serves_several_messages() -> None:
    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        verdicts = [channel.send(make_envelope(number)).verdict for number in range(5)]
        channel.close()
        assert (verdicts, sink.connections, len(sink.stored)) == (["accepted"] * 5, 1, 5)


def test_a_connection_that_the_server_ended_is_opened_again() -> None:
    with SmtpSink("drop_after_message", "normal") as sink:
        channel = EmailChannel(make_settings(sink.port))
        verdicts = [channel.send(make_envelope(number)).verdict for number in (1, 2)]
        channel.close()
        assert (verdicts, sink.connections, len(sink.stored)) == (["accepted"] * 2, 2, 2)


def test_after_an_error_the_next_message_gets_a_fresh_connection() -> None:
    with SmtpSink("normal", "drop_after_dot_stored", "rcpt_550", "normal") as sink:
        channel = EmailChannel(make_settings(sink.port))
        verdicts = [channel.send(make_envelope(number)).verdict for number in (1, 2, 3, 4)]
        channel.close()
        assert verdicts == ["accepted", "in_doubt", "failed", "accepted"]
        assert sink.connections == 3
        assert len(sink.stored) == len({stored.message_id for stored in sink.stored}) == 3


def test_the_callback_comes_once_and_right_before_the_body() -> None:
    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        seen: list[tuple[str, int]] = []
        channel.send(
            make_envelope(), on_body=lambda: seen.append((sink.commands[-1], len(sink.stored)))
        )
        channel.close()
        assert seen == [("DATA", 0)]


@pytest.mark.parametrize("mode", ["rcpt_450", "drop_before_354", "data_554", "banner_421"])
def test_no_callback_when_no_body_goes(mode: Mode) -> None:
    with SmtpSink(mode) as sink:
        seen: list[str] = []
        channel = EmailChannel(make_settings(sink.port))
        channel.send(make_envelope(), on_body=lambda: seen.append("called"))
        channel.close()
        assert seen == []


def test_when_the_callback_fails_nothing_is_sent_and_the_next_message_goes() -> None:
    def fail() -> None:
        raise OSError("send log is full")

    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        with pytest.raises(OSError, match="send log is full"):
            channel.send(make_envelope(1), on_body=fail)
        assert sink.stored == []
        assert channel.send(make_envelope(2)).verdict == "accepted"
        channel.close()
        assert [stored.message_id for stored in sink.stored] == [make_envelope(2).message_id]


def test_a_wrong_password_is_our_problem_and_not_the_address_s() -> None:
    with SmtpSink("auth_535", password="geheim") as sink:
        outcome = send_one(sink, username="bakker", password="fout")
        assert (outcome.verdict, outcome.code, outcome.suppress_address) == ("retry", 535, False)
        assert sink.stored == []


def test_sign_in_comes_before_the_mail() -> None:
    with SmtpSink(password="geheim") as sink:
        assert send_one(sink, username="bakker", password="geheim").verdict == "accepted"
        words = [command.split(" ")[0] for command in sink.commands]
        assert words == ["ehlo", "AUTH", "mail", "rcpt", "DATA", "quit"]


def test_a_server_without_sign_in_gets_no_mail_when_we_have_a_password() -> None:
    with SmtpSink() as sink:
        assert send_one(sink, username="bakker", password="geheim").verdict == "retry"
        assert sink.stored == []


def test_a_password_never_goes_over_an_open_line_to_another_machine() -> None:
    settings = SmtpSettings("mail.bakkerij.test", 25, security="none", username="bakker")
    with pytest.raises(Refusal, match="open verbinding"):
        EmailChannel(settings)


def test_the_password_does_not_show_in_the_settings() -> None:
    assert "geheim" not in repr(make_settings(25, username="bakker", password="geheim"))


@pytest.mark.parametrize("mode", ["starttls_454", "starttls_drop", "starttls_injected"])
def test_starttls_that_fails_stops_the_mail(mode: Mode) -> None:
    with SmtpSink(mode, tls="starttls") as sink:
        assert send_one(sink, security="starttls").verdict == "retry"
        assert sink.stored == []
        assert "mail" not in [command.split(" ")[0] for command in sink.commands]


def test_a_server_without_starttls_gets_no_mail() -> None:
    with SmtpSink() as sink:
        outcome = send_one(sink, security="starttls")
        assert (outcome.verdict, sink.stored) == ("retry", [])
        assert "veilige verbinding" in outcome.because.nl


def test_a_server_that_speaks_no_tls_gets_no_mail() -> None:
    with SmtpSink() as sink:
        assert send_one(sink, security="tls", command_seconds=0.5).verdict == "retry"
        assert sink.stored == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own for 127.0.0.1, with its key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "sink.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"]
    command += ["-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed: no certificate to test TLS with")
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_a_verified_line(certificate: Path, security: str) -> None:
    with SmtpSink(tls=security, certificate=str(certificate)) as sink:  # type: ignore[arg-type]
        outcome = send_one(sink, security=security, ca_file=f"{certificate}.crt")
        assert (outcome.verdict, len(sink.stored)) == ("accepted", 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_stops_the_mail(certificate: Path, security: str) -> None:
    with SmtpSink(tls=security, certificate=str(certificate)) as sink:  # type: ignore[arg-type]
        outcome = send_one(sink, security=security)
        assert (outcome.verdict, sink.stored) == ("retry", [])
        assert "certificaat" in outcome.because.nl


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_stops_the_mail(certificate: Path, security: str) -> None:
    with SmtpSink(tls=security, certificate=str(certificate)) as sink:  # type: ignore[arg-type]
        outcome = send_one(sink, security=security, host="localhost", ca_file=f"{certificate}.crt")
        assert (outcome.verdict, sink.stored) == ("retry", [])


NASTY = (
    "\r\nBcc: x@evil.test",
    "\nBcc: x@evil.test",
    "\rX: y",
    "\x00",
    "\u2028Bcc: x",
    "\r\n .\r\n",
)


@pytest.mark.parametrize("nasty", NASTY)
def test_no_value_becomes_a_header(nasty: str) -> None:
    envelope = make_envelope(
        subject=f"Herinnering{nasty}",
        sender_name=f"Bakkerij{nasty}",
        attachments=(Attachment(f"factuur{nasty}.pdf", "application/pdf", b"%PDF-1.7"),),
    )
    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        assert channel.send(envelope).verdict == "accepted"
        channel.close()
        head = sink.stored[0].content.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    expected = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    expected += ["X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
    assert sorted(names) == sorted(expected)


@pytest.mark.parametrize("nasty", [*NASTY, "> SIZE=1", ", x@evil.test", "@evil.test", " x"])
@pytest.mark.parametrize("field", ["recipient", "sender", "reply_to", "message_id"])
def test_a_nasty_address_is_refused_before_a_line_is_opened(field: str, nasty: str) -> None:
    with SmtpSink() as sink:
        channel = EmailChannel(make_settings(sink.port))
        address = f"<a@b.test>{nasty}" if field == "message_id" else f"a@b.test{nasty}"
        outcome = channel.send(make_envelope(**{field: address}))
        assert (outcome.verdict, sink.connections) == ("failed", 0)


def test_the_headers_say_who_writes_and_that_no_answering_machine_should() -> None:
    channel = EmailChannel(make_settings(25))
    mime = channel.prepare(
        make_envelope(sender_name='Jansen, "de" bakker: x@y', reply_to="kas@bakkerij.test")
    )
    head = mime.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert "From: Jansen de bakker x y <administratie@bakkerij.test>" in head
    assert "Reply-To: kas@bakkerij.test" in head
    assert "Date: Thu, 19 Mar 2026 08:30:00 +0000" in head
    assert "Message-ID: <0190-1.email@mail.bakkerij.test>" in head
    assert "Auto-Submitted: auto-generated" in head
    assert "X-Auto-Response-Suppress: All" in head


def test_every_attempt_gives_the_same_bytes() -> None:
    channel = EmailChannel(make_settings(25))
    pdf = Attachment("factuur.pdf", "application/pdf", b"%PDF-1.7 ...")
    envelope = make_envelope(attachments=(pdf,))
    assert channel.prepare(envelope) == channel.prepare(envelope)
