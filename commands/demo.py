"""``hanyin demo``: the main job on made-up cases, verified, with a gallery to look at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar

from archive import Archive
from cases.states import EventState
from commands.county import as_bytes, month_of_cases
from commands.documents import as_row
from commands.failures import REFUSED
from commands.gallery import Exhibit, write_gallery
from commands.language import say
from commands.output import Column, JsonOption, complain, print_line, print_rows, progress_bar
from commands.paging import allow_pager
from commands.sending import outgoing
from commands.session import Session, open_session, told
from commands.words import in_words
from ledger import documents, inbox
from schemas.documents import DocumentKind, DocumentState
from schemas.errors import Misconfigured
from schemas.zone import CHINA
from signing.verdict import Verdict
from workers import bootstrap
from workers.home import keep_temporary_files
from workers.logs import set_up_logs
from workers.work import Progress, work

#: made-up cases of the small county's month
_CASES = 40
#: processes that verify at the same time
_VERIFIERS = 2
_STORED = [DocumentState.ARCHIVED, DocumentState.ANNOUNCED]
#: the last of the examples comes after its case has cleared
_AFTERWARDS = "43-"

_COLUMNS: list[Column] = [
    ("kind", "文种", "kind"),
    ("count", "份数", "letters"),
    ("pages", "页数", "pages"),
    ("genuine", "验证为真", "genuine"),
    ("void", "作废", "void"),
]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """The progress bar's one task."""

    bar: Bar
    task: Any

    def say(self, text: str, *, done: int = 0, total: int | None = None) -> None:
        self.bar.update(self.task, description=text, completed=done, total=total)

    def advance(self) -> None:
        self.bar.advance(self.task)


@told
def demo(
    cases: Annotated[
        int, typer.Option(help="虚构案件数 / made-up cases", min=0, max=1000)
    ] = _CASES,
    as_json: JsonOption = False,
) -> None:
    """用虚构案件演示全过程 / Run the main job on made-up cases, embedded, in HANYIN_HOME/demo."""
    session = _demo_session()
    with _desk() as desk:
        _publish(session, _first_events(cases), desk)
        _drain(session, desk)
        _publish(session, _later_events(), desk)
        _drain(session, desk)
        rows = _rows(session)
        verdicts = _verify(session, rows, desk)
        index = _gallery(session, rows, verdicts, desk)
    # a short table, behind which the address comes
    allow_pager(allowed=False)
    print_rows(say("文书", "Letters"), _COLUMNS, _by_kind(rows, verdicts), as_json=as_json)
    if not as_json:
        print_line(say(f"图册：{index.resolve()}", f"gallery: {index.resolve()}"))
    _demand_right(session, rows, verdicts)


def _demand_right(
    session: Session, rows: list[dict[str, Any]], verdicts: dict[str, Verdict]
) -> None:
    """The command ends with 1 where a letter is not finished, or an event was rejected."""
    wrong = [row for row in rows if not _is_right(row, verdicts)]
    with session.ledger() as database, database.reading() as connection:
        rejected = inbox.count(connection, EventState.REJECTED)
    if wrong:
        numbers = "、".join(row["number"] for row in wrong)
        complain(say(f"这些文书未完成或未通过验证：{numbers}", f"not finished: {numbers}"))
    if rejected:
        complain(say(f"{rejected} 个事件被拒绝。", f"{rejected} events were rejected."))
    if wrong or rejected:
        raise typer.Exit(REFUSED)


def _by_kind(rows: list[dict[str, Any]], verdicts: dict[str, Verdict]) -> list[dict[str, Any]]:
    """A line for each kind that has letters, and one for all."""
    kinds = [kind.value for kind in DocumentKind if any(row["kind"] == kind for row in rows)]
    counted = [
        {"kind": kind, **_count([row for row in rows if row["kind"] == kind], verdicts)}
        for kind in kinds
    ]
    return [*counted, {"kind": say("合计", "all"), **_count(rows, verdicts)}]


def _count(rows: list[dict[str, Any]], verdicts: dict[str, Verdict]) -> dict[str, int]:
    found = [verdicts.get(row["document_id"]) for row in rows]
    return {
        "count": len(rows),
        "pages": sum(row["pages"] or 0 for row in rows),
        "genuine": sum(verdict is not None and verdict.genuine for verdict in found),
        "void": sum(row["state"] == DocumentState.VOID for row in rows),
    }


def _demo_session() -> Session:
    """The session, moved into a home of the demo's own and onto the embedded parts."""
    session = open_session()
    settings = session.settings.model_copy(
        update={
            "home": session.settings.home / "demo",
            "broker_url": None,
            "database_url": None,
            "storage_url": None,
            # the progress bar says what goes on; alarms, some of which are invented, are on record
            "log_level": "error",
        }
    )
    if session.settings.directory_file is not None:
        raise Misconfigured(
            "HANYIN_DIRECTORY_FILE 中是真实的经办机构；演示不用它：请取消该设置",
            "HANYIN_DIRECTORY_FILE names real agencies; the demo runs without it: unset it",
        )
    set_up_logs(settings)
    keep_temporary_files(settings.home)
    return Session(settings=settings, directory=session.directory)


