"""``hanyin doctor``: is everything there that the work needs, and what to do where it is not."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.failures import REFUSED
from commands.language import say, spoken
from commands.output import Column, print_rows
from commands.session import Session, open_session, told
from ledger import documents
from rendering.doctor import check_rendering
from schemas.configuration import Source
from schemas.errors import HanyinError, Misconfigured
from schemas.file_faults import os_words
from workers import bootstrap
from workers.clock import now
from workers.home import is_installation, keep_temporary_files
from workers.private import open_to_others

if TYPE_CHECKING:
    from templates.library import Library
    from workers.agency_check import Finding

_COLUMNS: list[Column] = [
    ("name", "检查项", "check"),
    ("ok", "结果", "result"),
    ("detail", "情况", "found"),
    ("advice", "怎么办", "what to do"),
]
#: a clock before this release was made is wrong
_NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
#: bytes; a month of a county's letters is some hundred megabytes
_LEAST_FREE = 1024**3
#: files that are named in one row
_SHOWN = 5


@told
def doctor(as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> None:
    """检查运行环境和各经办机构的设置 / Check what the work needs, and each agency's settings."""
    session = open_session()
    home = session.settings.home
    rows = [_home(home)]
    with _tried_in(session) as tried:
        keep_temporary_files(tried.settings.home)
        rows += [
            *_rendering(tried),
            *_templates(tried),
            *_servers(tried),
            *_agencies(tried),
            *_banks(tried),
            *_sources(tried),
            *_webhook(tried),
            _clock(),
            _disk(tried),
            _private(tried),
        ]
    shown = rows if as_json else [row | {"ok": "✓" if row["ok"] else "✗"} for row in rows]
    print_rows(say("体检", "Doctor"), _COLUMNS, shown, as_json=as_json)
    if not all(row["ok"] for row in rows):
        raise typer.Exit(REFUSED)


@contextmanager
def _tried_in(session: Session) -> Iterator[Session]:
    """The session, in a folder that is gone afterwards where nobody has begun to work in its home.

    It lies where the home would, so that what is wrong with that place is found. Raises
    ``Misconfigured``.
    """
    home = session.settings.home
    if is_installation(home):
        yield session
        return
    above = next(folder for folder in home.resolve().parents if folder.is_dir())
    try:
        folder = TemporaryDirectory(dir=above, prefix=".hanyin-doctor-")
    except OSError as error:
        why = os_words(error)
        raise Misconfigured(
            f"HANYIN_HOME {home} 无法建立（{why.zh}）；请指定本用户可以建立和写入的文件夹",
            f"HANYIN_HOME {home} cannot be made ({why.en}); name a folder that this user may make"
            " and write into",
        ) from error
    with folder as name:
        settings = session.settings.model_copy(update={"home": Path(name)})
        yield replace(session, settings=settings)


def _home(home: Path) -> dict[str, Any]:
    """Which folder this is about; none is made for a look."""
    new = say(
        "还没有安装，由 hanyin publish 或 hanyin work 新建",
        "no installation yet; `hanyin publish` or `hanyin work` makes it",
    )
    found = str(home.resolve()) if is_installation(home) else f"{home.resolve()} ({new})"
    return {"name": "HANYIN_HOME", "ok": True, "detail": found, "advice": None}


def _rendering(session: Session) -> list[dict[str, Any]]:
    found = check_rendering(
        office_python=session.settings.office_python,
        office_program=session.settings.office_program,
    )
    return [
        {
            "name": say(row.name, row.name_en),
            "ok": row.ok,
            "detail": say(row.detail, row.detail_en),
            "advice": None if row.ok else say(row.advice, row.advice_en),
        }
        for row in found
    ]


def _templates(session: Session) -> list[dict[str, Any]]:
    """The installation's own templates; nothing where it has none."""
    from templates.library import Library  # noqa: PLC0415 -- for those who have any
    from workers.template_check import check_templates  # noqa: PLC0415 -- as above

    if session.settings.templates_dir is None:
        return []
    title = say("本地模板", "own templates")
    try:
        library = Library(session.settings.templates_dir)
        found = check_templates(library, session.directory)
    except HanyinError as error:
        return [{"name": title, "ok": False, "detail": spoken(error.sentence), "advice": _advice()}]
    if not found:
        sound = {"name": title, "ok": True, "detail": str(len(library.own)), "advice": None}
        return [sound, *_by_office(library, session)]
    advice = say(
        "改正后运行 hanyin templates lint，再重新启动 hanyin work",
        "correct it, run `hanyin templates lint`, start `hanyin work` anew",
    )
    return [
        {
            "name": f"{title} {fault.name}",
            "ok": False,
            "detail": say(fault.detail, fault.detail_en),
            "advice": advice,
        }
        for fault in found
    ]


def _by_office(library: "Library", session: Session) -> list[dict[str, Any]]:
    """Own templates that LibreOffice converts, which then has to be there."""
    from rendering.office import find_program  # noqa: PLC0415 -- for those who have any
    from rendering.typst.compiler import unknown_in  # noqa: PLC0415 -- as above

    named = [own.name for own in library.own if unknown_in(own.loaded.docx)]
    if not named:
        return []
    row = {"name": say("由 LibreOffice 转换的模板", "templates that go by LibreOffice")}
    try:
        find_program(session.settings.office_program)
    except HanyinError as error:
        return [{**row, "ok": False, "detail": ", ".join(named), "advice": spoken(error.sentence)}]
    return [{**row, "ok": True, "detail": ", ".join(named), "advice": None}]


