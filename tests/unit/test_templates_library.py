"""Which template a letter is made from, and what is said of one that is not sound."""

import json
import tomllib
from functools import cache
from pathlib import Path

import pytest

from schemas.documents import DocumentKind
from schemas.errors import Misconfigured, ProductionFailed
from templates.catalogue import HOME, MANIFEST, SAMPLE, WORD_FILE, Template, load
from templates.library import SHIPPED, Library
from tests.building.words import changed

STOP, NOTICE = DocumentKind.STOP_PAYMENT_LETTER, DocumentKind.RECOVERY_NOTICE
MINE, OTHER = "430111", "430112"


def put(home: Path, owner: str, template: Template) -> Path:
    """The Word file of ``template`` lies over the shipped one; its folder."""
    folder = home / owner / template.kind.value
    folder.mkdir(parents=True)
    (folder / WORD_FILE).write_bytes(template.docx)
    return folder


@cache
def own(kind: DocumentKind = STOP) -> Template:
    """The shipped template with other words."""
    return changed(kind, "通知", "函告")


def failure(library: Library, agency: str = MINE, kind: DocumentKind = STOP) -> ProductionFailed:
    with pytest.raises(ProductionFailed) as raised:
        library.template(kind, agency)
    return raised.value


def test_without_a_folder_every_letter_is_made_from_the_shipped_template() -> None:
    assert [SHIPPED.template(kind, MINE) for kind in DocumentKind] == [
        load(kind) for kind in DocumentKind
    ]


def test_an_agencys_own_goes_before_the_installations_and_that_before_the_shipped(
    tmp_path: Path,
) -> None:
    everybody = changed(STOP, "通知", "告知")
    put(tmp_path, "default", everybody)
    put(tmp_path, MINE, own())
    library = Library(tmp_path)
    assert library.template(STOP, MINE).docx == own().docx
    assert library.template(STOP, OTHER).docx == everybody.docx
    assert library.template(STOP).docx == everybody.docx
    assert library.template(NOTICE, MINE) is load(NOTICE)


def test_the_shipped_manifest_and_sample_hold_where_none_lies_beside_the_word_file(
    tmp_path: Path,
) -> None:
    put(tmp_path, MINE, own())
    template = Library(tmp_path).template(STOP, MINE)
    assert template.manifest == load(STOP).manifest
    assert template.sample == load(STOP).sample


def test_a_manifest_of_its_own_may_leave_out_what_its_word_file_does_not_print(
    tmp_path: Path,
) -> None:
    folder = put(tmp_path, MINE, changed(STOP, "{{ stop_from }}", ""))
    assert "stop_from" in failure(Library(tmp_path)).problem.message
    text = (HOME / STOP.value / MANIFEST).read_text(encoding="utf-8")
    block = next(part for part in text.split("\n\n") if 'name = "stop_from"' in part)
    (folder / MANIFEST).write_text(text.replace(block, ""), encoding="utf-8")
    template = Library(tmp_path).template(STOP, MINE)
    assert "stop_from" not in template.sample


@pytest.mark.parametrize("owner", ["default", MINE])
def test_a_faulty_template_stops_its_letters_and_no_others(tmp_path: Path, owner: str) -> None:
    put(tmp_path, owner, changed(STOP, "{{ stop_from }}", "{{ stop_form }}"))
    put(tmp_path, MINE, own(NOTICE))
    library = Library(tmp_path)
    error = failure(library)
    assert (error.problem.code, error.final) == ("template_faulty", True)
    assert f"{owner}/{STOP.value}" in error.problem.message
    assert "stop_form" in error.problem.message
    assert library.template(NOTICE, MINE).docx == own(NOTICE).docx
    if owner == MINE:
        assert library.template(STOP, OTHER) is load(STOP)


def test_a_faulty_template_of_an_agency_is_not_replaced_by_the_installations(
    tmp_path: Path,
) -> None:
    put(tmp_path, "default", own())
    put(tmp_path, MINE, changed(STOP, "{{ stop_from }}", "{{ stop_form }}"))
    assert failure(Library(tmp_path)).problem.code == "template_faulty"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        (WORD_FILE, None, "file_unreadable"),
        (WORD_FILE, b"PK no", "no_word_file"),
        (MANIFEST, b"name = ", "manifest_broken"),
        (MANIFEST, b"\xb2\xe2", "manifest_broken"),
        (MANIFEST, b'name = "x"', "manifest_broken"),
        (SAMPLE, b"{", "sample_broken"),
        (SAMPLE, b"[" * 100_000, "sample_broken"),
        (SAMPLE, b"[]", "sample_broken"),
        (SAMPLE, b"{}", "sample_misfit"),
    ],
)
def test_a_folder_that_is_not_whole_is_a_finding_in_both_languages(
    tmp_path: Path, name: str, content: bytes | None, rule: str
) -> None:
    folder = put(tmp_path, MINE, own())
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    library = Library(tmp_path)
    (finding,) = library.own[0].findings
    assert finding.rule == rule
    assert name in finding.message
    assert name in finding.message_en
    assert finding.message in failure(library).problem.message


