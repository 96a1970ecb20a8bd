"""Events that mean ill: examples spoilt as text, and the judgement of what the parser says of them.

The text is written by hand, since no JSON writer doubles a member or writes NaN in the middle.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from schemas.codes import CODES, Problem
from schemas.errors import Invalid
from schemas.parsing import digest, parse, read_envelope
from tests.building.events import EXAMPLES

_SCHEMAS = Path(__file__).parents[2] / "schemas" / "generated"
_DOCUMENTS = [json.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))]

#: JSON texts that stand in the place of a value
_SNIPPETS = [
    *("NaN", "Infinity", "-Infinity", "1e999", "1e-999", "-0", "-1", "0", "1.5", "1E400"),
    *("12345678901234567890", "9" * 400, "0." + "3" * 400, "01", "+1", "0x10", "1_000"),
    *("true", "false", "null", '""', '" "', "[]", "{}", "[null]", '{"":""}', "undefined", "'x'"),
    *('"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u202e"', '"\\ufeff"', '"\\uffff"'),
    *('"\u200d"', '"e\u0301"', '"\U0001f600"', '"\U000323af"', '"\u3000"', '"\uff11\uff12"'),
    *('"2026-02-30"', '"9999-12-31"', '"0000-00-00"', '"2026-03-05T24:00:00Z"', '"20260305"'),
    *('"2026-03-05T09:00:00+99:99"', '"\uff12\uff10\uff12\uff16-01-01"', '"\u0661\u0662.00"'),
    *('"-1.00"', '"0.00"', '"1e3"', '"1,000.00"', '"+1.00"', '"00.10"', '"1.005"', '" 1.00"'),
    *('"99999999999999999999.99"', '"0.001"', '"NaN"', '"Infinity"', '"430111194512032712"'),
    *('"{{ 7*7 }}"', '"{% raw %}"', '"</w:t>"', '"&lt;"', '"=cmd|x"', '"../../etc/passwd"'),
    *('"http://127.0.0.1/"', '"\'; drop table inbox; --"', '"%00"', '"${x}"', '"hanyin.x.v1"'),
    *("[" * 31 + "]" * 31, "[" * 40 + "]" * 40, '{"a":' * 40 + "1" + "}" * 40, "[" * 5000),
    *('"' + "長" * 300 + '"', '"' + "x" * 70000 + '"', "[" + "1," * 3000 + "1]"),
    *('{"id":1,"id":2}', '[{"a":1,"a":1}]', '"unterminated', '"\\x"', '"\\u12"', '"\t"'),
]
#: what is done to the whole text
_WHOLE: list[Callable[[str], bytes]] = [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-32"),
    lambda text: text.encode("gb18030"),
    lambda text: text.encode() + b"\0",
    lambda text: text.encode() * 2,
    lambda text: b"[" + text.encode() + b"]",
    lambda text: text.encode()[: len(text) // 2],
    lambda text: text.encode().replace(b"2026", b"\xff\xfe", 1),
    lambda text: text.encode().replace(b'"', b"'"),
    lambda text: b" " * 100_000 + text.encode(),
    lambda text: b"\x1f\x8b\x08" + text.encode(),
]


class Verbatim(str):
    """A JSON text that is written as it is."""

    __slots__ = ()


def hostile(random: Random) -> bytes:
    """An example with some of its places spoilt, now and then all of it."""
    document = random.choice(_DOCUMENTS)
    tree = _tree(document)
    for _ in range(random.randint(1, 3)):
        _spoil(tree, random)
    text = _written(tree)
    encoded = text.encode("utf-8", "surrogatepass")
    return random.choice(_WHOLE)(text) if random.random() < 0.1 else encoded


def harmless(random: Random) -> tuple[bytes, bytes]:
    """An example, and the same said in other words: order, blanks and escapes."""
    document = random.choice(_DOCUMENTS)
    members = list(document.items())
    random.shuffle(members)
    again = json.dumps(
        dict(members), ensure_ascii=random.random() < 0.5, indent=random.choice([None, 1, 7])
    )
    return json.dumps(document).encode(), random.choice(["", " \t\r\n"]).encode() + again.encode()


def judged(raw: bytes) -> bool:
    """Whether ``raw`` is accepted; fails where it is accepted or refused for no good reason."""
    read_envelope(raw)
    assert len(digest(raw)) == 64
    problems = _refusal(raw)
    if problems is None:
        _demand_plain(raw)
        return True
    assert problems
    for problem in problems:
        assert problem.code in CODES
        assert not CODES[problem.code].warning
        assert problem.message
        assert problem.message_en
        assert problem.pointer == "" or problem.pointer.startswith("/")
        problem.pointer.encode("utf-8")
    return False


def _refusal(raw: bytes) -> Sequence[Problem] | None:
    """Why ``raw`` is refused; None where it is an event."""
    try:
        parse(raw)
    except Invalid as refused:
        return refused.problems
    return None


def _demand_plain(raw: bytes) -> None:
    """Another reader takes it for the same, and the published schema has nothing against it."""
    document = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
    name = document["type"].removeprefix("hanyin.").removesuffix(".v1")
    assert list(_validator(name).iter_errors(document)) == []


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def _never(constant: str) -> None:
    raise AssertionError(constant)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((_SCHEMAS / f"{name}.v1.json").read_bytes()))


def _tree(value: Any) -> Any:
    """``value`` with its objects as lists of pairs, which may hold a name twice."""
    if isinstance(value, dict):
        return [("object",), *([name, _tree(member)] for name, member in value.items())]
    if isinstance(value, list):
        return [("list",), *([None, _tree(entry)] for entry in value)]
    return value


def _spoil(tree: Any, random: Random) -> None:
    holder, at = random.choice(list(_places(tree)))
    deed = random.random()
    if deed < 0.5:
        holder[at][1] = Verbatim(random.choice(_SNIPPETS))
    elif deed < 0.65:
        del holder[at]
    elif deed < 0.8:
        holder.append([holder[at][0], random.choice([holder[at][1], Verbatim('"x"')])])
    elif deed < 0.9:
        other, place = random.choice(list(_places(_tree(random.choice(_DOCUMENTS)))))
        holder[at][1] = other[place][1]
    elif isinstance(holder[at][1], str):
        text = holder[at][1]
        cut = random.randint(0, len(text))
        character = chr(random.choice([random.randint(0, 0x2FFF), random.randint(0, 0x10FFFF)]))
        holder[at][1] = f"{text[:cut]}{character}{text[cut:]}"


def _places(tree: Any) -> Any:
    if isinstance(tree, list):
        for at, (_, member) in enumerate(tree[1:], start=1):
            yield tree, at
            yield from _places(member)


def _written(tree: Any) -> str:
    if isinstance(tree, Verbatim):
        return str(tree)
    if not isinstance(tree, list):
        return json.dumps(tree, ensure_ascii=False)
    (kind,), *members = tree
    inner = ",".join(
        _written(member)
        if name is None or kind == "list"
        else f"{json.dumps(name)}:{_written(member)}"
        for name, member in members
    )
    return f"{{{inner}}}" if kind == "object" else f"[{inner}]"
