"""What ``manifest.toml`` says of a template, and whether data is what it asks for."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.documents import RecipientRole
from schemas.model_faults import InvalidEntry

_STRICT = ConfigDict(extra="forbid", frozen=True)
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_Text = Annotated[str, Field(min_length=1)]


class VariableType(StrEnum):
    """What a variable holds."""

    TEXT = "text"  # a finished string, printed as it is
    FLAG = "flag"  # true or false, for {% if %}
    ROWS = "rows"  # a list of mappings, for {% for %}


class Column(BaseModel):
    """One string in each row of a ``rows`` variable."""

    model_config = _STRICT

    name: _Name
    meaning: _Text


class Variable(BaseModel):
    """Something that the template prints or decides by."""

    model_config = _STRICT

    name: _Name
    type: VariableType = VariableType.TEXT
    meaning: _Text
    #: of ``rows`` only, and there never empty
    columns: tuple[Column, ...] = ()

    @model_validator(mode="after")
    def _columns_belong_to_rows(self) -> Self:
        if (self.type is VariableType.ROWS) != bool(self.columns):
            raise InvalidEntry(
                f"{self.name}：rows 有列，其他没有",
                f"{self.name}: rows have columns, nothing else does",
            )
        return self


class SealPlace(BaseModel):
    """The Word bookmarks before and behind what the seal is pressed on."""

    model_config = ConfigDict(**_STRICT, validate_by_name=True, validate_by_alias=True)

    from_: Annotated[str, Field(alias="from")]
    to: str


class Manifest(BaseModel):
    """What the catalogue knows of a kind of document."""

    model_config = _STRICT

    #: the document's Chinese name
    name: _Text
    #: series that it draws from where the agency sets no other; None: it has no number
    series: _Text | None = None
    recipients: Annotated[tuple[RecipientRole, ...], Field(min_length=1)]
    #: who gets a copy, one entry each
    copies: Annotated[tuple[str, ...], Field(min_length=1)]
    #: years that it is kept at least (社会保险业务档案管理规定, 附表 九(一))
    retention_years: Annotated[int, Field(ge=10, le=100)]
    #: None: it has no seal
    seal: SealPlace | None = None
    variables: Annotated[tuple[Variable, ...], Field(min_length=1)]
    #: SHA-256 of the shipped Word file that an agency's own was copied from; ``templates diff``
    shipped_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _names_stand_once(self) -> Self:
        names = [variable.name for variable in self.variables]
        if twice := {name for name in names if names.count(name) > 1}:
            raise InvalidEntry(
                f"名称重复：{', '.join(sorted(twice))}", f"named twice: {', '.join(sorted(twice))}"
            )
        return self

    @model_validator(mode="after")
    def _a_number_and_a_seal_go_together(self) -> Self:
        if (self.series is None) != (self.seal is None):
            raise InvalidEntry(
                "series 与 seal 要么都有，要么都没有（无文号的表格）",
                "series and seal: both, or neither for a form without a number",
            )
        return self

    def variable(self, name: str) -> Variable | None:
        """The variable ``name``, or None."""
        return next((entry for entry in self.variables if entry.name == name), None)


def misfits(manifest: Manifest, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where ``data`` is not what ``manifest`` asks for; nothing where it fits.

    Each is the name, and ``missing``, ``unknown`` or ``wrong_type``.
    """
    known = {variable.name for variable in manifest.variables}
    yield from ((name, "unknown") for name in sorted(data.keys() - known))
    for variable in manifest.variables:
        if variable.name not in data:
            yield variable.name, "missing"
        else:
            yield from _of_value(variable, data[variable.name])


def _of_value(variable: Variable, value: Any) -> Iterator[tuple[str, str]]:
    if variable.type is VariableType.ROWS:
        yield from _of_rows(variable, value)
    elif not isinstance(value, bool if variable.type is VariableType.FLAG else str):
        yield variable.name, "wrong_type"


def _of_rows(variable: Variable, rows: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield variable.name, "wrong_type"
        return
    columns = {column.name for column in variable.columns}
    for row in rows:
        yield from ((f"{variable.name}.{name}", "unknown") for name in sorted(row.keys() - columns))
        yield from ((f"{variable.name}.{name}", "missing") for name in sorted(columns - row.keys()))
        for name in sorted(columns & row.keys()):
            if not isinstance(row[name], str):
                yield f"{variable.name}.{name}", "wrong_type"
