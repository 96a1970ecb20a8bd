"""Certification paths from a certificate to a root that is trusted (RFC 5280, 6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.name_trees import process_general_subtrees
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    AlgorithmUsageConstraint,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    PKIXValidationParams,
)

from signing.converting import all_to_asn1, to_asn1
from signing.keys import is_self_issued, issued
from signing.profile import issues, weakness_of
from signing.running import run


def rooted(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> list[tuple[x509.Certificate, ...]]:
    """``chain`` under each of ``roots`` that issued its end, whether it brings its root or not.

    What is told of a chain may not depend on a root that anybody can put in or take out.
    """
    belows = [] if len(chain) > 1 and chain[-1] in roots else [tuple(chain)]
    # an authority that changed its key names itself as well, and is no root
    if len(chain) > 1 and is_self_issued(chain[-1]):
        belows.insert(0, tuple(chain[:-1]))
    return [(*below, root) for below in belows for root in roots if issued(root, below[-1])]


def leads_to(
    roots: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], at: datetime
) -> bool:
    """True where the chain leads to one of ``roots`` by RFC 5280 at the moment ``at``.

    Revocation is not asked.
    """
    return _leads_to(tuple(roots), tuple(chain), at)


@lru_cache(maxsize=1024)
def _leads_to(
    roots: tuple[x509.Certificate, ...], chain: tuple[x509.Certificate, ...], at: datetime
) -> bool:
    # nothing but what is given decides; letters of one agency are sealed in the same second
    return path_to(roots, chain, at) is not None


def path_to(
    roots: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], at: datetime
) -> ValidationPath | None:
    """The way from the first of ``chain`` to one of ``roots`` through the others; None without.

    A root's own validity, CA flag, key usage, path length and name constraints count as those of
    the authorities under it. Revocation is not asked.
    """
    named = {link.issuer for link in chain}
    # one root after the other: pyHanko takes two of the same name and key for one
    paths = (_path(root, chain, at) for root in roots if root.subject in named and issues(root))
    return next((path for path in paths if path is not None), None)


def _path(
    root: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime
) -> ValidationPath | None:
    own, *others = chain
    above = all_to_asn1(link for link in others if link != root)
    context = ValidationContext(
        trust_roots=[anchored(root)],
        other_certs=above,
        moment=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        algorithm_usage_policy=STRONG,
    )
    validator = CertificateValidator(
        to_asn1(own),
        intermediate_certs=above,
        validation_context=context,
        pkix_params=PKIXValidationParams(),
    )
    try:
        return run(validator.async_validate_path())
    except (PathBuildingError, ValidationError):
        return None


@lru_cache(maxsize=256)
def anchored(root: x509.Certificate) -> CertTrustAnchor:
    """``root`` as pyHanko's anchor of trust, with the limits that it sets itself.

    Not its policies: they are the authority's word on its own business (RFC 5937 leaves them to
    whoever trusts it).
    """
    own = to_asn1(root)
    names = own.name_constraints_value
    trees = {
        kind: process_general_subtrees(names[kind])
        for kind in ("permitted_subtrees", "excluded_subtrees")
        if names is not None and isinstance(names[kind], asn1_x509.GeneralSubtrees)
    }
    limits = PKIXValidationParams(
        initial_permitted_subtrees=trees.get("permitted_subtrees"),
        initial_excluded_subtrees=trees.get("excluded_subtrees"),
    )
    return CertTrustAnchor(
        own,
        TrustQualifiers(
            standard_parameters=limits,
            max_path_length=own.max_path_length,
            # pyHanko counts down both or fails
            max_aa_path_length=own.max_path_length,
            valid_from=own.not_valid_before,
            valid_until=own.not_valid_after,
        ),
    )


class _StrongAlgorithms(DisallowWeakAlgorithmsPolicy):
    """The digests and keys that count in every path (``profile``), responders' too."""

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: asn1_keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        """See ``AlgorithmUsagePolicy``."""
        if public_key is not None and not _is_strong(public_key):
            return AlgorithmUsageConstraint(allowed=False)
        return super().signature_algorithm_allowed(algo, moment, public_key)


def _is_strong(public_key: asn1_keys.PublicKeyInfo) -> bool:
    try:
        return weakness_of(load_der_public_key(public_key.dump())) is None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


#: for every path that is validated here
STRONG = _StrongAlgorithms()  # type: ignore[no-untyped-call]
