"""A batch's file is split only where every part of it is understood."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from structlog.testing import capture_logs

from rendering.building import build_renderer
from rendering.composing import join, take_apart
from rendering.filling import FilledWord
from rendering.pdf import text_of
from rendering.preview import sample_document
from rendering.renderer import Renderer
from rendering.splitting import PLACEHOLDER, split
from schemas.documents import DocumentKind
from templates.catalogue import load

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

KIND = DocumentKind.RECOVERY_NOTICE
TITLES = ["第1号 <&>", "第2号", "第3号"]
NAMES = ["王一一", "赵二二", "钱三三"]


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    renderer = build_renderer(work_dir=tmp_path_factory.mktemp("office"))
    yield renderer
    renderer.close()


def filled(renderer: Renderer, name: str) -> FilledWord:
    sample = sample_document(KIND)
    return renderer._filled(load(KIND), {**sample.data, "party_name": name})


@pytest.fixture(scope="module")
def batch(renderer: Renderer) -> bytes:
    bodies = [take_apart(filled(renderer, name)) for name in NAMES]
    whole = join([body for body in bodies if body is not None])
    return renderer._office.convert(whole, title=PLACEHOLDER, letters=len(bodies))


def changed(content: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(stream)
    return stream.getvalue()


def test_each_letter_is_a_file_with_its_own_title(batch: bytes) -> None:
    parts = split(batch, TITLES)
    for part, title, name in zip(parts, TITLES, NAMES, strict=True):
        assert part is not None
        with pikepdf.open(io.BytesIO(part)) as pdf:
            assert str(pdf.docinfo.Title) == title
            assert pdf.open_metadata()["dc:title"] == title
        assert [each for each in NAMES if each in text_of(part)] == [name]


def test_the_same_batch_is_split_into_the_same_bytes(batch: bytes) -> None:
    assert split(batch, TITLES) == split(batch, TITLES)


def read_in_order(element: Any, page: Any) -> Iterator[tuple[Any, int, str]]:
    """The pieces of text below the element as a screen reader finds them: page, mark, language."""
    page = element.get("/Pg", page)
    language = str(element.get("/Lang", ""))
    kids = element.get("/K", Array())
    for kid in kids:
        if isinstance(kid, int):
            yield page.objgen, kid, language
        elif "/MCID" in kid:
            yield kid.Pg.objgen, int(kid.MCID), language
        else:
            yield from read_in_order(kid, page)


def order_of(pdf: pikepdf.Pdf) -> list[tuple[int, int]]:
    places = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
    root = pdf.Root.StructTreeRoot
    return [(places[page], mark) for page, mark, _ in read_in_order(root, None)]


def test_a_letter_is_read_aloud_as_it_is_alone(renderer: Renderer, batch: bytes) -> None:
    for part, name in zip(split(batch, TITLES), NAMES, strict=True):
        word = filled(renderer, name).content
        alone = renderer._office.convert(word, title="alone")
        with pikepdf.open(io.BytesIO(part or b"")) as pdf, pikepdf.open(io.BytesIO(alone)) as other:
            assert order_of(pdf) == order_of(other)
            assert len(set(order_of(pdf))) == len(order_of(pdf)) > 100
            assert pdf.Root.Lang == other.Root.Lang == "zh-CN"


def test_every_piece_of_text_leads_to_its_element(batch: bytes) -> None:
    for part in split(batch, TITLES):
        with pikepdf.open(io.BytesIO(part or b"")) as pdf:
            root = pdf.Root.StructTreeRoot
            numbers = list(root.ParentTree.Nums)
            leaves = dict(zip(numbers[::2], numbers[1::2], strict=True))
            marks = 0
            for page in pdf.pages:
                for mark, element in enumerate(leaves[page.obj.StructParents]):
                    marks += 1
                    assert (page.obj.objgen, mark) in [
                        found[:2] for found in read_in_order(element, None)
                    ]
            assert marks == len(order_of(pdf))


def test_no_element_is_there_to_say_the_letters_own_language(batch: bytes) -> None:
    def silent(content: bytes | None) -> list[bool]:
        """Of each span that is on its element's page: whether it says nothing else."""
        said = {"/Type", "/S", "/P", "/Pg", "/Lang", "/K"}
        with pikepdf.open(io.BytesIO(content or b"")) as pdf:
            return [
                set(each.keys()) <= said
                for each in pdf.objects
                if isinstance(each, Dictionary)
                and each.get("/S") == Name.Span
                and each.Pg.objgen == each.P.Pg.objgen
            ]

    assert any(silent(batch))
    for part in split(batch, TITLES):
        assert silent(part)
        assert not any(silent(part))


