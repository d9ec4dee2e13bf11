"""What the doctor looks at: database, role, tables, mail, clock, disk, rates, audit trail."""

import shutil
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tijdig.config.database import refuse_wrong_role
from tijdig.core.law.catalogue import TABLES, explain_unchecked, list_unchecked
from tijdig.core.law.dated import compute_checked_on, explain_stale
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.freshness import list_silent_sources
from tijdig.dunning.queries.policies import list_policy_changes
from tijdig.messaging.delivering import is_disk_full, open_log
from tijdig.tenants.law_rates import load_rates
from tijdig.tenants.queries import list_administrations, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.audit import find_lost_key
from tijdig.web.clock import demo_today, today_of

LEAST_FREE_BYTES = 1024**3
MOST_CLOCK_DIFFERENCE_SECONDS = 120
OLDEST_SERVER = 150_000
MAIL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` says what to do where it is not well."""

    what: str
    is_well: bool
    found: str
    mend: str = ""


def examine() -> tuple[Finding, ...]:
    """Every finding, in the order in which things depend on each other."""
    looks: tuple[Callable[[], Finding], ...] = (
        _database,
        _role,
        _tables,
        _clock,
        _disk,
        _home,
        _send_log,
        _mail,
        _rates,
        _law,
        _policies,
        _books,
        _audit,
    )
    return tuple(look() for look in looks)


def _database() -> Finding:
    mend = "Zet DATABASE_URL naar een PostgreSQL van versie 15 of hoger, of laat haar weg."
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding("database", False, str(error).splitlines()[0], mend)
    version = connection.connection.info.server_version
    return Finding("database", version >= OLDEST_SERVER, f"PostgreSQL {version // 10_000}", mend)


def _role() -> Finding:
    try:
        refuse_wrong_role()
    except (Refusal, DatabaseError) as refusal:
        return Finding("databaserol", False, str(refusal), "Gebruik een rol zonder eigendom.")
    return Finding("databaserol", True, str(settings.DATABASES["default"]["USER"]))


def _tables() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding("tabellen", False, str(error).splitlines()[0], "Voer uit: tijdig init")
    count = "1 wijziging wacht" if len(waiting) == 1 else f"{len(waiting)} wijzigingen wachten"
    found = count if waiting else "bij"
    return Finding("tabellen", not waiting, found, "Voer uit: tijdig init")


def _clock() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
    except DatabaseError as error:
        return Finding("klok", False, str(error).splitlines()[0], "Herstel eerst de database.")
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    return Finding(
        "klok",
        seconds < MOST_CLOCK_DIFFERENCE_SECONDS,
        f"{seconds:.0f} s verschil met de database",
        "Zet op beide machines de klok gelijk (NTP).",
    )


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    found = f"{free / 1024**3:.1f} GB vrij"
    return Finding("schijf", free > LEAST_FREE_BYTES, found, "Maak minstens 1 GB vrij.")


def _home() -> Finding:
    probe = settings.HOME / ".probe"
    try:
        probe.write_text("probe")
        probe.unlink()
    except OSError as error:
        return Finding(
            "gegevensmap", False, str(error), f"Geef uzelf schrijfrecht op {settings.HOME}."
        )
    return Finding("gegevensmap", True, str(settings.HOME))


def _send_log() -> Finding:
    """Whether what goes out can be written down first, and whether its end is whole."""
    mend = "Maak ruimte op de schijf van de map send-log, of geef er schrijfrecht."
    try:
        log = open_log()
        if is_disk_full() or not log.is_writable():
            return Finding("verzendlogboek", False, "kan niet worden geschreven", mend)
        is_cut = log.has_cut_end()
    except (Refusal, OSError) as error:
        return Finding("verzendlogboek", False, str(error), mend)
    cut = "een regel aan het eind is afgebroken en zegt niets; daarna gaat het verder"
    return Finding("verzendlogboek", True, cut if is_cut else "kan worden geschreven")


def _mail() -> Finding:
    if settings.DEMO:
        return Finding("mail", True, "demo: mail blijft op deze machine")
    if not settings.SMTP_HOST:
        mend = "Zet TIJDIG_SMTP_HOST en wat uw mailserver verder vraagt."
        return Finding("mail", False, "geen mailserver ingesteld", mend)
    try:
        _greet()
    except (OSError, smtplib.SMTPException) as error:
        mend = "Controleer TIJDIG_SMTP_HOST, _PORT, _SECURITY, _USERNAME en _PASSWORD."
        return Finding("mail", False, str(error), mend)
    return Finding("mail", True, f"{settings.SMTP_HOST}:{settings.SMTP_PORT} antwoordt")


def _rates() -> Finding:
    """Whether the interest rates of the law reach today and were checked in time."""
    try:
        rates = load_rates()
    except Refusal as refusal:
        return Finding("rentetabellen", False, refusal.because.nl, "Herstel dat bestand.")
    today = demo_today()
    tables = (rates.statutory, rates.commercial)
    stale = [because.nl for table in tables if (because := explain_stale(table, today))]
    mend = "Zoek de percentages op (rijksoverheid.nl) en voer ze in met tijdig law rate add."
    if stale:
        return Finding("rentetabellen", False, " ".join(stale), mend)
    checked_on = min(compute_checked_on(table) for table in tables)
    return Finding("rentetabellen", True, f"gecontroleerd op {checked_on:%d-%m-%Y}")


def _law() -> Finding:
    """Whether the other tables of the law were compared with their source in time."""
    because = explain_unchecked(list_unchecked(demo_today()))
    if because is not None:
        return Finding("wettabellen", False, because.nl, "Werk Tijdig bij.")
    checked_on = min(compute_checked_on(table) for table in TABLES)
    return Finding("wettabellen", True, f"gecontroleerd op {checked_on:%d-%m-%Y}")


def _policies() -> Finding:
    """Who follows an older version of the default policy: well, but worth a look."""
    behind = []
    try:
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                if list_policy_changes():
                    behind.append(load_administration().slug)
    except DatabaseError as error:
        return Finding("beleid", False, str(error).splitlines()[0], "Voer uit: tijdig init")
    if not behind:
        return Finding("beleid", True, "niemand loopt achter op het standaardbeleid")
    found = f"er is nieuwer standaardbeleid voor {', '.join(behind)}: zie Vandaag"
    return Finding("beleid", True, found)


def _books() -> Finding:
    """Whether the lists of open items that the runs wait for still come, where sending is on."""
    silent = []
    try:
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                administration = load_administration()
                rows = list_silent_sources(today=today_of(administration))
                if administration.sending_on and rows:
                    names = ", ".join(f"{one.file_name} ({one.as_of:%d-%m-%Y})" for one in rows)
                    silent.append(f"{administration.slug}: {names}")
    except DatabaseError as error:
        return Finding("lijsten", False, str(error).splitlines()[0], "Voer uit: tijdig init")
    if silent:
        mend = "Breng een nieuwe lijst binnen, of zeg bij Import dat zij niet meer komt."
        return Finding("lijsten", False, f"niet meer gekomen: {'; '.join(silent)}", mend)
    return Finding("lijsten", True, "alle lijsten van open posten zijn op tijd")


def _audit() -> Finding:
    """Whether the keys of the audit trail are still those that it was made with."""
    lost: dict[str, list[str]] = {}
    try:
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                if (because := find_lost_key()) is not None:
                    lost.setdefault(because.nl, []).append(load_administration().slug)
    except DatabaseError as error:
        return Finding("controlespoor", False, str(error).splitlines()[0], "Voer uit: tijdig init")
    if lost:
        mend = "Zet de map audit terug uit uw back-up."
        found = " ".join(f"{', '.join(slugs)}: {because}" for because, slugs in lost.items())
        return Finding("controlespoor", False, found, mend)
    return Finding("controlespoor", True, "de sleutels zijn er")


def _greet() -> None:
    """Sign in with the mail server, and leave again."""
    context = ssl.create_default_context(cafile=settings.SMTP_CA_FILE or None)
    where = (settings.SMTP_HOST, settings.SMTP_PORT)
    if settings.SMTP_SECURITY == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=MAIL_SECONDS, context=context)
    else:
        client = smtplib.SMTP(*where, timeout=MAIL_SECONDS)
    with client:
        client.ehlo()
        if settings.SMTP_SECURITY == "starttls":
            client.starttls(context=context)
        if settings.SMTP_USERNAME:
            client.login(settings.SMTP_USERNAME, settings.SMTP_PASSWORD)
