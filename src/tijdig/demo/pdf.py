"""A small invoice as PDF, such as a bookkeeping package puts inside its UBL."""

from tijdig.core.money import format_euros
from tijdig.demo.world import Creditor, Invoice

_TOP, _LEADING, _LEFT = 780, 18, 60


def write_pdf(invoice: Invoice, creditor: Creditor) -> bytes:
    """One page in the printer's own Helvetica; the same invoice gives the same bytes."""
    page = _draw([creditor.name, "", *_tell(invoice, creditor)]).encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    index = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, index, size, len(body))
    )


def _tell(invoice: Invoice, creditor: Creditor) -> list[str]:
    what = "Creditnota" if invoice.credited_number else "Factuur"
    return [
        f"{what} {invoice.number}",
        f"Datum {invoice.issued_on:%d-%m-%Y}, te betalen tot en met {invoice.due_on:%d-%m-%Y}",
        f"Aan {invoice.debtor.name}",
        "",
        *(
            f"{line.quantity} x {line.description}: {format_euros(line.net_cents)}"
            for line in invoice.lines
        ),
        f"Btw {invoice.vat_percent} %: {format_euros(invoice.vat_cents)}",
        f"Totaal: {format_euros(invoice.claim_cents)}",
        "",
        f"Rekening {creditor.iban} van {creditor.name}. Alles hier is verzonnen.",
    ]


def _draw(lines: list[str]) -> str:
    shown = "".join(f"({_escape(line)}) Tj T*\n" for line in lines)
    return f"BT /F 12 Tf {_LEADING} TL {_LEFT} {_TOP} Td\n{shown}ET"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
