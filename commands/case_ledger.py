"""``hanyin ledger``: 台账, every case with its money, measures and documents."""

from books import case_ledger as book
from commands.books import (
    AgencyOption,
    FormatOption,
    JsonOption,
    OutputOption,
    SinceOption,
    UntilOption,
    period,
    print_book,
)
from commands.output import ColumnsOption
from commands.session import open_session, told


@told
def ledger(
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    columns: ColumnsOption = None,
    as_json: JsonOption = False,
) -> None:
    """台账：日期内有变动的案件，金额为当前值 / The cases that an event changed in those days."""
    print_book(
        open_session(),
        book.read,
        period(agency, since, until),
        format_=format_,
        output=output,
        as_json=as_json,
        columns=columns,
    )
