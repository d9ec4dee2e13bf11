"""The page about formats is what the parsers do."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.docs.formats_table import PAGE, judge, judge_samples, write_page


def test_the_page_tells_what_becomes_of_every_sample(samples: Path) -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(list(judge_samples(samples)))


@pytest.mark.parametrize("folder", ["ubl", "camt", "mt940", "bankcsv", "pain"])
def test_a_name_changes_nothing(samples: Path, folder: str) -> None:
    """Twenty of each kind, from all over the folder, under names that say something else."""
    paths = [path for path in sorted((samples / folder).rglob("*")) if path.is_file()]
    assert paths
    for at, path in enumerate(paths[:: max(len(paths) // 20, 1)]):
        content = path.read_bytes()
        name = ("a.xml", "b.txt", "c.csv", "d.sta", "zonder")[at % 5]
        assert replace(judge(content, name=name), file="") == replace(
            judge(content, name=str(path)), file=""
        )
