"""RenderedPdf → SealedPdf: the seal's picture and the agency's signature over every byte.

PAdES (ETSI EN 319 142-1, 6.3): one SignerInfo, signing-certificate-v2, the whole chain, the time
in /M and nowhere else; a signature time stamp from B-T on, evidence at B-LT, under a document
time stamp at B-LTA (``leveling``). The signature certifies the document and allows
no change (DocMDP P=1); time stamps and validation data are none (EN 319 142-1, 5.4). /Reason names
the document's number, so there is no commitment type. PDF/A-2 and PDF/UA-1 stay (ISO 19005-2,
6.3.3 and 6.4.3): the widget prints, its appearance has no fonts and is pressed on like ink
(multiplied), metadata stays as it was.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms
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
from schemas.errors import ProductionFailed, Unavailable
from schemas.levels import SealLevel
from schemas.sentence import NOTHING, Sentence
from signing.container import room_for
from signing.drawable import Drawable, Raster
from signing.fonts import FontFile, find_fonts
from signing.keys import SealingKey
from signing.leveling import Leveling, Prepared, embed
from signing.packing import Packer
from signing.pages import box_of
from signing.paths import number
from signing.reason import REASON
from signing.registered import seal_of
from signing.running import run
from signing.stamps import StampsAway, signer_of
from signing.straddle import straddle
from signing.structure import describe
from signing.writing import Writer

__all__ = ["FIELD", "REASON", "Sealer"]

_name = generic.NameObject

#: name of the signature field
FIELD = "Seal"
#: what it is called for those who do not see it, with the document's number
_DESCRIPTION = "电子印章："
_DIGEST = "sha256"


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A sealed file on its way to its level."""

    content: bytes
    level: SealLevel
    #: why it is not the wanted level
    problem: Sentence = NOTHING
    stamp_until: datetime | None = None


