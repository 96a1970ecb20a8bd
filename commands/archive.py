"""``hanyin archive``: prove the store's lock, read what is stored again, raise seals."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.fixity import Expectation, FixityFinding, FixityState, check_fixity
from archive.probe import ProbeAct, ProbeReport, probe_lock
from commands.failures import REFUSED, WAITS
from commands.gaps import demand_no_gaps
from commands.language import say
from commands.output import Column, note, print_json, print_rows, watched
from commands.session import Session, open_session, told
from commands.stocktaking import AlarmOption
from ledger import attachments, documents, renditions, trail
from schemas.configuration import Directory
from schemas.documents import StoredObject
from schemas.levels import SealLevel
from schemas.sentence import Sentence
from workers import bootstrap
from workers.clock import now
from workers.comparing import differing

if TYPE_CHECKING:
    from workers.raising import RaiseOutcome

_PROBE_COLUMNS: list[Column] = [
    ("act_name", "尝试", "tried"),
    ("held", "如锁应然", "as a lock must"),
    ("answer", "存储的回答", "the store's answer"),
]
_RAISE_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("state_name", "结果", "result"),
    ("before", "原级别", "was"),
    ("level", "现级别", "is"),
    ("problem", "问题", "problem"),
]
_FIXITY_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("attachment", "附件", "attachment"),
    ("state", "状态", "state"),
    ("differs_in", "不符之处", "differs in"),
    ("storage_key", "对象键", "key"),
    ("version_id", "版本", "version"),
]
#: what of an object is otherwise than the ledger says
_DIFFERS = {
    "key": ("对象键", "key"),
    "number": ("文号", "number"),
    "kind": ("文种", "kind"),
    "agency": ("机构", "agency"),
    "digest": ("签名摘要", "signed digest"),
}


@told
def probe(
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """用一分钟的锁在真实存储上验证不可删除 / Prove the lock on the real store, for a minute.

    退出码：0 锁有效；1 无效，或没有锁
    / Exit 0 where the lock held, 1 where it did not or there is none.
    """
    session = open_session()
    with closing(bootstrap.open_store(session.settings)) as archive:
        report = probe_lock(archive)
    if as_json:
        print_json([_finding_row(report)])
    else:
        _show_probe(report)
    if not report.proved:
        raise typer.Exit(REFUSED)


@told
def fixity(
    agency: Annotated[str | None, typer.Option(help="经办机构代码 / agency code")] = None,
    year: Annotated[int | None, typer.Option(help="年份 / year")] = None,
    limit: Annotated[int | None, typer.Option(help="最多件数 / at most")] = None,
    alarm: AlarmOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """重新读取已归档文书并核对摘要与印章 / Read what is archived again; compare digests and seals.

    印章中的文号、机构、文种须与登记相符。退出码：0 全部完好；1 有改动、缺失或属别件的
    / A letter's seal must name the number, agency and kind on record. Exit 0 where every object is
    intact, 1 where one is altered, missing or another's.
    """
    session = open_session()
    rows = _archived_rows(session, agency, year, limit)
    expected = [_expected(row, session.directory) for row in rows]
    with closing(bootstrap.open_store(session.settings)) as archive:
        findings = list(
            watched(check_fixity(archive, expected), len(expected), say("核对", "reading"))
        )
    shown = [_fixity_row(row, found) for row, found in zip(rows, findings, strict=True)]
    bad = [row for row in shown if row["state"] != FixityState.INTACT]
    if as_json:
        print_json(shown)
    elif bad:
        worded = [row | {"differs_in": _differs_in(row)} for row in bad]
        print_rows(
            say("不完好的对象", "Objects not intact"), _FIXITY_COLUMNS, worded, as_json=False
        )
    note(
        say(
            f"核对 {len(shown)} 件，不完好 {len(bad)} 件",
            f"{len(shown)} objects read, {len(bad)} not intact",
        )
    )
    if alarm:
        _alarm(session, bad)
    if limit is None:
        demand_no_gaps(session, agency=agency, year=year)
    if bad:
        raise typer.Exit(REFUSED)


def _alarm(session: Session, bad: Sequence[Mapping[str, Any]]) -> None:
    """Each object that is not intact has an alarm."""
    with session.ledger() as database, database.writing() as connection:
        for row in bad:
            trail.note(
                connection,
                at=now(),
                actor="fixity",
                action="object_not_intact",
                subject=row["document_id"],
                details={"what": str(row["state"]), "storage_key": row["storage_key"]},
                alarm=True,
            )


@told
def raise_(
    agency: Annotated[str | None, typer.Option(help="经办机构代码 / agency code")] = None,
    year: Annotated[int | None, typer.Option(help="年份 / year")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="最多件数 / at most")] = None,
    to: Annotated[
        SealLevel | None, typer.Option(help="至少升到此级别 / at least to this level")
    ] = None,
    renew_days: Annotated[
        int,
        typer.Option(
            min=0,
            help="归档时间戳在此天数内到期的续期 / renew stamps that end within so many days",
        ),
    ] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """补足或续加时间戳与验证数据 / Add the time stamps and validation data that seals lack.

    已用印的字节不变，补的放在旁边；随时可以再次运行。退出码：0 全部完成；3 有的还没有达到级别
    / The sealed bytes stay; what is made lies beside them; to be run again at any time. Exit 0
    where all is done, 3 where a document has still not its level.
    """
    session = open_session()
    session.require_installation()
    bootstrap.prepare_ledger(session.settings)
    with closing(bootstrap.build_raise(session.settings, session.directory)) as raising:
        waiting = raising.waiting(
            renew_days=renew_days,
            at_least=to or SealLevel.B_B,
            agency=agency,
            year=year,
            limit=limit,
        )
        done = list(watched(map(raising.one, waiting), len(waiting), say("升级", "raising")))
    _show_raised(done, as_json=as_json)
    if any(outcome.problem for outcome in done):
        raise typer.Exit(WAITS)


def _show_raised(done: Sequence["RaiseOutcome"], *, as_json: bool) -> None:
    rows = [asdict(outcome) | {"problem": _said(outcome.problem)} for outcome in done]
    names = {
        "raised": say("已升级", "raised"),
        "renewed": say("已续期", "renewed"),
        "stored": say("已存入", "stored"),
        "taken": say("已由他处完成", "done elsewhere"),
        "failed": say("未完成", "not done"),
    }
    if as_json:
        print_json(rows)
        return
    if rows:
        shown = [row | {"state_name": names[row["state"]]} for row in rows]
        print_rows(say("升级", "Raised"), _RAISE_COLUMNS, shown, as_json=False)
    note(say(f"处理 {len(rows)} 件", f"{len(rows)} documents"))


def _said(problem: Sentence | None) -> str | None:
    return say(problem.zh, problem.en) if problem else None


def _show_probe(report: ProbeReport) -> None:
    names = {
        ProbeAct.DELETE_UNLOCKED: say("删除未锁定的版本", "delete an unlocked version"),
        ProbeAct.DELETE_VERSION: say("删除锁定的版本", "delete the locked version"),
        ProbeAct.SHORTEN_LOCK: say("缩短锁定期", "shorten the lock"),
        ProbeAct.READ_BACK: say("读回原字节", "read its bytes back"),
    }
    if report.has_lock:
        rows = [
            {
                "act_name": names[found.act],
                "held": "✓" if found.held else "✗",
                "answer": found.answer,
            }
            for found in report.findings
        ]
        title = say(f"对象锁（{report.mode}）", f"Object lock ({report.mode})")
        print_rows(title, _PROBE_COLUMNS, rows, as_json=False)
    note(_probe_verdict(report))


def _probe_verdict(report: ProbeReport) -> str:
    if report.proved:
        return say("锁定有效。", "The lock holds.")
    if report.has_lock and not report.conclusive:
        return say(
            "不能证明：当前访问密钥（HANYIN_STORAGE_ACCESS_KEY）连未锁定的对象也不能删除；"
            "请用有删除权限的密钥再试。",
            "Not proved: the access key (HANYIN_STORAGE_ACCESS_KEY) may not even delete what is not"
            " locked; try again with one that may delete.",
        )
    if report.has_lock:
        return say(
            "锁定无效：存储接受锁定却仍可删除或缩短；请更换存储。",
            "The lock does not hold: the store takes it and deletes or shortens all the same;"
            " use another store.",
        )
    return say(
        "此存储没有对象锁；已归档的文书可以被删除。生产环境请在 HANYIN_STORAGE_URL"
        " 中使用带对象锁的 S3 存储桶。",
        "This store has no object lock; what is archived can be deleted. For production, name an"
        " S3 bucket with object lock in HANYIN_STORAGE_URL.",
    )


def _finding_row(report: ProbeReport) -> dict[str, Any]:
    return {
        "proved": report.proved,
        "has_lock": report.has_lock,
        "mode": report.mode,
        "findings": [
            {"act": found.act, "held": found.held, "answer": found.answer}
            for found in report.findings
        ],
    }


def _archived_rows(
    session: Session, agency: str | None, year: int | None, limit: int | None
) -> list[dict[str, Any]]:
    """What has an object: documents, void ones too (theirs stays), each with what stands with it.

    Its attachments, and the renditions that the archive raised beside it.
    """
    with session.ledger() as database, database.reading() as connection:
        rows = documents.listing(connection, agency=agency, year=year)
        ids = [row["document_id"] for row in rows]
        attached = attachments.of_documents(connection, ids)
        beside = renditions.of_documents(connection, ids)
    found = [
        {**row, "sealed": True, "seq": None, "position": None, **each}
        for row in rows
        for each in (
            {"sha256": row["sealed_sha256"]},
            *({**each, "sealed": False} for each in attached.get(row["document_id"], ())),
            *beside.get(row["document_id"], ()),
        )
    ]
    return [each for each in found if each["storage_key"]][:limit]


def _expected(row: dict[str, Any], directory: Directory) -> Expectation:
    stored = StoredObject(
        key=row["storage_key"],
        version_id=row["version_id"],
        sha256=row["sha256"],
        size=row["size"],
    )
    return Expectation(stored=stored, look=partial(differing, row=row, directory=directory))


def _fixity_row(row: dict[str, Any], found: FixityFinding) -> dict[str, Any]:
    return {
        "number": row["number"],
        "document_id": row["document_id"],
        "attachment": row["position"],
        "state": found.state,
        "storage_key": found.expected.key,
        "version_id": found.expected.version_id,
        "sha256": found.expected.sha256,
        "found_sha256": found.found_sha256,
        "differs": list(found.differs),
    }


def _differs_in(row: dict[str, Any]) -> str | None:
    """What differs, in words; None where nothing does."""
    return say("、", ", ").join(say(*_DIFFERS[each]) for each in row["differs"]) or None
