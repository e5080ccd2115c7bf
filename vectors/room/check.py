#!/usr/bin/env python3
"""Makes every file of this folder anew, from PROTOCOL.md alone and with nothing but the standard
library, and compares. Shares no code with the project. `--write` replaces the files."""
import hashlib
import struct
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "round"))
from second.letters import looks_of  # noqa: E402


# --- the presentation language

def u8(n): return struct.pack(">B", n)
def u16(n): return struct.pack(">H", n)
def u32(n): return struct.pack(">I", n)
def u64(n): return struct.pack(">Q", n)


def opaque(content):
    n = len(content)
    if n < 64:
        return u8(n) + content
    return (u16(n | 1 << 14) if n < 1 << 14 else u32(n | 2 << 30)) + content


def words(text): return opaque(text.encode())
def items(encoded): return opaque(b"".join(encoded))
def optional(content): return b"\0" if content is None else b"\1" + content


def hashed(purpose, content):
    label = b"tracktwo/room/v1/" + purpose.encode()
    return hashlib.sha256(opaque(label) + u8(1) + opaque(content)).digest()


# --- one message, and what may be wrong with it

SALT = bytes(range(32))
TEXT = "We heard you: caf\u00e9."
OPEN = (bytes([7]) * 16 + words("What could you live with?") + u8(1) + u8(2) + u8(1)
        + optional(None) + u64(60000) + u64(3000))


def commitment(text): return hashed("commitment", SALT + words(text))
def said(text): return u16(1) + b"\1" * 16 + commitment(text) + optional(None)
def text(words_of_it): return SALT + words(words_of_it)
def posted(event, beside=None): return u8(1) + event + optional(beside)


def posts():
    good = posted(said(TEXT), text(TEXT))
    decomposed = TEXT.replace("\u00e9", "e\u0301")
    yield "message", "A message with the text that opens its commitment", "event", good
    yield ("message_other_text", "The text does not open the commitment", "damaged",
           posted(said(TEXT), text(TEXT + "!")))
    yield "message_no_text", "A message without its text", "damaged", posted(said(TEXT))
    yield ("message_not_normal", "The text is in NFD, the commitment fits it", "damaged",
           posted(said(decomposed), text(decomposed)))
    yield "message_trailing_byte", "One byte after the end", "damaged", good + b"\0"
    yield "message_cut", "One byte too few", "damaged", good[:-1]
    yield "unknown_version", "A version that no room has yet", "unknown", b"\2" + good[1:]
    yield "unknown_kind", "A kind that no room of this version has", "unknown", u8(1) + u16(30) + good[3:]
    yield ("derived_kind", "RUN-RELEASED is derived and never sent", "damaged",
           posted(u16(0x8003) + b"\1" * 16 + optional(None)))
    yield ("vouched_with_text", "A text where none belongs", "damaged",
           posted(u16(3) + b"\5" * 32, text(TEXT)))
    yield ("long_length", "A length that is not in its shortest form", "damaged",
           u8(1) + u16(5) + b"\x40\x03abc" + b"\0")
    yield ("caucus_key", "The same key package with the shortest length", "event",
           posted(u16(5) + opaque(b"abc")))
    other_kind = OPEN.replace(u8(1) + u8(2) + u8(1) + b"\0", u8(3) + u8(2) + u8(1) + b"\0")
    yield ("open_slot_of_4_kib", "OPEN of a Round with slots of 4 KiB, the largest", "event",
           posted(u16(16) + OPEN.replace(u8(1) + u8(2) + u8(1) + b"\0", u8(1) + u8(4) + u8(1) + b"\0")))
    yield ("open_slot_of_3_kib", "A slot size that does not exist", "damaged",
           posted(u16(16) + OPEN.replace(u8(1) + u8(2) + u8(1) + b"\0", u8(1) + u8(3) + u8(1) + b"\0")))
    ballot = OPEN.replace(u8(1) + u8(2) + u8(1) + b"\0",
                          u8(2) + items([words("One bridge."), words("No bridge.")]) + u8(3) + b"\0")
    yield ("open_ballot_stroke", "A statement with a stroke that can be read as a letter", "damaged",
           posted(u16(16) + OPEN.replace(u8(1) + u8(2) + u8(1) + b"\0",
                                         u8(2) + items([words("One | bridge.")]) + u8(3) + b"\0")))
    place = words("[2001:db8::1]:4433#" + "a" * 52) + b"\6" * 32
    yield "place", "A convenor names a place to which the room may move", "event", posted(u16(9) + place)
    yield "moved", "The room moves there", "event", posted(u16(10) + place)
    yield ("caucus_founded", "A side's seat founds the side's first caucus", "event",
           posted(u16(11) + b"\6" * 32 + optional(None)))
    yield ("caucus_founded_anew", "A side's seat founds the caucus anew", "event",
           posted(u16(11) + b"\6" * 32 + optional(b"\5" * 32)))
    yield ("not_yet", "A commit of a caucus follows nothing that stands before this", "event",
           posted(u16(12) + b"\4" * 32))
    yield ("arrived", "A newcomer is in the room that began so", "event", posted(u16(13) + b"\4" * 32))
    yield "open_ballot", "A ballot round on two statements, one sequence for each side", "event", posted(u16(16) + ballot)
    answers = items([u8(1), u8(2), u8(3), u8(0)])
    yield ("bloc_vote", "A seat of a caucus agrees, disagrees, passes and says nothing to four statements", "event",
           posted(u16(20) + hashed("open", OPEN) + answers))
    yield "bloc_answer", "A side answers the same as one", "event", posted(u16(21) + hashed("open", OPEN) + answers)
    yield ("bloc_other_answer", "An answer that does not exist", "damaged",
           posted(u16(21) + hashed("open", OPEN) + items([u8(4)])))
    yield ("open_other_kind", "A kind of Round that this version does not have, inside a known event",
           "damaged", posted(u16(16) + other_kind))


