"""A flame graph as PNG, from what a sampling profiler wrote: ``FRAME;FRAME;… COUNT`` a line.

``py-spy record --subprocesses -f raw`` writes it. ``python -m bench.flames STACKS PNG`` draws it:
time goes from left to right, callers stand below what they call, the widest first.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _ROW, _MARGIN = 1800, 15, 4
#: narrower frames are left out
_NARROWEST = 0.7
#: frames of the program's start, which every stack has; process ids and line numbers
_BEFORE = re.compile(
    r"process |MainThread|Thread\.|thread \(|_bootstrap|<module>|_run_code|main \("
)
_LINE = re.compile(r":\d+\)$")
#: room by room a colour; what is of libraries is grey
_COLOURS = {
    "rendering/": "#e8a33d",
    "signing/": "#d9534f",
    "workers/": "#5b8def",
    "ledger/": "#58a55c",
    "archive/": "#9b6dd6",
    "cases/": "#4bb3b3",
}
_OTHER = "#c9c9c9"


@dataclass
class Frame:
    """A function, called by those below it."""

    samples: int = 0
    calls: dict[str, "Frame"] = field(default_factory=dict)


def read(lines: Iterable[str]) -> Frame:
    """All stacks of ``lines``, one on the other."""
    root = Frame()
    for line in lines:
        stack, _, count = line.rstrip().rpartition(" ")
        frame = root
        frame.samples += int(count)
        for name in stack.split(";"):
            if not _BEFORE.match(name):
                frame = frame.calls.setdefault(_LINE.sub(")", name), Frame())
                frame.samples += int(count)
    return root


def draw(root: Frame) -> Image.Image:
    """The graph, its foot at the bottom."""
    boxes = list(_boxes(root, 0, 0.0, _WIDTH))
    height = (max(depth for depth, *_ in boxes) + 1) * _ROW + 2 * _MARGIN
    picture = Image.new("RGB", (_WIDTH, height), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(10)
    for depth, left, right, name in boxes:
        bottom = height - _MARGIN - depth * _ROW
        box = (left, bottom - _ROW + 1, max(right - 1, left), bottom)
        pen.rectangle(box, fill=_colour(name))
        shown = name[: int((right - left) / 5.5)]
        if len(shown) > len("abc"):
            pen.text((left + 2, bottom - _ROW + 1), shown, fill="black", font=font)
    return picture


def _boxes(
    frame: Frame, depth: int, left: float, right: float
) -> Iterator[tuple[int, float, float, str]]:
    a_sample = (right - left) / frame.samples
    for name, called in sorted(frame.calls.items(), key=lambda call: -call[1].samples):
        end = left + a_sample * called.samples
        if end - left >= _NARROWEST:
            yield depth, left, end, name
            yield from _boxes(called, depth + 1, left, end)
        left = end


def _colour(name: str) -> str:
    return next((colour for room, colour in _COLOURS.items() if f"({room}" in name), _OTHER)


def main(stacks: str, target: str) -> None:
    draw(read(Path(stacks).read_text(encoding="utf-8").splitlines())).save(target, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
