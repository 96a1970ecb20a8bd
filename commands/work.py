"""``hanyin work``: the workers."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from cases.states import EventState
from commands.failures import WAITS
from commands.language import say
from commands.output import Column, complain, note, print_rows
from commands.session import Session, open_session, told
from ledger import documents, done, inbox, outbox, seal_waits
from ledger.done import Mark
from schemas.documents import DocumentState
from schemas.errors import Misconfigured
from workers import bootstrap
from workers.home import keep_temporary_files
from workers.work import STAGES, Progress
from workers.work import work as run

_WAITING: list[Column] = [
    ("what", "事项", "what"),
    ("name", "编号", "name"),
    ("reason", "原因", "reason"),
]


@told
def work(
    only: Annotated[
        str | None, typer.Option(help="receive,apply,produce,relay,reconcile 中的几个 / a few of")
    ] = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="没有可做的事时结束 / end when nothing is left to do")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """运行各工作进程 / Run the workers: receive, apply, produce, relay, reconcile."""
    session = open_session()
    session.tell_new_home()
    keep_temporary_files(session.settings.home)
    stages = _stages(only)
    before = _mark(session)
    if drain and Console(stderr=True).is_terminal:
        _with_bar(session, stages)
    else:
        run(session.settings, session.directory, only=stages, drain=drain)
    if drain:
        _tell_end(session, before, as_json=as_json)


def _mark(session: Session) -> Mark:
    if not bootstrap.has_ledger(session.settings):
        return done.NOTHING_YET
    with session.ledger() as database, database.reading() as connection:
        return done.mark(connection)


def waiting(session: Session) -> list[dict[str, Any]]:
    """What waits for somebody.

    Approvals, failures, agencies that cannot seal, parked events, messages that nobody takes.
    """
    with session.ledger() as database, database.reading() as connection:
        unsigned = documents.listing(connection, states=[DocumentState.AWAITING_APPROVAL])
        failed = documents.listing(connection, states=[DocumentState.FAILED])
        unsealed = seal_waits.waiting_for_seal(connection)
        parked = inbox.listing(connection, [EventState.PARKED])
        stuck = outbox.stuck(connection)
    return [
        *(
            {
                "what": say("文书待签发", "document waits for approval"),
                "name": row["number"],
                "reason": row["case_no"],
            }
            for row in unsigned
        ),
        *(
            {
                "what": say("文书失败", "document failed"),
                "name": row["number"],
                "reason": (row["error"] or {}).get(say("message", "message_en"), ""),
            }
            for row in failed
        ),
        *(
            {
                "what": say(
                    f"{row.documents} 件文书等待用印", f"{row.documents} letters wait to be sealed"
                ),
                "name": row.agency,
                "reason": row.error[say("message", "message_en")],
            }
            for row in unsealed
        ),
        *(
            {
                "what": say("事件等待立案", "event waits for its case"),
                "name": row["event_id"],
                "reason": row["case_no"],
            }
            for row in parked
        ),
        *(
            {
                "what": say("消息无人接收", "message not taken"),
                "name": row["message_id"],
                "reason": f"{row['exchange']} {row['routing_key']}: {row['error']}",
            }
            for row in stuck
        ),
    ]


def _tell_end(session: Session, before: Mark, *, as_json: bool) -> None:
    """What waits is listed, and the last line says what was done, was rejected, and waits."""
    rows = waiting(session)
    if rows or as_json:
        print_rows(say("等待处理", "Waiting for somebody"), _WAITING, rows, as_json=as_json)
    with session.ledger() as database, database.reading() as connection:
        what = done.since(connection, before)
    above = say("（见上表）", " (listed above)") if rows and not as_json else ""
    tell = complain if rows else note
    tell(
        say(
            f"办理事件 {what.applied} 个，归档文书 {what.archived} 份，"
            f"送出银行函件 {what.sent} 份；"
            f"拒绝事件 {what.rejected} 个；等待处理 {len(rows)} 项{above}",
            f"done: {what.applied} events, {what.archived} documents archived, {what.sent} letters"
            f" sent to banks; rejected: {what.rejected} events; waiting for somebody:"
            f" {len(rows)}{above}",
        )
    )
    if rows:
        raise typer.Exit(WAITS)


def _stages(only: str | None) -> list[str]:
    if only is None:
        return list(STAGES)
    stages = [name.strip() for name in only.split(",") if name.strip()]
    unknown = sorted(set(stages) - set(STAGES))
    if unknown or not stages:
        raise Misconfigured(
            f"--only {only}：可用的有 {', '.join(STAGES)}",
            f"--only {only}: the stages are {', '.join(STAGES)}",
        )
    return stages


def _with_bar(session: Session, stages: list[str]) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("启动", "starting"), total=None)

        def report(progress: Progress) -> None:
            text = say(
                f"待处理：事件 {progress.events}，文书 {progress.documents}，"
                f"消息 {progress.messages}",
                f"left: {progress.events} events, {progress.documents} documents,"
                f" {progress.messages} messages",
            )
            bar.update(task, description=text)

        run(session.settings, session.directory, only=stages, drain=True, report=report)
