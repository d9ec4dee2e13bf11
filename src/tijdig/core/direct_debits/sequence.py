"""Where a collection stands in the series of its mandate."""

from typing import Literal

from tijdig.core.direct_debits.mandates import Mandate

# Since 20 November 2016 a first collection is called recurrent like the others, and no bank asks
# that a last one is named: a mandate that is not used any more is withdrawn, or lapses.
Sequence = Literal["RCUR", "OOFF"]


def choose_sequence(mandate: Mandate) -> Sequence:
    """The sequence type of a collection on a mandate (ISO 20022 SequenceType3Code).

    Source: SDD Core Rulebook (EPC016-06) from version 9.2 on, AT-21.
    """
    return "OOFF" if mandate.is_one_off else "RCUR"
