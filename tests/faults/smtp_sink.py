"""A small SMTP server on loopback that misbehaves on demand and keeps what it truly stored.

`SmtpSink.stored` is the truth that tests ask: a message is in it only when the server took it,
whatever the client was told.
"""

import contextlib
import socket
import ssl
import threading
import time
from types import TracebackType
from typing import Literal, NamedTuple

Mode = Literal[
    "normal",
    "banner_421",
    "banner_554",
    "auth_535",
    "starttls_454",
    "starttls_drop",
    "starttls_injected",
    "mail_451",
    "mail_550",
    "mail_530",
    "rcpt_450",
    "rcpt_451_rate",
    "rcpt_550",
    "rcpt_550_policy",
    "rcpt_552",
    "data_451",
    "data_554",
    "drop_at_mail",
    "drop_before_354",
    "dot_421",
    "dot_432",
    "dot_452",
    "dot_452_rate",
    "dot_552",
    "dot_554",
    "drop_after_dot",
    "drop_after_dot_stored",
    "hang_after_dot_stored",
    "drop_at_quit",
    "drop_after_message",
    "slow",
    "silent",
    "drip_ehlo",
    "drip_mail",
    "drip_rcpt",
    "drip_data",
    "drip_dot",
    "babble",
]

_AT_CONNECT = ("banner_421", "banner_554", "slow", "silent", "babble")
_DRIP_SECONDS = 0.05
_REFUSALS: dict[str, dict[str, str]] = {
    "MAIL": {
        "mail_451": "451 4.3.0 Try later",
        "mail_530": "530 5.7.0 Authentication required",
        "mail_550": "550 5.1.8 Sender unknown",
    },
    "RCPT": {
        "rcpt_450": "450 4.2.0 Greylisted",
        "rcpt_451_rate": "451 4.7.1 Too many messages, slow down",
        "rcpt_550": "550 5.1.1 No such user",
        "rcpt_550_policy": "550 5.7.1 Blocked",
        "rcpt_552": "552 5.2.2 Mailbox full",
    },
    "DATA": {"data_451": "451 4.3.0 Try later", "data_554": "554 5.5.0 No"},
    "DOT": {
        "dot_421": "421 4.3.2 Going down",
        "dot_432": "432 4.3.2 Too many connections at once",
        "dot_452": "452 4.3.1 Disk full",
        "dot_452_rate": "452 4.7.0 Enough for this hour",
        "dot_552": "552 5.3.4 Too large",
        "dot_554": "554 5.6.0 Not wanted",
    },
}


class Stored(NamedTuple):
    message_id: str
    recipient: str
    content: bytes


class SmtpSink:
    """`with SmtpSink("rcpt_450", "normal") as sink`: one mode per message, the last one repeats.

    `stored` only grows; `connections` counts; `commands` is what clients said, in order.
    """

    def __init__(
        self,
        *modes: Mode,
        tls: Literal["none", "starttls", "tls"] = "none",
        certificate: str = "",
        password: str = "",
        hang_seconds: float = 30.0,
        offers: tuple[str, ...] = (),
    ) -> None:
        self.offers = offers
        self.hang_seconds = hang_seconds
        self.stored: list[Stored] = []
        self.commands: list[str] = []
        self.connections = 0
        self._modes: list[Mode] = list(modes or ("normal",))
        self._tls = tls
        self._password = password
        self._certificate = certificate
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "SmtpSink":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        return context

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(line)
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls == "tls":
                line = self.context().wrap_socket(line, server_side=True)
                self._open.append(line)
            _Session(self, line).run()
        line.close()

    def mode(self) -> Mode:
        return self._modes[0]

    def use_up(self) -> None:
        with self._lock:
            if len(self._modes) > 1:
                self._modes.pop(0)

    def store(self, recipient: str, content: bytes) -> None:
        message_id = ""
        for header in content.partition(b"\r\n\r\n")[0].splitlines():
            if header.lower().startswith(b"message-id:"):
                message_id = header.partition(b":")[2].strip().decode()
        with self._lock:
            self.stored.append(Stored(message_id, recipient, content))

    def wait(self, seconds: float) -> None:
        self._stop.wait(seconds)


