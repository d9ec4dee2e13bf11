"""`tijdig law` for people: the article stands beside every figure."""

import pytest

from tijdig.config.command_line import main

LATE = "--principal 1000 --due 2025-01-01 --paid 2025-02-01"


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        ("costs 100 200", ["6:96 lid 7", "art. 2 lid 1", "6:96 lid 2 onder c"]),
        ("costs 0", ["6:96 lid 5", "art. 2 lid 1", "6:96 lid 2 onder c"]),
        ("costs 10 --vat", ["lid 5", "art. 2 lid 1", "art. 2 lid 2", "art. 2 lid 3", "onder c"]),
        (
            f"interest --kind commercial {LATE}",
            ["6:119a lid 1", "6:120 lid 2", "6:119a lid 3", "", "6:119a lid 1", "6:119a lid 1"],
        ),
        (
            f"interest --kind contract --rate 5 --simple --day-count act/act {LATE}",
            ["6:119 lid 3", "6:119 lid 3", "6:119 lid 2", "", "6:119 lid 3", "6:119 lid 3"],
        ),
        ("limitation --due 2021-11-30 --kind periodic --interrupted 2027-01-01",
         ["3:308", "3:319", "3:308"]),
        ("vat-refund --due 2024-05-01 --filing month", ["art. 29", "art. 29"]),
        ("veertiendagenbrief --sent 2026-11-02 --by post --received 2026-11-04",
         ["3:37 lid 3", "6:96 lid 6", "onze keuze, niet de wet", "6:96 lid 6"]),
    ],
)  # fmt: skip
def test_every_line_for_people_names_its_article(
    words: str, articles: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["law", *words.split()])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(articles)
    assert [one for one, part in zip(lines, articles, strict=True) if part not in one] == []
