"""RFC 8439: ChaCha20, Poly1305, and the two together, with nonce 0 and no associated data."""
import struct

MASK = 0xFFFFFFFF


def _quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & MASK
    s[d] ^= s[a]
    s[d] = (s[d] << 16 | s[d] >> 16) & MASK
    s[c] = (s[c] + s[d]) & MASK
    s[b] ^= s[c]
    s[b] = (s[b] << 12 | s[b] >> 20) & MASK
    s[a] = (s[a] + s[b]) & MASK
    s[d] ^= s[a]
    s[d] = (s[d] << 8 | s[d] >> 24) & MASK
    s[c] = (s[c] + s[d]) & MASK
    s[b] ^= s[c]
    s[b] = (s[b] << 7 | s[b] >> 25) & MASK


def _block(key, counter):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *struct.unpack("<8I", key), counter, 0, 0, 0]
    s = list(start)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            _quarter(s, a, b, c, d)
    return struct.pack("<16I", *((a + b) & MASK for a, b in zip(s, start)))


def keystream(key, length, counter=0):
    blocks = (_block(key, counter + at) for at in range((length + 63) // 64))
    return b"".join(blocks)[:length]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        block = message[at:at + 16] + b"\1"
        total = (total + int.from_bytes(block, "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def _tag(key, ciphertext):
    padded = ciphertext + bytes(-len(ciphertext) % 16)
    lengths = struct.pack("<QQ", 0, len(ciphertext))
    return _poly1305(keystream(key, 32), padded + lengths)


def encrypt(key, plain):
    ciphertext = xor(plain, keystream(key, len(plain), 1))
    return ciphertext + _tag(key, ciphertext)


def decrypt(key, sealed):
    """The plain bytes, or None."""
    ciphertext, tag = sealed[:-16], sealed[-16:]
    if _tag(key, ciphertext) != tag:
        return None
    return xor(ciphertext, keystream(key, len(ciphertext), 1))
