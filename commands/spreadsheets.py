"""Spreadsheets for ``hanyin publish``: all rows are checked, then sent, and never twice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from commands.accepted import mark_accepted
from commands.event_files import FileEvent
from commands.failures import DONE, REFUSED, WAITS
from commands.language import say, spoken
from commands.output import Column, complain, note, print_json, print_rows
from commands.progress import advancing
from commands.remarks import KEPT
from commands.sending import Sent, manifest_of, send
from commands.session import Session
from schemas.errors import Invalid
from schemas.file_faults import os_words
from sheets.places import Fault
from sheets.reading import Batch, mark_repeated, read_file
from sheets.sender import Sender
from sheets.template import write_template

#: sheet, column, code
_Kind = tuple[str | None, str | None, str]
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
    sent: Sent
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
    def count(self) -> int:
        """Events of the files."""
        return sum(len(batch.drafts) for batch in self.batches)

    @property
    def withheld(self) -> int:
        """Events that were neither sent nor known."""
        return self.count - self.sent.now - self.sent.before - self.known


def write_templates(files: Sequence[Path], *, as_json: bool) -> None:
    """The templates stand in ``files``, whose names are printed; no existing file is altered."""
    try:
        written = [path for file in files or [_DEFAULT_TEMPLATE] for path in write_template(file)]
    except OSError as error:
        why = say("已存在，不覆盖", "it exists") if isinstance(error, FileExistsError) else ""
        name = error.filename
        complain(
            say(
                f"没有写入 {name}：{why or spoken(os_words(error))}",
                f"{name} was not written: {why or spoken(os_words(error))}",
            )
        )
        raise typer.Exit(REFUSED) from error
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        note(say(f"已写入 {path}", f"wrote {path}"))


def publish_sheets(
    session: Session,
    files: Sequence[Path],
    sender: Sender,
    *,
    partial: bool,
    restart: bool,
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
    events = [FileEvent(where=str(draft.place), raw=draft.raw) for draft in ready]
    manifest = manifest_of(events, (str(draft.event["type"]) for draft in ready))
    sent = send(session, events, manifest, restart=restart)
    outcome = _Outcome(batches=batches, sent=sent, known=len(known))
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
        why = spoken(os_words(error) if isinstance(error, OSError) else error.sentence)
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
    return WAITS if partial and outcome.withheld < outcome.count else REFUSED


def _read(files: Sequence[Path], sender: Sender) -> list[Batch]:
    with advancing(say("检查", "checking"), total=None) as report:
        try:
            batches = [read_file(file, sender, report=report) for file in files]
        except OSError as error:
            complain(
                say(
                    f"读不了 {error.filename}：{spoken(os_words(error))}",
                    f"cannot read {error.filename}: {spoken(os_words(error))}",
                )
            )
            raise typer.Exit(REFUSED) from error
    mark_repeated(batches)
    return batches


def _tell(outcome: _Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "sent": outcome.sent.now,
                "sent_before": outcome.sent.before,
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
        found = [fault for fault in faults if fault.place.file == file]
        print_rows(f"{file} {title}", _COLUMNS, list(_shortened(found)), as_json=False)


def _shortened(faults: Sequence[Fault]) -> Iterator[dict[str, Any]]:
    """The rows of ``faults``; of a kind (a code in a column) the first, and how many more."""
    counts = Counter(map(_kind, faults))
    shown: Counter[_Kind] = Counter()
    for fault in faults:
        kind = _kind(fault)
        shown[kind] += 1
        if shown[kind] <= KEPT:
            yield _row(fault)
        elif shown[kind] == counts[kind]:
            more = counts[kind] - KEPT
            yield _row(fault) | {
                "row": "……",
                "value": None,
                "sentence": say(f"另有 {more:,} 处同样的问题", f"{more:,} more of the same"),
            }


def _kind(fault: Fault) -> _Kind:
    return fault.place.sheet, fault.place.column, fault.problem.code


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
    sent = outcome.sent.now
    note(say(f"已发布 {sent} 个事件{known}", f"published {sent} events{known}"))
    if outcome.faults:
        complain(
            say(
                f"有 {len(outcome.faults)} 处错误，{outcome.withheld} 个事件没有发送；"
                "改正后用同一文件再发布，已受理的不会重复。",
                f"{len(outcome.faults)} errors, {outcome.withheld} events were not sent; correct"
                " the file and publish it again, what was accepted is not doubled.",
            )
        )
