"""What the doctor looks at: database, role, tables, mail, clock, disk, rates, audit trail."""

import shutil
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tijdig.config.database import refuse_wrong_role
from tijdig.core.law.catalogue import TABLES, explain_unchecked, list_unchecked
from tijdig.core.law.dated import compute_checked_on, explain_stale
from tijdig.core.problem import Refusal, Sentence
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

    what: Sentence
    is_well: bool
    found: Sentence
    mend: Sentence


Seen = tuple[bool, Sentence, Sentence]
NOTHING = Sentence("", "")
RUN_INIT = Sentence("Voer uit: tijdig init", "Run: tijdig init")


def examine() -> tuple[Finding, ...]:
    """Every finding, in the order in which things depend on each other."""
    looks: tuple[tuple[str, str, Callable[[], Seen]], ...] = (
        ("database", "database", _database),
        ("databaserol", "database role", _role),
        ("tabellen", "tables", _tables),
        ("klok", "clock", _clock),
        ("schijf", "disk", _disk),
        ("gegevensmap", "data folder", _home),
        ("verzendlogboek", "send log", _send_log),
        ("mail", "mail", _mail),
        ("rentetabellen", "interest rates", _rates),
        ("wettabellen", "tables of the law", _law),
        ("beleid", "policy", _policies),
        ("lijsten", "lists", _books),
        ("controlespoor", "audit trail", _audit),
    )
    return tuple(_look(Sentence(nl, en), look) for nl, en, look in looks)


def _look(what: Sentence, look: Callable[[], Seen]) -> Finding:
    is_well, found, mend = look()
    return Finding(what, is_well, found, NOTHING if is_well else mend)


def _told(error: Exception) -> Sentence:
    """What another program said: it has one language."""
    return _same(str(error).splitlines()[0])


def _same(text: str) -> Sentence:
    return Sentence(text, text)


def _database() -> Seen:
    mend = Sentence(
        "Zet DATABASE_URL naar een PostgreSQL van versie 15 of hoger, of laat haar weg.",
        "Let DATABASE_URL name a PostgreSQL of version 15 or later, or leave it out.",
    )
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return False, _told(error), mend
    version = connection.connection.info.server_version
    return version >= OLDEST_SERVER, _same(f"PostgreSQL {version // 10_000}"), mend


def _role() -> Seen:
    mend = Sentence("Gebruik een rol zonder eigendom.", "Use a role that owns nothing.")
    try:
        refuse_wrong_role()
    except Refusal as refusal:
        return False, refusal.because, mend
    except DatabaseError as error:
        return False, _told(error), mend
    return True, _same(str(settings.DATABASES["default"]["USER"])), NOTHING


def _tables() -> Seen:
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        return False, _told(error), RUN_INIT
    if not waiting:
        return True, Sentence("bij", "up to date"), NOTHING
    if waiting == 1:
        return False, Sentence("1 wijziging wacht", "1 change waits"), RUN_INIT
    found = Sentence(f"{waiting} wijzigingen wachten", f"{waiting} changes wait")
    return False, found, RUN_INIT


def _clock() -> Seen:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
    except DatabaseError as error:
        mend = Sentence("Herstel eerst de database.", "Mend the database first.")
        return False, _told(error), mend
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    found = Sentence(
        f"{seconds:.0f} s verschil met de database", f"{seconds:.0f} s from the database's"
    )
    mend = Sentence(
        "Zet op beide machines de klok gelijk (NTP).", "Set both machines to the same time (NTP)."
    )
    return seconds < MOST_CLOCK_DIFFERENCE_SECONDS, found, mend


def _disk() -> Seen:
    free = shutil.disk_usage(settings.HOME).free
    found = Sentence(f"{free / 1024**3:.1f} GB vrij", f"{free / 1024**3:.1f} GB free")
    mend = Sentence("Maak minstens 1 GB vrij.", "Free at least 1 GB.")
    return free > LEAST_FREE_BYTES, found, mend


def _home() -> Seen:
    probe = settings.HOME / ".probe"
    try:
        probe.write_text("probe")
        probe.unlink()
    except OSError as error:
        mend = Sentence(
            f"Geef uzelf schrijfrecht op {settings.HOME}.",
            f"Give yourself the right to write in {settings.HOME}.",
        )
        return False, _told(error), mend
    return True, _same(str(settings.HOME)), NOTHING


def _send_log() -> Seen:
    """Whether what goes out can be written down first, and whether its end is whole."""
    mend = Sentence(
        "Maak ruimte op de schijf van de map send-log, of geef er schrijfrecht.",
        "Make room on the disk of the folder send-log, or give the right to write in it.",
    )
    try:
        log = open_log()
        if is_disk_full() or not log.is_writable():
            return False, Sentence("kan niet worden geschreven", "cannot be written"), mend
        is_cut = log.has_cut_end()
    except Refusal as refusal:
        return False, refusal.because, mend
    except OSError as error:
        return False, _told(error), mend
    cut = Sentence(
        "een regel aan het eind is afgebroken en zegt niets; daarna gaat het verder",
        "a line at its end is broken off and says nothing; it goes on after that",
    )
    whole = Sentence("kan worden geschreven", "can be written")
    return True, cut if is_cut else whole, NOTHING


