"""``hanyin documents retry``: failed documents are made again, by number or by what they are."""

import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from commands.completion import complete_document
from commands.documents import AgencyOption, find
from commands.failures import DONE, REFUSED
from commands.language import say
from commands.output import Column, complain, note, print_rows, report
from commands.session import Session, open_session, told
from commands.words import in_words
from ledger import failures, production, trail
from ledger.failures import FailureQuery
from ledger.lives import LifeAction
from schemas.documents import DocumentKind
from schemas.zone import CHINA
from workers.clock import now

_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("kind", "文种", "kind"),
    ("case_no", "案号", "case"),
    ("problem", "问题", "problem"),
]


@told
def retry(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(
            help="文号或编号 / numbers or ids",
            show_default=False,
            autocompletion=complete_document,
        ),
    ] = None,
    all_failed: Annotated[
        bool, typer.Option("--all-failed", help="全部失败的文书 / every document that failed")
    ] = False,
    kinds: Annotated[
        list[DocumentKind] | None,
        typer.Option("--kind", help="失败的这些文种 / those of this kind", show_default=False),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            help="此时以来失败的（北京时间） / those that failed since (Beijing time)",
        ),
    ] = None,
    agency: AgencyOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出，不改动 / show, and change nothing")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """失败的文书重新制作 / Let failed documents be made again."""
    filtered = bool(all_failed or kinds or since)
    if filtered == bool(numbers):
        complain(_either())
        raise typer.Exit(REFUSED)
    session = open_session()
    if filtered:
        moment = None if since is None else since.replace(tzinfo=CHINA)
        rows = _failed(session, FailureQuery(kinds=kinds or (), agency=agency, since=moment))
        if rows or as_json:
            print_rows(
                say("失败的文书", "Failed"), _COLUMNS, list(map(_row, rows)), as_json=as_json
            )
        if not dry_run and not yes:
            _ask(len(rows))
    else:
        rows = [find(session, number, agency) for number in numbers or []]
    if dry_run:
        _look(rows)
    else:
        _retry(session, rows, all_must=not filtered, as_json=as_json)


def _either() -> str:
    return say(
        "请写明文号，或用 --all-failed、--kind、--since 选出失败的文书，两者取一。",
        "Name numbers, or choose failed documents by --all-failed, --kind and --since; not both.",
    )


def _failed(session: Session, query: FailureQuery) -> list[dict[str, Any]]:
    with session.ledger() as database, database.reading() as connection:
        return failures.failed(connection, query)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    error = row["error"] or {}
    shown = {name: value for name, value in row.items() if name != "error"}
    return shown | {"code": error.get("code"), "problem": error.get(say("message", "message_en"))}


def _ask(count: int) -> None:
    """Go on where somebody at a terminal says so, or nobody is there; else the command ends."""
    if not count or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    if not typer.confirm(
        say(f"重新制作这 {count} 份文书？", f"Make these {count} again?"), err=True
    ):
        note(say("未作改动", "nothing was changed"))
        raise typer.Exit(DONE)


def _look(rows: list[dict[str, Any]]) -> None:
    note(
        say(
            f"将重新制作 {len(rows)} 份文书；未作改动",
            f"{len(rows)} would be made again; nothing was changed",
        )
    )


def _retry(session: Session, rows: list[dict[str, Any]], *, all_must: bool, as_json: bool) -> None:
    """They are made again in one transaction; with ``all_must`` all of them or none."""
    done = 0
    with session.ledger() as database, database.writing() as connection:
        for row in rows:
            if _again(connection, row["document_id"]):
                done += 1
            elif all_must:
                complain(_has_not_failed(row))
                # which undoes the transaction
                raise typer.Exit(REFUSED)
    report(
        [{"number": row["number"], "document_id": row["document_id"]} for row in rows],
        say(f"{done} 份文书将重新制作", f"{done} documents are made again"),
        # those that were chosen by what they are have been printed
        as_json=as_json and all_must,
    )


def _has_not_failed(row: dict[str, Any]) -> str:
    state = in_words(row)["state"]
    return say(
        f"{row['number']} 没有失败，状态为{state}；未作改动。",
        f"{row['number']} has not failed, it is {state}; nothing was changed.",
    )


def _again(connection: Connection, document_id: str) -> bool:
    again = production.retry(connection, document_id)
    if again:
        trail.note(
            connection,
            at=now(),
            actor="operator",
            action=LifeAction.RETRIED,
            subject=document_id,
        )
    return again
