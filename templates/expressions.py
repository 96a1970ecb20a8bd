"""The Jinja in a Word file: which names it uses, and what in it could do more than print.

A template decides and repeats by plain names; everything else is made by the time the data is
frozen. So calls, filters, tests, arithmetic and loops over anything but a name are refused, and
a template that somebody was handed cannot reach into the program.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatchmethod

from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes

from schemas.sentence import BilingualError
from templates.word import WordFile, is_filled

#: filters that a template may use; none, since values come finished
ALLOWED_FILTERS: frozenset[str] = frozenset()
_SWALLOWING = re.compile(r"\{#|#\}|\{%[-+]?\s*(?:end)?raw\b")
_HARMLESS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Not, nodes.And, nodes.Or)


class BrokenExpression(BilingualError, ValueError):
    """The Jinja of the file cannot be parsed; the text says why."""


@dataclass(kw_only=True)
class Usage:
    """What the Jinja of one file uses."""

    #: plain names, printed or decided by
    names: set[str] = field(default_factory=set)
    #: names that are looped over → columns used of them
    rows: dict[str, set[str]] = field(default_factory=dict)
    #: what it must not do: the kind (``filter``, ``attribute``, ``construct``), what was found
    dangers: list[tuple[str, str]] = field(default_factory=list)


def usage(docx: bytes) -> Usage:
    """What the body, headers and footers of ``docx`` use; raises BrokenExpression."""
    environment, walk = Environment(autoescape=True), _Walk()
    for source in patched(docx).values():
        # what is between them is neither parsed as XML nor printed, or not read as Jinja
        walk.found.dangers += [("markup", found[0]) for found in _SWALLOWING.finditer(source)]
        try:
            walk.visit(environment.parse(source))
        except TemplateSyntaxError as error:
            why = error.message or "syntax error"
            raise BrokenExpression(f"表达式有误（{why}）", why) from error
    return walk.found


def patched(docx: bytes) -> dict[str, str]:
    """The parts of ``docx`` that are filled, by name: XML around Jinja that Word has torn apart."""
    patch = DocxTemplate(io.BytesIO(docx)).patch_xml
    parts = WordFile.read(docx).parts
    return {name: patch(parts[name].decode()) for name in sorted(parts) if is_filled(name)}


class _Walk:
    """Walks a syntax tree and notes what it finds; loop variables are known by name."""

    def __init__(self) -> None:
        self.found = Usage()
        #: loop variable → the name that it runs over
        self._loops: dict[str, str] = {}

    @singledispatchmethod
    def visit(self, node: nodes.Node) -> None:
        """Notes ``node`` and what is in it; this one is for all that has no rule of its own."""
        if not isinstance(node, _HARMLESS):
            self.found.dangers.append(("construct", type(node).__name__))
        self._children(node.iter_child_nodes())

    @visit.register
    def _(self, node: nodes.Name) -> None:
        if node.name not in self._loops:
            self.found.names.add(node.name)

    @visit.register
    def _(self, node: nodes.Getattr) -> None:
        rows = self._loops.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if rows is None or node.attr.startswith("_"):
            self.found.dangers.append(("attribute", f".{node.attr}"))
            self.visit(node.node)
        else:
            self.found.rows[rows].add(node.attr)

    @visit.register
    def _(self, node: nodes.Filter) -> None:
        if node.name not in ALLOWED_FILTERS:
            self.found.dangers.append(("filter", f"|{node.name}"))
        self._children(node.iter_child_nodes())

    @visit.register
    def _(self, node: nodes.If) -> None:
        self._children(node.iter_child_nodes())

    @visit.register
    def _(self, node: nodes.For) -> None:
        if not (isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)):
            self.found.dangers.append(("construct", "for over an expression"))
            return
        self.visit(node.iter)
        self.found.rows.setdefault(node.iter.name, set())
        outer, self._loops = self._loops, {**self._loops, node.target.name: node.iter.name}
        self._children(iter([*node.body, *node.else_, *([node.test] if node.test else [])]))
        self._loops = outer

    def _children(self, children: Iterator[nodes.Node]) -> None:
        for child in children:
            self.visit(child)