def test_a_word_file_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = put(tmp_path, MINE, own())
    (folder / WORD_FILE).unlink()
    (folder / WORD_FILE).mkdir()
    assert [finding.rule for finding in Library(tmp_path).own[0].findings] == ["file_unreadable"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "subject"),
    [
        ("retention_years = 3", "retention_years = 1", "manifest_differs", "retention_years"),
        ('series = "稽（止付）字"', 'series = "私字"', "manifest_differs", "series"),
        ('to = "seal_to"', 'to = "elsewhere"', "manifest_differs", "seal"),
        ('recipients = ["bank"]', 'recipients = ["party"]', "manifest_differs", "recipients"),
        ('name = "stop_from"', 'name = "stop_form"', "not_supplied", "stop_form"),
        ('"bank_name"', '"bank_name"\ntype = "flag"', "manifest_differs", "bank_name"),
    ],
)
def test_an_own_manifest_cannot_say_what_the_program_does_not_do(
    tmp_path: Path, old: str, new: str, rule: str, subject: str
) -> None:
    folder = put(tmp_path, MINE, own())
    text = (HOME / STOP.value / MANIFEST).read_text(encoding="utf-8")
    assert old in text
    (folder / MANIFEST).write_text(text.replace(old, new, 1), encoding="utf-8")
    sample = dict(load(STOP).sample)
    if subject == "stop_form":
        sample["stop_form"] = sample.pop("stop_from")
    if subject == "bank_name":
        sample["bank_name"] = True
    (folder / SAMPLE).write_text(json.dumps(sample), encoding="utf-8")
    findings = Library(tmp_path).own[0].findings
    assert (rule, subject) in [(finding.rule, finding.subject) for finding in findings]


def test_a_column_that_the_program_does_not_supply_is_named(tmp_path: Path) -> None:
    folder = put(tmp_path, MINE, changed(NOTICE, "{{ item.reason }}", "{{ item.cause }}"))
    text = (HOME / NOTICE.value / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(text.replace('name = "reason"', 'name = "cause"'), "utf-8")
    sample = (HOME / NOTICE.value / SAMPLE).read_text(encoding="utf-8")
    (folder / SAMPLE).write_text(sample.replace('"reason"', '"cause"'), encoding="utf-8")
    (finding,) = Library(tmp_path).own[0].findings
    assert (finding.rule, finding.subject) == ("not_supplied", "overpayments.cause")


def test_a_manifest_may_say_which_shipped_template_it_was_copied_from(tmp_path: Path) -> None:
    folder = put(tmp_path, MINE, own())
    text = (HOME / STOP.value / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(f'shipped_sha256 = "{load(STOP).sha256}"\n{text}', "utf-8")
    assert Library(tmp_path).template(STOP, MINE).manifest.shipped_sha256 == load(STOP).sha256
    assert "shipped_sha256" not in tomllib.loads(text)


def test_what_lies_in_the_folder_and_is_no_template_is_named(tmp_path: Path) -> None:
    put(tmp_path, MINE, own())
    for stray in ("430111/recovery-notice", "430111/recovery_notice.docx", "template.docx"):
        (tmp_path / stray).touch()
    for ignored in (".DS_Store", "430111/~$template.docx", "README.md"):
        (tmp_path / ignored).touch()
    strays = ("430111/recovery-notice", "430111/recovery_notice.docx", "template.docx")
    assert Library(tmp_path).strays == strays


def test_a_folder_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_TEMPLATES_DIR"):
        Library(tmp_path / "none")


@pytest.mark.parametrize("agency", ["../430111", "", "430111/../430111", "."])
def test_an_agency_is_looked_up_and_never_part_of_a_path(tmp_path: Path, agency: str) -> None:
    put(tmp_path, MINE, own())
    assert Library(tmp_path / ".").template(STOP, agency) is load(STOP)
