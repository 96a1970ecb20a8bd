"""The process in which Typst runs: ``python -m rendering.typst.host PARENT ROOT FONTS…``.

A request is a JSON line on standard input, the answer a JSON line on standard output with the
bytes of the PDF file behind it: ``{"folder", "timestamp", "marks", "forget"}`` → ``{"ok", "size",
"marks"}``, or ``{"ok": false, "reason"}``. ``folder`` is below ROOT and holds ``main.typ`` and what
it reads; FONTS are the folders in which font files may lie. It ends with its parent.
"""

import contextlib
import json
import os
import sys
from typing import Any, NamedTuple

from rendering.typst.confinement import confine, die_with


class Place(NamedTuple):
    """A folder with the compiler that keeps what it knows of it."""

    path: str
    compiler: Any


def main(parent: int, root: str, readable: list[str]) -> int:
    """Requests are answered until standard input ends."""
    die_with(parent)
    # one thread; no way to a package, should a source ever ask for one
    os.environ.update(RAYON_NUM_THREADS="1", HTTPS_PROXY="http://127.0.0.1:1")
    import typst  # noqa: PLC0415 -- reads the variables above

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[f"{root}/fonts"]
    )
    held = confine([root, *readable])
    known = [[each.path, each.index, each.family, each.weight] for each in fonts.fonts()]
    _answer({"ok": True, "held": held, "fonts": known})
    compilers: dict[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        for name in request["forget"]:
            compilers.pop(name, None)
        try:
            _convert(typst, fonts, root, compilers, request)
        except typst.TypstError as error:
            _answer({"ok": False, "reason": _reason(error.message)})
    return 0


def _convert(
    typst: Any, fonts: Any, root: str, compilers: dict[str, Any], request: dict[str, Any]
) -> None:
    folder = f"{root}/{request['folder']}"
    compiler = compilers.get(request["folder"])
    if compiler is None:
        compiler = typst.Compiler(
            input=f"{folder}/main.typ",
            root=folder,
            font_paths=fonts,
            package_path=f"{root}/none",
            package_cache_path=f"{root}/none",
        )
        compilers[request["folder"]] = compiler
    content = _made(typst, compiler, request["timestamp"])
    marks = {
        name: json.loads(compiler.query(f"<{name}>", field="value")) for name in request["marks"]
    }
    _answer({"ok": True, "size": len(content), "marks": marks}, content)


def _made(typst: Any, compiler: Any, timestamp: int) -> bytes:
    """The file, of the highest standards that it can be of.

    A picture without a description, a heading under none or an empty one keep a file from PDF/UA-1
    and from level A of PDF/A-2; the file says what it is.
    """
    for standards in (["a-2a", "ua-1"], ["a-2a"]):
        with contextlib.suppress(typst.TypstError):
            return bytes(
                compiler.compile(pdf_standards=standards, timestamp=timestamp, format="pdf")
            )
    return bytes(compiler.compile(pdf_standards="a-2b", timestamp=timestamp, format="pdf"))


def _reason(message: str) -> str:
    """What went wrong, in words of ours: Typst's may hold the letter's."""
    known = {
        "does not contain key": "missing_value",
        "text could not be displayed": "glyph_missing",
        "could not be mapped": "glyph_missing",
    }
    return next((word for part, word in known.items() if part in message), "typst")


def _answer(message: dict[str, Any], content: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(message).encode() + b"\n" + content)
    out.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
