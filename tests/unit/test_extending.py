"""A made-up kind, added to a copy of the tree by the steps of docs/extending.md and no others."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "cases", "templates", "commands")

MODULE = '''"""结案告知书: the party hears that his case is over."""

from cases.basis import Basis
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind, party
from cases.letters.notices import resumption_notice
from schemas.documents import DocumentKind


class ClosingNotice(LetterKind[Basis]):
    kind = DocumentKind.CLOSING_NOTICE
    title = "结案告知书"
    basis = Basis
    copies = 2
    corrected = 75

    def draft(self, basis: Basis, inputs: Inputs) -> DocumentDraft:
        return DocumentDraft(
            kind=self.kind,
            recipient=party(inputs.facts),
            data=resumption_notice(inputs.facts, inputs.facts.overpaid, inputs.agency),
            basis=basis,
        )


CLOSING_NOTICE = ClosingNotice()
'''

#: what then holds, asked in a process that knows no other tree
HOLDS = """
import sys
from datetime import date
from pathlib import Path

import cases
from cases.kinds import KINDS, LETTERS, SERVED
from cases.kinds.service_record import service_record
from cases.letters import finish
from commands.language import choose
from commands.words import in_words
from schemas.configuration import DEFAULT_SERIES
from schemas.documents import NUMBERED, DocumentKind, DocumentNumber
from schemas.jsonschema import generated
from templates.catalogue import load
from templates.manifest import misfits
from tests.building.events import Story, benefit, example
from tests.building.paper import AGENCY, Paper

assert Path(cases.__file__).is_relative_to(Path.cwd())
kind = DocumentKind("closing_notice")
assert set(KINDS) == set(DocumentKind)
assert kind in NUMBERED and kind in SERVED
assert DEFAULT_SERIES[kind] == AGENCY.series_of(kind) == load(kind).manifest.series
assert load(kind).manifest.name == KINDS[kind].title

paper, story = Paper(), Story()
paper.apply(story.confirmed(benefit("1000.00")), story.repaid("1000.00"))
first = paper.only(kind)
assert first.number == "稽（结案）字〔2026〕第1号"
printed = paper.drafts[first.document_id].data
number = DocumentNumber.parse(first.number)
assert list(misfits(load(kind).manifest, finish(kind, printed, number, date(2026, 3, 5)))) == []

renamed = example("01")["data"]["party"] | {"name": "陈建军"}
paper.apply(story.corrected({"party": renamed}))
old, new = paper.documents(kind)
assert old.void and not new.void
assert paper.drafts[new.document_id].replaces == old.document_id
assert paper.drafts[new.document_id].data["party_name"] == "陈建军"

form = service_record(
    letter=LETTERS[kind],
    number=new.number,
    case_no="1",
    recipient=paper.drafts[new.document_id].recipient,
    agency=AGENCY,
)
assert (form["document_name"], form["copies"]) == ("结案告知书", "2")
choose("zh")
assert in_words({"kind": kind})["kind"] == "结案告知书"
assert any("closing_notice" in text for text in generated().values())
"""


def edit(file: Path, before: str, after: str) -> None:
    """``after`` stands in for the one ``before``."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, (file, before)
    file.write_text(text.replace(before, after), encoding="utf-8")


def contract(tree: Path) -> None:
    line = "    #: 送达回证: attachment"
    member = f'    CLOSING_NOTICE = "closing_notice", "稽（结案）字"\n{line}'
    edit(tree / "schemas/documents.py", line, member)


def module(tree: Path) -> None:
    (tree / "cases/kinds/closing_notice.py").write_text(MODULE, encoding="utf-8")


def table(tree: Path) -> None:
    file = tree / "cases/kinds/__init__.py"
    line = "from cases.kinds.deduction_agreement import"
    edit(file, line, f"from cases.kinds.closing_notice import CLOSING_NOTICE\n{line}")
    edit(file, "        SERVICE_RECORD,\n", "        CLOSING_NOTICE,\n        SERVICE_RECORD,\n")


def template(tree: Path) -> None:
    folder = tree / "templates/closing_notice"
    shutil.copytree(tree / "templates/resumption_notice", folder)
    edit(folder / "manifest.toml", 'name = "恢复待遇发放通知"', 'name = "结案告知书"')
    edit(folder / "manifest.toml", "稽（恢复）字", "稽（结案）字")


def word(tree: Path) -> None:
    line = '    "service_record": "送达回证",\n'
    edit(tree / "commands/words.py", line, f'    "closing_notice": "结案告知书",\n{line}')


def rule(tree: Path) -> None:
    file = tree / "cases/clearing.py"
    line = "        *_resumption(cleared, agency),\n"
    draft = "CLOSING_NOTICE.draft(Basis(), Inputs(facts=cleared.facts, agency=agency))"
    edit(file, line, f"{line}        {draft},\n")
    line = "from cases.kinds.kind import"
    edit(file, line, f"from cases.kinds.closing_notice import CLOSING_NOTICE\n{line}")


#: what a step of the page touches → how it is done; the last one, printing, the process does
STEPS = {
    "schemas/documents.py": contract,
    "cases/kinds/<code>.py": module,
    "cases/kinds/__init__.py": table,
    "templates/<code>/": template,
    "commands/words.py": word,
    "cases/clearing.py": rule,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for room in ROOMS:
        skip = shutil.ignore_patterns("__pycache__", "*.png")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=skip)
    return tmp_path


def holds(tree: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join((str(tree), str(ROOT)))
    return subprocess.run(
        [sys.executable, "-B", "-c", HOLDS],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_kind_is_added_by_the_steps_of_the_page(tree: Path) -> None:
    for step in STEPS.values():
        step(tree)
    ended = holds(tree)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("left_out", [name for name in STEPS if name != "cases/kinds/<code>.py"])
def test_no_step_is_for_nothing(tree: Path, left_out: str) -> None:
    for name, step in STEPS.items():
        if name != left_out:
            step(tree)
    assert holds(tree).returncode != 0


def test_the_page_names_the_steps() -> None:
    page = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    kind = page[page.index("## A kind") : page.index("Nothing else knows it")]
    steps = re.split(r"^\d+\. ", kind, flags=re.MULTILINE)[1:]
    assert [next(name for name in STEPS if f"`{name}`" in step) for step in steps[:-1]] == list(
        STEPS
    )
    assert "python -m schemas.jsonschema" in steps[-1]