class Sealer:
    """Seals for one agency: its key and its seal, kept in memory."""

    def __init__(self, key: SealingKey, seal: Drawable, leveling: Leveling | None = None) -> None:
        self._key = key
        self._leveling = leveling
        self._seal = seal
        middle = f"1 0 0 1 {number(seal.radius)} {number(seal.radius)} cm\n"
        self._drawing = zlib.compress(
            b"q /Ink gs " + middle.encode("ascii") + seal.operators() + b"Q\n"
        )
        self._packer = Packer(key)

    @classmethod
    def of(
        cls,
        agency: Agency,
        key: SealingKey,
        *,
        fonts: Sequence[FontFile] | None = None,
        leveling: Leveling | None = None,
    ) -> "Sealer":
        """The sealer of ``agency``. Raises ``Misconfigured`` where its seal cannot be drawn."""
        return cls(key, seal_of(agency, fonts or find_fonts()), leveling)

    def without_levels(self) -> "Sealer":
        """The same key and seal at B-B: no time stamp server and no responder is asked."""
        return Sealer(self._key, self._seal)

    def seal(self, rendered: RenderedPdf, *, document_number: str, at: datetime) -> SealedPdf:
        """The sealed file; its text and metadata are those of ``rendered``.

        ``at`` is aware and becomes /M. Raises ``ProductionFailed``: certificate_expired,
        certificate_not_yet_valid, certificate_revoked, level_not_reached, pdf_not_sealable,
        seal_off_page; ``Unavailable`` where the key cannot be reached.
        """
        if at.tzinfo is None:
            raise ValueError("the time of sealing needs its zone")
        # /M holds whole seconds: what is returned is what the file says
        at = at.replace(microsecond=0)
        self._key.demand_valid(at)
        try:
            made = self._made(rendered, REASON + document_number, at, self._prepared())
        except (PdfError, LookupError, TypeError, ValueError) as error:
            what = type(error).__name__
            raise ProductionFailed("pdf_not_sealable", final=True, what=what) from error
        return SealedPdf(
            content=made.content,
            sha256=hashlib.sha256(made.content).hexdigest(),
            pages=rendered.pages,
            sealed_at=at,
            certificate_subject=self._key.subject,
            certificate_serial=self._key.serial,
            level=made.level,
            level_wanted=self._leveling.wanted if self._leveling else SealLevel.B_B,
            stamp_until=made.stamp_until,
        )

    def _prepared(self) -> Prepared:
        if self._leveling is None:
            return Prepared(level=SealLevel.B_B)
        return self._leveling.prepared(self._key)

    def _made(self, rendered: RenderedPdf, reason: str, at: datetime, prepared: Prepared) -> _Made:
        try:
            return self._sealed(rendered, reason, at, prepared)
        except StampsAway as error:
            # the room for the signature says that a time stamp belongs there: it is made anew
            without = replace(prepared, level=SealLevel.B_B, problem=error.sentence)
            return self._sealed(rendered, reason, at, without)

    def _sealed(
        self, rendered: RenderedPdf, reason: str, at: datetime, prepared: Prepared
    ) -> _Made:
        writer = Writer(BytesIO(rendered.content))
        _demand_unsigned(writer, rendered.pages)
        form = writer.add_object(self._form(writer))
        straddle(writer, self._seal, form, rendered.pages)
        writer.register_extension(ESIC_EXTENSION_1)
        if prepared.evidence is not None:
            embed(writer, prepared.evidence)
        field = self._field(writer, rendered.seal_at)
        made = self._signed(writer, form, field, reason=reason, at=at, prepared=prepared)
        if self._leveling is None:
            return made
        return self._closed(made, self._leveling)

    def _signed(
        self,
        writer: IncrementalPdfFileWriter,
        form: generic.IndirectObject,
        field: SigFieldSpec,
        *,
        reason: str,
        at: datetime,
        prepared: Prepared,
    ) -> _Made:
        embedder = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
        widget = next(embedder)
        widget.get_object()["/AP"] = generic.DictionaryObject({_name("/N"): form})
        describe(writer, widget, reason.replace(REASON, _DESCRIPTION, 1))
        embedder.send(
            SigObjSetup(
                sig_placeholder=SignatureObject(
                    timestamp=at,
                    subfilter=SigSeedSubFilter.PADES,
                    reason=reason,
                    bytes_reserved=room_for(
                        self._key.chain, stamped=prepared.level.reaches(SealLevel.B_T)
                    ),
                ),
                mdp_setup=SigMDPSetup(
                    md_algorithm=_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES
                ),
            )
        )
        digest, output = embedder.send(SigIOSetup(md_algorithm=_DIGEST, in_place=True))
        container, level, problem = self._container(digest.document_digest, prepared)
        embedder.send(container)
        return _Made(content=output.getvalue(), level=level, problem=problem)

    def _container(self, digest: bytes, prepared: Prepared) -> tuple[bytes, SealLevel, Sentence]:
        """The CMS, the level that it reaches, and why that is not the wanted one.

        Raises ``StampsAway``.
        """
        signed = self._packer.signed(digest)
        if self._leveling is None or not prepared.level.reaches(SealLevel.B_T):
            return signed.container(), SealLevel.B_B, prepared.problem
        token = run(self._leveling.stamps.async_timestamp(signed.imprint, _DIGEST))
        return signed.container(token), *_reached(token, prepared)

    def _closed(self, made: _Made, leveling: Leveling) -> _Made:
        """``made`` with evidence and document time stamp where they are wanted and can be had."""
        if leveling.wanted is SealLevel.B_LTA and made.level is SealLevel.B_T:
            try:
                content, until = leveling.closed(made.content, self._key, leveling.stamps.latest)
                made = _Made(content=content, level=SealLevel.B_LTA, stamp_until=until)
            except Unavailable as error:
                made = replace(made, problem=error.sentence)
        if not made.level.reaches(leveling.lowest):
            raise ProductionFailed(
                "level_not_reached", final=False, what=made.problem, lowest=leveling.lowest
            )
        return made

    def _field(self, writer: IncrementalPdfFileWriter, spot: SealSpot) -> SigFieldSpec:
        radius = self._seal.radius
        page, _ = writer.find_page_for_modification(spot.page)
        if not box_of(page.get_object()).holds(spot.x, spot.y, radius):
            raise ProductionFailed("seal_off_page", final=True, page=spot.page + 1)
        # pyHanko takes fractions too, whatever its annotation says
        box: Any = (spot.x - radius, spot.y - radius, spot.x + radius, spot.y + radius)
        return SigFieldSpec(sig_field_name=FIELD, on_page=spot.page, box=box)

    def _form(self, writer: IncrementalPdfFileWriter) -> generic.StreamObject:
        """The seal as a Form XObject with its origin at the lower left corner."""
        resources = _ink()
        if self._seal.raster is not None:
            picture = writer.add_object(_image(self._seal.raster))
            resources[_name("/XObject")] = generic.DictionaryObject({_name("/Seal"): picture})
        corners = (0, 0, self._seal.diameter, self._seal.diameter)
        return generic.StreamObject(
            {
                _name("/Type"): _name("/XObject"),
                _name("/Subtype"): _name("/Form"),
                _name("/BBox"): generic.ArrayObject(
                    generic.FloatObject(number(corner)) for corner in corners
                ),
                _name("/Resources"): resources,
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


def _image(raster: Raster) -> generic.StreamObject:
    colours = len(raster.palette) // 3
    return generic.StreamObject(
        {
            _name("/Type"): _name("/XObject"),
            _name("/Subtype"): _name("/Image"),
            _name("/Width"): generic.NumberObject(raster.width),
            _name("/Height"): generic.NumberObject(raster.height),
            _name("/BitsPerComponent"): generic.NumberObject(8),
            _name("/ColorSpace"): generic.ArrayObject(
                [
                    _name("/Indexed"),
                    _name("/DeviceRGB"),
                    generic.NumberObject(colours - 1),
                    generic.ByteStringObject(raster.palette),
                ]
            ),
            _name("/Filter"): _name("/FlateDecode"),
        },
        encoded_data=raster.pixels,
    )


def _reached(token: cms.ContentInfo, prepared: Prepared) -> tuple[SealLevel, Sentence]:
    """What the stamped signature reaches: evidence counts for the authority that it is of."""
    evidence = prepared.evidence
    if evidence is None:
        return SealLevel.B_T, prepared.problem
    if not evidence.holds(signer_of(token)[0]):
        return SealLevel.B_T, Sentence(
            "服务的时间戳服务器不是先前询问的那一台",
            "another time stamp server served than the one asked before",
        )
    return SealLevel.B_LT, NOTHING


def _demand_unsigned(writer: IncrementalPdfFileWriter, pages: int) -> None:
    if writer.prev.encrypted:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/Encrypt")
    for key in ("/AcroForm", "/Perms"):
        if key in writer.root:
            raise ProductionFailed("pdf_not_sealable", final=True, what=key)
    if int(writer.root["/Pages"]["/Count"]) != pages:
        raise ProductionFailed("pdf_not_sealable", final=True, what="/Count")
