"""``hanyin templates copy`` and ``diff``: an agency's own templates over the shipped ones."""

# ruff: noqa: PLC0415 -- what reads Word files is loaded where it is used

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.failures import REFUSED
from commands.language import say, spoken
from commands.output import JsonOption, complain, note, print_json, print_line, report_files
from commands.session import Session, open_session, told
from schemas.documents import DocumentKind
from schemas.file_faults import os_words

if TYPE_CHECKING:
    from templates.differences import Change
    from templates.library import Library, OwnTemplate

#: characters beside what differs in a long paragraph
_BESIDE = 12

AgencyOption = Annotated[
    str | None,
    typer.Option("--agency", help="经办机构代码 / agency code (HANYIN_TEMPLATES_DIR)"),
]


def library_of(session: Session, agency: str | None = None) -> "Library":
    """The templates of the installation; the command ends where it has no such agency."""
    from templates.library import Library

    if agency is not None and session.directory.agency(agency) is None:
        complain(say(f"没有代码为 {agency} 的经办机构。", f"There is no agency {agency}."))
        raise typer.Exit(REFUSED)
    return Library(session.settings.templates_dir)


@told
def copy(
    kind: Annotated[DocumentKind, typer.Argument(help="文书种类 / kind")],
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """复制随附的模板，供本地修改 / Copy a shipped template, to be changed for an agency or for all.

    写入 HANYIN_TEMPLATES_DIR；已有的模板不动
    / Writes into HANYIN_TEMPLATES_DIR; a template that is there already is not touched.
    """
    from templates.catalogue import HOME, MANIFEST, SAMPLE, WORD_FILE, load
    from templates.library import DEFAULT

    session = open_session()
    library = library_of(session, agency)
    if library.folder is None:
        complain(
            say(
                "没有设置 HANYIN_TEMPLATES_DIR；请先建一个文件夹并在设置中写明。",
                "HANYIN_TEMPLATES_DIR is not set; make a folder and name it there first.",
            )
        )
        raise typer.Exit(REFUSED)
    shipped = HOME / kind.value
    manifest = (shipped / MANIFEST).read_text(encoding="utf-8")
    files = {
        WORD_FILE: load(kind).docx,
        MANIFEST: f'shipped_sha256 = "{load(kind).sha256}"\n{manifest}'.encode(),
        SAMPLE: (shipped / SAMPLE).read_bytes(),
    }
    _write(library.folder / (agency or DEFAULT) / kind.value, files, as_json=as_json)


@told
def diff(
    kind: Annotated[
        DocumentKind | None, typer.Argument(help="默认全部 / default: all of one's own")
    ] = None,
    agency: AgencyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """对照随附的模板：文字、表格、manifest / Compare own templates with the shipped ones.

    随附模板在复制之后有改动的，也会说明；有读不了的，退出码 1
    / Says too where the shipped one has changed since it was copied. Exit 1 where one cannot
    be read.
    """
    session = open_session()
    chosen = [*_chosen(library_of(session, agency), kind, agency)]
    rows = [_compared(own) for own in chosen]
    if as_json:
        print_json(rows)
    elif not rows:
        note(say("没有本地模板可对照。", "There is no template of one's own to compare."))
    else:
        for row in rows:
            _print(row)
    if any(row["problem"] for row in rows):
        raise typer.Exit(REFUSED)


def _chosen(
    library: "Library", kind: DocumentKind | None, agency: str | None
) -> "Iterator[OwnTemplate]":
    """All own templates; with an agency those that its letters use."""
    for own in library.own:
        if kind not in {None, own.kind}:
            continue
        if agency is None or library.over(own.kind, agency) is own:
            yield own


def _compared(own: "OwnTemplate") -> dict[str, Any]:
    from templates.catalogue import BrokenTemplate, load
    from templates.differences import differences

    shipped = load(own.kind)
    row: dict[str, Any] = {
        "owner": own.owner,
        "kind": own.kind.value,
        "shipped_sha256": shipped.sha256,
        "sha256": None,
        "copied_from": None,
        "shipped_changed": None,
        "changes": [],
        "problem": None,
    }
    try:
        mine = own.loaded
    except BrokenTemplate:
        return row | {"problem": say(own.findings[0].message, own.findings[0].message_en)}
    origin = mine.manifest.shipped_sha256
    return row | {
        "sha256": mine.sha256,
        "copied_from": origin,
        "shipped_changed": None if origin is None else origin != shipped.sha256,
        "changes": [vars(change) for change in differences(shipped, mine)],
    }


def _print(row: dict[str, Any]) -> None:
    from templates.differences import Change
    from templates.findings import part_name

    print_line(f"{row['owner']}/{row['kind']}")
    print_line(f"  {_summary(row)}")
    part = None
    for change in (Change(**each) for each in row["changes"]):
        if change.part != part:
            part = change.part
            print_line(f"  {say(part_name(part), part)}")
        for line in _shown(change):
            print_line(line)


def _summary(row: dict[str, Any]) -> str:
    if row["problem"]:
        return str(row["problem"])
    if row["sha256"] == row["shipped_sha256"]:
        words = say("Word 文件与随附的相同", "the Word file is the shipped one")
    elif row["changes"]:
        words = say(f"{len(row['changes'])} 处不同", f"{len(row['changes'])} differences")
    else:
        words = say("文字相同，只有版式不同", "the words are the same, only the layout differs")
    return f"{words}{say('；', '; ')}{_origin(row)}"


def _origin(row: dict[str, Any]) -> str:
    if row["shipped_changed"] is None:
        return say(
            "manifest.toml 没有写明从哪一份复制（shipped_sha256）",
            "manifest.toml does not say what it was copied from (shipped_sha256)",
        )
    if not row["shipped_changed"]:
        return say(
            "随附的模板在复制之后没有更改", "the shipped template has not changed since the copy"
        )
    now = row["shipped_sha256"]
    return say(
        f"随附的模板在复制之后已更改；看过以后把 shipped_sha256 换成 {now}",
        f"the shipped template has changed since the copy; when you have looked, set"
        f" shipped_sha256 to {now}",
    )


def _shown(change: "Change") -> Iterator[str]:
    """The line as shipped behind ``-``, the own one behind ``+``; of long ones what differs."""
    shipped, own = change.shipped, change.own
    if shipped is not None and own is not None:
        shipped, own = _narrowed(shipped, own)
    empty = say("（空段）", "(empty paragraph)")
    if shipped is not None:
        yield f"- {shipped or empty}"
    if own is not None:
        yield f"+ {own or empty}"


def _narrowed(one: str, other: str) -> tuple[str, str]:
    """Both without what they have in common at either end, but for some characters of it."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    return _cut(one, head, tail), _cut(other, head, tail)


def _cut(line: str, head: int, tail: int) -> str:
    start = head - _BESIDE if head > 2 * _BESIDE else 0
    end = len(line) - (tail - _BESIDE if tail > 2 * _BESIDE else 0)
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"


def _write(folder: Path, files: dict[str, bytes], *, as_json: bool) -> None:
    """The folder holds the files; the command ends where it, or one of them, is there already."""
    try:
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except FileExistsError:
        complain(
            say(
                f"{folder} 已经存在，没有改动；要重新复制，请先移走它。",
                f"{folder} is there already and was not changed; move it away to copy anew.",
            )
        )
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        complain(
            say(
                f"{folder} 无法写入：{spoken(os_words(error))}。",
                f"{folder} cannot be written: {spoken(os_words(error))}.",
            )
        )
        raise typer.Exit(REFUSED) from None
    report_files((folder / name for name in files), as_json=as_json)
