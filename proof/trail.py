"""Row K1: the audit trail against whoever owns the database."""

from random import Random

from tests.integration.office import make_administration

from proof import tampering
from proof.cases import Case, Later, spread
from proof.ground import Ground

_BY_NAME = {one.name: one for one in tampering.TAMPERINGS}


def tamper(ground: Ground, _: Random, name: str) -> None:
    one = _BY_NAME[name]
    administration_id = make_administration()
    tampering.make_trail(administration_id)
    one.do(administration_id)
    wrong = tampering.check(administration_id).first_wrong
    place = wrong.place if wrong else ""
    assert place == one.place, f"the check says {place or 'nothing'}, not {one.place or 'nothing'}"
    assert one.says in (wrong.because.nl if wrong else "")


def list_cases() -> list[Case]:
    """Every case of row K1."""
    return spread("K1", list(_BY_NAME), tamper)


LATER: tuple[Later, ...] = ()
