"""What stops a reminder, as it comes in: each about the first debtor of a stage."""

from collections.abc import Callable
from datetime import timedelta

from tests.integration.books import make_list, make_payment, make_statement

from proof.arrears import CENTS, DAY, make_rows
from proof.hands import do
from proof.stage import Stage
from tijdig.cases.actions import disputes, extensions, holds, plans, promises
from tijdig.dunning.actions import outcomes
from tijdig.dunning.models import Outcome
from tijdig.ledger.actions import flags
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.actions import replies
from tijdig.tenants.scope import administration_scope

Stop = Callable[[Stage], None]
_LATER_ON = DAY + timedelta(days=7)


def take(stage: Stage, content: bytes) -> None:
    """Bring a file in, without touching what this process as a whole is aimed at."""
    do(stage.job("import", minutes=5, files=(("bestand", content),)))


def pay(stage: Stage) -> None:
    """His invoice is paid."""
    row = make_rows(1)[0]
    take(stage, make_statement(make_payment(CENTS, row.number, on=DAY, iban=row.iban)))


def credit(stage: Stage) -> None:
    """The list of today no longer asks anything of him."""
    take(stage, make_list(*make_rows(stage.count)[1:]))


def pay_without_a_word(stage: Stage) -> None:
    """Money from his account that fits nothing: nobody knows what it pays."""
    row = make_rows(1)[0]
    take(stage, make_statement(make_payment(5_000, "dank u wel", on=DAY, iban=row.iban)))


def _by_person(act: Callable[[Debtor, Invoice, dict[str, object]], object]) -> Stop:
    """Something that somebody at the office writes down."""

    def stop(stage: Stage) -> None:
        told = {"today": DAY, "now": stage.job("run", minutes=5).now, "actor": "proof"}
        with administration_scope(stage.administration):
            debtor = Debtor.objects.get(number="10000")
            act(debtor, Invoice.objects.get(number="2026-00000"), told)

    return stop


def put_on_the_list(stage: Stage) -> None:
    """The first debtor let an earlier last demand pass: since yesterday somebody is to decide."""
    with administration_scope(stage.administration):
        Outcome.objects.create(
            administration_id=stage.administration,
            debtor=Debtor.objects.get(number="10000"),
            carrying_item=Invoice.objects.get(number="2026-00000").open_item,
            opened_on=DAY - timedelta(days=1),
            owner="Sanne",
            deadline_on=_LATER_ON,
        )


def _hand_over(debtor: Debtor, _: Invoice, told: dict[str, object]) -> None:
    one = Outcome.objects.get(debtor=debtor, way="")
    outcomes.decide(one.id, way="hand_over", handed_to="Incassobureau Voorbeeld", **told)  # type: ignore[arg-type]


def _flag(kind: str) -> Stop:
    return _by_person(lambda debtor, _, told: flags.mark(debtor_id=debtor.id, kind=kind, **told))


STOPS: dict[str, Stop] = {
    "payment": pay,
    "credit": credit,
    "money unknown": pay_without_a_word,
    "dispute": _by_person(
        lambda _, invoice, told: disputes.open(
            invoice_id=invoice.id, cents=CENTS, category="not_delivered", **told
        )
    ),
    "promise": _by_person(
        lambda debtor, _, told: promises.make(
            debtor_id=debtor.id, cents=CENTS, on=_LATER_ON, **told
        )
    ),
    "hold": _by_person(
        lambda debtor, _, told: holds.place(
            debtor_id=debtor.id, until_on=_LATER_ON, reason="belt terug", **told
        )
    ),
    "pause of everybody": _by_person(
        lambda _debtor, _invoice, told: holds.place(
            until_on=_LATER_ON, reason="storing bij de bank", **told
        )
    ),
    "plan": _by_person(
        lambda debtor, invoice, told: plans.agree(
            debtor_id=debtor.id, invoice_ids=[invoice.id], count=2, first_on=_LATER_ON, **told
        )
    ),
    "pause of the invoice": _by_person(
        lambda _, invoice, told: holds.place(
            invoice_id=invoice.id, until_on=_LATER_ON, reason="wacht op creditnota", **told
        )
    ),
    "reply": _by_person(
        lambda debtor, _, told: replies.receive(
            debtor_id=debtor.id, channel="email", text="Er klopt iets niet.", **told
        )
    ),
    "extension": _by_person(
        lambda _, invoice, told: extensions.give(invoice_id=invoice.id, until_on=_LATER_ON, **told)
    ),
    "bankruptcy": _flag("faillissement"),
    "debt restructuring": _flag("wsnp"),
    "no contact": _flag("no_contact"),
    "debt help": _flag("debt_help"),
    "death": _flag("deceased"),
    "hand-over": _by_person(_hand_over),
}
# They stop everybody, not only the first debtor.
FOR_ALL = frozenset({"pause of everybody"})
# What has to be so before the race begins.
BEFORE_IT: dict[str, Stop] = {"hand-over": put_on_the_list}
