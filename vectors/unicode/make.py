#!/usr/bin/env python3
"""Makes `tables.txt` from the files of the Unicode Character Database, as Debian's package `unicode-data` lays
them down; and compares. `--write` replaces it. The version is pinned in PROTOCOL.md, *Letters*."""
import bz2
import sys
from pathlib import Path

HERE = Path(__file__).parent
UCD = Path("/usr/share/unicode")
VERSION = "15.0.0"
NUMBERS = ("Nd", "Nl", "No")


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
    """Of each assigned character: category, combining class, decomposition, lower case."""
    first = None
    for fields in lines("UnicodeData.txt"):
        point, name = int(fields[0], 16), fields[1]
        if name.endswith(", First>"):
            first = point
            continue
        for each in range(first if first is not None else point, point + 1):
            yield each, fields[2], int(fields[3]), fields[5], fields[13]
        first = None


def tables():
    everything = list(characters())
    yield f"version {VERSION}"
    yield from (f"assigned {a:04X}..{b:04X}" for a, b in ranges(point for point, *_ in everything))
    alphabetic = [ends(fields[0]) for fields in lines("DerivedCoreProperties.txt") if fields[1] == "Alphabetic"]
    points = (point for a, b in alphabetic for point in range(a, b + 1))
    yield from (f"alphabetic {a:04X}..{b:04X}" for a, b in ranges(points))
    yield from (f"number {a:04X}..{b:04X}" for a, b in ranges(p for p, kind, *_ in everything if kind in NUMBERS))
    yield from (f"lower {point:04X} {lower}" for point, _, _, _, lower in everything if lower)
    for point, _, combining, *_ in everything:
        if combining:
            yield f"combining {point:04X} {combining}"
    for point, _, _, decomposition, _ in everything:
        if decomposition and not decomposition.startswith("<"):
            yield f"decomposes {point:04X} {decomposition}"
    yield from (f"excluded {fields[0]}" for fields in lines("CompositionExclusions.txt"))


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
