"""How many templates go by LibreOffice, because Typst is not told of what is in them."""

from collections.abc import Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from rendering.typst.compiler import unknown_in
from schemas.documents import DocumentKind
from templates.catalogue import BrokenTemplate, load
from templates.expressions import BrokenExpression
from templates.library import Library


class TemplateMetrics:
    """Looks at one more template at each scrape, which then waits for no compiler's whole work."""

    names = ("hanyin_templates_by_libreoffice",)

    def __init__(self, library: Library) -> None:
        self._unseen: Iterator[bytes] = self._templates(library)
        self._count = 0

    def read(self) -> Iterable[Metric]:
        """How many templates, shipped and own, of those looked at LibreOffice converts."""
        docx = next(self._unseen, None)
        if docx is not None and _goes_by_office(docx):
            self._count += 1
        return [
            GaugeMetricFamily(
                "hanyin_templates_by_libreoffice",
                "Templates that LibreOffice converts in place of Typst.",
                value=self._count,
            )
        ]

    @staticmethod
    def _templates(library: Library) -> Iterator[bytes]:
        yield from (load(kind).docx for kind in DocumentKind)
        for own in library.own:
            try:
                yield own.loaded.docx
            except BrokenTemplate:
                # its letters are not made at all, and an alarm says so
                continue


def _goes_by_office(docx: bytes) -> bool:
    try:
        return bool(unknown_in(docx))
    except BrokenExpression:
        return False
