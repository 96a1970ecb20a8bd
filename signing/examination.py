"""Is this file what an agency sealed? Every check, in this process and without a limit.

``verifier.verify`` runs it in a process of its own for files from outside; our own fresh files
go through it as it is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

from cryptography import x509
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from schemas.codes import Problem
from signing.accounting import Span, demand_rising, demand_updates_plain, ends_after, span_of
from signing.container import read_container
from signing.evidence import Evidence, read_evidence
from signing.findings import Findings, find
from signing.letter import SealedLetter
from signing.mathematics import demand_intact, demand_only_archival
from signing.objects import TooManyObjects, count_signatures, unsigned_revisions
from signing.reading import install
from signing.sealer import REASON
from signing.trust import Trust
from signing.updates import demand_archival
from signing.verdict import Addition, Refused, Undecided, Verdict, Word

install()

#: of a document time stamp (ISO 32000-2, 12.8.5)
_STAMP_FORM = ("/DocTimeStamp", SigSeedSubFilter.ETSI_RFC3161.value)


def examine(
    pdf: bytes,
    roots: Sequence[x509.Certificate],
    *,
    at: datetime | None = None,
    stamp_roots: Sequence[x509.Certificate] | None = None,
    base: bytes = b"",
) -> Verdict:
    """The verdict on ``pdf`` at the moment ``at`` (default: now), by these trusted roots.

    ``stamp_roots`` are those of time stamp authorities, by default the same. Without roots, a
    file that is otherwise in order is ``unknown``. ``base`` is what this process itself wrote and
    then sealed, if it did: it is not searched for signatures again. Never raises, save
    MemoryError.
    """
    try:
        return _judged(pdf, Trust.of(roots, stamp_roots), at or datetime.now(UTC), base)
    except Refused as refused:
        return Verdict.not_genuine(refused.code)
    except Undecided as undecided:
        return Verdict.unknown(undecided.code)
    except (TooManyObjects, PdfDecodeLimitError, RecursionError):
        return Verdict.unknown("too_demanding")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever a parser stumbles over is no file of ours
        return Verdict.not_genuine("pdf_malformed")


def _judged(pdf: bytes, trust: Trust, at: datetime, base: bytes) -> Verdict:
    letter = _read(pdf, trust, base)
    verdict = _told(letter, find(letter, trust, at))
    if trust.roots:
        return verdict
    return replace(verdict, word=Word.UNKNOWN, reasons=(Problem.of("", "no_trusted_roots"),))


def _read(pdf: bytes, trust: Trust, base: bytes) -> SealedLetter:
    """The letter, with nothing in the file that is not its own. Raises ``Refused``."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    seal, stamps = _signatures(reader, unsigned_revisions(reader, pdf, base))
    spans = [span_of(pdf, signature) for signature in (seal, *stamps)]
    demand_rising(spans, len(pdf))
    sealed_at = _demand_form(reader, seal)
    container = read_container(spans[0].container, trust.roots)
    demand_intact(seal)
    evidence = read_evidence(reader.root)
    added = 0
    if stamps:
        demand_updates_plain(pdf, reader, after=spans[0].end, revision=seal.signed_revision)
        added = evidence.size - _demand_archival(pdf, spans).size
        demand_only_archival(seal)
    return SealedLetter(
        pdf=pdf,
        spans=spans,
        container=container,
        sealed_at=sealed_at,
        evidence=evidence,
        evidence_added=added,
        number=_number(seal),
        pages=int(reader.root["/Pages"]["/Count"]),
    )


def _told(letter: SealedLetter, findings: Findings) -> Verdict:
    ends = ends_after(letter.pdf, letter.spans[0].end)
    data = (Addition(what="validation_data"),) if letter.evidence_added else ()
    return Verdict(
        word=Word.GENUINE,
        remarks=findings.remarks,
        signer=letter.container.chain[0].subject.rfc4514_string(),
        sealed_at=letter.sealed_at,
        proven_at=findings.proven_at,
        time_source=findings.source.value,
        level=findings.level.value,
        revocation=findings.revocation.value,
        number=letter.number,
        pages=letter.pages,
        additions=(*data, *findings.stamped),
        digests=tuple(hashlib.sha256(letter.pdf[:end]).hexdigest() for end in dict.fromkeys(ends)),
    )


def _signatures(
    reader: PdfFileReader, unsigned: int
) -> tuple[EmbeddedPdfSignature, list[EmbeddedPdfSignature]]:
    """The seal's signature and the time stamps after it; there is nothing else that signs.

    The first ``unsigned`` revisions are known to have no signature.
    """
    embedded = reader.embedded_signatures
    counted = count_signatures(reader, unsigned)
    if counted == (0, 0):
        raise Refused("not_signed")
    if not embedded or counted != (len(embedded), len(embedded)):
        raise Refused("signatures_unaccounted")
    seal, *others = embedded
    for other in others:
        if (other.sig_object_type, other.sig_object["/SubFilter"]) != _STAMP_FORM:
            raise Refused("signatures_unaccounted")
    return seal, others


def _demand_archival(pdf: bytes, spans: Sequence[Span]) -> Evidence:
    """From each signature to the next, nothing came but time stamps and validation data.

    What there was of the latter when the file was sealed.
    """
    readers = [PdfFileReader(BytesIO(pdf[: span.end]), strict=True) for span in spans]
    for before, after in pairwise(readers):
        demand_archival(before, after)
    return read_evidence(readers[0].root)


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


def _number(seal: EmbeddedPdfSignature) -> str | None:
    reason = str(seal.sig_object.get("/Reason", ""))
    return reason.removeprefix(REASON) if reason.startswith(REASON) else None
