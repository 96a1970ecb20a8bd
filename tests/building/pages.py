"""Letters whose pages say what a test wants, in Chinese, without LibreOffice."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from schemas.documents import RenderedPdf, SealSpot
from tests.building.sealing import A4, AT, NUMBER, sealer

_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Hanyin def 1 begincodespacerange <00> <FF> endcodespacerange
%d beginbfchar
%s
endbfchar endcmap end end
"""


def page_of(*lines: str) -> bytes:
    """A PDF whose pages say these lines; ``\\f`` begins a new page."""
    text = "\n".join(lines)
    signs = sorted(set(text) - {"\n", "\f"})
    pdf = pikepdf.new()
    font = pdf.make_indirect(_font(pdf, signs))
    for page_text in text.split("\f"):
        page = pdf.add_blank_page(page_size=A4)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(_drawn(page_text.split("\n"), signs))
    stream = BytesIO()
    pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def letter_saying(*lines: str, number: str = NUMBER) -> bytes:
    """A letter with these lines, whose signature names ``number``."""
    spot = SealSpot(page=0, x=400, y=300)
    content = page_of(*lines)
    pages = "\n".join(lines).count("\f") + 1
    rendered = RenderedPdf(content=content, pages=pages, seal_at=spot)
    return sealer().seal(rendered, document_number=number, at=AT).content


def _font(pdf: pikepdf.Pdf, signs: Sequence[str]) -> pikepdf.Dictionary:
    """Helvetica's shapes, said to be ``signs`` by their codes."""
    pairs = "\n".join(
        f"<{code:02X}> <{sign.encode('utf-16-be').hex().upper()}>"
        for code, sign in enumerate(signs, 33)
    )
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        ToUnicode=pdf.make_stream((_CMAP % (len(signs), pairs)).encode("ascii")),
    )


def _drawn(lines: Sequence[str], signs: Sequence[str]) -> bytes:
    codes = {sign: code for code, sign in enumerate(signs, 33)}
    shown = [
        f"<{''.join(f'{codes[sign]:02X}' for sign in line)}> Tj 0 -20 Td" for line in lines if line
    ]
    return f"BT /F1 12 Tf 72 700 Td {' '.join(shown)} ET".encode("ascii")
