#!/usr/bin/env python3
"""Makes `tables.txt` from the files of the Unicode Character Database, as Debian's package `unicode-data` lays
them down, and from the confusables of UTS 39 of the same version, which Debian's `libicu72` has; and compares.
`--write` replaces it. The version is pinned in PROTOCOL.md, *Letters*."""
import bz2
import ctypes
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
UCD = Path("/usr/share/unicode")
VERSION = "15.0.0"
NUMBERS = ("Nd", "Nl", "No")
HANGUL = range(0xAC00, 0xAC00 + 11172)


def lines(name):
    for line in (UCD / name).read_text(encoding="utf-8").splitlines():
        content = line.split("#")[0].strip()
        if content:
            yield [field.strip() for field in content.split(";")]


def ends(field):
    first, _, last = field.partition("..")
    return int(first, 16), int(last or first, 16)


def ranges(points):
    """(first, last) of each run of numbers."""
    out = []
    for point in sorted(points):
        if out and out[-1][1] == point - 1:
            out[-1][1] = point
        else:
            out.append([point, point])
    return out


def characters():
    """Of each assigned character: category, combining class, decomposition, upper case, lower case."""
    first = None
    for fields in lines("UnicodeData.txt"):
        point, name = int(fields[0], 16), fields[1]
        if name.endswith(", First>"):
            first = point
            continue
        for each in range(first if first is not None else point, point + 1):
            yield each, fields[2], int(fields[3]), fields[5], fields[12], fields[13]
        first = None


class Confusables:
    """What UTS 39, section 4, has for one character; out of the library that Debian builds from its data."""

    def __init__(self):
        common, spoof, failed = ctypes.CDLL("libicuuc.so.72"), ctypes.CDLL("libicui18n.so.72"), ctypes.c_int(0)
        version = (ctypes.c_uint8 * 4)()
        common.u_getUnicodeVersion_72(version)
        assert ".".join(map(str, version[:3])) == VERSION
        spoof.uspoof_open_72.restype = ctypes.c_void_p
        self.checker = ctypes.c_void_p(spoof.uspoof_open_72(ctypes.byref(failed)))
        assert failed.value <= 0
        self.skeleton = spoof.uspoof_getSkeleton_72

    def of(self, point):
        source, out, failed = chr(point).encode("utf-16-le"), (ctypes.c_uint16 * 64)(), ctypes.c_int(0)
        units = ctypes.create_string_buffer(source, len(source) + 2)
        size = self.skeleton(self.checker, 0, units, len(source) // 2, out, len(out), ctypes.byref(failed))
        assert failed.value <= 0
        return [ord(c) for c in bytes(out)[:2 * size].decode("utf-16-le")]


class Looks:
    """PROTOCOL.md, "What looks the same": of one character, the letters and digits that it is taken for."""

    def __init__(self, everything, alphabetic):
        self.confusables = Confusables()
        self.marks = {point for point, _, combining, *_ in everything if combining}
        self.letters = alphabetic | {point for point, kind, *_ in everything if kind in NUMBERS}
        self.lower = {point: int(lower, 16) for point, *_, lower in everything if lower}
        parts = {point: fields.split() for point, _, _, fields, *_ in everything if fields}
        self.compatible = {point: [p for p in each if p[0] != "<"] for point, each in parts.items()}
        self.canonical = {point: each for point, each in parts.items() if each[0][0] != "<"}

    def decomposed(self, point, by):
        parts = by.get(point)
        return [point] if parts is None else [each for part in parts for each in self.decomposed(int(part, 16), by)]

    def kept(self, points):
        return [point for point in points if point in self.letters and point not in self.marks]

    @cache
    def seen(self, point):
        """As it is drawn: the skeleton, or where it has none of its own, that of its NFKD."""
        skeleton = self.confusables.of(point)
        if skeleton == [point]:
            parts = self.decomposed(point, self.compatible)
            skeleton = [each for part in parts for each in self.confusables.of(part)]
        return self.kept(skeleton)

    def lowered(self, points):
        lower = [self.lower.get(point, point) for point in points]
        return self.kept(each for point in lower for each in self.decomposed(point, self.canonical))

    def read(self, point):
        """A capital I is drawn as a small l: whoever does not mind capitals takes i and l for one."""
        once = self.lowered(self.seen(point))
        twice = self.lowered([each for seen in once for each in self.seen(seen)])
        return [ord("l") if each == ord("i") else each for each in twice]

    def lines(self, everything):
        for point, kind, combining, *_ in everything:
            is_whole = point not in self.canonical and point not in HANGUL
            if combining or not is_whole or kind in ("Cs", "Co", "Cc"):
                continue
            read = self.read(point)
            if read != [point] and (read or point in self.letters):
                yield " ".join([f"looks {point:04X}", *(f"{each:04X}" for each in read)])


def tables():
    everything = list(characters())
    yield f"version {VERSION}"
    yield from (f"assigned {a:04X}..{b:04X}" for a, b in ranges(point for point, *_ in everything))
    spans = [ends(fields[0]) for fields in lines("DerivedCoreProperties.txt") if fields[1] == "Alphabetic"]
    alphabetic = {point for a, b in spans for point in range(a, b + 1)}
    yield from (f"alphabetic {a:04X}..{b:04X}" for a, b in ranges(alphabetic))
    yield from (f"number {a:04X}..{b:04X}" for a, b in ranges(p for p, kind, *_ in everything if kind in NUMBERS))
    yield from (f"lower {point:04X} {lower}" for point, *_, lower in everything if lower)
    yield from (f"upper {point:04X} {upper}" for point, *_, upper, _ in everything if upper)
    for point, _, combining, *_ in everything:
        if combining:
            yield f"combining {point:04X} {combining}"
    for point, _, _, decomposition, *_ in everything:
        if decomposition and not decomposition.startswith("<"):
            yield f"decomposes {point:04X} {decomposition}"
    yield from (f"excluded {fields[0]}" for fields in lines("CompositionExclusions.txt"))
    yield from Looks(everything, alphabetic).lines(everything)


def check_nfc():
    """The normal form of `second/letters.py` against Unicode's own test file."""
    sys.path.insert(0, str(HERE.parent / "round"))
    from second.letters import nfc
    tested = 0
    for line in bz2.decompress((UCD / "NormalizationTest.txt.bz2").read_bytes()).decode().splitlines():
        if not line or line[0] in "#@":
            continue
        source, composed, decomposed, *_ = ["".join(chr(int(p, 16)) for p in c.split()) for c in line.split(";")[:5]]
        assert nfc(source) == nfc(composed) == nfc(decomposed) == composed, line
        tested += 1
    print(f"{tested} lines of NormalizationTest.txt are as they must be")


def main():
    assert VERSION in (UCD / "DerivedCoreProperties.txt").read_text(encoding="utf-8").splitlines()[0]
    made, path = "\n".join(tables()) + "\n", HERE / "tables.txt"
    if "--write" in sys.argv:
        path.write_text(made, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != made:
        print("differs: tables.txt")
        return 1
    check_nfc()
    return 0


if __name__ == "__main__":
    sys.exit(main())
