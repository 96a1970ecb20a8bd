"""The Word templates: a folder a kind with ``template.docx``, ``manifest.toml``, ``sample.json``.

The Word file is the truth: it is opened and edited in Word or WPS. Its text holds ``{{ name }}``
where a value goes, ``{%p if name %}`` … ``{%p endif %}`` in paragraphs of their own around
paragraphs that may be left out, ``{%tr for item in rows %}`` … ``{%tr endfor %}`` in rows of
their own around rows that repeat. The bookmarks ``seal_from`` and ``seal_to`` enclose the place
that the seal is pressed on.
"""