class _Session:
    def __init__(self, sink: SmtpSink, line: socket.socket) -> None:
        self.sink = sink
        self.line = line
        self.file = line.makefile("rb")
        self.secure = sink._tls == "tls"
        self.recipient = ""

    def say(self, reply: str) -> None:
        self.line.sendall(reply.encode() + b"\r\n")

    def run(self) -> None:
        if self.sink.mode() in _AT_CONNECT:
            self._refuse_to_greet()
            return
        self.say("220 sink ready")
        while words := self.file.readline():
            text = words.decode("utf-8", "replace").strip()
            self.sink.commands.append(text)
            if not self._answer(text, text.split(" ")[0].upper()):
                return

    def _refuse_to_greet(self) -> None:
        mode = self.sink.mode()
        self.sink.use_up()
        if mode == "banner_421":
            self.say("421 4.3.2 Too busy")
        elif mode == "banner_554":
            self.say("554 5.3.2 Not for you")
        elif mode == "babble":
            self.say("HTTP/1.1 400 Bad Request")
        elif mode == "silent":
            self.sink.wait(self.sink.hang_seconds)
        else:
            self._drip("220")

    def _drip(self, code: str) -> None:
        """An answer that goes on and on, a byte at a time."""
        for byte in f"{code} {'z' * 4_000}\r\n".encode():
            self.line.sendall(bytes((byte,)))
            time.sleep(_DRIP_SECONDS)

    def _answer(self, text: str, command: str) -> bool:
        """Whether the line stays open."""
        if self.sink.mode() == f"drip_{command.lower()}":
            self.sink.use_up()
            self._drip("250")
            return False
        if command in ("EHLO", "HELO"):
            offers = ["STARTTLS"] if self.sink._tls == "starttls" and not self.secure else []
            offers += ["AUTH PLAIN"] if self.sink._password else []
            lines = ["sink", *offers, *self.sink.offers, "SIZE 10000000"]
            for at, offer in enumerate(lines, start=1):
                self.say(f"250{' ' if at == len(lines) else '-'}{offer}")
            return True
        if command in ("STARTTLS", "AUTH", "QUIT", "RSET", "NOOP"):
            return self._answer_other(text, command)
        return self._answer_mail(text, command)

    def _answer_other(self, text: str, command: str) -> bool:
        mode = self.sink.mode()
        if command == "STARTTLS":
            return self._start_tls(mode)
        if command == "AUTH":
            if mode == "auth_535":
                self.sink.use_up()
            self.say("535 5.7.8 Wrong" if mode == "auth_535" else "235 2.7.0 Welcome")
            return True
        if command == "QUIT":
            if mode != "drop_at_quit":
                self.say("221 2.0.0 Bye")
            return False
        self.say("250 2.0.0 Ok")
        return True

    def _start_tls(self, mode: Mode) -> bool:
        if mode in ("starttls_454", "starttls_drop", "starttls_injected"):
            self.sink.use_up()
        if mode == "starttls_454":
            self.say("454 4.7.0 TLS not available")
            return True
        if mode == "starttls_drop":
            self.say("220 2.0.0 Go on")
            return False
        if mode == "starttls_injected":
            self.say("220 2.0.0 Go on\r\n250 forged")
            return True
        self.say("220 2.0.0 Go on")
        self.line = self.sink.context().wrap_socket(self.line, server_side=True)
        self.sink._open.append(self.line)
        self.file = self.line.makefile("rb")
        self.secure = True
        return True

    def _answer_mail(self, text: str, command: str) -> bool:
        mode = self.sink.mode()
        refusal = _REFUSALS.get(command, {}).get(mode)
        if refusal:
            self.sink.use_up()
            self.say(refusal)
            return True
        if (command, mode) in (("MAIL", "drop_at_mail"), ("DATA", "drop_before_354")):
            self.sink.use_up()
            return False
        if command == "RCPT":
            self.recipient = text.partition("<")[2].partition(">")[0]
        if command != "DATA":
            self.say("250 2.1.0 Ok")
            return True
        self.say("354 Go on")
        return self._take(mode)

    def _take(self, mode: Mode) -> bool:
        lines: list[bytes] = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if mode != "drop_at_quit":
            self.sink.use_up()
        refusal = _REFUSALS["DOT"].get(mode)
        if refusal:
            self.say(refusal)
            return True
        if mode == "drop_after_dot":
            return False
        self.sink.store(self.recipient, b"".join(lines))
        if mode == "drop_after_dot_stored":
            return False
        if mode == "drip_dot":
            self._drip("250")
            return False
        if mode == "hang_after_dot_stored":
            self.sink.wait(self.sink.hang_seconds)
            return False
        self.say(f"250 2.0.0 Ok: queued as {len(self.sink.stored)}")
        return mode != "drop_after_message"
