"""``hanyin publish``: case events from files, JSON or spreadsheets, go to the queue.

What reads spreadsheets is imported where it is used: other commands need not wait for openpyxl.
"""

# ruff: noqa: PLC0415 -- see above

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from commands.failures import AWAY, REFUSED
from commands.language import say
from commands.output import complain, note
from commands.session import Session, open_session, told
from schemas.codes import Problem
from schemas.errors import Invalid
from schemas.identifiers import new_id
from schemas.parsing import parse, read_envelope
from workers import bootstrap
from workers.brokers import OutgoingMessage, PublishOutcome

_EVENTS = "hanyin.events"
#: the routing key of what names no type
_UNTYPED = "unknown"
#: characters; AMQP 0-9-1 takes 255 bytes
_LONGEST_KEY = 200


@dataclass(frozen=True, kw_only=True)
class _Found:
    """One event in a file."""

    #: file, or file:line for JSON Lines
    place: str
    raw: bytes = field(repr=False)


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
    as_json: Annotated[bool, typer.Option("--json", help="表格的检查结果 / JSON")] = False,
) -> None:
    """发布案件事件 / Publish case events; all are valid, or none is sent."""
    from commands.spreadsheets import publish_sheets, write_templates
    from sheets.sender import sender_of

    if template:
        write_templates(files or [])
        return
    session = open_session()
    if annotate is not None:
        _demand_annotable(files or [], annotate)
    if _are_sheets(files or [], validate=validate):
        sender = sender_of(session.directory, agency=agency, source=source)
        publish_sheets(
            session, files or [], sender, partial=partial, as_json=as_json, annotated=annotate
        )
    else:
        _publish_json(session, files or [], validate=validate)


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


def _publish_json(session: Session, files: list[Path], *, validate: bool) -> None:
    found = [event for file in files for event in _read(file)]
    if validate and not _all_valid(found):
        raise typer.Exit(REFUSED)
    messages = [outgoing(event.raw) for event in found]
    outlet = bootstrap.open_events_outlet(session.settings, session.directory)
    try:
        outcomes = outlet.publish(messages)
    finally:
        outlet.close()
    lost = [
        event.place
        for event, outcome in zip(found, outcomes, strict=True)
        if outcome is not PublishOutcome.CONFIRMED
    ]
    if lost:
        complain(
            say(
                f"消息代理没有接收：{'、'.join(lost)}；请稍后重发，重复发布没有影响。",
                f"The broker did not take {', '.join(lost)}; publish again, repeats do no harm.",
            )
        )
        raise typer.Exit(AWAY)
    note(say(f"已发布 {len(found)} 个事件", f"published {len(found)} events"))


def _read(file: Path) -> list[_Found]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        complain(say(f"读不了 {file}：{error.strerror}", f"cannot read {file}: {error.strerror}"))
        raise typer.Exit(REFUSED) from error
    lines = raw.split(b"\n")
    if file.suffix in {".jsonl", ".ndjson"} or _is_lines(lines):
        return [
            _Found(place=f"{file}:{number}", raw=line)
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
    return [_Found(place=str(file), raw=raw)]


def _is_lines(lines: list[bytes]) -> bool:
    """True where every line of several is a JSON object of its own."""
    full = [line for line in lines if line.strip()]
    if len(full) < 2:  # noqa: PLR2004 -- one line is one JSON either way
        return False
    try:
        return all(isinstance(json.loads(line), dict) for line in full)
    except (ValueError, RecursionError):
        return False


def _all_valid(found: list[_Found]) -> bool:
    faults: list[tuple[str, Problem]] = []
    for event in found:
        try:
            parse(event.raw)
        except Invalid as error:
            faults += [(event.place, problem) for problem in error.problems]
    for place, problem in faults:
        sentence = say(problem.message, problem.message_en)
        complain(f"{place} {problem.pointer or '/'} [{problem.code}] {sentence}")
    if faults:
        complain(
            say(
                "没有发送任何事件；改正后重新发布，或用 --no-validate 原样发送。",
                "Nothing was sent; correct the files, or send them as they are with --no-validate.",
            )
        )
    return not faults


def outgoing(raw: bytes) -> OutgoingMessage:
    """The event as it goes to the queue; its type is its routing key, where that can be one."""
    kind = read_envelope(raw).type or _UNTYPED
    plain = kind.isascii() and kind.isprintable() and len(kind) < _LONGEST_KEY
    key = kind if plain else _UNTYPED
    return OutgoingMessage(
        message_id=new_id(), exchange=_EVENTS, routing_key=key, type=key, body=raw
    )
