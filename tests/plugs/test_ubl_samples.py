"""The public UBL samples: each comes in or is refused with a sentence, whatever its name."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tijdig.core.problem import Problem
from tijdig.intake.formats import ubl
from tijdig.intake.records import InvoiceFile

FOLDER = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")) / "ubl"
SAMPLES = sorted(FOLDER.glob("*/*.xml"))
# What the test sets themselves make up: account and VAT numbers that fail their check digits.
MADE_UP = re.compile(r"is geen geldig (IBAN|btw-nummer|OIN|KvK-nummer)")
# The rules without which there is no claim: number, date, currency, supplier, customer.
NEEDED = ("BR-02", "BR-03", "BR-05", "BR-06", "BR-07")

pytestmark = pytest.mark.skipif(not SAMPLES, reason=f"no UBL samples in {FOLDER}")


def parse(path: Path, name: str = "") -> InvoiceFile:
    return ubl.parse(path.read_bytes(), name=name or path.name)


def telling(file: InvoiceFile) -> list[Problem]:
    """The problems that are about the sample's subject, not about its made-up numbers."""
    return [x for x in file.problems if not MADE_UP.search(x.because.nl)]


def is_invoice(path: Path) -> bool:
    return not path.name.startswith(("unit-", "NLCIUS-CII"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_each_sample_comes_in_or_says_why_not(path: Path) -> None:
    file = parse(path)
    refusals = [x for x in file.problems if x.severity == "refused"]
    assert (len(file.records) == 1) is (refusals == [])
    assert all(x.place and x.because.nl and x.because.en for x in file.problems)
    assert ubl.recognise(path.read_bytes()[:4096])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_name_of_the_file_changes_nothing_else(path: Path) -> None:
    renamed = parse(path, name="iets-anders.txt")
    problems = tuple(replace(x, file=path.name) for x in renamed.problems)
    assert replace(renamed, problems=problems) == parse(path)


@pytest.mark.parametrize(
    "path",
    [x for x in SAMPLES if x.name.startswith("SI-UBL-2.0") and "_ok" in x.name],
    ids=lambda path: path.name,
)
def test_what_the_test_set_calls_ok_has_nothing_to_warn_about(path: Path) -> None:
    file = parse(path)
    assert len(file.records) == 1
    assert telling(file) == []


@pytest.mark.parametrize(
    "path",
    [x for x in SAMPLES if is_invoice(x) and re.search("error|warning", x.name)],
    ids=lambda path: path.name,
)
def test_what_the_test_set_calls_wrong_is_named(path: Path) -> None:
    file = parse(path)
    assert telling(file) != []
    assert (file.records == ()) is any(f"2.0-{rule}-" in path.name for rule in NEEDED)


@pytest.mark.parametrize(
    "path", [x for x in SAMPLES if not is_invoice(x)], ids=lambda path: path.name
)
def test_what_is_no_ubl_invoice_is_refused_at_its_root(path: Path) -> None:
    file = parse(path)
    assert [x.place.split(",")[0] for x in file.problems] in (
        [["/testSet"]] if path.name.startswith("unit-") else [["/CrossIndustryInvoice"]]
    )


def test_the_amount_to_pay_is_what_is_open() -> None:
    amounts = {
        path.name.split("__")[-1]: (x.kind, x.total_cents, x.open_cents, x.currency)
        for path in SAMPLES
        for x in parse(path).records
    }
    assert {name: amounts[name] for name in amounts if name in EXPECTED} == EXPECTED


EXPECTED = {
    "SI-UBL-2.0_ok_full.xml": ("invoice", 172_870, 72_900, "EUR"),
    "SI-UBL-2.0_ok_more_decimals.xml": ("invoice", 36, 35, "EUR"),
    "SI-UBL-2.0_ok_negative.xml": ("credit_note", -24_200, -24_200, "EUR"),
    "SI-UBL-2.0_BR-NL-8_ok_381.xml": ("credit_note", -22_700, -22_700, "EUR"),
    "SI-UBL-2.0_BR-NL-7_error_381_invoice.xml": ("credit_note", -22_700, -22_700, "EUR"),
    "base-creditnote-correction.xml": ("credit_note", -165_625, -165_625, "EUR"),
    "base-negative-inv-correction.xml": ("credit_note", -165_625, -165_625, "EUR"),
    "Allowance-example.xml": ("invoice", 712_500, 612_500, "EUR"),
    "vat-category-O.xml": ("invoice", 320_000, 320_000, "SEK"),
}
