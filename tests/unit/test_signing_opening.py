"""A key that a verification would refuse seals nothing, and says why before the first letter."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from pydantic import ValidationError

from schemas.configuration import SealSettings
from schemas.documents import Issuer
from schemas.errors import ProductionFailed
from schemas.purposes import FOREIGN_PURPOSES, NO_PURPOSE, SEALING_PURPOSES
from signing.keys import SigningKey
from signing.opening import completed, require_accepted
from tests.building.authorities import (
    AUTHORITY,
    DOCUMENTS,
    SIGNER,
    certified,
    chain,
    constraints,
    pem,
    purposes,
)
from tests.building.sealing import AT, NAME, YEAR
from tests.integration.test_several_agencies import SAMPLE
from workers.directory import load_directory
from workers.sealing import KeyCondition, SealRoom
from workers.settings import Settings


def _code(key: SigningKey, accepted: Any = SEALING_PURPOSES) -> str | None:
    try:
        require_accepted(key, accepted)
    except ProductionFailed as error:
        return error.problem.code
    return None


def _without_root(key: SigningKey) -> SigningKey:
    return replace(key, issuers=key.issuers[:-1])


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (chain(), None),
        (chain(between=AUTHORITY), None),
        (chain(own=(*SIGNER, purposes(DOCUMENTS))), None),
        (chain(own=(*SIGNER, purposes(Purpose.SERVER_AUTH))), "certificate_unfit"),
        (chain(own=AUTHORITY), "certificate_unfit"),
        (
            chain(root=(constraints(ca=True, length=0), AUTHORITY[1]), between=AUTHORITY),
            "certificate_unfit",
        ),
        (_without_root(chain()), "certificate_chain"),
        (_without_root(chain(between=AUTHORITY)), "certificate_chain"),
    ],
)
def test_what_a_verification_would_refuse_is_refused(key: SigningKey, code: str | None) -> None:
    assert _code(key) == code


def test_the_setting_counts() -> None:
    assert _code(chain(), [DOCUMENTS.dotted_string]) == "certificate_unfit"
    assert _code(chain(own=(*SIGNER, purposes(DOCUMENTS))), [DOCUMENTS.dotted_string]) is None


def test_one_that_has_expired_is_told_as_that_and_not_as_unfit() -> None:
    root = certified("Root", None, AUTHORITY, until=AT + YEAR)
    key = certified(NAME, root, SIGNER, until=AT)
    assert _code(key) is None
    with pytest.raises(ProductionFailed) as caught:
        key.demand_valid(AT + timedelta(days=1))
    assert caught.value.problem.code == "certificate_expired"


def test_a_chain_is_completed_from_the_trusted_roots() -> None:
    key = chain(between=AUTHORITY)
    other = certified("Another", None, AUTHORITY).certificate
    assert completed(_without_root(key), [other, key.chain[-1]]).chain == key.chain
    assert completed(key, [other]).chain == key.chain


def _condition(folder: Path, key: SigningKey, **settings: Any) -> KeyCondition:
    """How an agency's key stands, as ``hanyin doctor`` and sealing itself ask."""
    file = folder / "key.pem"
    file.write_bytes(pem(key))
    sample = load_directory(SAMPLE)
    seal = SealSettings(key_file=str(file), certificate_names=[NAME])
    agency = sample.agencies[0].model_copy(update={"seal": seal})
    directory = sample.model_copy(update={"agencies": [agency]})
    room = SealRoom(Settings(home=folder / "home", **settings), directory, clock=lambda: AT)
    return room.condition(agency, Issuer.AGENCY, drawn=False)


def test_an_agency_with_such_a_key_cannot_seal_and_is_told_why(tmp_path: Path) -> None:
    assert _condition(tmp_path, chain()).problem is None
    found = _condition(tmp_path, chain(own=(*SIGNER, purposes(Purpose.TIME_STAMPING))))
    assert found.problem is not None
    assert found.problem.code == "certificate_unfit"


def test_an_agency_may_have_its_root_among_the_trusted_ones(tmp_path: Path) -> None:
    key = chain(between=AUTHORITY)
    found = _condition(tmp_path, _without_root(key))
    assert found.problem is not None
    assert found.problem.code == "certificate_chain"
    root = tmp_path / "root.pem"
    root.write_bytes(key.chain[-1].public_bytes(Encoding.PEM))
    assert _condition(tmp_path, _without_root(key), trust_files=[root]).problem is None


def test_purposes_are_a_setting_of_the_installation(tmp_path: Path) -> None:
    strict = [DOCUMENTS.dotted_string]
    assert _condition(tmp_path, chain(), seal_purposes=strict).problem is not None
    named = chain(own=(*SIGNER, purposes(DOCUMENTS)))
    assert _condition(tmp_path, named, seal_purposes=strict).problem is None


@pytest.mark.parametrize(
    "purpose", [*sorted(FOREIGN_PURPOSES), "documentSigning", "", "1.3.", "3.1"]
)
def test_purposes_of_others_and_what_is_no_purpose_cannot_be_set(purpose: str) -> None:
    with pytest.raises(ValidationError):
        Settings(seal_purposes=[purpose])
    with pytest.raises(ValidationError):
        Settings(seal_purposes=[])
    assert Settings(seal_purposes=[NO_PURPOSE]).seal_purposes == [NO_PURPOSE]
