"""A Word file as far as the catalogue must look into it: its parts, never its macros or links."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Self

from lxml import etree

from schemas.sentence import BilingualError

#: WordprocessingML (ECMA-376) in braces, as lxml writes qualified names
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
#: parts whose marks are filled in: body, headers and footers
_FILLED = re.compile(r"word/(document|header[0-9]*|footer[0-9]*)\.xml")
_XML = (".xml", ".rels")
#: bytes a template may unpack to, and parts it may have; a hundred times what one needs
_LIMIT = 32 * 1024 * 1024
_MOST_PARTS = 1000
#: a part's name (ECMA-376 part 2, 6.2.2): no empty, hidden or rising step, no other separator
_PART_NAME = re.compile(r"(?!.*(^|/)\.\.?(/|$))[^/\\:\0][^\\:\0]*")


class BrokenWordFile(BilingualError, ValueError):
    """The bytes are no Word file; the text says why."""


@dataclass(frozen=True, kw_only=True)
class WordFile:
    """The parts of a Word file by name."""

    parts: dict[str, bytes]

    @classmethod
    def read(cls, content: bytes) -> Self:
        """The Word file that ``content`` is; raises BrokenWordFile otherwise."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                _demand_modest(package.infolist())
                parts = {name: package.read(name) for name in package.namelist()}
                # WPS writes an entry for each folder
                parts = {name: part for name, part in parts.items() if part or name[-1] != "/"}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BrokenWordFile("不是 ZIP 包", "it is not a ZIP package") from error
        except RuntimeError as error:  # what zipfile raises for an encrypted entry
            raise BrokenWordFile("已加密", "it is encrypted") from error
        file = cls(parts=parts)
        for name in (DOCUMENT, STYLES, *(name for name in parts if name.endswith(_XML))):
            file.tree(name)
        return file

    @property
    def unpacked(self) -> int:
        """Bytes of all parts; what LibreOffice has to read for each letter."""
        return sum(map(len, self.parts.values()))

    def tree(self, name: str) -> etree._Element:
        """The part ``name`` parsed; raises BrokenWordFile."""
        if name not in self.parts:
            raise BrokenWordFile(f"缺少 {name}", f"it has no {name}")
        return parsed(name, self.parts[name])

    def pages(self) -> dict[str, etree._Element]:
        """The parts that are printed or say how: document, styles, headers, footers, notes."""
        return {
            name: self.tree(name)
            for name in sorted(self.parts)
            if name.startswith("word/") and name.count("/") == 1 and name.endswith(".xml")
        }


def parsed(name: str, content: bytes) -> etree._Element:
    """The part parsed without entities and network; raises BrokenWordFile."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        # marks are filled in as UTF-8, so that is what the part is, whatever it declares
        content.decode("utf-8")
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BrokenWordFile(f"{name} 不是 XML", f"its {name} is not XML") from error
    except UnicodeDecodeError as error:
        raise BrokenWordFile(f"{name} 不是 UTF-8", f"its {name} is not in UTF-8") from error
    about = tree.getroottree().docinfo
    if about.doctype:
        # entities and files from elsewhere; Office writes none (ECMA-376 part 2, 6.2.5)
        raise BrokenWordFile(f"{name} 声明了文档类型", f"its {name} declares a document type")
    if (about.encoding or "UTF-8").upper() not in {"UTF-8", "US-ASCII", "ASCII"}:
        raise BrokenWordFile(f"{name} 不是 UTF-8", f"its {name} is not in UTF-8")
    if b"<![CDATA[" in content:
        # a value in it would not be escaped; Office writes none
        raise BrokenWordFile(f"{name} 含有 CDATA 段", f"its {name} holds a CDATA section")
    return tree


def _demand_modest(entries: list[zipfile.ZipInfo]) -> None:
    """Nothing, where the package is one that Office would write; else BrokenWordFile."""
    names = [entry.filename for entry in entries]
    if sum(entry.file_size for entry in entries) > _LIMIT or len(entries) > _MOST_PARTS:
        raise BrokenWordFile(
            "解开后超过 32 MB 或 1000 个部件", "it unpacks to more than 32 MB or 1000 parts"
        )
    if len({name.casefold() for name in names}) < len(names):
        # which of two is read depends on the reader
        raise BrokenWordFile("有部件出现两次", "a part is in it twice")
    if not all(map(_PART_NAME.fullmatch, names)):
        raise BrokenWordFile("有部件的名称通向包外", "a part has a name that leads out of it")


def is_filled(part: str) -> bool:
    """Whether marks in the part of that name are filled in."""
    return _FILLED.fullmatch(part) is not None


def text_of(tree: etree._Element) -> str:
    """The text of a part, a line a paragraph, tabs as tabs."""
    lines = []
    for paragraph in tree.iter(f"{W}p"):
        pieces = (
            "\t" if node.tag == f"{W}tab" else node.text or ""
            for node in paragraph.iter(f"{W}t", f"{W}tab")
            if node.getparent().tag == f"{W}r"
        )
        lines.append("".join(pieces))
    return "\n".join(lines)
