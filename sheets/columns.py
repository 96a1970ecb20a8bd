"""A column of a sheet and the member of the contract that it fills; a sheet's layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from schemas.pointers import Path

#: the column that every sheet has: it says whose case a row is
CASE_NO = "案号"


class Form(StrEnum):
    """How a cell of a column is read, and how the template formats it."""

    TEXT = "text"
    DIGITS = "digits"  # digits that are a name: text cells only
    AMOUNT = "amount"  # yuan
    DATE = "date"
    MONTH = "month"
    MOMENT = "moment"  # a day, or a day and a time, of Asia/Shanghai
    FLAG = "flag"  # 是 / 否
    COUNT = "count"
    CHOICE = "choice"  # one of ``words``


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column."""

    heading: str
    form: Form = Form.TEXT
    #: members of the event (of the list's entry, in a sheet of entries) that it fills
    paths: tuple[Path, ...] = ()
    #: an empty cell is an error, where the block that it belongs to is there
    required: bool = False
    #: its values are a person's and not shown
    personal: bool = False
    #: code of the contract → Chinese word
    words: Mapping[str, str] | None = None
    #: what the template's explanation says
    note: str = ""
    #: what the template's sample row holds
    sample: str = ""
    #: characters that the contract's member takes, where it is a text; see ``schemas.limits``
    longest: int | None = None
    #: of the template, in characters
    width: int = 14


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One sheet."""

    #: the sheet's name
    name: str
    #: short type of the events that its rows are, or are a part of
    event: str
    columns: tuple[Column, ...]
    #: the list of the event that a row is an entry of; None: a row is an event
    entry_of: Path | None = None
    #: members that are there only where one of their columns is filled
    blocks: tuple[Path, ...] = ()
    #: what the template's first page says about it
    note: str = ""

    def column(self, heading: str) -> Column | None:
        """The column with this heading."""
        return next((column for column in self.columns if column.heading == heading), None)

    def demands(self, column: Column) -> bool:
        """Whether every row must fill ``column``; in a block only a row that has the block must."""
        in_block = any(
            path[: len(block)] == block for block in self.blocks for path in column.paths[:1]
        )
        return column.required and not in_block
