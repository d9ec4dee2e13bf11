"""Discount for early payment in a UBL invoice."""

from datetime import date

import pytest
from tests.plugs.ubl_samples import make_ubl

from tijdig.intake.formats import ubl

TERMS = """<cac:PaymentTerms><cbc:Note>2% bij betalen binnen 8 dagen</cbc:Note>{figure}
<cac:SettlementPeriod><cbc:EndDate>{until}</cbc:EndDate></cac:SettlementPeriod></cac:PaymentTerms>"""
PERCENT = "<cbc:SettlementDiscountPercent>{}</cbc:SettlementDiscountPercent>"
AMOUNT = '<cbc:SettlementDiscountAmount currencyID="EUR">{}</cbc:SettlementDiscountAmount>'
DAY = date(2026, 9, 9)


def read(figure: str, until: str = "2026-09-09") -> tuple[int, date | None]:
    file = ubl.parse(make_ubl(payment=TERMS.format(figure=figure, until=until)), name="x.xml")
    assert [one for one in file.problems if one.severity == "refused"] == []
    record = file.records[0]
    return record.discount_cents, record.discount_until


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (PERCENT.format("2"), (242, DAY)),
        (PERCENT.format("1.5"), (182, DAY)),
        (AMOUNT.format("2.00"), (200, DAY)),
        (PERCENT.format("0"), (0, None)),
        (PERCENT.format("100"), (0, None)),
        (PERCENT.format("twee"), (0, None)),
        (AMOUNT.format("121.00"), (0, None)),
        ("", (0, None)),
    ],
)
def test_an_amount_or_a_percentage_with_a_last_day(
    figure: str, expected: tuple[int, date | None]
) -> None:
    assert read(figure) == expected


def test_without_a_last_day_there_is_none() -> None:
    assert read(PERCENT.format("2"), until="morgen") == (0, None)
