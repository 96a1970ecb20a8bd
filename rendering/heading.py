"""The head of a letter as it reads on the page."""

from itertools import islice

import pypdfium2

#: lines of a letter's head: a mark, a title over two lines, a number
_HEAD_LINES = 6


def head_lines(pdf: bytes) -> list[str]:
    """The first lines of the first page, white space taken out; [] where it cannot be read."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return []
    try:
        text = document[0].get_textpage().get_text_range()
    except (pypdfium2.PdfiumError, IndexError):
        return []
    finally:
        document.close()
    lines = ("".join(line.split()) for line in text.splitlines())
    return list(islice(filter(None, lines), _HEAD_LINES))
