"""Stuiting: what a person records with its proof renews the term, and nothing else does."""

from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_law_lists import found, make_business, take_invoice, write_notice

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.interruptions import (
    ToldAct,
    record_interruption,
    withdraw_interruption,
)
from tijdig.dunning.actions.notices import note_receipt, write_notices
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.limitation import explain_limitation
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DUE_ON = date(2024, 12, 1)
TODAY = date(2026, 11, 25)
REGISTERED = "aangetekend 3S0000000000"


@pytest.fixture
def books(administration: UUID) -> UUID:
    """Two invoices of a consumer that end on 1 and 2 December 2026."""
    take_invoice(administration, "A", DUE_ON)
    take_invoice(administration, "B", date(2024, 12, 2))
    return administration


def keep(administration: UUID, told: ToldAct, *numbers: str, today: date = TODAY) -> UUID:
    with administration_scope(administration):
        invoices = Invoice.objects.filter(number__in=numbers)
        return record_interruption(
            Debtor.objects.get(number="1001").id,
            told,
            invoice_ids=list(invoices.values_list("id", flat=True)),
            today=today,
            now=at(today),
            actor="Sanne",
        )


@pytest.mark.parametrize(
    ("kind", "said", "proof"),
    [
        (
            "demand",
            "Gestuit op 10 maart 2026: tot en met 10 maart 2028 (BW 3:319).",
            (
                "10 maart 2026: schriftelijke aanmaning, of brief waarin u uw recht op nakoming"
                " voorbehoudt (BW 3:317 lid 1). Bewijs: aangetekend 3S0000000000, vastgelegd door"
                " Sanne."
            ),
        ),
        (
            "acknowledgement",
            "Erkend op 10 maart 2026: tot en met 10 maart 2028 (BW 3:318-319).",
            (
                "10 maart 2026: erkenning door de klant (BW 3:318). Bewijs: aangetekend"
                " 3S0000000000, vastgelegd door Sanne."
            ),
        ),
        (
            "action",
            "Gestuit op 10 maart 2026: tot en met 10 maart 2028 (BW 3:319).",
            (
                "10 maart 2026: dagvaarding of andere eis bij de rechter (BW 3:316 lid 1)."
                " Bewijs: aangetekend 3S0000000000, vastgelegd door Sanne."
            ),
        ),
    ],
)
def test_an_act_renews_the_term_of_its_claims_only(
    books: UUID, kind: str, said: str, proof: str
) -> None:
    keep(books, ToldAct(kind, date(2026, 3, 10), REGISTERED), "A")
    assert found(books, "soon") == [("B", date(2026, 12, 2), 60)]
    assert found(books, "soon", date(2027, 10, 1)) == [("A", date(2028, 3, 10), 180)]
    assert found(books, "soon", date(2028, 2, 1)) == [("A", date(2028, 3, 10), 60)]
    assert found(books, "over", date(2028, 3, 11))[0] == ("A", date(2028, 3, 10), 0)
    with administration_scope(books):
        item_id = Invoice.objects.get(number="A").open_item_id
        row = explain_limitation(item_id, today=TODAY)
    assert row is not None
    proofs = [one.said.nl for one in row.proofs]
    assert (row.warning_days, row.ends_on) == (None, date(2028, 3, 10))
    assert (row.because[-1].nl, proofs) == (said, [proof])


def test_an_act_that_was_withdrawn_counts_no_more(books: UUID) -> None:
    act_id = keep(books, ToldAct("demand", date(2026, 3, 10), REGISTERED), "A", "B")
    assert found(books, "soon") == []
    with administration_scope(books), pytest.raises(Refusal, match="waarom"):
        withdraw_interruption(act_id, because=" ", today=TODAY, now=at(TODAY), actor="Sanne")
    with administration_scope(books):
        withdraw_interruption(
            act_id, because="Brief kwam terug", today=TODAY, now=at(TODAY), actor="Sanne"
        )
    assert found(books, "soon") == [("A", DUE_ON.replace(2026), 60), ("B", date(2026, 12, 2), 60)]
    with administration_scope(books), pytest.raises(Refusal, match="al ingetrokken"):
        withdraw_interruption(act_id, because="Nog eens", today=TODAY, now=at(TODAY), actor="Jan")