def _servers(session: Session) -> list[dict[str, Any]]:
    settings = session.settings
    return [
        _tried(say("账本", "ledger"), lambda: bootstrap.prepare_ledger(settings)),
        _tried(say("消息代理", "broker"), lambda: _broker(session)),
        _tried(say("存储", "store"), lambda: bootstrap.try_store(settings)),
    ]


def _broker(session: Session) -> str:
    """What is to be said of a broker that has every queue; raises where it lacks one."""
    bootstrap.demand_queues(session.settings, session.directory)
    version = bootstrap.counts_are_open(session.settings)
    if version is None:
        return ""
    return say(
        f"RabbitMQ {version}：4.2.6 之前，任何用户都能数出任何队列有几条消息；需要保密时请升级",
        f"RabbitMQ {version}: before 4.2.6 any user may count any queue's messages; upgrade it"
        " where banks must not",
    )


def _agencies(session: Session) -> list[dict[str, Any]]:
    """A row for each agency that is right, and one for each thing that is wrong with another."""
    # a second to load, for this command only
    from workers.agency_check import check_agency  # noqa: PLC0415
    from workers.sealing import SealRoom  # noqa: PLC0415

    seals = SealRoom(session.settings, session.directory)
    rows = []
    for agency in session.directory.agencies:
        name = say(f"经办机构 {agency.code}", f"agency {agency.code}")
        found = check_agency(agency, session.directory, seals, clock=now)
        rows += [_found(name, finding) for finding in found]
        if not found:
            rows.append({"name": name, "ok": True, "detail": agency.name, "advice": None})
    return rows


def _banks(session: Session) -> list[dict[str, Any]]:
    """Banks that letters went to and nobody is; nothing where the ledger is away: told above."""
    from workers.agency_check import unmatched  # noqa: PLC0415 -- as above

    try:
        with session.ledger() as database, database.reading() as connection:
            codes = documents.bank_codes(connection)
    except HanyinError:
        return []
    return [
        _found(say("银行", "banks"), finding) for finding in unmatched(session.directory, codes)
    ]


def _sources(session: Session) -> list[dict[str, Any]]:
    """Who may speak for a source on RabbitMQ; the embedded broker knows nobody."""
    if session.settings.broker.startswith("embedded:"):
        return []
    unguarded = session.directory.unguarded()
    return [
        {
            "name": say(f"来源 {source.slug}", f"source {source.slug}"),
            "ok": source not in unguarded,
            "detail": _spoken_for_by(source),
            "advice": say(
                "写明 user（它的 RabbitMQ 用户）；任何用户都可以的，写 anonymous = true",
                "set user to its RabbitMQ user, or anonymous = true where anybody may",
            )
            if source in unguarded
            else None,
        }
        for source in session.directory.sources
    ]


def _webhook(session: Session) -> list[dict[str, Any]]:
    """Whether alarms could be posted; nothing is (`hanyin alarms test` does)."""
    from workers.webhook import Webhook  # noqa: PLC0415 -- as above

    if session.settings.alarm_url is None:
        return []
    return [_tried(say("报警推送", "webhook"), lambda: Webhook.of(session.settings) and None)]


def _spoken_for_by(source: Source) -> str:
    anybody = say("任何 RabbitMQ 用户都可以替它说话", "any RabbitMQ user may speak for it")
    return f"{source.source}: {source.user or anybody}"


def _found(name: str, finding: "Finding") -> dict[str, Any]:
    return {
        "name": name,
        "ok": False,
        "detail": f"{finding.setting}: {say(finding.detail, finding.detail_en)}",
        "advice": say(finding.advice, finding.advice_en),
    }


def _tried(name: str, attempt: Callable[[], object]) -> dict[str, Any]:
    try:
        found = attempt()
    except HanyinError as error:
        return {
            "name": name,
            "ok": False,
            "detail": say(error.sentence.zh, error.sentence.en),
            "advice": _advice(),
        }
    return {"name": name, "ok": True, "detail": str(found or ""), "advice": None}


def _advice() -> str:
    return say("改正所说的设置，或启动所说的服务", "mend the setting or start the server it names")


def _clock() -> dict[str, Any]:
    moment = datetime.now(UTC)
    return {
        "name": say("时钟", "clock"),
        "ok": moment >= _NOT_BEFORE,
        "detail": moment.isoformat(timespec="seconds"),
        "advice": None
        if moment >= _NOT_BEFORE
        else say("校准系统时间（NTP）", "set the machine's time (NTP)"),
    }


def _private(session: Session) -> dict[str, Any]:
    """Keys, pass phrases and the home, which nobody else may read."""
    found = open_to_others(session.settings, session.directory)
    shown = "、".join(map(str, found[:_SHOWN]))
    detail = say(f"{len(found)} 个：{shown}", f"{len(found)}: {shown}")
    return {
        "name": say("他人可读的文件", "files open to others"),
        "ok": not found,
        "detail": detail if found else say("无", "none"),
        "advice": say("chmod go= 这些文件", "chmod go= on these files") if found else None,
    }


def _disk(session: Session) -> dict[str, Any]:
    place = session.settings.home if session.settings.home.exists() else "."
    free = shutil.disk_usage(place).free
    return {
        "name": say("磁盘", "disk"),
        "ok": free >= _LEAST_FREE,
        "detail": f"{free // 1024**2} MiB",
        "advice": None if free >= _LEAST_FREE else say("腾出磁盘空间", "make room on the disk"),
    }
