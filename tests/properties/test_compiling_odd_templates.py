"""A Word file with something odd in it is compiled or named, and breaks nothing."""

from random import Random

import pytest
from lxml import etree

from rendering.typst.compiler import compile_template
from rendering.typst.unsupported import UnsupportedError
from templates.expressions import BrokenExpression
from templates.word import DOCUMENT, STYLES, BrokenWordFile, WordFile
from tests.building.constructs import CONSTRUCTS, Construct
from tests.building.words import zipped

ODD = ["", "x", "-1", "0", "99999999999", "1e9", "0.5", "nan", "{{ a }}", "{% if a %}", '"', "\\"]
TRIES = 25


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda each: each.name_en)
def test_an_odd_value_and_a_lost_element_break_nothing(construct: Construct) -> None:
    random = Random(construct.name_en)
    parts = WordFile.read(construct.docx).parts
    for _ in range(TRIES):
        part = random.choice([DOCUMENT, DOCUMENT, STYLES, *_others(parts)])
        docx = zipped({**parts, part: _changed(parts[part], random)})
        try:
            compiled = compile_template.__wrapped__(docx)
        except (UnsupportedError, BrokenExpression, BrokenWordFile):
            continue
        assert compiled.source


def _others(parts: dict[str, bytes]) -> list[str]:
    return [name for name in parts if name.startswith("word/") and name.count("/") == 1]


def _changed(part: bytes, random: Random) -> bytes:
    """The part with one attribute of another value, or without one element."""
    if not part.startswith(b"<"):
        return part
    tree = etree.fromstring(part)
    node = random.choice(list(tree.iter()))
    if node.attrib and random.random() < 0.8:
        name = random.choice(list(node.attrib))
        node.set(name, random.choice(ODD))
    elif (parent := node.getparent()) is not None and node is not tree[0]:
        parent.remove(node)
    changed: bytes = etree.tostring(tree)
    return changed
