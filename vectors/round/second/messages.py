"""PROTOCOL.md, "Messages of a Round": bytes and fields."""
from .encoding import Damaged, Reader, opaque, u8, u16, u64

HASH, VECTOR, NUMBERS, INDEX, PHASE = "32 bytes", "opaque", "uint64s", "uint16", "phase"
KINDS = {
    1: ("JOIN", {"ctx": HASH, "ek": VECTOR, "share": HASH, "commitment": HASH, "response": HASH, "head": HASH}),
    2: ("KEM", {"ctx": HASH, "t1": HASH, "ciphertexts": VECTOR}),
    3: ("SLOT", {"ctx": HASH, "t2": HASH, "sums": NUMBERS}),
    4: ("DC", {"ctx": HASH, "t3": HASH, "vector": VECTOR}),
    5: ("GO", {"ctx": HASH, "t4": HASH}),
    6: ("NOGO", {"ctx": HASH, "phase": PHASE, "evidence": HASH}),
    7: ("RELEASE", {"ctx": HASH, "index": INDEX, "x": HASH}),
    8: ("CLOSE", {"ctx": HASH, "phase": PHASE}),
    9: ("LEAVE", {"ctx": HASH}),
    10: ("GIVE-UP", {"ctx": HASH}),
    11: ("REVEAL", {"ctx": HASH, "evidence": HASH, "root": HASH}),
}
NUMBER = {name: kind for kind, (name, _) in KINDS.items()}


def _field(form, value):
    if form == HASH:
        return value
    if form == VECTOR:
        return opaque(value)
    if form == NUMBERS:
        return opaque(b"".join(map(u64, value)))
    return u16(value) if form == INDEX else u8(value)


def encode(name, **fields):
    kind = NUMBER[name]
    return u8(1) + u8(kind) + b"".join(_field(form, fields[field]) for field, form in KINDS[kind][1].items())


def _read(reader, form):
    if form == HASH:
        return reader.take(32)
    if form == VECTOR:
        return reader.opaque()
    if form == NUMBERS:
        numbers = Reader(reader.opaque())
        out = []
        while numbers.rest:
            out.append(numbers.number(8))
        return out
    if form == INDEX:
        return reader.number(2)
    phase = reader.number(1)
    if not 1 <= phase <= 7:
        raise Damaged("no such phase")
    return phase


def decode(content):
    """Name and fields; raises Damaged."""
    reader = Reader(content)
    version, kind = reader.number(1), reader.number(1)
    if version != 1 or kind not in KINDS:
        raise Damaged("another version or kind")
    name, forms = KINDS[kind]
    fields = {field: _read(reader, form) for field, form in forms.items()}
    reader.end()
    return name, fields
