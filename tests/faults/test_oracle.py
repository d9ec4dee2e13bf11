"""The oracle of the simulated year blames what is wrong, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from random import Random
from uuid import UUID

import pytest
from proof.oracle import Oracle
from proof.reasons import KnownReason
from proof.words import read_words
from proof.world import Invoice, Payment, Person, World
from tests.faults.smtp_sink import Stored
from tests.integration.office import at

from tijdig.messaging.channels.envelope import Attachment, Envelope
from tijdig.messaging.channels.mime import write_mime

DAY = date(2026, 3, 11)
NEXT = DAY + timedelta(days=2)


def make_world(*cents: int) -> tuple[World, Oracle]:
    """A man who owes so much on each invoice, all of it on the list of the books."""
    world = World(Random(1))
    person = Person(0, "promiser", "klant10000@example.nl")
    world.people.append(person)
    for number, one in enumerate(cents, start=1):
        due_on = DAY - timedelta(days=20)
        invoice = Invoice(f"F{number:06d}", 0, due_on, due_on, one, on_list=True)
        world.invoices[invoice.number] = invoice
        world.of_person[0].append(invoice)
    oracle = Oracle(world)
    oracle.by_address[person.address] = person
    return world, oracle


def make_mail(number: str, euros: str, *, serial: int = 1, begins: str = "Herinnering") -> Stored:
    envelope = make_envelope(number, euros, serial=serial, begins=begins)
    return Stored(envelope.message_id, envelope.recipient, write_mime(envelope))


def make_envelope(number: str, euros: str, *, serial: int, begins: str) -> Envelope:
    message_id = f"<{UUID(int=serial)}.email@example.nl>"
    return Envelope(
        message_id=message_id,
        sender="bakkerij@example.nl",
        sender_name="Bakkerij Voorbeeld",
        recipient="klant10000@example.nl",
        reply_to="",
        subject=f"{begins} factuur {number} van Bakkerij Voorbeeld: één factuur",
        text=f"Factuur {number} staat open.\n\nBedrag:   €\N{NO-BREAK SPACE}{euros}\n",
        html="",
        written_at=at(DAY),
        attachments=(),
    )


def tell(oracle: Oracle, on: date, *mails: Stored) -> list[str]:
    for mail in mails:
        oracle.read(mail, on)
    return oracle.wrong


def pay(world: World, on: date, number: str, cents: int) -> None:
    """Money of that day, and the mornings on which its statement can come in."""
    world.payments[on] = [Payment(on, number, cents)]
    for days in range(1, 8):
        world.files_of(on + timedelta(days=days))


def test_a_mail_that_is_right_is_not_blamed() -> None:
    _, oracle = make_world(64_875)
    assert tell(oracle, DAY, make_mail("F000001", "648,75")) == []
    (mail,) = oracle.mails
    assert (mail.kind, mail.numbers, mail.asked_cents) == ("reminder", ("F000001",), 64_875)


@pytest.mark.parametrize("html", ["", "<p>Factuur F000009, <b>Bedrag:   € 9,00</b></p>"])
@pytest.mark.parametrize("count", [0, 2])
def test_the_words_are_those_of_the_plain_part(html: str, count: int) -> None:
    pdf = Attachment("factuur.pdf", "application/pdf", b"%PDF F000008\n" * 9)
    usual = make_envelope("F000001", "648,75", serial=1, begins="Laatste herinnering")
    content = write_mime(replace(usual, html=html, attachments=(pdf,) * count))
    assert message_from_bytes(content).is_multipart() == bool(html or count)
    assert read_words(content) == ("last_demand", ("F000001",), 64_875)
    # Who cannot find the words finds nothing in what stands beside them.
    assert read_words(content.replace(b"text/plain", b"text/other"))[1:] == ((), 0)


def test_a_promise_holds_until_the_money_is_seen() -> None:
    # Seed 20260319: who kept his promise early was to be left alone all the same.
    world, oracle = make_world(64_875, 87_631)
    world.people[0].promise(64_875, NEXT, NEXT)
    assert tell(oracle, DAY, make_mail("F000002", "876,31")) == [
        f"{DAY} klant10000@example.nl: was to be left alone until {NEXT}"
    ]
    oracle.wrong.clear()
    pay(world, DAY, "F000001", 64_000)
    assert len(tell(oracle, NEXT, make_mail("F000002", "876,31", serial=2))) > 0
    oracle.wrong.clear()
    oracle.last_on.clear()
    oracle.steps.clear()
    oracle.carriers.clear()
    pay(world, DAY, "F000001", 875)
    assert tell(oracle, NEXT, make_mail("F000002", "876,31", serial=3)) == []


def test_a_reminder_goes_once_more_only_where_a_worker_was_killed_over_it() -> None:
    _, oracle = make_world(64_875)
    days = [DAY + timedelta(days=9 * turn) for turn in range(3)]
    mails = [make_mail("F000001", "648,75", serial=turn) for turn in range(1, 4)]
    oracle.killed_on.add(DAY)
    for day, mail in zip(days[:2], mails[:2], strict=True):
        assert tell(oracle, day, mail) == []
    assert tell(oracle, days[2], mails[2]) == [
        f"{days[2]} klant10000@example.nl: the step reminder for F000001 twice"
    ]


def test_what_is_asked_again_follows_on_the_reason_that_was_given_for_it() -> None:
    world, oracle = make_world(10_000, 20_000, 30_000)
    # Of the first he was reminded since, so that its question is not asked any more.
    world.people[0].reasons += [
        KnownReason("forgot", DAY - timedelta(days=30), frozenset(), UUID(int=n), f"F00000{n}")
        for n in (1, 2)
    ]
    begins = "Nog niet ontvangen:"
    assert tell(oracle, DAY, make_mail("F000002", "200,00", begins=begins)) == []
    assert [one.sent_on for one in world.people[0].reasons] == [None, DAY]
    later = DAY + timedelta(days=20)
    told = tell(oracle, later, make_mail("F000003", "300,00", serial=2, begins=begins))
    assert _ends(told) == {"again about F000003, of which he did not speak"}


def test_what_was_taken_back_goes_to_nobody_until_it_is_let_go() -> None:
    _, oracle = make_world(10_000)
    mail, let_go = (make_mail("F000001", "100,00", serial=n) for n in (1, 2))
    oracle.taken_back.add(UUID(int=1))
    assert tell(oracle, DAY, mail) == [
        f"{DAY} klant10000@example.nl: a message that was taken back"
    ]
    _, oracle = make_world(10_000)
    oracle.taken_back.add(UUID(int=1))
    assert tell(oracle, DAY, let_go) == []


def test_what_is_wrong_is_named() -> None:
    world, oracle = make_world(10_000)
    pay(world, DAY, "F000001", 10_000)
    told = tell(oracle, NEXT, make_mail("F000001", "100,00"), make_mail("F000001", "100,00"))
    assert _ends(told) == {
        "F000001 was paid, and the office knew",
        "asked 10000 cents, open are 0",
        "the same message twice",
        "two contacts within 7 days",
        "the step reminder for F000001 twice",
    }


def test_a_last_demand_again_needs_a_letter_about_one_of_its_invoices_since() -> None:
    both, asked = "F000001 en F000002", "300,00"
    kinds = ("Betalen zonder kosten:", "Laatste herinnering:", "Laatste herinnering:")
    days = [DAY + timedelta(days=20 * n) for n in range(4)]

    def live(*, newer: bool) -> list[str]:
        _, oracle = make_world(10_000, 20_000)
        tell(oracle, days[0], make_mail("F000001", "100,00", begins=kinds[0]))
        tell(oracle, days[1], make_mail(both, asked, serial=2, begins=kinds[1]))
        if newer:
            tell(oracle, days[2], make_mail("F000002", "200,00", serial=3, begins=kinds[0]))
        return tell(oracle, days[3], make_mail(both, asked, serial=4, begins=kinds[2]))

    assert live(newer=True) == []
    assert _ends(live(newer=False)) == {"the step last_demand for F000001 twice"}


@pytest.mark.parametrize(
    ("listed", "later_on", "told"),
    [
        (["1", "1"], None, ["F000001"]),
        (["1", "2"], None, []),
        (["1 2", "1 2"], None, ["F000001"]),
        # Asked for later than the other: that one carries the step now, and then nothing is left.
        (["1 2", "1 2"], DAY + timedelta(days=5), []),
        (["1 2", "1 2", "1 2"], DAY + timedelta(days=5), ["F000002"]),
        (["1", "1"], DAY + timedelta(days=5), ["F000001"]),
        # The second was carried by what is new in it, so that nothing carries the third.
        (["1", "1 2", "2"], None, ["F000002"]),
        # The oldest carried the first.
        (["1 2 3", "1", "2"], None, ["F000001"]),
        (["1 2 3", "2", "3"], None, []),
    ],
)
def test_each_mail_of_a_step_has_an_invoice_of_its_own(
    listed: list[str], later_on: date | None, told: list[str]
) -> None:
    """Seed 20261127, 2,000 debtors: a last demand about the same, after a later due date."""
    world, oracle = make_world(10_000, 10_000, 10_000)
    for turn, names in enumerate(listed):
        numbers = [f"F00000{one}" for one in names.split()]
        mail = make_mail(
            " en ".join(numbers),
            f"{len(numbers)}00,00",
            serial=turn + 1,
            begins="Laatste herinnering",
        )
        oracle.read(mail, DAY + timedelta(days=20 * turn))
        world.invoices["F000001"].later_on = later_on
    assert _ends(oracle.wrong) == {f"the step last_demand for {one} twice" for one in told}


def _ends(told: Iterable[str]) -> set[str]:
    return {one.partition(": ")[2] for one in told}
