"""``hanyin templates``: check the Word templates, look at them, fill one from a file.

What renders and seals is imported where it is used: every command loads this module.
"""

# ruff: noqa: PLC0415 -- see above

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.failures import REFUSED
from commands.language import say, spoken
from commands.output import Column, JsonOption, complain, print_line, print_rows, report_files
from commands.own_templates import AgencyOption, library_of
from commands.session import Session, open_session, told
from schemas.documents import NUMBERED, DocumentKind, PlannedDocument
from schemas.errors import Invalid
from schemas.file_faults import os_words
from workers.home import keep_temporary_files

if TYPE_CHECKING:
    from rendering.renderer import Renderer
    from templates.catalogue import Template
    from templates.findings import Finding
    from templates.library import Library, OwnTemplate

#: dots per inch of a page as a picture
_DPI = 100
_COLUMNS: list[Column] = [
    ("owner", "模板", "template"),
    ("kind", "文书", "kind"),
    ("rule", "规则", "rule"),
    ("subject", "对象", "subject"),
    ("message", "说明", "message"),
]
_Kind = Annotated[DocumentKind, typer.Argument(help="文书种类 / kind")]
_Output = Annotated[
    Path, typer.Option("--output", "-o", help="PDF 文件或文件夹 / PDF file or folder")
]


class Format(StrEnum):
    """What a filled template is written as; the file's ending."""

    PDF = "pdf"
    DOCX = "docx"


@told
def lint(
    kinds: Annotated[
        list[DocumentKind] | None, typer.Argument(help="默认全部 / default: all")
    ] = None,
    agency: AgencyOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """检查模板：变量、书签、字体、链接 / Check templates before a letter shows the fault.

    发行的和 HANYIN_TEMPLATES_DIR 中全部的，或该机构文书所用的。退出码：0 没有问题；1 有
    / The shipped ones and all of HANYIN_TEMPLATES_DIR, or those that the agency's letters use.
    Exit 0 where nothing is wrong, else 1; what goes by LibreOffice is said, and is no fault.
    """
    session = open_session()
    library = library_of(session, agency)
    chosen = [*_linted(library, kinds or list(DocumentKind), agency)]
    rows = [_row(owner, each, as_json) for owner, _, findings in chosen for each in findings]
    if not (kinds or agency):
        rows += _unused(library, session)
    faulty = bool(rows)
    rows += [row for owner, template, _ in chosen for row in _by_office(owner, template, as_json)]
    if rows or as_json:
        print_rows(say("模板检查", "Templates"), _COLUMNS, rows, as_json=as_json)
    if not (faulty or as_json):
        print_line(
            say(f"{len(chosen)} 个模板没有问题。", f"{len(chosen)} templates, nothing wrong.")
        )
    if faulty:
        raise typer.Exit(REFUSED)


def _row(owner: str, finding: "Finding", as_json: bool) -> dict[str, Any]:
    return {
        "owner": owner,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "subject": finding.subject,
        "message": finding.message if as_json else say(finding.message, finding.message_en),
        "message_en": finding.message_en,
    }


def _linted(
    library: "Library", kinds: Sequence[DocumentKind], agency: str | None
) -> "Iterator[tuple[str, Template | None, Sequence[Finding]]]":
    """Whose each template is, itself where it can be read, and what is wrong with it."""
    from templates.catalogue import load
    from templates.lint import lint as findings_of

    for kind in kinds:
        mine = library.over(kind, agency) if agency else None
        if mine is not None:
            yield _own(mine)
            continue
        yield say("随附", "shipped"), load(kind), findings_of(load(kind))
        if agency is None:
            yield from (_own(own) for own in library.own if own.kind is kind)


def _own(own: "OwnTemplate") -> "tuple[str, Template | None, Sequence[Finding]]":
    return own.owner, None if own.findings else own.loaded, own.findings


def _unused(library: "Library", session: Session) -> "Iterator[dict[str, Any]]":
    """What lies in HANYIN_TEMPLATES_DIR and no letter will use."""
    from workers.template_check import UNUSED, unused

    for fault in unused(library, session.directory):
        yield {
            "owner": fault.name,
            "kind": None,
            "rule": UNUSED,
            "subject": fault.name,
            "message": say(fault.detail, fault.detail_en),
            "message_en": fault.detail_en,
        }


def _by_office(
    owner: str, template: "Template | None", as_json: bool
) -> "Iterator[dict[str, Any]]":
    """A row for each construct that makes a sound template go by LibreOffice."""
    from rendering.typst.compiler import unknown_in
    from templates.expressions import BrokenExpression

    try:
        unknown = () if template is None else unknown_in(template.docx)
    except BrokenExpression:
        # lint says where its marks are wrong
        return
    for each in unknown:
        chinese, english = each.sentences
        yield {
            "owner": owner,
            "kind": template.kind.value if template else None,
            "rule": "by_libreoffice",
            "subject": each.construct,
            "message": chinese if as_json else say(chinese, english),
            "message_en": english,
        }


def _say_engine(template: "Template") -> None:
    """Standard error says where the template goes by LibreOffice."""
    for row in _by_office("", template, False):
        complain(row["message"])


@told
def preview(
    kind: _Kind,
    output: _Output,
    png: Annotated[bool, typer.Option("--png", help="另存每页图片 / pages as PNG too")] = False,
    seal: Annotated[bool, typer.Option("--seal", help="加盖印章 / press the seal")] = False,
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """用示例数据生成一件文书 / Render a kind's sample data."""
    from rendering.pictures import pages_as_png
    from rendering.preview import NO_AGENCY, drawn_sample, sample_document

    if seal:
        _demand_sealed(kind)
    session = open_session()
    library_of(session, agency)
    with _renderer(session) as renderer:
        _say_engine(renderer.library.template(kind, agency))
        if seal:
            issuer = agency or session.directory.agencies[0].code
            planned = sample_document(kind, agency=issuer, library=renderer.library)
            content = _sealed(renderer, session, planned)
        else:
            content = drawn_sample(renderer, kind, agency=agency or NO_AGENCY).content
    file = _file(output, kind.value)
    pictures = pages_as_png(content, dpi=_DPI) if png else ()
    written = {file: content} | {
        file.with_name(f"{file.stem}-{number}.png"): picture
        for number, picture in enumerate(pictures, start=1)
    }
    for path, part in written.items():
        _write(path, part)
    report_files(written, as_json=as_json)


@told
def render(
    kind: _Kind,
    data: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON 数据 / the data as JSON")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="文件或文件夹 / file or folder")],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="pdf，或 docx：可编辑的 Word 文件，默认看 -o 的扩展名"
            " / pdf, or docx: an editable Word file; default: what -o ends in, else pdf",
        ),
    ] = None,
    agency: AgencyOption = None,
    as_json: JsonOption = False,
) -> None:
    """用 JSON 数据填写模板，不编号、不盖章 / Fill a template from a file; no ledger, no seal.

    数据与模板清单不符的，退出码 1
    / Exit 1 where the data is not what the template's manifest asks for.
    """
    from rendering.preview import NO_AGENCY, drawn, filled

    chosen = form or (Format.DOCX if output.suffix.lower() == ".docx" else Format.PDF)
    file = _file(output, kind.value, chosen)
    session = open_session()
    library_of(session, agency)
    try:
        with _renderer(session) as renderer:
            if chosen is Format.DOCX:
                content = filled(renderer, kind, _read(data), agency=agency or NO_AGENCY)
            else:
                content = drawn(renderer, kind, _read(data), agency=agency or NO_AGENCY).content
    except Invalid as error:
        for problem in error.problems:
            sentence = say(problem.message, problem.message_en)
            complain(f"{data} {problem.pointer or '/'}: {sentence}")
        raise typer.Exit(REFUSED) from None
    _write(file, content)
    report_files([file], as_json=as_json)


