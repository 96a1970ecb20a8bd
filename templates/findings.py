"""What lint says: the finding, and its sentences in both languages, a table."""

from dataclasses import dataclass
from typing import Self

from schemas.documents import DocumentKind
from templates.markup import Fault, Place

#: what an office worker calls the parts of a Word file
_PARTS = {
    "document": "正文",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "styles": "样式",
    "numbering": "编号",
    "settings": "文档设置",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a template."""

    kind: DocumentKind
    #: the rule, snake_case
    rule: str
    #: the variable, bookmark, font or part that it is about
    subject: str
    #: what is wrong and what to do, Chinese
    message: str
    #: the same in English
    message_en: str

    @classmethod
    def of(cls, kind: DocumentKind, fault: Fault) -> Self:
        """The finding of ``fault``, its sentences filled."""
        chinese, english = _SENTENCES[fault.rule]
        return cls(
            kind=kind,
            rule=fault.rule,
            subject=fault.subject,
            message=_where(fault.place) + chinese.format(fault.subject),
            message_en=_where_en(fault.place) + english.format(fault.subject),
        )


def part_name(part: str) -> str:
    """What an office worker calls the part of a Word file, Chinese; else its own name."""
    stem = part.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return _PARTS.get(stem, part)


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    number = f"第 {place.paragraph} 段" if place.paragraph else ""
    words = f"“{place.words}”" if place.words else ""
    return f"{part_name(place.part)}{number}{words}："


def _where_en(place: Place | None) -> str:
    if place is None:
        return ""
    number = f", paragraph {place.paragraph}" if place.paragraph else ""
    words = f" “{place.words}”" if place.words else ""
    return f"{place.part}{number}{words}: "


#: rule → what is wrong and what to do, Chinese and English; {0} is the subject
_SENTENCES = {
    "file_unreadable": (
        "{0} 不存在或无法读取；请把文件放在模板的文件夹中",
        "{0} is not there or cannot be read; put it into the template's folder.",
    ),
    "no_word_file": (
        "template.docx 不是 Word 文件（{0}）；请在 Word 或 WPS 中另存为 .docx",
        "template.docx is no Word file ({0}); save it again from Word or WPS as .docx.",
    ),
    "manifest_broken": (
        "manifest.toml 有误：{0}；请改正，或用 hanyin templates copy 重新生成",
        "manifest.toml is wrong: {0}; correct it, or make it anew with `hanyin templates copy`.",
    ),
    "sample_broken": (
        "sample.json 不是 UTF-8 的 JSON 对象：{0}；请改正，或删去它而使用随附的示例",
        "sample.json is no JSON object in UTF-8: {0}; correct it, or delete it to use the shipped.",
    ),
    "sample_misfit": (
        "sample.json 与 manifest.toml 不符：{0}；请在其中之一增删或改正这些名称",
        "sample.json does not fit manifest.toml: {0}; add, remove or correct these in one of them.",
    ),
    "manifest_differs": (
        "manifest.toml 中 {0} 与随附的不同；编号、收件人、年限、印章和类型由程序决定，请改回",
        "{0} in manifest.toml is not as shipped, and not an agency's to change; change it back.",
    ),
    "not_supplied": (
        "manifest.toml 中的 {0} 不是程序提供的数据；请删去，或改用随附 manifest.toml 中的名称",
        "The program supplies no {0}; remove it from manifest.toml, or use a shipped name.",
    ),
    "unknown_variable": (
        "模板用了 {0}，但 manifest.toml 没有；请改名或在 manifest.toml 中说明",
        "The template uses {0}, which manifest.toml lacks; rename it or describe it there.",
    ),
    "unused_variable": (
        "manifest.toml 有 {0}，但模板没有用；请在模板中使用或从 manifest.toml 删去",
        "manifest.toml has {0}, which the template does not use; use it or remove it there.",
    ),
    "wrong_use": (
        "{0} 的用法与 manifest.toml 中的类型不符；列表用 for，开关用 if，文字直接填入",
        "{0} is not used as its type in manifest.toml says: for, if or as it is.",
    ),
    "broken_expression": (
        "模板中的标记无法解析：{0}；请检查 {{{{ }}}} 和 {{% %}} 是否成对",
        "The marks in the template cannot be read: {0}; check that braces come in pairs.",
    ),
    "forbidden_filter": (
        "模板用了过滤器 {0}；数据已是成品，请删去",
        "The template uses the filter {0}; values come finished, remove it.",
    ),
    "forbidden_attribute": (
        "模板用了属性 {0}；只有 for 中的行可以用点号取列",
        "The template uses the attribute {0}; only a row in a for has columns.",
    ),
    "forbidden_construct": (
        "模板用了不允许的写法 {0}；只能填入名称，用 if 判断、用 for 重复",
        "The template uses {0}; only names, if and for are allowed.",
    ),
    "marks_elsewhere": (
        "{0} 中有标记，但只有正文、页眉和页脚会被填写；请移到其中",
        "{0} holds marks, but only body, headers and footers are filled in.",
    ),
    "bookmark_missing": (
        "没有书签 {0}，不知道印章盖在哪里；请在 Word 中插入",
        "There is no bookmark {0}, so the seal has no place; insert it in Word.",
    ),
    "bookmark_repeated": (
        "书签 {0} 出现多次；请只留一个",
        "The bookmark {0} is there more than once; keep one.",
    ),
    "font_not_official": (
        "字体 {0} 不是公文字体；正文请用 仿宋_GB2312",
        "The font {0} is none of the official families; use 仿宋_GB2312 for text.",
    ),
    "font_not_set": (
        "{0} 没有给中文指定默认字体；请在默认样式中设为 仿宋_GB2312",
        "{0} sets no default font for Chinese; set 仿宋_GB2312 in the default style.",
    ),
    "outside_reference": (
        "{0} 引用了文件以外的内容；请删去链接",
        "{0} refers to something outside the file; remove the link.",
    ),
    "active_content": (
        "{0} 是宏、控件或嵌入的对象、文件；请删去后另存为 .docx",
        "{0} is a macro, a control, an embedded object or file; remove it and save as .docx.",
    ),
    "forbidden_field": (
        "域 {0} 可能读取文件、链接或运行程序；只允许 PAGE、NUMPAGES、SECTIONPAGES，请删去",
        "The field {0} may fetch, link or run; only PAGE, NUMPAGES and SECTIONPAGES are allowed.",
    ),
    "revision": (
        "有未处理的修订（{0}）；请在“审阅”中接受或拒绝全部修订后保存",
        "A tracked change ({0}) is left; accept or reject all changes and save.",
    ),
    "comment": (
        "有批注（{0}）；请在“审阅”中删除全部批注后保存",
        "There is a comment ({0}); delete all comments and save.",
    ),
    "hidden_text": (
        "文字被隐藏，或小、淡、窄到看不见（{0}）；请删去，或改为正常的字号、颜色和行高",
        "Text is hidden, or too small, pale or narrow to be read ({0}); remove or reformat it.",
    ),
    "draft_mark": (
        "有删除线、突出显示等起草标记（{0}）；请清除",
        "There is a strike-through, highlight or other mark of a draft ({0}); clear it.",
    ),
    "strict": (
        "{0} 用了 Strict Open XML；请另存为“Word 文档（*.docx）”",
        "{0} is in Strict Open XML; save as Word Document (*.docx).",
    ),
    "forbidden_markup": (
        "有 Word 不会写的内容（{0}）：XML 注释、{{# #}} 或游离的字符；请在 Word 中重新录入该处",
        "{0} is nothing that Word writes: a comment, an instruction, {{# #}} or stray characters.",
    ),
    "forbidden_element": (
        "有公文不用的内容（{0}），如文本框、内容控件、公式、浮动图片；请删去或改为普通文字",
        "{0} is no part of a letter (text box, control, formula, floating picture); remove it.",
    ),
    "broken_when_filled": (
        "填写后不再是完好的 Word 文件（{0}）；请检查 if、for 是否在同一段或各占一段",
        "Filled, it is no sound Word file ({0}); put if and for into one paragraph, or each alone.",
    ),
    "heavy": (
        "各部件展开后共 {0} 字节，超过 1 MB；请压缩图片，删去不用的样式和缩略图",
        "The parts unpack to {0} bytes, over 1 MB; compress pictures, remove unused styles.",
    ),
}
