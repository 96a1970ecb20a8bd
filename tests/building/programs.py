"""Files that other programs write: bases for our sealer, and additions to sealed letters."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
from asn1crypto import crl as asn1_crl
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from pikepdf import ObjectStreamMode
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from schemas.documents import RenderedPdf, SealSpot
from tests.building.judges import said
from tests.building.sealing import AT, NUMBER, agency_key, plain_pdf, root, sealer
from tests.building.stamping import (
    QuietWriter,
    converted,
    response,
    revocation_list,
    stamp_key,
    stamped,
    stamper,
)

#: what Typst 0.15 makes of a page
TYPST = Path(__file__).parents[1] / "examples" / "typst.pdf"


def sealed_base(content: bytes) -> bytes:
    """``content``, whoever wrote it, sealed by our own sealer."""
    with pikepdf.open(BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    spot = SealSpot(page=pages - 1, x=400, y=300)
    given = RenderedPdf(content=content, pages=pages, seal_at=spot)
    return sealer().seal(given, document_number=NUMBER, at=AT).content


def saved_by_qpdf(content: bytes, *, packed: bool = False, plain: bool = False) -> bytes:
    """With object streams where ``packed``; spread out, with comments, where ``plain``."""
    output = BytesIO()
    mode = ObjectStreamMode.generate if packed else ObjectStreamMode.disable
    with pikepdf.open(BytesIO(content)) as pdf:
        pdf.save(output, object_stream_mode=mode, qdf=plain, deterministic_id=True)
    return output.getvalue()


def saved_by_pypdf(content: bytes) -> bytes:
    output = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(content)).write(output)
    return output.getvalue()


def saved_by_pdfbox(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Each file with a table, and with object streams. Skips the test without Java or PDFBox."""
    places = _written(files, folder)
    rows = said("dss", "Save", list(places), folder)
    found = {}
    for place, (table, streams) in rows.items():
        found[f"{places[place]}, a table"] = Path(table).read_bytes()
        found[f"{places[place]}, object streams"] = Path(streams).read_bytes()
    return found


def raised_by_dss(
    files: Mapping[str, bytes], folder: Path, at: datetime | None = None
) -> dict[str, bytes]:
    """Each letter stamped, and raised to B-LTA, by the EU's DSS. Skips the test without it."""
    key = stamp_key("ours")
    made = pkcs12.serialize_key_and_certificates(
        b"tsa",
        key.private,
        key.certificate,
        list(key.issuers),
        BestAvailableEncryption(b"test"),
    )
    (folder / "tsa.p12").write_bytes(made)
    (folder / "root.der").write_bytes(root().public_bytes(Encoding.DER))
    (folder / "list.crl").write_bytes(revocation_list(at=at or datetime.now(UTC)).dump())
    places = _written(files, folder)
    rows = said("dss", "Extend", list(places), folder, str(folder))
    found = {}
    for place, (with_stamp, raised) in rows.items():
        found[f"{places[place]}, stamped"] = Path(with_stamp).read_bytes()
        found[f"{places[place]}, raised"] = Path(raised).read_bytes()
    return found


def indexed_by_pyhanko(pdf: bytes, *, quiet: bool = True) -> bytes:
    """Validation data with an index by signature (/VRI), as pyHanko's ``ltvfix`` adds, stamped."""
    seal = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    writer = (QuietWriter if quiet else IncrementalPdfFileWriter)(BytesIO(pdf))
    lists: list[asn1_crl.CertificateList] = [revocation_list(at=AT)]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        seal.pkcs7_content.hex().encode("ascii"),
        certs=[converted(link) for link in agency_key().chain],
        ocsps=[response(agency_key().certificate, at=AT)],
        crls=lists,
    )
    output = BytesIO()
    writer.write(output)
    return stamped(output.getvalue(), at=AT, quiet=quiet)


def closed_by_pyhanko(pdf: bytes) -> bytes:
    """A document time stamp, and behind it its validation data, as pyHanko's commands add them."""
    context = ValidationContext(
        trust_roots=[converted(root())],
        crls=[revocation_list(at=datetime.now(UTC))],
        allow_fetching=False,
        retroactive_revinfo=True,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    output = PdfTimeStamper(stamper()).timestamp_pdf(
        writer, "sha256", validation_context=context, output=BytesIO()
    )
    content: bytes = output.getvalue()
    return content


def bases() -> dict[str, bytes]:
    """A page as several programs write it, without Java."""
    plain = plain_pdf(2)
    return {
        "QPDF, a table": saved_by_qpdf(plain),
        "QPDF, object streams": saved_by_qpdf(plain, packed=True),
        "QPDF, nothing compressed": saved_by_qpdf(plain, plain=True),
        "pypdf": saved_by_pypdf(plain),
        "Typst": TYPST.read_bytes(),
    }


def _written(files: Mapping[str, bytes], folder: Path) -> dict[Path, str]:
    places = {folder / f"{place}.pdf": name for place, name in enumerate(files)}
    for place, name in places.items():
        place.write_bytes(files[name])
    return places
