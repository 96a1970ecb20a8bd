"""RenderedPdf → SealedPdf: the seal's picture and the agency's signature over every byte.

PAdES B-B (ETSI EN 319 142-1, 6.3): one SignerInfo, signing-certificate-v2, the whole chain, the
time in /M and nowhere else. The signature certifies the document and allows no change (DocMDP
P=1). /Reason names the document's number, so there is no commitment type. PDF/A-2b stays
(ISO 19005-2, 6.3.3 and 6.4.3): the widget prints, its appearance has no fonts and is
pressed on like ink (multiplied), metadata stays as it was.
"""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from schemas.configuration import Agency
from schemas.documents import RenderedPdf, SealedPdf, SealSpot
from schemas.errors import ProductionFailed
from signing.fonts import FontFile, find_fonts
from signing.keys import SigningKey
from signing.pages import box_of
from signing.paths import number
from signing.running import run
from signing.seal import Seal
from signing.signer import KeptKeySigner
from signing.straddle import straddle

_name = generic.NameObject

#: name of the signature field
FIELD = "Seal"
#: what stands before the number in the signature's /Reason
REASON = "签发 "
_DIGEST = "sha256"
#: hexadecimal digits for the CMS beside its certificates: attributes and an RSA-4096 signature
_RESERVED = 2 * 1536


class Sealer:
    """Seals for one agency: its key and its seal, kept in memory."""

    def __init__(self, key: SigningKey, seal: Seal) -> None:
        self._key = key
        self._seal = seal
        middle = f"1 0 0 1 {number(seal.radius)} {number(seal.radius)} cm\n"
        self._drawing = zlib.compress(
            b"q /Ink gs " + middle.encode("ascii") + seal.operators() + b"Q\n"
        )
        self._signer = KeptKeySigner(key)
        self._reserved = _RESERVED + 2 * sum(
            len(link.public_bytes(Encoding.DER)) for link in key.chain
        )

    @classmethod
    def of(
        cls, agency: Agency, key: SigningKey, fonts: Sequence[FontFile] | None = None
    ) -> "Sealer":
        """The sealer of ``agency``. Raises ``Misconfigured`` where its seal cannot be drawn."""
        return cls(key, Seal.of(agency, fonts or find_fonts()))

    def seal(self, rendered: RenderedPdf, *, document_number: str, at: datetime) -> SealedPdf:
        """The sealed file; its text and metadata are those of ``rendered``.

        ``at`` is aware and becomes /M. Raises ``ProductionFailed``: certificate_expired,
        certificate_not_yet_valid, pdf_not_sealable, seal_off_page.
        """
        if at.tzinfo is None:
            raise ValueError("the time of sealing needs its zone")
        # /M holds whole seconds: what is returned is what the file says
        at = at.replace(microsecond=0)
        self._key.demand_valid(at)
        try:
            content = self._sealed(rendered, REASON + document_number, at)
        except (PdfError, LookupError, TypeError, ValueError) as error:
            what = type(error).__name__
            raise ProductionFailed("pdf_not_sealable", final=True, what=what) from error
        return SealedPdf(
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            pages=rendered.pages,
            sealed_at=at,
            certificate_subject=self._key.subject,
            certificate_serial=self._key.serial,
        )

    def _sealed(self, rendered: RenderedPdf, reason: str, at: datetime) -> bytes:
        writer = _Writer(BytesIO(rendered.content))
        _demand_unsigned(writer, rendered.pages)
        form = writer.add_object(self._form())
        straddle(writer, self._seal, form, rendered.pages)
        writer.register_extension(ESIC_EXTENSION_1)
        return self._signed(writer, form, self._field(writer, rendered.seal_at), reason, at)

    def _signed(
        self,
        writer: IncrementalPdfFileWriter,
        form: generic.IndirectObject,
        field: SigFieldSpec,
        reason: str,
        at: datetime,
    ) -> bytes:
        embedder = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
        widget = next(embedder).get_object()
        widget["/AP"] = generic.DictionaryObject({_name("/N"): form})
        embedder.send(
            SigObjSetup(
                sig_placeholder=SignatureObject(
                    timestamp=at,
                    subfilter=SigSeedSubFilter.PADES,
                    reason=reason,
                    bytes_reserved=self._reserved,
                ),
                mdp_setup=SigMDPSetup(
                    md_algorithm=_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES
                ),
            )
        )
        digest, output = embedder.send(SigIOSetup(md_algorithm=_DIGEST, in_place=True))
        embedder.send(run(self._signer.async_sign(digest.document_digest, _DIGEST, use_pades=True)))
        content: bytes = output.getvalue()
        return content

    def _field(self, writer: IncrementalPdfFileWriter, spot: SealSpot) -> SigFieldSpec:
        radius = self._seal.radius
        page, _ = writer.find_page_for_modification(spot.page)
        if not box_of(page.get_object()).holds(spot.x, spot.y, radius):
            raise ProductionFailed("seal_off_page", final=True, page=spot.page + 1)
        # pyHanko takes fractions too, whatever its annotation says
        box: Any = (spot.x - radius, spot.y - radius, spot.x + radius, spot.y + radius)
        return SigFieldSpec(sig_field_name=FIELD, on_page=spot.page, box=box)

    def _form(self) -> generic.StreamObject:
        """The seal as a Form XObject with its origin at the lower left corner."""
        corners = (0, 0, self._seal.diameter, self._seal.diameter)
        return generic.StreamObject(
            {
                _name("/Type"): _name("/XObject"),
                _name("/Subtype"): _name("/Form"),
                _name("/BBox"): generic.ArrayObject(
                    generic.FloatObject(number(corner)) for corner in corners
                ),
                _name("/Resources"): _ink(),
                _name("/Filter"): _name("/FlateDecode"),
            },
            encoded_data=self._drawing,
        )


def _ink() -> generic.DictionaryObject:
    """Resources that let the seal colour what it is pressed on and hide nothing of it.

    Multiply is a blend mode of ISO 32000-1, which PDF/A-2b allows where the file has an output
    intent (ISO 19005-2, 6.2.10).
    """
    state = generic.DictionaryObject(
        {_name("/Type"): _name("/ExtGState"), _name("/BM"): _name("/Multiply")}
    )
    return generic.DictionaryObject(
        {_name("/ExtGState"): generic.DictionaryObject({_name("/Ink"): state})}
    )


class _Writer(IncrementalPdfFileWriter):
    """Leaves /Info and XMP alone: PDF/A wants them equal, and the letter's are right."""

    def _update_meta(self) -> None:
        pass

    def _populate_trailer(self, trailer: generic.DictionaryObject) -> None:
        super()._populate_trailer(trailer)  # type: ignore[no-untyped-call]
        # LibreOffice's checksum of its own bytes is wrong from now on
        trailer.pop("/DocChecksum", None)


def _demand_unsigned(writer: IncrementalPdfFileWriter, pages: int) -> None:
    if writer.prev.encrypted:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/Encrypt")
    for key in ("/AcroForm", "/Perms"):
        if key in writer.root:
            raise ProductionFailed("pdf_not_sealable", final=True, what=key)
    if int(writer.root["/Pages"]["/Count"]) != pages:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/Count")
