"""``hanyin receipts``: letters that banks have not answered."""

from books import receipts as book
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
def receipts(
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    columns: ColumnsOption = None,
    as_json: JsonOption = False,
) -> None:
    """银行回执待收清单：按发出日期 / Letters that no bank has answered, by the day they left."""
    print_book(
        open_session(),
        book.read,
        period(agency, since, until),
        format_=format_,
        output=output,
        as_json=as_json,
        columns=columns,
    )