def test_an_act_after_the_end_changes_nothing_and_says_so(books: UUID) -> None:
    later = date(2026, 12, 5)
    keep(books, ToldAct("demand", later, REGISTERED), "A", today=later)
    assert ("A", date(2026, 12, 1), 0) in found(books, "over", later)
    with administration_scope(books):
        item_id = Invoice.objects.get(number="A").open_item_id
        row = explain_limitation(item_id, today=later)
    assert row is not None
    assert row.because[-1].nl == (
        "De handeling van 5 december 2026 kwam na het einde en verandert niets (BW 3:319)."
    )


@pytest.mark.parametrize(
    ("told", "numbers", "because"),
    [
        (ToldAct("demand", date(2026, 3, 10)), ["A"], "Voeg het bewijs toe als bestand"),
        (ToldAct("demand", date(2026, 11, 26), "x"), ["A"], "ligt in de toekomst"),
        (ToldAct("demand", date(2024, 11, 30), "x"), ["A"], "nog niet te betalen"),
        (ToldAct("gift", date(2026, 3, 10), "x"), ["A"], "Kies wat er is gebeurd"),
        (ToldAct("demand", date(2026, 3, 10), "x"), [], "Kies de facturen"),
        (ToldAct("demand", date(2026, 3, 10), "x"), ["other"], "Kies alleen facturen van deze"),
    ],
)
def test_what_cannot_be_is_refused(
    books: UUID, told: ToldAct, numbers: list[str], because: str
) -> None:
    take_invoice(books, "other", DUE_ON, debtor=make_business())
    with pytest.raises(Refusal, match=because):
        keep(books, told, *numbers)


def test_the_same_act_is_recorded_once(books: UUID) -> None:
    told = ToldAct("demand", date(2026, 3, 10), REGISTERED)
    keep(books, told, "A")
    with pytest.raises(Refusal, match="al vastgelegd"):
        keep(books, told, "A")
    keep(books, told, "B")
    assert found(books, "soon") == []


@pytest.fixture
def browser(books: UUID) -> Client:
    return sign_in(make_person(books))


def test_the_pages_record_an_act_with_a_file_show_it_and_withdraw_it(
    books: UUID, browser: Client
) -> None:
    slug = slug_of(books)
    form = f"/{slug}/debiteuren/1001/stuiting/"
    assert 'value="A" checked' in browser.get(form, {"factuur": "A"}).content.decode()
    assert 'value="B" checked' not in browser.get(form, {"factuur": "A"}).content.decode()
    letter = SimpleUploadedFile("brief.pdf", b"%PDF-1.4 bewijs", content_type="application/pdf")
    told = {"kind": "demand", "on": "2026-03-10", "invoices": ["A"]}
    wrong = browser.post(form, told)
    assert (wrong.status_code, "Voeg het bewijs toe als bestand" in wrong.content.decode()) == (
        422,
        True,
    )
    empty = browser.post(form, {**told, "proof_file": SimpleUploadedFile("leeg.pdf", b"")})
    assert (empty.status_code, "leeg.pdf is leeg" in empty.content.decode()) == (422, True)
    kept = browser.post(form, {**told, "proof_file": letter}, follow=True)
    page = kept.content.decode()
    assert ("De stuiting is vastgelegd" in page, "brief.pdf" in page) == (True, True)
    address = kept.redirect_chain[-1][0]
    proof = browser.get(f"{address}bewijs/")
    assert (proof.content, proof["Content-Type"]) == (b"%PDF-1.4 bewijs", "application/pdf")
    assert "attachment" in proof["Content-Disposition"]
    invoice = browser.get(f"/{slug}/facturen/A/").content.decode()
    assert "Af te dwingen tot en met 10 maart 2028." in invoice
    assert f'href="{address}"' in invoice
    debtor = browser.get(f"/{slug}/debiteuren/1001/").content.decode()
    assert "Stuiting van de verjaring vastgelegd" in debtor
    gone = browser.post(address, {"because": "Verkeerde brief"}, follow=True).content.decode()
    assert "Reden: Verkeerde brief" in gone
    assert "Af te dwingen tot en met 1 december 2026." in (
        browser.get(f"/{slug}/facturen/A/").content.decode()
    )
    assert "Stuiting van de verjaring ingetrokken" in (
        browser.get(f"/{slug}/debiteuren/1001/").content.decode()
    )


