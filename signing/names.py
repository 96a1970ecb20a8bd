"""Whose certificate it is: the names in its subject."""

import unicodedata
from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import NameOID

from schemas.configuration import Agency

#: is in the subject of every certificate of the demo authority
DEMO = "DEMO"
#: attributes that may name an agency: O, OU, CN, and its codes (统一社会信用代码 among them)
_NAMING = frozenset(
    {
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATIONAL_UNIT_NAME,
        NameOID.COMMON_NAME,
        NameOID.ORGANIZATION_IDENTIFIER,
        NameOID.SERIAL_NUMBER,
    }
)


def certificate_names(bearer: Agency) -> list[str]:
    """What the subject of the bearer's certificate must name, one of them.

    ``certificate_names``, by default the bearer's name and the seal's; of an invented agency
    without a key of its own, what the demo authority writes.
    """
    if bearer.demo and not bearer.seal.has_key:
        return [demo_name(bearer.name)]
    own = [bearer.name, *([bearer.seal.name] if bearer.seal.name else [])]
    return bearer.seal.certificate_names or own


def demo_name(name: str) -> str:
    """``name`` as the demo authority's certificates write it."""
    return f"{name} ({DEMO})"


def is_of(subject: x509.Name, names: Iterable[str]) -> bool:
    """True where O, OU, CN, organizationIdentifier or serialNumber is one of ``names``.

    Whole values are compared, after NFKC and without spaces: （） and (), full and half width,
    are the same.
    """
    wanted = {_plain(name) for name in names}
    held = {_plain(str(each.value)) for each in subject if each.oid in _NAMING}
    return bool(wanted & held)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
