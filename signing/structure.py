"""The seal's field in the letter's structure: what a screen reader says of it, and where.

PDF/UA-1 (ISO 14289-1, 7.18.4) wants a field within a Form element; the element names the field by
an object reference, the field its element by a key of the parent tree (ISO 32000-1, 14.7.4).
"""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

_name = generic.NameObject


def describe(
    writer: IncrementalPdfFileWriter, field: generic.IndirectObject, description: str
) -> None:
    """``field`` is read out as ``description``, behind the letter's text where that is tagged."""
    widget = field.get_object()
    widget[_name("/TU")] = generic.TextStringObject(description)
    if "/StructTreeRoot" not in writer.root:
        return
    tree = writer.root["/StructTreeRoot"]
    parents = tree["/ParentTree"]
    if "/Nums" not in parents:
        return
    key = generic.NumberObject(tree["/ParentTreeNextKey"])
    root = writer.root.raw_get("/StructTreeRoot")
    element = writer.add_object(_form(field, widget.raw_get("/P"), root, description))
    kids = tree["/K"]
    tree[_name("/K")] = generic.ArrayObject(
        [*(kids if isinstance(kids, generic.ArrayObject) else [tree.raw_get("/K")]), element]
    )
    parents["/Nums"] += [key, element]
    tree[_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    widget[_name("/StructParent")] = key
    for changed in (tree, parents, parents["/Nums"]):
        writer.update_container(changed)


def _form(
    field: generic.IndirectObject,
    page: generic.PdfObject,
    parent: generic.PdfObject,
    description: str,
) -> generic.DictionaryObject:
    reference = generic.DictionaryObject(
        {_name("/Type"): _name("/OBJR"), _name("/Obj"): field, _name("/Pg"): page}
    )
    return generic.DictionaryObject(
        {
            _name("/Type"): _name("/StructElem"),
            _name("/S"): _name("/Form"),
            _name("/P"): parent,
            _name("/Pg"): page,
            _name("/Alt"): generic.TextStringObject(description),
            _name("/K"): reference,
        }
    )
