"""Validation data behind the last document time stamp, where no signature covers it.

pyHanko's command line puts the data of a stamp there (EN 319 142-1, 5.4.2.2, lets it come with
the next stamp). Nothing of it is believed; it has to be about that stamp all the same.
"""

from collections.abc import Iterator, Sequence

from asn1crypto import crl, ocsp
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.converting import all_to_asn1
from signing.evidence import Evidence
from signing.keys import issued
from signing.verdict import Refused


def require_about(chain: Sequence[x509.Certificate], before: Evidence, after: Evidence) -> None:
    """Raise ``Refused`` unless all that ``after`` has more than ``before`` is about ``chain``.

    ``chain`` is that of the stamp's authority: its issuers, who answers for their revocation, and
    their lists and answers.
    """
    known = [*chain, *_issuers(chain, after.certificates)]
    certificates = [one for one in after.certificates if one not in before.certificates]
    had = {each.dump() for each in (*before.lists, *before.responses)}
    lists = [each for each in after.lists if each.dump() not in had]
    responses = [each for each in after.responses if each.dump() not in had]
    if not (
        all(one in known or _answers_for(known, one) for one in certificates)
        and all(_is_list_of(known, each) for each in lists)
        and all(_is_response_about(known, each) for each in responses)
    ):
        raise Refused("bytes_unaccounted")


def _issuers(
    chain: Sequence[x509.Certificate], held: Sequence[x509.Certificate]
) -> Iterator[x509.Certificate]:
    """Those of ``held`` above the chain, one after the other."""
    top = chain[-1]
    for _ in held:
        above = next((one for one in held if one != top and issued(one, top)), None)
        if above is None:
            return
        yield above
        top = above


def _answers_for(authorities: Sequence[x509.Certificate], one: x509.Certificate) -> bool:
    try:
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage and any(
        issued(authority, one) for authority in authorities
    )


def _is_list_of(authorities: Sequence[x509.Certificate], one: crl.CertificateList) -> bool:
    try:
        read = x509.load_der_x509_crl(one.dump())
        keys = [authority.public_key() for authority in authorities]
        # a key that cannot sign is a TypeError
        return any(read.is_signature_valid(key) for key in keys)  # type: ignore[arg-type]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _is_response_about(chain: Sequence[x509.Certificate], response: ocsp.OCSPResponse) -> bool:
    """True where each answer is about a certificate of ``chain``, by serial and issuer's key."""
    serials, keys = {link.serial_number for link in chain}, _key_hashes(chain)
    answers = response.basic_ocsp_response["tbs_response_data"]["responses"]
    asked = [answer["cert_id"] for answer in answers]
    return all(
        one["serial_number"].native in serials and one["issuer_key_hash"].native in keys
        for one in asked
    )


def _key_hashes(authorities: Sequence[x509.Certificate]) -> set[bytes]:
    keys = [authority.public_key for authority in all_to_asn1(authorities)]
    return {digest for key in keys for digest in (key.sha1, key.sha256)}
