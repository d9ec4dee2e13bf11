"""Every channel keeps the same promises; folders keep theirs on a real disk."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import resolve_name

import pytest
from tests.faults.smtp_sink import SmtpSink

from tijdig.core.problem import Refusal
from tijdig.messaging.channels import CHANNELS
from tijdig.messaging.channels.envelope import Attachment, Channel, Envelope
from tijdig.messaging.channels.letter import PrintFolderChannel
from tijdig.messaging.channels.mailbox import MailboxChannel, StoredMail, list_mail, read_mail
from tijdig.messaging.channels.smtp import SmtpSettings

PDF = b"%PDF-1.7 een brief"


def make_envelope(number: int = 1, *, pdf: bytes = PDF, **changes: object) -> Envelope:
    envelope = Envelope(
        message_id=f"<0190-{number}.letter@mail.bakkerij.test>",
        sender="administratie@bakkerij.test",
        sender_name="Bakkerij Jansen",
        recipient="sanne@cafe.test",
        reply_to="kas@bakkerij.test",
        subject="Herinnering factuur 2026-0412 van Bakkerij Jansen",
        text="Wilt u € 245,60 betalen?\n",
        html="<p>Wilt u € 245,60 betalen?</p>\n",
        written_at=datetime(2026, 3, 19, 8, 30, tzinfo=UTC),
        attachments=(Attachment("brief.pdf", "application/pdf", pdf),),
    )
    return replace(envelope, **changes)  # type: ignore[arg-type]


def make_channel(name: str, folder: Path, port: int) -> Channel:
    settings = SmtpSettings("127.0.0.1", port, security="none")
    channel: Channel = resolve_name(CHANNELS[name])(settings if name == "email" else folder)
    return channel


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_delivers_and_calls_back_once(name: str, tmp_path: Path) -> None:
    with SmtpSink() as sink:
        channel = make_channel(name, tmp_path / "out", sink.port)
        calls: list[str] = []
        outcome = channel.send(make_envelope(), on_body=lambda: calls.append("body"))
        channel.close()
        channel.close()
    assert (outcome.verdict, calls) == ("accepted", ["body"])


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_prepares_the_same_bytes_for_every_attempt(name: str, tmp_path: Path) -> None:
    channel = make_channel(name, tmp_path, 25)
    assert channel.prepare(make_envelope()) == channel.prepare(make_envelope())


@pytest.mark.parametrize("name", CHANNELS)
def test_when_the_callback_fails_nothing_goes_out(name: str, tmp_path: Path) -> None:
    def fail() -> None:
        raise OSError("send log is full")

    with SmtpSink() as sink:
        channel = make_channel(name, tmp_path, sink.port)
        with pytest.raises(OSError, match="send log is full"):
            channel.send(make_envelope(), on_body=fail)
        channel.close()
        assert (sink.stored, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize("channel_class", [PrintFolderChannel, MailboxChannel])
def test_the_same_message_is_handed_over_once(
    channel_class: type[PrintFolderChannel | MailboxChannel], tmp_path: Path
) -> None:
    channel = channel_class(tmp_path)
    calls: list[str] = []
    first = channel.send(make_envelope(), on_body=lambda: calls.append("first"))
    again = channel.send(make_envelope(), on_body=lambda: calls.append("again"))
    assert (first.verdict, again.verdict, calls) == ("accepted", "accepted", ["first"])
    assert [path.name for path in tmp_path.iterdir()] == [first.receipt]


@pytest.mark.parametrize("channel_class", [PrintFolderChannel, MailboxChannel])
def test_other_content_under_the_same_number_is_refused(
    channel_class: type[PrintFolderChannel | MailboxChannel], tmp_path: Path
) -> None:
    channel = channel_class(tmp_path)
    channel.send(make_envelope())
    (before,) = [path.read_bytes() for path in tmp_path.iterdir()]
    outcome = channel.send(make_envelope(pdf=b"%PDF-1.7 een andere brief"))
    assert outcome.verdict == "failed"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_a_letter_lands_whole_in_the_folder(tmp_path: Path) -> None:
    outcome = PrintFolderChannel(tmp_path / "brieven").send(make_envelope())
    assert outcome.receipt == "0190-1.letter@mail.bakkerij.test.pdf"
    assert (tmp_path / "brieven" / outcome.receipt).read_bytes() == PDF


@pytest.mark.parametrize("message_id", ["<../../x@y>", "</etc/x@y>", "<..@y>", "<a\x00b@y>"])
def test_a_message_id_never_leaves_the_folder(message_id: str, tmp_path: Path) -> None:
    folder = tmp_path / "brieven"
    outcome = PrintFolderChannel(folder).send(make_envelope(message_id=message_id))
    assert outcome.verdict == "accepted"
    assert [path.name for path in folder.iterdir()] == [outcome.receipt]
    assert [path.name for path in tmp_path.iterdir()] == ["brieven"]


def test_an_envelope_without_a_letter_fails(tmp_path: Path) -> None:
    channel = PrintFolderChannel(tmp_path)
    assert channel.send(make_envelope(attachments=())).verdict == "failed"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_means_later(tmp_path: Path) -> None:
    (tmp_path / "brieven").write_text("a file stands in the way")
    outcome = PrintFolderChannel(tmp_path / "brieven").send(make_envelope())
    assert outcome.verdict == "retry"


def test_the_mailbox_shows_what_came_in_newest_first(tmp_path: Path) -> None:
    channel = MailboxChannel(tmp_path)
    later = datetime(2026, 3, 20, 8, 30, tzinfo=UTC)
    channel.send(make_envelope(1, attachments=()))
    channel.send(make_envelope(2, attachments=(), written_at=later))
    assert [mail.written_at.day for mail in list_mail(tmp_path)] == [20, 19]
    assert list_mail(tmp_path)[1] == StoredMail(
        name="0190-1.letter@mail.bakkerij.test.eml",
        message_id="<0190-1.letter@mail.bakkerij.test>",
        sender="Bakkerij Jansen <administratie@bakkerij.test>",
        recipient="sanne@cafe.test",
        subject="Herinnering factuur 2026-0412 van Bakkerij Jansen",
        written_at=datetime(2026, 3, 19, 8, 30, tzinfo=UTC),
        text="Wilt u € 245,60 betalen?\n",
        html="<p>Wilt u € 245,60 betalen?</p>\n",
    )


def test_an_empty_mailbox_is_empty(tmp_path: Path) -> None:
    assert list_mail(tmp_path / "nog niet gemaakt") == ()


@pytest.mark.parametrize("name", ["../geheim.eml", "geheim.txt", "weg.eml", "/etc/passwd"])
def test_only_mail_of_the_mailbox_can_be_read(name: str, tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    (tmp_path / "geheim.eml").write_text("Subject: geheim\n\n")
    (box / "geheim.txt").write_text("geheim")
    with pytest.raises(Refusal, match="bestaat niet meer"):
        read_mail(box, name)
