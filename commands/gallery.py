"""The demo's gallery: each letter's pages as pictures, its PDF and its data, as local HTML."""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from commands.language import current, say
from rendering.pictures import pages_as_png

#: dots per inch of the pictures: a page is some 600 pixels wide
_DPI = 72

#: for a telephone of 360 pixels first; nothing is wider than the window
_STYLE = """
* { box-sizing: border-box; }
body { font-family: system-ui, sans-serif; margin: 0; padding: 1rem; background: #f4f4f2;
  color: #222; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; font-weight: 600; } h2 { font-size: 1.1rem; margin: 2rem 0 0; }
.note { color: #666; } a { color: #0b57a4; }
nav ul { list-style: none; padding: 0; margin: 0; max-width: 30rem; }
nav li { display: flex; justify-content: space-between; align-items: center;
  border-bottom: 1px solid #ddd; }
nav a { padding: .5rem 0; }
article { background: #fff; margin: 1rem 0; padding: .8rem; box-shadow: 0 1px 3px #0002; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem .8rem;
  align-items: baseline; margin: 0 0 .8rem; font-size: .9rem; }
dt { color: #777; } dd { margin: 0; }
.pages { display: flex; flex-wrap: wrap; gap: .8rem; }
.pages a { flex: 0 1 18rem; min-width: 0; }
.pages img { display: block; width: 100%; height: auto; border: 1px solid #ddd; }
@media (min-width: 60rem) {
  body { padding: 2rem; }
  article { display: flex; gap: 1.5rem; align-items: flex-start; }
  dl { flex: 0 0 24rem; }
}
"""


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One letter of the gallery."""

    #: the kind of document: its code, and what a person calls it
    kind: str
    kind_in_words: str
    number: str
    #: the fields that stand beside the pictures, in order
    fields: Mapping[str, Any]
    sha256: str
    #: gives the sealed PDF; called only where it is not there yet
    content: Callable[[], bytes]


def write_gallery(folder: Path, exhibits: Sequence[Exhibit], *, each: Callable[[], None]) -> Path:
    """``folder/index.html`` shows every exhibit; its path. ``each`` is called after each letter.

    Exhibits of a kind stand together, in their order. PDFs and pictures are named by the digest of
    their letter, so what is there already is not written again.
    """
    pictures, letters = folder / "pages", folder / "letters"
    for made in (pictures, letters):
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
    sections = []
    for kind, several in groupby(exhibits, key=lambda exhibit: exhibit.kind):
        articles = []
        for exhibit in several:
            names = _pictures(pictures, letters, exhibit)
            articles.append(_article(exhibit, names))
            each()
        title = html.escape(exhibit.kind_in_words)
        sections.append(f'<section id="{kind}"><h2>{title}</h2>{"".join(articles)}</section>')
    index = folder / "index.html"
    index.write_text(_page(exhibits, sections), encoding="utf-8")
    return index


def _pictures(folder: Path, letters: Path, exhibit: Exhibit) -> list[str]:
    """The names of its pictures; its PDF is there too."""
    letter = letters / f"{exhibit.sha256}.pdf"
    there = sorted(folder.glob(f"{exhibit.sha256}-*.png"), key=lambda path: path.name)
    if there and letter.exists():
        return [path.name for path in there]
    content, names = exhibit.content(), []
    for number, picture in enumerate(pages_as_png(content, dpi=_DPI), start=1):
        name = f"{exhibit.sha256}-{number:03d}.png"
        (folder / name).write_bytes(picture)
        names.append(name)
    letter.write_bytes(content)
    return names


def _article(exhibit: Exhibit, names: list[str]) -> str:
    number = html.escape(exhibit.number)
    rows = "".join(
        f"<dt>{html.escape(str(name))}</dt><dd>{html.escape(str(value))}</dd>"
        for name, value in exhibit.fields.items()
        if value is not None
    )
    link = f'<a href="letters/{exhibit.sha256}.pdf" download="{number}.pdf">{number}.pdf</a>'
    images = "".join(
        f'<a href="pages/{name}"><img src="pages/{name}" loading="lazy" width="595" height="842"'
        f' alt="{say(f"{number} 第 {page} 页", f"{number}, page {page}")}"></a>'
        for page, name in enumerate(names, start=1)
    )
    return (
        f"<article><dl>{rows}<dt>PDF</dt><dd>{link}</dd></dl>"
        f'<div class="pages">{images}</div></article>'
    )


def _contents(exhibits: Iterable[Exhibit]) -> str:
    lines = []
    for kind, several in groupby(exhibits, key=lambda exhibit: exhibit.kind):
        group = list(several)
        title = html.escape(group[0].kind_in_words)
        lines.append(f'<li><a href="#{kind}">{title}</a><span>{len(group)}</span></li>')
    return f"<nav><ul>{''.join(lines)}</ul></nav>"


def _page(exhibits: Sequence[Exhibit], sections: list[str]) -> str:
    title = say("函印演示：已用印归档的文书", "Hanyin demo: letters, sealed and archived")
    note = say(
        "全部人员、账户均为虚构；印章与证书标有 DEMO，无法律效力。时间为北京时间。",
        "Every person and account is invented; seal and certificate say DEMO and bind nobody."
        " Times are those of China (UTC+8).",
    )
    language = "zh-CN" if current() == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1><p class=note>{note}</p>"
        f"{_contents(exhibits)}{''.join(sections)}</html>\n"
    )