def _mail() -> Seen:
    if settings.DEMO:
        kept = Sentence("demo: mail blijft op deze machine", "demo: mail stays on this machine")
        return True, kept, NOTHING
    if not settings.SMTP_HOST:
        none = Sentence("geen mailserver ingesteld", "no mail server is set")
        mend = Sentence(
            "Zet TIJDIG_SMTP_HOST en wat uw mailserver verder vraagt.",
            "Set TIJDIG_SMTP_HOST and what else your mail server asks.",
        )
        return False, none, mend
    names = "TIJDIG_SMTP_HOST, _PORT, _SECURITY, _USERNAME"
    try:
        _greet()
    except (OSError, smtplib.SMTPException) as error:
        mend = Sentence(f"Controleer {names} en _PASSWORD.", f"Check {names} and _PASSWORD.")
        return False, _told(error), mend
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    return True, Sentence(f"{where} antwoordt", f"{where} answers"), NOTHING


def _rates() -> Seen:
    """Whether the interest rates of the law reach today and were checked in time."""
    try:
        rates = load_rates()
    except Refusal as refusal:
        return False, refusal.because, Sentence("Herstel dat bestand.", "Mend that file.")
    today = demo_today()
    tables = (rates.statutory, rates.commercial)
    stale = [because for table in tables if (because := explain_stale(table, today))]
    mend = Sentence(
        "Zoek de percentages op (rijksoverheid.nl) en voer ze in met tijdig law rate add.",
        "Look the rates up (rijksoverheid.nl) and add them with tijdig law rate add.",
    )
    if stale:
        nl, en = (" ".join(said) for said in zip(*((one.nl, one.en) for one in stale), strict=True))
        return False, Sentence(nl, en), mend
    return True, _checked(min(compute_checked_on(table) for table in tables)), NOTHING


def _law() -> Seen:
    """Whether the other tables of the law were compared with their source in time."""
    because = explain_unchecked(list_unchecked(demo_today()))
    if because is not None:
        return False, because, Sentence("Werk Tijdig bij.", "Bring Tijdig up to date.")
    return True, _checked(min(compute_checked_on(table) for table in TABLES)), NOTHING


def _checked(on: date) -> Sentence:
    return Sentence(f"gecontroleerd op {on:%d-%m-%Y}", f"checked on {on:%d-%m-%Y}")


def _policies() -> Seen:
    """Who follows an older version of the default policy: well, but worth a look."""
    behind = []
    try:
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                if list_policy_changes():
                    behind.append(load_administration().slug)
    except DatabaseError as error:
        return False, _told(error), RUN_INIT
    whom = ", ".join(behind)
    newer = Sentence(
        f"er is nieuwer standaardbeleid voor {whom}: zie Vandaag",
        f"there is a newer default policy for {whom}: see Vandaag",
    )
    none = Sentence(
        "niemand loopt achter op het standaardbeleid", "nobody is behind the default policy"
    )
    return True, newer if behind else none, NOTHING


def _books() -> Seen:
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
        return False, _told(error), RUN_INIT
    if silent:
        which = "; ".join(silent)
        mend = Sentence(
            "Breng een nieuwe lijst binnen, of zeg bij Import dat zij niet meer komt.",
            "Bring a new list in, or say at Import that it comes no more.",
        )
        return False, Sentence(f"niet meer gekomen: {which}", f"come no more: {which}"), mend
    well = Sentence(
        "alle lijsten van open posten zijn op tijd", "all lists of open items are in time"
    )
    return True, well, NOTHING


def _audit() -> Seen:
    """Whether the keys of the audit trail are still those that it was made with."""
    lost: dict[Sentence, list[str]] = {}
    try:
        for administration_id in list_administrations():
            with administration_scope(administration_id):
                if (because := find_lost_key()) is not None:
                    lost.setdefault(because, []).append(load_administration().slug)
    except DatabaseError as error:
        return False, _told(error), RUN_INIT
    if lost:
        mend = Sentence(
            "Zet de map audit terug uit uw back-up.", "Put the folder audit back from your backup."
        )
        found = Sentence(
            " ".join(f"{', '.join(slugs)}: {because.nl}" for because, slugs in lost.items()),
            " ".join(f"{', '.join(slugs)}: {because.en}" for because, slugs in lost.items()),
        )
        return False, found, mend
    return True, Sentence("de sleutels zijn er", "the keys are there"), NOTHING


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
