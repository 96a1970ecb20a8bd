"""``hanyin work``: the workers."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from commands.failures import WAITS
from commands.language import say
from commands.output import Column, complain, print_rows
from commands.session import Session, open_session, told
from ledger import documents, inbox, outbox, seal_waits
from ledger.inbox import InboxState
from schemas.documents import DocumentState
from schemas.errors import Misconfigured
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
    keep_temporary_files(session.settings.home)
    stages = _stages(only)
    if drain and Console(stderr=True).is_terminal:
        _with_bar(session, stages)
    else:
        run(session.settings, session.directory, only=stages, drain=drain)
    if drain:
        _tell_waiting(session, as_json=as_json)


def waiting(session: Session) -> list[dict[str, Any]]:
    """What waits for somebody.

    Approvals, failures, agencies that cannot seal, parked events, messages that nobody takes.
    """
    with session.ledger() as database, database.reading() as connection:
        unsigned = documents.listing(connection, states=[DocumentState.AWAITING_APPROVAL])
        failed = documents.listing(connection, states=[DocumentState.FAILED])
        unsealed = seal_waits.waiting_for_seal(connection)
        parked = inbox.listing(connection, [InboxState.PARKED])
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


def _tell_waiting(session: Session, *, as_json: bool) -> None:
    rows = waiting(session)
    if rows or as_json:
        print_rows(say("等待处理", "Waiting for somebody"), _WAITING, rows, as_json=as_json)
    if rows:
        complain(
            say(
                f"有 {len(rows)} 项等待处理；见 hanyin documents list --state"
                " awaiting_approval 或 failed、hanyin events parked。",
                f"{len(rows)} wait for somebody; see `hanyin documents list --state"
                " awaiting_approval` or `failed`, and `hanyin events parked`.",
            )
        )
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
