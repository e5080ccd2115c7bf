#!/usr/bin/env python3
"""Makes every file of this folder anew, from PROTOCOL.md alone and with nothing but the standard
library, and compares. Shares no code with the project. `--write` replaces the files."""
import base64
import hashlib
import struct
import sys
from pathlib import Path

HERE = Path(__file__).parent


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


# --- hashes

def hashed(purpose, content):
    label = b"tracktwo/wire/v1/" + purpose.encode()
    return hashlib.sha256(u8(1) + opaque(label) + content).digest()


TOKEN, FOUNDER, CREATION, GRANT = b"\2" * 32, b"\5" * 32, b"\xa5" * 32, b"\6" * 32
FINGERPRINT = bytes(range(32))
FOUNDER_HASH = hashed("founder", FOUNDER)
MAILBOX = hashed("mailbox", FOUNDER_HASH)
TOKEN_HASH = hashed("token", TOKEN)
GRANT_HASH = hashed("grant", GRANT)
NEXT_HASH = hashed("token", b"\3" * 32)


def base32(content): return base64.b32encode(content).decode().rstrip("=").lower()


# --- entries and their heads

def entry(index, time, kind, content): return u64(index) + u64(time) + kind + opaque(content)


BYTES = bytes(i % 251 for i in range(1024))
APPEND, ROTATE, RESET = u8(1), u8(2) + NEXT_HASH, u8(3) + TOKEN_HASH + u64(1)
ENTRIES = [entry(0, 1000, APPEND, BYTES), entry(1, 900, ROTATE, BYTES), entry(2, 2**64 - 1, RESET, b"")]


def log():
    yield "comment", "Heads of a log with an append, a rotation at an earlier time, and a reset at the last time"
    yield "mailbox", MAILBOX.hex()
    head = hashed("head", MAILBOX)
    yield "head", head.hex()
    for one in ENTRIES:
        head = hashed("head", head + one)
        yield "entry", one.hex()
        yield "head", head.hex()


# --- frames

def frame(content):
    beyond = max(0, len(content) + 5 - 256)
    size = 256 + 1024 * -(-beyond // 1024)
    return (u8(1) + u32(len(content)) + content).ljust(size, b"\0")


def calls():
    yield "create", u8(1) + MAILBOX + u8(1) + CREATION + TOKEN_HASH + FOUNDER_HASH
    yield "create_by_grant", u8(1) + MAILBOX + u8(2) + GRANT + TOKEN_HASH + FOUNDER_HASH
    yield "append", u8(2) + MAILBOX + TOKEN + opaque(BYTES)
    yield "rotate", u8(3) + MAILBOX + TOKEN + opaque(BYTES) + NEXT_HASH + u8(0)
    yield "rotate_by_founder", u8(3) + MAILBOX + TOKEN + opaque(BYTES) + NEXT_HASH + u8(1) + FOUNDER
    yield "reset", u8(4) + MAILBOX + FOUNDER + TOKEN_HASH + u64(1)
    yield "read", u8(5) + MAILBOX + TOKEN + u64(3) + u32(4)
    yield "subscribe", u8(6) + MAILBOX + TOKEN + u64(3)
    yield "grant", u8(7) + CREATION + GRANT_HASH + u8(3)


def replies():
    def answer(content): return u8(1) + u32(7) + content
    yield "created", answer(u8(1))
    yield "appended", answer(u8(2) + u64(5))
    yield "entries", answer(u8(3) + opaque(b"".join(ENTRIES)) + u8(1))
    yield "no_entries", answer(u8(3) + opaque(b"") + u8(0))
    yield "subscribed", answer(u8(4))
    refusals = ("unauthorised", "exists", "wrong_size", "quota", "disk_full", "busy", "malformed", "unknown_version",
                "guarded")
    for number, refusal in enumerate(refusals, 1):
        yield f"refused_{refusal}", answer(u8(5) + u8(number))
    yield "granted", answer(u8(6))
    yield "pushed_entry", u8(2) + u8(1) + ENTRIES[0]
    yield "caught_up", u8(2) + u8(2) + u64(9)
    yield "rotated", u8(2) + u8(3)


# --- padding

BUCKETS = [1024 << 2 * i for i in range(6)]


def padded(content, overhead):
    size = min(bucket for bucket in BUCKETS if bucket >= 4 + len(content) + overhead) - overhead
    return (u32(len(content)) + content).ljust(size, b"\0")


def files():
    yield "secrets", [
        ("comment", "What is kept of three secrets, the mailbox that the founder's makes, and how two values are written"),
        ("token", TOKEN.hex()), ("token_hash", TOKEN_HASH.hex()),
        ("founder", FOUNDER.hex()), ("founder_hash", FOUNDER_HASH.hex()), ("mailbox", MAILBOX.hex()),
        ("grant", GRANT.hex()), ("grant_hash", GRANT_HASH.hex()),
        ("creation", CREATION.hex()), ("creation_text", base32(CREATION)),
        ("fingerprint", FINGERPRINT.hex()), ("address_text", f"[::1]:4433#{base32(FINGERPRINT)}"),
        ("address", (opaque(b"::1") + u16(4433) + FINGERPRINT).hex()),
    ]
    yield "log", list(log())
    for name, request in calls():
        yield f"call_{name}", [("comment", f"A call: {name}"), ("call", frame(u32(7) + request).hex())]
    for name, reply in replies():
        yield f"reply_{name}", [("comment", f"A reply: {name}"), ("reply", frame(reply).hex())]
    for name, content, overhead in [("fits", b"x" * (1024 - 45), 41), ("one_more", b"x" * (1024 - 44), 41)]:
        yield f"padding_{name}", [("comment", "A content, the overhead of its seal, and its padded form"),
                                  ("content", content.hex()), ("overhead", overhead),
                                  ("padded", padded(content, overhead).hex())]


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
