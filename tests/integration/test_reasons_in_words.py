"""What a run says of its reasons: each sentence once, with how many it is about."""

from tijdig.dunning.queries.reasons import count_in_words, describe


def test_stops_that_read_the_same_are_counted_together() -> None:
    told = {"nothing_open": 3, "stop_dispute": 1, "stop_hold": 1, "stop_reply": 2}
    assert count_in_words(told) == [(describe("stop_dispute"), 4), (describe("nothing_open"), 3)]