@contextmanager
def _desk() -> Iterator[_Desk]:
    with progress_bar() as bar:
        yield _Desk(bar=bar, task=bar.add_task(say("准备", "preparing"), total=None))


def _first_events(cases: int) -> list[bytes]:
    return [*_examples(afterwards=False), *(as_bytes(event) for event in month_of_cases(cases))]


def _later_events() -> list[bytes]:
    return _examples(afterwards=True)


def _examples(*, afterwards: bool) -> list[bytes]:
    folder = resources.files("config.examples")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=_name)
    return [file.read_bytes() for file in files if file.name.startswith(_AFTERWARDS) is afterwards]


def _name(file: Any) -> str:
    return str(file.name)


def _publish(session: Session, events: list[bytes], desk: _Desk) -> None:
    desk.say(say("发布事件", "publishing events"), total=len(events))
    outlet = bootstrap.open_events_outlet(session.settings, session.directory)
    try:
        outlet.publish([outgoing(raw) for raw in events])
    finally:
        outlet.close()


def _drain(session: Session, desk: _Desk) -> None:
    most = [0]

    def report(progress: Progress) -> None:
        left = progress.events + progress.documents + progress.messages
        most[0] = max(most[0], left)
        text = say(
            f"事件 {progress.events} · 文书 {progress.documents} · 消息 {progress.messages}",
            f"events {progress.events} · documents {progress.documents}"
            f" · messages {progress.messages}",
        )
        desk.say(text, done=most[0] - left, total=most[0])

    work(session.settings, session.directory, drain=True, report=report)


def _rows(session: Session) -> list[dict[str, Any]]:
    with session.ledger() as database, database.reading() as connection:
        return [as_row(row) for row in documents.listing(connection)]


def _verify(session: Session, rows: list[dict[str, Any]], desk: _Desk) -> dict[str, Verdict]:
    stored = [row for row in rows if row["state"] in _STORED]
    desk.say(say("验证印章", "verifying seals"), total=len(stored))
    shares = [stored[start::_VERIFIERS] for start in range(_VERIFIERS)]
    with ThreadPoolExecutor(_VERIFIERS) as pool:
        found = pool.map(lambda share: _verify_share(session, share, desk), shares)
    return {document_id: verdict for share in found for document_id, verdict in share.items()}


def _verify_share(session: Session, rows: list[dict[str, Any]], desk: _Desk) -> dict[str, Verdict]:
    """Verdicts by document id; the work is done in a process of its own."""
    archive = bootstrap.open_store(session.settings)
    verdicts = {}
    with bootstrap.open_verifier(session.settings, session.directory, []) as verifier:
        for row in rows:
            verdicts[row["document_id"]] = verifier.verify(_content(archive, row))
            desk.advance()
    archive.close()
    return verdicts


def _gallery(
    session: Session, rows: list[dict[str, Any]], verdicts: dict[str, Verdict], desk: _Desk
) -> Path:
    order = list(DocumentKind)
    stored = sorted(
        (row for row in rows if row["state"] in _STORED),
        key=lambda row: (order.index(row["kind"]), row["issued_on"], row["seq"]),
    )
    desk.say(say("制作图册", "drawing the gallery"), total=len(stored))
    archive = bootstrap.open_store(session.settings)
    exhibits = [
        Exhibit(
            kind=row["kind"],
            kind_in_words=in_words(row)["kind"],
            number=row["number"],
            fields=_fields(row, verdicts.get(row["document_id"])),
            sha256=row["sha256"],
            content=lambda row=row: _content(archive, row),  # type: ignore[misc]
        )
        for row in stored
    ]
    try:
        return write_gallery(session.settings.home / "gallery", exhibits, each=desk.advance)
    finally:
        archive.close()


def _fields(row: dict[str, Any], verdict: Verdict | None) -> dict[str, Any]:
    told = in_words(row)
    return {
        say("文号", "number"): told["number"],
        say("文种", "kind"): told["kind"],
        say("案号", "case"): told["case_no"],
        say("成文日期", "issued on"): told["issued_on"],
        say("状态", "state"): told["state"],
        say("验证", "verified"): _word(verdict),
        say("页数", "pages"): told["pages"],
        say("字节", "bytes"): told["bytes"],
        say("盖章时间", "sealed at"): _local(told["sealed_at"]),
        "SHA-256": told["sha256"],
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _content(archive: Archive, row: dict[str, Any]) -> bytes:
    return archive.get(row["storage_key"], row["version_id"])


def _word(verdict: Verdict | None) -> str | None:
    if verdict is None:
        return None
    return say("真实", "genuine") if verdict.genuine else say("未通过", "NOT genuine")


def _is_right(row: dict[str, Any], verdicts: dict[str, Verdict]) -> bool:
    if row["state"] == DocumentState.VOID:
        return True
    verdict = verdicts.get(row["document_id"])
    genuine = verdict is not None and verdict.genuine and verdict.number == row["number"]
    return row["state"] == DocumentState.ANNOUNCED and genuine