# --- twenty-three events, folded by hand

PLENARY = CONVENOR = u8(1)
FIXED = (PLENARY + words("Talks about the estuary") + items([words("River"), words("Harbour")]) + u8(2))


def key(n): return opaque(bytes([n]) * 32)
def request(n): return bytes([n]) * 32
def side(n): return u8(2) + u16(n)
def approved(n, name, role): return u16(2) + request(n) + words(name) + role


def changed(added, removed):
    new = [u32(leaf) + key(leaf) + request(leaf) + optional(None) for leaf in added]
    return u16(0x8001) + items(new) + items([u32(leaf) for leaf in removed]) + u32(0) + u64(0)


EVENTS = [
    (0, approved(1, "Amara Lindqvist", side(0))),
    (None, changed([1], [])),
    (1, u16(13) + b"\x11" * 32),
    (0, approved(2, "Benoit Okafor", side(1))),
    (None, changed([2], [])),
    (2, u16(13) + b"\x12" * 32),
    (0, approved(3, "Carmen Petrov", side(0))),
    (1, u16(3) + request(3)),
    (None, changed([3], [])),
    (2, u16(4) + u64(3)),
    (1, said(TEXT)),
    (0, u16(16) + OPEN),
    (2, u16(18) + bytes([7]) * 16 + hashed("open", OPEN)),
    (None, changed([], [3])),
    (2, u16(11) + b"\5" * 32 + optional(None)),
    (0, u16(9) + words("[::1]:9#" + "a" * 52) + b"\6" * 32),
    (0, u16(10) + words("[::1]:9#" + "a" * 52) + b"\6" * 32),
    (0, u16(9) + words("[::1]:9#" + "a" * 52) + b"\7" * 32),
    (None, u16(0x8006)),
    (None, u16(0x8007)),
    (0, approved(4, "Dora Halvorsen", side(1))),
    (2, u16(3) + request(4)),
    (None, changed([4], [])),
]
BEGUN = {1: b"\x11" * 32, 4: b"\x12" * 32, 22: b"\x13" * 32}    # event: what the epoch that it begins is
ARRIVED, AWAITED = u8(1), u8(3)


# Log time of the reset behind a rotation that led nowhere: the window of a minute lasts as long from there on.
REOPENED = 1019


def seat(n, name, role, joined, confirmed, counting, arrival=ARRIVED, needs=0, voucher=None):
    numbers = optional(confirmed and u64(confirmed)), optional(counting and u64(counting))
    return (u32(n) + words(name) + role + u32(n) + key(n or 200) + optional(voucher and u32(voucher)) + u8(needs) + u64(joined)
            + b"".join(numbers) + u16(1) + optional(None) + arrival + u8(1))


