"""The page about formats is what the parsers do."""

from pathlib import Path

from tests.docs.formats_table import PAGE, judge, judge_samples, write_page


def test_the_page_tells_what_becomes_of_every_sample(samples: Path) -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(list(judge_samples(samples)))


def test_a_name_changes_nothing(samples: Path) -> None:
    for path in sorted((samples / "ubl").rglob("*.xml"))[:20]:
        content = path.read_bytes()
        one, other = judge(content, name="a.xml"), judge(content, name="b.txt")
        assert (one.format, one.came_in, one.warnings, one.reason) == (
            other.format,
            other.came_in,
            other.warnings,
            other.reason,
        )
