"""The corpus of forged and changed letters: each file gets the right word, for the right reason."""

from pathlib import Path

import pytest
from cryptography import x509

from signing.examination import examine
from tests.building.sealing import CORPORA

_FILES = CORPORA / "verifier"

pytestmark = pytest.mark.skipif(
    not _FILES.is_dir(), reason="the corpus of forged letters is not on this machine"
)

#: roots of agencies and of time stamp authorities, by the files' names
_DEMO, _P, _AG = ("demo_root", "tsaroot"), ("p_root", "p_root"), ("agroot", "tsaroot")
#: file → the roots, and the reason for which it is refused; "" where it is genuine
_EXPECTED: dict[str, tuple[tuple[str, str], str]] = {
    "00_letter": (_DEMO, ""),
    "01_plain_stamped": (_DEMO, ""),
    "02_trailer_single_gt": (_DEMO, "pdf_malformed"),
    "03_dup_xref_hidden_catalog": (_DEMO, "pdf_malformed"),
    "05_dup_xref_page_and_content": (_DEMO, "pdf_malformed"),
    "06_no_root_in_last_trailer": (_DEMO, "pdf_malformed"),
    "07_catalog_single_gt": (_DEMO, "pdf_malformed"),
    "09_trailer_gt_hidden_in_certificate": (_DEMO, "pdf_malformed"),
    "11_xref_stream_type3_hidden_in_certificate": (_DEMO, "pdf_malformed"),
    "13_vertical_tab_reference": (_DEMO, "pdf_malformed"),
    "19_lta_letter_untouched": (_P, ""),
    "20_lta_trailer_single_gt": (_P, "pdf_malformed"),
    "a21_field_subtype_freetext": (_DEMO, "update_after_sealing"),
    "a26_xmp_element_outside_description": (_DEMO, "update_after_sealing"),
    "a27_xmp_lang_attribute_changed": (_DEMO, "update_after_sealing"),
    "a31_xmp_stream_dict_with_pages_ref": (_DEMO, "update_after_sealing"),
    "i_crl_younger_than_stamp": (_AG, "evidence_too_young"),
}


def _root(name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((_FILES / "trust" / f"{name}.pem").read_bytes())


@pytest.mark.parametrize("name", _EXPECTED)
def test_each_file_gets_its_word_and_its_reason(name: str) -> None:
    (agencies, authorities), code = _EXPECTED[name]
    verdict = examine(
        (_FILES / f"{name}.pdf").read_bytes(), [_root(agencies)], stamp_roots=[_root(authorities)]
    )
    assert [reason.code for reason in verdict.reasons] == ([code] if code else [])
    assert verdict.genuine is (not code)


def test_no_file_with_another_text_or_an_addition_is_left_out() -> None:
    """Those of other certificates and containers (c, e, m) are tested beside their rules."""
    names = {file.stem for file in Path(_FILES).glob("*.pdf")}
    assert {name for name in names if name[0] not in "cem"} == set(_EXPECTED)
