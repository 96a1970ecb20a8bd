"""``hanyin documents``: list, show and fetch documents, with what is attached to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from commands.completion import complete_case, complete_document
from commands.failures import REFUSED
from commands.language import say
from commands.output import Column, ColumnsOption, complain, print_json, print_rows
from commands.session import Session, open_session, told
from commands.words import in_words
from ledger import attachments, lookup, renditions
from ledger import documents as rows_of
from ledger.pages import end_reading
from schemas.documents import DocumentState
from schemas.messages import recipient

AgencyOption = Annotated[
    str | None, typer.Option("--agency", help="经办机构代码 / agency code, where several use it")
]

#: what is on record about a document, as a person says it
_LABELS = {
    "number": "文号",
    "series": "字号",
    "year": "年份",
    "seq": "序号",
    "agency": "经办机构",
    "kind": "文种",
    "case_no": "案号",
    "state": "状态",
    "issued_on": "成文日期",
    "document_id": "编号",
    "pages": "页数",
    "storage_key": "对象键",
    "version_id": "版本",
    "sealed_at": "用印时间",
    "replaces": "代替",
    "sha256": "摘要（SHA-256）",
    "bytes": "字节数",
    "recipient": "受文者",
    "problem": "问题",
    "attachments": "附件",
    "caused_by": "起因",
    "about": "关于",
    "replaced_by": "由何文代替",
    "signoff": "签发",
    "void_reason": "作废原因",
    "void_approver": "作废批准人",
    "certificate": "证书",
    "template_sha256": "模板摘要",
    "retain_until": "保管至",
    "sent_at": "发出时间",
    "attempts": "尝试次数",
    "level": "级别",
    "level_wanted": "应有级别",
    "renditions": "升级的版本",
}
NumberArgument = Annotated[
    str, typer.Argument(help="文号或编号 / number or id", autocompletion=complete_document)
]
NumbersArgument = Annotated[
    list[str], typer.Argument(help="文号或编号 / numbers or ids", autocompletion=complete_document)
]
CaseOption = Annotated[
    str | None,
    typer.Option("--case", help="案号 / case number", autocompletion=complete_case),
]

_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("issued_on", "成文日期", "issued on"),
    ("kind", "文种", "kind"),
    ("case_no", "案号", "case"),
    ("state", "状态", "state"),
    ("pages", "页数", "pages"),
    ("problem", "问题", "problem"),
]


@told
def list_(
    state: Annotated[DocumentState | None, typer.Option(help="状态 / state")] = None,
    case_no: CaseOption = None,
    limit: Annotated[int | None, typer.Option(help="最多行数 / at most")] = None,
    columns: ColumnsOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """列出文书 / List documents."""
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        if case_no is not None:
            case_no = next(iter(lookup.meant_cases(connection, case_no)), case_no)
        pages = rows_of.pages(
            connection, case_no=case_no, states=[state] if state else None, limit=limit
        )
        shown = (row for page in pages for row in _with_attachments(connection, page))
        print_rows(say("文书", "Documents"), _COLUMNS, shown, as_json=as_json, only=columns)


def _with_attachments(
    connection: Connection, page: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    attached = attachments.of_documents(connection, [row["document_id"] for row in page])
    end_reading(connection)
    return (as_row(row, attached.get(row["document_id"], ())) for row in page)


@told
def show(
    number: NumberArgument,
    agency: AgencyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """一份文书的全部记录 / Everything on record about one document."""
    session = open_session()
    row = find(session, number, agency)
    chosen = as_row(row, attachments_of(session, row)) | {
        "caused_by": {"source": row["caused_by_source"], "id": row["caused_by_id"]},
        "about": row["about"],
        "replaced_by": row["replaced_by"],
        "signoff": row["signoff"],
        "void_reason": row["void_reason"],
        "void_approver": row["void_approver"],
        "certificate": row["certificate"],
        "template_sha256": row["template_sha256"],
        "retain_until": row["retain_until"],
        "sent_at": row["sent_at"],
        "attempts": row["attempts"],
        "level": row["level"],
        "level_wanted": row["level_wanted"],
        "renditions": renditions_of(session, row["document_id"]),
    }
    if as_json:
        print_json(chosen)
        return
    print_rows(
        row["number"],
        [("field", "项目", "field"), ("value", "内容", "value")],
        [{"field": name, "value": value} for name, value in _lines(in_words(chosen))],
        as_json=False,
    )


def as_row(row: dict[str, Any], attached: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The fields of a document's row that are contract, and its problem in words.

    A problem is why it failed, or why it waits to be tried again.
    """
    waits = row["state"] == DocumentState.PLANNED and row["next_attempt_at"] is not None
    error = row["error"] if waits or row["state"] == DocumentState.FAILED else None
    names = (
        "number",
        "series",
        "year",
        "seq",
        "agency",
        "kind",
        "case_no",
        "state",
        "issued_on",
        "document_id",
        "pages",
        "storage_key",
        "version_id",
        "sealed_at",
        "replaces",
    )
    return {name: row[name] for name in names} | {
        "sha256": row["sealed_sha256"],
        "bytes": row["size"],
        "recipient": recipient(row["role"], row["bank_code"]),
        "problem": error[say("message", "message_en")] if error else None,
        "attachments": [_attachment_row(each) for each in attached],
    }


