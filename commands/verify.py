"""``hanyin verify``: is a letter genuine, who sealed it, when, and has anything changed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.language import say
from commands.output import Column, print_json, print_rows
from commands.session import open_session, told
from signing.verdict import Verdict
from signing.verifier import Verifier
from workers import bootstrap

#: verdict → exit code; of several files the worst counts
_CODES = {"genuine": 0, "unknown": 2, "not_genuine": 1}
_WORST_FIRST = ("not_genuine", "unknown", "genuine")

_COLUMNS: list[Column] = [
    ("file", "文件", "file"),
    ("word", "结论", "verdict"),
    ("number", "文号", "number"),
    ("signer", "签章者", "sealed by"),
    ("sealed_at", "签章时间", "sealed at"),
    ("level", "级别", "level"),
    ("because", "原因", "reasons"),
]


@told
def verify(
    files: Annotated[list[Path], typer.Argument(help="PDF 文件 / PDF files")],
    trust: Annotated[
        list[Path] | None, typer.Option(help="另加信任的根证书 / more trusted roots")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """验证文书真伪：0 真实，1 不真实，2 无法判断 / Verify: 0 genuine, 1 not, 2 cannot tell."""
    session = open_session()
    with bootstrap.open_verifier(session.settings, session.directory, trust or []) as verifier:
        rows = [{"file": str(file), **_verdict(verifier, file).as_dict()} for file in files]
    if as_json:
        print_json(rows)
    else:
        shown = [_shown(row) for row in rows]
        print_rows(say("验证结果", "Verification"), _COLUMNS, shown, as_json=False)
    found = {row["verdict"] for row in rows}
    worst = next(word for word in _WORST_FIRST if word in found)
    raise typer.Exit(_CODES[worst])


def _verdict(verifier: Verifier, file: Path) -> Verdict:
    """The verdict on one file; the others are examined whatever becomes of it."""
    try:
        return verifier.verify(file.read_bytes())
    except OSError as error:
        return Verdict.unknown("file_unreadable", why=error.strerror)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    words = {
        "genuine": say("真实，签章后未改动", "genuine, unchanged since it was sealed"),
        "not_genuine": say("不真实", "NOT genuine"),
        "unknown": say("无法判断", "cannot tell"),
    }
    name = say("message", "message_en")
    return row | {
        "word": words[row["verdict"]],
        "because": "\n".join(reason[name] for reason in row["reasons"]),
    }
