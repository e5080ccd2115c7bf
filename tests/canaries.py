"""Finds known texts in folders of sealed files, in any of the forms they might leak in.

Every occurrence is found: whole names, and any 12 bytes in a row of a longer text, as UTF-8, UTF-16,
hex, base64 and base32, at every alignment. Inside of a block that a store has compressed nothing can
be searched; but ciphertext does not compress, and what does not look random is a check of its own.
"""

import base64
import sys
from pathlib import Path

PIECE = 12  # bytes of a long text that must not be found
GRAM = 4  # files are sampled at every fourth byte
BLOCK = 4096


def forms(piece):
    """All encodings of some bytes, each with its name; a few edge characters of base64/32 are left off."""
    found = [("UTF-8", piece), ("hex", piece.hex().encode()), ("HEX", piece.hex().upper().encode())]
    try:
        text = piece.decode()
        found += [("UTF-16LE", text.encode("utf-16-le")), ("UTF-16BE", text.encode("utf-16-be"))]
    except UnicodeDecodeError:
        pass  # a piece that cuts a character in two has no UTF-16 form
    for before in range(3):
        inner = slice(-(-8 * before // 6), 8 * (before + len(piece)) // 6)
        padded = bytes(before) + piece
        found.append(("base64", base64.b64encode(padded)[inner]))
        found.append(("base64url", base64.urlsafe_b64encode(padded)[inner]))
    for before in range(5):
        inner = slice(-(-8 * before // 5), 8 * (before + len(piece)) // 5)
        encoded = base64.b32encode(bytes(before) + piece)[inner]
        found += [("base32", encoded), ("base32", encoded.lower())]
    return found


class Canaries:
    """What must not be found: `names` whole and in any case, `texts` down to pieces."""

    def __init__(self, names, texts):
        self.needles = {}
        for name in names:
            for variant in {name, name.lower(), name.upper()}:
                self._add(variant.encode(), f"the name {name}")
        pieces = set()
        for text in texts:
            whole = text.encode()
            last = max(1, len(whole) - PIECE + 1)
            pieces.update(whole[at : at + PIECE] for at in range(last))
        for piece in pieces:
            self._add(piece, f"a piece of a text, {piece!r},")
        # A needle of 7 bytes or more contains a sampled gram wherever it lies; shorter ones are rare.
        reach = 2 * GRAM - 1
        self.short = [needle for needle in self.needles if len(needle) < reach]
        long = [needle for needle in self.needles if len(needle) >= reach]
        self.lengths = sorted({len(needle) for needle in long})
        self.grams = {
            int.from_bytes(needle[at : at + GRAM], sys.byteorder)
            for needle in long
            for at in range(GRAM)
        }

    def _add(self, piece, what):
        for form, needle in forms(piece):
            self.needles.setdefault(needle, f"{what} as {form}")

    def in_bytes(self, data):
        """What is found in `data`, each with its place."""
        found = [(data.find(needle), self.needles[needle]) for needle in self.short if needle in data]
        whole = memoryview(data)[: len(data) // GRAM * GRAM].cast("I")
        step = BLOCK // GRAM
        for start in range(0, len(whole), step):
            block = whole[start : start + step]
            if self.grams.isdisjoint(block):
                continue
            for at, gram in enumerate(block, start):
                if gram in self.grams:
                    found += self._at(data, at * GRAM)
        return found

    def _at(self, data, place):
        """The needles that have the sampled gram at `place` among their first four."""
        for begin in range(max(0, place - GRAM + 1), place + 1):
            for length in self.lengths:
                what = self.needles.get(data[begin : begin + length])
                if what:
                    yield begin, what

    def in_folder(self, folder, most=5):
        """What is found in the files below `folder`, their names included."""
        found = []
        for path in files_below(folder):
            name = str(path.relative_to(folder)).encode()
            found += [f"{what} in the file name {name!r}" for _, what in self.in_bytes(name + bytes(GRAM))]
            found += [f"{what} in {path} at {place}" for place, what in self.in_bytes(path.read_bytes())]
            if len(found) >= most:
                break
        return found[:most]


def files_below(folder):
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def filled_blocks(folder):
    """The blocks of all files below `folder` that are not only zeros: stores keep room in advance."""
    for path in files_below(folder):
        data = path.read_bytes()
        for start in range(0, len(data), BLOCK):
            block = data[start : start + BLOCK]
            if block.count(0) < len(block):
                yield block
