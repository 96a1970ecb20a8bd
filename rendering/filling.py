"""Word template + data → Word file. Compiled once; a value is text, never template code."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas.errors import Misconfigured, ProductionFailed
from templates.expressions import BrokenExpression, usage
from templates.markup import Fault, faults_of
from templates.outside import reaching_out
from templates.vetted import VettedTags
from templates.word import BrokenWordFile, WordFile, is_filled, parsed

#: autoescape: a value with < or & is text; strict: a variable that is not there is an error;
#: sandboxed: a template from outside reaches neither Python's insides nor files
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@dataclass(frozen=True, kw_only=True)
class FilledWord:
    """A Word file with nothing left to fill in."""

    #: the names and bytes of what it holds, in its order
    parts: tuple[tuple[str, bytes], ...] = field(repr=False)

    @property
    def content(self) -> bytes:
        """The file; not packed, as it is read once and thrown away."""
        return self._zipped(zipfile.ZIP_STORED)

    @property
    def packed(self) -> bytes:
        """The file for somebody who keeps it and goes on writing in it."""
        return self._zipped(zipfile.ZIP_DEFLATED)

    def _zipped(self, compression: int) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", compression) as archive:
            for name, part in self.parts:
                archive.writestr(zipfile.ZipInfo(name), part, compression)
        return buffer.getvalue()


class WordTemplate:
    """A Word template, compiled; filled as often as wanted.

    Raises ``Misconfigured`` where it reaches out of itself, runs something, or does more in Jinja
    than print, decide and repeat: wherever it comes from, LibreOffice does not get to see it.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._plain: list[tuple[str, bytes]] = []
        self._tagged: list[tuple[str, Template]] = []
        self._vetted: dict[str, VettedTags] = {}
        require_harmless(name, content)
        self._docxtpl = DocxTemplate(io.BytesIO(content))
        patch = self._docxtpl.patch_xml
        for name_of_part, part in WordFile.read(content).parts.items():
            if is_filled(name_of_part) and b"{" in part:
                compiled = self._compile(patch(part.decode("utf-8")))
                self._tagged.append((name_of_part, compiled))
                self._vetted[name_of_part] = VettedTags(part)
            else:
                self._plain.append((name_of_part, part))

    def fill(self, data: Mapping[str, Any]) -> FilledWord:
        """The Word file with ``data``; a line break in a value begins a new paragraph.

        Raises ``ProductionFailed`` template_failed where data lacks.
        """
        try:
            filled = [
                (name, self._rendered(template, data).encode("utf-8"))
                for name, template in self._tagged
            ]
        except (TemplateError, TypeError, ValueError) as error:
            # the error's own text may hold a value
            raise self._failed(type(error).__name__) from error
        for part, content in filled:
            self._require_letter(part, content)
        return FilledWord(parts=(*self._plain, *filled))

    def _rendered(self, template: Template, data: Mapping[str, Any]) -> str:
        if not _has_line_break(data):
            return template.render(data)
        # docxtpl's mark for a new paragraph
        paragraphs: str = self._docxtpl.resolve_listing(template.render(_marked(data)))
        return paragraphs

    def _require_letter(self, part: str, content: bytes) -> None:
        """Raise ``ProductionFailed`` unless the filled part holds what a letter may."""
        try:
            tree = parsed(part, content)
        except BrokenWordFile as error:
            raise self._failed(f"{part}: {error}") from error
        if self._vetted[part].cover(content):
            return
        if fault := next(faults_of(part, tree, quoting=False), None):
            raise self._failed(f"{part}: {fault.rule} {fault.subject}")

    def _failed(self, reason: str) -> ProductionFailed:
        return ProductionFailed("template_failed", final=True, template=self._name, reason=reason)

    def _compile(self, xml: str) -> Template:
        try:
            return _ENVIRONMENT.from_string(xml)
        except TemplateError as error:
            raise Misconfigured(
                f"模板 {self._name} 的表达式有误（{error}）；hanyin templates lint 指出位置",
                f"template {self._name}: {error}; `hanyin templates lint` names the place",
            ) from error


def _has_line_break(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_line_break, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_line_break, value))
    return isinstance(value, str) and "\n" in value


def _marked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _marked(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(member) for member in value]
    return value.replace("\n", "\a") if isinstance(value, str) else value


def require_harmless(name: str, content: bytes) -> None:
    """Raise ``Misconfigured`` where the template reaches out of itself or runs something."""
    try:
        dangers = [_told(fault) for fault in reaching_out(WordFile.read(content))]
        dangers += [subject for what, subject in usage(content).dangers if _runs(what, subject)]
    except (BrokenWordFile, BrokenExpression) as error:
        raise Misconfigured(
            f"模板 {name}：{error.sentence.zh}；hanyin templates lint 指出位置",
            f"template {name}: {error.sentence.en}; `hanyin templates lint` names the place",
        ) from error
    if dangers:
        raise Misconfigured(
            f"模板 {name} 中不能有 {', '.join(dict.fromkeys(dangers))}；请删"
            "去，hanyin templates lint 说明原因",
            f"template {name} may not hold {', '.join(dict.fromkeys(dangers))}; remove it,"
            " `hanyin templates lint` says why",
        )


def _told(fault: Fault) -> str:
    where = fault.place
    return fault.subject if where is None else f"{fault.subject} ({where.part} {where.paragraph})"


def _runs(what: str, subject: str) -> bool:
    """A member of a value may be printed, as books do; Python's own members have a ``_``."""
    return what != "attribute" or subject.startswith("._")
