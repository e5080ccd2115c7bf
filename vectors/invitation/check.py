#!/usr/bin/env python3
"""Makes every file of this folder anew, from PROTOCOL.md alone and with nothing but the standard
library, and compares. Shares no code with the project. `--write` replaces the files."""
import base64
import hashlib
import hmac
import struct
import sys
from pathlib import Path

HERE = Path(__file__).parent


def u8(n): return struct.pack(">B", n)
def u16(n): return struct.pack(">H", n)
def u64(n): return struct.pack(">Q", n)


def opaque(content):
    n = len(content)
    return (u8(n) if n < 64 else u16(n | 1 << 14)) + content


def relay(n):
    fingerprint = base64.b32encode(bytes([n]) * 32).decode().rstrip("=").lower()
    return f"relay{n}.example:{7000 + n}#{fingerprint}"


GRANT, MAILBOX, SECRET = (bytes([n]) * 32 for n in (31, 32, 33))
SIDE, INTERPRETER, CONVENOR = b"\2", b"\3", b"\1"


def content(relays, role, version=2):
    addresses = opaque(b"".join(opaque(one.encode()) for one in relays))
    return u8(version) + addresses + GRANT + MAILBOX + SECRET + role + u64(1_800_000_000_000)


def older():
    return (u8(1) + opaque(relay(1).encode()) + GRANT + MAILBOX + SECRET + u16(0) + u64(1_800_000_000_000))


def checksum(whole): return hashlib.sha256(b"tracktwo/invitation/v1/checksum" + whole).digest()[:4]


def text(whole, sum_of_it=None):
    letters = base64.b32encode(whole + (sum_of_it or checksum(whole))).decode().rstrip("=")
    return "TRACKTWO-" + "-".join(letters[at:at + 8] for at in range(0, len(letters), 8))


def derived(label):
    inner = hmac.new(MAILBOX, SECRET, hashlib.sha256).digest()
    return hmac.new(inner, label + b"\1", hashlib.sha256).digest()


def files():
    token = derived(b"tracktwo/invitation/v1/token").hex()

    def good(name, comment, relays, role, role_text):
        return name, [("comment", comment), ("expect", role_text), ("relays", " ".join(relays)),
                      ("token", token), ("text", text(content(relays, role)))]

    def bad(name, comment, expect, whole, sum_of_it=None):
        return name, [("comment", comment), ("expect", expect), ("text", text(whole, sum_of_it))]

    one, four = [relay(1)], [relay(n) for n in (1, 2, 3, 4)]
    side = SIDE + u16(1)
    yield good("side", "A seat of side 1, at one relay", one, side, "side 1")
    yield good("four_relays", "Four relays, in order", four, SIDE + u16(0), "side 0")
    yield good("interpreter", "An interpreter beside side 1", one, INTERPRETER + u16(1), "interpreter 1")
    yield bad("older", "Format 1, with the relay's own secret", "older", older())
    yield bad("newer", "Format 3", "newer", content(one, side, 3))
    yield bad("convenor", "Nobody is invited to convene", "damaged", content(one, CONVENOR))
    yield bad("no_role", "A role that there is not", "damaged", content(one, b"\4" + u16(1)))
    yield bad("no_relay", "No relay at all", "damaged", content([], side))
    yield bad("five_relays", "One relay too many", "damaged", content(four + [relay(5)], side))
    yield bad("relay_twice", "One relay comes twice", "damaged", content(one + one, side))
    yield bad("not_an_address", "What should be an address is none", "damaged", content(["relay"], side))
    yield bad("trailing_byte", "One byte too many", "damaged", content(one, side) + b"\0")
    yield bad("cut", "One byte too few", "damaged", content(one, side)[:-1])
    yield bad("checksum", "Another checksum", "damaged", content(one, side), b"\0\0\0\0")


def main():
    wrong = []
    for name, fields in files():
        path = HERE / f"{name}.txt"
        whole = "".join(f"{field}: {value}\n" for field, value in fields)
        if "--write" in sys.argv:
            path.write_text(whole, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != whole:
            wrong.append(name)
    known = {f"{name}.txt" for name, _ in files()}
    wrong += [path.name for path in HERE.glob("*.txt") if path.name not in known]
    print("\n".join(f"differs: {name}" for name in wrong) or f"{len(known)} files as they must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
