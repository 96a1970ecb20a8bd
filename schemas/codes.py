"""The table of error codes: contract, bilingual, printed into docs/codes.md.

A code never changes its meaning; a new meaning gets a new code.
"""

from dataclasses import dataclass
from typing import Self

from schemas.code import Code
from schemas.codes_cases import CASE_CODES
from schemas.codes_files import FILE_CODES
from schemas.codes_production import PRODUCTION_CODES
from schemas.codes_reading import MEMBER_CODES, MESSAGE_CODES
from schemas.codes_rules import NUMBER_CODES, RULE_CODES, WARNING_CODES
from schemas.codes_sealing import KEY_CODES, REMARK_CODES, SEAL_CODES, VERDICT_CODES
from schemas.codes_sheets import CELL_CODES, SHEET_CODES
from schemas.codes_verification import QUESTION_CODES
from schemas.sentence import Sentence

__all__ = ["CODES", "Code", "Problem"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong with an input (or a warning about it)."""

    #: JSON pointer (RFC 6901) into the event; "" is the whole of it
    pointer: str
    #: a name in CODES
    code: str
    #: Chinese sentence, personal values masked
    message: str
    #: the same in English
    message_en: str

    @classmethod
    def of(cls, pointer: str, code: str, **values: object) -> Self:
        """The problem ``code`` at ``pointer``, its sentences filled with ``values``.

        A value that is a ``Sentence`` fills each in its language.

        Raises KeyError for a code that the table lacks or a value that a pattern lacks:
        both are defects of the caller.
        """
        row = CODES[code]
        return cls(
            pointer=pointer,
            code=code,
            message=row.zh.format_map(
                {key: v.zh if isinstance(v, Sentence) else v for key, v in values.items()}
            ),
            message_en=row.en.format_map(values),
        )

    @property
    def sentence(self) -> Sentence:
        """The message in both languages."""
        return Sentence(self.message, self.message_en)


def _table(*rows: Code) -> dict[str, Code]:
    table = {row.name: row for row in rows}
    if len(table) != len(rows):
        raise ValueError("an error code stands twice in the table")
    return table


CODES = _table(
    *MESSAGE_CODES,
    *MEMBER_CODES,
    *NUMBER_CODES,
    *RULE_CODES,
    *WARNING_CODES,
    *CASE_CODES,
    *KEY_CODES,
    *SEAL_CODES,
    *VERDICT_CODES,
    *REMARK_CODES,
    *QUESTION_CODES,
    *SHEET_CODES,
    *CELL_CODES,
    # -- of the envelope and the case, any event
    Code(
        name="not_found",
        meaning="the source may not speak for this agency, or the thing named is not there",
        zh="来源无权处理该经办机构的案件，或所指对象不存在",
        en="The source may not speak for this agency, or what is named does not exist.",
    ),
    Code(
        name="source_unknown",
        meaning="said by `hanyin publish` alone: the directory has no such source",
        zh="目录（HANYIN_DIRECTORY_FILE）中没有来源 {source}；现有：{known}",
        en="The directory (HANYIN_DIRECTORY_FILE) has no source {source}; it has {known}.",
    ),
    Code(
        name="agency_unknown",
        meaning="said by `hanyin publish` alone: the directory has no such agency",
        zh="目录（HANYIN_DIRECTORY_FILE）中没有经办机构 {agency}；现有：{known}",
        en="The directory (HANYIN_DIRECTORY_FILE) has no agency {agency}; it has {known}.",
    ),
    Code(
        name="agency_not_of_source",
        meaning="said by `hanyin publish` alone: the directory's source does not name this agency",
        zh="来源 {source} 无权替经办机构 {agency} 发布；它的 agencies 有：{known}",
        en="The source {source} may not speak for agency {agency}; its agencies are {known}.",
    ),
    Code(
        name="id_reused",
        meaning="source + id belongs to an accepted or parked event with other content",
        zh="事件编号 {id} 已被内容不同的事件使用",
        en="Event id {id} belongs to an accepted event with other content.",
    ),
    *PRODUCTION_CODES,
    *FILE_CODES,
    # -- of a single document's production
    Code(
        name="glyph_missing",
        meaning="no font on this machine has the character; install one and retry the document",
        zh="字符 {characters} 在本机字体中没有字形",
        en="No font on this machine has a glyph for {characters}.",
    ),
)
