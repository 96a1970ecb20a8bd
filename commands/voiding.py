"""``hanyin documents void``: 作废, by an operator; the rules of ``document.void`` decide."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cases.states import EventState
from commands.documents import AgencyOption, NumberArgument, find
from commands.failures import REFUSED, WAITS
from commands.language import say
from commands.output import JsonOption, complain, report
from commands.person import approver, line
from commands.session import Session, open_session, told
from schemas.reasons import PublicReason
from workers.clock import now

if TYPE_CHECKING:
    from workers.operating import Answer


@told
def void(
    number: NumberArgument,
    reason: Annotated[str, typer.Option(help="作废原因，不印出 / why; never printed")],
    by: Annotated[str, typer.Option("--by", help="批准人 / who approves")],
    post: Annotated[str, typer.Option("--post", help="批准人职务 / the approver's post")],
    replace: Annotated[
        bool, typer.Option("--replace", help="重新出具一份 / issue a new one in its place")
    ] = False,
    public_reason: Annotated[
        PublicReason | None, typer.Option(help="银行所见的撤回原因 / why, as a bank reads it")
    ] = None,
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """文书作废；银行已有的止付通知另行撤回 / Void a document; a stop letter sent is withdrawn."""
    # the rules of all events, which the other commands for documents do without
    from workers.operating import order  # noqa: PLC0415

    session = open_session()
    row = find(session, number, agency)
    data = {
        "agency": row["agency"],
        "case_no": row["case_no"],
        "document": {"number": row["number"]},
        "reason": line(reason, "--reason"),
        "public_reason": public_reason,
        "approved_by": approver(by, post).model_dump(mode="json"),
        "replace": replace,
    }
    with session.ledger() as database:
        answer = order(
            database, session.directory, session.settings, "document.void", data, clock=now
        )
    _tell(session, row["document_id"], answer, as_json=as_json)


def _tell(session: Session, document_id: str, answer: "Answer", *, as_json: bool) -> None:
    if answer.state is EventState.REJECTED:
        for problem in answer.problems:
            complain(problem[say("message", "message_en")])
        raise typer.Exit(REFUSED)
    row = find(session, document_id)
    if answer.state is not EventState.APPLIED:
        complain(
            say(
                f"已登记，{row['number']} 将由 hanyin work 作废。",
                f"kept; `hanyin work` will void {row['number']}.",
            )
        )
        raise typer.Exit(WAITS)
    report(
        [{"number": row["number"], "state": row["state"], "replaced_by": row["replaced_by"]}],
        _said(row),
        as_json=as_json,
    )


def _said(row: dict[str, Any]) -> str:
    new = row["replaced_by"]
    if new is None:
        return say(f"{row['number']} 已作废。", f"{row['number']} is void.")
    return say(
        f"{row['number']} 已作废，由 {new} 代替。", f"{row['number']} is void; {new} replaces it."
    )
