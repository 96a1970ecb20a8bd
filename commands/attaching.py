"""``hanyin documents attach``: a copy signed by hand comes back as a scan."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.documents import AgencyOption, NumberArgument, find
from commands.failures import REFUSED, WAITS
from commands.language import say, spoken
from commands.output import JsonOption, complain, report
from commands.person import named
from commands.session import open_session, told
from schemas.documents import AttachmentRole
from schemas.file_faults import os_words
from workers import bootstrap
from workers.attaching import Outcome, read_scan
from workers.attaching import attach as keep
from workers.clock import now


@told
def attach(
    number: NumberArgument,
    file: Annotated[Path, typer.Argument(help="PDF、PNG、JPEG、TIFF")],
    brought_by: Annotated[str, typer.Option(help="交回人 / who brought it")],
    role: Annotated[
        Literal["signed_copy"], typer.Option(help="是什么 / what it is")
    ] = "signed_copy",
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """附上签字后交回的扫描件 / Attach a scan of a copy signed by hand; the same twice is one."""
    session = open_session()
    row = find(session, number, agency)
    limit = session.settings.attachment_bytes
    scan = read_scan(
        _read(file, limit),
        name=file.name,
        role=AttachmentRole(role),
        brought_by=named(brought_by, "--brought-by"),
        limit=limit,
    )
    shelf = bootstrap.open_shelf(session.settings, session.directory)
    with closing(shelf), session.ledger() as database:
        outcome = keep(database, shelf, row["document_id"], scan, clock=now)
    report(
        [{"number": row["number"], "new": outcome.new, "stored": outcome.stored}],
        _said(row["number"], outcome),
        as_json=as_json,
    )
    if not outcome.stored:
        raise typer.Exit(WAITS)


def _read(file: Path, limit: int) -> bytes:
    """The file's bytes, one more than ``limit`` at most: enough to see that it is too large."""
    try:
        if not file.is_file():
            raise IsADirectoryError(21, say("不是文件", "not a file"))
        with file.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        complain(
            say(
                f"读不了 {file}：{spoken(os_words(error))}",
                f"cannot read {file}: {spoken(os_words(error))}",
            )
        )
        raise typer.Exit(REFUSED) from error


def _said(number: str, outcome: Outcome) -> str:
    if not outcome.stored:
        return say(
            f"已登记到 {number}；存储暂不可用，hanyin work 会补存。",
            f"attached to {number}; the store is away, `hanyin work` will store it.",
        )
    if not outcome.new:
        return say(
            f"{number} 已有相同的扫描件；未作改动。",
            f"{number} has the same scan already; nothing was changed.",
        )
    return say(f"已附到 {number} 并归档。", f"attached to {number} and archived.")
