"""Several agencies in one installation: their cases, numbers and seals never mix (G7)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import cases
from schemas.configuration import Directory
from schemas.documents import (
    DocumentKind,
    DocumentNumber,
    Issuer,
    PlannedDocument,
    Recipient,
    RecipientRole,
    SealedPdf,
)
from schemas.errors import CannotSeal
from tests.building.office import Office, example
from tests.building.sealing import rendered
from tests.building.workshop import Workshop
from workers.directory import load_directory
from workers.sealing import SealRoom
from workers.settings import Settings

SAMPLE = Path(__file__).parents[2] / "config" / "agencies.toml"
YUHUA, FURONG = "430111", "430102"
#: in 430111's name what 430102's people know, and the other way round
NAMES = {
    Issuer.AGENCY: "社会保险（就业）服务中心",
    Issuer.HR_DEPARTMENT: "人力资源和社会保障局",
    Issuer.LABOUR_INSPECTION: "劳动保障监察大队",
}


def two_of_one_series() -> Directory:
    """The sample, both agencies with the usual series and nothing to approve."""
    sample = load_directory(SAMPLE)
    alike = [
        agency.model_copy(update={"series": {}, "approval": frozenset()})
        for agency in sample.agencies
    ]
    return sample.model_copy(update={"agencies": alike})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db", directory=two_of_one_series())
    yield opened
    opened.close()


def of(agency: str, name: str = "24", *, source: str | None = None) -> dict[str, Any]:
    """The contract's example as the agency's own source would send it, under its own id."""
    event = example(name)
    event["data"]["agency"] = agency
    event["source"] = source or f"/hunan/{agency}/benefits"
    event["id"] = f"{agency} {event['id']}"
    return event


def test_the_sample_is_right_and_shows_what_an_agency_can_be_told() -> None:
    sample = load_directory(SAMPLE)
    assert [agency.code for agency in sample.agencies] == [YUHUA, FURONG]
    furong = sample.agencies[1]
    assert (furong.approval, furong.retention_years) == ("all", 50)
    assert furong.first_state(DocumentKind.STOP_PAYMENT_LETTER) == "awaiting_approval"


def test_two_agencies_may_have_a_case_and_a_number_of_the_same_name(office: Office) -> None:
    office.take(of(YUHUA), of(FURONG))
    office.work()
    numbers: dict[str, list[str]] = {YUHUA: [], FURONG: []}
    for row in office.register():
        numbers[row["agency"]].append(row["number"])
    assert numbers[YUHUA] == numbers[FURONG] != []
    with office.database.reading() as connection:
        found = cases.find(connection, "430111-2026-000020")
    assert [case.agency for case in found] == [FURONG, YUHUA]


def test_a_source_of_one_agency_gets_not_found_for_the_others_case(office: Office) -> None:
    office.take(of(FURONG))
    office.work()
    before = office.register()
    stranger = f"/hunan/{YUHUA}/benefits"
    office.take(
        of(FURONG, source=stranger),
        of(FURONG, "41", source=stranger),
        of(FURONG, "43", source=stranger),
    )
    office.work()
    assert office.codes() == ["not_found"] * 3
    assert office.register() == before


def test_an_event_for_ones_own_case_leaves_the_other_agencys_alone(office: Office) -> None:
    office.take(of(YUHUA), of(FURONG), of(YUHUA, "41"))
    office.work()
    void = {(row["agency"], row["state"]) for row in office.register() if row["state"] == "void"}
    assert void == {(YUHUA, "void")}


def test_a_bank_cannot_answer_for_one_agencys_letter_in_the_others_case(office: Office) -> None:
    office.take(of(YUHUA, "01"), of(FURONG, "01"))
    office.work()
    (stop,) = (
        row["document_id"]
        for row in office.register()
        if (row["agency"], row["kind"]) == (YUHUA, "stop_payment_letter")
    )
    receipt = of(FURONG, "03")
    receipt["data"]["document"] = {"reference": stop}
    office.take(receipt, exchange="hanyin.receipts", user_id="bank-abc")
    office.work()
    assert office.codes() == ["not_found"]
    own = of(YUHUA, "03")
    own["data"]["document"] = {"reference": stop}
    office.take(own, exchange="hanyin.receipts", user_id="bank-abc")
    office.work()
    assert office.states()[own["id"]] == ["applied"]


def test_each_agencys_letters_are_kept_for_its_own_years_under_its_own_code(
    office: Office, tmp_path: Path
) -> None:
    office.take(of(YUHUA), of(FURONG))
    office.work()
    workshop = Workshop(office, tmp_path / "archive")
    workshop.work()
    documents, _ = workshop.rows()
    kept = {(row["agency"], row["retain_until"].year) for row in documents if row["storage_key"]}
    assert kept == {(YUHUA, 2057), (FURONG, 2077)}
    assert all(str(row["storage_key"]).startswith(row["agency"]) for row in documents)


def sealed(room: SealRoom, agency: str, issuer: Issuer) -> SealedPdf:
    planned = PlannedDocument(
        document_id="d",
        kind=DocumentKind.REFERRAL_LETTER,
        agency=agency,
        case_no="c",
        number=DocumentNumber(series="移送字", year=2026, seq=1),
        issued_on=date(2026, 11, 24),
        recipient=Recipient(role=RecipientRole.COURT, name="某法院"),
        issuer=issuer,
        data={},
    )
    return room.seal(planned, rendered())


def room_of(tmp_path: Path, directory: Directory) -> SealRoom:
    return SealRoom(Settings(home=tmp_path), directory)


def test_every_agency_and_body_seals_with_a_key_of_its_own(tmp_path: Path) -> None:
    room = room_of(tmp_path, load_directory(SAMPLE))
    found = {
        (agency, issuer): sealed(room, agency, issuer)
        for agency in (YUHUA, FURONG)
        for issuer in Issuer
    }
    assert len({each.certificate_serial for each in found.values()}) == 6
    for (agency, issuer), each in found.items():
        place = "雨花区" if agency == YUHUA else "芙蓉区"
        assert f"{place}{NAMES[issuer]}" in each.certificate_subject


def test_a_body_that_is_not_configured_seals_nothing(tmp_path: Path) -> None:
    directory = load_directory(SAMPLE)
    bare = directory.agencies[0].model_copy(update={"hr_department": None})
    room = room_of(tmp_path, directory.model_copy(update={"agencies": [bare]}))
    with pytest.raises(CannotSeal, match="hr_department"):
        sealed(room, YUHUA, Issuer.HR_DEPARTMENT)
    assert sealed(room, YUHUA, Issuer.LABOUR_INSPECTION).pages == 1


def test_a_real_bodys_letter_is_never_sealed_by_the_demo_authority(tmp_path: Path) -> None:
    directory = load_directory(SAMPLE)
    real = directory.agencies[0].model_copy(update={"demo": False})
    room = room_of(tmp_path, directory.model_copy(update={"agencies": [real]}))
    with pytest.raises(CannotSeal, match=r"hr_department\.seal has no key"):
        sealed(room, YUHUA, Issuer.HR_DEPARTMENT)
