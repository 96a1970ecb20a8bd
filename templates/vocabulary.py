"""The vocabulary of a template: the XML elements that Word or WPS writes and a letter may hold.

An allow list for each root element (ECMA-376 part 1, Transitional); what it lacks is refused, and
``RULES`` says under which rule of lint, so that an office worker reads why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from templates.word import W

_OFFICE = "http://schemas.openxmlformats.org/"
_WORD = "http://schemas.microsoft.com/office/word/"
R = f"{{{_OFFICE}officeDocument/2006/relationships}}"
W14 = f"{{{_WORD}2010/wordml}}"
W16CID = f"{{{_WORD}2016/wordml/cid}}"
W15, _MATH = f"{{{_WORD}2012/wordml}}", f"{{{_OFFICE}officeDocument/2006/math}}"
_VML, _SHAPES = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"
_A, _PIC = f"{{{_OFFICE}drawingml/2006/main}}", f"{{{_OFFICE}drawingml/2006/picture}}"
_DRAWING = "{http://schemas.microsoft.com/office/drawing/"
_INLINE = f"{{{_OFFICE}drawingml/2006/wordprocessingDrawing}}"
_TYPED = f"{{{_OFFICE}officeDocument/2006/docPropsVTypes}}"
#: namespaces of ISO/IEC 29500 Strict, another name for the same that checks would pass over
STRICT = "http://purl.oclc.org/ooxml/"


def _in(namespace: str, names: str) -> frozenset[str]:
    return frozenset(f"{namespace}{name}" for name in names.split())


_TEXT = _in(
    W,
    # a story and its runs
    "document body hdr ftr footnotes footnote endnotes endnote p r t tab br cr sym noBreakHyphen"
    " softHyphen lastRenderedPageBreak proofErr bookmarkStart bookmarkEnd fldSimple fldChar"
    " instrText footnoteReference footnoteRef endnoteReference endnoteRef separator"
    " continuationSeparator drawing sdt sdtPr sdtEndPr sdtContent alias tag id lock docPartObj"
    " docPartGallery docPartCategory docPartUnique"
    # properties of paragraphs and runs
    " pPr pStyle keepNext keepLines pageBreakBefore widowControl numPr ilvl numId"
    " suppressLineNumbers pBdr top left bottom right start end between bar shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN"
    " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents jc textAlignment"
    " textDirection outlineLvl cnfStyle rPr rStyle rFonts b bCs i iCs caps smallCaps color w kern"
    " sz szCs u bdr fitText vertAlign lang noProof"
    # tables
    " tbl tblPr tblStyle tblOverlap tblStyleRowBandSize tblStyleColBandSize tblW tblCellSpacing"
    " tblInd tblBorders insideH insideV tblLayout tblCellMar tblLook tblCaption tblDescription"
    " tblGrid gridCol tr trPr tblPrEx cantSplit trHeight tblHeader gridBefore gridAfter wBefore"
    " wAfter tc tcPr tcW gridSpan vMerge hMerge tcBorders tl2br tr2bl noWrap tcMar tcFitText"
    " vAlign hideMark"
    # sections
    " sectPr headerReference footerReference footnotePr endnotePr numFmt numStart numRestart pos"
    " type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols col noEndnote titlePg docGrid",
)
_ABOUT_TEXT = _in(
    W,
    # styles, lists, fonts
    "styles docDefaults rPrDefault pPrDefault latentStyles lsdException style name aliases basedOn"
    " next link semiHidden unhideWhenUsed uiPriority qFormat locked rsid tblStylePr numbering"
    " abstractNum nsid multiLevelType tmpl styleLink numStyleLink lvl start lvlRestart isLgl suff"
    " lvlText lvlJc num abstractNumId lvlOverride startOverride fonts font altName panose1 charset"
    " family notTrueType pitch sig comments"
    # settings
    " settings webSettings allowPNG doNotSaveAsSingleFile optimizeForBrowser relyOnVML encoding"
    " divs div bodyDiv blockQuote marLeft marRight marTop marBottom divBdr view zoom"
    " removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries displayBackgroundShape"
    " bordersDoNotSurroundHeader bordersDoNotSurroundFooter mirrorMargins gutterAtTop"
    " hideSpellingErrors hideGrammaticalErrors activeWritingStyle proofState embedSystemFonts"
    " saveSubsetFonts stylePaneFormatFilter stylePaneSortMethod trackRevisions doNotTrackMoves"
    " doNotTrackFormatting defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone"
    " doNotHyphenateCaps evenAndOddHeaders defaultTableStyle drawingGridHorizontalSpacing"
    " drawingGridVerticalSpacing displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery"
    " doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin"
    " doNotShadeFormData noPunctuationKerning characterSpacingControl noLineBreaksAfter"
    " noLineBreaksBefore savePreviewPicture hdrShapeDefaults shapeDefaults compat docVars docVar"
    " rsids rsidRoot themeFontLang clrSchemeMapping doNotAutoCompressPictures"
    " uiCompat97To2003 doNotIncludeSubdocsInStats doNotEmbedSmartTags decimalSymbol listSeparator",
)
#: a picture in the line; one that floats could cover text
_PICTURE = (
    _in(_INLINE, "inline extent effectExtent docPr cNvGraphicFramePr")
    | _in(
        _A,
        "graphic graphicFrameLocks graphicData blip stretch fillRect srcRect picLocks xfrm off ext"
        " prstGeom avLst noFill ln miter round headEnd tailEnd effectLst extLst",
    )
    # Word's own ids and resolution
    | {f"{_DRAWING}2010/main}}useLocalDpi", f"{_DRAWING}2014/main}}creationId"}
    | _in(_PIC, "pic nvPicPr cNvPr cNvPicPr blipFill spPr")
)
#: how Word and WPS name a theme's colour beside ``w:color``; what paints otherwise is refused
_TEXT_FILL = _in(W14, "ligatures textFill solidFill schemeClr srgbClr lumMod lumOff")
_SHAPE_SETTINGS = _in(
    _SHAPES, "shapedefaults shapelayout idmap colormru colormenu regrouptable entry lock"
) | _in(_VML, "fill stroke textbox shadow path")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What a part may hold."""

    #: elements by name
    elements: frozenset[str] = frozenset()
    #: namespaces, in braces, of which every element may be there
    namespaces: frozenset[str] = frozenset()

    def has(self, tag: str) -> bool:
        """Whether an element of that qualified name may be in the part."""
        return tag in self.elements or tag[: tag.find("}") + 1] in self.namespaces


