"""What a template may hold, construct by construct: whether Typst makes it, and what is printed.

The table of docs/letters.md is printed from here (``tests.constructs_table``).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PIL import Image

from tests.building.word_files import PAGE, p, word_file

_PNG = io.BytesIO()
Image.new("RGB", (40, 20), "red").save(_PNG, "PNG")
_DOUBLE = '<w:pBdr><w:top w:val="double"/></w:pBdr>'
_EXACT = '<w:spacing w:line="560" w:lineRule="exact"/>'
_LINE = '<w:{} w:val="single" w:sz="6" w:space="1" w:color="auto"/>'
_BORDERS = "".join(_LINE.format(side) for side in ("top", "left", "bottom", "right"))
_THICK = '<w:top w:val="single" w:sz="24" w:space="0" w:color="auto"/>'
_GRID = f"<w:tblBorders>{_BORDERS}{_LINE.format('insideH')}{_LINE.format('insideV')}</w:tblBorders>"
_DIAGONAL = f"<w:tcBorders>{_LINE.format('tl2br')}</w:tcBorders>"
_DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="457200"/>'
    '<wp:docPr id="1" name="p"/><a:graphic><a:graphicData'
    ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="{}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="914400" cy="457200"/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
    "</w:drawing></w:r></w:p>"
)
_LISTS = (
    '<w:numbering><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/><w:pPr><w:ind w:left="840" w:hanging="840"/></w:pPr></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="space"/>'
    '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_NOTES = (
    f'<w:footnotes><w:footnote w:id="2"><w:p><w:r>{_RAISED}<w:footnoteRef/></w:r><w:r>'
    "<w:t>脚注文字</w:t></w:r></w:p></w:footnote></w:footnotes>"
)


def _numbered(text: str, level: int) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>{_EXACT}')


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def _table(*rows: str, columns: int = 2) -> str:
    grid = '<w:gridCol w:w="4000"/>' * columns
    head = f"<w:tblPr>{_GRID}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    return f"<w:tbl>{head}{''.join(rows)}</w:tbl>{p('')}"


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


@dataclass(frozen=True, kw_only=True)
class Construct:
    """A construct in a Word file."""

    name: str
    name_en: str
    body: str
    #: what is printed, white space left out
    prints: str
    #: Typst makes it; otherwise the name by which it is refused
    refused: str = ""
    #: the rule of lint that lets neither engine see it
    forbidden: str = ""
    #: what LibreOffice prints where that is something else
    office_prints: str | None = None
    #: points that the engines' letters may be apart; more, where LibreOffice does not do as Word
    close: float = 3.0
    section: str = PAGE
    parts: Mapping[str, bytes | str] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def docx(self) -> bytes:
        """The template."""
        return word_file(self.body, section=self.section, parts=self.parts)


def _looks(name: str, name_en: str, run: str, refused: str = "", forbidden: str = "") -> Construct:
    body = p("甲乙丙", _EXACT) + p("丁戊己", _EXACT, run)
    return Construct(
        name=name,
        name_en=name_en,
        body=body,
        prints="甲乙丙丁戊己",
        refused=refused,
        forbidden=forbidden,
    )


def _shape(
    name: str, name_en: str, properties: str, refused: str = "", forbidden: str = ""
) -> Construct:
    body = p("甲乙丙", _EXACT) + p("丁戊己", properties) + p("庚", _EXACT)
    return Construct(
        name=name,
        name_en=name_en,
        body=body,
        prints="甲乙丙丁戊己庚",
        refused=refused,
        forbidden=forbidden,
    )


def _page(name: str, name_en: str, section: str, refused: str = "") -> Construct:
    return Construct(
        name=name, name_en=name_en, body=p("甲"), section=section, prints="甲", refused=refused
    )


def _listed(form: str, more: str = "") -> str:
    """A list that counts as ``form``, its own number 7; ``more`` is of its level."""
    return (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="9"/>'
        f'<w:numFmt w:val="{form}"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/>{more}'
        "</w:lvl>"
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    )


def _counts(
    name: str, name_en: str, form: str, *counted: str, level: str = "", refused: str = ""
) -> Construct:
    body = "".join(p(each, f'<w:numPr><w:numId w:val="7"/></w:numPr>{_EXACT}') for each in "甲乙丙")
    lists = f"<w:numbering>{_listed(form, level)}</w:numbering>"
    return Construct(
        name=name,
        name_en=name_en,
        body=body,
        parts={"numbering.xml": lists},
        prints="".join(f"{number}、{text}" for number, text in zip(counted, "甲乙丙", strict=True)),
        refused=refused,
    )


def _run(content: str) -> str:
    return f"<w:p><w:r><w:t>甲</w:t></w:r><w:r>{content}</w:r><w:r><w:t>乙</w:t></w:r></w:p>"


def _tabbed(leader: str) -> str:
    return (
        f'<w:p><w:pPr><w:tabs><w:tab w:val="right" w:leader="{leader}" w:pos="8000"/></w:tabs>'
        "</w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r></w:p>"
    )


CONSTRUCTS: tuple[Construct, ...] = (
    _shape("固定行距", "exact line pitch", _EXACT),
    # LibreOffice goes by the font's own height and leaves the first line as it is
    replace(
        _shape("单倍与多倍行距", "single and multiple lines", '<w:spacing w:line="360"/>'),
        close=14.0,
    ),
    _shape("最小行距", "least line pitch", '<w:spacing w:line="600" w:lineRule="atLeast"/>'),
    _shape("段前段后", "space before and after", '<w:spacing w:before="200" w:after="200"/>'),
    _shape(
        "按字符缩进", "indents in characters", '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    ),
    _shape("悬挂与左右缩进", "hanging, left, right", '<w:ind w:left="640" w:hanging="640"/>'),
    _shape("对齐", "alignment", '<w:jc w:val="center"/>'),
    _shape("分散对齐", "distributed alignment", f'{_EXACT}<w:jc w:val="distribute"/>'),
    _shape("段落边框与底纹", "borders, shading", f"<w:pBdr>{_BORDERS}</w:pBdr>"),
    _shape("与下段同页、段中不分页", "keep next, keep lines", "<w:keepNext/><w:keepLines/>"),
    _shape("段前分页", "page break before", "<w:pageBreakBefore/>"),
    _shape(
        "双线边框", "double borders", '<w:pBdr><w:top w:val="double"/></w:pBdr>', "w:top double"
    ),
    _shape(
        "段间边框",
        "borders between paragraphs",
        '<w:pBdr><w:between w:val="single" w:sz="4"/></w:pBdr>',
        "w:pBdr between",
    ),
    _shape(
        "自动段间距",
        "space before and after by itself",
        '<w:spacing w:beforeAutospacing="1"/>',
        "w:spacing beforeAutospacing",
    ),
    _shape("图文框", "frames", '<w:framePr w:w="100"/>', "w:framePr", "forbidden_element"),
    _looks("加粗", "bold", "<w:b/>"),
    _looks("下划线（单、双、粗、点、划）", "underlines", '<w:u w:val="double"/>'),
    _looks("波浪下划线", "wavy underline", '<w:u w:val="wave"/>', "w:u wave"),
    _looks("颜色与底纹", "colour, shading", '<w:color w:val="C00000"/>'),
    # LibreOffice has its own size and height of raised letters
    replace(
        _looks("上标、下标", "superscript, subscript", '<w:vertAlign w:val="superscript"/>'),
        close=4.0,
    ),
    _looks("字符间距", "spacing of characters", '<w:spacing w:val="40"/>'),
    _looks("字符边框", "border of characters", '<w:bdr w:val="single" w:sz="8" w:space="4"/>'),
    _looks("倾斜", "italic", "<w:i/>", "w:i"),
    _looks("字符缩放", "scaled characters", '<w:w w:val="80"/>', "w:w 80"),
    _looks("小型大写", "small capitals", "<w:smallCaps/>", "w:smallCaps"),
    _looks(
        "文字底纹（图案）",
        "patterns behind text",
        '<w:shd w:val="pct10"/>',
        "w:shd pct10",
        "hidden_text",
    ),
    _looks(
        "彩色下划线",
        "coloured underline",
        '<w:u w:val="single" w:color="C00000"/>',
        "w:u color C00000",
    ),
    _looks("调整宽度", "fitted text", '<w:fitText w:val="1600"/>', "w:fitText"),
    _looks("删除线", "strike-through", "<w:strike/>", "w:strike", "draft_mark"),
    _looks("突出显示", "highlight", '<w:highlight w:val="yellow"/>', "w:highlight", "draft_mark"),
    _looks("着重号", "emphasis marks", '<w:em w:val="dot"/>', "w:em", "forbidden_element"),
    _looks(
        "提升、降低",
        "raised and lowered",
        '<w:position w:val="6"/>',
        "w:position",
        "forbidden_element",
    ),
    _looks("隐藏文字", "hidden text", "<w:vanish/>", "w:vanish", "hidden_text"),
    Construct(
        name="拼音指南",
        name_en="ruby",
        body=_run("<w:ruby><w:rt><w:r><w:t>a</w:t></w:r></w:rt></w:ruby>"),
        prints="甲乙",
        refused="w:ruby",
        forbidden="forbidden_element",
    ),
    Construct(
        name="日期域",
        name_en="date fields",
        body='<w:p><w:fldSimple w:instr=" DATE "/></w:p>',
        prints="",
        refused="field DATE",
        forbidden="forbidden_field",
    ),
    Construct(
        name="文本框、图形",
        name_en="text boxes, shapes",
        body=_run("<w:pict/>"),
        prints="甲乙",
        refused="w:pict",
        forbidden="active_content",
    ),
    Construct(
        name="前导符（点、横线、下划线）",
        name_en="tabs with leaders",
        body=_tabbed("underscore"),
        prints="甲乙",
        # it has letters for the line
        office_prints="甲" + "_" * 30 + "乙",
    ),
    Construct(
        name="带下划线的制表符",
        name_en="underlined tabs",
        body='<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="4000"/></w:tabs></w:pPr><w:r>'
        '<w:t>甲</w:t></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:tab/></w:r><w:r>'
        "<w:t>乙</w:t></w:r></w:p>",
        prints="甲乙",
    ),
    Construct(
        name="制表位（左、中、右）",
        name_en="tabs",
        body='<w:p><w:pPr><w:tabs><w:tab w:val="center" w:pos="4000"/><w:tab w:val="right"'
        ' w:pos="8000"/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>{{ a }}</w:t><w:tab/>'
        "<w:t>丙</w:t></w:r></w:p>",
        data={"a": "乙"},
        prints="甲乙丙",
    ),
    Construct(
        name="换行与分页",
        name_en="line and page breaks",
        body='<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:br w:type="page"/></w:r></w:p>'
        + p("丙"),
        prints="甲乙丙",
    ),
    Construct(
        name="多级编号",
        name_en="numbered lists",
        body=_numbered("甲", 0) + _numbered("乙", 1) + _numbered("丙", 1) + _numbered("丁", 0),
        parts={"numbering.xml": _LISTS},
        prints="一、甲1.乙2.丙二、丁",
    ),
    _counts("中文数字编号", "lists counted 一二三", "chineseCountingThousand", "九", "十", "十一"),
    # LibreOffice counts 十, Word by digits
    replace(
        _counts("逐位中文数字", "lists counted 一〇", "ideographDigital", "九", "一〇", "一一"),
        office_prints="九、甲十、乙十一、丙",
        close=17.0,
    ),
    _counts("大写数字", "lists counted 壹贰叁", "chineseLegalSimplified", "玖", "壹拾", "壹拾壹"),
    _counts("带圈数字", "lists counted ①②③", "decimalEnclosedCircleChinese", "⑨", "⑩", "⑪"),
    replace(
        _counts("天干编号", "lists counted 甲乙丙", "ideographTraditional", "壬", "癸", "甲"),
        refused="w:numFmt ideographTraditional",
        office_prints="壬、甲癸、乙11、丙",
    ),
    _counts(
        "编号的字号",
        "size of a list's numbers",
        "decimal",
        *("9", "10", "11"),
        level='<w:rPr><w:sz w:val="44"/></w:rPr>',
    ),
    _counts(
        "右对齐的编号",
        "numbers that stand to the right",
        "decimal",
        *("9", "10", "11"),
        level='<w:lvlJc w:val="right"/>',
        refused="w:lvlJc right",
    ),
    _counts(
        "不重新开始的编号",
        "numbers that do not begin anew",
        "decimal",
        *("9", "10", "11"),
        level='<w:lvlRestart w:val="0"/>',
        refused="w:lvlRestart 0",
    ),
    Construct(
        name="表格边线与正文左对齐（Word 2013 起）",
        name_en="tables whose border is at the margin, since Word 2013",
        body=_table(_row(_cell("甲"), _cell("乙"))),
        parts={
            "settings.xml": '<w:settings><w:compat><w:compatSetting w:name="compatibilityMode"'
            ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
        },
        prints="甲乙",
    ),
    Construct(
        name="嵌套表格",
        name_en="tables in tables",
        body=_table(
            _row(f"<w:tc><w:tcPr/>{_table(_row(_cell('甲')), columns=1)}</w:tc>"), columns=1
        ),
        prints="甲",
    ),
    Construct(
        name="表格：合并、行高、表头、不跨页",
        name_en="tables: merged cells, heights, header rows, rows kept whole",
        body=_table(
            _row(_cell("甲", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
            _row(
                _cell("乙", '<w:vMerge w:val="restart"/><w:vAlign w:val="center"/>'),
                _cell("丙"),
                properties='<w:cantSplit/><w:trHeight w:val="900" w:hRule="atLeast"/>',
            ),
            _row(_cell("", "<w:vMerge/>"), _cell("丁", '<w:shd w:val="clear" w:fill="EEEEEE"/>')),
        ),
        # 乙 stands lower, in the middle of its two rows
        prints="甲丙乙丁",
    ),
    Construct(
        name="重复的表格行",
        name_en="rows that repeat",
        body=_table(
            _row(_cell("{%tr for each in rows %}", '<w:gridSpan w:val="2"/>')),
            _row(_cell("{{ each.a }}"), _cell("{{ each.b }}")),
            _row(_cell("{%tr endfor %}", '<w:gridSpan w:val="2"/>')),
        ),
        data={"rows": [{"a": "甲", "b": "乙"}, {"a": "丙", "b": "丁"}]},
        prints="甲乙丙丁",
    ),
    Construct(
        name="斜线表头",
        name_en="diagonal lines in cells",
        body=_table(_row(_cell("甲", _DIAGONAL), _cell(""))),
        prints="甲",
        refused="w:tl2br",
    ),
    Construct(
        name="图片（嵌入型）",
        name_en="pictures in the line",
        body=p("甲") + _DRAWING.format("p"),
        parts={"media/p.png": _PNG.getvalue()},
        prints="甲",
    ),
    Construct(
        name="表格行边框例外",
        name_en="rows with borders of their own",
        body=_table(
            _row(_cell("甲"), _cell("乙")).replace(
                "<w:trPr>",
                f"<w:tblPrEx><w:tblBorders>{_THICK}</w:tblBorders></w:tblPrEx><w:trPr>",
            )
        ),
        prints="甲乙",
        refused="w:tblPrEx tblBorders",
    ),
    Construct(
        name="表格中竖排文字",
        name_en="upright text in cells",
        body=_table(_row(_cell("甲", '<w:textDirection w:val="tbRlV"/>'), _cell("乙"))),
        prints="甲乙",
        refused="w:textDirection",
    ),
    Construct(
        name="浮动表格",
        name_en="floating tables",
        body=_table(_row(_cell("甲"))).replace("<w:tblPr>", '<w:tblPr><w:tblpPr w:tblpX="1"/>'),
        prints="甲",
        refused="w:tblpPr",
        forbidden="forbidden_element",
    ),
    Construct(
        name="图片（浮动型）",
        name_en="floating pictures",
        body=_DRAWING.format("p").replace("wp:inline", "wp:anchor"),
        parts={"media/p.png": _PNG.getvalue()},
        prints="",
        refused="w:drawing",
        forbidden="forbidden_element",
    ),
    Construct(
        name="图片（裁剪、旋转、加框）",
        name_en="pictures cropped, turned, framed",
        body=p("甲") + _DRAWING.format("p").replace("<a:xfrm>", '<a:xfrm rot="5400000">'),
        parts={"media/p.png": _PNG.getvalue()},
        prints="甲",
        refused="a:xfrm rot",
    ),
    Construct(
        name="图片（EMF、WMF）",
        name_en="pictures in EMF, WMF",
        body=_DRAWING.format("p"),
        parts={"media/p.emf": b"emf"},
        prints="",
        refused="picture .emf",
        forbidden="active_content",
    ),
    Construct(
        name="页眉页脚（首页、奇偶页）、PAGE、NUMPAGES",
        name_en="headers, footers (first, even and odd), PAGE, NUMPAGES",
        body=p("甲"),
        section='<w:footerReference w:type="default" r:id="footer1"/>' + PAGE,
        parts={
            "footer1.xml": '<w:p><w:fldSimple w:instr=" PAGE "/><w:r><w:t>／</w:t></w:r><w:r>'
            '<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> NUMPAGES </w:instrText>'
            '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>9</w:t></w:r><w:r>'
            '<w:fldChar w:fldCharType="end"/></w:r></w:p>'
        },
        prints="甲1／1",
    ),
    Construct(
        name="高过页边距的页眉",
        name_en="headers higher than their margin",
        body=p("甲"),
        section='<w:headerReference w:type="default" r:id="header1"/>' + PAGE,
        parts={"header1.xml": p("乙", _EXACT) * 3},
        prints="乙乙乙甲",
        refused="w:headerReference default, higher than its margin",
    ),
    Construct(
        name="不同纸张的节",
        name_en="sections with other paper",
        body=p("甲", f"<w:sectPr>{PAGE}</w:sectPr>") + p("乙"),
        section=PAGE.replace('w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906"'),
        prints="甲乙",
    ),
    Construct(
        name="文档网格",
        name_en="document grid",
        body=p("甲"),
        section=PAGE + '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"/>',
        prints="甲",
        # LibreOffice puts a letter into the middle of its square
        close=4.0,
    ),
    _page("分栏", "columns", PAGE + '<w:cols w:num="2"/>', "w:cols 2"),
    _page(
        "页面边框",
        "page borders",
        PAGE + '<w:pgBorders><w:top w:val="single" w:sz="4"/></w:pgBorders>',
        "w:pgBorders",
    ),
    replace(
        _page("行号", "line numbers", PAGE + '<w:lnNumType w:countBy="1"/>', "w:lnNumType"),
        office_prints="1甲",
    ),
    _page(
        "页面垂直居中",
        "text in the middle of its page",
        PAGE + '<w:vAlign w:val="center"/>',
        "w:vAlign center",
    ),
    Construct(
        name="连续的节",
        name_en="sections on the same page",
        body=p("甲", f"<w:sectPr>{PAGE}</w:sectPr>") + p("乙"),
        section='<w:type w:val="continuous"/>' + PAGE,
        prints="甲乙",
        refused="w:type continuous",
    ),
    Construct(
        name="脚注",
        name_en="footnotes",
        body="<w:p><w:r><w:t>甲</w:t></w:r><w:r>"
        f'{_RAISED}<w:footnoteReference w:id="2"/></w:r></w:p>',
        parts={"footnotes.xml": _NOTES},
        prints="甲11脚注文字",
    ),
    Construct(
        name="脚注编号①②③",
        name_en="footnotes counted ①②③",
        body="<w:p><w:r><w:t>甲</w:t></w:r><w:r>"
        f'{_RAISED}<w:footnoteReference w:id="2"/></w:r></w:p>',
        section='<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/></w:footnotePr>'
        + PAGE,
        parts={"footnotes.xml": _NOTES},
        prints="甲①①脚注文字",
        # LibreOffice does not raise the number beside the note
        close=7.0,
    ),
    Construct(
        name="每页重新编号的脚注",
        name_en="footnotes counted anew on each page",
        body="<w:p><w:r><w:t>甲</w:t></w:r><w:r>"
        f'{_RAISED}<w:footnoteReference w:id="2"/></w:r></w:p>',
        section='<w:footnotePr><w:numRestart w:val="eachPage"/></w:footnotePr>' + PAGE,
        parts={"footnotes.xml": _NOTES},
        prints="甲11脚注文字",
        refused="w:footnotePr numRestart eachPage",
    ),
    Construct(
        name="尾注",
        name_en="endnotes",
        body='<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>',
        parts={"endnotes.xml": _NOTES.replace("footnote", "endnote")},
        prints="甲ii脚注文字",
        refused="w:endnoteReference",
    ),
    Construct(
        name="判断与重复（段内、整段）",
        name_en="if and for, within and around paragraphs",
        body=p("{%p if yes %}")
        + p("甲{% if not yes %}乙{% elif no or yes %}丙{% else %}丁{% endif %}")
        + p("{%p endif %}")
        + p("{% for each in rows %}{{ each.a }}{% endfor %}"),
        data={"yes": True, "no": False, "rows": [{"a": "戊"}, {"a": "己"}]},
        prints="甲丙戊己",
    ),
    Construct(
        name="Word 自写的内容（rsid、校对、书签、拆开的标记）",
        name_en="what Word writes by itself",
        body='<w:p w:rsidR="00AB12CD"><w:bookmarkStart w:id="0" w:name="_GoBack"/><w:proofErr'
        ' w:type="spellStart"/><w:r w:rsidRPr="00AB12CD"><w:rPr><w:rFonts w:hint="eastAsia"/>'
        '<w:lang w:eastAsia="zh-CN"/></w:rPr><w:t>甲{{ a</w:t></w:r><w:r><w:t> }}</w:t></w:r>'
        '<w:bookmarkEnd w:id="0"/><w:r><w:lastRenderedPageBreak/><w:t>丙</w:t></w:r></w:p>',
        data={"a": "乙"},
        prints="甲乙丙",
    ),
)


def office_template(*, description: str = "局徽") -> bytes:
    """What an office may make itself: title, numbered list, table, picture, footnote, two pages."""
    note = f'<w:r>{_RAISED}<w:footnoteReference w:id="2"/></w:r>'
    facts = p("{{ name }}多领待遇，依据如下。", _EXACT + '<w:ind w:firstLine="640"/>')
    heads = (_cell(each, '<w:tcW w:w="4000" w:type="dxa"/>') for each in ("项目", "金额"))
    body = (
        p("多领待遇情况表", '<w:jc w:val="center"/>' + _EXACT, '<w:sz w:val="44"/>')
        + facts.replace("</w:p>", f"{note}</w:p>")
        + _numbered("依据文件：", 0)
        + _numbered("依据之一", 1)
        + _numbered("依据之二", 1)
        + _numbered("领取明细：", 0)
        + _table(
            _row(*heads, properties="<w:cantSplit/><w:tblHeader/>"),
            _row(_cell("{%tr for each in rows %}", '<w:gridSpan w:val="2"/>')),
            _row(
                _cell("{{ each.item }}"),
                _cell("{{ each.amount }}"),
                properties='<w:cantSplit/><w:trHeight w:val="567" w:hRule="exact"/>',
            ),
            _row(_cell("{%tr endfor %}", '<w:gridSpan w:val="2"/>')),
        )
        + _DRAWING.format("p").replace("<wp:docPr", f'<wp:docPr descr="{description}"')
        + p("以上属实。", _EXACT)
    )
    parts: dict[str, bytes | str] = {"numbering.xml": _LISTS, "footnotes.xml": _NOTES}
    return word_file(body, parts={**parts, "media/p.png": _PNG.getvalue()})
