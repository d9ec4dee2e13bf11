"""How fast letters are made, beside bare Typst with the same template, fonts and contents.

Bare Typst gets what our code works out (texts, table, QR code) ready-made as JSON, and only prints.
Each round prints letters of its own: Typst remembers what it has set before.
"""

import json
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import typst
from font_source_sans_pro import font_directory

import tijdig
from bench.figure import Figure, judge
from bench.timing import best_of_both
from tijdig.core.references import make_rf_reference
from tijdig.messaging.composition import Addressee, Composition, Creditor, ListedItem
from tijdig.messaging.letters import MOST_LETTERS, describe_stack, render_letters

AIM_OF_BARE = 0.6
_ROUNDS = 4
_ONE_JOB = range(MOST_LETTERS)
_ITEMS = 4
_WRITTEN_ON = date(2026, 11, 2)
_TEMPLATES = Path(tijdig.__file__).parent / "templates" / "letters"
_FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-Bold.otf")
_CREDITOR = Creditor(
    name="Bakkerij De Korenbloem B.V.",
    iban="NL91ABNA0417164300",
    account_name="Bakkerij De Korenbloem B.V.",
    email="administratie@korenbloem.example",
    phone="0575 123456",
    website="www.korenbloem.example",
    street="Korenstraat 12",
    postal_code="7201 AB",
    city="Zutphen",
    kvk_number="12345678",
    vat_number="NL004495445B01",
)


def measure() -> list[Figure]:
    """Letters per second in print jobs of the largest size."""
    ours = [[make_letter(2 * n * MOST_LETTERS + m) for m in _ONE_JOB] for n in range(_ROUNDS)]
    bare = [[make_letter((2 * n + 1) * MOST_LETTERS + m) for m in _ONE_JOB] for n in range(_ROUNDS)]
    ready = [json.dumps(describe_stack(letters), ensure_ascii=False) for letters in bare]
    with tempfile.TemporaryDirectory() as fonts:
        for name in _FONTS:
            shutil.copy(Path(font_directory) / name, fonts)
        compiler = _make_compiler(fonts)
        render_letters([make_letter(10**6)])
        _compile(compiler, json.dumps(describe_stack([make_letter(10**6 + 1)])))
        our_seconds, bare_seconds = best_of_both(
            _ROUNDS,
            lambda number: render_letters(ours[number]),
            lambda number: _compile(compiler, ready[number]),
        )
    return [
        judge(
            "letters",
            f"{MOST_LETTERS} letters of {_ITEMS} invoices; bare Typst",
            ours=MOST_LETTERS / our_seconds,
            baseline=MOST_LETTERS / bare_seconds,
            aim=AIM_OF_BARE,
            unit="letters/s",
        )
    ]


def make_letter(serial: int) -> Composition:
    """A reminder of a few invoices to a debtor of its own."""
    items = tuple(_make_item(serial, place) for place in range(_ITEMS))
    return Composition(
        text="reminder",
        tone="plain",
        written_on=_WRITTEN_ON,
        creditor=_CREDITOR,
        addressee=Addressee(
            name=f"Hotel Aan de Gracht {serial}",
            number=str(10_000 + serial),
            contact_name="Noor Smit",
            street=f"Kerkstraat {serial % 300 + 1}",
            postal_code="3511 AB",
            city="Utrecht",
        ),
        items=items,
        total_cents=sum(item.open_cents for item in items),
        payment_reference=make_rf_reference(serial + 1),
        pay_by_on=_WRITTEN_ON + timedelta(days=7),
    )


def _make_item(serial: int, place: int) -> ListedItem:
    cents = 1_000 + (serial * 137 + place * 7_919) % 500_000
    issued_on = _WRITTEN_ON - timedelta(days=40 + place * 7)
    return ListedItem(
        number=f"F{serial:05d}{place}",
        is_credit_note=False,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=30),
        invoiced_cents=cents,
        open_cents=cents,
        order_reference=f"Order {serial}-{place}",
    )


def _make_compiler(fonts: str) -> typst.Compiler:
    return typst.Compiler(
        _TEMPLATES / "letter.typ",
        root=_TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
        ignore_system_fonts=True,
    )


def _compile(compiler: typst.Compiler, stack: str) -> Any:
    return compiler.compile(
        sys_inputs={"stack": stack},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=datetime(2026, 11, 2, tzinfo=UTC),
    )
