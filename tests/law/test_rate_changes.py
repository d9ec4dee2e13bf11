"""A rate that was added wrongly by hand is put right or taken out, with its reason in view."""

from pathlib import Path

import pytest
from tests.law.conftest import Law

from tijdig.web.clock import demo_today

ADD = "rate add --kind commercial --from 2027-01-01 --source ECB".split()
CORRECT = "rate correct --kind commercial --from 2027-01-01 --source ECB".split()
REMOVE = "rate remove --kind commercial --from 2027-01-01".split()
LATE = "interest --principal 36500 --kind commercial --due 2026-12-31 --paid 2027-01-02".split()
WHY = ["--because", "Verkeerd overgenomen"]


def change(was: str, now: str | None, because: str = "Verkeerd overgenomen") -> dict[str, object]:
    told = {"kind": "commercial", "from": "2027-01-01", "was": was, "now": now}
    return {**told, "because": because, "on": f"{demo_today()}"}


def test_a_wrong_rate_is_put_right(law: Law) -> None:
    law(*ADD, "--rate", "15")
    assert law(*LATE)[1]["interest"] == "30.00"
    assert law(*CORRECT, "--rate", "10.5", *WHY) == (0, change("15.00", "10.50"))
    assert law(*LATE)[1]["interest"] == "21.00"
    status, told = law("rate", "list")
    assert (status, told["changes"]) == (0, [change("15.00", "10.50")])
    assert [one["rate"] for one in told["rates"] if one["from"] == "2027-01-01"] == ["10.50"]


def test_a_rate_is_taken_out_and_added_anew(law: Law) -> None:
    law(*ADD, "--rate", "15")
    assert law(*REMOVE, *WHY) == (0, change("15.00", None))
    assert law(*LATE)[0] == 1
    assert law(*ADD, "--rate", "10.5")[0] == 0
    assert law(*LATE)[1]["interest"] == "21.00"
    changes = law("rate", "list")[1]["changes"]
    assert changes == [change("15.00", None), change("15.00", "10.50", "ECB")]


def test_a_row_between_others_keeps_its_place(law: Law) -> None:
    law(*ADD, "--rate", "15")
    law(*"rate add --kind commercial --from 2027-07-01 --rate 11 --source ECB".split())
    assert law(*CORRECT, "--rate", "10.5", *WHY)[0] == 0
    rows = [one for one in law("rate", "list")[1]["rates"] if one["from"] >= "2027-01-01"]
    assert [(one["from"], one["rate"]) for one in rows] == [
        ("2027-01-01", "10.50"),
        ("2027-07-01", "11.00"),
    ]
    # The one after it would then be more than five points away.
    status, told = law(*CORRECT, "--rate", "5.5", *WHY)
    assert (status, "Kijk het na" in told["refused"]) == (1, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([*CORRECT, "--rate", "10.5", "--because", " "], "Zeg waarom"),
        ([*REMOVE, "--because", ""], "Zeg waarom"),
        ([*CORRECT, "--rate", "40", *WHY], "kan niet kloppen"),
        ([*CORRECT, "--rate", "3", *WHY], "Kijk het na"),
        ("rate remove --kind commercial --from 2026-07-01 --because x".split(), "met de hand"),
        ("rate remove --kind statutory --from 2027-01-01 --because x".split(), "met de hand"),
        ("rate remove --kind contract --from 2027-01-01 --because x".split(), "niet bekend"),
        ("rate remove --kind commercial --from 2027-02-30 --because x".split(), "2027-02-30"),
    ],
)
def test_what_cannot_be_changed_is_refused(
    law: Law, tmp_path: Path, words: list[str], part: str
) -> None:
    law(*ADD, "--rate", "15")
    before = (tmp_path / "law_rates.json").read_text()
    status, told = law(*words)
    assert (status, list(told)) == (1, ["refused", "refused_en"])
    assert part in told["refused"]
    assert (tmp_path / "law_rates.json").read_text() == before
