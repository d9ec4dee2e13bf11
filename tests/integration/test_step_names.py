"""A step has its words on every page, also where it went once more because it came back."""

import pytest

from tijdig.desk.facts_table import describe_facts
from tijdig.web.labels import PHASES, name_step


@pytest.mark.parametrize(
    ("step_key", "phase"),
    [
        ("reminder", "reminder"),
        ("reminder_anew", "reminder"),
        ("last_demand_anew2", "last_demand"),
        ("reminder_again2", "reminder"),
        ("veertiendagenbrief_3", "veertiendagenbrief"),
        ("plan-000000000007-nudge-1", "plan"),
        ("case-000000000007-again", "case"),
        ("debit-20260302", "debit"),
    ],
)
def test_a_contact_is_named_in_words(step_key: str, phase: str) -> None:
    assert name_step(step_key) == PHASES[phase]
    (table,) = describe_facts({"contacts": [[step_key, "2026-03-02", "done", "email"]]}).tables
    assert table.rows[0][0] == PHASES[phase].text
