"""Several letters and forms in one conversion by LibreOffice, each its own file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from rendering.composing import Body, join, may_join, take_apart
from rendering.filling import FilledWord
from rendering.office import Office
from rendering.pdf import PdfFile
from rendering.separation import demand_own
from rendering.splitting import PLACEHOLDER, split
from schemas.errors import ProductionFailed

_log = structlog.get_logger(__name__)

#: characters of a letter that is long enough to be converted alone: some ten pages
_LONG = 6000


@dataclass(frozen=True, kw_only=True)
class Job:
    """A letter that may go together with others, or a form that goes out with one."""

    #: by which the caller knows it
    key: str
    form: bool
    word: FilledWord
    number: str
    #: what the file calls itself
    title: str = field(repr=False)
    #: SHA-256 of the Word file that it was filled from
    template: str | None = None


def convert_together(office: Office, jobs: Sequence[Job]) -> Iterator[tuple[Job, PdfFile]]:
    """The PDF/A-2b files of those ``jobs`` that went together and are found to be separate.

    What is left out can still be converted alone. Raises ``Misconfigured`` or ``Unavailable``.
    """
    for group in _alike(jobs):
        yield from _convert(office, group)


def _alike(jobs: Sequence[Job]) -> list[list[tuple[Job, Body]]]:
    """Those that one Word file may hold stand together; nobody stands alone."""
    groups: list[list[tuple[Job, Body]]] = []
    for job in jobs:
        body = take_apart(job.word)
        if body is None or len(body.text) > _LONG:
            continue
        for group in groups:
            if may_join([other for _, other in group], body):
                group.append((job, body))
                break
        else:
            groups.append([(job, body)])
    return [group for group in groups if len(group) > 1]


def _convert(office: Office, group: list[tuple[Job, Body]]) -> Iterator[tuple[Job, PdfFile]]:
    word = join([body for _, body in group])
    try:
        whole = office.convert(word, title=PLACEHOLDER, letters=len(group))
    except ProductionFailed as error:
        _log.warning("letters go alone", letters=len(group), code=error.problem.code)
        return
    parts = split(whole, [job.title for job, _ in group])
    for (job, body), content in zip(group, parts, strict=True):
        if content is None:
            continue
        file = PdfFile(content=content)
        try:
            demand_own(file, body, title=job.title, number=job.number)
        except ProductionFailed as error:
            _log.warning("a letter goes alone", reason=error.problem.message_en)
        else:
            yield job, file
