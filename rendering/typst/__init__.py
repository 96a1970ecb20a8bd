"""Word template → Typst source, once; source + data → PDF/A-2a and PDF/UA-1, many times.

``compiler`` reads the Word file and writes Typst; what it does not know it names, and that
template goes by LibreOffice. ``engine`` keeps the process in which Typst runs. ``prelude.typ`` is
the Typst side: the functions that compiled templates call.
"""
