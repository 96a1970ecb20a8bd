"""Jinja's tags in a template → Typst's control flow.

A tag decides or repeats by plain names (``templates.expressions``); values are looked up in the
data by their names, as strings, so that no name of the template becomes a name of Typst.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import Environment, TemplateError, nodes

from rendering.typst.literals import string
from rendering.typst.unsupported import UnknownConstructError

_TAG = re.compile(r"\{%(.*?)%\}|\{\{(.*?)\}\}|\{#.*?#\}", re.DOTALL)
_ENVIRONMENT = Environment(autoescape=True)
#: begins a tag that docxtpl knows in addition, or that takes white space away
_SPECIAL = ("-", "+", "r ", "p ", "tr ", "tc ", "#")


class Tag(NamedTuple):
    """A tag as it stands in the text."""

    #: it prints a value; otherwise it decides or repeats
    prints: bool
    words: str


def pieces(text: str) -> Iterator[str | Tag]:
    """The text and the tags of ``text``, in its order."""
    at = 0
    for match in _TAG.finditer(text):
        if match.start() > at:
            yield text[at : match.start()]
        at = match.end()
        prints = match[2] is not None
        words = match[2] if prints else match[1]
        if words is None or words.startswith(_SPECIAL) or words.endswith(("-", "+")):
            raise UnknownConstructError(match[0][:40])
        yield Tag(prints, words.strip())
    if at < len(text):
        yield text[at:]


class Flow:
    """What is open where: each tag's code, and whether a part of the file closes what it opens."""

    def __init__(self) -> None:
        #: the word of each open tag, with the loop's variable
        self._open: list[tuple[str, str]] = []

    @property
    def depth(self) -> int:
        """How many tags are open."""
        return len(self._open)

    def reset(self, depth: int) -> None:
        """As many are open as were before something went wrong."""
        del self._open[depth:]

    def printed(self, tag: Tag) -> str:
        """The code of the value that ``tag`` prints."""
        return f"val({self._name(_expression(tag.words))})"

    def control(self, tag: Tag, *, floor: int) -> str:
        """The code of a tag that decides or repeats.

        ``floor``: how many tags were open where this part of the file began; none of those may
        be closed in it.
        """
        word, _, rest = tag.words.partition(" ")
        if word == "if":
            self._open.append(("if", ""))
            return f"if {self._condition(_expression(rest))} {{"
        if word == "for":
            return self._loop(tag.words)
        if len(self._open) <= floor or self._open[-1][0] not in _BELONGS.get(word, ()):
            raise UnknownConstructError(f"{{% {tag.words[:40]} %}}")
        if word == "elif":
            return f"}} else if {self._condition(_expression(rest))} {{"
        if word == "else" and not rest:
            return "} else {"
        self._open.pop()
        return "}"

    def _loop(self, words: str) -> str:
        try:
            loop = _ENVIRONMENT.parse(f"{{% {words} %}}{{% endfor %}}").body[0]
        except TemplateError as error:
            raise UnknownConstructError(f"{{% {words[:40]} %}}") from error
        if not isinstance(loop, nodes.For) or loop.test is not None or loop.recursive:
            raise UnknownConstructError(f"{{% {words[:40]} %}}")
        if not (isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name)):
            raise UnknownConstructError(f"{{% {words[:40]} %}}")
        rows = self._name(loop.iter)
        self._open.append(("for", loop.target.name))
        return f"for {_variable(loop.target.name)} in {rows} {{"

    def _condition(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Not):
            return f"not ({self._condition(node.node)})"
        if isinstance(node, nodes.And | nodes.Or):
            word = "and" if isinstance(node, nodes.And) else "or"
            return f"({self._condition(node.left)}) {word} ({self._condition(node.right)})"
        return f"truth({self._name(node)})"

    def _name(self, node: nodes.Node) -> str:
        loops = {variable for _, variable in self._open}
        if isinstance(node, nodes.Name):
            known = node.name in loops
            return _variable(node.name) if known else f"data.at({string(node.name)})"
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return f"{self._name(node.node)}.at({string(node.attr)})"
        raise UnknownConstructError(type(node).__name__)


#: closing or dividing word → which tags it may belong to
_BELONGS = {"elif": ("if",), "else": ("if",), "endif": ("if",), "endfor": ("for",)}


def _variable(name: str) -> str:
    # a prefix, so that it hides nothing of the prelude or of Typst; Jinja's names may be Chinese
    return f"each-{name}"


def _expression(words: str) -> nodes.Node:
    try:
        output = _ENVIRONMENT.parse(f"{{{{ {words} }}}}").body[0]
    except (TemplateError, IndexError) as error:
        raise UnknownConstructError(words[:40]) from error
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise UnknownConstructError(words[:40])
    return output.nodes[0]
