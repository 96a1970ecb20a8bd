"""Streams decoded, as every reader decodes them or not at all (ISO 32000-2, 7.4)."""

import zlib

from signing.syntax.values import Malformed, Name, Stream, TooLarge, Value

#: decoded bytes of one stream; tables, object streams and validation data have some thousands
_MOST = 16 * 1024 * 1024
#: of the PNG filters (RFC 2083, 6) those that writers of tables use: none, and up
_AS_IT_IS, _UP = 0, 2
#: /Predictor from here on: each row begins with the number of its PNG filter
_PNG = 10
_DEFLATE = Name("/FlateDecode")


def decoded(stream: Stream) -> bytes:
    """The data of ``stream``, which has no filter or /FlateDecode alone.

    Raises ``Malformed`` for any other, for data that end early, or for bytes behind their end;
    ``TooLarge``.
    """
    names = stream.entries.get("/Filter")
    if isinstance(names, list) and len(names) == 1:
        names = names[0]
    if names is None and "/DecodeParms" not in stream.entries:
        return stream.data
    if names != _DEFLATE or not isinstance(names, Name):
        raise Malformed(0, "a filter that is not read here")
    return _unpredicted(_inflated(stream.data), stream.entries.get("/DecodeParms"))


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(data, _MOST)
    except zlib.error as error:
        raise Malformed(0, "compressed data that cannot be read") from error
    if inflater.unconsumed_tail:
        raise TooLarge
    if not inflater.eof or inflater.unused_data:
        raise Malformed(0, "compressed data that do not end where they should")
    return content


def _unpredicted(content: bytes, parameters: Value) -> bytes:
    if isinstance(parameters, list) and len(parameters) == 1:
        parameters = parameters[0]
    if parameters is None:
        return content
    if not isinstance(parameters, dict) or not parameters.keys() <= {"/Predictor", "/Columns"}:
        raise Malformed(0, "parameters of a filter that are not read here")
    columns = parameters.get("/Columns", 1)
    if parameters.get("/Predictor", 1) == 1:
        return content
    if parameters["/Predictor"] not in range(_PNG, _PNG + 6) or type(columns) is not int:
        raise Malformed(0, "a predictor that is not read here")
    return _rows(content, columns)


def _rows(content: bytes, columns: int) -> bytes:
    if columns < 1 or len(content) % (columns + 1):
        raise Malformed(0, "rows of another length than their parameters say")
    above, rows = bytes(columns), []
    for start in range(0, len(content), columns + 1):
        kind, row = content[start], content[start + 1 : start + 1 + columns]
        if kind not in {_AS_IT_IS, _UP}:
            raise Malformed(0, "a predictor that is not read here")
        if kind == _UP:
            row = bytes((one + up) & 0xFF for one, up in zip(row, above, strict=True))
        rows.append(row)
        above = row
    return b"".join(rows)
