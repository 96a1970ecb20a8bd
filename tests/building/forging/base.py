"""A sealed letter, and what an update of it has to name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import pikepdf

from tests.building.levels import raised
from tests.building.programs import saved_by_qpdf, sealed_base
from tests.building.sealing import plain_pdf, sealed


@dataclass(frozen=True, kw_only=True)
class Base:
    """A sealed letter of one page."""

    pdf: bytes = field(repr=False)
    #: numbers of the objects that updates are about
    root: int
    pages: int
    page: int
    content: int
    form: int
    #: those objects as they are, spelled plainly
    objects: dict[int, bytes] = field(repr=False)
    #: one above the highest number, and the last section's offset
    size: int
    section: int
    #: entries of the last trailer that the next one repeats
    info: bytes
    identity: bytes
    #: True where its cross-reference sections are streams
    in_streams: bool


@cache
def bases() -> tuple[Base, ...]:
    """Letters with a table, with streams, and raised by the archive."""
    makes: tuple[Callable[[], bytes], ...] = (
        lambda: sealed().content,
        lambda: sealed_base(saved_by_qpdf(plain_pdf(), packed=True)),
        lambda: raised(sealed().content),
    )
    return tuple(base_of(make()) for make in makes)


def base_of(pdf: bytes) -> Base:
    """``pdf``, a sealed letter, as updates see it."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root, page = opened.Root, opened.pages[0].obj
        content = page.Contents[0] if isinstance(page.Contents, pikepdf.Array) else page.Contents
        held = {"root": root, "pages": root.Pages, "page": page, "form": root.AcroForm}
        numbers = {name: each.objgen[0] for name, each in held.items()}
        return Base(
            pdf=pdf,
            **numbers,
            content=content.objgen[0],
            objects={each.objgen[0]: each.unparse(resolved=True) for each in held.values()},
            size=int(opened.trailer.Size),
            section=int(re.findall(rb"startxref\s+(\d+)", pdf)[-1]),
            info=opened.trailer.Info.unparse() if "/Info" in opened.trailer else b"",
            identity=b"<%s> <%s>" % tuple(bytes(part).hex().encode() for part in opened.trailer.ID),
            in_streams=b"/XRef" in pdf,
        )
