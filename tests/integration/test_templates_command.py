"""``hanyin templates``: letters with a seal, forms without one."""

import json
from pathlib import Path

import pytest
from docx import Document

from rendering.pdf import text_of
from templates.catalogue import HOME
from templates.word import W
from tests.building.installation import Installation

pytestmark = pytest.mark.office

FORM = "service_record"


def test_a_form_is_previewed_and_filled_without_a_number_of_its_own(
    embedded: Installation, tmp_path: Path
) -> None:
    sample = HOME / FORM / "sample.json"
    embedded.run("templates", "preview", FORM, "-o", str(tmp_path / "a.pdf"))
    embedded.run("templates", "render", FORM, str(sample), "-o", str(tmp_path / "b.pdf"))
    texts = [text_of((tmp_path / name).read_bytes()) for name in ("a.pdf", "b.pdf")]
    assert texts[0] == texts[1]
    assert json.loads(sample.read_text(encoding="utf-8"))["number"] in texts[0]


def test_a_form_is_not_sealed(embedded: Installation, tmp_path: Path) -> None:
    output = tmp_path / "a.pdf"
    embedded.run("templates", "preview", FORM, "--seal", "-o", str(output), codes=(1,))
    assert not output.exists()


def test_data_that_lacks_a_name_is_told_with_its_pointer(
    embedded: Installation, tmp_path: Path
) -> None:
    data = tmp_path / "data.json"
    data.write_text('{"number": "x"}', encoding="utf-8")
    output = tmp_path / "a.pdf"
    embedded.run("templates", "render", FORM, str(data), "-o", str(output), codes=(1,))
    assert not output.exists()


def rendered(embedded: Installation, kind: str, output: Path, *more: str, **changes: str) -> Path:
    """The kind's sample with ``changes``, as ``templates render`` writes it."""
    sample = json.loads((HOME / kind / "sample.json").read_text(encoding="utf-8"))
    data = output.with_name("data.json")
    data.write_text(json.dumps(sample | changes), encoding="utf-8")
    embedded.run("templates", "render", kind, str(data), "-o", str(output), *more)
    return output


@pytest.mark.parametrize("kind", ["stop_payment_letter", FORM])
def test_a_letter_is_filled_as_a_word_file_to_go_on_writing_in(
    embedded: Installation, tmp_path: Path, kind: str
) -> None:
    word = Document(str(rendered(embedded, kind, tmp_path / "a.docx")))
    sample = json.loads((HOME / kind / "sample.json").read_text(encoding="utf-8"))
    text = "".join(node.text or "" for node in word.element.body.iter(f"{W}t"))
    assert sample["number"] in text
    assert "{" not in text
    rendered(embedded, kind, tmp_path / "folder", "--format", "docx")
    assert (tmp_path / "folder" / f"{kind}.docx").read_bytes() == (tmp_path / "a.docx").read_bytes()


@pytest.mark.parametrize("value", ["甲\u0001", "甲\ue000", "甲\a乙"])
def test_a_word_file_holds_no_more_than_a_letter(
    embedded: Installation, tmp_path: Path, value: str
) -> None:
    sample = json.loads((HOME / FORM / "sample.json").read_text(encoding="utf-8"))
    data, output = tmp_path / "data.json", tmp_path / "a.docx"
    data.write_text(json.dumps(sample | {"document_name": value}), encoding="utf-8")
    embedded.run("templates", "render", FORM, str(data), "-o", str(output), codes=(1,))
    assert not output.exists()


def test_a_file_does_not_end_as_another_format(embedded: Installation, tmp_path: Path) -> None:
    sample, output = HOME / FORM / "sample.json", tmp_path / "a.pdf"
    words = ("templates", "render", FORM, str(sample), "-o", str(output), "--format", "docx")
    embedded.run(*words, codes=(1,))
    assert list(tmp_path.glob("a.pdf*")) == []
