"""``hanyin templates``: letters with a seal, forms without one."""

import json
from pathlib import Path

import pytest

from rendering.pdf import text_of
from templates.catalogue import HOME
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
