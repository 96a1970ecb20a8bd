"""The demo's gallery: each letter's pages as pictures beside its data, as local HTML."""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.language import say
from rendering.pictures import pages_as_png

#: dots per inch of the pictures: a page is some 600 pixels wide
_DPI = 72

_STYLE = """
body { font-family: system-ui, sans-serif; margin: 2rem; background: #f4f4f2; color: #222; }
h1 { font-weight: 600; } .note { color: #666; }
article { display: flex; gap: 1.5rem; background: #fff; margin: 1.5rem 0; padding: 1.2rem;
  box-shadow: 0 1px 3px #0002; align-items: flex-start; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0;
  min-width: 20rem; max-width: 26rem; overflow-wrap: anywhere; font-size: .9rem; }
dt { color: #777; } dd { margin: 0; }
.pages { display: flex; flex-wrap: wrap; gap: .8rem; }
.pages img { width: 18rem; border: 1px solid #ddd; }
"""


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One letter of the gallery."""

    #: the fields that stand beside the pictures, in order
    fields: Mapping[str, Any]
    sha256: str
    #: gives the sealed PDF; called only where its pictures are not there yet
    content: Callable[[], bytes]


def write_gallery(folder: Path, exhibits: Iterable[Exhibit], *, each: Callable[[], None]) -> Path:
    """``folder/index.html`` shows every exhibit; its path. ``each`` is called after each letter.

    Pictures are named by the digest of their letter, so what is there already is not drawn again.
    """
    pictures = folder / "pages"
    pictures.mkdir(parents=True, exist_ok=True, mode=0o700)
    articles = []
    for exhibit in exhibits:
        names = _pictures(pictures, exhibit)
        articles.append(_article(exhibit, names))
        each()
    index = folder / "index.html"
    index.write_text(_page(articles), encoding="utf-8")
    return index


def _pictures(folder: Path, exhibit: Exhibit) -> list[str]:
    there = sorted(folder.glob(f"{exhibit.sha256}-*.png"), key=lambda path: path.name)
    if there:
        return [path.name for path in there]
    names = []
    for number, picture in enumerate(pages_as_png(exhibit.content(), dpi=_DPI), start=1):
        name = f"{exhibit.sha256}-{number:03d}.png"
        (folder / name).write_bytes(picture)
        names.append(name)
    return names


def _article(exhibit: Exhibit, names: list[str]) -> str:
    rows = "".join(
        f"<dt>{html.escape(str(name))}</dt><dd>{html.escape(str(value))}</dd>"
        for name, value in exhibit.fields.items()
        if value is not None
    )
    images = "".join(
        f'<a href="pages/{name}"><img src="pages/{name}" alt="" loading="lazy"></a>'
        for name in names
    )
    return f'<article><dl>{rows}</dl><div class="pages">{images}</div></article>'


def _page(articles: list[str]) -> str:
    title = say("函印演示：已用印归档的文书", "Hanyin demo: letters, sealed and archived")
    note = say(
        "全部人员、账户均为虚构；印章与证书标有 DEMO，无法律效力。",
        "Every person and account is invented; seal and certificate say DEMO and bind nobody.",
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><p class=note>{note}</p>"
        f"{''.join(articles)}</html>\n"
    )
