"""Golden pages: what a kind's sample looked like when somebody last looked at it.

``templates/<kind>/golden.json`` holds each word with its place, ``golden-1.png`` … the pages.
Words are compared with a tolerance, so that another Typst may round differently; pictures only
under the Typst that drew them. ``python -m rendering.golden [KIND…]`` makes them anew
after a template was changed on purpose: look at the pictures before they are committed.
"""

import html
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops
from pypdf import PdfReader

from rendering.building import build_renderer
from rendering.pictures import pages_as_png
from rendering.preview import drawn_sample
from schemas.documents import DocumentKind, FormPdf, RenderedPdf
from schemas.errors import Misconfigured
from templates.catalogue import HOME

#: points that a word may stand elsewhere: half a character of the body is 8
TOLERANCE = 2.0
#: dots per inch of the pictures: a stroke is still seen
_DPI = 72
#: greys that a golden picture is kept in: enough to see a stroke, in a fifth of the bytes. Evenly
#: spaced, so that none is further than half a step from what was drawn
_GREYS = 16
#: grey levels of 255 that a pixel may differ by before it counts, for what smooths edges
_FAINT = 64
#: share of a page's pixels that may count; one character of the body is 0.05 %
_FEW = 0.0002
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)

#: a letter, or a form that goes out with one
Drawn = RenderedPdf | FormPdf


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word on a page with its box, points from the upper left corner."""

    #: 1-based
    page: int
    text: str
    box: tuple[float, float, float, float]


def differences(kind: DocumentKind, rendered: Drawn, home: Path = HOME) -> list[str]:
    """In what ``rendered``, of the kind's sample, differs from its golden pages; empty: nothing.

    Raises ``Misconfigured`` where there are no golden pages or they cannot be read.
    """
    folder = home / kind.value
    producer, golden = _read(folder / "golden.json")
    found = list(_moved(golden, words_of(rendered.content)))
    if producer == _producer(rendered.content):
        found += _redrawn(folder, list(pages_as_png(rendered.content, dpi=_DPI)))
    return found


def remake(kind: DocumentKind, rendered: Drawn, home: Path = HOME) -> None:
    """The kind's golden pages are those of ``rendered``; none of an older letter is left."""
    folder = home / kind.value
    for picture in folder.glob("golden-*.png"):
        picture.unlink()
    for number, content in enumerate(pages_as_png(rendered.content, dpi=_DPI), start=1):
        _in_few_greys(content).save(folder / f"golden-{number}.png", optimize=True, bits=4)
    rows = [
        json.dumps([word.page, *word.box, word.text], ensure_ascii=False)
        for word in words_of(rendered.content)
    ]
    # a word a line: a change is read in the diff
    text = ",\n".join(rows)
    producer = json.dumps(_producer(rendered.content))
    (folder / "golden.json").write_text(
        f'{{"producer": {producer}, "words": [\n{text}\n]}}\n', encoding="utf-8"
    )


def _in_few_greys(picture: bytes) -> Image.Image:
    """The picture in ``_GREYS`` evenly spaced greys, black and white among them."""
    step = 255 // (_GREYS - 1)
    indices = (
        Image.open(io.BytesIO(picture))
        .convert("L")
        .point([round(level / step) for level in range(256)])
    )
    greys = Image.frombytes("P", indices.size, indices.tobytes())
    greys.putpalette([index * step for index in range(_GREYS) for _ in "rgb"])
    return greys


def words_of(pdf: bytes) -> list[Word]:
    """Every word with its box, as poppler's pdftotext reads the file."""
    try:
        ended = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Misconfigured(
            "pdftotext 不能运行；请安装 poppler-utils",
            "pdftotext does not run; install poppler-utils",
        ) from error
    pages = ended.stdout.decode("utf-8").split("<page ")[1:]
    return [
        Word(page=number, text=html.unescape(match[5]), box=_box(match))
        for number, page in enumerate(pages, start=1)
        for match in _WORD.finditer(page)
    ]


def _box(match: re.Match[str]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(float(match[index]), 1) for index in range(1, 5))
    return (left, top, right, bottom)


def _producer(pdf: bytes) -> str:
    """The program that wrote the file, e.g. Typst 0.15.2."""
    information = PdfReader(io.BytesIO(pdf)).metadata
    named = (information.creator, information.producer) if information else ()
    return " ".join(filter(None, named))


def _read(file: Path) -> tuple[str, list[Word]]:
    try:
        golden = json.loads(file.read_text(encoding="utf-8"))
        words = [
            Word(page=page, box=(left, top, right, bottom), text=text)
            for page, left, top, right, bottom, text in golden["words"]
        ]
        return golden["producer"], words
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Misconfigured(
            f"{file} 无法读取；请用 python -m rendering.golden 重做",
            f"{file} cannot be read; make it anew with `python -m rendering.golden`",
        ) from error


def _moved(golden: Sequence[Word], now: Sequence[Word]) -> Iterator[str]:
    for index, (old, new) in enumerate(zip(golden, now, strict=False)):
        if (old.page, old.text) != (new.page, new.text):
            # everything behind it differs too
            yield f"word {index}: page {new.page} {new.text!r}, was page {old.page} {old.text!r}"
            return
        by = max(abs(was - there) for was, there in zip(old.box, new.box, strict=True))
        if by > TOLERANCE:
            yield f"word {index}: {new.text!r} on page {new.page} moved by {by:.1f} points"
    if len(golden) != len(now):
        yield f"{len(now)} words, was {len(golden)}"


def _redrawn(folder: Path, pictures: Sequence[bytes]) -> Iterator[str]:
    golden = sorted(folder.glob("golden-*.png"), key=lambda file: int(file.stem.split("-")[1]))
    if len(golden) != len(pictures):
        yield f"{len(pictures)} pages, was {len(golden)}"
    for file, content in zip(golden, pictures, strict=False):
        share = _share(file.read_bytes(), content)
        if share > _FEW:
            yield f"{file.name}: {share:.3%} of the page looks otherwise"


def _share(one: bytes, other: bytes) -> float:
    """The share of pixels that differ, 1 where the sizes do."""
    left, right = (Image.open(io.BytesIO(content)).convert("L") for content in (one, other))
    if left.size != right.size:
        return 1.0
    counts = ImageChops.difference(left, right).histogram()
    return sum(counts[_FAINT:]) / (left.width * left.height)


def main(names: Sequence[str]) -> None:
    """The golden pages of the kinds ``names`` are made anew; of all kinds where there is none."""
    kinds = [DocumentKind(name) for name in names] or list(DocumentKind)
    with TemporaryDirectory(prefix="hanyin-golden-") as folder:
        renderer = build_renderer(work_dir=Path(folder))
        try:
            for kind in kinds:
                remake(kind, drawn_sample(renderer, kind))
        finally:
            renderer.close()


if __name__ == "__main__":
    main(sys.argv[1:])
