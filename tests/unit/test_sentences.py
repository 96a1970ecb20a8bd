"""Every sentence for people is there twice, in Chinese and in English, with the same values."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas import errors
from schemas.codes import CODES, Problem
from schemas.configuration import Directory
from schemas.errors import HanyinError, Misconfigured
from schemas.file_faults import os_words, toml_place
from schemas.model_faults import faults_of
from schemas.sentence import BilingualError, Sentence
from workers.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
FOLDERS = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
MODULES = sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))
#: functions whose first two arguments are one sentence, Chinese and English
PAIRED = {"say", "Sentence", "InvalidEntry"}
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
#: letters that are no setting, option, path, unit or name that is the same in every language
ENGLISH = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+\b")


def bilingual_errors() -> set[str]:
    """The names of all errors that are made of two sentences alone."""
    found = {"Misconfigured", "Unavailable"}
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base) for base in node.bases}
                own = any(
                    isinstance(e, ast.FunctionDef) and e.name == "__init__" for e in node.body
                )
                if bases & {*found, "BilingualError"} and not own:
                    found.add(node.name)
    return found


def pairs(source: str, names: set[str]) -> Iterator[tuple[int, list[ast.expr]]]:
    """Line and arguments of every call that makes a sentence."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node.lineno, node.args


def words(expression: ast.expr) -> str:
    """The letters that stand in the expression itself, values left out."""
    parts = [n.value for n in ast.walk(expression) if isinstance(n, ast.Constant)]
    return "".join(part for part in parts if isinstance(part, str))


def values(expression: ast.expr) -> set[str]:
    """What the expression fills in; a pair's Chinese and English are the same value."""
    found = {
        re.sub(r"\.(zh|en)\b|_(zh|en)\b|^(zh|en)$", "", ast.unparse(node.value))
        for node in ast.walk(expression)
        if isinstance(node, ast.FormattedValue)
    }
    return {re.sub(r"'[^']*'", "", value) for value in found}


def fault(arguments: list[ast.expr]) -> str | None:
    """What is wrong with a sentence in two languages."""
    if len(arguments) < 2:
        is_spread = len(arguments) == 1 and isinstance(arguments[0], ast.Starred)
        return None if is_spread else "one language alone"
    zh, en, *_ = arguments
    if not isinstance(zh, ast.Constant | ast.JoinedStr) or words(en) == f"{words(zh)}_en":
        return None  # made elsewhere; the names of two members, one for each language
    if HAN.search(words(en)):
        return "Chinese in the English one"
    is_foreign = re.search(r"[^\x00-\x7f]|^[\W\d]*$", words(zh)) is None
    if is_foreign and words(zh) != words(en):
        return "English in the Chinese one"
    if isinstance(en, ast.Constant | ast.JoinedStr) and values(zh) != values(en):
        return f"other values: {sorted(values(zh) ^ values(en))}"
    return None


def test_every_sentence_has_its_pair_with_the_same_values() -> None:
    names = PAIRED | bilingual_errors()
    found = [
        f"{module.relative_to(ROOT)}:{line} {why}"
        for module in MODULES
        for line, arguments in pairs(module.read_text(), names)
        if (why := fault(arguments))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("Misconfigured('only English')", "one language alone"),
        ("Misconfigured(f'没有 {a}', f'there is no {b}')", "other values: ['a', 'b']"),
        ("Unavailable('不在', '不在')", "Chinese in the English one"),
        ("say('away', 'it is away')", "English in the Chinese one"),
        ("say(f'没有 {a.zh}', f'no {a.en}')", None),
    ],
)
def test_a_sentence_without_its_pair_is_found(call: str, why: str | None) -> None:
    ((_, arguments),) = pairs(call, {"Misconfigured", "Unavailable", "say"})
    assert fault(arguments) == why


def test_nobody_shows_an_errors_english_text_to_a_person() -> None:
    """``str(error)`` is English, for logs: commands show ``error.sentence``."""
    found = [
        module.name
        for module in (ROOT / "commands").glob("*.py")
        if re.search(r"str\(error\)|\{error\}|strerror", module.read_text())
    ]
    assert found == []


def test_every_error_has_both_sentences() -> None:
    classes = [
        c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, HanyinError)
    ]
    assert len(classes) > 8
    assert all(issubclass(each, BilingualError) for each in classes)
    made = Misconfigured("没有钥匙", "there is no key")
    assert (made.sentence.zh, str(made)) == ("没有钥匙", "there is no key")


def test_a_code_is_filled_with_the_sentence_of_its_language() -> None:
    problem = Problem.of("", "key_unusable", what=Sentence("密钥过短", "the key is too short"))
    assert "密钥过短" in problem.message
    assert "the key is too short" in problem.message_en
    assert not HAN.search(problem.message_en)


def test_every_code_has_both_sentences() -> None:
    for code in CODES.values():
        assert HAN.search(code.zh), code.name
        # a number's form is the same in both
        assert all(run in code.zh for run in HAN_RUN.findall(code.en)), code.name


def test_a_wrong_setting_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANYIN_PRODUCERS", "many")
    monkeypatch.setenv("HANYIN_BATCH_LETTERS", "0")
    monkeypatch.setenv("HANYIN_COLOUR", "red")
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    said = caught.value.sentence
    assert "HANYIN_COLOUR：没有这个设置" in said.zh
    assert "须是整数" in said.zh
    assert "不小于 1" in said.zh
    assert not ENGLISH.search(said.zh)
    assert "there is no such setting" in said.en
    assert not HAN.search(said.en)


def wrong_values(kind: Any) -> list[Any]:
    return ["?", -1, None, [], {}, [None], {"x": 1}, 10**9, "x" * 300, True]


def test_whatever_is_wrong_in_a_settings_file_is_told_in_both_languages() -> None:
    """Every entry of settings and directory, with values of every wrong kind."""
    seen = set()
    for model in (Settings, Directory):
        for name, field in model.model_fields.items():
            for value in wrong_values(field.annotation):
                try:
                    model.model_validate({name: value})
                except ValidationError as error:
                    said = faults_of(error)
                    seen |= {details["type"] for details in error.errors()}
                    assert not ENGLISH.search(said.zh), said
                    assert not HAN.search(said.en), said
    assert len(seen) > 8


def test_a_kind_of_fault_that_nobody_knows_has_a_chinese_sentence_too() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(complex).validate_python("?")
    assert faults_of(caught.value).zh == "值不合规定"


def test_the_systems_and_parsers_words_are_told_in_chinese() -> None:
    with pytest.raises(FileNotFoundError) as missing:
        Path("/is/not/there").read_bytes()
    assert os_words(missing.value) == Sentence("不存在", "No such file or directory")
    with pytest.raises(tomllib.TOMLDecodeError) as broken:
        tomllib.loads("a = 1\nb = [")
    assert toml_place(broken.value).zh.startswith(("第 2 行", "无法解析"))
