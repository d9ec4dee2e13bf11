"""Make administrations, let people in, and change what an administration says of itself."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tijdig.core.problem import Refusal
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.models import (
    Administration,
    Membership,
    Organisation,
    SignInFailure,
    SignInLink,
    User,
)
from tijdig.tenants.queries import SIGN_IN_WINDOW, hash_address, load_administration
from tijdig.tenants.scope import active_administration, administration_scope

SIGN_IN_LINK_HOURS = 24
DECLARATIONS = frozenset(
    (
        "consumer_terms_agreed business_terms_agreed can_reclaim_vat uses_collection_service "
        "business_costs interest_from imputation consumer_claims "
        "agreed_costs_percent agreed_costs_minimum_cents agreed_costs_ground"
    ).split()
)
CREDITOR_FIELDS = frozenset(
    (
        "name kvk_number vat_number iban account_name email phone website street postal_code "
        "city country default_term_days run_at hand_over_to"
    ).split()
)


GUARD_FIELDS = frozenset(
    (
        "bank_fresh_days books_fresh_days amount_limit_cents undo_minutes contact_from "
        "contact_until"
    ).split()
)


def make_administration(
    slug: str,
    name: str,
    *,
    organisation_id: UUID | None = None,
    told: Mapping[str, object] | None = None,
) -> UUID:
    """A new administration with sensible defaults; sending is off. Its id."""
    administration_id = new_id()
    with administration_scope(administration_id):
        if organisation_id is None:
            organisation_id = Organisation.objects.create(name=name).id
        Administration.objects.create(
            id=administration_id,
            organisation_id=organisation_id,
            slug=slug,
            name=name,
            **(told or {}),
        )
    return administration_id


def change_creditor(changes: Mapping[str, object]) -> None:
    """Change what the administration says of itself on its messages. Refuses unknown fields."""
    unknown = set(changes) - CREDITOR_FIELDS
    if unknown:
        raise Refusal(
            f"Dit kunt u hier niet wijzigen: {', '.join(sorted(unknown))}.",
            f"You cannot change this here: {', '.join(sorted(unknown))}.",
        )
    Administration.objects.filter(id=active_administration()).update(**changes)


def set_guards(changes: Mapping[str, object]) -> None:
    """Set what holds a run or a message up; the caller has checked the fields."""
    Administration.objects.filter(id=active_administration()).update(**changes)


def lock_administration() -> None:
    """Until the end of the transaction: one import at a time, and no run or release beside it.

    Take this lock before those of debtors. Rows that only point to the administration go on.
    """
    _lock("FOR NO KEY UPDATE")


def share_administration() -> None:
    """Until the end of the transaction: no import beside it, and sending stays as it is.

    For work on many debtors that may go side by side. Take this lock before those of debtors.
    """
    _lock("FOR SHARE")


def switch_sending(*, on: bool) -> bool:
    """Turn sending on or off; whether that changed anything."""
    administration = Administration.objects.filter(id=active_administration())
    return administration.exclude(sending_on=on).update(sending_on=on, silenced_because="") == 1


def silence(*, because: str) -> bool:
    """A guard turns sending off until a person turns it on again; whether it was on."""
    administration = Administration.objects.filter(id=active_administration(), sending_on=True)
    return administration.update(sending_on=False, silenced_because=because) == 1


def make_user(email: str, *, name: str = "", password: str | None = None) -> UUID:
    """The user with this address; made when there is none. A password is set only when given."""
    user, _ = User.objects.get_or_create(email=email.lower(), defaults={"name": name})
    if password is not None:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user.id


def let_in(user_id: UUID, *, role: str, for_creditor: bool = True) -> None:
    """The user may work in the active administration, in this role.

    `for_creditor`: as one of the creditor's own staff, not of an organisation that acts for him.
    """
    Membership.objects.update_or_create(
        administration_id=active_administration(),
        user_id=user_id,
        defaults={"role": role, "for_creditor": for_creditor},
    )


def change_organisation(changes: Mapping[str, object]) -> None:
    """Change the organisation behind the administration; the caller has checked the fields."""
    Organisation.objects.filter(id=load_administration().organisation_id).update(**changes)


def set_creditors_own(user_ids: Collection[UUID]) -> None:
    """These people are the creditor's own staff, and nobody else is."""
    Membership.objects.update(for_creditor=False)
    Membership.objects.filter(user_id__in=list(user_ids)).update(for_creditor=True)


def make_sign_in_link(user_id: UUID, *, now: datetime) -> str:
    """A token that signs this user in once, for 24 hours; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user_id=user_id,
        token_hash=_hash(token),
        expires_at=now + timedelta(hours=SIGN_IN_LINK_HOURS),
    )
    return token


def use_sign_in_link(token: str, *, now: datetime) -> User | None:
    """The user whom this token signs in, once; None when it is unknown, used or expired."""
    with transaction.atomic():
        won = SignInLink.objects.filter(
            token_hash=_hash(token), used_at=None, expires_at__gt=now
        ).update(used_at=now)
        if not won:
            return None
        link = SignInLink.objects.select_related("user").get(token_hash=_hash(token))
        return link.user if link.user.is_active else None


def change_declarations(changes: Mapping[str, object]) -> None:
    """Change what the administration declares about its terms and its claims.

    Refuses: an unknown name.
    """
    if unknown := set(changes) - DECLARATIONS:
        raise Refusal(
            f"Dit is geen verklaring: {', '.join(sorted(unknown))}.",
            f"This is no declaration: {', '.join(sorted(unknown))}.",
        )
    Administration.objects.filter(id=active_administration()).update(**changes)


def count_sign_in_failure(email: str, *, now: datetime) -> None:
    """Remember a wrong password for this address, known or not; forget those of long ago."""
    SignInFailure.objects.filter(failed_at__lte=now - SIGN_IN_WINDOW).delete()
    SignInFailure.objects.create(address_hash=hash_address(email), failed_at=now)


def forget_sign_in_failures(email: str) -> None:
    """A right password clears the count."""
    SignInFailure.objects.filter(address_hash=hash_address(email)).delete()


def _lock(how: str) -> None:
    execute(f"SELECT id FROM tijdig_administration WHERE id = %s {how}", [active_administration()])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
