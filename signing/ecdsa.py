"""ECDSA signature values in their one spelling.

(r, s) and (r, n-s) are both right for the same message, so that anybody can make the one of the
other (SEC 1, 4.1.3). The lower s is the one that is written here.
"""

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)


def low_s(signature: bytes, public: object) -> bytes:
    """``signature`` (DER) with its lower s; unchanged where ``public`` is no curve's key.

    Raises ValueError where it is no ECDSA signature.
    """
    if not isinstance(public, EllipticCurvePublicKey):
        return signature
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, public.curve.group_order - s))


def has_low_s(signature: bytes, public: object) -> bool:
    """True where ``signature`` is spelled as ``low_s`` spells it."""
    try:
        return low_s(signature, public) == signature
    except ValueError:
        return False
