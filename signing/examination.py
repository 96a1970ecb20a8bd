"""Is this file what an agency sealed? Every check, in this process and without a limit.

``verifier.verify`` runs it in a process of its own for files from outside; our own fresh files
go through it as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from schemas.codes import Problem
from signing.accounting import Span, demand_updates_plain, span_of
from signing.container import read_chain
from signing.keys import meant_for_signatures
from signing.mathematics import demand_intact, demand_stamps, leads_to
from signing.objects import TooManyObjects, count_signatures
from signing.sealer import REASON
from signing.verdict import Refused, Verdict, Word

#: this machine's clock may be behind the sealing one by this much
_CLOCKS_APART = timedelta(minutes=10)
#: EN 319 142-1; time stamps and validation data raise it in a later version
_LEVEL = "B-B"


def examine(
    pdf: bytes, roots: Sequence[x509.Certificate], *, at: datetime | None = None
) -> Verdict:
    """The verdict on ``pdf`` at the moment ``at`` (default: now), by these trusted roots.

    Without roots, a file that is otherwise in order is ``unknown``. Never raises, save
    MemoryError.
    """
    try:
        return _judged(pdf, tuple(roots), at or datetime.now(UTC))
    except Refused as refused:
        return Verdict.not_genuine(refused.code)
    except TooManyObjects:
        return Verdict.unknown("too_demanding")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever a parser stumbles over is no file of ours
        return Verdict.not_genuine("pdf_malformed")


def _judged(pdf: bytes, roots: tuple[x509.Certificate, ...], at: datetime) -> Verdict:
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    seal, stamps = _signatures(reader)
    span = _covered(pdf, [seal, *stamps])
    sealed_at = _demand_form(reader, seal)
    chain = read_chain(span.container, roots)
    demand_intact(seal)
    if stamps:
        demand_updates_plain(pdf, reader, after=span.end, revision=seal.signed_revision)
        demand_stamps(stamps, roots, at)
    _demand_certificates(chain, roots, sealed_at, at)
    verdict = Verdict(
        word=Word.GENUINE,
        signer=chain[0].subject.rfc4514_string(),
        sealed_at=sealed_at,
        level=_LEVEL,
        number=_number(seal),
        pages=int(reader.root["/Pages"]["/Count"]),
    )
    if roots:
        return verdict
    return replace(verdict, word=Word.UNKNOWN, reasons=(Problem.of("", "no_trusted_roots"),))


def _signatures(
    reader: PdfFileReader,
) -> tuple[EmbeddedPdfSignature, list[EmbeddedPdfSignature]]:
    """The seal's signature and the time stamps after it; there is nothing else that signs."""
    embedded = reader.embedded_signatures
    counted = count_signatures(reader)
    if counted == (0, 0):
        raise Refused("not_signed")
    if not embedded or counted != (len(embedded), len(embedded)):
        raise Refused("signatures_unaccounted")
    seal, *others = embedded
    if any(other.sig_object_type != "/DocTimeStamp" for other in others):
        raise Refused("signatures_unaccounted")
    return seal, others


def _covered(pdf: bytes, signatures: list[EmbeddedPdfSignature]) -> Span:
    """The first one's span; the last one covers the entire file."""
    spans = [span_of(pdf, signature) for signature in signatures]
    if spans[-1].end != len(pdf):
        raise Refused("bytes_unaccounted")
    return spans[0]


def _demand_form(reader: PdfFileReader, seal: EmbeddedPdfSignature) -> datetime:
    """The seal certifies and allows no change; the time in its /M."""
    try:
        right = _certifies(reader, seal)
        sealed_at = seal.self_reported_timestamp
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Refused("signature_form_unknown") from None
    if not right or sealed_at is None or sealed_at.tzinfo is None:
        raise Refused("signature_form_unknown")
    return sealed_at.astimezone(UTC)


def _certifies(reader: PdfFileReader, seal: EmbeddedPdfSignature) -> bool:
    value, field = seal.sig_object, seal.sig_field
    return bool(
        not reader.encrypted
        and seal.sig_object_type == "/Sig"
        and value["/Filter"] == "/Adobe.PPKLite"
        and value["/SubFilter"] == SigSeedSubFilter.PADES.value
        and reader.root["/Perms"].raw_get("/DocMDP").reference == field.raw_get("/V").reference
        and len(value["/Reference"]) == 1
        and seal.docmdp_level == MDPPerm.NO_CHANGES
    )


def _demand_certificates(
    chain: list[x509.Certificate],
    roots: tuple[x509.Certificate, ...],
    sealed_at: datetime,
    at: datetime,
) -> None:
    """All valid when the file was sealed, which is past; the signer's leads to a root."""
    if not meant_for_signatures(chain[0]):
        raise Refused("certificate_usage")
    if sealed_at > at + _CLOCKS_APART:
        raise Refused("sealed_in_future")
    for certificate in chain:
        if not certificate.not_valid_before_utc <= sealed_at <= certificate.not_valid_after_utc:
            raise Refused("certificate_outside_validity")
    if roots and not leads_to(roots, chain, sealed_at):
        raise Refused("signer_untrusted")


def _number(seal: EmbeddedPdfSignature) -> str | None:
    reason = str(seal.sig_object.get("/Reason", ""))
    return reason.removeprefix(REASON) if reason.startswith(REASON) else None