def _only(*namespaces: str) -> Vocabulary:
    return Vocabulary(namespaces=frozenset(namespaces))


_STORY = Vocabulary(elements=_TEXT | _PICTURE | _TEXT_FILL)
_STYLES = Vocabulary(elements=_TEXT | _ABOUT_TEXT | _TEXT_FILL)
_SETTINGS = Vocabulary(
    elements=_TEXT | _ABOUT_TEXT | _SHAPE_SETTINGS,
    namespaces=frozenset(
        {
            *(_MATH, W14, W15, W16CID),
            f"{{{_OFFICE}schemaLibrary/2006/main}}",
        }
    ),
)
#: root element → what its part may hold; a part with another root is refused
BY_ROOT: Mapping[str, Vocabulary] = {
    **dict.fromkeys(_in(W, "document hdr ftr footnotes endnotes"), _STORY),
    **dict.fromkeys(_in(W, "styles numbering fonts webSettings comments"), _STYLES),
    f"{W}settings": _SETTINGS,
    f"{_A}theme": _only(_A, "{http://schemas.microsoft.com/office/thememl/2012/main}"),
    f"{W15}people": _only(W15),
    f"{{{_OFFICE}package/2006/metadata/core-properties}}coreProperties": _only(
        f"{{{_OFFICE}package/2006/metadata/core-properties}}",
        "{http://purl.org/dc/elements/1.1/}",
        "{http://purl.org/dc/terms/}",
    ),
    **{
        f"{{{_OFFICE}officeDocument/2006/{kind}-properties}}Properties": _only(
            f"{{{_OFFICE}officeDocument/2006/{kind}-properties}}", _TYPED
        )
        for kind in ("extended", "custom")
    },
    # left by Word and WPS in most files; nothing of it is printed without a data binding
    f"{{{_OFFICE}officeDocument/2006/bibliography}}Sources": _only(
        f"{{{_OFFICE}officeDocument/2006/bibliography}}"
    ),
    f"{{{_OFFICE}officeDocument/2006/customXml}}datastoreItem": _only(
        f"{{{_OFFICE}officeDocument/2006/customXml}}"
    ),
    "{http://www.wps.cn/officeDocument/2013/wpsCustomData}customData": _only(
        "{http://www.wps.cn/officeDocument/2013/wpsCustomData}"
    ),
}
#: relations that an element may name (17.10.5, 20.1.8.13); all others lead out or to active content
NAMED_RELATIONS = frozenset(
    {
        *((f"{W}{which}Reference", f"{R}id") for which in ("header", "footer")),
        (f"{_A}blip", f"{R}embed"),
    }
)
#: elements that say no more than yes or no, or name an effect: harmless where they say no
SWITCHES = _in(
    W,
    "vanish webHidden specVanish hidden strike dstrike highlight effect rtl cs bidi bidiVisual"
    " outline shadow emboss imprint formProt",
)
#: what WPS writes of a protection that is not on
NO_PROTECTION = (f"{W}documentProtection", f"{W}enforcement")
OFF = frozenset({"0", "false", "off", "none"})

_BY_RULE = {
    "revision": "ins del moveFrom moveTo delText delInstrText cellIns cellDel cellMerge"
    " moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart"
    " customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart"
    " customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd conflictIns"
    " conflictDel customXmlConflictInsRangeStart customXmlConflictDelRangeStart",
    "comment": "comment commentRangeStart commentRangeEnd commentReference annotationRef"
    " commentsEx commentsExtended commentsIds commentsExtensible",
    "hidden_text": "vanish webHidden specVanish hidden",
    "draft_mark": "strike dstrike highlight effect",
    "forbidden_field": "dayShort dayLong monthShort monthLong yearShort yearLong pgNum ffData"
    " fldData dataBinding date updateFields oMath oMathPara",
    "outside_reference": "hyperlink subDoc attachedTemplate mailMerge saveThroughXslt"
    " attachedSchema",
    "active_content": "altChunk object control movie pict OLEObject contentPart customXml smartTag"
    " numPicBullet",
}
#: local name of a refused element → the rule; what is not here is a ``forbidden_element``
RULES: Mapping[str, str] = {
    name: rule for rule, names in _BY_RULE.items() for name in names.split()
}
