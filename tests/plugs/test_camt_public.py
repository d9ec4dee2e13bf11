"""camt files of real banks and tools: read to the cent, or refused with a reason."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tijdig.banking.formats.camt import parse, recognise

SAMPLES = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")) / "camt"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")


@needs_samples
def test_every_public_sample_is_read_or_refused_with_a_reason() -> None:
    paths = sorted(SAMPLES.rglob("*.xml"))
    assert paths
    for path in paths:
        content = path.read_bytes()
        assert recognise(content[:4096]), path
        result = parse(content, name=path.name)
        refused = [problem for problem in result.problems if problem.severity == "refused"]
        assert bool(result.statements) != bool(refused), path
        assert len(refused) < 2, path
        assert all(problem.file == path.name for problem in result.problems)
        assert parse(content, name="anders") == replace(
            result, problems=tuple(replace(p, file="anders") for p in result.problems)
        )


@needs_samples
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "svapnil__iso20022.js/ing__example_camt.xml",
            [("NL08INGB0000001234", 9, 100000, 160500, True)],
        ),
        (
            "newinnovations__camt053/example-camt053-a.xml",
            [
                ("NL14SNSB0012345678", 7, 20369, 66169, True),
                ("NL78SNSB0022446688", 4, 185913, 166087, True),
            ],
        ),
        (
            "Subite-eu__camt-to-coda/account_statement-2.xml",
            [("BE68793230773034", 462, 0, 55529, True)],
        ),
    ],
)
def test_samples_of_dutch_and_belgian_banks_add_up(
    path: str, expected: list[tuple[str, int, int | None, int | None, bool]]
) -> None:
    result = parse((SAMPLES / path).read_bytes(), name="x")
    assert result.problems == ()
    assert [
        (s.iban, len(s.lines), s.opening_cents, s.closing_cents, s.balances_ok)
        for s in result.statements
    ] == expected
