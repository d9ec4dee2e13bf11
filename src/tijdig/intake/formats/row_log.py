"""What is wrong with the rows of one list, gathered while its columns are read."""

from dataclasses import dataclass, field

from tijdig.core.problem import Problem, Sentence, Severity
from tijdig.intake.formats.tables import Table


@dataclass(slots=True)
class RowLog:
    """Refusals and warnings of one table, each with a place that a person can find.

    `positions` says in which column a field stands. A row that is refused yields no record;
    nothing more is said about a row that was left out on purpose.
    """

    table: Table
    positions: dict[str, int]
    file: str
    refused: dict[int, list[Problem]] = field(default_factory=dict)
    warnings: dict[int, list[Problem]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    notes: list[Problem] = field(default_factory=list)

    def refuse(self, row: int, because: Sentence, *, about: str = "") -> None:
        """This row does not come in; `about` is the field whose cell is meant."""
        if row not in self.left_out:
            problem = self._problem(self._place(row, about), because, about, "refused")
            self.refused.setdefault(row, []).append(problem)

    def warn(self, row: int, because: Sentence, *, about: str = "") -> None:
        """This row comes in all the same."""
        if row not in self.left_out:
            problem = self._problem(self._place(row, about), because, about, "warning")
            self.warnings.setdefault(row, []).append(problem)

    def leave_out(self, row: int, because: Sentence) -> None:
        """This row is no record at all, and that is right."""
        self.warn(row, because)
        self.left_out.add(row)

    def note(self, because: Sentence, *, about: str = "") -> None:
        """Something to know about the whole list, or about one of its columns."""
        place = self.table.header_place
        self.notes.append(self._problem(place, because, about, "warning"))

    def line(self, row: int) -> str:
        """The place of a row."""
        return self.table.place(row)

    def problems(self) -> list[Problem]:
        """All that was said: first about the list, then in the order of the rows."""
        said = list(self.notes)
        for row in sorted({*self.refused, *self.warnings}):
            said += self.refused.get(row, ())
            said += self.warnings.get(row, ())
        return said

    def _place(self, row: int, about: str) -> str:
        return self.table.place(row, self.positions.get(about))

    def _problem(self, place: str, because: Sentence, about: str, severity: Severity) -> Problem:
        column = self.positions.get(about)
        if column is not None:
            header = self.table.headers[column]
            because = Sentence(
                f"Kolom ‘{header}’: {because.nl}", f"Column ‘{header}’: {because.en}"
            )
        return Problem(place, because, severity, self.file)
