"""Word files with one construct in them, as Word writes it: for tests of the compiler."""

import io
import zipfile
from collections.abc import Mapping

from lxml import etree

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = (
    f'xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_FONTS = 'w:ascii="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:cs="仿宋_GB2312"'
_STYLES = (
    f"<w:styles {_SPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {_FONTS}/>"
    '<w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
    "</w:styles>"
)
PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984"'
    ' w:left="1587" w:header="1020" w:footer="1247" w:gutter="0"/>'
)
_TYPES = {
    "xml": "application/xml",
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "png": "image/png",
}
_KINDS = {"document": "document.main"}


def word_file(
    body: str, *, section: str = PAGE, parts: Mapping[str, bytes | str] | None = None
) -> bytes:
    """A Word file with ``body`` and these ``parts`` of ``word/``; relations are named as files."""
    own = {"styles.xml": _STYLES, **(parts or {})}
    own["document.xml"] = f"<w:body>{body}<w:sectPr>{section}</w:sectPr></w:body>"
    made: dict[str, bytes] = {}
    for name, content in own.items():
        made[f"word/{name}"] = content if isinstance(content, bytes) else _part(name, content)
    made["[Content_Types].xml"] = _content_types(own)
    made["_rels/.rels"] = _relations({"document": "word/document.xml"})
    made["word/_rels/document.xml.rels"] = _relations(
        {name.rpartition("/")[2].partition(".")[0]: name for name in own if name != "document.xml"}
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _part(name: str, content: str) -> bytes:
    root = {"document": "document", "header": "hdr", "footer": "ftr"}.get(_kind(name))
    whole = f"<w:{root}>{content}</w:{root}>" if root else content
    if "xmlns:w=" not in whole:
        whole = whole.replace(">", f" {_SPACES}>", 1)
    etree.fromstring(whole)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{whole}'.encode()


def _kind(name: str) -> str:
    """``header`` for ``header1.xml``."""
    return name.partition(".")[0].rstrip("123456789")


def _content_types(parts: Mapping[str, object]) -> bytes:
    defaults = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in _TYPES.items())
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{word}.{_KINDS.get(stem, stem)}+xml"/>'
        for name in parts
        if name.endswith(".xml") and (stem := _kind(name))
    )
    types = f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{overrides}</Types>'
    return types.encode()


def _relations(named: Mapping[str, str]) -> bytes:
    kinds = {"document": "officeDocument", "p": "image"}
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kinds.get(name, _kind(name))}"'
        f' Target="{target}"/>'
        for name, target in named.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'.encode()


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )
