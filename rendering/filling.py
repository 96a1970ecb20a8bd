"""Word template + data → Word file. Compiled once; a value is text, never template code."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas.errors import Misconfigured, ProductionFailed

#: autoescape: a value with < or & is text; strict: a variable that is not there is an error;
#: sandboxed: a template from outside reaches neither Python's insides nor files
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
#: parts of a Word file that hold tags: the document, headers, footers
_TAGGED = ("word/document", "word/header", "word/footer")


@dataclass(frozen=True, kw_only=True)
class FilledWord:
    """A Word file with nothing left to fill in."""

    content: bytes


class WordTemplate:
    """A Word template, compiled; filled as often as wanted."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._plain: list[tuple[zipfile.ZipInfo, bytes]] = []
        self._tagged: list[tuple[zipfile.ZipInfo, Template]] = []
        patch = DocxTemplate(io.BytesIO(content)).patch_xml
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                part = archive.read(entry)
                if entry.filename.startswith(_TAGGED) and entry.filename.endswith(".xml"):
                    self._tagged.append((entry, self._compile(patch(part.decode("utf-8")))))
                else:
                    self._plain.append((entry, part))

    def fill(self, data: Mapping[str, Any]) -> FilledWord:
        """The Word file with ``data``; ``ProductionFailed`` template_failed where data lacks."""
        try:
            filled = [
                (entry, template.render(data).encode("utf-8")) for entry, template in self._tagged
            ]
        except (TemplateError, TypeError, ValueError) as error:
            # the error's own text may hold a value
            raise ProductionFailed(
                "template_failed", final=True, template=self._name, reason=type(error).__name__
            ) from error
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for entry, part in (*self._plain, *filled):
                archive.writestr(zipfile.ZipInfo(entry.filename), part)
        return FilledWord(content=buffer.getvalue())

    def _compile(self, xml: str) -> Template:
        try:
            return _ENVIRONMENT.from_string(xml)
        except TemplateError as error:
            raise Misconfigured(
                f"template {self._name}: {error}; `hanyin templates lint` names the place"
            ) from error
