"""The catalogue: what it loads, and what it says of a folder that is not whole."""

import json
import shutil
from pathlib import Path

import pytest

from schemas.documents import DocumentKind, RecipientRole
from schemas.errors import Misconfigured
from templates.catalogue import HOME, MANIFEST, SAMPLE, WORD_FILE, load
from templates.manifest import Manifest, VariableType, misfits
from tests.building.words import zipped

KIND = DocumentKind.RECOVERY_NOTICE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of one template's folder that a test may spoil."""
    shutil.copytree(HOME / KIND.value, tmp_path / KIND.value)
    return tmp_path


def complaint(home: Path) -> str:
    with pytest.raises(Misconfigured) as raised:
        load(KIND, home)
    return str(raised.value)


def test_every_kind_has_a_template() -> None:
    assert [load(kind).kind for kind in DocumentKind] == list(DocumentKind)


def test_a_manifest_says_who_gets_the_letter_and_how_long_it_is_kept() -> None:
    manifest = load(KIND).manifest
    assert manifest.name == "多领社会保险待遇追缴告知书"
    assert manifest.recipients == (RecipientRole.PARTY,)
    assert len(manifest.copies) == 2
    assert manifest.retention_years == 30
    rows = manifest.variable("overpayments")
    assert rows is not None
    assert rows.type is VariableType.ROWS


@pytest.mark.parametrize("name", [WORD_FILE, MANIFEST, SAMPLE])
def test_a_missing_file_is_named(home: Path, name: str) -> None:
    (home / KIND.value / name).unlink()
    assert str(home / KIND.value / name) in complaint(home)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (WORD_FILE, b"PK no", "no Word file"),
        (WORD_FILE, zipped({"word/document.xml": b"<a/>"}), "no word/styles.xml"),
        (WORD_FILE, zipped({"word/document.xml": b"<a>"}), "not XML"),
        (MANIFEST, b"name = ", "not TOML"),
        (MANIFEST, b"\xff", "not TOML in UTF-8"),
        (MANIFEST, b'name = "x"', "recipients"),
        (SAMPLE, b"{", "not JSON"),
        (SAMPLE, b"[]", "one JSON object"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(
    home: Path, name: str, content: bytes, said: str
) -> None:
    (home / KIND.value / name).write_bytes(content)
    text = complaint(home)
    assert name in text
    assert said in text


def test_a_sample_that_does_not_fit_is_named_with_every_misfit(home: Path) -> None:
    path = home / KIND.value / SAMPLE
    sample = json.loads(path.read_text(encoding="utf-8"))
    del sample["facts"]
    sample |= {"surplus": "", "several": "ja", "overpayments": [{"benefit": 1}]}
    path.write_text(json.dumps(sample), encoding="utf-8")
    text = complaint(home)
    for said in (
        "facts (missing)",
        "surplus (unknown)",
        "several (wrong_type)",
        "overpayments.amount (missing)",
        "overpayments.benefit (wrong_type)",
    ):
        assert said in text


def test_rows_must_be_a_list_of_mappings() -> None:
    template = load(KIND)
    wrong: list[object] = ["text", ["text"], {}]
    for rows in wrong:
        data = {**template.sample, "overpayments": rows}
        assert list(misfits(template.manifest, data)) == [("overpayments", "wrong_type")]


@pytest.mark.parametrize("lacking", ["series", "seal"])
def test_a_number_without_a_seal_or_a_seal_without_a_number_is_refused(lacking: str) -> None:
    plain = load(KIND).manifest.model_dump(mode="json", by_alias=True)
    with pytest.raises(ValueError, match="series and seal"):
        Manifest.model_validate(plain | {lacking: None})


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ({"name": "a", "type": "rows", "meaning": "x"}, "rows have columns"),
        ({"name": "a", "meaning": "x", "columns": [{"name": "b", "meaning": "y"}]}, "rows have"),
        ({"name": "A b", "meaning": "x"}, "pattern"),
        ({"name": "number", "meaning": "x"}, "named twice: number"),
    ],
)
def test_a_variable_that_makes_no_sense_is_refused(variable: dict[str, object], said: str) -> None:
    plain = load(KIND).manifest.model_dump(mode="json", by_alias=True)
    plain["variables"] = [{"name": "number", "meaning": "文号"}, variable]
    with pytest.raises(ValueError, match=said):
        Manifest.model_validate(plain)
