"""An SMTP client that knows how far it came, so that "not sent" and "in doubt" stay apart."""

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal

from tijdig.core.email_addresses import make_ascii_domain, needs_utf8
from tijdig.tenants.failpoints import fp

Phase = Literal["before_body", "in_doubt", "accepted", "refused"]
Security = Literal["none", "starttls", "tls"]

_LONGEST_REPLY = 64 * 1024
_READY = 220
_GO_AHEAD = 354


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail goes out. `security` is kept or nothing goes: it never falls back.

    `ca_file` names a certificate to trust beside those of the system; `hello_name` is how this
    machine calls itself to the server.
    """

    host: str
    port: int
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    connect_seconds: float = 10.0
    command_seconds: float = 60.0
    final_dot_seconds: float = 600.0
    ca_file: str = ""
    hello_name: str = ""


class TlsUnavailableError(Exception):
    """The server does not offer the security that the settings ask for."""


class Utf8UnavailableError(Exception):
    """The server does not take an address with other letters before the at."""


class PhasedSmtp(smtplib.SMTP):
    """One connection. `phase` says what is known of the message that is on its way.

    Every reply has a deadline as a whole, so that a server that drips bytes cannot hold us.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        super().__init__(
            local_hostname=settings.hello_name or _name_of_this_machine(),
            timeout=settings.connect_seconds,
        )
        self.phase: Phase = "before_body"
        self._settings = settings
        self._seconds = settings.command_seconds
        self._received = b""

    def open(self) -> None:
        """Connects, secures and signs in. Raises: OSError and what smtplib raises."""
        settings = self._settings
        code, reply = self.connect(settings.host, settings.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, reply)
        self.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            self._secure()
        if settings.username:
            self.login(settings.username, settings.password)

    def announce(self, sender: str, recipient: str) -> None:
        """Names sender and recipient and gets leave to hand over the message.

        Raises: SMTPSenderRefused, SMTPRecipientsRefused, SMTPDataError, OSError; nothing was
        handed over then. Utf8UnavailableError where the server does not know such an address.
        """
        self.phase = "before_body"
        options: list[str] = []
        if needs_utf8(sender) or needs_utf8(recipient):
            if not self.has_extn("smtputf8"):
                raise Utf8UnavailableError("SMTPUTF8 is not offered")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, reply = self.mail(make_ascii_domain(sender), options)
        if code // 100 != 2:
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        code, reply = self.rcpt(make_ascii_domain(recipient))
        if code // 100 != 2:
            raise smtplib.SMTPRecipientsRefused({recipient: (code, reply)})
        code, reply = self.docmd("DATA")
        if code != _GO_AHEAD:
            raise smtplib.SMTPDataError(code, reply)

    def hand_over(self, body: bytes) -> str:
        """Hands over the message that was announced; the server's receipt comes back.

        Raises: SMTPDataError, OSError; `phase` then says whether the server may have it.
        """
        dotted = (b"\r\n" + body.removesuffix(b"\r\n")).replace(b"\r\n.", b"\r\n..")[2:]
        self._seconds = self._settings.final_dot_seconds
        self.phase = "in_doubt"
        try:
            self.send(dotted + b"\r\n.\r\n")
            fp("send.body_sent")
            code, reply = self.getreply()
        finally:
            self._seconds = self._settings.command_seconds
        if code // 100 == 2:
            self.phase = "accepted"
            return reply.decode("utf-8", "replace")
        if code // 100 in (4, 5):
            self.phase = "refused"
        raise smtplib.SMTPDataError(code, reply)

    def send(self, data: Any) -> None:
        """Sends within the time of a command, whatever was left from the last reply."""
        if self.sock is not None:
            self.sock.settimeout(self._seconds)
        super().send(data)

    def getreply(self) -> tuple[int, bytes]:
        """The reply code and text, whole within the deadline."""
        deadline = monotonic() + self._seconds
        lines: list[bytes] = []
        while True:
            line = self._read_line(deadline)
            lines.append(line[4:].strip(b" \t\r\n"))
            if not line[:3].isdigit():
                raise self._lose("the server does not speak SMTP")
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def close(self) -> None:
        """Drops the connection and what was read of it."""
        self._received = b""
        super().close()

    def leave(self) -> None:
        """Says goodbye; a server that is gone already is no problem."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.quit()
        self.close()

    def _secure(self) -> None:
        if not self.has_extn("starttls"):
            raise TlsUnavailableError("STARTTLS is not offered")
        code, _ = self.docmd("STARTTLS")
        # Words that came before the secure line could be anybody's.
        if code != _READY or self._received or self.sock is None:
            raise TlsUnavailableError("STARTTLS is refused")
        self.sock = _context(self._settings).wrap_socket(
            self.sock, server_hostname=self._settings.host
        )
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.ehlo_or_helo_if_needed()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The hook that smtplib offers: connects, and speaks TLS from the start where asked."""
        plain = socket.create_connection((host, port), timeout)
        plain.settimeout(self._seconds)
        if self._settings.security != "tls":
            return plain
        with contextlib.ExitStack() as on_error:
            on_error.callback(plain.close)
            secure = _context(self._settings).wrap_socket(plain, server_hostname=host)
            on_error.pop_all()
        return secure

    def _read_line(self, deadline: float) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > _LONGEST_REPLY:
                raise self._lose("the reply is too long")
            self._received += self._receive(deadline)
        line, _, self._received = self._received.partition(b"\n")
        return line

    def _receive(self, deadline: float) -> bytes:
        left = deadline - monotonic()
        if self.sock is None or left <= 0:
            raise self._lose("no reply in time")
        self.sock.settimeout(left)
        try:
            received = self.sock.recv(4096)
        except OSError as error:
            raise self._lose(f"the line dropped: {error}") from error
        if not received:
            raise self._lose("the server closed the line")
        return received

    def _lose(self, why: str) -> smtplib.SMTPServerDisconnected:
        self.close()
        return smtplib.SMTPServerDisconnected(why)


def _context(settings: SmtpSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file:
        context.load_verify_locations(settings.ca_file)
    return context


def _name_of_this_machine() -> str:
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
