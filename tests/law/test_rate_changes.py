"""A rate that was added wrongly by hand is put right or taken out, with its reason in view."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings
from tests.law.conftest import Law

from tijdig.config.command_line import main
from tijdig.core.law.dated import compute_known_until
from tijdig.tenants.law_rates import AddedRate, RateChange, correct_rate, find_changed_from
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


def test_a_rate_of_another_day_comes_in_the_place_of_one_that_was_taken_out(law: Law) -> None:
    law(*"rate add --kind commercial --from 2027-02-01 --rate 15 --source ECB".split())
    law(*"rate remove --kind commercial --from 2027-02-01".split(), *WHY)
    law(*ADD, "--rate", "10.5")
    # Its place is taken: the rate of the next half-year changes nothing.
    law(*"rate add --kind commercial --from 2027-07-01 --rate 11 --source ECB".split())
    changes = law("rate", "list")[1]["changes"]
    gone = {**change("15.00", None), "from": "2027-02-01"}
    assert changes == [gone, {**change("", "10.50", "ECB"), "was": None}]


def test_what_came_for_a_later_day_counts_from_the_day_of_what_was_taken_out() -> None:
    first, second = date(2027, 1, 8), date(2027, 1, 9)
    gone = RateChange("commercial", date(2027, 1, 1), Decimal(15), None, "Verkeerde dag", first)
    came = RateChange("commercial", date(2027, 1, 20), None, Decimal("9.4"), "ECB", second)
    other = replace(came, kind="statutory", from_on=date(2027, 7, 1), was=Decimal(5))
    assert find_changed_from([gone, came], since=second) == gone.from_on
    assert find_changed_from([gone, other], since=second) == other.from_on
    fixed = replace(came, was=came.now, now=Decimal(10))
    assert find_changed_from([gone, came, fixed], since=second + timedelta(days=1)) is None
    assert (
        find_changed_from([gone, came, replace(fixed, on=date(2027, 2, 1))], since=date(2027, 2, 1))
        == came.from_on
    )


def test_no_half_year_is_skipped(law: Law) -> None:
    july = "rate add --kind commercial --from 2027-07-01 --rate 11 --source ECB".split()
    status, told = law(*july)
    assert (status, "Voeg eerst het percentage vanaf 1 januari 2027 toe" in told["refused"]) == (
        1,
        True,
    )
    assert law(*ADD, "--rate", "10.5")[0] == law(*july)[0] == 0
    later = "interest --principal 36500 --kind commercial --due 2027-06-30 --paid 2027-07-02"
    assert law(*later.split())[1]["interest"] == "22.00"
    # Without the one between, neither half-year is known.
    law(*REMOVE, *WHY)
    assert [law(*words)[0] for words in (LATE, later.split())] == [1, 1]
    assert law(*ADD, "--rate", "10.5")[0] == 0
    assert law(*later.split())[1]["interest"] == "22.00"


def test_to_put_an_old_rate_right_tells_nothing_of_a_new_half_year(
    law: Law, tmp_path: Path
) -> None:
    law(*ADD, "--rate", "15")
    with override_settings(HOME=tmp_path):
        fixed = AddedRate("commercial", date(2027, 1, 1), Decimal(10), "ECB", None)
        rates = correct_rate(fixed, because="Verkeerd overgenomen", today=date(2027, 7, 3))
    assert compute_known_until(rates.commercial) == date(2027, 7, 1)


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


def test_what_is_said_of_interest_that_was_asked(
    law: Law, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law(*ADD, "--rate", "15")
    told = []
    for words in ([*CORRECT, "--rate", "14", *WHY], [*REMOVE, *WHY]):
        with override_settings(HOME=tmp_path):
            main(["law", *words])
        told.append(capsys.readouterr().out.splitlines()[-1])
    again = "Rente die ermee is gevraagd, wordt bij de volgende run opnieuw berekend."
    stays = "Rente die ermee is gevraagd, blijft staan tot er voor die dagen een ander percentage"
    assert told == [again, f"{stays} is; dan wordt zij bij de volgende run opnieuw berekend."]


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
