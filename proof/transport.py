"""Rows B: whatever the mail server does, the verdict is right, and nothing goes out twice."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from time import monotonic, sleep
from typing import cast

from django.db import connections
from tests.faults.smtp_sink import Mode
from tests.integration.books import make_list, make_payment, make_statement

from proof.arrears import CENTS, DAY, make_rows
from proof.cases import Case, Later, spread
from proof.certificates import make_certificate
from proof.checks import Expected, check_all, count_states, load_states
from proof.ground import Ground
from proof.stage import PATIENCE, Stage, set_stage, wait_until
from tijdig.core.policy import DEFAULT_POLICY

# What the server does: the state of the message after one try, and whether the server has it.
BEHAVIOURS: dict[str, tuple[str, bool]] = {
    "normal": ("accepted", True),
    "server down": ("retry", False),
    "banner_421": ("retry", False),
    "mail_451": ("retry", False),
    "rcpt_450": ("retry", False),
    "rcpt_550": ("failed", False),
    "drop_before_354": ("retry", False),
    "dot_452": ("retry", False),
    "dot_554": ("failed", False),
    "drop_after_dot": ("in_doubt", False),
    "drop_after_dot_stored": ("in_doubt", True),
    "hang_after_dot_stored": ("in_doubt", True),
    "drop_at_quit": ("accepted", True),
}
WRONG_SERVERS: dict[str, tuple[tuple[Mode, ...], dict[str, object]]] = {
    "a name that does not exist": (("normal",), {"SMTP_HOST": "geen-server.invalid"}),
    "STARTTLS is not offered": (("normal",), {"SMTP_SECURITY": "starttls"}),
    "TLS to a server without it": (("babble",), {"SMTP_SECURITY": "tls"}),
    "sign-in refused": (("normal",), {"SMTP_USERNAME": "ik", "SMTP_PASSWORD": "geheim"}),
    "no SMTP at all": (("babble",), {}),
    "535 to the sign-in": (("auth_535",), {"SMTP_USERNAME": "ik", "SMTP_PASSWORD": "geheim"}),
}
OFFERS: dict[str, dict[str, str]] = {"535 to the sign-in": {"password": "geheim"}}
# Whom the certificate names, whether its time is over, and whether we were told to trust it.
CERTIFICATES: dict[str, tuple[str, bool, bool]] = {
    "a certificate that nobody vouches for": ("127.0.0.1", False, False),
    "a certificate of another name": ("mail.example.nl", False, True),
    "a certificate whose time is over": ("127.0.0.1", True, True),
}
# How a server is slow: its mode, and whether it should have spoken TLS from the start.
SLOW: dict[str, tuple[Mode, bool]] = {
    "a greeting without end": ("slow", False),
    "no greeting": ("silent", False),
    "no TLS handshake": ("silent", True),
    "EHLO without end": ("drip_ehlo", False),
    "MAIL without end": ("drip_mail", False),
    "RCPT without end": ("drip_rcpt", False),
    "DATA without end": ("drip_data", False),
    "an answer to the message without end": ("drip_dot", False),
}
# It takes one, and then says twice that it has had enough for now.
SLOWED: tuple[Mode, ...] = ("normal", "rcpt_451_rate", "dot_452_rate", "normal")
SHORT_SECONDS, FINAL_TIMES, LOOKS = 0.6, 10, 10
# Far beyond what a busy machine takes until the limit is over.
HANG_SECONDS = 200.0
PASSING: dict[str, tuple[Mode, ...]] = {
    "421 every third mail": ("normal", "normal", "banner_421") * 3 + ("normal",),
    "too large for the server": ("dot_552", "normal"),
    "drops after every message": ("drop_after_message",),
    "432, too many connections": ("normal", "dot_432", "normal"),
    "451, slow down": ("normal", "rcpt_451_rate", "rcpt_451_rate", "normal"),
}


def try_once(ground: Ground, _: Random, name: str) -> None:
    """The first try, or with "again" the second after a greylisting."""
    behaviour, _, again = name.partition(", ")
    state, is_stored = BEHAVIOURS[behaviour]
    is_down = behaviour == "server down"
    mode = "normal" if is_down else cast("Mode", behaviour)
    first: tuple[Mode, ...] = ("rcpt_450",) if again else ()
    with set_stage(ground, *first, mode, "normal", count=1) as stage:
        if again:
            stage.go("day")
            assert count_states(stage.administration) == {"retry": 1}
        aims = {"SMTP_PORT": _closed_port()} if is_down else {}
        stage.go("day" if not again else "send", minutes=10 if again else 0, aims=aims)
        assert count_states(stage.administration) == {state: 1}
        assert len(stage.received()) == int(is_stored)
        if state == "retry":
            stage.go("send", minutes=60)
            assert count_states(stage.administration) == {"accepted": 1}
        doubt = int(state == "in_doubt")
        expected = Expected(in_doubt=doubt, exactly=True, failed=list_failed(stage))
        if state == "failed":
            stage.go("send", minutes=70)
            assert not stage.received(), "what was refused for good was sent again by itself"
        check_all(stage, expected, minutes=90)


def _closed_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wrong_server(ground: Ground, _: Random, name: str) -> None:
    """Nothing leaves over a line that is not as it was asked, and all of it goes out later."""
    modes, aims = WRONG_SERVERS[name]
    with set_stage(ground, *modes, "normal", count=3, server=OFFERS.get(name, {})) as stage:
        stage.go("day", aims=aims)
        assert stage.received() == []
        assert count_states(stage.administration) == {"retry": 3}
        stage.go("send", minutes=30)
        check_all(stage, Expected(exactly=True), minutes=60)


def wrong_certificate(ground: Ground, _: Random, name: str) -> None:
    """Nothing leaves to a server that is not who it says; with a good one all of it goes out."""
    which, _, security = name.partition(", ")
    host, over, trusted = CERTIFICATES[which]
    for_mail: dict[str, object] = {"SMTP_SECURITY": security}
    path = make_certificate(ground.home, host=host, over=over)
    with set_stage(ground, count=3, server={"tls": security, "certificate": str(path)}) as stage:
        wrong = {**for_mail, "SMTP_CA_FILE": str(path.with_suffix(".crt"))} if trusted else for_mail
        stage.go("day", aims=wrong)
        assert stage.received() == []
        assert count_states(stage.administration) == {"retry": 3}
        # Another certificate of the same server, that we were told to trust.
        path = make_certificate(ground.home)
        right = {**for_mail, "SMTP_CA_FILE": str(path.with_suffix(".crt"))}
        stage.go("send", minutes=30, aims=right)
        check_all(stage, Expected(exactly=True), minutes=60)


def passing_trouble(ground: Ground, _: Random, name: str) -> None:
    with set_stage(ground, *PASSING[name], count=6) as stage:
        stage.go("day")
        stage.go("send", minutes=30)
        stage.go("send", minutes=60)
        failed = list_failed(stage)
        assert len(failed) == int("too large" in name)
        check_all(stage, Expected(exactly=True, failed=failed), minutes=90)


def slow_server(ground: Ground, _: Random, name: str) -> None:
    """A server that takes its time: every wait ends, and no line to the database is held."""
    mode, tls = SLOW[name]
    with set_stage(ground, mode, "normal", count=3, hang_seconds=HANG_SECONDS) as stage:
        aims = {"SMTP_SECONDS": SHORT_SECONDS, "SMTP_SECURITY": "tls" if tls else "none"}
        began = monotonic()
        process = stage.start("day", aims=aims)
        wait_until(lambda: stage.sink.connections > 0 or process.exitcode is not None)
        process.join(SHORT_SECONDS / 4)
        assert not _is_in_transaction(), "a transaction was open while the server was slow"
        process.join(PATIENCE)
        assert process.exitcode == 0, f"ended with {process.exitcode}"
        least = SHORT_SECONDS * (FINAL_TIMES if mode == "drip_dot" else 1)
        assert monotonic() - began > least, "it did not wait for the server at all"
        assert monotonic() - began < HANG_SECONDS / 2, "it waited longer than the limit allows"
        doubt = int(mode == "drip_dot")
        assert len(stage.received()) == (3 if doubt else 0)
        stage.go("send", minutes=30)
        check_all(stage, Expected(in_doubt=doubt, exactly=True), minutes=60)


def _is_in_transaction() -> bool:
    """Whether one is open at every look of a while: some statements of a moment are no harm."""
    for _ in range(LOOKS):
        if _count_open_transactions() == 0:
            return False
        sleep(SHORT_SECONDS / 4 / LOOKS)
    return True


def _count_open_transactions() -> int:
    """Lines of this database on which a transaction stands open and waits."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%'"
        )
        return int(cursor.fetchone()[0])


