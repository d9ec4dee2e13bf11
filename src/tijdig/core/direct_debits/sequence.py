"""Where a collection stands in the series of its mandate."""

from typing import Literal

from tijdig.core.direct_debits.mandates import Mandate

Sequence = Literal["FRST", "RCUR", "FNAL", "OOFF"]


def choose_sequence(
    mandate: Mandate, *, first_as_recurrent: bool = True, is_last: bool = False
) -> Sequence:
    """The sequence type of the next collection on a mandate (ISO 20022 SequenceType3Code).

    Since November 2016 a first collection may be called recurrent as well; `first_as_recurrent`
    says whether the bank prefers that. `is_last` ends the mandate. Source: SDD Core Rulebook 9.2.
    """
    if mandate.is_one_off:
        return "OOFF"
    if is_last:
        return "FNAL"
    if mandate.collected_times == 0 and not first_as_recurrent:
        return "FRST"
    return "RCUR"
