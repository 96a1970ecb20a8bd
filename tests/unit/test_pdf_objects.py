"""Objects of a file, found by its table."""

import pytest

from rendering.objects import NewFile, Objects
from rendering.type1 import NotReadable

_HEAD = b"%PDF-1.6\n%\xc3\xa4\xc3\xbc\xc3\xb6\xc3\x9f\n"


def test_what_a_stream_says_of_objects_is_none() -> None:
    file = NewFile()
    one = file.add(b"<</One 1>>")
    file.add_stream(b"x\nendobj\n%d 0 obj\n<</Feigned 1>>\nendobj\n9 0 obj\n<<>>" % one, b"")
    two = file.add(b"<</Two 2>>")
    objects = Objects(file.content(_HEAD, root=one, information=two))
    assert objects.body(b"%d" % one) == b"<</One 1>>"
    assert objects.body(b"%d" % two) == b"<</Two 2>>"
    with pytest.raises(NotReadable, match="not in its place"):
        objects.body(b"9")


def test_an_object_that_the_table_puts_elsewhere_or_calls_free_is_none() -> None:
    file = NewFile()
    root, other = file.add(b"<</One 1>>"), file.add(b"<</Two 2>>")
    content = file.content(_HEAD, root=root, information=other)
    place = b"%010d 00000 n" % content.index(b"%d 0 obj" % other)
    assert Objects(content).body(b"2") == b"<</Two 2>>"
    for changed in (place.replace(b"n", b"f"), b"%010d 00000 n" % (int(place[:10]) + 1)):
        with pytest.raises(NotReadable, match="not in its place"):
            Objects(content.replace(place, changed)).body(b"2")