def list_failed(stage: Stage) -> frozenset[int]:
    """The debtors whose message the server refused for good: listed, for a person to see."""
    states = load_states(stage.administration).values()
    return frozenset(int(number) - 10_000 for state, number in states if state == "failed")


def down_for_days(ground: Ground, _: Random, name: str) -> None:
    """Three days without a mail server; what was decided then is decided again now."""
    up_on = DAY + timedelta(days=4)  # a Monday
    with set_stage(ground, *(SLOWED if name == "up and slow" else ()), count=3) as stage:
        rows = make_rows(3)
        aims = {"SMTP_PORT": _closed_port()}
        for offset in range(4):
            day = DAY + timedelta(days=offset)
            stage.go("day", day=day, aims=aims)
            stage.go("send", day=day, minutes=120, aims=aims)
        not_sent: frozenset[int] = frozenset()
        if name == "paid meanwhile":
            line = make_payment(CENTS, rows[0].number, on=DAY, iban=rows[0].iban)
            stage.take(make_statement(line), day=up_on)
            not_sent = frozenset([0])
        elif name == "part paid meanwhile":
            line = make_payment(2_100, rows[0].number, on=DAY, iban=rows[0].iban)
            stage.take(make_statement(line), day=up_on)
        elif name == "less on the list":
            stage.take(make_list(replace(rows[0], open_cents=10_000), *rows[1:]), day=up_on)
        elif name == "gone from the list":
            stage.take(make_list(*rows[1:]), day=up_on)
            not_sent = frozenset([0])
        if name == "still down":
            stage.go("day", day=up_on, aims=aims)
            assert stage.received() == []
            check_all(stage, Expected(waits=True), day=up_on)
            return
        stage.go("day", day=up_on)
        stage.go("send", day=up_on, minutes=60)
        check_all(stage, Expected(not_sent=not_sent, exactly=True), day=up_on, minutes=90)
        for one in stage.received():
            text = one.content.decode("utf-8", "replace")
            term_on = up_on + timedelta(days=DEFAULT_POLICY.steps[1].term_days)
            assert f"{term_on.day} maart 2026" in text, "the term was not counted anew"
            is_less = name in {"less on the list", "part paid meanwhile"}
            amount = "100,00" if is_less and "klant10000" in text else "121,00"
            assert amount in text, f"{amount} is not asked"


def list_cases() -> list[Case]:
    """Every case of rows B that can be run today."""
    tries = [*BEHAVIOURS, *(f"{one}, again" for one in BEHAVIOURS)]
    days = ["nothing changed", "paid meanwhile", "part paid meanwhile"]
    days += ["less on the list", "gone from the list", "still down", "up and slow"]
    certificates = [f"{one}, {how}" for one in CERTIFICATES for how in ("starttls", "tls")]
    return [
        *spread("B1", tries, try_once),
        *spread("B2", list(WRONG_SERVERS), wrong_server),
        *spread("B2", certificates, wrong_certificate),
        *spread("B2", list(PASSING), passing_trouble),
        *spread("B2", list(SLOW), slow_server),
        *spread("B3", days, down_for_days),
    ]


LATER = (
    Later("B4", 18, "delivery events of a mail provider"),
    Later("B6", 6, "a print service with an API"),
)
