#!/usr/bin/env python3
"""Recomputes what three_members.json shows of contexts, transcripts, tags and slots, and what
roots.json says of power sums, from PROTOCOL.md alone and with nothing but the standard library. Shares
no code with the project."""
import hashlib
import hmac
import json
import os
import struct
import sys

P = 2**61 - 1


def vl(b):
    n = len(b)
    head = bytes([n]) if n < 64 else struct.pack(">H", n | 1 << 14) if n < 1 << 14 else struct.pack(">I", n | 2 << 30)
    return head + b


def struct_of(label, *body):
    return vl(b"tracktwo/round/v1/" + label) + b"\x01" + b"".join(body)


def h(label, *body):
    return hashlib.sha256(struct_of(label, *body)).digest()


def expand(prk, label, length, *body):
    out, block, info = b"", b"", struct_of(label, *body)
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([len(out) // 32 + 1]), hashlib.sha256).digest()
        out += block
    return out[:length]


def u16(n):
    return struct.pack(">H", n)


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


def main(path):
    v = json.load(open(path))
    x = bytes.fromhex
    s, members = v["start"], v["members"]
    n, slot_bytes = len(members), v["terms"]["slot_bytes"]
    ctx0 = h(b"ctx0", vl(x(s["group"])), u64(s["epoch"]), vl(x(s["authenticator"])), vl(x(s["round"])),
             x(s["open"]), u64(s["index"]), x(s["head"]), u16(s["suite"]))
    assert ctx0.hex() == v["ctx0"], "ctx0"
    listed = b"".join(u32(m["leaf"]) + vl(x(m["signature_key"])) for m in sorted(members, key=lambda m: m["leaf"]))
    side = b"\x01" + u16(v["terms"]["side"])
    ctx = h(b"run", ctx0, side, u32(1), h(b"roster", vl(listed)), bytes(32))
    assert ctx.hex() == v["ctx_r"], "ctx_r"

    ids = sorted((h(b"id", ctx, u32(m["leaf"]), vl(x(m["signature_key"]))), m["leaf"]) for m in members)
    order = [leaf for _, leaf in ids]
    said = {kind: {} for kind in range(1, 8)}
    for entry in v["log"]:
        message = x(entry["message"])
        assert message[0] == 1 and message[2:34] == ctx, "version and ctx_r"
        said[message[1]][entry["from"]] = message

    def transcript(label, before, kind):
        return h(label, before, vl(b"".join(h(b"message", vl(said[kind][leaf])) for leaf in order)))

    t1 = transcript(b"t1", ctx, 1)
    t2 = transcript(b"t2", t1, 2)
    t3 = transcript(b"t3", t2, 3)
    for leaf in order:
        assert said[2][leaf][34:66] == t1 and said[3][leaf][34:66] == t2 and said[4][leaf][34:66] == t3, "T"

    tags = []
    for m in members:
        words = struct.unpack(">8Q", expand(x(m["root"]), b"tag", 64, t1, u16(0)))
        tags.append(next(w & P for w in words if 0 < w & P < P))
    sums = [0] * n
    for leaf in order:
        length, body = said[3][leaf][66], said[3][leaf][67:]
        assert length == 8 * n, "one lane of N sums"
        sums = [(a + b) % P for a, b in zip(sums, struct.unpack(f">{n}Q", body))]
    assert sums == [sum(pow(t, k, P) for t in tags) % P for k in range(1, n + 1)], "the pads cancel"

    combined = bytes(n * slot_bytes)
    for leaf in order:
        vector = said[4][leaf][66:]
        vector = vector[len(vector) - n * slot_bytes:]
        combined = bytes(a ^ b for a, b in zip(combined, vector))
    t4 = h(b"t4", t3, h(b"combined", vl(combined)))
    assert all(said[5][leaf][34:66] == t4 for leaf in order), "T4"

    opened = v["opened"]
    for tag, m in zip(tags, members):
        slot = opened[sorted(tags).index(tag)]
        assert slot.get("text", "") == m["text"], "a text is at its tag's rank"
    print("three_members.json: contexts, transcripts, tags and slots agree")


def polynomial(sums):
    """Newton's identities: coefficients by ascending power, without the leading 1."""
    signed = [1]
    for k in range(1, len(sums) + 1):
        total = sum(signed[k - i] * sums[i - 1] for i in range(1, k + 1))
        signed.append(-total * pow(k, -1, P) % P)
    return signed[:0:-1]


def product(a, b, f):
    """a * b modulo the monic polynomial of f, all by ascending power."""
    n = len(f)
    out = [0] * (2 * n - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    for top in range(2 * n - 2, n - 1, -1):
        lead = out[top] % P
        for j in range(n):
            out[top - n + j] -= lead * f[j]
    return [c % P for c in out[:n]]


def is_good(sums):
    """Whether N distinct nonzero roots are in the field: x^p = x modulo the polynomial, f(0) not 0."""
    f = polynomial(sums)
    if len(f) == 1:
        return f[0] != 0
    x = [0, 1] + [0] * (len(f) - 2)
    power = x
    for bit in bin(P)[3:]:
        power = product(power, power, f)
        if bit == "1":
            power = product(power, x, f)
    return power == x and f[0] != 0


def check_roots(path):
    cases = json.load(open(path))
    for case in cases:
        sums = [int(s) for s in case["sums"]]
        good = is_good(sums)
        assert good == ("roots" in case), case["what"]
        # N power sums have one polynomial, so roots that give these sums are the roots.
        if good:
            roots = [int(r) for r in case["roots"]]
            assert roots == sorted(set(roots)) and len(roots) == len(sums) and 0 < roots[0], case["what"]
            assert sums == [sum(pow(r, k, P) for r in roots) % P for k in range(1, len(sums) + 1)], case["what"]
    assert {True, False} == {"roots" in case for case in cases}, "good lanes and bad ones"
    print("roots.json: good lanes have these roots, bad lanes have none")


if __name__ == "__main__":
    check_roots(os.path.join(os.path.dirname(os.path.abspath(__file__)), "roots.json"))
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "three_members.json"))
