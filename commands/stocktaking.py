"""``hanyin archive reconcile``: ledger and store side by side, every difference explained."""

from contextlib import closing
from dataclasses import asdict
from typing import Annotated, Any

import typer

from archive.differences import Difference, DifferenceKind
from commands.failures import REFUSED
from commands.gaps import gap_row
from commands.language import say
from commands.output import Column, note, print_json, print_rows
from commands.session import open_session, told
from ledger import trail
from ledger.database import Database
from ledger.lives import Disagreement
from workers import bootstrap
from workers.clock import now
from workers.stocktaking import Stock

_COLUMNS: list[Column] = [
    ("what", "差异", "difference"),
    ("number", "文号", "number"),
    ("key", "对象键", "key"),
    ("version_id", "版本", "version"),
    ("to_do", "怎么办", "what to do"),
]
_LOST_COLUMNS: list[Column] = [
    ("agency", "机构", "agency"),
    ("number", "文号", "number"),
    ("issued_on", "日期", "date"),
    ("key", "对象键", "key"),
]
_GAP_COLUMNS: list[Column] = [
    ("agency", "机构", "agency"),
    ("numbers", "缺号", "missing numbers"),
    ("why", "原因", "why"),
]
_UNEXPLAINED_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("differs_in", "审计日志未说明的", "not explained by the trail"),
    ("document_id", "编号", "id"),
]
#: in what a row is not what the trail says
_DIFFERS = {
    Disagreement.UNKNOWN: ("没有编号记录", "never planned"),
    Disagreement.GONE: ("文书已不在账本", "the document is gone"),
    Disagreement.AGENCY: ("机构", "agency"),
    Disagreement.CASE: ("案号", "case"),
    Disagreement.NUMBER: ("文号", "number"),
    Disagreement.KIND: ("文种", "kind"),
    Disagreement.DATE: ("成文日期", "date"),
    Disagreement.RECIPIENT: ("受文者", "recipient"),
    Disagreement.VOID: ("作废", "void"),
    Disagreement.STATE: ("状态", "state"),
    Disagreement.DIGEST: ("摘要", "digest"),
    Disagreement.SENT: ("发出", "sent"),
    Disagreement.RECEIPTS: ("回执", "receipts"),
}
#: these harm nothing
_HARMLESS = {DifferenceKind.NOT_RECORDED, DifferenceKind.EXTRA_VERSION}
#: kind → what it is and what to do, Chinese and English
_WORDS = {
    DifferenceKind.MISSING: (
        ("对象缺失", "object missing"),
        (
            "从存储的备份恢复该对象，再运行 archive fixity",
            "restore it from the store's backup, then run archive fixity",
        ),
    ),
    DifferenceKind.ALTERED: (
        ("字节不同", "other bytes"),
        (
            "不要使用；查明是谁改的，从备份恢复原字节",
            "do not use it; find out who changed it, restore the bytes from the backup",
        ),
    ),
    DifferenceKind.EXTRA_VERSION: (
        ("多一个相同版本", "the same bytes twice"),
        ("无须处理", "nothing"),
    ),
    DifferenceKind.RETENTION_SHORT: (
        ("保管期限不足", "retention too short"),
        (
            "在存储中把锁定期延长到登记的日期",
            "extend the lock in the store to the date on record",
        ),
    ),
    DifferenceKind.NOT_RECORDED: (
        ("已存未登记", "stored, not on record"),
        ("无须处理：hanyin work 会登记", "nothing: hanyin work records it"),
    ),
    DifferenceKind.UNRECORDED: (
        ("账本未登记的对象", "not in the ledger"),
        (
            "账本可能恢复自较早的备份；核对后保留",
            "the ledger may be from an older backup; look at it and keep it",
        ),
    ),
    DifferenceKind.UNKNOWN_DOCUMENT: (
        ("账本没有的文书", "a document that the ledger does not know"),
        (
            "账本恢复自较早的备份时，用 --skip-lost-numbers，并请业务系统重发其后的事件",
            "after restoring an older ledger: --skip-lost-numbers; let later events come again",
        ),
    ),
    DifferenceKind.FOREIGN: (
        ("不是本程序的对象", "not this program's"),
        ("查明是谁放入的；收紧存储的写权限", "find out who put it there; narrow who may write"),
    ),
}


AlarmOption = Annotated[
    bool, typer.Option("--alarm", help="有问题即报警 / raise an alarm for what is found")
]


