"""People who sign in, and the pages that they open."""

from itertools import count
from uuid import UUID

from django.test import Client

from tijdig.tenants.actions import let_in, make_user
from tijdig.tenants.models import User
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

PASSWORD = "een lang wachtwoord 1"
_numbers = count(1)


def make_person(administration_id: UUID | None, *, role: str = "owner") -> User:
    """A new person, let in where an administration is given."""
    user_id = make_user(
        f"persoon-{next(_numbers)}@example.nl", name="Sanne de Vries", password=PASSWORD
    )
    if administration_id is not None:
        with administration_scope(administration_id):
            let_in(user_id, role=role)
    return User.objects.get(id=user_id)


def visit(*, checks_forgery: bool = False) -> Client:
    """A browser in which nobody is signed in."""
    return Client(SERVER_NAME="localhost", enforce_csrf_checks=checks_forgery)


def sign_in(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = visit()
    client.force_login(user)
    return client


def slug_of(administration_id: UUID) -> str:
    """The administration's part of every address."""
    with administration_scope(administration_id):
        return load_administration().slug
