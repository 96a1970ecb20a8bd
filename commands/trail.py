"""``hanyin trail``: 审计日志, what was done, by whom, when."""

from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from commands.completion import complete_document
from commands.language import say
from commands.output import Column, ColumnsOption, print_rows
from commands.session import open_session, told
from ledger import lookup, trail_book
from ledger.trail_book import TrailQuery
from schemas.zone import CHINA

_COLUMNS: list[Column] = [
    ("at", "时间", "at"),
    ("actor", "由", "by"),
    ("action", "事项", "action"),
    ("about", "关于", "about"),
    ("alarm", "报警", "alarm"),
    ("details", "详情", "details"),
]


@told
def trail(
    name: Annotated[
        str | None,
        typer.Argument(
            help="文号、编号或案号 / number, id or case number",
            show_default=False,
            autocompletion=complete_document,
        ),
    ] = None,
    action: Annotated[str | None, typer.Option(help="事项 / action")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="起始日期 / first day"),
    ] = None,
    alarms: Annotated[bool, typer.Option("--alarms", help="只列报警 / alarms alone")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="最多几条，最近的 / at most, the newest")
    ] = None,
    columns: ColumnsOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """审计日志：何时、由谁、做了什么 / The audit trail: what was done, by whom, when."""
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        query = TrailQuery(
            subjects=None if name is None else _subjects(connection, name),
            action=action,
            since=None if since is None else since.replace(tzinfo=CHINA),
            alarms=alarms,
            limit=limit,
        )
        rows = trail_book.read(connection, query)
        shown = rows if as_json else map(_told, rows)
        print_rows(say("审计日志", "The trail"), _COLUMNS, shown, as_json=as_json, only=columns)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """The entry with its columns for people."""
    return row | {
        "about": row["number"] or row["subject"],
        "alarm": "!" if row["alarm"] else None,
        "details": " ".join(f"{key}={value}" for key, value in (row["details"] or {}).items()),
    }


def _subjects(connection: Connection, name: str) -> tuple[str, ...]:
    """What the entries are about; a number is found however its brackets are typed."""
    meant = [
        *lookup.meant_documents(connection, name),
        *lookup.meant_cases(connection, name),
    ]
    return tuple(
        subject for each in meant or [name] for subject in trail_book.subjects_of(connection, each)
    )
