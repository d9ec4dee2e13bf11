"""Own accounts, their statements, and the lines on them."""

from datetime import date

from django.db import models
from django.db.models import Q

from tijdig.core.payment_days import find_credit_day
from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class Account(Scoped):
    """An own bank account; made when a statement shows it, confirmed by a person.

    `iban` may be a bare number, where statements name no more than that. `stands_for_id` is then
    the account that a person said it is, for all statements by that number that come.
    """

    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    stands_for_id = models.UUIDField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "iban", "currency"), name="account_once"
            ),
        )

    def __str__(self) -> str:
        return self.iban[-4:]


class Statement(Scoped):
    """One statement as it came in; its lines may already have come with another one.

    `made_at` is when the bank made it, where the file says so; `adds_up` is None where that cannot
    be checked. `gap` says why its account is held until somebody accepts it: the statement does not
    add up, cannot be checked, or does not follow on the one before it. `named` is the number by
    which it names its account, where that is not all of its IBAN.

    One with gap `account` waits until a person says of which account it is: its lines are
    `unplaced` and count for nothing. A booked one is `unplaced` itself: it covers no day.
    """

    class Kind(models.TextChoices):
        BOOKED = "booked"
        INTRADAY = "intraday"
        DETAILS = "details"
        UNPLACED = "unplaced"

    class Gap(models.TextChoices):
        NONE = ""
        BALANCE = "balance"
        OPENING = "opening"
        SEQUENCE = "sequence"
        ACCOUNT = "account"

    account = Reference(Account)
    identification = models.CharField(max_length=100)
    sequence = models.CharField(max_length=40, blank=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    opening_cents = models.BigIntegerField(null=True, blank=True)
    closing_cents = models.BigIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    import_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BOOKED)
    adds_up = models.BooleanField(null=True, blank=True)
    named = models.CharField(max_length=34, blank=True, default="", db_default="")
    gap = models.CharField(max_length=10, choices=Gap.choices, default=Gap.NONE, blank=True)
    gap_nl = models.TextField(blank=True)
    gap_en = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "account", "content_hash"), name="statement_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | ~Q(gap=""), name="statement_accepts_a_gap"
            ),
        )
        indexes = (
            models.Index(fields=("administration", "-until_on"), name="statement_by_day"),
            models.Index(
                fields=("administration", "account"),
                name="statement_with_gap",
                condition=~Q(gap="") & Q(accepted_at=None),
            ),
        )

    def __str__(self) -> str:
        return self.identification


class BankLine(Scoped):
    """One movement. `key` tells occurrences of equal lines apart; see banking/keys.py.

    What is not booked never counts as paid: `pending` is announced by the bank and gone once it is
    booked; `detail` waits for the batch that it is a part of; `split` is a batch whose details have
    taken its place; `waiting` undoes a payment that has not come in yet; `unplaced` is of a
    statement of which nobody knows the account. `likely_debtor_id` is the
    debtor whose invoice a pending line names: he is left alone until it is booked. `undoes_id` is
    the line of the payment that this one took back; each is taken back once.

    `match_certainty` is how sure the first proposal was said to be, in millionths, before the
    decisions of the administration corrected it; `match_agreed` whether a person thought the same,
    None as long as nobody said. `match_for_person`: no limit would have booked
    that proposal, only a person. `match_round` counts how often a match was
    undone: after that only a person matches it. An ignored line pays nothing that is ours.
    `imputation` is the order of costs, interest and principal that held when it was matched, and
    `named_by_payer` whether the payer named what he paid (BW 6:43); None where a person chose.
    """

    class State(models.TextChoices):
        UNMATCHED = "unmatched"
        MATCHED = "matched"
        IGNORED = "ignored"
        OUTGOING = "outgoing"
        PENDING = "pending"
        DETAIL = "detail"
        SPLIT = "split"
        WAITING = "waiting"
        UNPLACED = "unplaced"

    account = Reference(Account)
    statement = Reference(Statement)
    key = models.CharField(max_length=64)
    booked_on = models.DateField()
    value_on = models.DateField()
    cents = models.BigIntegerField()
    counter_iban = models.CharField(max_length=34, blank=True)
    counter_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=140, blank=True)
    is_reversal = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=20, blank=True)
    mandate_id = models.CharField(max_length=35, blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    batch_id = models.CharField(max_length=140, blank=True)
    batch_count = models.PositiveIntegerField(default=0)
    charges_cents = models.BigIntegerField(default=0)
    further_references = models.JSONField(default=list, blank=True)
    documents = models.JSONField(default=list, blank=True)
    likely_debtor_id = models.UUIDField(null=True, blank=True)
    undoes_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    match_kind = models.CharField(max_length=20, blank=True)
    because_nl = models.TextField(blank=True)
    because_en = models.TextField(blank=True)
    match_certainty = models.PositiveIntegerField(null=True, blank=True)
    match_agreed = models.BooleanField(null=True, blank=True)
    match_for_person = models.BooleanField(default=False, db_default=False)
    match_round = models.PositiveSmallIntegerField(default=0, db_default=0)
    decided_by = models.CharField(max_length=100, blank=True, db_default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, db_default="")
    imputation = models.CharField(max_length=16, blank=True, db_default="")
    named_by_payer = models.BooleanField(null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "account", "key"), name="bankline_once"
            ),
            models.CheckConstraint(condition=~Q(cents=0), name="bankline_not_nil"),
            models.UniqueConstraint(
                fields=("administration", "undoes_id"),
                name="bankline_undone_once",
                condition=Q(undoes_id__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("administration", "booked_on"),
                name="bankline_unmatched",
                condition=Q(state="unmatched"),
            ),
            models.Index(fields=("administration", "-booked_on", "-id"), name="bankline_by_day"),
            models.Index(
                fields=("administration", "account"),
                name="bankline_not_settled",
                condition=Q(state__in=["pending", "detail", "waiting"]),
            ),
            models.Index(
                fields=("administration", "end_to_end_id"),
                name="bankline_by_end_to_end",
                condition=~Q(end_to_end_id=""),
            ),
            models.Index(
                fields=("administration", "batch_id"),
                name="bankline_by_batch",
                condition=~Q(batch_id=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.booked_on} {self.cents}"

    @property
    def credited_on(self) -> date:
        """The day on which it counts in law, when it is a payment that came in."""
        return find_credit_day(self.booked_on, self.value_on)


class Suggestion(Scoped):
    """What a line may pay: the items with their cents, how sure that is, and the evidence.

    `parts` holds [item, cents], `conceded` [item, discount or rounding, cents], `evidence`
    {"code", "nl", "en", "spans", "against"}; spans point into the words of the line.
    """

    line = Reference(BankLine)
    debtor = Reference("tijdig.Debtor")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    certainty = models.PositiveIntegerField()
    parts = models.JSONField()
    rest_cents = models.BigIntegerField(default=0)
    conceded = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(
                fields=("administration", "line", "rank"), name="suggestion_once"
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=5), name="suggestion_five_at_most"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rank} of {self.line_id}"


class MatchLimit(Scoped):
    """From which certainty, in millionths, an administration has payments booked by themselves."""

    limit = models.PositiveIntegerField()
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField()

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration",), name="matchlimit_once"),
            models.CheckConstraint(
                condition=Q(limit__gte=900_000, limit__lte=1_000_001), name="matchlimit_is_high"
            ),
        )

    def __str__(self) -> str:
        return str(self.limit)
