"""``hanyin case``: one case as it stands."""

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cases.stops import measures
from commands.completion import complete_case
from commands.documents import as_row, did_you_mean
from commands.failures import REFUSED
from commands.language import say
from commands.output import Column, complain, print_json, print_rows
from commands.session import open_session, told
from commands.words import in_words
from ledger import attachments, cases, documents, lookup


@told
def show(
    case_no: Annotated[
        str, typer.Argument(help="案号 / case number", autocompletion=complete_case)
    ],
    agency: Annotated[str | None, typer.Option(help="经办机构代码 / agency code")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """一个案件：金额、还款、文书 / One case: money, repayments, documents."""
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        case_no = next(iter(lookup.meant_cases(connection, case_no)), case_no)
        found = cases.find(connection, case_no, agency)
        near = [] if found else lookup.near_cases(connection, case_no)
        rows = documents.listing(connection, case_no=case_no, agency=agency)
        attached = attachments.of_documents(connection, [row["document_id"] for row in rows])
        views = [documents.of_case(connection, case.agency, case.case_no) for case in found]
    if not found:
        sentence = say(f"没有案件 {case_no}。", f"There is no case {case_no}.")
        complain(sentence + did_you_mean(near), code="not_found")
        raise typer.Exit(REFUSED)
    summaries: list[dict[str, Any]] = [
        {
            "case_no": case.case_no,
            "agency": case.agency,
            "state": case.state,
            "overpaid": f"{case.overpaid:.2f}",
            "recovered": f"{case.recovered:.2f}",
            "outstanding": f"{case.outstanding:.2f}",
            "measures": list(measures(view)),
            "documents": [
                as_row(row, attached.get(row["document_id"], ()))
                for row in rows
                if row["agency"] == case.agency
            ],
        }
        for case, view in zip(found, views, strict=True)
    ]
    if as_json:
        print_json(summaries)
        return
    if sys.stdout.isatty():
        _print_tables(summaries)
    else:
        _print_lines(summaries)


_MONEY: list[Column] = [
    ("case_no", "案号", "case"),
    ("state", "状态", "state"),
    ("overpaid", "多领", "overpaid"),
    ("recovered", "已追回", "recovered"),
    ("outstanding", "未还", "outstanding"),
]
_LETTERS: list[Column] = [
    ("number", "文号", "number"),
    ("kind", "文种", "kind"),
    ("state", "状态", "state"),
]


def _print_tables(summaries: Sequence[Mapping[str, Any]]) -> None:
    print_rows(say("案件", "Case"), _MONEY, summaries, as_json=False)
    for summary in summaries:
        print_rows(say("文书", "Documents"), _LETTERS, summary["documents"], as_json=False)


def _print_lines(summaries: Sequence[Mapping[str, Any]]) -> None:
    """One line a document with its case before it; a case without any has one line."""
    columns = [*_MONEY, *((f"letter_{name}", zh, en) for name, zh, en in _LETTERS)]
    lines = (
        {**summary, **{f"letter_{name}": value for name, value in in_words(document).items()}}
        for summary in summaries
        for document in summary["documents"] or [{}]
    )
    print_rows("", columns, lines, as_json=False)
