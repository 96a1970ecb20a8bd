"""docs/seed.md: no sentence of the notice without a row, no row without its rule and its test."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.building.seed import CLAUSES, Clause, Share, page

ROOT = Path(__file__).resolve().parents[2]
NOTICE = ROOT.parent / "shared" / "domain" / "湘人社规2022-30号.txt"
#: a heading, or what follows the last sentence
_HEADING = re.compile(r"([二三四]、\w+)?（[一二三四]）\w{4,8}|- 附件.*")


def test_the_page_is_printed_from_the_rows() -> None:
    assert (ROOT / "docs/seed.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.words)
def test_what_a_row_names_is_there(clause: Clause) -> None:
    for rule in clause.rules:
        module, _, name = rule.partition(":")
        assert hasattr(import_module(module), name), rule
    for test in clause.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.words)
def test_a_row_says_how_much_it_carries(clause: Clause) -> None:
    carries = clause.share in {Share.CARRIED, Share.PART}
    assert bool(clause.rules) is bool(clause.tests) is carries
    assert bool(clause.note) is (clause.share is not Share.CARRIED)


def test_no_sentence_of_the_notice_is_without_a_row() -> None:
    if not NOTICE.exists():
        pytest.skip("the notice is not beside the checkout")
    text = re.sub(r"\s*\n\s*", "\n", NOTICE.read_text(encoding="utf-8")).replace("\n", "")
    assert [each.words for each in CLAUSES if each.words not in text] == []
    demands = text[text.index("本通知所指") : text.index("湖南省人力资源和社会保障厅湖南省高级")]
    assert [
        sentence
        for sentence in demands.split("。")
        if not _HEADING.fullmatch(sentence) and not any(each.words in sentence for each in CLAUSES)
    ] == []
    notices = re.findall(
        r"(?:^|。)(?:- )?(\d+)\.\D", text[text.index("告知事项") + 4 : text.index("承诺内容")]
    )
    assert notices == [str(number) for number in range(1, 13)]
    assert {f"告知事项{number}" for number in notices} <= {each.number for each in CLAUSES}
