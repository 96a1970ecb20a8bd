"""``python -m tests.side_by_side FOLDER``: each kind's sample by Typst, left, and LibreOffice."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from rendering.building import build_renderer
from rendering.pictures import pages_as_png
from rendering.preview import drawn_sample
from rendering.renderer import Renderer
from schemas.documents import DocumentKind

#: dots per inch, greys, and pixels between pages
_DPI, _GREYS, _GAP = 45, 8, 6
_BEHIND = 200


def pages_of(renderer: Renderer, kind: DocumentKind) -> list[Image.Image]:
    """The pages of the kind's sample."""
    content = drawn_sample(renderer, kind).content
    return [Image.open(io.BytesIO(page)).convert("L") for page in pages_as_png(content, dpi=_DPI)]


def beside(left: Sequence[Image.Image], right: Sequence[Image.Image]) -> Image.Image:
    """The pages of both in a row, with a wider gap between them."""
    width, height = left[0].width + _GAP, left[0].height + 2 * _GAP
    picture = Image.new("L", ((len(left) + len(right)) * width + 3 * _GAP, height), _BEHIND)
    for index, page in enumerate((*left, *right)):
        gap = _GAP if index < len(left) else 2 * _GAP
        picture.paste(page, (index * width + gap, _GAP))
    return picture


def main(folder: Path) -> None:
    """A picture a kind is in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="hanyin-side-") as work:
        typst = build_renderer(work_dir=Path(work) / "typst")
        office = build_renderer(work_dir=Path(work) / "office", typst=False)
        for kind in DocumentKind:
            picture = beside(pages_of(typst, kind), pages_of(office, kind))
            greys = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=_GREYS)
            greys.save(folder / f"{kind.value}.png", optimize=True, bits=4)
        typst.close()
        office.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
