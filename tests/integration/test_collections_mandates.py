"""What the mandate of one line asks of the file: an address, a former identifier."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from lxml import etree
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    CREDITOR_ID,
    DUE,
    HAND_IN,
    START,
    approve,
    collected,
    file_of,
    hand_over,
    lines,
    live,
    make,
    make_one_due,
    sent_back,
    sign,
    told,
)
from tests.integration.office import at, make_debtor, make_record, take_in

from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.direct_debits.models import SepaMandate
from tijdig.banking.direct_debits.queries import list_collecting
from tijdig.dunning.actions import collections
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

# From the Swiss banks' own description of the number.
SWISS_IBAN = "CH9300762011623852957"
# Invented, with right check digits.
NEW_CREDITOR_ID = "NL42ZZZ123456780001"
FORMER = "PmtInf/DrctDbtTxInf/DrctDbtTx/MndtRltdInf/AmdmntInfDtls/OrgnlCdtrSchmeId/Id/PrvtId/Othr"


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    return make_one_due()


def read(office: UUID, path: str) -> list[str]:
    """The texts at a path of the file, whatever its version."""
    root = etree.fromstring(file_of(office))
    steps = "".join(f"/*[local-name()='{name}']" for name in path.split("/"))
    return [str(one) for one in root.xpath(f"/{steps}/text()")]


def test_a_payer_outside_the_eea_holds_up_himself_only(office: UUID) -> None:
    abroad = replace(make_debtor("1002", name="Muster AG"), city="", street="")
    take_in(office, make_record("2026-0500", due_on=DUE, debtor=abroad))
    sign(office, "1002", today=START, iban=SWISS_IBAN, holder="Muster AG")
    live(office, START)
    assert [row[:2] for row in lines(office)] == [("planned", DUE)]
    with administration_scope(office):
        (left_out,) = collections.list_left_out(today=START, now=at(START))
        assert (left_out.number, left_out.debtor_number) == ("2026-0500", "1002")
        assert "Vul bij de debiteur ten minste plaats en land in." in left_out.because.nl
        debtor_id = Debtor.objects.get(number="1002").id
        change_contact(debtor_id, {"city": "Bern", "country": "CH"}, **told(START))
    live(office, START + timedelta(days=1), START + timedelta(days=2))
    assert [row[:2] for row in lines(office)] == [("planned", DUE), ("planned", DUE)]
    approve(office)
    assert make(office) == 0
    assert sorted(read(office, "PmtInf/DrctDbtTxInf/Dbtr/Nm")) == ["Cafe Voorbeeld", "Muster AG"]
    place = "PmtInf/DrctDbtTxInf/Dbtr/PstlAdr"
    assert (read(office, f"{place}/TwnNm"), read(office, f"{place}/Ctry")) == (["Bern"], ["CH"])


def test_an_address_that_goes_meanwhile_leaves_its_line_out_of_the_file(office: UUID) -> None:
    debtor = replace(make_debtor("1002", name="Muster AG"), city="Bern", country="CH")
    take_in(office, make_record("2026-0500", due_on=DUE, debtor=debtor))
    sign(office, "1002", today=START, iban=SWISS_IBAN, holder="Muster AG")
    live(office, START, START + timedelta(days=1))
    approve(office)
    with administration_scope(office):
        debtor_id = Debtor.objects.get(number="1002").id
        change_contact(debtor_id, {"city": ""}, **told(HAND_IN))
    assert make(office) == 1
    assert read(office, "PmtInf/DrctDbtTxInf/Dbtr/Nm") == ["Cafe Voorbeeld"]


def rename(office: UUID, creditor_id: str, day: date, **told_too: object) -> None:
    """The bank gave this creditor another identifier; or whatever else the settings hold."""
    with administration_scope(office):
        account_id = list_collecting()[0].account_id
        asked: dict[str, object] = {"creditor_id": creditor_id, "is_on": True, **told_too}
        set_collecting(account_id, **asked, **told(day))  # type: ignore[arg-type]


def known_as(office: UUID) -> list[str]:
    with administration_scope(office):
        mandates = SepaMandate.objects.order_by("id")
        return list(mandates.values_list("creditor_identifier", flat=True))


@pytest.mark.parametrize("version", ["001.02", "001.08"])
def test_a_mandate_of_a_former_identifier_says_so_until_money_came_in(
    office: UUID, version: str
) -> None:
    live(office, START, START + timedelta(days=1))
    rename(office, NEW_CREDITOR_ID, START + timedelta(days=2), version=version)
    approve(office)
    make(office)
    used = read(office, "PmtInf/CdtrSchmeId/Id/PrvtId/Othr/Id")
    assert (used, read(office, f"{FORMER}/Id")) == ([NEW_CREDITOR_ID], [CREDITOR_ID])
    assert read(office, f"{FORMER}/SchmeNm/Prtry") == ["SEPA"]
    assert known_as(office) == [CREDITOR_ID]
    hand_over(office)
    assert known_as(office) == [CREDITOR_ID]
    collected(office)
    assert known_as(office) == [NEW_CREDITOR_ID]
    sent_back(office, date(2026, 3, 23), "AM04")
    live(office, date(2026, 3, 23), date(2026, 3, 24))
    approve(office, date(2026, 4, 2))
    make(office, date(2026, 4, 2))
    assert read(office, f"{FORMER}/Id") == []


def test_another_code_of_one_s_own_makes_no_other_creditor(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    rename(office, CREDITOR_ID.replace("ZZZ", "ABC"), START)
    approve(office)
    make(office)
    assert read(office, f"{FORMER}/Id") == []


def test_the_contract_with_the_bank_says_until_when_a_file_is_taken(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    rename(office, CREDITOR_ID, START, cut_off=time(8, 30), lead_days=3)
    approve(office)
    # Three banking days before the nineteenth is the sixteenth, and it is nine o'clock.
    assert make(office) == 1
    with administration_scope(office):
        (one,) = list_collecting()
        assert (one.bank.cut_off, one.bank.lead_days) == (time(8, 30), 3)
