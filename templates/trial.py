"""Trial fillings of a template: what the filled Word file would be, before a letter is.

With its sample as it is, with all that it decides by true, and with nothing: a mark that begins in
one paragraph and ends in another makes a whole file of some data and a broken one of other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from templates.catalogue import Template
from templates.expressions import patched
from templates.manifest import VariableType
from templates.markup import Fault, Place, faults_of
from templates.word import BrokenWordFile, parsed


def faults_when_filled(template: Template) -> Iterator[Fault]:
    """Every fault that the filled file has; its Jinja was found harmless."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    for name, source in patched(template.docx).items():
        compiled = environment.from_string(source)
        for data in _data(template):
            try:
                yield from faults_of(name, parsed(name, compiled.render(data).encode("utf-8")))
            except (BrokenWordFile, TemplateError) as error:
                yield Fault("broken_when_filled", str(error), Place(name))


def _data(template: Template) -> tuple[Mapping[str, Any], ...]:
    sample = dict(template.sample)
    flags = [
        variable.name
        for variable in template.manifest.variables
        if variable.type is VariableType.FLAG
    ]
    nothing = {variable.name: _nothing(variable.type) for variable in template.manifest.variables}
    return (
        sample,
        sample | dict.fromkeys(flags, True),
        sample | dict.fromkeys(flags, False),
        nothing,
    )


def _nothing(kind: VariableType) -> Any:
    return {VariableType.TEXT: "", VariableType.FLAG: False, VariableType.ROWS: []}[kind]
