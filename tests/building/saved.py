"""Word files as other programs save them: the same words, with what each writes by itself.

Read off files that Word 2016, WPS 11 and LibreOffice 7.4 had saved.
"""

import io
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

from docx import Document
from lxml import etree

from templates.vocabulary import W14, W15, W16CID
from templates.word import W, WordFile
from tests.building.renderers import installed_office

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_NAMES = {
    "mc": _COMPATIBILITY,
    "w14": W14[1:-1],
    "w15": W15[1:-1],
    "w16cid": W16CID[1:-1],
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "wpsCustomData": "http://www.wps.cn/officeDocument/2013/wpsCustomData",
}
_CUSTOM = (
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-11.1.0.14036</vt:lpwstr></property></Properties>"
)
_WPS_DATA = (
    f'<s:customData xmlns="{_NAMES["wpsCustomData"]}" xmlns:s="{_NAMES["wpsCustomData"]}">'
    "<customSectProps><customSectPr/></customSectProps></s:customData>"
)
_WEB = f'<w:webSettings xmlns:w="{W[1:-1]}"><w:optimizeForBrowser/><w:allowPNG/></w:webSettings>'
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader w:val="1"/>'
    '<w:documentProtection w:enforcement="0"/><w:defaultTabStop w:val="420"/>'
    '<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl'
    ' w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/>'
    '<w:useFELayout/><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:docVars>'
    '<w:docVar w:name="commondata" w:val="eyJoZGlkIjoiMSJ9"/></w:docVars><w:rsids>'
    '<w:rsidRoot w:val="00AB12CD"/></w:rsids><w:themeFontLang w:val="en-US"'
    ' w:eastAsia="zh-CN"/><w:uiCompat97To2003/><w:decimalSymbol w:val="."/><w15:docId'
    ' w15:val="{00000000-0000-0000-0000-000000000000}"/>'
)
#: how the first page looks, in a format of Windows
_WMF = b"\xd7\xcd\xc6\x9a" + bytes(60)


def by_python_docx(docx: bytes) -> bytes:
    """Opened and saved by python-docx."""
    saved = io.BytesIO()
    Document(io.BytesIO(docx)).save(saved)
    return saved.getvalue()


def by_word(docx: bytes) -> bytes:
    """As Word saves it."""
    return _saved(docx, _of_word, {"word/webSettings.xml": _WEB.encode()}, folders=False)


def by_wps(docx: bytes) -> bytes:
    """As WPS saves it: Word's habits, and its own."""
    own = {
        "docProps/custom.xml": _CUSTOM.encode(),
        "docProps/thumbnail.wmf": _WMF,
        "customXml/item1.xml": _WPS_DATA.encode(),
    }
    return _saved(docx, _of_wps, own, folders=True)


def by_libreoffice(docx: bytes, folder: Path) -> bytes:
    """Opened and saved by LibreOffice; the test skips where there is none."""
    program = str(installed_office().with_name("soffice"))
    source, target = folder / "template.docx", folder / "saved"
    source.write_bytes(docx)
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    words = [program, "--headless", profile, "--convert-to", "docx:MS Word 2007 XML"]
    subprocess.run(
        [*words, "--outdir", str(target), str(source)], check=True, capture_output=True, timeout=120
    )
    return (target / source.name).read_bytes()


