"""``hanyin documents approve``: 签发, documents that wait for an approver are let go."""

from typing import Annotated, Any

import typer

from commands.documents import AgencyOption, NumbersArgument, find
from commands.failures import REFUSED
from commands.language import say
from commands.output import JsonOption, complain, report
from commands.person import approver, name_of
from commands.session import open_session, told
from commands.words import in_words
from ledger.signoff import SignOff
from schemas.documents import DocumentState
from workers.approval import NotWaiting
from workers.approval import approve as let_go
from workers.clock import now


@told
def approve(
    numbers: NumbersArgument,
    by: Annotated[str, typer.Option("--by", help="签发人 / who approves")],
    post: Annotated[str, typer.Option("--post", help="签发人职务 / the approver's post")],
    drafted_by: Annotated[
        str | None,
        typer.Option(help="拟稿人，默认为事件的经办人 / who drafted; default: the handler"),
    ] = None,
    checked_by: Annotated[str | None, typer.Option(help="审核人 / who checked")] = None,
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """签发：待签发的文书交付制作 / Approve: let documents go that wait for it; all or none."""
    session = open_session()
    word = SignOff(
        approved_by=approver(by, post),
        drafted_by=name_of(drafted_by, "--drafted-by"),
        checked_by=name_of(checked_by, "--checked-by"),
    )
    rows = {
        row["document_id"]: row for row in (find(session, number, agency) for number in numbers)
    }
    try:
        with session.ledger() as database:
            let_go(database, list(rows), word, clock=now)
    except NotWaiting as refused:
        complain(_why(find(session, refused.document_id)))
        raise typer.Exit(REFUSED) from None
    report(
        [{"number": row["number"], "document_id": key} for key, row in rows.items()],
        say(f"已签发 {len(rows)} 份文书", f"approved {len(rows)} documents"),
        as_json=as_json,
    )


def _why(row: dict[str, Any]) -> str:
    number = row["number"]
    if row["state"] != DocumentState.VOID and "approved" in (row["signoff"] or {}):
        return say(
            f"{number} 已经签发过了；未作改动。",
            f"{number} has been approved already; nothing was changed.",
        )
    state = in_words(row)["state"]
    return say(
        f"{number} 不在等待签发，状态为{state}；未作改动。",
        f"{number} does not wait for an approver, it is {state}; nothing was changed.",
    )
