"""Styles parts of Word files for tests."""

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DEFAULTS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults>'
)


def style(id_: str, *, name: str = "", size: int = 32, more: str = "", attributes: str = "") -> str:
    """A style of paragraphs."""
    return (
        f'<w:style w:type="paragraph"{attributes} w:styleId="{id_}"><w:name w:val="{name or id_}"/>'
        f'{more}<w:rPr><w:sz w:val="{size}"/></w:rPr></w:style>'
    )


#: the style of paragraphs that name none
NORMAL = style("Normal", attributes=' w:default="1"')


def styles_part(*styles: str, beside: str = DEFAULTS) -> bytes:
    """``word/styles.xml`` with these styles, and ``beside`` before them."""
    return f"<w:styles {_SPACE}>{beside}{''.join(styles)}</w:styles>".encode()
