"""PROTOCOL.md, "Conventions of Rounds": the presentation language, H, Extract and Expand."""
import hashlib
import hmac
import struct


def u8(n): return struct.pack(">B", n)
def u16(n): return struct.pack(">H", n)
def u32(n): return struct.pack(">I", n)
def u64(n): return struct.pack(">Q", n)


def opaque(content):
    """`opaque x<V>`: the length in its shortest form, then the bytes."""
    n = len(content)
    if n < 1 << 6:
        return u8(n) + content
    return (u16(n | 1 << 14) if n < 1 << 14 else u32(n | 2 << 30)) + content


def items(encoded):
    """`T xs<V>`: counted in bytes."""
    return opaque(b"".join(encoded))


def optional(content):
    return b"\0" if content is None else b"\1" + content


class Damaged(Exception):
    """Bytes that are no encoding of anything."""


class Reader:
    """Takes an encoding apart from the front."""

    def __init__(self, content):
        self.rest = content

    def take(self, n):
        if n > len(self.rest):
            raise Damaged("cut short")
        taken, self.rest = self.rest[:n], self.rest[n:]
        return taken

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def opaque(self):
        first = self.number(1)
        size = {0: 1, 1: 2, 2: 4}.get(first >> 6)
        if size is None:
            raise Damaged("a length of eight bytes")
        n = int.from_bytes(bytes([first & 0x3F]) + self.take(size - 1), "big")
        if size > 1 and n < {2: 1 << 6, 4: 1 << 14}[size]:
            raise Damaged("a length that is not in its shortest form")
        return self.take(n)

    def end(self):
        if self.rest:
            raise Damaged("trailing bytes")


def labelled(label, *body):
    return opaque(b"tracktwo/round/v1/" + label.encode()) + u8(1) + b"".join(body)


def H(label, *body):
    return hashlib.sha256(labelled(label, *body)).digest()


def extract(salt, label, *body):
    return hmac.new(salt, labelled(label, *body), hashlib.sha256).digest()


def expand(key, label, length, *body):
    out, block, info = b"", b"", labelled(label, *body)
    while len(out) < length:
        block = hmac.new(key, block + info + u8(len(out) // 32 + 1), hashlib.sha256).digest()
        out += block
    return out[:length]
