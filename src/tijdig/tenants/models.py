"""Organisations, administrations and the people who may work in them."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from tijdig.tenants.ids import new_id
from tijdig.tenants.references import Reference
from tijdig.tenants.scope import ScopedManager


class UserManager(BaseUserManager["User"]):
    """Django's sign-in machinery asks for this."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in; what he may do is in Membership."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="nl")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        app_label = "tijdig"
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_once"),)

    def __str__(self) -> str:
        return self.name or self.email


class SignInLink(models.Model):
    """A link that signs a user in once; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "tijdig"

    def __str__(self) -> str:
        return f"sign-in link {self.id}"


class SignInFailure(models.Model):
    """A wrong password for an address, of which only the hash is kept; for a quarter of an hour."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address_hash = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    class Meta:
        app_label = "tijdig"
        indexes = (
            models.Index(fields=("address_hash", "failed_at"), name="signinfailure_by_address"),
            models.Index(fields=("failed_at",), name="signinfailure_by_moment"),
        )

    def __str__(self) -> str:
        return f"sign-in failure {self.id}"


class Organisation(models.Model):
    """Who works in an administration: its creditor himself (a business), or who acts for him.

    An accountant or agency needs a Wki registration to approach natural persons; without one only
    the creditor's own staff release what goes to them.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business"
        ACCOUNTANT = "accountant"
        AGENCY = "agency"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.BUSINESS)
    wki_registration = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "tijdig"

    def __str__(self) -> str:
        return self.name


class Administration(models.Model):
    """One set of books of one creditor.

    What the law asks him to declare: whether his terms are agreed in his contracts, whether he
    can reclaim VAT and has others collect for him; and what he claims when a payment is late.
    """

    class BusinessCosts(models.TextChoices):
        NONE = "none"
        MINIMUM = "minimum"
        DECREE = "decree"
        AGREED = "agreed"

    class InterestFrom(models.TextChoices):
        NOBODY = "nobody"
        BUSINESSES = "businesses"
        EVERYBODY = "everybody"

    class ConsumerClaims(models.TextChoices):
        UNKNOWN = "unknown"
        GOODS = "goods"
        SERVICES = "services"
        PERIODIC = "periodic"

    class Imputation(models.TextChoices):
        LEGAL = "legal"
        PRINCIPAL_FIRST = "principal_first"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kvk_number = models.CharField(max_length=8, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    account_name = models.CharField(max_length=70, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="NL")
    time_zone = models.CharField(max_length=50, default="Europe/Amsterdam")
    default_term_days = models.PositiveSmallIntegerField(default=30)
    run_at = models.TimeField(default="08:00")
    sending_on = models.BooleanField(default=False)
    # Why a guard turned sending off, until a person turns it on: "restored", "copied" or "clock".
    silenced_because = models.CharField(max_length=12, blank=True)
    # How fresh bank (banking days) and books (working days) must be; empty asks nothing.
    bank_fresh_days = models.PositiveSmallIntegerField(null=True, blank=True, default=1)
    books_fresh_days = models.PositiveSmallIntegerField(null=True, blank=True, default=5)
    asks_first = models.BooleanField(default=True)
    amount_limit_cents = models.PositiveBigIntegerField(null=True, blank=True, default=2_500_000)
    undo_minutes = models.PositiveSmallIntegerField(default=5)
    contact_from = models.TimeField(default="07:00")
    contact_until = models.TimeField(default="20:00")
    hand_over_to = models.CharField(max_length=200, blank=True)
    business_terms_agreed = models.BooleanField(default=False)
    consumer_terms_agreed = models.BooleanField(default=False)
    can_reclaim_vat = models.BooleanField(default=True)
    uses_collection_service = models.BooleanField(default=False)
    business_costs = models.CharField(
        max_length=10, choices=BusinessCosts.choices, default=BusinessCosts.DECREE
    )
    # What the terms for businesses say about costs; it counts where `business_costs` says so.
    agreed_costs_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )
    agreed_costs_minimum_cents = models.BigIntegerField(default=0, db_default=0)
    agreed_costs_ground = models.CharField(max_length=100, blank=True, db_default="")
    interest_from = models.CharField(
        max_length=10, choices=InterestFrom.choices, default=InterestFrom.BUSINESSES
    )
    imputation = models.CharField(
        max_length=16, choices=Imputation.choices, default=Imputation.LEGAL
    )
    consumer_claims = models.CharField(
        max_length=10, choices=ConsumerClaims.choices, default=ConsumerClaims.UNKNOWN
    )

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(business_costs="agreed")
                | models.Q(
                    agreed_costs_percent__isnull=False,
                    agreed_costs_percent__gte=0,
                    agreed_costs_percent__lte=100,
                    agreed_costs_minimum_cents__gte=0,
                )
                & ~models.Q(agreed_costs_ground=""),
                name="administration_agreed_costs_said",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Instance(models.Model):
    """This installation: the one row tells which home folder may send from this database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    epoch = models.UUIDField()

    class Meta:
        app_label = "tijdig"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="instance_one"),)

    def __str__(self) -> str:
        return str(self.epoch)


class Scoped(models.Model):
    """What every row of an administration has; its manager sees one administration only.

    In the database the key of every such table is `(administration, id)`: see
    `migrations/_guards.py`. A composite key to a row of the same administration says that there
    is such an administration; only where a table has none does the migration make a key of its own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    administration = Reference(Administration)

    objects = ScopedManager()

    class Meta:
        abstract = True
        app_label = "tijdig"


class Membership(Scoped):
    """A user may work in an administration, in a role.

    `for_creditor`: he works for the creditor himself, not for an organisation that acts for him.
    """

    class Role(models.TextChoices):
        OWNER = "owner"
        CONTROLLER = "controller"
        READER = "reader"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    for_creditor = models.BooleanField(default=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "user"), name="membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"
