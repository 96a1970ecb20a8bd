"""How fast a letter is sealed, against pyHanko's plain call in the same run.

One-page letter as Typst makes it, RSA-2048, key in memory, visible seal; the two take turns,
so that a busy machine is as busy for the one as for the other. The last line is the ratio of the
medians. Run by `make bench-sealing`; `python -m bench.sealing 50` takes fewer letters.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from rendering.building import build_renderer
from rendering.preview import sample_document
from schemas.documents import DocumentKind, RenderedPdf
from signing.certificates import issue, new_root
from signing.converting import all_to_asn1
from signing.examination import examine
from signing.fonts import find_fonts
from signing.keys import SigningKey
from signing.seal import Seal
from signing.sealer import Sealer

LETTERS = 200
#: calls before the first that counts
_WARM_UP = 3
_NAME = "雨花区社会保险服务中心"


def main(letters: int) -> None:
    letter = sample_letter()
    key = sample_key()
    desk = Sealer(key, Seal.named(_NAME, diameter_mm=42, fonts=find_fonts()))
    signer = _plain_signer(key)
    now = datetime.now(UTC)
    sealed = desk.seal(letter, document_number="1", at=now).content
    verdict = examine(sealed, key.chain[-1:])
    if not verdict.genuine:
        raise SystemExit("what was sealed is not genuine: there is nothing to measure")
    times = _measured(
        letters,
        {
            "pyHanko, plain": lambda: _plainly(letter, signer),
            "Hanyin": lambda: desk.seal(letter, document_number="1", at=now),
            "Hanyin, examined": lambda: examine(
                desk.seal(letter, document_number="1", at=now).content,
                key.chain[-1:],
                own=True,
            ),
        },
    )
    print(f"{letters} letters of one page, {len(letter.content):,} bytes, RSA-2048, visible seal")
    print(f"{'':<20}{'median ms':>12}{'fastest':>12}{'slowest':>12}")
    for name, found in times.items():
        row = (statistics.median(found), min(found), max(found))
        print(f"{name:<20}" + "".join(f"{value * 1000:>12.2f}" for value in row))
    medians = {name: statistics.median(found) for name, found in times.items()}
    plain = medians["pyHanko, plain"]
    print(f"sealed and examined: {plain / medians['Hanyin, examined']:.1f} times as fast")
    print(f"ratio {plain / medians['Hanyin']:.1f}")


def _measured(letters: int, ways: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(-_WARM_UP, letters):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if turn >= 0:
                times[name].append(time.perf_counter() - start)
    return times


def sample_letter() -> RenderedPdf:
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        renderer = build_renderer(work_dir=Path(folder))
        try:
            return renderer.render(sample_document(DocumentKind.AUDIT_OPINION))
        finally:
            renderer.close()


def sample_key() -> SigningKey:
    now = datetime.now(UTC)
    since, until = now - timedelta(days=2), now + timedelta(days=30)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    return issue(subject, new_root(subject, since=since, until=until), since=since, until=until)


def _plain_signer(key: SigningKey) -> SimpleSigner:
    own, *others = all_to_asn1(key.chain)
    der = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=own,
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore.from_certs(others),
    )


def _plainly(letter: RenderedPdf, signer: SimpleSigner) -> bytes:
    """pyHanko's own call at its defaults, with its own visible stamp."""
    writer = IncrementalPdfFileWriter(BytesIO(letter.content))
    output = sign_pdf(
        writer,
        PdfSignatureMetadata(field_name="Seal"),
        signer=signer,
        new_field_spec=SigFieldSpec("Seal", box=(300, 200, 420, 320)),
    )
    content: bytes = output.getvalue()
    return content


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS)
