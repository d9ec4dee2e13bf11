"""The breaker at its limits: each trigger just below, where nothing happens, and just over."""

from dataclasses import replace

import pytest

from tijdig.core.breaker import Alarm, RunFigures, RunVersions, find_alarms
from tijdig.core.problem import Sentence

VERSIONS = RunVersions(3, "teksten-1", "wet-1", frozenset({"csv", "lijst"}))
# A run like all others: 40 messages, usually 40, 1,000 debtors and addresses.
USUAL = RunFigures(
    messages=40,
    debtors=1_000,
    versions=VERSIONS,
    accepted=VERSIONS,
    earlier_messages=(40,) * 10,
    first_demands=40,
    addresses=1_000,
    changed_addresses=0,
    largest_cents=100_000,
    limit_cents=2_500_000,
)


def codes(run: RunFigures) -> list[str]:
    return [alarm.code for alarm in find_alarms(run)]


LIMITS = {
    "50 messages, whatever is usual": (
        replace(USUAL, messages=50, earlier_messages=()),
        replace(USUAL, messages=51, earlier_messages=()),
        ["many"],
    ),
    "three times the median of ten runs": (
        replace(USUAL, messages=120),
        replace(USUAL, messages=121),
        ["many"],
    ),
    "a fifth of the debtors hear from us for the first time": (
        replace(USUAL, debtors=200, first_demands=40),
        replace(USUAL, debtors=200, first_demands=41),
        ["first_demands"],
    ),
    "something that no run worked with before": (
        replace(USUAL, accepted=replace(VERSIONS, sources=VERSIONS.sources | {"ubl"})),
        replace(USUAL, versions=replace(VERSIONS, sources=VERSIONS.sources | {"ubl"})),
        ["new_sources"],
    ),
    "two in a hundred addresses": (
        replace(USUAL, changed_addresses=20),
        replace(USUAL, changed_addresses=21),
        ["addresses"],
    ),
    "an amount over the limit": (
        replace(USUAL, largest_cents=2_500_000),
        replace(USUAL, largest_cents=2_500_001),
        ["amount"],
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_run_at_the_limit_goes_on(limit: str) -> None:
    assert codes(LIMITS[limit][0]) == []


@pytest.mark.parametrize("limit", LIMITS)
def test_a_run_over_the_limit_asks(limit: str) -> None:
    _, over, alarms = LIMITS[limit]
    assert codes(over) == alarms


def test_percentages_of_a_handful_say_nothing() -> None:
    few = replace(USUAL, messages=24, debtors=24, first_demands=24, changed_addresses=500)
    assert codes(few) == []
    assert codes(replace(few, messages=25)) == ["first_demands", "addresses"]


@pytest.mark.parametrize(
    ("versions", "alarm"),
    [
        (replace(VERSIONS, policy=4), "new_policy"),
        (replace(VERSIONS, texts="teksten-2"), "new_texts"),
        (replace(VERSIONS, law="wet-2"), "new_law"),
    ],
)
def test_each_new_version_asks_once(versions: RunVersions, alarm: str) -> None:
    assert codes(replace(USUAL, versions=versions)) == [alarm]
    assert codes(replace(USUAL, versions=versions, accepted=versions)) == []


def test_the_first_run_of_all_asks_and_says_so() -> None:
    assert find_alarms(replace(USUAL, accepted=None)) == (
        Alarm(
            "new_first",
            Sentence(
                "Dit is de eerste run die echt verstuurt.",
                "This is the first run that truly sends.",
            ),
        ),
    )


def test_a_run_that_sends_nothing_asks_nothing() -> None:
    assert codes(replace(USUAL, messages=0, accepted=None, largest_cents=9_999_999)) == []


def test_without_a_limit_no_amount_is_too_large() -> None:
    assert codes(replace(USUAL, limit_cents=None, largest_cents=9_999_999_999)) == []


def test_only_the_last_ten_runs_count() -> None:
    runs = (40,) * 10 + (10_000,) * 40
    assert codes(replace(USUAL, messages=121, earlier_messages=runs)) == ["many"]


def test_the_reason_names_the_figures() -> None:
    (alarm,) = find_alarms(replace(USUAL, messages=200, earlier_messages=(7, 8)))
    assert alarm.because == Sentence(
        "Er staan 200 berichten klaar; gewoonlijk zijn het er 7,5.",
        "200 messages are ready; usually there are 7.5.",
    )
