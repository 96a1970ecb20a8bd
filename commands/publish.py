"""``hanyin publish``: case events from files, JSON or spreadsheets, go to the queue.

What reads spreadsheets is imported where it is used: other commands need not wait for openpyxl.
"""

# ruff: noqa: PLC0415 -- see above

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.event_files import EventFile, FileEvent, chunks, open_event_files
from commands.failures import REFUSED
from commands.language import say
from commands.output import complain, note, print_json
from commands.progress import advancing
from commands.remarks import Remarks
from commands.sending import Manifest, Sent, send
from commands.session import Session, open_session, told
from schemas.configuration import Directory
from schemas.errors import Invalid
from schemas.parsing import check
from workers.permission import sender_problems


@told
def publish(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON、JSON Lines，或表格 XLSX、CSV / JSON or spreadsheets"),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="写出空白模板 / write the template [FILE]")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="表格：发送无误的行 / send the rows without error")
    ] = False,
    validate: Annotated[
        bool, typer.Option(help="先全部校验，有误则一个不发 / validate all first")
    ] = True,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate", help="XLSX：错误写成单元格批注，另存于此 / errors as comments in a copy"
        ),
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="表格：经办机构代码 / agency of a spreadsheet")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="表格：事件来源 / source of a spreadsheet's events")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="不接着上次中断处 / send all, not from where it broke")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="检查结果 / JSON")] = False,
) -> None:
    """发布案件事件 / Publish case events; all are valid, or none is sent."""
    from commands.spreadsheets import publish_sheets, write_templates
    from sheets.sender import sender_of

    if template:
        write_templates(files or [], as_json=as_json)
        return
    session = open_session()
    if annotate is not None:
        _demand_annotable(files or [], annotate)
    if _are_sheets(files or [], validate=validate):
        sender = sender_of(session.directory, agency=agency, source=source)
        publish_sheets(
            session,
            files or [],
            sender,
            partial=partial,
            restart=restart,
            as_json=as_json,
            annotated=annotate,
        )
    else:
        _publish_events(session, files or [], validate=validate, restart=restart, as_json=as_json)


def _are_sheets(files: list[Path], *, validate: bool) -> bool:
    """Whether the files are spreadsheets; what cannot be meant ends the command."""
    from sheets.reading import is_spreadsheet

    kinds = {is_spreadsheet(file) for file in files}
    if len(kinds) != 1:
        complain(
            say(
                "请指定文件；JSON 与表格分开发布。",
                "Name files; publish JSON and spreadsheets apart.",
            )
        )
        raise typer.Exit(REFUSED)
    if kinds == {True} and not validate:
        complain(
            say(
                "表格总是先校验；--no-validate 只用于 JSON。",
                "Spreadsheets are always validated; --no-validate is for JSON.",
            )
        )
        raise typer.Exit(REFUSED)
    return kinds == {True}


def _demand_annotable(files: list[Path], copy_to: Path) -> None:
    """The command ends unless one workbook can have a copy there; nothing was sent."""
    if [file.suffix.lower() for file in (*files, copy_to)] != [".xlsx", ".xlsx"]:
        complain(
            say(
                "--annotate 只用于一个 XLSX 文件，副本也是 .xlsx。",
                "--annotate is for one XLSX file, and the copy is .xlsx too.",
            )
        )
        raise typer.Exit(REFUSED)
    if copy_to.exists():
        complain(say(f"{copy_to} 已存在，不覆盖。", f"{copy_to} exists and is not overwritten."))
        raise typer.Exit(REFUSED)


def _publish_events(
    session: Session, files: list[Path], *, validate: bool, restart: bool, as_json: bool
) -> None:
    """The files are read twice, an event at a time: checked, then sent if all are valid."""
    with open_event_files(files) as opened:
        directory = session.directory if validate else None
        manifest, faults, warnings = _check(opened, directory)
        sent = Sent()
        if not faults:
            events = (event for file in opened for event in file.events())
            sent = send(session, events, manifest, restart=restart)
    if as_json:
        _print_outcome(sent, manifest.count, faults, warnings)
    else:
        _tell(sent, faults, warnings)
    if faults:
        raise typer.Exit(REFUSED)


def _check(
    files: Sequence[EventFile], directory: Directory | None
) -> tuple[Manifest, Remarks, Remarks]:
    """What is in the files, what is wrong there, and what is remarkable; None: all is taken."""
    manifest, faults, warnings = Manifest(), Remarks(), Remarks()
    events = (event for file in files for event in file.events())
    with advancing(say("检查事件", "checking events"), total=None) as report:
        for chunk in chunks(events):
            types = [
                _type_of(event, directory, faults, warnings) if directory else None
                for event in chunk
            ]
            manifest.add(chunk, types)
            report(manifest.count)
    return manifest, faults, warnings


def _type_of(
    event: FileEvent, directory: Directory, faults: Remarks, warnings: Remarks
) -> str | None:
    """The event's type; None where it is invalid. What is to be said of it joins the remarks.

    Its source and agency must be the directory's.
    """
    try:
        checked = check(event.raw)
    except Invalid as error:
        for problem in error.problems:
            faults.add(event.where, problem)
        return None
    for problem in sender_problems(checked.source, checked.agency, directory):
        faults.add(event.where, problem)
    for problem in checked.warnings:
        warnings.add(event.where, problem)
    return f"hanyin.{checked.type}.v1"


def _print_outcome(sent: Sent, count: int, faults: Remarks, warnings: Remarks) -> None:
    print_json(
        {
            "sent": sent.now,
            "sent_before": sent.before,
            "withheld": count - sent.now - sent.before,
            "faults": [group.row() for group in faults.groups],
            "warnings": [group.row() for group in warnings.groups],
        }
    )


def _tell(sent: Sent, faults: Remarks, warnings: Remarks) -> None:
    for group in warnings.groups:
        note(say("提示：", "Note: ") + group.line())
    for group in faults.groups:
        for line in group.lines():
            complain(line)
    if faults:
        complain(
            say(
                "没有发送任何事件；改正后重新发布，或用 --no-validate 原样发送。",
                "Nothing was sent; correct the files, or send them as they are with --no-validate.",
            )
        )
        return
    note(say(f"已发布 {sent.now} 个事件", f"published {sent.now} events"))
