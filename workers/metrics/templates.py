"""How many templates go by LibreOffice, because Typst is not told of what is in them."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from rendering.typst.compiler import unknown_in
from schemas.documents import DocumentKind
from templates.catalogue import BrokenTemplate, load
from templates.expressions import BrokenExpression
from templates.library import Library


class TemplateMetrics:
    """Compiles all templates at the first scrape, some 50 ms each; they do not change later."""

    names = ("hanyin_templates_by_libreoffice",)

    def __init__(self, library: Library) -> None:
        self._library = library

    def read(self) -> Iterable[Metric]:
        """How many templates, shipped and own, LibreOffice converts."""
        return [
            GaugeMetricFamily(
                "hanyin_templates_by_libreoffice",
                "Templates that LibreOffice converts in place of Typst.",
                value=self._count,
            )
        ]

    @cached_property
    def _count(self) -> int:
        return sum(map(_goes_by_office, self._templates()))

    def _templates(self) -> Iterator[bytes]:
        yield from (load(kind).docx for kind in DocumentKind)
        for own in self._library.own:
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
