"""Mail over SMTP, one recipient per message, with a verdict that is never guessed."""

import ipaddress
import smtplib
import ssl
from collections.abc import Callable

from tijdig.core.problem import Refusal, Sentence
from tijdig.messaging.channels.envelope import Envelope, Outcome
from tijdig.messaging.channels.mime import write_mime
from tijdig.messaging.channels.smtp import (
    PhasedSmtp,
    SmtpSettings,
    TlsUnavailableError,
    Utf8UnavailableError,
)
from tijdig.messaging.labels import clean_line
from tijdig.tenants.failpoints import fp

_MOST_PER_CONNECTION = 100
_LONGEST_RECEIPT = 400
_SHUTTING_DOWN = 421
_SIGN_IN_FIRST = (530, 535)
_MAILBOX_FULL = 552

_SENT = Sentence("De mailserver heeft het bericht aangenomen.", "The mail server took the message.")
_LATER = Sentence(
    "De mailserver neemt het bericht nu niet aan. Tijdig probeert het later opnieuw.",
    "The mail server does not take the message now. Tijdig tries again later.",
)
_NO_LINE = Sentence(
    "Er is geen verbinding met de mailserver. Controleer het adres en de poort.",
    "There is no connection with the mail server. Check its address and port.",
)
_NO_TLS = Sentence(
    "De mailserver biedt geen veilige verbinding. Er ging niets uit. "
    "Controleer de poort en de beveiliging.",
    "The mail server offers no secure connection. Nothing went out. "
    "Check the port and the security.",
)
_BAD_CERTIFICATE = Sentence(
    "Het certificaat van de mailserver klopt niet. Er ging niets uit. "
    "Controleer de naam van de server.",
    "The certificate of the mail server is not valid. Nothing went out. "
    "Check the name of the server.",
)
_BAD_SIGN_IN = Sentence(
    "De mailserver weigert de aanmelding. Controleer de gebruikersnaam en het wachtwoord.",
    "The mail server refuses the sign-in. Check the user name and the password.",
)
_BAD_SENDER = Sentence(
    "De mailserver weigert de afzender. Controleer het afzendadres bij de instellingen.",
    "The mail server refuses the sender. Check the sender's address at the settings.",
)
_BAD_ADDRESS = Sentence(
    "De mailserver weigert dit e-mailadres. Vraag de klant om een ander adres.",
    "The mail server refuses this e-mail address. Ask the customer for another one.",
)
_NO_UTF8 = Sentence(
    "De mailserver kent geen adres met zulke letters vóór de @. Vraag de klant om een ander adres.",
    "The mail server knows no address with such letters before the @. Ask the customer for another"
    " one.",
)
_NOT_TAKEN = Sentence(
    "De mailserver weigert het bericht. Lees het antwoord van de server.",
    "The mail server refuses the message. Read the server's answer.",
)
_UNKNOWN = Sentence(
    "De verbinding viel weg terwijl het bericht onderweg was. Het is niet zeker of het aankwam.",
    "The connection was lost while the message was under way. It is not certain that it arrived.",
)


class EmailChannel:
    """A mail server. Keeps its connection over several messages; use one per thread."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Refuses: a password over an open line to another machine."""
        if settings.username and settings.security == "none" and not _is_here(settings.host):
            raise Refusal(
                "Een wachtwoord gaat niet over een open verbinding. Kies starttls of tls.",
                "A password does not go over an open connection. Choose starttls or tls.",
            )
        self._settings = settings
        self._client: PhasedSmtp | None = None
        self._sent_on_connection = 0

    def prepare(self, envelope: Envelope) -> bytes:
        """The message as it goes out. Refuses: an address or Message-ID that is not valid."""
        return write_mime(envelope)

    def send(self, envelope: Envelope, *, on_body: Callable[[], None] | None = None) -> Outcome:
        """Hands the message to the mail server."""
        try:
            body = self.prepare(envelope)
        except Refusal as refusal:
            return Outcome("failed", refusal.because)
        try:
            client = self._announce(envelope)
        except Utf8UnavailableError as error:
            self.close()
            return Outcome("failed", _NO_UTF8, receipt=_words(error), suppress_address=True)
        except (smtplib.SMTPException, OSError, TlsUnavailableError) as error:
            self.close()
            return _judge(error)
        try:
            if on_body is not None:
                on_body()
            fp("send.before_body")
        except BaseException:
            client.close()
            raise
        try:
            receipt = client.hand_over(body)
        except (smtplib.SMTPException, OSError) as error:
            refused = client.phase == "refused"
            self.close()
            return (
                _judge(error) if refused else Outcome("in_doubt", _UNKNOWN, receipt=_words(error))
            )
        self._sent_on_connection += 1
        return Outcome("accepted", _SENT, 250, clean_line(receipt, limit=_LONGEST_RECEIPT))

    def close(self) -> None:
        """Ends the connection, if there is one."""
        if self._client is not None:
            self._client.leave()
        self._client = None
        self._sent_on_connection = 0

    def _announce(self, envelope: Envelope) -> PhasedSmtp:
        if self._sent_on_connection >= _MOST_PER_CONNECTION:
            self.close()
        if self._client is not None and self._client.sock is not None:
            try:
                self._client.announce(envelope.sender, envelope.recipient)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                # The server may have ended a connection that stood idle: ask again on a new one.
                if not _is_line_lost(error):
                    raise
            else:
                return self._client
        self.close()
        self._client = PhasedSmtp(self._settings)
        self._client.open()
        fp("send.connected")
        self._client.announce(envelope.sender, envelope.recipient)
        return self._client


def _is_line_lost(error: Exception) -> bool:
    code = getattr(error, "smtp_code", _SHUTTING_DOWN)
    refused_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
    return bool(code == _SHUTTING_DOWN and not refused_recipient)


def _judge(error: Exception) -> Outcome:
    """The verdict on an error while the server surely has nothing."""
    code, reply = _reply_of(error)
    if code is None:
        return Outcome("retry", _explain_line(error), receipt=_words(error))
    if isinstance(error, smtplib.SMTPAuthenticationError) or code in _SIGN_IN_FIRST:
        return Outcome("retry", _BAD_SIGN_IN, code, reply)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return Outcome("retry", _LATER, code, reply, is_about_us=True)
    if code // 100 != 5:
        return Outcome("retry", _LATER, code, reply)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Outcome("retry", _BAD_SENDER, code, reply, is_about_us=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # 5.7 is about us, 552 and 5.2.2 about a full mailbox: the address itself may be right.
        about_address = not reply.startswith(("5.7.", "5.2.2")) and code != _MAILBOX_FULL
        because = _BAD_ADDRESS if about_address else _NOT_TAKEN
        return Outcome("failed", because, code, reply, suppress_address=about_address)
    return Outcome("failed", _NOT_TAKEN, code, reply)


def _reply_of(error: Exception) -> tuple[int | None, str]:
    code: int
    reply: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, reply),) = error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        code, reply = error.smtp_code, error.smtp_error
    else:
        return None, ""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return code, clean_line(text, limit=_LONGEST_RECEIPT)


def _explain_line(error: Exception) -> Sentence:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BAD_CERTIFICATE
    if isinstance(error, ssl.SSLError | TlsUnavailableError):
        return _NO_TLS
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _BAD_SIGN_IN
    return _NO_LINE


def _words(error: Exception) -> str:
    return clean_line(str(error), limit=_LONGEST_RECEIPT)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