def _saved(
    docx: bytes,
    change: Callable[[etree._Element], None],
    more: Mapping[str, bytes],
    *,
    folders: bool,
) -> bytes:
    parts = WordFile.read(docx).parts | dict(more)
    for name in sorted(parts):
        if name.startswith("word/") and name.count("/") == 1 and name.endswith(".xml"):
            tree = _with_names(etree.fromstring(parts[name]))
            change(tree)
            parts[name] = etree.tostring(
                tree, xml_declaration=True, encoding="UTF-8", standalone=True
            )
    parts["[Content_Types].xml"] = _typed(parts["[Content_Types].xml"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for folder in sorted({f"{name.rpartition('/')[0]}/" for name in parts if "/" in name}):
            if folders:
                package.writestr(folder, b"")
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def _typed(types: bytes) -> bytes:
    tree = etree.fromstring(types)
    space = tree.tag.rpartition("}")[0] + "}"
    if all(each.get("Extension") != "wmf" for each in tree):
        etree.SubElement(tree, f"{space}Default", Extension="wmf", ContentType="image/x-wmf")
    content: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def _with_names(tree: etree._Element) -> etree._Element:
    """The same with the namespaces that Word and WPS declare at each part's root."""
    if tree.tag not in {f"{W}{name}" for name in ("document", "hdr", "ftr", "settings", "styles")}:
        return tree
    own = etree.Element(tree.tag, dict(tree.attrib), nsmap={**_NAMES, **tree.nsmap})
    own.set(f"{{{_COMPATIBILITY}}}Ignorable", "w14 w15 w16cid wp14")
    own.extend(list(tree))
    return own


def _of_word(tree: etree._Element) -> None:
    for number, paragraph in enumerate(tree.iter(f"{W}p")):
        paragraph.set(f"{W14}paraId", f"{number + 1:08X}")
        paragraph.set(f"{W}rsidR", "00AB12CD")
    for run in list(tree.iter(f"{W}r")):
        run.set(f"{W}rsidRPr", "00AB12CD")
        _tear(run)
    if tree.tag == f"{W}document":
        _go_back(tree)
    if tree.tag == f"{W}settings":
        _set(tree)
    for each in tree.iter(f"{W}abstractNum"):
        each.set(f"{W15}restartNumberingAfterBreak", "0")
    for each in tree.iter(f"{W}num"):
        each.set(f"{W16CID}durableId", "12345678")


def _of_wps(tree: etree._Element) -> None:
    _of_word(tree)
    for run in tree.iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        if properties is None:
            properties = etree.Element(f"{W}rPr")
            run.insert(0, properties)
        for each in _wps_looks(properties):
            properties.append(each)
    for table in tree.iter(f"{W}tbl"):
        _repeat_in_rows(table)


def _tear(run: etree._Element) -> None:
    """The run in two, as after a correction, with the spelling checker's mark between them."""
    texts = run.findall(f"{W}t")
    if len(texts) != 1 or len(texts[0].text or "") < 2:
        return
    (text,) = texts
    words = str(text.text)
    second = deepcopy(run)
    for child in list(second):
        if child.tag not in {f"{W}rPr", f"{W}t"}:
            second.remove(child)
    behind = list(run)[list(run).index(text) + 1 :]
    middle = len(words) // 2
    text.text, later = words[:middle], second.find(f"{W}t")
    if later is None:
        return
    later.text = words[middle:]
    for half in (text, later):
        half.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    second.extend(behind)
    run.addnext(second)
    run.addnext(etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))


def _go_back(tree: etree._Element) -> None:
    paragraph = next(tree.iter(f"{W}p"))
    paragraph.append(etree.Element(f"{W}bookmarkStart", {f"{W}id": "99", f"{W}name": "_GoBack"}))
    paragraph.append(etree.Element(f"{W}bookmarkEnd", {f"{W}id": "99"}))


def _set(settings: etree._Element) -> None:
    names = " ".join(f'xmlns:{name}="{space}"' for name, space in _NAMES.items())
    more = etree.fromstring(f'<x xmlns:w="{W[1:-1]}" {names}>{_SETTINGS}</x>')
    known = {each.tag for each in settings}
    settings.extend(each for each in more if each.tag not in known)


def _wps_looks(properties: etree._Element) -> Iterator[etree._Element]:
    if properties.find(f"{W}rFonts") is None:
        properties.insert(0, etree.Element(f"{W}rFonts", {f"{W}hint": "eastAsia"}))
    for name in ("b", "bCs", "i", "iCs", "caps"):
        if name in {"i", "iCs", "caps"} and properties.find(f"{W}{name}") is None:
            yield etree.Element(f"{W}{name}", {f"{W}val": "0"})
    if properties.find(f"{W}lang") is None:
        yield etree.Element(f"{W}lang", {f"{W}val": "en-US", f"{W}eastAsia": "zh-CN"})
    filled = etree.Element(f"{W14}textFill")
    colour = etree.SubElement(etree.SubElement(filled, f"{W14}solidFill"), f"{W14}schemeClr")
    colour.set(f"{W14}val", "tx1")
    yield filled


def _repeat_in_rows(table: etree._Element) -> None:
    """WPS says again in each row what the table says."""
    found = table.find(f"{W}tblPr")
    for row in table.findall(f"{W}tr"):
        said = etree.Element(f"{W}tblPrEx")
        for name in ("tblBorders", "tblLayout", "tblCellMar"):
            own = None if found is None else found.find(f"{W}{name}")
            if own is not None:
                said.append(deepcopy(own))
        row.insert(0, said)
