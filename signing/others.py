"""What a file is that is not a letter of ours: others' files are not judged by our rules.

Only a file that claims to be a letter is *not genuine* for being out of order.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from signing.reason import REASON
from signing.syntax.lexicon import FREE, read_value
from signing.syntax.texts import text_of
from signing.syntax.values import Malformed
from signing.verdict import Refused, Undecided

_REASON = re.compile(rb"/Reason")
#: places that are looked at for a reason of ours, in a file that cannot be read
_MOST_REASONS = 100
_SIGNED = b"/ByteRange"
_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d{1,10}\s+\d{1,10}\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEADER = b"%PDF-"
#: bytes at a file's head among which some readers look for the header
_HEADER_WITHIN = 1024
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_ZIP, _OFD = b"PK\x03\x04", b"OFD.xml"
#: objects in resources in resources
_DEEPEST = 5


def told_of_other(file: bytes, code: str) -> Refused | Undecided:
    """What is said of a file that is out of our form, for the reason ``code``."""
    if _claims_to_be_ours(file):
        return Refused(code)
    if _HEADER not in file[:_HEADER_WITHIN]:
        return Undecided(_kind_of(file))
    if _SIGNED in file:
        covered = _ends_covered(file)
        # whatever the form: somebody has added to the file since
        if covered and max(covered) < len(file.rstrip()):
            return Refused("bytes_unaccounted")
        return Undecided("signed_in_another_form")
    fonts = _fonts(file)
    if fonts is None:
        return Refused("pdf_malformed")
    return Refused("not_signed") if fonts else Undecided("file_is_scan")


def _kind_of(file: bytes) -> str:
    if not file.strip():
        return "file_empty"
    if file.startswith(_PICTURES):
        return "file_is_picture"
    return "file_is_ofd" if file.startswith(_ZIP) and _OFD in file else "file_is_no_pdf"


def _claims_to_be_ours(pdf: bytes) -> bool:
    """True where a signature in ``pdf``, whatever state it is in, names a number as ours do."""
    for count, found in enumerate(_REASON.finditer(pdf)):
        if count == _MOST_REASONS:
            break
        try:
            reason, _ = read_value(pdf, found.end(), FREE)
        except Malformed:
            continue
        if (text_of(reason) or "").startswith(REASON):
            return True
    return False


def _ends_covered(pdf: bytes) -> list[int]:
    """Offsets behind the last byte that each signature says it covers."""
    return [int(found[1]) + int(found[2]) for found in _RANGE.finditer(pdf)]


def _fonts(file: bytes) -> bool | None:
    """True where a page has text; False where all are pictures; None where QPDF reads no PDF."""
    import pikepdf  # noqa: PLC0415 -- it takes 0.1 s to load, for these files alone

    try:
        with pikepdf.open(BytesIO(file), attempt_recovery=False, suppress_warnings=True) as pdf:
            return any("/Font" in each for page in pdf.pages for each in _resources(page, _DEEPEST))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return None


def _resources(holder: Any, deepest: int) -> Iterator[Any]:
    """Resources of a page or form, and of the forms in it."""
    resources = holder.get("/Resources", {})
    yield resources
    if deepest:
        for form in resources.get("/XObject", {}).values():
            if form.get("/Subtype") == "/Form":
                yield from _resources(form, deepest - 1)
