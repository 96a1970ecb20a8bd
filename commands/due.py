"""``hanyin due``: deadlines that have passed."""

from books import due as book
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
def due(
    agency: AgencyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    columns: ColumnsOption = None,
    as_json: JsonOption = False,
) -> None:
    """逾期事项：按期限届满日 / Deadlines that have passed and were not met, by their last day."""
    print_book(
        open_session(),
        book.read,
        period(agency, since, until),
        format_=format_,
        output=output,
        as_json=as_json,
        columns=columns,
    )
