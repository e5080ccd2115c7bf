"""PROTOCOL.md, "What is durable": what is kept of a sequence, of a Round, and of one's own share."""
from . import ristretto
from .encoding import items, opaque, optional, u8, u16, u32, u64
from .field import P


def terms(t):
    members = items(u32(leaf) + opaque(key) for leaf, key in t["opening"])
    side = optional(None if t["side"] is None else u16(t["side"]))
    return t["ctx0"] + side + u16(t["lanes"]) + u32(t["slot_bytes"]) + u64(t["phase_ms"]) + members + u16(t["floor"])


def releases(s):
    """All that opening needs, as fields."""
    return {"phase_began_ms": s.began_ms, "t3": s.t[2], "shares": [m["share"] for m in s.said["JOIN"]],
            "tags": [tag for lane in s.tags for tag in lane], "combined": s.combined,
            "released": [(index, ristretto.scalar_bytes(x)) for index, x in sorted(s.heard.items())]}


def fields(s):
    """In phase 6 the present state; before it the beginning of the run."""
    in_releases = s.phase == 6 and not s.over
    return {"version": 1, "terms": s.terms, "run": s.run, "roster": s.leaves(range(len(s.members))),
            "settled": s.settled, "run_began_ms": s.run_began_ms,
            "time_ms": s.time_ms if in_releases else s.run_began_ms, "head": s.head if in_releases else s.settled,
            "ended": s.ended, "over": int(s.over), "releases": releases(s) if in_releases else None}


def encode(f):
    r = f["releases"]
    kept = None if r is None else (
        u64(r["phase_began_ms"]) + r["t3"] + items(r["shares"]) + items(map(u64, r["tags"])) + opaque(r["combined"])
        + items(u16(index) + x for index, x in r["released"]))
    return (u8(f["version"]) + terms(f["terms"]) + u32(f["run"]) + items(map(u32, f["roster"])) + f["settled"]
            + u64(f["run_began_ms"]) + u64(f["time_ms"]) + f["head"] + items(f["ended"]) + u8(f["over"]) + optional(kept))


def of_round(collection):
    states = (opaque(encode(fields(s))) for s in collection.sequences)
    return u8(1) + u8(collection.gate_is_open) + items(states)


def release_share(ctx, index, x):
    return u8(1) + ctx + u16(index) + ristretto.scalar_bytes(x)


def faults(s):
    """(name, comment, bytes) of states that contradict themselves, made from one of phase 6."""
    good = fields(s)
    r = good["releases"]
    def but(**changes):
        return encode(good | changes)
    def released(**changes):
        return but(releases=r | changes)
    other = [(r["released"][0][0], bytes(32))]
    yield "version", "Another version", but(version=2)
    yield "cut", "A byte too few", but()[:-1]
    yield "trailing_byte", "A byte too many", but() + b"\0"
    yield "run_zero", "Runs count from 1", but(run=0)
    yield "run_two", "A second run, and none that has ended", but(run=2)
    yield "roster_order", "The roster does not ascend", but(roster=good["roster"][::-1])
    yield "roster_stranger", "A leaf that was not there at START", but(roster=[*good["roster"][:-1], 99])
    yield "roster_small", "Fewer than the floor", but(roster=good["roster"][:1])
    yield "terms", "Terms that cannot be played", but(terms=s.terms | {"lanes": 0})
    yield "over", "Over, and shares are awaited", but(over=1)
    yield "over_two", "Neither over nor not", but(over=2)
    yield "time", "The latest entry is older than the run", but(time_ms=good["run_began_ms"] - 1)
    yield "phase_time", "The phase began before its run", released(phase_began_ms=good["run_began_ms"] - 1)
    yield "shares", "A share too few", released(shares=r["shares"][1:])
    yield "share_not_canonical", "X that is not canonical", released(shares=[b"\xFF" * 32, *r["shares"][1:]])
    yield "tag_p", "A tag of p", released(tags=[*r["tags"][:-1], P])
    yield "tag_zero", "A tag of zero", released(tags=[0, *r["tags"][1:]])
    yield "tag_order", "Tags that do not ascend", released(tags=r["tags"][::-1])
    yield "combined", "A byte of the slots is missing", released(combined=r["combined"][1:])
    yield "released_wrong", "A share that does not prove itself", released(released=other)
    yield "released_twice", "One share twice", released(released=r["released"] * 2)
    yield "released_index", "A share of an index that nobody has", released(released=[(9, r["released"][0][1])])
