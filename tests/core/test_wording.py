"""Sentences that are put together when somebody reads them."""

from tijdig.core.matching.records import Wording


def test_a_name_that_ends_in_a_point_ends_a_sentence_once() -> None:
    wording = Wording("Dat is {0}.", "It is {0}.", ("Jansen & Zn.",))
    assert (wording.nl, wording.en) == ("Dat is Jansen & Zn.", "It is Jansen & Zn.")
    within = Wording("Van {0}, ook {0}.", "Of {0}, too.", ("A.. B",))
    assert (within.nl, within.en) == ("Van A.. B, ook A.. B.", "Of A.. B, too.")
