"""How many of something, in words."""

import pytest

from tijdig.core.money import format_count


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bestanden"), (1, "1 bestand"), (2, "2 bestanden")]
)
def test_a_count_has_the_word_that_fits(count: int, said: str) -> None:
    assert format_count(count, "bestand", "bestanden") == said
