"""Own templates, looked at when work begins and by doctor: what is wrong, and with which one.

A faulty one stops its own letters and nothing else (``templates.library``); here it is only said.
"""

import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger import trail
from ledger.database import Database
from schemas.configuration import Directory
from templates.catalogue import BrokenTemplate
from templates.library import DEFAULT, Library, OwnTemplate
from workers.clock import now
from workers.settings import Settings

#: of the trail: letters of an agency and kind are not made; a folder or file that nothing uses
FAULTY, UNUSED = "template_faulty", "template_unused"


@dataclass(frozen=True, kw_only=True)
class TemplateFault:
    """One thing that is wrong; one of a pair of sentences for each language."""

    #: ``430111/recovery_notice``, or a path in HANYIN_TEMPLATES_DIR
    name: str
    detail: str
    detail_en: str


def check_templates(library: Library, directory: Directory) -> list[TemplateFault]:
    """Everything that is wrong with the installation's own templates; [] where all is sound."""
    faulty = [
        TemplateFault(name=own.name, detail=finding.message, detail_en=finding.message_en)
        for own in library.own
        for finding in own.findings
    ]
    return [*faulty, *unused(library, directory), *_open_to_all(library)]


def report_templates(settings: Settings, directory: Directory) -> None:
    """The trail has an alarm for each faulty template and for what no letter will use, once.

    Raises ``Misconfigured`` where HANYIN_TEMPLATES_DIR cannot be listed.
    """
    library = Library(settings.templates_dir)
    faulty = [own for own in library.own if _is_used(own, directory) and own.findings]
    useless = [*unused(library, directory)]
    if not (faulty or useless):
        return
    with closing(Database(settings.database)) as database, database.writing() as connection:
        for own in faulty:
            rules = sorted({finding.rule for finding in own.findings})
            _alarm(connection, FAULTY, own.name, {"rules": rules, "sha256": _digest(own)})
        if useless:
            # what somebody called a file is no matter for a trail; doctor names it
            _alarm(connection, UNUSED, None, {"count": len(useless)})


def unused(library: Library, directory: Directory) -> Iterator[TemplateFault]:
    """What lies in HANYIN_TEMPLATES_DIR and no letter will use: a misspelt name."""
    for name in library.strays:
        yield TemplateFault(
            name=name,
            detail="不是模板，没有文书使用；应为“机构代码或 default/文种代码/template.docx”",
            detail_en="no letter uses it; a template is <agency or default>/<kind>/template.docx",
        )
    for owner in sorted({own.owner for own in library.own if not _is_used(own, directory)}):
        yield TemplateFault(
            name=owner,
            detail="没有代码为此的经办机构，其中的模板没有文书使用；请改正文件夹的名称",
            detail_en="no agency has this code, so no letter uses its templates; rename it",
        )


def _open_to_all(library: Library) -> Iterator[TemplateFault]:
    """Templates that any user of the machine may change: what they say is sealed."""
    folder = library.folder
    paths = [] if folder is None else [folder, *sorted(folder.rglob("*"))]
    for path in paths:
        if not path.is_symlink() and path.stat().st_mode & stat.S_IWOTH:
            yield TemplateFault(
                name=path.name if path == folder else path.relative_to(paths[0]).as_posix(),
                detail="本机任何用户都可以改写，改了的字会盖上章；请 chmod o-w",
                detail_en="any user of this machine may change it, and it would be sealed:"
                " chmod o-w",
            )


def _is_used(own: OwnTemplate, directory: Directory) -> bool:
    return own.owner == DEFAULT or directory.agency(own.owner) is not None


def _digest(own: OwnTemplate) -> str | None:
    try:
        return own.loaded.sha256
    except BrokenTemplate:
        return None


def _alarm(
    connection: Connection, action: str, subject: str | None, details: Mapping[str, object]
) -> None:
    """Work may begin often: an alarm that says what the last one said is not raised again."""
    if trail.last_details(connection, action, subject) != details:
        trail.note(
            connection,
            at=now(),
            actor="produce",
            action=action,
            subject=subject,
            details=details,
            alarm=True,
        )
