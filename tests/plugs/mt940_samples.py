"""Writes MT940 statements of our own making in the shape that each bank gives them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

NAME = "KORENAAR"


@dataclass(frozen=True, slots=True)
class Paid:
    """One line of a statement: money that comes in, or goes out where the cents are negative."""

    on: date
    cents: int
    text: str

    @property
    def side(self) -> str:
        """Credit or debit."""
        return "C" if self.cents > 0 else "D"

    @property
    def amount(self) -> str:
        """Euros, a comma, cents."""
        return f"{abs(self.cents) // 100},{abs(self.cents) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a bank writes: what stands before and after the lines, and a line."""

    head: str
    line: Callable[[Paid], str]
    foot: str
    payer: str = "NL20INGB0001234567"
    digits: int = 0


def write_mt940(shape: Shape, opening: int, lines: Sequence[Paid], *, number: int = 61) -> bytes:
    """A statement with true balances. Every line has the same reference of the bank."""
    closing = opening + sum(one.cents for one in lines)
    head = shape.head.format(number=number, day=f"{lines[0].on:%y%m%d}")
    first = f":60F:{_balance(shape, opening, lines[0].on)}\n"
    last = f":62F:{_balance(shape, closing, lines[-1].on)}\n"
    return (head + first + "".join(map(shape.line, lines)) + last + shape.foot).encode("cp1252")


def write_mt942(lines: Sequence[Paid], *, account: str, payer: str) -> bytes:
    """What a bank announces in the course of a day."""
    total = Paid(lines[0].on, sum(one.cents for one in lines), "")
    told = "".join(
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}NTRFNONREF\n"
        f":86:/CNTP/{payer}/INGBNL2A/{NAME}///REMI/USTD//{one.text}/\n"
        for one in lines
    )
    return (
        "{1:F01INGBNL2ABXXX0000000000}\n{2:I942INGBNL2AXXXN}\n{4:\n:20:P1\n"
        f":25:{account}EUR\n:28C:061\n:34F:EURD0,\n:13D:{lines[0].on:%y%m%d}1215+0100\n"
        f"{told}:90D:0EUR0,\n:90C:{len(lines)}EUR{total.amount}\n-}}\n"
    ).encode()


def _balance(shape: Shape, cents: int, on: date) -> str:
    euros = f"{abs(cents) // 100:0{shape.digits}d}"
    return f"{'C' if cents >= 0 else 'D'}{on:%y%m%d}EUR{euros},{abs(cents) % 100:02d}"


def _abn(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}N196NONREF\n"
        f":86:/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/BIC/INGBNL2A/NAME/{NAME}\n"
        f"/REMI/{one.text}/EREF/NOTPROVIDED\n"
    )


def _ing(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}NTRFNONREF//26061123456789\n/TRCD/00100/\n"
        f":86:/CNTP/NL91ABNA0417164300/ABNANL2A/{NAME}///REMI/USTD//{one.text}/\n"
    )


def _rabobank(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d}{one.side}{one.amount:0>15}N541NONREF          \nNL20INGB0001234567\n"
        f":86:/ORDP//NAME/{NAME}/REMI/{one.text}/ISDT/{one.on}\n"
    )


def _sns(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}NOVBNL20INGB0001234567\n{NAME.lower()}\n"
        f":86:NL20INGB0001234567 {NAME.lower()}\n{'':65}\n{one.text:65}\n"
    )


def _triodos(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d}{one.side}{one.amount}NET NONREF\n:86:000>100000000000\n>20INGBNL2A\n"
        f">21NL20INGB0001234567\n>22{NAME} {one.text}>310390123456\n"
    )


def _bunq(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}NTRFNONREF\n"
        f":86:/IBAN/NL20INGB0001234567/NAME/{NAME}/REMI/{one.text}/\n"
    )


def _knab(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d%m%d}{one.side}{one.amount}NTRFNONREF//AB12345678901234\n"
        f":86:/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/BIC/INGBNL2A/NAME\n"
        f"/{NAME}/REMI/{one.text}/EREF/NOTPROVIDED\n"
    )


def _van_lanschot(one: Paid) -> str:
    return (
        f":61:{one.on:%y%m%d}{one.side}{one.amount}NXXX0001234567\n"
        f":86:/TRTP/SEPA Overboeking/IBAN/NL20INGB0001234567/BIC/INGBNL2A/NAME/\n"
        f"{NAME}/REMI/{one.text}/EREF/NOTPROVIDED\n"
    )


SHAPES = {
    "ABN AMRO": Shape(
        "ABNANL2A\n940\nABNANL2A\n:20:ABN AMRO BANK NV\n:25:417164300\n:28:{number:03d}01/1\n",
        _abn, "-\n",
    ),
    "ING": Shape(
        "{{1:F01INGBNL2ABXXX0000000000}}\n{{2:I940INGBNL2AXXXN}}\n{{4:\n:20:P1\n"
        ":25:NL20INGB0001234567EUR\n:28C:{number:03d}\n",
        _ing, "-}\n", payer="NL91ABNA0417164300",
    ),
    "Rabobank": Shape(
        ":940:\n:20:940S{day}\n:25:NL02RABO0123456789 EUR\n:28C:{number:05d}\n",
        _rabobank, "", digits=12,
    ),
    "SNS": Shape(
        "{{1:F01SNSBNL2AXXXX0000000000}}{{2:O94000000000000000000000000000000000000000N}}{{3:}}{{4:\n"
        ":20:0000000000\n:25:NL90SNSB0123456789\n:28C:{number}/1\n",
        _sns, "-}{5:}\n",
    ),
    "Triodos": Shape(
        ":20:1700000000001/1\n:25:TRIODOSBANK/0390123456\n:28:{number}\n", _triodos, "-\n"
    ),
    "bunq": Shape(
        "BUNQNL2A\n940\nBUNQNL2A\n:20:BUNQ-{day}\n:25:NL51BUNQ2025000000\n:28C:{number}\n",
        _bunq, "-\n",
    ),
    "Knab": Shape(
        "{{1:F01KNABNL2HAXXX0000000000}}{{2:I940KNABNL2HXXXXN3020}}{{4:\n:20:ABC123456789097\n"
        ":25:NL92 KNAB 0123 4567 89\n:28C:{number}/1\n",
        _knab, "-}\n",
    ),
    "Van Lanschot": Shape(
        "0000 01FVLBNL22AXXX00042\n0000 01FVLBNL22AXXX00042\n940 00\n:20:FVLOLB\n"
        ":25:0226123456                         \n:28C:{number:03d}\n",
        _van_lanschot, "-XXX\n",
    ),
}  # fmt: skip
