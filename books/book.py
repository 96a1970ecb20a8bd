"""What a book is: its columns with heading and type, its rows, its sums."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from schemas.configuration import Directory
from schemas.workdays import WorkCalendar

Language = Literal["zh", "en"]

#: a row as it is read: JSON names to Python values (Decimal yuan, dates, codes, lists of them)
Row = Mapping[str, Any]
#: what stands in a cell once it is told; None: nothing
Cell = str | Decimal | int | date | None


class CellType(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    CODE = "code"  # a word of the program, told in the reader's language
    MONEY = "money"  # Decimal, yuan
    COUNT = "count"  # int
    DATE = "date"


class Place(StrEnum):
    """Where a column stands."""

    EVERYWHERE = "everywhere"
    SHEETS = "sheets"  # spreadsheets only: what a page has no room for
    PAGES = "pages"  # terminal and paper only: the same, put together


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """The language that a book is told in."""

    language: Language
    #: codes to Chinese words
    words: Mapping[str, str]

    def say(self, zh: str, en: str) -> str:
        """Whichever of the two is in the language."""
        return zh if self.language == "zh" else en

    def word(self, code: str) -> str:
        """What a code is called; the code itself where nobody named it."""
        return self.say(self.words.get(code, code), code.replace("_", " "))

    def listed(self, codes: list[str]) -> str:
        """The codes' words, one after the other."""
        return self.say("、", ", ").join(map(self.word, codes))


@dataclass(frozen=True, kw_only=True)
class BookColumn:
    """A column of a book."""

    #: name in the row, in JSON where it is a field, and in the Word template
    key: str
    zh: str
    en: str
    type: CellType = CellType.TEXT
    #: characters that fit into the column of a spreadsheet
    width: int = 14
    place: Place = Place.EVERYWHERE
    #: whether its sum stands at the end of the book
    summed: bool = False
    #: how the cell is made of the row where it is not simply ``row[key]``
    tell: Callable[[Row, Tongue], Cell] | None = None

    def cell(self, row: Row, tongue: Tongue) -> Cell:
        """What stands in this column for ``row``."""
        if self.tell is not None:
            return self.tell(row, tongue)
        value: Cell = row.get(self.key)
        if self.type is CellType.CODE and value is not None:
            return tongue.word(str(value))
        return value


@dataclass(frozen=True, kw_only=True)
class BookForm:
    """A kind of book, as ``Book`` fills it."""

    #: name of the Word template in ``books/pages``
    name: str
    zh: str
    en: str
    columns: tuple[BookColumn, ...]
    #: fields of a row in JSON, in order
    fields: tuple[str, ...]
    #: entries of a row that are summed (Decimals, or mappings of them) → the sum of no rows
    totalled: Row = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BookQuery:
    """Which part of a book is wanted; None: all."""

    agency: str | None = None
    #: first and last day, Asia/Shanghai
    since: date | None = None
    until: date | None = None
    #: of the register alone
    series: str | None = None
    year: int | None = None
    #: rows at most
    limit: int | None = None
    #: keys of the columns that are wanted, in order; empty: the usual ones
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a book is read under."""

    #: aware
    now: datetime
    directory: Directory
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Book:
    """A book, to be written once."""

    form: BookForm
    query: BookQuery
    #: in order, as they come from the ledger: to be taken once, while it is open
    rows: Iterable[Row] = field(repr=False)
    #: when it was read; aware
    read_at: datetime


class Tally:
    """Counts and sums rows that pass through; nothing is rounded."""

    def __init__(self, nothing: Row) -> None:
        self.count = 0
        #: a row of sums
        self.sums = dict(nothing)

    def __call__(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in rows:
            self.count += 1
            for key, total in self.sums.items():
                self.sums[key] = _added(total, row[key])
            yield row


def _added(total: Any, entry: Any) -> Any:
    if isinstance(entry, Decimal):
        return total + entry
    return total | {name: total.get(name, 0) + part for name, part in entry.items()}
