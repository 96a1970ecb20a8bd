"""Whose letter it is, by the directory's names and the certificate's."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from schemas.configuration import Agency, Directory
from signing.bearers import attributed, bearers_of
from signing.verdict import Attribution, Verdict, Word
from workers.directory import load_directory

DEMO = load_directory(None)
NAME = DEMO.agencies[0].name


def directory(**changes: object) -> Directory:
    """The demo's agency, as if it were a real one, and another beside it."""
    own = DEMO.agencies[0].model_copy(update={"demo": False, **changes})
    names = {"code": "430102", "name": "长沙市芙蓉区社会保险服务中心", "hr_department": None}
    other = DEMO.agencies[0].model_copy(update={"demo": False, **names})
    return DEMO.model_copy(update={"agencies": [own, other]})


def subject(*names: tuple[x509.ObjectIdentifier, str]) -> str:
    parts = [x509.NameAttribute(oid, value) for oid, value in names]
    return x509.Name(parts).rfc4514_string()


def codes(signer: str, where: Directory) -> list[str]:
    return [bearer.agency for bearer in bearers_of(signer, where)]


@pytest.mark.parametrize("oid", [NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME])
def test_an_agency_is_known_by_its_name(oid: x509.ObjectIdentifier) -> None:
    assert codes(subject((oid, NAME)), directory()) == ["430111"]


def test_a_body_s_letter_is_its_agency_s() -> None:
    (bearer,) = bearers_of(
        subject((NameOID.COMMON_NAME, "长沙市雨花区人力资源和社会保障局")), directory()
    )
    assert (bearer.agency, bearer.name) == ("430111", "长沙市雨花区人力资源和社会保障局")


def test_certificate_names_stand_instead_of_the_name() -> None:
    own = DEMO.agencies[0]
    seal = own.seal.model_copy(update={"certificate_names": ["12430111446000000X"]})
    where = directory(seal=seal)
    assert codes(subject((NameOID.ORGANIZATION_IDENTIFIER, "12430111446000000X")), where) == [
        "430111"
    ]
    assert codes(subject((NameOID.COMMON_NAME, NAME)), where) == []


def test_an_invented_agency_is_not_the_real_one_of_its_name() -> None:
    demo = subject((NameOID.COMMON_NAME, f"{NAME} (DEMO)"))
    real = subject((NameOID.COMMON_NAME, NAME))
    assert (codes(demo, DEMO), codes(real, DEMO)) == (["430111"], [])
    assert (codes(demo, directory()), codes(real, directory())) == ([], ["430111"])
    assert "DEMO" in bearers_of(demo, DEMO)[0].name


@pytest.mark.parametrize("signer", ["", "CN", "CN=\\zz", f"title={NAME}", f"CN=\\,{NAME}"])
def test_what_names_nobody_is_nobody_s(signer: str) -> None:
    assert codes(signer, directory()) == []


def judged(
    name: str, agency: str | None, word: Word = Word.GENUINE
) -> tuple[Attribution | None, list[str]]:
    """Whose it is, and the codes of the remarks."""
    given = Verdict(word=word, signer=subject((NameOID.COMMON_NAME, name)))
    verdict = attributed(given, directory(), agency)
    assert verdict.word is word
    return verdict.attribution, [remark.code for remark in verdict.remarks]


def test_another_agency_s_letter_is_named_as_such() -> None:
    other = "长沙市芙蓉区社会保险服务中心"
    own = Attribution(agency="430111", body=NAME, matches_agency=True)
    assert judged(NAME, "430111") == (own, [])
    others = Attribution(agency="430102", body=other, matches_agency=False)
    assert judged(other, "430111") == (others, ["letter_of_another"])


def test_a_stranger_s_letter_is_none_of_the_directory_s() -> None:
    asked = Attribution(matches_agency=False)
    assert judged("某某公司", "430111") == (asked, ["letter_of_another"])
    assert judged("某某公司", None) == (Attribution(), [])


@pytest.mark.parametrize("word", [Word.NOT_GENUINE, Word.UNKNOWN])
def test_of_what_is_not_genuine_nobody_is_named(word: Word) -> None:
    assert judged(NAME, "430111", word) == (Attribution(), [])


def test_of_two_that_share_a_certificate_the_one_asked_for_counts() -> None:
    own = DEMO.agencies[0]
    seal = own.seal.model_copy(update={"certificate_names": ["湖南省社会保险"]})
    shared = directory(seal=seal)
    agencies: list[Agency] = [
        agency.model_copy(update={"seal": seal}) for agency in shared.agencies
    ]
    where = shared.model_copy(update={"agencies": agencies})
    verdict = Verdict(word=Word.GENUINE, signer=subject((NameOID.COMMON_NAME, "湖南省社会保险")))
    for code in ("430102", "430111"):
        found = attributed(verdict, where, code).attribution
        assert found is not None
        assert (found.agency, found.matches_agency) == (code, True)
