"""Numbers that are on no document, in words: for whoever reads the register or checks it."""

from typing import Any

import typer

from commands.failures import REFUSED
from commands.language import say
from commands.output import complain, note
from commands.session import Session
from ledger.gaps import Gap, gaps


def demand_no_gaps(
    session: Session,
    *,
    agency: str | None = None,
    series: str | None = None,
    year: int | None = None,
) -> None:
    """Every missing number is told on stderr; ends with 1 where one has no reason on record."""
    with session.ledger() as database, database.reading() as connection:
        found = gaps(connection, agency=agency, name=series, year=year)
    for gap in found:
        row = gap_row(gap)
        tell = note if gap.explained else complain
        tell(
            say(
                f"缺号：{row['agency']} {row['numbers']}（{row['why']}）",
                f"Missing: {row['agency']} {row['numbers']} ({row['why']})",
            )
        )
    if not all(gap.explained for gap in found):
        raise typer.Exit(REFUSED)


def gap_row(gap: Gap) -> dict[str, Any]:
    """A gap in words."""
    last = say(f" 至第{gap.last}号", f" to {gap.last}") if gap.last > gap.first else ""
    why = (
        say("恢复账本后跳过", "skipped after the ledger was restored")
        if gap.explained
        else say("没有记录：文书可能被删除", "nothing on record: a document may have been deleted")
    )
    return {"agency": gap.agency, "numbers": gap.number + last, "why": why}
