"""PDF as one strict grammar reads it: no byte unread, no second meaning, no repair.

::

    values     what a file's objects are made of
    lexicon    how they are spelled: by any writer, and in an update of a sealed letter
    bodies     indirect objects and their streams
    filters    streams decoded, whole or not at all
    packed     objects in object streams
    lengths    lengths of streams that stand in other objects
    tables     cross-reference tables and streams, with their trailers
    document   a file: revisions, each accounted for to the last byte

Readers repair, each in its own way, and what one of them repairs is what the next one shows. So
nothing is repaired here: what two readers could read in two ways is ``Malformed``.
"""
