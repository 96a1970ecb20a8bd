"""``hanyin service``: 送达清单, what was served and what was not."""

from books import service as book
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
def service(
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    columns: ColumnsOption = None,
    as_json: JsonOption = False,
) -> None:
    """送达清单：按成文日期 / Which documents were served, by date of issue."""
    print_book(
        open_session(),
        book.read,
        period(agency, since, until),
        format_=format_,
        output=output,
        as_json=as_json,
        columns=columns,
    )
