"""The corpus's letters under other certificates and in other spellings: the right word for each."""

import pytest
from cryptography import x509

from signing.examination import examine
from signing.record import compared
from signing.verdict import Spelling, Verdict, Word
from tests.building.sealing import CORPORA

_FILES = CORPORA / "verifier"

pytestmark = pytest.mark.skipif(
    not _FILES.is_dir(), reason="the corpus of forged letters is not on this machine"
)

#: file → the root of its agency, and why it is not genuine
_REFUSED = {
    "c02_tls_server_cert": ("agroot", "certificate_usage"),
    "c03_tls_eku_critical": ("agroot", "certificate_usage"),
    "c04_tsa_cert_seals": ("agroot", "certificate_usage"),
    "c13_rsa1024": ("agroot", "certificate_weak"),
    "c29_expired_root_not_embedded": ("exproot", "certificate_outside_validity"),
    "e_rsa512": ("agroot", "certificate_weak"),
    "m25_expired_root_inside": ("exproot", "certificate_outside_validity"),
    "m26_expired_root_then_stripped": ("exproot", "certificate_outside_validity"),
}
#: genuine in what it says; the most that may be said of its bytes
_SPELLED = {
    "m00_ec_letter": ("agroot", Spelling.OPEN),
    "m01_ecdsa_malleable_r_n-s": ("agroot", Spelling.OTHER),
    "m03_root_stripped_from_container": ("agroot", Spelling.OTHER),
    "m04_demo_letter_root_stripped": ("demo_root", Spelling.OTHER),
    "m05_time_stamp_token_stripped": ("agroot", Spelling.OPEN),
    "m06_token_added_later_trusted_tsa": ("agroot", Spelling.OPEN),
    "m08_token_added_by_unknown_tsa": ("agroot", Spelling.OPEN),
    "m14_tst_root_stripped": ("agroot", Spelling.OTHER),
}
_UNKNOWN = "e_expired_400d_claimed_in_validity"


def _root(name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((_FILES / "trust" / f"{name}.pem").read_bytes())


def _judge(name: str, root: str) -> Verdict:
    pdf = (_FILES / f"{name}.pdf").read_bytes()
    return examine(pdf, [_root(root)], stamp_roots=[_root("tsaroot")])


@pytest.mark.parametrize("name", _REFUSED)
def test_a_certificate_that_may_not_seal_is_refused_for_the_right_reason(name: str) -> None:
    root, code = _REFUSED[name]
    verdict = _judge(name, root)
    assert verdict.word is Word.NOT_GENUINE
    assert [reason.code for reason in verdict.reasons] == [code]


@pytest.mark.parametrize("name", _SPELLED)
def test_what_is_spelled_otherwise_is_not_called_unchanged(name: str) -> None:
    root, spelling = _SPELLED[name]
    verdict = _judge(name, root)
    assert (verdict.word, verdict.spelling) == (Word.GENUINE, spelling)
    # by the ledger it is another file under that number
    assert [reason.code for reason in compared(verdict, []).reasons] == ["not_in_ledger"]


def test_what_a_stranger_calls_himself_is_not_printed() -> None:
    assert "VOID" not in str(_judge("m08_token_added_by_unknown_tsa", "agroot").as_dict())


def test_a_claimed_time_alone_leaves_an_expired_certificate_open() -> None:
    verdict = _judge(_UNKNOWN, "oldroot")
    assert verdict.word is Word.UNKNOWN
    assert [reason.code for reason in verdict.reasons] == ["expired_since"]


def test_no_such_file_is_left_out() -> None:
    names = {file.stem for file in _FILES.glob("[cem]*.pdf")}
    assert names == {*_REFUSED, *_SPELLED, _UNKNOWN}
