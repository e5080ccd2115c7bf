"""PROTOCOL.md, "Texts of a Round": the one form of a text, and a payload of one size."""
from .encoding import u8, u16
from .letters import is_assigned, nfc

SINGLE = "\u2018\u2019\u201A\u201B\u2032\u2039\u203A\u02B9\u02BB\u02BC\u02BD\u00B4\u0060\uFF07"
DOUBLE = "\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB\u301D\u301E\u301F\uFF02"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D"
SPACES = "\t\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000"
LINES = "\n\r\x0B\x0C\x85\u2028\u2029"
ONE = {c: to for form, to in ((SINGLE, "'"), (DOUBLE, '"'), (DASHES, "-"), (SPACES, " "), (LINES, "\n")) for c in form}

CONTROLS = [(0x00, 0x1F), (0x7F, 0x9F)]
DROPPED = [
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xE000, 0xF8FF),
    (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xFFFE, 0xFFFF),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0x10FFFF),
]


def _one(c):
    if c in ONE:
        return ONE[c]
    return "" if any(a <= ord(c) <= b for a, b in CONTROLS + DROPPED) else c


def normalise(text):
    assigned = "".join(filter(is_assigned, text))
    unified = nfc("".join(map(_one, nfc(assigned.replace("\r\n", "\n")))))
    return "\n".join(line.rstrip(" ") for line in unified.split("\n")).rstrip("\n")


def plain(text, slot_bytes):
    """Version, length, text, zeros: 48 bytes less than a slot. None where the text does not fit."""
    content = normalise(text).encode()
    room = slot_bytes - 48 - 3 - len(content)
    return u8(1) + u16(len(content)) + content + bytes(room) if room >= 0 else None


def read(content):
    """The text in a payload, "" for a blank, None for a void one."""
    length = int.from_bytes(content[1:3], "big")
    text, padding = content[3:3 + length], content[3 + length:]
    if content[0] != 1 or len(text) != length or any(padding):
        return None
    try:
        text = text.decode()
    except UnicodeDecodeError:
        return None
    return text if normalise(text) == text else None


def ballot(opened):
    """What an opened slot counts as."""
    if opened == {"blank": True}:
        return "unanswered"
    return {"a": "agree", "d": "disagree", "p": "pass"}.get(opened.get("text"), "void")
