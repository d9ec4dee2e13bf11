"""Rows D4 and D7: two people edit the same; a text changes between planning and sending.

In D4 both have the page open. What the second sees then is how it is now, with his own input
beside it. In D7 the words that were frozen at the release go out, whatever changes afterwards.
"""

import re
import threading
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from html import unescape
from random import Random
from uuid import UUID

from django.db import connection
from django.test import Client
from tests.integration.people import make_person, sign_in, slug_of

from proof.arrears import DAY
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all
from proof.ground import Ground
from proof.stage import PATIENCE, set_stage
from tijdig.dunning.actions.creditor import change
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

_SEEN = re.compile(r'name="seen" value="([^"]*)"')
_FORM = re.compile(r"<form[^>]*>.*?</form>", re.DOTALL)
SECOND_HEARS = "Intussen gewijzigd door"
OLD_PHONE, NEW_PHONE = "0101234567", "0207654321"
MOMENTS = {
    "the creditor's phone, before the words are frozen": "run.committed",
    "the creditor's phone, after the words are frozen": "release.committed",
}

# Where it is shown, where it is saved, what stands there, and what each of the two makes of it.
PAGES: dict[str, tuple[str, str, Mapping[str, str], tuple[Mapping[str, str], ...]]] = {
    "a debtor": (
        "debiteuren/10000/contact/",
        "debiteuren/10000/contact/",
        {"email": "klant10000@example.nl", "country": "NL", "language": "nl"},
        ({"email": "een@example.nl"}, {"email": "twee@example.nl"}),
    ),
    "who sends": (
        "instellingen/",
        "instellingen/afzender/",
        {"name": "Bakkerij", "email": "administratie@bakkerij.example.nl"},
        ({"phone": "0101111111"}, {"phone": "0102222222"}),
    ),
    "the policy": (
        "instellingen/",
        "instellingen/beleid/",
        {"min_gap_days": "7", "min_amount": "5", "call_lapse_working_days": "5"},
        ({"min_gap_days": "8"}, {"min_gap_days": "9"}),
    ),
    "the hour of the run": (
        "instellingen/",
        "instellingen/run/",
        {},
        ({"run_at": "07:00"}, {"run_at": "09:00"}),
    ),
    "the guards": (
        "instellingen/bewaking/",
        "instellingen/bewaking/",
        {"undo_minutes": "0", "contact_from": "00:00", "contact_until": "00:00"},
        ({"undo_minutes": "5"}, {"undo_minutes": "9"}),
    ),
    "costs and interest": (
        "instellingen/kosten-en-rente/",
        "instellingen/kosten-en-rente/",
        {
            "business_costs": "none",
            "imputation": "legal",
            "interest_from": "nobody",
            "consumer_claims": "unknown",
        },
        ({"business_costs": "decree"}, {"business_costs": "minimum"}),
    ),
}


def edit_both(ground: Ground, _: Random, name: str) -> None:
    what, _sep, how = name.partition(", ")
    shown, saved, filled, both = PAGES[what]
    with set_stage(ground, count=2) as stage:
        where = f"/{slug_of(stage.administration)}/"
        people = [_sit_down(stage.administration, where + shown, one) for one in both]
        posts = [
            lambda client=client, told=told: client.post(where + saved, {**filled, **told})
            for client, told in people
        ]
        answers = _at_once(posts) if how == "at once" else [post() for post in posts]
        statuses = sorted(one.status_code for one in answers)
        assert statuses == [302, 422], f"the two heard {statuses}"
        heard = next(one for one in answers if one.status_code == 422).content.decode()
        assert SECOND_HEARS in heard, "the second is not told who was first"
        client, told = people[[one.status_code for one in answers].index(422)]
        own = next(iter(told.values()))
        assert own in heard, "his own input is gone"
        again = client.post(where + saved, {**filled, **told, "seen": _seen_in(heard, told)})
        assert again.status_code == 302, "he cannot save, although he knows now"
        check_all(stage, Expected(waits=True))


def _sit_down(
    administration_id: UUID, page: str, changes: Mapping[str, str]
) -> tuple[Client, dict[str, str]]:
    """A person who has opened the page, and what he will save."""
    client = sign_in(make_person(administration_id))
    told = client.get(page).content.decode()
    return client, {**changes, "seen": _seen_in(told, changes)}


def _seen_in(page: str, changes: Mapping[str, str]) -> str:
    """What the form that asks this says it showed."""
    field = next(iter(changes))
    form = next(one for one in _FORM.findall(page) if f'name="{field}"' in one)
    found = _SEEN.search(form)
    assert found is not None, "the form does not say what it showed"
    return unescape(found.group(1))


def _at_once(posts: list) -> list:  # type: ignore[type-arg]
    """Both press at the same moment."""
    ready = threading.Barrier(len(posts))
    answers: list = [None] * len(posts)  # type: ignore[type-arg]

    def press(place: int) -> None:
        try:
            ready.wait(PATIENCE)
            answers[place] = posts[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(place,)) for place in range(len(posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def edit_text(ground: Ground, _: Random, name: str) -> None:
    """What every message says of the creditor is changed while messages are under way."""
    where = MOMENTS[name]
    with set_stage(ground, count=2) as stage:
        with stage.held_at(where, "day"), administration_scope(stage.administration):
            job = stage.job("run", minutes=2)
            change({"phone": NEW_PHONE}, today=DAY, now=job.now, actor="proof")
        stage.go("day", minutes=20)
        check_all(stage, Expected(exactly=True))
        texts = [read_text(one.content) for one in stage.received()]
        said = {phone for text in texts for phone in (OLD_PHONE, NEW_PHONE) if phone in text}
        # What waits is written again: nobody reads what no longer holds.
        assert said == {NEW_PHONE}, f"they say {said}"
        with administration_scope(stage.administration):
            kept = set(MessageBody.objects.values_list("text", flat=True))
        assert {text.strip() for text in texts} == {text.strip() for text in kept}, (
            "what went out is not what was kept"
        )


def read_text(content: bytes) -> str:
    """The words of a mail as its reader sees them."""
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    assert body is not None, "a mail without words"
    return str(body.get_content()).replace("\r\n", "\n")


def list_cases() -> list[Case]:
    """Every page on which two people can edit the same, and texts that change on the way."""
    names = [f"{what}, {how}" for how in ("one after the other", "at once") for what in PAGES]
    return [
        *spread("D4", names, edit_both),
        *spread("D7", list(MOMENTS), edit_text),
    ]


LATER = (
    Later("D4", 2, "texts that users edit"),
    Later("D7", 2, "texts that users edit"),
)
