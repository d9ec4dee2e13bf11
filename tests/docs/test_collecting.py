"""The hours of the banks stand in the guide as the program keeps them."""

from pathlib import Path

from tijdig.core.direct_debits.banks import DEFAULT_BANK, list_known_banks

GUIDE = Path(__file__).parents[2] / "docs" / "collecting.md"


def test_the_guide_names_every_bank_whose_hour_is_known() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GUIDE.read_text().splitlines()
        if line.startswith("| ")
    ]
    banks = [*list_known_banks(), DEFAULT_BANK]
    wanted = [
        [one.name or "every other bank", f"{one.cut_off:%H:%M}", str(one.lead_days)]
        for one in banks
    ]
    found = [row[:3] for row in rows if len(row) == 4 and row[1][:1].isdigit()]
    assert found == wanted
    said = {row[0]: row[3] for row in rows if len(row) == 4}
    for one in list_known_banks():
        assert said[one.name].split(",")[0] == one.source.split(",")[0]
