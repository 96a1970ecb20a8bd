"""What ``hanyin doctor`` says of an agency's settings: for each thing that is wrong, where."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.configuration import Agency, Directory, SealSettings
from schemas.documents import DocumentKind
from tests.integration.test_several_agencies import SAMPLE
from workers.agency_check import Finding, check_agency, unmatched
from workers.clock import now
from workers.directory import load_directory
from workers.sealing import SealRoom
from workers.settings import Settings

Change = Callable[[Agency], dict[str, Any]]


def checked(home: Path, change: Change, *, sources: bool = True, days: int = 0) -> list[Finding]:
    sample = load_directory(SAMPLE)
    agency = sample.agencies[0]
    changed = agency.model_copy(update=change(agency))
    directory = sample.model_copy(
        update={"agencies": [changed], **({} if sources else {"sources": []})}
    )
    room = SealRoom(Settings(home=home), directory)
    return check_agency(changed, directory, room, clock=lambda: now() + timedelta(days=days))


def settings_of(found: list[Finding]) -> list[str]:
    return [finding.setting for finding in found]


def test_the_sample_has_nothing_wrong(tmp_path: Path) -> None:
    assert checked(tmp_path, lambda _: {}) == []


def account(**values: str) -> Change:
    return lambda agency: {"account": agency.account.model_copy(update=values)}


def contact(**values: str) -> Change:
    return lambda agency: {"contact": agency.contact.model_copy(update=values)}


def series(kind: DocumentKind, name: str) -> Change:
    return lambda _: {"series": {kind: name}}


def hr_department(**values: Any) -> Change:
    def change(agency: Agency) -> dict[str, Any]:
        assert agency.hr_department is not None
        return {"hr_department": agency.hr_department.model_copy(update=values)}

    return change


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        (account(number="4300-1781"), "account.number"),
        (account(number="123"), "account.number"),
        (account(bank_full_name="长沙雨花支行"), "account.bank_full_name"),
        (account(holder="  "), "account.holder"),
        (contact(phone="周敏"), "contact.phone"),
        (contact(person=""), "contact.person"),
        (series(DocumentKind.AUDIT_OPINION, "稽〔待遇〕字"), "series.audit_opinion"),
        (series(DocumentKind.AUDIT_OPINION, "稽查"), "series.audit_opinion"),
        (hr_department(series="雨监（移送）字"), "hr_department.series"),
        (hr_department(series="稽（移送）字"), "hr_department.series"),
        (hr_department(seal=SealSettings(name="局")), "hr_department.seal.name"),
        (hr_department(seal=SealSettings(key_file="none.p12")), "hr_department.seal.key_file"),
        (lambda _: {"seal": SealSettings(name="一" * 31)}, "seal.name"),
        (lambda _: {"seal": SealSettings(key_file="none.p12")}, "seal.key_file"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    tmp_path: Path, change: Change, setting: str
) -> None:
    found = checked(tmp_path, change)
    assert setting in settings_of(found)
    assert all(finding.advice and finding.advice_en for finding in found)


def test_a_real_agency_needs_keys_and_values_that_are_not_the_samples(tmp_path: Path) -> None:
    found = settings_of(checked(tmp_path, lambda _: {"demo": False}))
    assert {"seal.key_file", "hr_department.seal.key_file", "contact.address"} <= set(found)


def test_an_agency_that_no_source_speaks_for_is_told(tmp_path: Path) -> None:
    assert settings_of(checked(tmp_path, lambda _: {}, sources=False)) == ["sources.agencies"]


def test_a_certificate_that_ends_soon_is_told_before_it_does(tmp_path: Path) -> None:
    found = checked(tmp_path, lambda _: {}, days=1080)
    assert set(settings_of(found)) == {
        "seal.key_file",
        "hr_department.seal.key_file",
        "labour_inspection.seal.key_file",
    }


def test_a_bank_that_letters_went_to_and_nobody_is_is_named() -> None:
    directory: Directory = load_directory(SAMPLE)
    assert unmatched(directory, ["102551003012"]) == []
    (found,) = unmatched(directory, ["102551003012", "313551000011"])
    assert "313551000011" in found.detail
