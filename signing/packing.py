"""The CMS container of a seal (RFC 5652), in pyHanko's form and filled in by hand.

pyHanko makes it once for each key. From then on only the digest and the signature change, and
those are put into their places: asn1crypto takes four fifths of a seal's time to write the rest
anew. The examination reads every container before it is used.
"""

import hashlib

from asn1crypto import cms

from signing.keys import SealingKey
from signing.running import run
from signing.signer import KeptKeySigner

_DIGEST = "sha256"
#: stands in the form where the document's digest goes; no digest that anybody has seen
_BLANK = bytes(32)
_SEQUENCE, _SET, _OCTETS = b"\x30", b"\x31", b"\x04"
#: [0] and [1] with values in them
_FIRST, _SECOND = b"\xa0", b"\xa1"
#: id-aa-timeStampToken (RFC 3161, appendix A) and id-signedData
_STAMP = bytes.fromhex("060b2a864886f70d010910020e")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_LONG, _BYTE = 0x80, 8


class Packer:
    """Makes the containers of one key."""

    def __init__(self, key: SealingKey) -> None:
        self._key = key
        form = run(KeptKeySigner(key).async_sign(_BLANK, _DIGEST, dry_run=True, use_pades=True))
        signed = form["content"]
        signer = signed["signer_infos"][0]
        #: as it is signed: a SET, with the blank in it
        self._attributes = signer["signed_attrs"].untag().dump()
        self._head = _dumps(signed, "version", "digest_algorithms", "encap_content_info")
        self._head += signed["certificates"].dump()
        self._signer = _dumps(signer, "version", "sid", "digest_algorithm")
        self._algorithm = signer["signature_algorithm"].dump()
        if self._attributes.count(_BLANK) != 1:
            raise ValueError("the container's form is not the one that is filled in here")

    def signed(self, digest: bytes) -> "Signed":
        """The document's digest, signed. Raises ``Unavailable`` where the key is away."""
        attributes = self._attributes.replace(_BLANK, digest)
        return Signed(attributes=attributes, signature=self._key.sign(attributes), packer=self)

    def packed(self, attributes: bytes, signature: bytes, token: bytes | None) -> bytes:
        """The whole container, with a signature time stamp where there is one."""
        signer = [
            self._signer,
            # [0] IMPLICIT where they are signed as a SET (RFC 5652, 5.4)
            _FIRST + attributes[1:],
            self._algorithm,
            _value(_OCTETS, signature),
        ]
        if token is not None:
            signer.append(_value(_SECOND, _value(_SEQUENCE, _STAMP + _value(_SET, token))))
        infos = _value(_SET, _value(_SEQUENCE, b"".join(signer)))
        data = _value(_SEQUENCE, self._head + infos)
        return _value(_SEQUENCE, _SIGNED_DATA + _value(_FIRST, data))


class Signed:
    """A signature that waits for its time stamp, or goes without."""

    def __init__(self, *, attributes: bytes, signature: bytes, packer: Packer) -> None:
        self._attributes = attributes
        self._signature = signature
        self._packer = packer

    @property
    def imprint(self) -> bytes:
        """What a time stamp is asked for: SHA-256 of the signature value."""
        return hashlib.sha256(self._signature).digest()

    def container(self, token: cms.ContentInfo | None = None) -> bytes:
        """The CMS, DER."""
        stamp = None if token is None else token.dump()
        return self._packer.packed(self._attributes, self._signature, stamp)


def _dumps(value: cms.SignedData | cms.SignerInfo, *names: str) -> bytes:
    return b"".join(value[name].dump() for name in names)


def _value(tag: bytes, content: bytes) -> bytes:
    """Tag, shortest length, content (X.690, 10.1)."""
    size = len(content)
    if size < _LONG:
        return tag + bytes((size,)) + content
    length = size.to_bytes((size.bit_length() + _BYTE - 1) // _BYTE)
    return tag + bytes((_LONG | len(length),)) + length + content