def test_an_element_that_says_another_language_stays(batch: bytes) -> None:
    def speak_english(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Lang = pikepdf.String("en-US")

    with pikepdf.open(io.BytesIO(split(changed(batch, speak_english), TITLES)[0] or b"")) as pdf:
        spoken = {language for *_, language in read_in_order(pdf.Root.StructTreeRoot, None)}
    assert "zh-CN" in spoken


def append(page: Any, content: bytes) -> None:
    page.Contents.write(page.Contents.read_bytes() + content)


def first_page(pdf: pikepdf.Pdf, number: int) -> Any:
    return pdf.Root.Dests[f"/first5F{number}"][0]


def annotate(pdf: pikepdf.Pdf) -> None:
    first_page(pdf, 1).Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link)])


def draw_a_picture(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\n/Im1 Do\n")


def draw_text_in_another_way(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\nBT\n1 2 Td /F1 12 Tf 3 Tr<01>Tj\nET\n")


def draw_text_outside(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\nBT /F1 12 Tf <01> Tj ET\n")


def draw_a_string(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\n(words) pop\n")


def draw_with_an_unknown_font(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\nBT\n1 2 Td /F99 12 Tf<01>Tj\nET\n")


def draw_an_unknown_glyph(pdf: pikepdf.Pdf) -> None:
    append(first_page(pdf, 1), b"\nBT\n1 2 Td /F1 12 Tf<FF>Tj\nET\n")


@pytest.mark.parametrize(
    "change",
    [
        annotate,
        draw_a_picture,
        draw_text_in_another_way,
        draw_text_outside,
        draw_a_string,
        draw_with_an_unknown_font,
        draw_an_unknown_glyph,
    ],
)
def test_a_letter_with_what_is_not_understood_goes_alone(
    batch: bytes, change: Callable[[pikepdf.Pdf], object]
) -> None:
    with capture_logs() as logs:
        parts = split(changed(batch, change), TITLES)
    assert [part is None for part in parts] == [False, True, False]
    assert [line["event"] for line in logs] == ["a letter goes alone"]
    assert not any(name in str(logs) for name in NAMES)


def name_more(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary()


def forget_the_bookmarks(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Dests


def forget_the_sizes(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.obj.MediaBox
    pdf.Root.Pages.MediaBox = Array([0, 0, 595, 842])


def title_otherwise(pdf: pikepdf.Pdf) -> None:
    told = pdf.Root.Metadata.read_bytes().replace(PLACEHOLDER.encode(), b"another")
    pdf.Root.Metadata.write(told)


def have_bookmarks_of_another_kind(pdf: pikepdf.Pdf) -> None:
    for number in range(len(TITLES)):
        pdf.Root.Dests[f"/first5F{number}"] = Name.Nowhere


def have_no_structure(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K = Name.Nothing


def first_element(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.StructTreeRoot.K[0].K[0]


def have_an_element_with_words(pdf: pikepdf.Pdf) -> None:
    first_element(pdf).ActualText = pikepdf.String("王一一")


def have_words_that_look_like_an_object(pdf: pikepdf.Pdf) -> None:
    first_element(pdf).Lang = pikepdf.String("5 0 R")


def have_an_element_of_a_stream(pdf: pikepdf.Pdf) -> None:
    first_element(pdf).K = pdf.make_stream(b"words")


def have_an_element_of_another_object(pdf: pikepdf.Pdf) -> None:
    first_element(pdf).A = pdf.make_indirect(Dictionary(Type=Name.Annot, P=pdf.pages[0].obj))


def have_an_element_that_is_no_object_of_its_own(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K[0] = Dictionary(Type=Name.StructElem, S=Name.P)


def have_a_document_without_a_list(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K = first_element(pdf)


def have_a_document_with_attributes(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].A = Dictionary(O=Name.Layout)


def have_pages_without_elements(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.ParentTree.Nums = Array([])


def have_a_tree_of_several_leaves(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.StructTreeRoot.ParentTree
    pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Kids=Array([tree])))


def have_pages_that_cannot_be_unpacked(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"no zlib", Filter=Name.FlateDecode)


def have_pictures(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.Resources.XObject = Dictionary()


def have_fonts_of_another_kind(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        font.Subtype = Name.Type0


def have_fonts_without_characters(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.ToUnicode


def have_fonts_without_outlines(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        if "/FontFile" in font.FontDescriptor:
            program = font.FontDescriptor.FontFile
            program.write(program.read_bytes()[: int(program.Length1)])


@pytest.mark.parametrize(
    "change",
    [
        name_more,
        forget_the_bookmarks,
        forget_the_sizes,
        title_otherwise,
        have_bookmarks_of_another_kind,
        have_no_structure,
        have_an_element_with_words,
        have_words_that_look_like_an_object,
        have_an_element_of_a_stream,
        have_an_element_of_another_object,
        have_an_element_that_is_no_object_of_its_own,
        have_a_document_without_a_list,
        have_a_document_with_attributes,
        have_pages_without_elements,
        have_a_tree_of_several_leaves,
        have_pages_that_cannot_be_unpacked,
        have_pictures,
        have_fonts_of_another_kind,
        have_fonts_without_characters,
        have_fonts_without_outlines,
    ],
)
def test_a_batch_that_is_not_understood_is_not_split(
    batch: bytes, change: Callable[[pikepdf.Pdf], object]
) -> None:
    assert split(changed(batch, change), TITLES) == [None] * 3


def test_an_element_of_two_letters_keeps_both_from_being_split(batch: bytes) -> None:
    def share(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        kids = [kid for document in root.K for kid in document.K]
        page_of = {page.objgen: place for place, page in enumerate(p.obj for p in pdf.pages)}
        second = page_of[first_page(pdf, 1).objgen]
        theirs = next(kid for kid in kids if page_of[kid.Pg.objgen] >= second)
        mine = next(kid for kid in kids if page_of[kid.Pg.objgen] < second)
        mine.K = Array([mine.K, theirs])

    parts = split(changed(batch, share), TITLES)
    assert [part is None for part in parts] == [True, True, False]


def test_a_file_with_its_objects_in_streams_is_not_split(batch: bytes) -> None:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(batch)) as pdf:
        pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert split(stream.getvalue(), TITLES) == [None] * 3


def test_nothing_in_a_letter_hangs_on_nothing(batch: bytes) -> None:
    """What no reader reaches would be carried along for ever: another letter's, perhaps."""
    for part in split(batch, TITLES):
        assert part is not None
        with pikepdf.open(io.BytesIO(part)) as pdf:
            had = {each.objgen for each in pdf.objects if isinstance(each, pikepdf.Object)}
            reached, waiting = set(), [pdf.trailer]
            while waiting:
                item = waiting.pop()
                if item.objgen[0] and item.objgen in reached:
                    continue
                reached.add(item.objgen)
                each = item.values() if isinstance(item, Dictionary | pikepdf.Stream) else item
                waiting += [
                    kid for kid in each if isinstance(kid, Dictionary | Array | pikepdf.Stream)
                ]
            assert had <= reached


@pytest.mark.parametrize("content", [b"", b"%PDF-1.6\n", b"no file"])
def test_what_is_no_file_is_not_split(content: bytes) -> None:
    assert split(content, TITLES) == [None] * 3
