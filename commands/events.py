"""``hanyin events``: what came in and what became of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cases.states import EventState
from commands.failures import REFUSED
from commands.language import say
from commands.output import Column, ColumnsOption, JsonOption, complain, print_rows, report
from commands.session import open_session, told
from ledger import inbox
from workers.clock import now

_COLUMNS: list[Column] = [
    ("seq", "序号", "seq"),
    ("id", "事件编号", "id"),
    ("type", "类型", "type"),
    ("state", "状态", "state"),
    ("case_no", "案号", "case"),
    ("reasons", "原因", "reasons"),
]

_Json = Annotated[bool, typer.Option("--json", help="JSON")]
_Limit = Annotated[int | None, typer.Option(help="最多行数 / at most")]


@told
def list_(limit: _Limit = None, columns: ColumnsOption = None, as_json: _Json = False) -> None:
    """全部事件 / All events."""
    _print(list(EventState), say("事件", "Events"), limit, columns, as_json=as_json)


@told
def rejected(limit: _Limit = None, columns: ColumnsOption = None, as_json: _Json = False) -> None:
    """被拒绝的事件及原因 / Rejected events with the reasons."""
    _print(
        [EventState.REJECTED],
        say("被拒绝的事件", "Rejected events"),
        limit,
        columns,
        as_json=as_json,
    )


@told
def parked(limit: _Limit = None, columns: ColumnsOption = None, as_json: _Json = False) -> None:
    """等待立案的事件 / Events that wait for their case."""
    _print(
        [EventState.PARKED], say("等待立案的事件", "Parked events"), limit, columns, as_json=as_json
    )


@told
def replay(
    seqs: Annotated[
        list[int], typer.Argument(help="序号（见 hanyin events rejected） / seq numbers")
    ],
    as_json: JsonOption = False,
) -> None:
    """被拒绝的事件重新处理 / Take rejected events once more, as they were."""
    session = open_session()
    with session.ledger() as database, database.writing() as connection:
        count = inbox.replay(connection, seqs, at=now())
    report(
        [{"replayed": count}],
        say(f"{count} 个事件将重新处理", f"{count} events will be taken again"),
        as_json=as_json,
    )
    if count != len(set(seqs)):
        complain(
            say(
                f"{len(set(seqs))} 个序号中有 {count} 个是被拒绝的事件，已重新处理；其余未动。",
                f"{count} of {len(set(seqs))} are rejected events and will be taken again;"
                " the others were left alone.",
            )
        )
        raise typer.Exit(REFUSED)


@told
def show(
    seq: Annotated[int, typer.Argument(help="序号（见 hanyin events list） / seq number")],
    output: Annotated[Path, typer.Option("-o", "--output", help="写入文件 / file to write")],
    as_json: JsonOption = False,
) -> None:
    """取出事件原文，无论新旧 / Write an event's bytes as they came, however old it is."""
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        raw = inbox.raw_of(connection, seq)
    if raw is None:
        complain(
            say(
                f"没有序号为 {seq} 的事件；序号见 `hanyin events list`。",
                f"There is no event {seq}; `hanyin events list` has the numbers.",
            )
        )
        raise typer.Exit(REFUSED)
    output.write_bytes(raw)
    report(
        [{"seq": seq, "file": str(output), "bytes": len(raw)}],
        say(f"已写入 {output}", f"wrote {output}"),
        as_json=as_json,
    )


def _print(
    states: list[EventState], title: str, limit: int | None, columns: str | None, *, as_json: bool
) -> None:
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        pages = inbox.pages(connection, states, limit=limit)
        shown = (_row(row, as_json=as_json) for page in pages for row in page)
        print_rows(title, _COLUMNS, shown, as_json=as_json, only=columns)


def _row(row: dict[str, Any], *, as_json: bool) -> dict[str, Any]:
    chosen = {
        "seq": row["seq"],
        "source": row["source"],
        "id": row["event_id"] or row["raw_sha256"],
        "type": row["type"],
        "case_no": row["case_no"],
        "state": row["state"],
        "received_at": row["received_at"],
        "errors": row["problems"] or [],
        "warnings": row["warnings"] or [],
    }
    if as_json:
        return chosen
    sentences = [*chosen["errors"], *chosen["warnings"]]
    name = say("message", "message_en")
    return chosen | {
        "reasons": "\n".join(f"{entry['pointer']} {entry[name]}" for entry in sentences)
    }
