"""The form that our letters have."""

from collections.abc import Sequence
from datetime import datetime

from signing.reason import REASON
from signing.signatures import Signature
from signing.syntax.document import State
from signing.syntax.pages import page_tree
from signing.syntax.texts import date_of, text_of
from signing.syntax.values import Name, Reference, Value
from signing.verdict import Refused

#: a PAdES signature (EN 319 142-1, 6.3)
_SEAL = {
    "/Type": Name("/Sig"),
    "/Filter": Name("/Adobe.PPKLite"),
    "/SubFilter": Name("/ETSI.CAdES.detached"),
}
#: a document time stamp (ISO 32000-2, 12.8.5)
STAMP = {
    "/Type": Name("/DocTimeStamp"),
    "/Filter": Name("/Adobe.PPKLite"),
    "/SubFilter": Name("/ETSI.RFC3161"),
}
#: no change at all (ISO 32000-2, table 257)
_NO_CHANGES = 1


def require_seal(seal: Signature, state: State) -> datetime:
    """The time in the seal's /M, UTC.

    Raises ``Refused`` unless it certifies the document, in the field that the form names, and
    allows no change.
    """
    sealed_at = date_of(seal.entries.get("/M"))
    named = all(seal.entries.get(key) == name for key, name in _SEAL.items())
    if not named or sealed_at is None or not _certifies(seal, state):
        raise Refused("signature_form_unknown")
    return sealed_at


def require_stamps(signatures: Sequence[Signature]) -> None:
    """Raise ``Refused`` (signatures_unaccounted) unless all are document time stamps."""
    for signature in signatures:
        if any(signature.entries.get(key) != name for key, name in STAMP.items()):
            raise Refused("signatures_unaccounted")


def number_of(seal: Signature) -> str | None:
    """The document's number, as the signature names it."""
    reason = text_of(seal.entries.get("/Reason")) or ""
    return reason.removeprefix(REASON) if reason.startswith(REASON) else None


def pages_of(state: State) -> int:
    """How many pages the document has."""
    return sum(1 for _, node in page_tree(state) if "/Kids" not in node)


def _certifies(seal: Signature, state: State) -> bool:
    permissions = state.follow(state.catalogue.get("/Perms"))
    form = state.follow(state.catalogue.get("/AcroForm"))
    if not isinstance(permissions, dict) or not isinstance(form, dict):
        return False
    fields = state.follow(form.get("/Fields"))
    return (
        permissions.get("/DocMDP") == Reference(seal.number, 0)
        and isinstance(fields, list)
        and Reference(seal.field_number, 0) in fields
        and _allows_no_change(seal.entries.get("/Reference"), state)
    )


def _allows_no_change(references: Value, state: State) -> bool:
    references = state.follow(references)
    if not isinstance(references, list) or len(references) != 1:
        return False
    reference = state.follow(references[0])
    if not isinstance(reference, dict) or reference.get("/TransformMethod") != "/DocMDP":
        return False
    parameters = state.follow(reference.get("/TransformParams"))
    return isinstance(parameters, dict) and parameters.get("/P") == _NO_CHANGES
