"""A document as the two parts of an e-mail; both say the same words in the same order."""

from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape
from itertools import groupby
from pathlib import Path

from css_inline import CSSInliner

from tijdig.messaging.document import Block, Document, FactList, Paragraph, Run, Table, TableRow

_CSS = Path(__file__).resolve().parent.parent / "templates" / "mail" / "mail.css"
_GAP = "  "
_COLUMNS = ("number", "day", "day", "amount")
# Stands in the page where a text goes; texts never hold it (see `clean_line`).
_HOLE = "\ue000"


def lay_out_text(document: Document) -> str:
    """The text part: paragraphs apart, facts and amounts in columns, lines never broken."""
    parts: list[str] = []
    for kind, group in groupby(document.blocks, key=_list_kind):
        texts = [_block_text(block) for block in group]
        parts += ["\n".join(texts)] if kind == "item" else texts
    return "\n\n".join(part for part in parts if part) + "\n"


def lay_out_html(document: Document) -> str:
    """The HTML part: one column, styles inlined, nothing loaded from elsewhere."""
    page = _Page()
    skeleton = page.build(document)
    segments = _inline_styles(skeleton)
    filled = [text for pair in zip(segments, page.texts, strict=False) for text in pair]
    return "".join(filled) + segments[-1]


@lru_cache(maxsize=512)
def _inline_styles(skeleton: str) -> tuple[str, ...]:
    """The page with styles, cut at its gaps; pages of the same shape share one."""
    return tuple(_inliner().inline(skeleton).split(_HOLE))


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(
        extra_css=_CSS.read_text(encoding="utf-8"),
        load_remote_stylesheets=False,
        keep_style_tags=False,
    )


def _list_kind(block: Block) -> str:
    return block.kind if isinstance(block, Paragraph) else "block"


def _block_text(block: Block) -> str:
    if isinstance(block, FactList):
        width = max(len(fact.label) for fact in block.facts) + 1
        return "\n".join(f"{fact.label + ':':<{width}} {fact.value}" for fact in block.facts)
    if isinstance(block, Table):
        return "\n".join(_table_lines(block))
    text = "".join(run.text for run in block.runs).strip()
    return f"- {text}" if block.kind == "item" else text


def _table_lines(table: Table) -> Iterator[str]:
    rows = (TableRow(table.header), *table.rows)
    widths = [max(map(len, column)) for column in zip(*(row.cells for row in rows), strict=True)]
    widths[-1] = max(widths[-1], len(table.total.value))
    for row in rows:
        *first, amount = (cell.ljust(width) for cell, width in zip(row.cells, widths, strict=True))
        yield _GAP.join((*first, amount.strip().rjust(widths[-1])))
        if row.note:
            yield f"{_GAP}{row.note}"
    all_but_label = sum(widths) + len(_GAP) * (len(widths) - 1) - len(table.total.label)
    yield table.total.label + table.total.value.rjust(all_but_label)


class _Page:
    """Builds the page with a hole for every text; `texts` fill the holes in order."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def build(self, document: Document) -> str:
        head = (
            f'<!DOCTYPE html><html lang="{document.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
            '<meta name="supported-color-schemes" content="light dark">'
            f"<title>{self._text(document.subject)}</title></head>"
        )
        parts: list[str] = []
        for kind, group in groupby(document.blocks, key=_list_kind):
            html = "".join(self._block(block) for block in group)
            parts.append(f"<ul>{html}</ul>" if kind == "item" else html)
        return f'{head}<body><div class="page">{"".join(parts)}</div></body></html>'

    def _text(self, text: str) -> str:
        # An amount keeps its sign on the same line.
        self.texts.append(escape(text).replace("€ ", "€&nbsp;"))
        return _HOLE

    def _block(self, block: Block) -> str:
        if isinstance(block, FactList):
            return self._facts(block)
        if isinstance(block, Table):
            return self._table(block)
        tag = {"heading": "h2", "item": "li", "text": "p"}[block.kind]
        return f"<{tag}>{''.join(map(self._run, block.runs))}</{tag}>"

    def _run(self, run: Run) -> str:
        html = "<br>" if run.text == "\n" else self._text(run.text)
        return f"<strong>{html}</strong>" if run.strong else html

    def _facts(self, block: FactList) -> str:
        rows = "".join(
            f'<tr><th scope="row">{self._text(fact.label)}:</th>'
            f"<td>{self._run(Run(fact.value, fact.strong))}</td></tr>"
            for fact in block.facts
        )
        return f'<table class="facts {block.kind}"><tbody>{rows}</tbody></table>'

    def _table(self, table: Table) -> str:
        header = "".join(
            f'<th scope="col" class="{css}">{self._text(cell)}</th>'
            for cell, css in zip(table.header, _COLUMNS, strict=True)
        )
        rows = "".join(map(self._row, table.rows))
        total = (
            f'<tr class="total"><th scope="row" colspan="{len(_COLUMNS) - 1}">'
            f"{self._text(table.total.label)}</th>"
            f'<td class="amount">{self._text(table.total.value)}</td></tr>'
        )
        return f"<table><thead><tr>{header}</tr></thead><tbody>{rows}{total}</tbody></table>"

    def _row(self, row: TableRow) -> str:
        first, *others = row.cells
        cells = f'<th scope="row">{self._text(first)}</th>' + "".join(
            f'<td class="{css}">{self._text(cell)}</td>'
            for cell, css in zip(others, _COLUMNS[1:], strict=True)
        )
        if not row.note:
            return f"<tr>{cells}</tr>"
        note = f'<tr><td class="note" colspan="{len(_COLUMNS)}">{self._text(row.note)}</td></tr>'
        return f'<tr class="noted">{cells}</tr>{note}'
