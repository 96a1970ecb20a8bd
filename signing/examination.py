"""Is this file what an agency sealed? Every check, in this process and without a limit.

``verifier.verify`` runs it in a process of its own for files from outside; our own fresh files
go through it as it is.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cryptography import x509

from schemas.codes import Problem
from schemas.purposes import SEALING_PURPOSES
from signing.container import read_container
from signing.evidence import Evidence, read_evidence
from signing.findings import Findings, find
from signing.form import number_of, pages_of, require_seal, require_stamps
from signing.integrity import require_intact
from signing.letter import SealedLetter
from signing.others import told_of_other
from signing.signatures import Signature, Span, require_rising, signatures_of, span_of
from signing.syntax.document import Document, read_document
from signing.syntax.values import Malformed, TooLarge, Unread
from signing.times import CLOCKS_APART
from signing.trust import Trust
from signing.updates import require_archival
from signing.verdict import Addition, Refused, Undecided, Verdict, Word


def examine(
    pdf: bytes,
    roots: Sequence[x509.Certificate],
    *,
    at: datetime | None = None,
    stamp_roots: Sequence[x509.Certificate] | None = None,
    purposes: Iterable[str] = SEALING_PURPOSES,
    own: bool = False,
) -> Verdict:
    """The verdict on ``pdf`` at the moment ``at`` (default: now), by these trusted roots.

    ``stamp_roots`` are those of time stamp authorities, by default the same; ``purposes`` those of
    certificates that may seal. Without roots, a file that is otherwise in order is ``unknown``.
    ``own`` is for bytes that this process itself wrote a moment ago: other readers are not asked
    how they read them. Never raises, save MemoryError.
    """
    try:
        trust = Trust.of(roots, stamp_roots, purposes)
        return _judged(pdf, trust, at or datetime.now(UTC), own=own)
    except Refused as refused:
        return Verdict.not_genuine(refused.code)
    except Undecided as undecided:
        return Verdict.unknown(undecided.code)
    except (TooLarge, RecursionError):
        return Verdict.unknown("too_demanding")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever a parser stumbles over is no file of ours
        return Verdict.not_genuine("pdf_malformed")


def _judged(pdf: bytes, trust: Trust, at: datetime, *, own: bool) -> Verdict:
    document, signatures, spans, sealed_at = _profile(pdf)
    letter = _letter(document, signatures, spans, sealed_at)
    for revision in range(signatures[0].revision + 1, len(document.revisions)):
        require_archival(document, revision)
    # the bytes of a fresh file have been written by one writer, and are read by nobody else yet
    if len(spans) > 1 and not own:
        # QPDF takes a fifth of the time to load that a file's verification takes
        from signing.opinions import require_same_to_readers  # noqa: PLC0415

        require_same_to_readers(pdf[: spans[0].end], pdf)
    findings = find(letter, trust, at)
    _require_evidence_before_stamps(letter, findings)
    verdict = _verdict(letter, findings)
    if not trust.roots:
        # nobody vouches for what the signer calls himself and his letter
        verdict = replace(verdict, signer=None, number=None)
    doubts = findings.doubts if trust.roots else ("no_trusted_roots",)
    if not doubts:
        return verdict
    return replace(verdict, word=Word.UNKNOWN, reasons=tuple(Problem.of("", d) for d in doubts))


def _profile(pdf: bytes) -> tuple[Document, list[Signature], list[Span], datetime]:
    """The file, read whole, with its signatures in our form.

    Raises ``Refused``, or ``Undecided`` for a file that never claimed to be a letter of ours.
    """
    try:
        document = read_document(pdf)
        signatures = signatures_of(document)
        spans = [span_of(document, signature) for signature in signatures]
        sealed_at = require_seal(signatures[0], document.state(signatures[0].revision))
        require_stamps(signatures[1:])
        require_rising(document, signatures, spans)
    except (Malformed, Refused) as error:
        raise told_of_other(pdf, _code(error)) from None
    return document, signatures, spans, sealed_at


def _code(error: Malformed | Refused) -> str:
    if isinstance(error, Refused):
        return error.code
    return "bytes_unaccounted" if isinstance(error, Unread) else "pdf_malformed"


def _letter(
    document: Document,
    signatures: Sequence[Signature],
    spans: Sequence[Span],
    sealed_at: datetime,
) -> SealedLetter:
    """The letter, sealed by the key that its container names. Raises ``Refused``."""
    container = read_container(spans[0].container, spans[0].room)
    require_intact(document.pdf, spans[0], container)
    later = document.revisions[signatures[0].revision + 1 :]
    return SealedLetter(
        pdf=document.pdf,
        spans=spans,
        ends=(spans[0].end, *(revision.end for revision in later)),
        container=container,
        sealed_at=sealed_at,
        evidence_by_span=[read_evidence(document.state(each.revision)) for each in signatures],
        uncovered=_uncovered(document, signatures[-1]),
        number=number_of(signatures[0]),
        pages=pages_of(document.state(signatures[0].revision)),
    )


def _uncovered(document: Document, last: Signature) -> Evidence | None:
    final = len(document.revisions) - 1
    return read_evidence(document.state(final)) if final > last.revision else None


def _require_evidence_before_stamps(letter: SealedLetter, findings: Findings) -> None:
    """Raise ``Refused`` (evidence_too_young) where validation data is younger than what covers it.

    The seal covers what was placed with it, each document time stamp what came since.
    """
    stamped = [each.at for each in findings.stamped]
    for evidence, covered_at in zip(
        letter.evidence_by_span, (letter.sealed_at, *stamped), strict=True
    ):
        newest = evidence.newest
        if newest is not None and covered_at is not None and newest > covered_at + CLOCKS_APART:
            raise Refused("evidence_too_young")


def _verdict(letter: SealedLetter, findings: Findings) -> Verdict:
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
        digests=tuple(hashlib.sha256(letter.pdf[:end]).hexdigest() for end in letter.ends),
    )
