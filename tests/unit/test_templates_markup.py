"""What a letter may hold, before it is filled and after: all else is named with its place."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from rendering.filling import WordTemplate
from schemas.documents import DocumentKind
from schemas.errors import Misconfigured, ProductionFailed
from templates.catalogue import Template, load
from templates.lint import lint
from templates.vetted import VettedTags
from templates.vocabulary import STRICT, W14
from templates.word import DOCUMENT, BrokenWordFile, W, WordFile
from tests.building.sealing import CORPORA
from tests.building.words import changed, with_part

STOP = DocumentKind.STOP_PAYMENT_LETTER
VALUE = "{{ stop_from }}"
_NAMESPACES = f'xmlns:w="{W[1:-1]}" xmlns:w14="{W14[1:-1]}"'


def behind_value(xml: str) -> Template:
    """The stop letter with ``xml`` between two runs of a paragraph."""
    return changed(STOP, VALUE, f"{VALUE}</w:t></w:r>{xml}<w:r><w:t>")


def run(properties: str, text: str = "33") -> Template:
    return behind_value(f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")


def paragraph(properties: str) -> Template:
    added = f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>33</w:t></w:r></w:p>"
    return changed(STOP, "<w:body>", f"<w:body>{added}")


def part(root: str, inner: str = "", name: str = "word/extra.xml") -> Template:
    xml = f"<w:{root} {_NAMESPACES}>{inner}</w:{root}>"
    return with_part(STOP, name, xml.encode())


_RUN = "<w:r><w:t>33</w:t></w:r>"
HOSTILE: dict[str, tuple[str, Callable[[], Template]]] = {
    "inserted text": ("revision", lambda: behind_value(f'<w:ins w:id="1">{_RUN}</w:ins>')),
    "deleted text": (
        "revision",
        lambda: behind_value('<w:del w:id="1"><w:r><w:delText>3</w:delText></w:r></w:del>'),
    ),
    "text moved away": ("revision", lambda: behind_value(f"<w:moveFrom>{_RUN}</w:moveFrom>")),
    "text moved here": ("revision", lambda: behind_value(f"<w:moveTo>{_RUN}</w:moveTo>")),
    "changed format": ("revision", lambda: run("<w:rPrChange><w:rPr/></w:rPrChange>")),
    "changed paragraph": ("revision", lambda: paragraph("<w:pPrChange><w:pPr/></w:pPrChange>")),
    "deleted paragraph mark": ("revision", lambda: paragraph("<w:rPr><w:del/></w:rPr>")),
    "change of a kind to come": ("revision", lambda: run("<w:newPrChange/>")),
    "revision in a footer": (
        "revision",
        lambda: changed(STOP, "</w:p>", f"<w:ins>{_RUN}</w:ins></w:p>", part="word/footer1.xml"),
    ),
    "revision in a list": (
        "revision",
        lambda: part("numbering", "<w:numberingChange/><w:del/>", "word/numbering.xml"),
    ),
    "comment's beginning": ("comment", lambda: behind_value('<w:commentRangeStart w:id="0"/>')),
    "comment's mark": (
        "comment",
        lambda: behind_value('<w:r><w:commentReference w:id="0"/></w:r>'),
    ),
    "comment": (
        "comment",
        lambda: part("comments", '<w:comment w:id="0"><w:p/></w:comment>', "word/comments.xml"),
    ),
    "what newer versions keep of comments": (
        "comment",
        lambda: with_part(
            STOP,
            "word/commentsExtended.xml",
            b'<x:commentsEx xmlns:x="http://schemas.microsoft.com/office/word/2012/wordml"/>',
        ),
    ),
    "file in the package": (
        "active_content",
        lambda: with_part(STOP, "word/embeddings/oleObject1.xml", b"<o/>"),
    ),
    "hidden": ("hidden_text", lambda: run("<w:vanish/>")),
    "hidden in so many words": ("hidden_text", lambda: run('<w:vanish w:val="1"/>')),
    "hidden on the web": ("hidden_text", lambda: run("<w:webHidden/>")),
    "hidden paragraph mark": ("hidden_text", lambda: paragraph("<w:rPr><w:specVanish/></w:rPr>")),
    "hidden by a style": (
        "hidden_text",
        lambda: changed(STOP, "<w:rPr>", "<w:rPr><w:vanish/>", part="word/styles.xml"),
    ),
    "hidden row": (
        "hidden_text",
        lambda: changed(
            STOP,
            "<w:body>",
            "<w:body><w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        ),
    ),
    "white": ("hidden_text", lambda: run('<w:color w:val="FFFFFF"/>')),
    "nearly white": ("hidden_text", lambda: run('<w:color w:val="f2F2f2"/>')),
    "white by the theme": (
        "hidden_text",
        lambda: run('<w:color w:val="auto" w:themeColor="background1"/>'),
    ),
    "black on black": ("hidden_text", lambda: run('<w:shd w:val="clear" w:fill="000000"/>')),
    "covered by a pattern": ("hidden_text", lambda: run('<w:shd w:val="solid"/>')),
    "tiny": ("hidden_text", lambda: run('<w:sz w:val="2"/>')),
    "squeezed": ("hidden_text", lambda: run('<w:w w:val="1"/>')),
    "flat line": (
        "hidden_text",
        lambda: paragraph('<w:spacing w:line="20" w:lineRule="exact"/>'),
    ),
    "tiny by a style": (
        "hidden_text",
        lambda: changed(STOP, "<w:rPr>", '<w:rPr><w:sz w:val="2"/>', part="word/styles.xml"),
    ),
    "struck out": ("draft_mark", lambda: run("<w:strike/>")),
    "highlighted": ("draft_mark", lambda: run('<w:highlight w:val="yellow"/>')),
    "date of the day": ("forbidden_field", lambda: behind_value("<w:r><w:yearLong/></w:r>")),
    "date field": ("forbidden_field", lambda: behind_value('<w:fldSimple w:instr=" DATE "/>')),
    "formula": ("forbidden_field", lambda: behind_value('<w:fldSimple w:instr=" = 3 * 33 "/>')),
    "page in a format": (
        "forbidden_field",
        lambda: behind_value("<w:fldSimple w:instr=' PAGE \\# \"33\" '/>"),
    ),
    "form field": (
        "forbidden_field",
        lambda: behind_value('<w:r><w:fldChar w:fldCharType="begin"><w:ffData/></w:fldChar></w:r>'),
    ),
    "hyperlink": ("outside_reference", lambda: behind_value("<w:hyperlink w:anchor='x'/>")),
    "attached template": (
        "outside_reference",
        lambda: changed(
            STOP, "<w:zoom", '<w:attachedTemplate r:id="rId9"/><w:zoom', part="word/settings.xml"
        ),
    ),
    "mail merge": (
        "outside_reference",
        lambda: changed(STOP, "<w:zoom", "<w:mailMerge/><w:zoom", part="word/settings.xml"),
    ),
    "relation of an element that needs none": (
        "outside_reference",
        lambda: behind_value('<w:r><w:t r:id="rId1">x</w:t></w:r>'),
    ),
    "sub-document": ("outside_reference", lambda: behind_value('<w:subDoc r:id="rId1"/>')),
    "drawing of old": ("active_content", lambda: behind_value("<w:r><w:pict/></w:r>")),
    "object": ("active_content", lambda: behind_value("<w:r><w:object/></w:r>")),
    "bound data": (
        "forbidden_field",
        lambda: behind_value("<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr></w:sdt>"),
    ),
    "content control": (
        "forbidden_element",
        lambda: behind_value("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>"),
    ),
    "text box": (
        "forbidden_element",
        lambda: behind_value(
            '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
            'markup-compatibility/2006"/></w:r>'
        ),
    ),
    "reversed text": ("forbidden_element", lambda: run("<w:rtl/>")),
    "another word's element": (
        "forbidden_element",
        lambda: run(f'<x:glow xmlns:x="{W14[1:-1]}"/>'),
    ),
    "text that a newer Word fills with nothing": (
        "forbidden_element",
        lambda: run(
            f'<x:textFill xmlns:x="{W14[1:-1]}"><x:solidFill><x:srgbClr x:val="000000">'
            '<x:alpha x:val="100000"/></x:srgbClr></x:solidFill></x:textFill>'
        ),
    ),
    "text that a newer Word fills with white": (
        "hidden_text",
        lambda: run(
            f'<x:textFill xmlns:x="{W14[1:-1]}"><x:solidFill><x:schemeClr x:val="bg1"/>'
            "</x:solidFill></x:textFill>"
        ),
    ),
    "element of nobody": ("forbidden_element", lambda: behind_value('<a xmlns="urn:x"/>')),
    "XML comment": ("forbidden_markup", lambda: behind_value("<!-- x -->")),
    "instruction": ("forbidden_markup", lambda: behind_value("<?x y?>")),
    "instruction in the styles": (
        "forbidden_markup",
        lambda: changed(STOP, "<w:docDefaults>", "<?x y?><w:docDefaults>", part="word/styles.xml"),
    ),
    "comment among relations": (
        "forbidden_markup",
        lambda: changed(STOP, "</Relationships>", "<!-- x --></Relationships>", part="_rels/.rels"),
    ),
    "text of no run": ("forbidden_markup", lambda: behind_value("33")),
    "Jinja's comment": ("forbidden_markup", lambda: run("", "{# x #}")),
    "Jinja's comment, torn": ("forbidden_markup", lambda: run("", "{</w:t><w:t># x #}")),
    "raw Jinja": ("forbidden_markup", lambda: run("", "{%- raw %}{{ x }}{% endraw %}")),
    "mark in an attribute": (
        "marks_elsewhere",
        lambda: behind_value('<w:r><w:sym w:char="{{ stop_from }}"/></w:r>'),
    ),
    "Strict element": (
        "strict",
        lambda: behind_value(f'<s:ins xmlns:s="{STRICT}wordprocessingml/main"/>'),
    ),
    "Strict attribute": (
        "strict",
        lambda: behind_value(f'<w:r xmlns:s="{STRICT}wordprocessingml/main" s:rsid="1"/>'),
    ),
    "Strict part": (
        "strict",
        lambda: with_part(
            STOP, "word/header9.xml", f'<s:hdr xmlns:s="{STRICT}wordprocessingml/main"/>'.encode()
        ),
    ),
    "Strict relation": (
        "strict",
        lambda: changed(
            STOP,
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header",
            f"{STRICT}officeDocument/relationships/header",
            part="word/_rels/document.xml.rels",
        ),
    ),
    "part of another kind": (
        "active_content",
        lambda: with_part(STOP, "customXml/item1.xml", b"<secret/>"),
    ),
    "page of the web": (
        "active_content",
        lambda: changed(
            STOP,
            "</Types>",
            '<Default Extension="x" ContentType="text/html"/></Types>',
            part="[Content_Types].xml",
        ),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_part_of_a_letter_is_named_by_lint_and_never_filled(name: str) -> None:
    rule, build = HOSTILE[name]
    template = build()
    assert rule in {finding.rule for finding in lint(template)}
    with pytest.raises(Misconfigured, match="may not hold"):
        WordTemplate(STOP.value, template.docx)


LEFT_BY_WORD: dict[str, Callable[[], Template]] = {
    "switched off": lambda: run(
        '<w:vanish w:val="0"/><w:strike w:val="false"/><w:highlight w:val="none"/>'
        '<w:rtl w:val="off"/><w:color w:val="auto"/><w:shd w:val="clear" w:fill="auto"/>'
    ),
    "spelling and session": lambda: behind_value(
        '<w:proofErr w:type="spellStart"/><w:r w:rsidR="00AB12CD"><w:t>x</w:t></w:r>'
    ),
    "low empty line": lambda: changed(
        STOP,
        "<w:body>",
        '<w:body><w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>',
    ),
    "page numbers from the gallery": lambda: behind_value(
        "<w:sdt><w:sdtPr><w:id w:val='1'/><w:docPartObj><w:docPartGallery w:val='x'/>"
        "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>"
    ),
    "settings": lambda: changed(
        STOP,
        "<w:compat>",
        '<w:rsids><w:rsidRoot w:val="1"/></w:rsids><m:mathPr xmlns:m="http://schemas.openxmlformats'
        '.org/officeDocument/2006/math"><m:mathFont m:val="Cambria Math"/></m:mathPr>'
        '<w:docVars><w:docVar w:name="commondata" w:val="x"/></w:docVars><w:compat>'
        "<w:growAutofit/>",
        part="word/settings.xml",
    ),
    "protection of WPS that is off": lambda: changed(
        STOP,
        "<w:zoom",
        '<w:documentProtection w:enforcement="0"/><w:zoom',
        part="word/settings.xml",
    ),
    "custom data of WPS": lambda: with_part(
        STOP,
        "customXml/item1.xml",
        b'<s:customData xmlns:s="http://www.wps.cn/officeDocument/2013/wpsCustomData"/>',
    ),
    "no comment left": lambda: part("comments", "", "word/comments.xml"),
    "who once changed something": lambda: with_part(
        STOP,
        "word/people.xml",
        b'<x:people xmlns:x="http://schemas.microsoft.com/office/word/2012/wordml"/>',
    ),
}


@pytest.mark.parametrize("name", LEFT_BY_WORD)
def test_what_word_and_wps_leave_behind_is_no_fault(name: str) -> None:
    template = LEFT_BY_WORD[name]()
    assert lint(template) == []
    WordTemplate(STOP.value, template.docx).fill(template.sample)


def test_a_finding_says_which_part_and_paragraph_and_how_it_begins() -> None:
    template = changed(STOP, "<w:body>", f"<w:body><w:p><w:ins>{_RUN}</w:ins></w:p>")
    (finding,) = lint(template)
    assert finding.message.startswith("正文第 1 段“33”：有未处理的修订（w:ins）")
    assert finding.message_en.startswith("word/document.xml, paragraph 1 “33”: A tracked change")
    with pytest.raises(Misconfigured, match=r"w:ins \(word/document.xml 1\)"):
        WordTemplate(STOP.value, template.docx)


def test_what_is_refused_is_named_once() -> None:
    template = behind_value('<w:del w:id="1"><w:r><w:delText>3</w:delText></w:r></w:del>')
    assert [finding.rule for finding in lint(template)] == ["revision", "revision"]


def test_a_finding_about_a_style_names_the_style() -> None:
    template = changed(
        STOP, '<w:name w:val="Title"/>', '<w:name w:val="Title"/><w:rPr><w:vanish/></w:rPr>',
        part="word/styles.xml",
    )  # fmt: skip
    (finding,) = lint(template)
    assert finding.message.startswith("样式“Title”：")


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-16", "not XML|not in UTF-8"), ("gb18030", "not in UTF-8")]
)
def test_a_part_in_another_encoding_is_no_word_file(encoding: str, said: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><w:hdr {_NAMESPACES}>甲</w:hdr>'
    template = with_part(STOP, "word/header9.xml", xml.encode(encoding))
    with pytest.raises(BrokenWordFile, match=said):
        WordFile.read(template.docx)


def test_a_section_of_characters_is_no_word_file() -> None:
    with pytest.raises(BrokenWordFile, match="CDATA"):
        WordFile.read(run("", "<![CDATA[x]]>").docx)


# what is found in the filled letter alone


def unchecked(monkeypatch: pytest.MonkeyPatch, template: Template) -> WordTemplate:
    """The template compiled although it holds what it may not."""
    with monkeypatch.context() as patch:
        patch.setattr("rendering.filling.require_harmless", lambda *_: None)
        return WordTemplate(STOP.value, template.docx)


@pytest.mark.parametrize(
    "name", [name for name, (_, build) in HOSTILE.items() if name in {
        "Jinja's comment", "element of nobody", "inserted text", "hidden", "date field", "formula",
        "XML comment", "instruction", "Strict element", "text of no run", "sub-document", "white",
    } - {"Jinja's comment"}]
)  # fmt: skip
def test_beneath_the_check_of_the_template_the_filled_letter_is_checked(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = HOSTILE[name][1]()
    word = unchecked(monkeypatch, template)
    monkeypatch.setattr(VettedTags, "cover", lambda *_: False)
    with pytest.raises(ProductionFailed) as caught:
        word.fill(template.sample)
    assert caught.value.problem.code == "template_failed"
    assert DOCUMENT in caught.value.problem.message


SWALLOWED = "<!-- #}</w:t></w:r><w:r><w:instrText> INCLUDETEXT x </w:instrText></w:r> -->"


def test_what_a_comment_of_jinja_brings_to_light_is_seen_in_the_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = changed(STOP, VALUE, VALUE + "{#</w:t></w:r>" + SWALLOWED + "<w:r><w:t>")
    word = unchecked(monkeypatch, template)
    with pytest.raises(ProductionFailed, match=r"forbidden_(field|markup)"):
        word.fill(template.sample)


def test_a_fault_of_a_filled_letter_says_nothing_of_its_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = changed(STOP, VALUE, "{{ stop_from }}</w:t></w:r><w:ins/><w:r><w:t>")
    word = unchecked(monkeypatch, template)
    monkeypatch.setattr(VettedTags, "cover", lambda *_: False)
    with pytest.raises(ProductionFailed) as caught:
        word.fill({**template.sample, "stop_from": "某人的数据"})
    assert "某人" not in str(caught.value)


def test_marks_that_cross_paragraphs_are_found_before_a_letter_is() -> None:
    paragraph = "</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>"
    crossing = (
        f"{{% if stop_from %}}{paragraph}{{% endif %}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    template = changed(STOP, VALUE, f"{VALUE}{crossing}<w:p><w:r><w:t>")
    (finding,) = lint(template)
    assert (finding.rule, DOCUMENT in finding.message_en) == ("broken_when_filled", True)


def test_vetted_tags_cover_the_letter_and_nothing_more() -> None:
    for kind in DocumentKind:
        template = load(kind)
        filled = dict(WordTemplate(kind.value, template.docx).fill(template.sample).parts)
        vetted = VettedTags(WordFile.read(template.docx).parts[DOCUMENT])
        letter = filled[DOCUMENT]
        assert vetted.cover(letter)
        for more in (b"<w:ins/>", b"<!-- x -->", b"<?x?>", b"text", b'<w:p w:rsidR="1"/>'):
            changed_letter = letter.replace(b"<w:body>", b"<w:body>" + more, 1)
            assert changed_letter != letter
            assert not vetted.cover(changed_letter)


_PART = f'<w:p xmlns:w="{W[1:-1]}">'


@pytest.mark.parametrize(
    "part",
    [
        '<w:p xmlns:w="urn:x"><w:t>x</w:t></w:p>',
        f"{_PART}<w:t a='&quot;>'>x</w:t></w:p>",
        f'{_PART}<w:t a="x>y">x</w:t></w:p>',
        f'{_PART}<x:t xmlns:x="urn:x"/></w:p>',
        f"{_PART}<w:instrText> PAGE </w:instrText></w:p>",
    ],
)
def test_tags_that_their_bytes_do_not_tell_are_never_covered(part: str) -> None:
    assert not VettedTags(part.encode()).cover(part.encode())


def test_the_shipped_letters_are_covered_so_that_none_pays_for_the_long_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    for kind in DocumentKind:
        template = load(kind)
        word = WordTemplate(kind.value, template.docx)
        with monkeypatch.context() as patch:
            patch.setattr("rendering.filling.faults_of", never)
            word.fill(template.sample)


# inputs of others


@pytest.mark.parametrize(
    ("folder", "pattern"), [("hostile", "*.docx"), ("inputs", "*tracked*/*.docx")]
)
def test_the_templates_that_others_tried_are_refused(folder: str, pattern: str) -> None:
    files = sorted((CORPORA / folder).glob(pattern))
    if not files:
        pytest.skip("the shared corpora are not here")
    for file in files:
        template = replace(load(DocumentKind.SUSPENSION_NOTICE), docx=file.read_bytes())
        assert lint(template), file.name
        with pytest.raises(Misconfigured, match="may not hold"):
            WordTemplate(file.name, template.docx)
