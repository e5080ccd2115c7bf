"""PROTOCOL.md, "Letters": what Unicode 15.0 assigns, its normal form NFC, and what looks the same. From the tables of this project:
those of the interpreter are of another version."""
from bisect import bisect_right
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent.parent.parent / "unicode" / "tables.txt"
S, L, V, T, COUNT = 0xAC00, 0x1100, 0x1161, 0x11A7, 11172


@cache
def _tables():
    assigned, combining, decomposes, excluded = [], {}, {}, set()
    for line in TABLES.read_text(encoding="utf-8").splitlines():
        kind, first, *rest = line.split()
        if kind == "assigned":
            assigned.append(tuple(int(end, 16) for end in first.split("..")))
        elif kind == "combining":
            combining[int(first, 16)] = int(rest[0])
        elif kind == "decomposes":
            decomposes[int(first, 16)] = [int(point, 16) for point in rest]
        elif kind == "excluded":
            excluded.add(int(first, 16))
    composes = {}
    for point, parts in decomposes.items():
        # What begins with a mark, or is one, does not compose (UAX 15, "Composition Exclusions").
        starts = not combining.get(point) and not combining.get(parts[0])
        if len(parts) == 2 and point not in excluded and starts:
            composes[tuple(parts)] = point
    return assigned, combining, decomposes, composes


@cache
def _read_tables():
    spans, lower, upper, looks = [], {}, {}, {}
    for line in TABLES.read_text(encoding="utf-8").splitlines():
        kind, first, *rest = line.split()
        if kind in ("alphabetic", "number"):
            spans.append(tuple(int(end, 16) for end in first.split("..")))
        elif kind in ("lower", "upper"):
            (lower if kind == "lower" else upper)[int(first, 16)] = int(rest[0], 16)
        elif kind == "looks":
            looks[int(first, 16)] = [int(point, 16) for point in rest]
    return sorted(spans), lower, upper, looks


def _is_letter(point):
    # Alphabetic and numbers have no character in common, so neither have their ranges.
    spans = _read_tables()[0]
    at = bisect_right(spans, (point, 0x110000)) - 1
    return at >= 0 and point <= spans[at][1]


def looks_of(text):
    """What a text may be taken for, the first one as it is written."""
    _, lower, upper, looks = _read_tables()
    combining, out = _tables()[1], []
    for case in ({}, lower, upper):
        for signs in (False, True):
            read = []
            for point in (each for c in text for each in _decomposed(ord(c))):
                if not signs and not _is_letter(point):
                    continue
                for part in _decomposed(case.get(point, point)):
                    if not combining.get(part):
                        read += looks.get(part, [part] if _is_letter(part) else [])
            form = "".join(map(chr, read))
            if form and form not in out:
                out.append(form)
    return out


def is_assigned(c):
    assigned = _tables()[0]
    at = bisect_right(assigned, (ord(c), 0x110000)) - 1
    return at >= 0 and assigned[at][0] <= ord(c) <= assigned[at][1]


def _decomposed(point):
    if S <= point < S + COUNT:
        at = point - S
        tail = [T + at % 28] if at % 28 else []
        return [L + at // 588, V + at % 588 // 28, *tail]
    parts = _tables()[2].get(point)
    return [point] if parts is None else [each for part in parts for each in _decomposed(part)]


def _composed(a, b):
    if L <= a < L + 19 and V <= b < V + 21:
        return S + ((a - L) * 21 + b - V) * 28
    if S <= a < S + COUNT and (a - S) % 28 == 0 and T < b < T + 28:
        return a + b - T
    return _tables()[3].get((a, b))


def nfc(text):
    combining = _tables()[1]
    points = [each for c in text for each in _decomposed(ord(c))]
    at = 0
    while at < len(points):
        end = at + 1
        while end < len(points) and combining.get(points[end]):
            end += 1
        begin = at if combining.get(points[at]) else at + 1
        points[begin:end] = sorted(points[begin:end], key=lambda point: combining.get(point, 0))
        at = end
    out, starter, last = [], None, 0
    for point in points:
        kind = combining.get(point, 0)
        blocked = starter is not None and len(out) - 1 > starter and last >= kind
        one = None if starter is None or blocked else _composed(out[starter], point)
        if one is not None:
            out[starter] = one
            continue
        out.append(point)
        last = kind
        if kind == 0:
            starter = len(out) - 1
    return "".join(map(chr, out))