def fold():
    founding = FIXED + words("Convenor") + CONVENOR + u32(0) + key(200)
    history, lines = hashed("founding", founding), []
    for number, (leaf, event) in enumerate(EVENTS):
        sender, time = optional(None if leaf is None else u32(leaf)), 1000 + number
        history = hashed("history", history + sender + u64(time) + event)
        begun = f" {BEGUN[number].hex()}" if number in BEGUN else ""
        lines.append(("apply", f"{'none' if leaf is None else leaf} {time} {event.hex()}{begun}"))
    seats = items([
        seat(0, "Convenor", CONVENOR, 0, None, None),
        seat(1, "Amara Lindqvist", side(0), 1, None, 2),
        seat(2, "Benoit Okafor", side(1), 2, 3, 5),
        seat(4, "Dora Halvorsen", side(1), 5, None, None, AWAITED + BEGUN[22], needs=1, voucher=2),
    ])
    seated = items([u16(0) + u32(2), u16(1) + u32(2)])
    places = items([u32(0) + words("[::1]:9#" + "a" * 52) + b"\7" * 32])
    caucuses = items([u16(1) + b"\5" * 32 + u32(2) + u64(1014) + items([u32(2)])])
    departed = items([u32(3) + words("Carmen Petrov") + side(0) + key(3)])
    open_round = OPEN + u32(0) + u64(1011) + u64(REOPENED + 60_000) + optional(None) + items([u32(2)]) + items([]) + optional(None) + u8(1)
    state = (FIXED + u16(1) + u64(5) + u32(5) + u32(0) + seated + seats + departed + items([]) + u64(0) + optional(open_round)
             + items([]) + items([]) + items([]) + items([]) + items([]) + places + caucuses + items([b"\1" * 16]) + u64(1) + u64(23) + history + u64(1022) + optional(None))
    comment = "Twenty-three events from a founding to an open Round, a move, a rotation to nowhere and a reset; leaf or none, log time, event, what is begun"
    return [("comment", comment), ("founding", founding.hex()), *lines,
            ("state", (u8(1) + state).hex()), ("digest", hashed("digest", state).hex())]


# --- what a statement is taken for

ASKED = [
    "One bridge.", "ONE  bridge!", "\u041ene bridg\u0435.", "\uff2fne bridge", "One br1dge", "?!",
    "\u041d\u0435\u0442 \u0442\u043e\u043b\u043b\u0443.", "HET TO\u041b\u041bY", "\u03bd\u03b1\u03b9", "\u039d\u0391\u0399", "NAI",
    "A toll of 10 \u20ac", "A toll of 10%", "Caf\u00e9 \u00f8 \u0142", "\uac01 \u4e00 \u30fc", "\u0634 \u0633", "\u01c3",
]


def names(statement):
    looks = looks_of(statement)
    if not looks:
        return [hashed("statement", u8(0) + words(statement))]
    return [hashed("statement", u8(1) + words(each)) for each in looks]


def files():
    yield "commitment", [("comment", "SHA-256 under a salt, over a text in normal form"),
                         ("salt", SALT.hex()), ("text", TEXT), ("commitment", commitment(TEXT).hex())]
    for name, comment, expect, content in posts():
        yield name, [("comment", comment), ("expect", expect), ("posted", content.hex())]
    yield "open", [("comment", "OPEN: 2 KiB, the whole room, no floor of its own; and what READY binds"),
                   ("expect", "event"), ("posted", posted(u16(16) + OPEN).hex()),
                   ("open_hash", hashed("open", OPEN).hex())]
    slots = [hashed("commitment", bytes([n]) * 32 + words(TEXT)) for n in range(6)]
    shown = sorted(slots, key=lambda own: hashed("shown", own + items(slots)))
    yield "shown", [("comment", "Six commitments in the order of their slots, and as they are shown"),
                    *(("in_slot_order", one.hex()) for one in slots), *(("shown", one.hex()) for one in shown)]
    asked = [("names", " ".join(name.hex() for name in names(each))) for each in ASKED]
    yield "asked", [("comment", "Statements, and the names under which a room remembers who voted on them"),
                    *(pair for text, line in zip(ASKED, asked) for pair in (("asked", text), line))]
    yield "fold", fold()


def main():
    wrong = []
    for name, fields in files():
        path = HERE / f"{name}.txt"
        content = "".join(f"{field}: {value}\n" for field, value in fields)
        if "--write" in sys.argv:
            path.write_text(content, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != content:
            wrong.append(name)
    known = {f"{name}.txt" for name, _ in files()}
    wrong += [path.name for path in HERE.glob("*.txt") if path.name not in known]
    print("\n".join(f"differs: {name}" for name in wrong) or f"{len(known)} files as they must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