def test_the_act_of_another_administration_is_not_there(books: UUID) -> None:
    act_id = keep(books, ToldAct("demand", date(2026, 3, 10), REGISTERED), "A")
    other = make_administration()
    browser = sign_in(make_person(other))
    assert browser.get(f"/{slug_of(other)}/stuiting/{act_id}/").status_code == 404
    assert browser.get(f"/{slug_of(other)}/stuiting/{act_id}/bewijs/").status_code == 404


@pytest.fixture
def mailed(database: None) -> UUID:
    """A business whose last demand went out by e-mail, and was taken by the mail server."""
    administration = make_administration(sending=True)
    record = make_record("E-1", due_on=date(2026, 3, 2), debtor=make_business())
    take_in(administration, record, today=date(2026, 2, 1))
    with mail_sink():
        for day in (date(2026, 3, 9), date(2026, 3, 17), date(2026, 4, 2)):
            live_one_day(administration, today=day, now=at(day))
    return administration


def last_demand(administration: UUID) -> UUID:
    with administration_scope(administration):
        write_notices(today=date(2026, 4, 3), since=date(2026, 3, 1))
        found_id: UUID = Message.objects.get(phase="last_demand", channel="email").id
        return found_id


def test_a_last_demand_by_mail_counts_from_the_proof_that_it_arrived(mailed: UUID) -> None:
    message_id = last_demand(mailed)
    with administration_scope(mailed):
        sent_on = Notice.objects.get(message_id=message_id, kind="interruption").sent_on
        item_id = Invoice.objects.get(number="E-1").open_item_id
        before = explain_limitation(item_id, today=sent_on)
    assert before is not None
    assert (before.ends_on, [(one.counts, one.message_id) for one in before.proofs]) == (
        date(2031, 3, 2),
        [(False, message_id)],
    )
    received = date(2026, 4, 3)
    with administration_scope(mailed):
        told = {"today": received, "now": at(received), "actor": "Sanne"}
        note_receipt(message_id, received_on=received, note="leesbevestiging", **told)  # type: ignore[arg-type]
        after = explain_limitation(item_id, today=received)
    assert after is not None
    assert (after.ends_on, [(one.counts, one.said.nl[-24:]) for one in after.proofs]) == (
        date(2031, 4, 3),
        [(True, "Bewijs: leesbevestiging.")],
    )


def test_the_page_of_a_mailed_last_demand_takes_the_proof(mailed: UUID) -> None:
    message_id = last_demand(mailed)
    browser, slug = sign_in(make_person(mailed)), slug_of(mailed)
    page = browser.get(f"/{slug}/berichten/{message_id}/").content.decode()
    assert "Bewijs van ontvangst vastleggen" in page
    invoice = browser.get(f"/{slug}/facturen/E-1/").content.decode()
    assert "Voeg bewijs van ontvangst toe" in invoice
    told = {"received_on": "2026-04-03", "note": "leesbevestiging"}
    browser.post(f"/{slug}/berichten/{message_id}/ontvangst/", told)
    page = browser.get(f"/{slug}/berichten/{message_id}/").content.decode()
    assert "bewezen door een mens: leesbevestiging" in page
    invoice = browser.get(f"/{slug}/facturen/E-1/").content.decode()
    assert "Af te dwingen tot en met 3 april 2031." in invoice


def test_a_letter_shows_its_proof(administration: UUID) -> None:
    take_invoice(administration, "A", DUE_ON)
    write_notice(administration, date(2025, 1, 10))
    with administration_scope(administration):
        item_id = Invoice.objects.get(number="A").open_item_id
        row = explain_limitation(item_id, today=TODAY)
    assert row is not None
    assert [one.said.nl for one in row.proofs] == [
        (
            "Brief van 10 januari 2025, per post ontvangen op 10 januari 2025 (BW 3:317 lid 1)."
            " Bewijs: de brief en de dag van posten."
        )
    ]
