"""Updates of a sealed letter, spelled byte by byte, each closed by a trusted time stamp.

::

    base       a sealed letter, and what an update of it has to name
    draft      an update while its pieces can still be exchanged; written, and stamped
    payload    objects that show "PAY 999,999.00" to a reader that takes them for the letter's
    hiding     where such objects stand, so that our reader may pass over them
    trailers, sections, packing, objects
               spellings that one reader may read otherwise than another
    tricks     all of them
    harmless   spellings that every reader reads alike
    generator  draws from all of these, by a seed
    rules      rules of our reader, switched off
    readers    other programs: what each shows of a file

Nothing here knows the rules of ``signing.syntax``: a trick that is refused costs nothing, one that
is let pass is shown to the readers.
"""
