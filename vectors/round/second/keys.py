"""PROTOCOL.md, "Contexts, members, transcripts" and "Secrets of a run"."""
import struct
from functools import cache

from . import chacha, ristretto, texts, x_wing
from .encoding import H, expand, extract, items, opaque, optional, u16, u32, u64
from .field import P


# --- contexts, members, transcripts

def context_0(group, epoch, authenticator, round_id, open_hash, index, head, suite):
    return H("ctx0", opaque(group), u64(epoch), opaque(authenticator), opaque(round_id), open_hash, u64(index),
             head, u16(suite))


def roster_hash(members):
    """`members`: (leaf, signature key), in any order."""
    return H("roster", items(u32(leaf) + opaque(key) for leaf, key in sorted(members)))


def context(ctx0, side, run, members, settled):
    return H("run", ctx0, optional(None if side is None else u16(side)), u32(run), roster_hash(members), settled)


def member_id(ctx, leaf, key):
    return H("id", ctx, u32(leaf), opaque(key))


def placed(ctx, members):
    """The members in the order of their indices."""
    return sorted(members, key=lambda member: member_id(ctx, *member))


def message_hash(message):
    return H("message", opaque(message))


def transcript(label, before, messages):
    return H(label, before, items(message_hash(message) for message in messages))


def transcript_4(t3, combined):
    return H("t4", t3, H("combined", opaque(combined)))


def evidence(t3, vectors):
    return H("evidence", t3, items(H("vector", opaque(vector)) for vector in vectors))


# --- the blame secret and what follows from it

@cache
def key_pair(root, ctx, member):
    return x_wing.Key(expand(root, "kem", 32, ctx, member))


def first_element(words):
    """The first of eight words whose low 61 bits are an element other than zero; else 1."""
    low = (word & P for word in struct.unpack(">8Q", words))
    return next((word for word in low if 0 < word < P), 1)


def tag(root, t1, member, lane):
    return first_element(expand(root, "tag", 64, t1, member, u16(lane)))


def targets(index, n):
    """To whom an index encapsulates, in order; None is the fill."""
    out = [(index + step) % n for step in range(1, (n - 1) // 2 + 1)]
    if n % 2 == 0:
        out.append(index + n // 2 if index < n // 2 else None)
    return out


def encapsulate(root, t1, member, to, ek):
    return x_wing.encapsulate(ek, expand(root, "enc", 64, t1, member, u16(to)))


def fill(root, t1, member):
    return expand(root, "fill", 1120, t1, member)


# --- pads

def pair_key(t2, secret, a, b):
    return extract(t2, "pair", secret, u16(min(a, b)), u16(max(a, b)))


def slot_pad(key, lane, n):
    """One element for each power sum."""
    stream = chacha.keystream(expand(key, "slot", 32, u16(lane)), 8 * (n + 8))
    low = [word & P for word in struct.unpack(f"<{n + 8}Q", stream)]
    return [word for word in low if word < P][:n]


def vector_pad(key, t3, lane, length):
    return chacha.keystream(expand(key, "dc", 32, t3, u16(lane)), length)


# --- proof of possession

def challenge(ctx, member, ek, share, commitment):
    seed = extract(b"", "pop", ctx, member, opaque(ek), share, commitment)
    return ristretto.wide(expand(seed, "challenge", 64))


def nonce(ctx, member, ek, x, share, fresh):
    seed = extract(b"", "nonce", opaque(ristretto.scalar_bytes(x)), opaque(fresh), ctx, member, opaque(ek), share)
    return ristretto.wide(expand(seed, "nonce scalar", 64))


def prove(ctx, member, ek, x, fresh):
    """`fresh`: 64 drawn bytes."""
    share = ristretto.encode(ristretto.multiply(x, ristretto.BASE))
    r = nonce(ctx, member, ek, x, share, fresh)
    commitment = ristretto.encode(ristretto.multiply(r, ristretto.BASE))
    response = r + challenge(ctx, member, ek, share, commitment) * x
    return share, commitment, ristretto.scalar_bytes(response)


def is_proved(ctx, member, ek, share, commitment, response):
    point, s = ristretto.decode(share), ristretto.read_scalar(response)
    if point is None or s is None or share == bytes(32):
        return False
    c = challenge(ctx, member, ek, share, commitment)
    expected = ristretto.add(ristretto.multiply(s, ristretto.BASE), ristretto.negate(ristretto.multiply(c, point)))
    return ristretto.encode(expected) == commitment


# --- the seal

def _seal_key(secret, point, joint, t3, lane, slot, tag_of_slot):
    seed = extract(b"", "seal", secret, point, joint)
    return expand(seed, "seal key", 32, t3, u16(lane), u16(slot), u64(tag_of_slot))


def seal(plain, joint, e, place):
    """`place`: T3, lane, slot, tag."""
    point = ristretto.encode(ristretto.multiply(e, ristretto.BASE))
    secret = ristretto.encode(ristretto.multiply(e, ristretto.decode(joint)))
    return point + chacha.encrypt(_seal_key(secret, point, joint, *place), plain)


def open_slot(sealed, joint, x, place):
    """What a slot holds."""
    void, point = {"void": True}, ristretto.decode(sealed[:32])
    if point is None or sealed[:32] == bytes(32):
        return void
    secret = ristretto.encode(ristretto.multiply(x, point))
    key = _seal_key(secret, sealed[:32], joint, *place)
    plain = chacha.decrypt(key, sealed[32:])
    text = None if plain is None else texts.read(plain)
    if text is None:
        return void
    return {"text": text, "salt": expand(key, "salt", 32).hex()} if text else {"blank": True}
