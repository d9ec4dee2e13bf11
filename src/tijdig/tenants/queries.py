"""Which administrations there are for whom, before one is chosen, and the chosen one itself."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Model

from tijdig.tenants.bulk import execute
from tijdig.tenants.models import Administration, Membership, Organisation, SignInFailure
from tijdig.tenants.scope import active_administration, administration_scope

# After so many wrong passwords in a quarter of an hour an address waits; so do guessers.
SIGN_IN_FAILURES = 10
SIGN_IN_WINDOW = timedelta(minutes=15)


def _ids(sql: str, parameters: "Sequence[str | UUID | datetime]") -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tuple(row[0] for row in cursor.fetchall())


def find_administration(slug: str) -> UUID | None:
    """The id of the administration with this slug; None when there is none."""
    return _ids("SELECT tijdig_administration_by_slug(%s)", [slug])[0]


def list_administrations() -> tuple[UUID, ...]:
    """Every administration's id: for the scheduler and the command line only."""
    return _ids("SELECT tijdig_administrations()", [])


def list_administrations_of(user_id: UUID) -> tuple[Administration, ...]:
    """The administrations a user may work in, by name; one query each, merged."""
    found = []
    for administration_id in _ids("SELECT tijdig_administrations_of(%s)", [user_id]):
        with administration_scope(administration_id):
            found.append(load_administration())
    return tuple(sorted(found, key=lambda one: one.name.lower()))


def list_administrations_to_run(*, now: datetime) -> tuple[UUID, ...]:
    """Administrations whose hour has come and whose run of today has not ended yet."""
    return _ids("SELECT tijdig_administrations_to_run(%s)", [now])


def list_administrations_to_send() -> tuple[UUID, ...]:
    """Administrations with messages that wait for the worker."""
    return _ids("SELECT tijdig_administrations_to_send()", [])


def list_administrations_to_seal() -> tuple[UUID, ...]:
    """Administrations in which something happened since the last seal."""
    return _ids("SELECT tijdig_administrations_to_seal()", [])


def load_administration() -> Administration:
    """The active administration, with its organisation.

    Asked for many times in a day's work, so that its statement is written once: making it anew
    takes three times as long as the rest. Raises Administration.DoesNotExist.
    """
    row = execute(_write_load(), [active_administration()]).fetchone()
    if row is None:
        raise Administration.DoesNotExist
    names, own = _names_of(Administration), _names_of(Organisation)
    found = Administration.from_db(connection.alias, names, row[: len(names)])
    found.organisation = Organisation.from_db(connection.alias, own, row[len(names) :])
    return found


@cache
def _write_load() -> str:
    columns = [f"one.{name}" for name in _names_of(Administration)]
    columns += [f"organisation.{name}" for name in _names_of(Organisation)]
    return (
        f"SELECT {', '.join(columns)} FROM tijdig_administration one "
        "JOIN tijdig_organisation organisation ON organisation.id = one.organisation_id "
        "WHERE one.id = %s"
    )


@cache
def _names_of(model: type[Model]) -> tuple[str, ...]:
    """The columns of a table whose values need no translation, as the model names them."""
    return tuple(one.attname for one in model._meta.concrete_fields)


def is_locked_out(email: str, *, now: datetime) -> bool:
    """Whether this address had so many wrong passwords of late that it has to wait."""
    failures = SignInFailure.objects.filter(
        address_hash=hash_address(email), failed_at__gt=now - SIGN_IN_WINDOW
    )
    return failures.count() >= SIGN_IN_FAILURES


def hash_address(email: str) -> str:
    """By what an address is known where only its hash is kept."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def find_membership(user_id: UUID) -> Membership | None:
    """The user's place in the active administration; None for a stranger."""
    return Membership.objects.filter(user_id=user_id).first()


def find_responsible() -> str:
    """Who decides where nobody was named: the first owner, the creditor's own before an agency's.

    Empty where no owner may sign in.
    """
    owners = Membership.objects.filter(role=Membership.Role.OWNER, user__is_active=True)
    first = owners.select_related("user").order_by("-for_creditor", "id").first()
    return str(first.user) if first else ""


def list_people() -> tuple[Membership, ...]:
    """Who may work in the active administration, with each user, by name."""
    people = Membership.objects.select_related("user").order_by("user__name", "user__email")
    return tuple(people)
