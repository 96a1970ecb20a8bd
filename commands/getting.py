"""``hanyin documents get``: archived documents are fetched, their digests checked."""

import mimetypes
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from archive import Archive
from commands.documents import (
    AgencyOption,
    NumbersArgument,
    attachments_of,
    find,
    renditions_of,
)
from commands.failures import REFUSED
from commands.language import say, spoken
from commands.output import complain, note, print_json
from commands.session import Session, open_session, told
from commands.words import in_words
from ledger import holdings
from ledger.holdings import Held
from schemas.file_faults import os_words
from signing.statement import number_stated
from workers import bootstrap
from workers.delivering import fetch


@told
def get(
    numbers: NumbersArgument,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="写入文件；多份则写入文件夹，文件以文号为名"
            " / file to write; for several a folder, in which each has its number for a name",
        ),
    ],
    attachment: Annotated[
        int | None, typer.Option(help="取第几个附件 / fetch this attachment", min=1)
    ] = None,
    raised: Annotated[
        bool,
        typer.Option(
            "--raised",
            help="取最近一次升级的版本（若有） / what the archive raised last, where there is any",
        ),
    ] = False,
    agency: AgencyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """取出已归档的文书或其附件 / Fetch archived documents or attachments, their digests checked.

    尚未归档的，取出其余各份，退出码 1
    / Where one is not archived the others are fetched all the same, and the exit code is 1.
    """
    session = open_session()
    rows = list({r["document_id"]: r for r in (find(session, n, agency) for n in numbers)}.values())
    chosen = [(row, _chosen(session, row, attachment, raised=raised)) for row in rows]
    ready = [(row, wanted) for row, wanted in chosen if _is_archived(row, wanted)]
    files = _files(output, ready, in_folder=len(rows) > 1)
    done = []
    with closing(bootstrap.open_store(session.settings)) as archive:
        for (row, wanted), file in zip(ready, files, strict=True):
            content = _content(session, archive, row, wanted)
            _write(file, content)
            note(say(f"已写入 {file}", f"wrote {file}"))
            done.append(_row(row, wanted, file, content))
    if as_json:
        print_json(done)
    if len(ready) < len(rows):
        raise typer.Exit(REFUSED)


def _chosen(
    session: Session, row: dict[str, Any], attachment: int | None, *, raised: bool
) -> dict[str, Any]:
    """What is wanted of the document: the sealed letter, an attachment, or what was raised last."""
    own = row | {"sha256": row["sealed_sha256"], "media_type": "application/pdf", "of": None}
    if attachment is not None:
        return _attached(session, row, attachment)
    beside = [each for each in renditions_of(session, row["document_id"]) if each["storage_key"]]
    return own | beside[-1] if raised and beside else own


def _attached(session: Session, row: dict[str, Any], position: int) -> dict[str, Any]:
    found = attachments_of(session, row)
    for each in found:
        if each["position"] == position:
            return dict(each) | {"of": position}
    complain(
        say(
            f"{row['number']} 没有第 {position} 个附件，共有 {len(found)} 个。",
            f"{row['number']} has no attachment {position}; it has {len(found)}.",
        )
    )
    raise typer.Exit(REFUSED)


def _is_archived(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if wanted["storage_key"] is not None:
        return True
    state = in_words(row)["state"]
    complain(
        say(
            f"{row['number']} 尚未归档，状态为{state}。",
            f"{row['number']} is not archived; it is {state}.",
        )
    )
    return False


def _content(
    session: Session, archive: Archive, row: Mapping[str, Any], wanted: Mapping[str, Any]
) -> bytes:
    sealed = wanted["of"] is None
    with session.ledger() as database, database.reading() as connection:
        found = [*holdings.of_documents(connection, [row["document_id"]])]
    held: Held
    (held,) = (each for each in found if each.sealed is sealed and each.sha256 == wanted["sha256"])
    return fetch(archive, held, reading=number_stated)


def _files(
    output: Path, ready: Sequence[tuple[dict[str, Any], dict[str, Any]]], *, in_folder: bool
) -> list[Path]:
    """Where each goes: ``output`` itself, or a file in it named by its number."""
    if not in_folder and not output.is_dir():
        return [output for _ in ready]
    names = [_name(row, wanted) for row, wanted in ready]
    return [
        # two agencies may have documents of the same number
        output / (name if names.count(name) == 1 else f"{row['agency']}-{name}")
        for name, (row, _) in zip(names, ready, strict=True)
    ]


def _name(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """A file name; a series may hold what no name may."""
    stem = "".join("_" if sign in "/\\\0" else sign for sign in row["number"])
    if wanted["of"] is None:
        return f"{stem}.pdf"
    ending = mimetypes.guess_extension(wanted["media_type"]) or ""
    return f"{stem}-{wanted['of']}{ending}"


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        why = spoken(os_words(error))
        complain(say(f"{file} 无法写入：{why}。", f"{file} cannot be written: {why}."))
        raise typer.Exit(REFUSED) from None


def _row(
    row: Mapping[str, Any], wanted: Mapping[str, Any], file: Path, content: bytes
) -> dict[str, Any]:
    return {
        "number": row["number"],
        "document_id": row["document_id"],
        "file": str(file),
        "sha256": wanted["sha256"],
        "bytes": len(content),
    }