@told
def reconcile(
    agency: Annotated[str | None, typer.Option(help="经办机构代码 / agency code")] = None,
    year: Annotated[
        int | None, typer.Option(help="年份，须同时给出机构 / year, with --agency")
    ] = None,
    skip_lost_numbers: Annotated[
        bool,
        typer.Option(
            "--skip-lost-numbers",
            help="只在存储里的文号不再使用 / never draw again what only the store has",
        ),
    ] = False,
    accept_rows: Annotated[
        bool,
        typer.Option(
            "--accept-rows",
            help="查明之后：审计日志未说明的行照现状认可 / once looked into: let the rows stand",
        ),
    ] = False,
    alarm: AlarmOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """核对账本、审计日志与存储，说明每一处差异 / Compare ledger, trail and store.

    退出码：0 没有需要处理的；1 有。恢复账本之后，先用 --skip-lost-numbers 运行，再运行 hanyin work
    / Exit 0 where nothing needs anybody, 1 where something does. After restoring a ledger, run it
    with --skip-lost-numbers before `hanyin work`.
    """
    if year is not None and agency is None:
        raise typer.BadParameter(say("--year 须与 --agency 同用", "--year needs --agency"))
    session = open_session()
    with (
        session.ledger() as database,
        closing(bootstrap.open_store(session.settings)) as store,
    ):
        taking = bootstrap.build_stocktaking(session.settings, session.directory, database, store)
        stock = taking.take(agency=agency, year=year)
        skipped = taking.skip(stock.lost) if skip_lost_numbers else None
        if accept_rows:
            taking.accept(stock.unexplained)
        counts = _troubles(stock)
        if alarm and any(counts.values()):
            _alarm(database, counts)
    _show(stock, skipped, as_json=as_json)
    if any(counts.values()):
        raise typer.Exit(REFUSED)


def _troubles(stock: Stock) -> dict[str, int]:
    """How much of what needs somebody."""
    return {
        "differences": sum(each.kind not in _HARMLESS for each in stock.differences),
        "unexplained": len(stock.unexplained),
        "gaps": sum(not each.explained for each in stock.gaps),
    }


def _alarm(database: Database, counts: dict[str, int]) -> None:
    with database.writing() as connection:
        trail.note(
            connection,
            at=now(),
            actor="reconcile",
            action="archive_differs",
            details=counts,
            alarm=True,
        )


def _show(stock: Stock, skipped: int | None, *, as_json: bool) -> None:
    lost = [asdict(each) | {"number": str(each.number)} for each in stock.lost]
    if as_json:
        found = [asdict(each) for each in stock.differences]
        print_json(
            {
                "differences": found,
                "lost_numbers": lost,
                "skipped": skipped,
                "gaps": [asdict(each) for each in stock.gaps],
                "unexplained": [asdict(each) for each in stock.unexplained],
            }
        )
        return
    if stock.differences:
        rows = [_row(each) for each in stock.differences]
        print_rows(say("差异", "Differences"), _COLUMNS, rows, as_json=False)
    if lost:
        print_rows(
            say("只在存储里的文号", "Numbers only in the store"), _LOST_COLUMNS, lost, as_json=False
        )
    _show_ledger(stock)
    note(_summary(stock, skipped))


def _show_ledger(stock: Stock) -> None:
    """What the ledger alone shows: numbers without a document, rows that the trail contradicts."""
    if stock.gaps:
        rows = [gap_row(each) for each in stock.gaps]
        print_rows(say("缺号", "Missing numbers"), _GAP_COLUMNS, rows, as_json=False)
    if stock.unexplained:
        rows = [
            asdict(each)
            | {"differs_in": say("、", ", ").join(say(*_DIFFERS[name]) for name in each.differs)}
            for each in stock.unexplained
        ]
        title = say("审计日志未说明的文书", "Documents that the trail does not explain")
        print_rows(title, _UNEXPLAINED_COLUMNS, rows, as_json=False)


def _row(difference: Difference) -> dict[str, Any]:
    what, to_do = _WORDS[difference.kind]
    return asdict(difference) | {"what": say(*what), "to_do": say(*to_do)}


def _summary(stock: Stock, skipped: int | None) -> str:
    if stock.agrees:
        return say("账本、审计日志与存储一致。", "Ledger, trail and store agree.")
    count, lost = len(stock.differences), len(stock.lost)
    told = say(f"差异 {count} 处。", f"{count} differences.")
    if stock.gaps or stock.unexplained:
        gaps, rows = len(stock.gaps), len(stock.unexplained)
        told += say(
            f"缺号 {gaps} 处；审计日志未说明的文书 {rows} 件。",
            f" {gaps} gaps in numbers; {rows} documents that the trail does not explain.",
        )
    if skipped is not None:
        return told + say(
            f"{lost} 个文号不再使用，{skipped} 次移动了编号。",
            f" {lost} numbers are not drawn again; series were set forward {skipped} times.",
        )
    if lost:
        return told + say(
            f"其中 {lost} 个文号只在存储里；在 hanyin work 之前用 --skip-lost-numbers。",
            f" {lost} numbers are only in the store: --skip-lost-numbers before hanyin work.",
        )
    return told