def renditions_of(session: Session, document_id: str) -> list[dict[str, Any]]:
    """What the archive made of the document later, the oldest first."""
    names = ("seq", "level", "sha256", "storage_key", "version_id", "made_at", "stamp_until")
    with session.ledger() as database, database.reading() as connection:
        found = renditions.of_documents(connection, [document_id]).get(document_id, [])
    return [{name: each[name] for name in names} for each in found]


def _attachment_row(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("role", "media_type", "sha256", "pages", "storage_key", "version_id")
    return (
        {"attachment": row["position"]}
        | {name: row[name] for name in names}
        | {
            "bytes": row["size"],
            "added_at": row["added_at"],
            "brought_by": row["brought_by"],
            "file_name": row["file_name"],
            "template_sha256": row["template_sha256"],
        }
    )


def _lines(chosen: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Field and value, those that have one; a line for each attachment and step of signing off."""
    for key, value in chosen.items():
        name = say(_LABELS[key], key.replace("_", " "))
        if key == "attachments":
            for each in value:
                yield f"{name} {each['attachment']}", _told(each)
        elif isinstance(value, Mapping):
            yield name, "\n".join(f"{key}: {_told(part)}" for key, part in value.items())
        elif value is not None:
            yield name, value


def _told(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return " · ".join(str(part) for part in value.values() if part is not None)


def attachments_of(session: Session, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is attached to the document, in order."""
    document_id = row["document_id"]
    with session.ledger() as database, database.reading() as connection:
        return attachments.of_documents(connection, [document_id]).get(document_id, [])


def find(session: Session, number: str, agency: str | None = None) -> dict[str, Any]:
    """The row of the one document with this number or id; the command ends where there is none.

    A number is found however its brackets are typed. Agencies may have documents of the same
    number: then ``agency`` says whose is meant.
    """
    with session.ledger() as database, database.reading() as connection:
        rows = rows_of.numbered(connection, number, agency=agency)
        if not rows:
            rows = [
                row
                for meant in lookup.meant_documents(connection, number)
                for row in rows_of.numbered(connection, meant, agency=agency)
            ]
        near = [] if rows else lookup.near_documents(connection, number)
    if len(rows) == 1:
        return rows[0]
    if rows:
        agencies = "、".join(row["agency"] for row in rows)
        complain(
            say(
                f"{agencies} 都有文书 {number}；请用 --agency 指明。",
                f"{agencies} each have a document {number}; say whose with --agency.",
            )
        )
    else:
        sentence = say(f"没有文书 {number}。", f"There is no document {number}.")
        complain(sentence + did_you_mean(near), code="not_found")
    raise typer.Exit(REFUSED)


def did_you_mean(near: Sequence[str]) -> str:
    """The question that offers what is there instead; nothing where nothing is near."""
    if not near:
        return ""
    return say(f"是不是 {'、'.join(near)}？", f" Did you mean {', '.join(near)}?")
