"""The library: which template a letter is made from.

An agency's own, else the installation's, else the shipped one. Own templates lie in the folder
that HANYIN_TEMPLATES_DIR names, ``<agency code or default>/<kind>/template.docx``, with a manifest
and a sample beside it where they are others than the shipped ones. They are read once a process,
and linted then: one that is not sound stops the letters it is for, and never falls back to another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas.documents import DocumentKind
from schemas.errors import Misconfigured, ProductionFailed
from schemas.file_faults import os_words
from templates.catalogue import BrokenTemplate, Template, load, read_template
from templates.findings import Finding
from templates.lint import lint
from templates.manifest import Manifest
from templates.markup import Fault

#: the folder whose templates hold for every agency without one of its own
DEFAULT = "default"
#: findings that a letter's error names; lint prints all
_NAMED = 3
#: what programs and people leave beside; no template
_IGNORED = (".", "~$", "README")
#: what rests on a letter's kind and not on its words: number, addressee, keeping, seal
_FIXED = ("series", "recipients", "retention_years", "seal")


@dataclass(frozen=True, kw_only=True)
class OwnTemplate:
    """A folder with a template that stands over the shipped one."""

    #: an agency's code, or ``default``
    owner: str
    kind: DocumentKind
    folder: Path

    @property
    def name(self) -> str:
        """How it is called in findings and alarms: ``430111/recovery_notice``."""
        return f"{self.owner}/{self.kind.value}"

    @cached_property
    def loaded(self) -> Template:
        """What the folder holds, read once. Raises ``BrokenTemplate``."""
        return read_template(self.kind, self.folder, over=load(self.kind))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with it; nothing for a sound one."""
        try:
            template = self.loaded
        except BrokenTemplate as error:
            return (Finding.of(self.kind, Fault(error.rule, error.subject)),)
        strange = _beyond(template.manifest, load(self.kind).manifest)
        return (*lint(template), *(Finding.of(self.kind, fault) for fault in strange))


class Library:
    """The templates of an installation, by kind and agency."""

    def __init__(self, folder: Path | None = None) -> None:
        """The shipped templates, and over them those in ``folder``.

        Raises ``Misconfigured`` where ``folder`` cannot be listed.
        """
        self.folder = folder
        self._own: dict[tuple[str, DocumentKind], OwnTemplate] = {}
        #: what lies in the folder and is no template: a misspelt kind would stay unused unseen
        self.strays: tuple[str, ...] = ()
        if folder is not None:
            try:
                strays = [path.relative_to(folder).as_posix() for path in self._listed(folder)]
            except OSError as error:
                raise Misconfigured(
                    f"HANYIN_TEMPLATES_DIR {folder} 无法读取（{os_words(error).zh}）；"
                    "请指定含有 default 和各机构文件夹的文件夹",
                    f"HANYIN_TEMPLATES_DIR {folder} cannot be read ({os_words(error).en}); name the"
                    " folder that holds `default` and the agencies' folders",
                ) from error
            self.strays = tuple(strays)

    @property
    def own(self) -> tuple[OwnTemplate, ...]:
        """Every template over a shipped one, sound or not, by owner and kind."""
        return tuple(self._own.values())

    def over(self, kind: DocumentKind, agency: str | None = None) -> OwnTemplate | None:
        """The folder whose template ``agency``'s letters of ``kind`` use; None: the shipped one."""
        mine = self._own.get((agency, kind)) if agency is not None else None
        return mine or self._own.get((DEFAULT, kind))

    def template(self, kind: DocumentKind, agency: str | None = None) -> Template:
        """The template that ``agency``'s letters of ``kind`` are made from.

        Raises ``ProductionFailed`` template_faulty (final) where its own is not sound.
        """
        own = self.over(kind, agency)
        if own is None:
            return load(kind)
        if own.findings:
            first = own.findings[:_NAMED]
            raise ProductionFailed(
                "template_faulty",
                final=True,
                template=own.name,
                what_zh="；".join(finding.message for finding in first),
                what=" ".join(finding.message_en for finding in first),
            )
        return own.loaded

    def _listed(self, folder: Path) -> Iterator[Path]:
        """Notes the templates in ``folder``; what is none."""
        for owner in _entries(folder):
            if not owner.is_dir():
                yield owner
                continue
            for place in _entries(owner):
                if place.name in set(DocumentKind) and place.is_dir():
                    kind = DocumentKind(place.name)
                    own = OwnTemplate(owner=owner.name, kind=kind, folder=place)
                    self._own[owner.name, kind] = own
                else:
                    yield place


#: the templates as they are shipped
SHIPPED = Library()


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(_IGNORED)]


def _beyond(own: Manifest, shipped: Manifest) -> Iterator[Fault]:
    """What an own manifest says otherwise than a letter of its kind can be made."""
    for name in _FIXED:
        if getattr(own, name) != getattr(shipped, name):
            yield Fault("manifest_differs", name)
    for variable in own.variables:
        known = shipped.variable(variable.name)
        if known is None:
            yield Fault("not_supplied", variable.name)
            continue
        if variable.type is not known.type:
            yield Fault("manifest_differs", variable.name)
        columns = {column.name for column in known.columns}
        for column in variable.columns:
            if column.name not in columns:
                yield Fault("not_supplied", f"{variable.name}.{column.name}")
