"""Spreadsheets for ``hanyin publish``: all rows are checked, then sent, and never twice."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from commands.accepted import mark_accepted
from commands.failures import AWAY, DONE, REFUSED, WAITS
from commands.language import say
from commands.output import Column, complain, note, print_json, print_rows
from commands.session import Session
from schemas.errors import Invalid
from schemas.identifiers import new_id
from sheets.drafting import Draft
from sheets.places import Fault
from sheets.reading import Batch, mark_repeated, read_file
from sheets.sender import Sender
from sheets.template import write_template
from workers import bootstrap
from workers.brokers import OutgoingMessage, PublishOutcome

_EVENTS = "hanyin.events"
#: events that go to the broker together; what a kill leaves unsent, the next run sends
CHUNK = 100
_DEFAULT_TEMPLATE = Path("函印导入模板.xlsx")
_COLUMNS: list[Column] = [
    ("sheet", "工作表", "sheet"),
    ("row", "行", "row"),
    ("column", "列", "column"),
    ("value", "内容", "value"),
    ("code", "代码", "code"),
    ("sentence", "说明", "what"),
]


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What became of the files' events."""

    batches: Sequence[Batch]
    sent: int
    #: the ledger had them already
    known: int

    @property
    def faults(self) -> list[Fault]:
        return [fault for batch in self.batches for fault in batch.all_faults]

    @property
    def warnings(self) -> list[Fault]:
        drafts = [draft for batch in self.batches for draft in batch.drafts]
        return [warning for draft in drafts for warning in draft.warnings]

    @property
    def withheld(self) -> int:
        """Events that were neither sent nor known."""
        return sum(len(batch.drafts) for batch in self.batches) - self.sent - self.known


def write_templates(files: Sequence[Path]) -> None:
    """The templates stand in ``files``; the names are told. An existing file is left alone."""
    try:
        written = [path for file in files or [_DEFAULT_TEMPLATE] for path in write_template(file)]
    except OSError as error:
        why = say("已存在，不覆盖", "it exists") if isinstance(error, FileExistsError) else ""
        name = error.filename
        complain(
            say(
                f"没有写入 {name}：{why or error.strerror}",
                f"{name} was not written: {why or error.strerror}",
            )
        )
        raise typer.Exit(REFUSED) from error
    for path in written:
        note(say(f"已写入 {path}", f"wrote {path}"))


def publish_sheets(
    session: Session,
    files: Sequence[Path],
    sender: Sender,
    *,
    partial: bool,
    as_json: bool,
    annotated: Path | None = None,
) -> None:
    """The files' events are in the queue: all of them, or with ``partial`` the sound ones.

    ``annotated`` is a copy of the one file, with what is wrong in it as comments.
    """
    batches = _read(files, sender)
    sound = [draft for batch in batches for draft in batch.sound]
    known = mark_accepted(session, sound)
    ready = [
        draft
        for batch in batches
        for draft in batch.sound
        if draft.event["id"] not in known and (partial or not _faulty(batches))
    ]
    _send(session, ready)
    outcome = _Outcome(batches=batches, sent=len(ready), known=len(known))
    _tell(outcome, as_json=as_json)
    if annotated is not None:
        _annotate(files[0], annotated, outcome)
    raise typer.Exit(_exit_code(outcome, partial=partial))


def _annotate(file: Path, copy_to: Path, outcome: _Outcome) -> None:
    """The copy is there and told of, where there is anything to say in it."""
    from sheets.annotating import annotate  # noqa: PLC0415 -- for whoever asks for it

    if not (outcome.faults or outcome.warnings):
        note(say("没有错误，没有另存批注副本。", "Nothing is wrong: no copy with comments."))
        return
    try:
        count = annotate(
            file,
            copy_to,
            faults=outcome.faults,
            warnings=outcome.warnings,
            sentence=lambda problem: say(problem.message, problem.message_en),
        )
    except (OSError, Invalid) as error:
        why = error.strerror if isinstance(error, OSError) else error.problems[0].message
        complain(
            say(f"没有写出批注副本 {copy_to}：{why}", f"no copy with comments in {copy_to}: {why}")
        )
        return
    note(
        say(
            f"已写入 {copy_to}：{count} 个单元格有批注；改正后可直接发布这个副本。",
            f"wrote {copy_to}: {count} cells have comments; correct it there and publish the copy.",
        )
    )