@contextmanager
def _renderer(session: Session) -> "Iterator[Renderer]":
    """A renderer with a work folder of its own in the home, which need not have been made."""
    from rendering.building import build_renderer

    settings = session.settings
    keep_temporary_files(settings.home)
    with TemporaryDirectory(prefix="hanyin-preview-") as folder:
        renderer = build_renderer(
            work_dir=Path(folder),
            office_python=settings.office_python,
            office_program=settings.office_program,
            timeout=settings.conversion_seconds,
            templates_dir=settings.templates_dir,
        )
        try:
            yield renderer
        finally:
            renderer.close()


def _demand_sealed(kind: DocumentKind) -> None:
    """The command ends where ``kind`` bears no seal."""
    if kind not in NUMBERED:
        complain(
            say(
                f"{kind.value} 不盖章；请去掉 --seal。",
                f"{kind.value} bears no seal; leave out --seal.",
            )
        )
        raise typer.Exit(REFUSED)


def _sealed(renderer: "Renderer", session: Session, planned: PlannedDocument) -> bytes:
    from workers.sealing import SealRoom

    room = SealRoom(session.settings, session.directory)
    return room.seal(planned, renderer.render(planned)).content


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        complain(
            say(f"{file} 不是一个 JSON 对象。", f"{file} does not hold one JSON object in UTF-8.")
        )
        raise typer.Exit(REFUSED)
    return data


def _file(output: Path, name: str, form: Format = Format.PDF) -> Path:
    """``output`` itself where it ends as ``form`` does, else the file in that folder.

    The command ends where it ends as another does.
    """
    ending = output.suffix.lower().removeprefix(".")
    if ending in {*Format} and ending != form:
        complain(
            say(
                f"{output} 的扩展名与格式 {form} 不符；请改其一。",
                f"{output} does not end as the format {form} does; change one of them.",
            )
        )
        raise typer.Exit(REFUSED)
    return output if ending == form else output / f"{name}.{form}"


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        complain(
            say(
                f"{file} 无法写入：{spoken(os_words(error))}。",
                f"{file} cannot be written: {spoken(os_words(error))}.",
            )
        )
        raise typer.Exit(REFUSED) from None
