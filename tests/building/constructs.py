"""What a template may hold, construct by construct: whether Typst makes it, and what is printed.

The table of docs/letters.md is printed from here (``tests.constructs_table``).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from tests.building.word_files import PAGE, p, word_file

_PNG = io.BytesIO()
Image.new("RGB", (40, 20), "red").save(_PNG, "PNG")
_DOUBLE = '<w:pBdr><w:top w:val="double"/></w:pBdr>'
_EXACT = '<w:spacing w:line="560" w:lineRule="exact"/>'
_LINE = '<w:{} w:val="single" w:sz="6" w:space="1" w:color="auto"/>'
_BORDERS = "".join(_LINE.format(side) for side in ("top", "left", "bottom", "right"))
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
    '<w:lvlText w:val="%1、"/><w:pPr><w:ind w:left="640" w:hanging="640"/></w:pPr></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="space"/>'
    '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_NOTES = (
    '<w:footnotes><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r>'
    "<w:t>脚注文字</w:t></w:r></w:p></w:footnote></w:footnotes>"
)


def _numbered(text: str, level: int) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


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
    section: str = PAGE
    parts: Mapping[str, bytes | str] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def docx(self) -> bytes:
        """The template."""
        return word_file(self.body, section=self.section, parts=self.parts)


def _looks(name: str, name_en: str, run: str, refused: str = "") -> Construct:
    body = p("甲乙丙", _EXACT) + p("丁戊己", _EXACT, run)
    return Construct(name=name, name_en=name_en, body=body, prints="甲乙丙丁戊己", refused=refused)


def _shape(name: str, name_en: str, properties: str, refused: str = "") -> Construct:
    body = p("甲乙丙", _EXACT) + p("丁戊己", properties) + p("庚", _EXACT)
    return Construct(
        name=name, name_en=name_en, body=body, prints="甲乙丙丁戊己庚", refused=refused
    )


CONSTRUCTS: tuple[Construct, ...] = (
    _shape("固定行距", "exact line pitch", _EXACT),
    _shape("单倍与多倍行距", "single and multiple lines", '<w:spacing w:line="360"/>'),
    _shape("最小行距", "least line pitch", '<w:spacing w:line="600" w:lineRule="atLeast"/>'),
    _shape("段前段后", "space before and after", '<w:spacing w:before="200" w:after="200"/>'),
    _shape("按字符缩进", "indents in characters", '<w:ind w:firstLineChars="200"/>'),
    _shape("悬挂与左右缩进", "hanging, left, right", '<w:ind w:left="640" w:hanging="640"/>'),
    _shape("对齐", "alignment", '<w:jc w:val="center"/>'),
    _shape("段落边框与底纹", "borders, shading", f"<w:pBdr>{_BORDERS}</w:pBdr>"),
    _shape("与下段同页、段中不分页", "keep next, keep lines", "<w:keepNext/><w:keepLines/>"),
    _shape("段前分页", "page break before", "<w:pageBreakBefore/>"),
    _shape(
        "双线边框", "double borders", '<w:pBdr><w:top w:val="double"/></w:pBdr>', "w:top double"
    ),
    _shape("图文框", "frames", '<w:framePr w:w="100"/>', "w:framePr"),
    _looks("加粗", "bold", "<w:b/>"),
    _looks("下划线（单、双、粗、点、划）", "underlines", '<w:u w:val="double"/>'),
    _looks("波浪下划线", "wavy underline", '<w:u w:val="wave"/>', "w:u wave"),
    _looks("颜色与底纹", "colour, shading", '<w:color w:val="C00000"/>'),
    _looks("上标、下标", "superscript, subscript", '<w:vertAlign w:val="superscript"/>'),
    _looks("字符间距", "spacing of characters", '<w:spacing w:val="40"/>'),
    _looks("字符边框", "border of characters", '<w:bdr w:val="single" w:sz="8" w:space="4"/>'),
    _looks("倾斜", "italic", "<w:i/>", "w:i"),
    _looks("字符缩放", "scaled characters", '<w:w w:val="80"/>', "w:w 80"),
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
        name="图片（EMF、WMF）",
        name_en="pictures in EMF, WMF",
        body=_DRAWING.format("p"),
        parts={"media/p.emf": b"emf"},
        prints="",
        refused="picture .emf",
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
    ),
    Construct(
        name="分栏",
        name_en="columns",
        body=p("甲"),
        section=PAGE + '<w:cols w:num="2"/>',
        prints="甲",
        refused="w:cols 2",
    ),
    Construct(
        name="脚注",
        name_en="footnotes",
        body='<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        parts={"footnotes.xml": _NOTES},
        prints="甲11脚注文字",
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
