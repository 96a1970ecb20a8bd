"""``hanyin alarms``: what somebody has to see to, since when, what to do; and that it is done."""

from typing import Annotated, Any

import typer

from commands.failures import AWAY, REFUSED
from commands.language import say
from commands.output import Column, JsonOption, complain, note, print_rows, report
from commands.person import named
from commands.session import Session, open_session, told
from ledger import alarms as rows_of
from ledger import trail
from ledger.alarms import RaisedAlarm
from schemas.alarms import alarm_kind
from workers.alarms import Standing, Trouble, troubles
from workers.clock import local, now

_COLUMNS: list[Column] = [
    ("id", "编号", "id"),
    ("since", "始于", "since"),
    ("what", "报警", "alarm"),
    ("about", "关于", "about"),
    ("times", "次数", "times"),
    ("advice", "怎么办", "what to do"),
]
_DONE_COLUMNS: list[Column] = [
    *_COLUMNS[:4],
    ("done_at", "解除于", "ended"),
    ("done_by", "由", "by"),
]


def alarms(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="只列这种报警 / of this kind alone")] = None,
    done_too: Annotated[
        bool, typer.Option("--done", help="已解除的，最近的在前 / those that are over")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="最多几条 / at most")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """报警：是什么、始于何时、怎么办 / Alarms that are open: what, since when, what to do."""
    if context.invoked_subcommand is None:
        _list(kind, limit, done_too=done_too, as_json=as_json)


@told
def _list(kind: str | None, limit: int | None, *, done_too: bool, as_json: bool) -> None:
    session = open_session()
    if done_too:
        with session.ledger() as database, database.reading() as connection:
            ended = rows_of.finished(connection)
        rows = [_ended_row(each) for each in ended if kind in {None, each.kind}]
        columns, title = _DONE_COLUMNS, say("已解除的报警", "Alarms that are over")
    else:
        rows = [_row(each) for each in _open(session) if kind in {None, each.raised[0].kind}]
        columns, title = _COLUMNS, say("报警", "Alarms")
    rows = rows[:limit]
    shown = rows if as_json else [_in_short(row) for row in rows]
    print_rows(title, columns, shown, as_json=as_json)


@told
def done(
    by: Annotated[str, typer.Option("--by", help="办理人 / who saw to it")],
    ids: Annotated[list[int] | None, typer.Argument(help="编号 / ids", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="全部 / all of them")] = False,
    kind: Annotated[str | None, typer.Option(help="这种报警 / those of this kind")] = None,
    as_json: JsonOption = False,
) -> None:
    """标记为已办；仍未解除的会再次出现 / Mark as done; what is still true comes back."""
    session = open_session()
    who = named(by, "--by")
    found = _chosen(_open(session), ids or [], every=every, kind=kind)
    at = now()
    with session.ledger() as database, database.writing() as connection:
        for each in found:
            rows_of.close(connection, each.seqs, at=at, by=who)
            trail.note(
                connection,
                at=at,
                actor="operator",
                action="alarm_done",
                subject=each.raised[0].subject,
                details={"alarm": each.raised[0].kind, "id": each.id},
            )
    report(
        [{"id": each.id, "true": each.standing is Standing.TRUE} for each in found],
        say(f"已标记 {len(found)} 项", f"{len(found)} marked as done"),
        as_json=as_json,
    )
    true = [str(each.id) for each in found if each.standing is Standing.TRUE]
    if true:
        note(
            say(
                f"{'、'.join(true)} 尚未解除，hanyin work 将再次报警",
                f"{', '.join(true)} is still true: `hanyin work` raises it again",
            )
        )


@told
def trial(as_json: JsonOption = False) -> None:
    """向 HANYIN_ALARM_URL 发送一次试验 / Send a trial to HANYIN_ALARM_URL."""
    from workers.webhook import Webhook  # noqa: PLC0415 -- for this command alone

    settings = open_session().settings
    hook = Webhook.of(settings)
    if hook is None:
        complain(say("没有设置 HANYIN_ALARM_URL。", "HANYIN_ALARM_URL is not set."))
        raise typer.Exit(REFUSED)
    refusal = hook.post([], now())
    if refusal is not None:
        complain(
            say(
                f"HANYIN_ALARM_URL 没有接收：{refusal}",
                f"HANYIN_ALARM_URL did not take it: {refusal}",
            )
        )
        raise typer.Exit(AWAY)
    report([{"taken": True}], say("已接收", "it was taken"), as_json=as_json)


def _open(session: Session) -> list[Trouble]:
    from workers.assembly import build_watch  # noqa: PLC0415 -- loads the broker's adapters

    watch = build_watch(session.settings, session.directory)
    with session.ledger() as database, database.reading() as connection:
        return troubles(connection, watch, now())


def _chosen(
    found: list[Trouble], ids: list[int], *, every: bool, kind: str | None
) -> list[Trouble]:
    """The troubles that are named; the command ends where an id is none of them."""
    if bool(ids) == (every or kind is not None):
        complain(
            say("请写明编号，或用 --all、--kind 选择。", "Name ids, or choose by --all or --kind.")
        )
        raise typer.Exit(REFUSED)
    if not ids:
        return [each for each in found if kind in {None, each.raised[0].kind}]
    by_id = {seq: each for each in found for seq in each.seqs}
    unknown = [name for name in ids if name not in by_id]
    if unknown:
        names = ", ".join(map(str, unknown))
        complain(
            say(
                f"没有编号为 {names} 的报警；未作改动。",
                f"There is no open alarm {names}; nothing was changed.",
            )
        )
        raise typer.Exit(REFUSED)
    return list({by_id[name].id: by_id[name] for name in ids}.values())


def _row(each: Trouble) -> dict[str, Any]:
    first, last = each.raised[0], each.raised[-1]
    known = {Standing.TRUE: True, Standing.UNKNOWN: None}
    return {
        **_facts(first),
        "times": len(each.raised),
        "last_at": last.at,
        "still_true": known[each.standing],
    }


def _ended_row(each: RaisedAlarm) -> dict[str, Any]:
    return {**_facts(each), "done_at": each.done_at, "done_by": each.done_by}


def _facts(each: RaisedAlarm) -> dict[str, Any]:
    kind = alarm_kind(each.kind)
    return {
        "id": each.seq,
        "alarm": each.kind,
        "since": each.at,
        "agency": each.agency,
        "about": each.number or each.subject,
        "subject": each.subject,
        "details": dict(each.details),
        "what": say(kind.zh, kind.en),
        "advice": say(kind.advice, kind.advice_en),
    }


def _in_short(row: dict[str, Any]) -> dict[str, Any]:
    """The row for a table: times to the minute, on the agencies' clocks."""
    times = {
        name: local(row[name]).strftime("%Y-%m-%d %H:%M")
        for name in ("since", "done_at")
        if row.get(name) is not None
    }
    ended = {"done_by": row["done_by"] or say("自行解除", "by itself")} if "done_by" in row else {}
    return row | times | ended
