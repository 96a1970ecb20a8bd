"""Where the letters of a PDF file stand."""

import ctypes

import pypdfium2

from rendering.pdf import PdfFile


def origins(file: PdfFile) -> dict[str, tuple[float, float]]:
    """Where each character that is printed once begins on its baseline, points."""
    found: dict[str, list[tuple[float, float]]] = {}
    for page in pypdfium2.PdfDocument(file.content):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            x, y = ctypes.c_double(), ctypes.c_double()
            if pypdfium2.raw.FPDFText_GetCharOrigin(text, index, x, y):
                letter = chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))
                found.setdefault(letter, []).append((x.value, y.value))
    return {letter: spots[0] for letter, spots in found.items() if len(spots) == 1}
