"""PDF/A-2b (ISO 19005-2), checked by our own reading: what a letter could break."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from lxml import etree

_AID = "{http://www.aiim.org/pdfa/ns/id/}"
#: annotation flags (ISO 32000-1, table 165): Invisible, Hidden, NoView, ToggleNoView; Print
_UNSEEN, _PRINT = 0b1_0010_0011, 0b100
_ACTIONS = {"/GoTo", "/URI", "/Named", "/GoToR", "/Thread", "/SubmitForm"}
_BLENDS = {
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"),
    *("/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"),
    *("/Hue", "/Saturation", "/Color", "/Luminosity"),
}


def faults(content: bytes) -> list[str]:
    """What keeps the file from being PDF/A-2b, each with the clause; none for a good one."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return sorted({*_file(content, pdf), *_catalogue(pdf), *_objects(pdf), *_notes(pdf)})


def _file(content: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    lines = content.split(b"\n", 2)
    if not content.startswith(b"%PDF-1.") or min(lines[1][1:5], default=0) < 128:
        yield "6.1.2: the head, or the remark behind it"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "6.1.3: no /ID"
    if pdf.is_encrypted:
        yield "6.1.3: encrypted"
    if not content.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: something behind the end"


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    yield from _metadata(pdf)
    intents = [i for i in root.get("/OutputIntents", ()) if i.get("/S") == "/GTS_PDFA1"]
    if not any("/DestOutputProfile" in intent for intent in intents):
        yield "6.2.3: no output intent"
    for name in ("/AA", "/OCProperties", "/NeedsRendering", "/Requirements"):
        if name in root:
            yield f"6.5, 6.9, 6.4: {name} in the catalogue"
    if "/EmbeddedFiles" in root.get("/Names", {}) or "/JavaScript" in root.get("/Names", {}):
        yield "6.8, 6.5.1: files or scripts embedded"
    if set(root.get("/Perms", {}).keys()) - {"/DocMDP", "/UR3"}:
        yield "6.1.12: other permissions"
    form: Any = root.get("/AcroForm", pikepdf.Dictionary())
    if form.get("/NeedAppearances") or "/XFA" in form:
        yield "6.4.1: a form that readers fill in"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root or "/Filter" in pdf.Root.Metadata:
        yield "6.6.2: no plain metadata stream"
        return
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes())
    said = {str(e.tag): (e.text or "") for e in packet.iter() if isinstance(e.tag, str)}
    for element in packet.iter():
        said.update({str(name): str(value) for name, value in element.attrib.items()})
    if (said.get(f"{_AID}part"), said.get(f"{_AID}conformance")) not in {("2", "A"), ("2", "B")}:
        yield "6.6.4: not said to be PDF/A-2b"
    information: Any = pdf.trailer.get("/Info", pikepdf.Dictionary())
    title = information.get("/Title")
    if title is not None and str(title) not in "".join(str(t) for t in packet.itertext()):
        yield "6.6.3: /Info and XMP differ"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            yield from _stream(item)
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from _dictionary(item)


def _stream(item: Any) -> Iterator[str]:
    filters = item.get("/Filter", [])
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
    if any(str(name) in {"/LZWDecode", "/Crypt"} for name in names):
        yield "6.1.7: LZW or Crypt"
    if "/F" in item or "/FFilter" in item:
        yield "6.1.7: a stream outside of the file"
    if item.get("/Subtype") == "/Image" and item.get("/Interpolate"):
        yield "6.2.8: an interpolated image"
    if item.get("/Subtype") == "/PS" or "/Ref" in item or "/OPI" in item:
        yield "6.2.9: PostScript, or content elsewhere"


def _dictionary(item: Any) -> Iterator[str]:
    if item.get("/Type") == "/Font":
        yield from _font(item)
    if "/S" in item and item.get("/Type") == "/Action" and str(item.S) not in _ACTIONS:
        yield f"6.5.1: an action {item.S}"
    if item.get("/S") == "/JavaScript" or "/JS" in item:
        yield "6.5.1: a script"
    if item.get("/Type") == "/ExtGState" or "/BM" in item:
        if "/TR" in item or str(item.get("/TR2", "/Default")) != "/Default":
            yield "6.2.5: a transfer function"
        if "/BM" in item and str(item.BM) not in _BLENDS:
            yield "6.2.10: an unknown blend mode"


def _font(font: Any) -> Iterator[str]:
    kind = str(font.get("/Subtype"))
    # asked for by level U; a letter's text must be found and copied
    if not kind.startswith("/CIDFont") and "/ToUnicode" not in font:
        yield "6.2.11.7: a font without ToUnicode"
    if kind in {"/Type0", "/Type3"}:
        return
    descriptor = font.get("/FontDescriptor", {})
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
        yield f"6.2.11.4: {font.get('/BaseFont')} is not embedded"


def _notes(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        if "/AA" in page.obj:
            yield "6.5.2: actions on a page"
        for note in page.obj.get("/Annots", ()):
            yield from _note(note)


def _note(note: Any) -> Iterator[str]:
    flags = int(note.get("/F", 0))
    if note.get("/Subtype") != "/Popup" and (flags & _UNSEEN or not flags & _PRINT):
        yield "6.3.2: an annotation that does not print as it is shown"
    corners = [float(corner) for corner in note.Rect]
    empty = corners[0] == corners[2] and corners[1] == corners[3]
    seen = note.get("/Subtype") not in {"/Popup", "/Link"} and not empty
    if seen and set(note.get("/AP", {}).keys()) != {"/N"}:
        yield "6.3.3: an annotation without its own look"
    if "/AA" in note or note.get("/Subtype") in {"/Movie", "/Sound", "/Screen", "/3D"}:
        yield "6.3.1, 6.5.2: an annotation of a kind that is not allowed"
