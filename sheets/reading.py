"""A spreadsheet → the events that its rows are, and all that is wrong, by sheet, row and column."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schemas.codes import Problem
from schemas.errors import Invalid
from sheets.columns import CASE_NO, Layout
from sheets.commas import read_commas
from sheets.drafting import Draft, begin
from sheets.grid import Grid
from sheets.layouts import ALONE, CONFIRMED, EXPLANATION, WORDS, WORKBOOK
from sheets.places import Fault, Place
from sheets.refusal import refused
from sheets.rows import HEAD_LINES, Row, best_layout, find_head, head_faults, rows_of
from sheets.sender import Sender
from sheets.workbook import Sheet, open_workbook

#: kinds of files that are spreadsheets, and that are read
SHEETS = {".xlsx", ".csv"}
#: spreadsheets that are not read; a word says what to do with them
REFUSED = {".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xlam", ".et", ".ods", ".numbers"}
#: the sheets of the template by name, and what a workbook of one sheet may also be called
_BY_NAME = {layout.name: layout for layout in (*WORKBOOK, *ALONE)}
_PAGES = {EXPLANATION, WORDS}

Report = Callable[[int], None]


@dataclass(kw_only=True)
class Batch:
    """What one file says."""

    file: str
    drafts: list[Draft] = field(default_factory=list)
    #: of the file, its sheets and headings: nothing of the file is to be sent
    faults: list[Fault] = field(default_factory=list)
    #: rows of which nobody knows whose they are: no case of the file is to be sent
    homeless: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> list[Draft]:
        """The drafts that may be sent though others may not."""
        if self.faults:
            return []
        return [
            draft
            for draft in self.drafts
            if not draft.faults and not (self.homeless and draft.type == CONFIRMED)
        ]

    @property
    def all_faults(self) -> list[Fault]:
        """Everything that is wrong, in the order of the file."""
        inner = [fault for draft in self.drafts for fault in draft.faults]
        return sorted([*self.faults, *self.homeless, *inner], key=_order)


def is_spreadsheet(file: Path) -> bool:
    """Whether the name says that the file is a spreadsheet, readable or not."""
    return file.suffix.lower() in SHEETS | REFUSED


def read_file(file: Path, sender: Sender, *, report: Report = lambda _: None) -> Batch:
    """What the file says; whatever is wrong with it stands in the batch.

    ``report`` hears how many events are judged. Raises ``OSError`` where the file
    cannot be read.
    """
    batch = Batch(file=str(file))
    try:
        rows = list(_rows(file, batch.faults))
    except Invalid as error:
        batch.faults += [Fault(place=Place(file=str(file)), problem=p) for p in error.problems]
        return batch
    _assemble(rows, sender, batch, report)
    if not rows and not batch.faults:
        empty = Problem.of("", "sheet_empty")
        batch.faults.append(Fault(place=Place(file=str(file)), problem=empty))
    return batch


def mark_repeated(batches: Iterable[Batch]) -> None:
    """Drafts that tell the same case or receipt have a fault each that names the other."""
    first: dict[tuple[str, str], Draft] = {}
    for draft in (draft for batch in batches for draft in batch.drafts if _is_named(draft)):
        other = first.setdefault((draft.event["source"], draft.event["id"]), draft)
        if other is not draft:
            for one, another in ((draft, other), (other, draft)):
                problem = Problem.of("", "row_repeated", other=str(another.place))
                one.faults.append(Fault(place=one.place, problem=problem))


def _is_named(draft: Draft) -> bool:
    data = draft.event["data"]
    return bool(data.get("case_no")) and (draft.type == CONFIRMED or bool(data.get("receipt_no")))


def _rows(file: Path, faults: list[Fault]) -> Iterator[Row]:
    kind = file.suffix.lower()
    if kind == ".csv":
        yield from _of_grid(read_commas(file), ALONE, faults)
    elif kind == ".xlsx":
        with open_workbook(file) as sheets:
            yield from _of_sheets(file, sheets, faults)
    else:
        raise refused("sheet_format", kind=kind)


def _of_sheets(file: Path, sheets: list[Sheet], faults: list[Fault]) -> Iterator[Row]:
    filled = [sheet for sheet in sheets if sheet.title not in _PAGES and not sheet.is_empty()]
    for sheet in filled:
        here = Place(file=str(file), sheet=sheet.title)
        layouts = _layouts_of(sheet, alone=len(filled) == 1)
        wrong = list(_sheet_problems(sheet, known=bool(layouts)))
        faults += [Fault(place=here, problem=problem) for problem in wrong]
        if not wrong:
            yield from _of_grid(sheet.grid(), layouts, faults)


def _layouts_of(sheet: Sheet, *, alone: bool) -> tuple[Layout, ...]:
    """What the sheet may be: by its name, or by its headings where it stands alone."""
    named = _BY_NAME.get(sheet.title.strip().replace("(", "（").replace(")", "）"))
    if named is not None:
        return (named,)
    return ALONE if alone else ()


def _sheet_problems(sheet: Sheet, *, known: bool) -> Iterator[Problem]:
    if not known:
        yield Problem.of("", "sheet_unknown", allowed="、".join(layout.name for layout in WORKBOOK))
    elif sheet.hidden:
        yield Problem.of("", "sheet_hidden")
    elif sheet.merged:
        yield Problem.of("", "sheet_merged", cells="、".join(sheet.merged[:5]))


def _of_grid(grid: Grid, layouts: tuple[Layout, ...], faults: list[Fault]) -> Iterator[Row]:
    lines = iter(grid.lines)
    head = find_head(lines)
    if head is None:
        problem = Problem.of("", "heading_missing", rows=HEAD_LINES, heading=CASE_NO)
        faults.append(Fault(place=Place(file=grid.file, sheet=grid.name), problem=problem))
        return
    layout = best_layout(head, layouts)
    faults += head_faults(grid, layout, head)
    yield from rows_of(grid, layout, head, lines, faults)


def _assemble(rows: list[Row], sender: Sender, batch: Batch, report: Report) -> None:
    """The rows' events stand in ``batch``, finished."""
    cases: dict[str, Draft] = {}
    for row in rows:
        if row.layout.entry_of is None:
            draft = begin(row, sender)
            batch.drafts.append(draft)
            if draft.type == CONFIRMED and row.case_no is not None:
                cases.setdefault(row.case_no, draft)
    for row in rows:
        if row.layout.entry_of is not None:
            _join(row, cases, batch)
    for done, draft in enumerate(batch.drafts, start=1):
        draft.finish()
        report(done)


def _join(row: Row, cases: dict[str, Draft], batch: Batch) -> None:
    """The row is an entry of its case."""
    draft = cases.get(row.case_no or "")
    steps = row.layout.entry_of or ()
    if draft is None:
        column = row.layout.column(CASE_NO)
        place = row.place if column is None else row.at(column)
        batch.homeless.append(Fault(place=place, problem=Problem.of("", "row_homeless")))
        return
    entries = draft.event
    for step in steps:
        entries = entries[str(step)]
    draft.add(row, (*steps, len(entries)))


def _order(fault: Fault) -> tuple[str, int, int]:
    names = [layout.name for layout in WORKBOOK]
    sheet = fault.place.sheet or ""
    return (
        fault.place.file,
        names.index(sheet) if sheet in names else -1,
        fault.place.row or 0,
    )