def _faulty(batches: Sequence[Batch]) -> bool:
    return any(batch.all_faults for batch in batches)


def _exit_code(outcome: _Outcome, *, partial: bool) -> int:
    if not outcome.faults:
        return DONE
    return WAITS if partial and outcome.sent + outcome.known else REFUSED


def _read(files: Sequence[Path], sender: Sender) -> list[Batch]:
    with _bar(say("检查", "checking"), total=None) as report:
        try:
            batches = [read_file(file, sender, report=report) for file in files]
        except OSError as error:
            complain(
                say(
                    f"读不了 {error.filename}：{error.strerror}",
                    f"cannot read {error.filename}: {error.strerror}",
                )
            )
            raise typer.Exit(REFUSED) from error
    mark_repeated(batches)
    return batches


def _send(session: Session, drafts: Sequence[Draft]) -> None:
    """Every draft is confirmed by the broker, or the command ends and says so."""
    outlet = bootstrap.open_events_outlet(session.settings, session.directory)
    try:
        with _bar(say("发送事件", "sending events"), total=len(drafts)) as report:
            for start in range(0, len(drafts), CHUNK):
                outcomes = outlet.publish([_message(d) for d in drafts[start : start + CHUNK]])
                if any(outcome is not PublishOutcome.CONFIRMED for outcome in outcomes):
                    _give_up(start)
                report(min(start + CHUNK, len(drafts)))
    finally:
        outlet.close()


def _give_up(sent: int) -> None:
    complain(
        say(
            f"消息代理没有接收全部事件（至少已收 {sent} 个）；请稍后用同一文件重发，不会重复。",
            f"The broker did not take all events ({sent} at least); publish the same file again,"
            " nothing is doubled.",
        )
    )
    raise typer.Exit(AWAY)


def _message(draft: Draft) -> OutgoingMessage:
    kind = str(draft.event["type"])
    return OutgoingMessage(
        message_id=new_id(), exchange=_EVENTS, routing_key=kind, type=kind, body=draft.raw
    )


def _tell(outcome: _Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "sent": outcome.sent,
                "known": outcome.known,
                "withheld": outcome.withheld,
                "faults": [_row(fault) for fault in outcome.faults],
                "warnings": [_row(warning) for warning in outcome.warnings],
            }
        )
        return
    _tabulate(say("错误", "errors"), outcome.faults)
    _tabulate(say("提示（不影响发布）", "warnings (they hold nothing back)"), outcome.warnings)
    _sum_up(outcome)


def _tabulate(title: str, faults: Sequence[Fault]) -> None:
    """A table a file."""
    for file in dict.fromkeys(fault.place.file for fault in faults):
        rows = [_row(fault) for fault in faults if fault.place.file == file]
        print_rows(f"{file} {title}", _COLUMNS, rows, as_json=False)


def _row(fault: Fault) -> dict[str, Any]:
    place, problem = fault.place, fault.problem
    return {
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "value": fault.value,
        "code": problem.code,
        "message": problem.message,
        "message_en": problem.message_en,
        "sentence": say(problem.message, problem.message_en),
    }


def _sum_up(outcome: _Outcome) -> None:
    known = (
        say(f"，{outcome.known} 个以前已受理", f", {outcome.known} were accepted before")
        if outcome.known
        else ""
    )
    note(say(f"已发布 {outcome.sent} 个事件{known}", f"published {outcome.sent} events{known}"))
    if outcome.faults:
        complain(
            say(
                f"有 {len(outcome.faults)} 处错误，{outcome.withheld} 个事件没有发送；"
                "改正后用同一文件再发布，已受理的不会重复。",
                f"{len(outcome.faults)} errors, {outcome.withheld} events were not sent; correct"
                " the file and publish it again, what was accepted is not doubled.",
            )
        )


@contextmanager
def _bar(title: str, *, total: int | None) -> Iterator[Callable[[int], None]]:
    """Takes how much is done and shows it on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)
