"""Glyphs of TrueType fonts that are made of others, which are made of others, and so on."""

import struct

import numpy as np

_MOST = 4096  # parts of a glyph in all: real ones have some 10
_COLLECTION = b"ttcf"
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80  # flags of a part


def check(content, index):
    """Refuses a font of which a glyph has so many parts that drawing it would take minutes and gigabytes.

    Ten glyphs, each ten times the one before, are a billion parts in a file of 2 KB. FreeType checks only
    that none contains itself.

    Args:
        content: bytes of a TTF, OTF or TTC.
        index: of the font in a TTC.

    Raises:
        ValueError: for such a font, and for a damaged one.
    """
    try:
        tables = _tables(content, index)
        if not {b"glyf", b"loca", b"head", b"maxp"} <= tables.keys():
            return  # its outlines are of another kind, which FreeType bounds
        starts = _starts(tables)
        made_of = _parts(tables[b"glyf"], starts)
    except struct.error as error:
        raise ValueError("its tables are damaged") from error
    counts = {}
    for glyph in made_of:
        if _count(glyph, made_of, counts) > _MOST:
            raise ValueError("a glyph is made of too many others")


def _tables(content, index):
    """{tag: bytes} of the tables."""
    start = (
        struct.unpack_from(">I", content, 12 + 4 * index)[0] if content[:4] == _COLLECTION else 0
    )
    (count,) = struct.unpack_from(">H", content, start + 4)
    view, found = memoryview(content), {}
    for at in range(count):
        tag, _, offset, size = struct.unpack_from(">4sIII", content, start + 12 + 16 * at)
        if size:  # FreeType takes the first one that is not empty
            found.setdefault(tag, view[offset : offset + size])
    return found


def _starts(tables):
    """Where glyphs with outlines start in their table: int64 (glyphs,); -1: it has none there."""
    (is_long,) = struct.unpack_from(">h", tables[b"head"], 50)
    kind = np.dtype(">u4" if is_long else ">u2")
    loca = tables[b"loca"]
    ends = np.frombuffer(loca[: len(loca) // kind.itemsize * kind.itemsize], kind).astype(np.int64)
    ends = ends * (1 if is_long else 2)
    starts = ends[:-1]
    return np.where((ends[1:] > starts) & (starts + 10 <= len(tables[b"glyf"])), starts, -1)


def _parts(table, starts):
    """{glyph: [glyphs]} of those that are made of others."""
    found = {}
    data = np.frombuffer(table, np.uint8)
    there = np.flatnonzero(starts >= 0)
    composite = there[data[starts[there]] >= 0x80]  # the number of contours is negative
    for glyph in composite.tolist():
        at, flags, parts = int(starts[glyph]) + 10, _MORE, []
        while flags & _MORE and at + 4 <= len(table) and len(parts) <= _MOST:
            flags, part = struct.unpack_from(">HH", table, at)
            parts.append(part)
            at += 8 if flags & _WORDS else 6
            at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        found[glyph] = parts
    return found


def _count(glyph, made_of, counts):
    """The number of parts of a glyph in all, or some number above the limit."""
    waiting = [glyph]
    while waiting:
        top = waiting[-1]
        parts = made_of.get(top, ())
        if top not in counts:
            counts[top] = _MOST + 1  # while it is counted: one that contains itself
            new = {each for each in parts if each in made_of and each not in counts}
            if new:
                waiting += new
                continue
        total = sum(1 + counts.get(each, 0) for each in parts)
        counts[top] = min(total, _MOST + 1)
        waiting.pop()
    return counts[glyph]
