"""One fact a file: what the parts of a run give for known inputs."""
import hashlib
import struct

from second import keys, ristretto, texts, x_wing
from second.encoding import u64
from second.fold import can_be_played
from second.field import P, polynomial, power_sums, roots

from .scene import shown_terms, terms

HEAD, OPEN = b"\x41" * 32, b"\x0F" * 32
START = {"group": b"a group", "epoch": 7, "authenticator": b"\xA7" * 32, "round_id": b"\x20" * 16, "open_hash": OPEN,
         "index": 41, "head": HEAD, "suite": 0x004D}
CTX0 = keys.context_0(**START)
MEMBERS = [(5, b"\x06" * 32), (0, b"\x01" * 32), (2, b"\x03" * 32)]


def some(name, length=32):
    """Bytes that look like any others."""
    return hashlib.shake_256(name.encode()).digest(length)


def shown(value):
    """Bytes in hex, numbers that may be large as text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    return value


def fact(comment, **fields):
    return {"comment": comment} | shown(fields)


def numbers(values):
    return [str(value) for value in values]


def field():
    edges = [0, 1, 2, 3, 2**60, P - 2, P - 1]
    pairs = [(a, b) for a in edges for b in edges]
    def binary(gives):
        return [{"a": str(a), "b": str(b), "gives": str(gives(a, b) % P)} for a, b in pairs]
    yield "sum", fact("Sums modulo 2^61 - 1", cases=binary(lambda a, b: a + b))
    yield "difference", fact("Differences modulo 2^61 - 1", cases=binary(lambda a, b: a - b))
    yield "product", fact("Products modulo 2^61 - 1", cases=binary(lambda a, b: a * b))
    inverses = [{"a": str(a), "gives": str(pow(a, -1, P))} for a in edges if a] + [{"a": "0", "gives": "0"}]
    yield "inverse", fact("Inverses modulo 2^61 - 1; zero has none, and gives zero here", cases=inverses)
    wide = [P, P + 1, 2 * P, 2**61 * P, (P - 1)**2, 8 * (P - 1)**2, 2**64 - 1, 2**125 - 1]
    reduced = [{"wide": str(n), "gives": str(n % P)} for n in wide]
    yield "reduction", fact("Sums of products, below 2^125, modulo 2^61 - 1", cases=reduced)
    yield "not_canonical", fact("Numbers that are no element", values=numbers([P, P + 1, 2**61, 2**64 - 1]))


def _tags(name, n):
    return sorted(1 + int.from_bytes(some(f"{name} {i}", 8), "big") % (P - 1) for i in range(n))


def newton():
    for name, tags in (("one", [7]), ("three", [1, 2, 3]), ("edges", [1, 2, P - 2, P - 1]), ("twelve", _tags("twelve", 12))):
        sums = power_sums(tags)
        comment = f"{len(tags)} power sums and the monic polynomial: coefficients by ascending power, without the leading 1"
        yield name, fact(comment, sums=numbers(sums), polynomial=numbers(polynomial(sums)))


def lanes():
    def lane(comment, sums):
        found = roots(sums)
        return fact(comment, sums=numbers(sums), roots=found and numbers(found))
    for name, tags in (("one", [7]), ("three", [1, 2, 3]), ("edges", [1, 2, P - 2, P - 1]),
                       ("twelve", _tags("twelve", 12)), ("fifty", _tags("fifty", 50)), ("hundred", _tags("hundred", 100))):
        yield name, lane(f"A good lane of {len(tags)}", power_sums(tags))
    yield "bad_one_tag_twice", lane("Bad: one tag twice", power_sums([5, 5, 6]))
    yield "bad_zero", lane("Bad: zero is no tag", power_sums([0, 4, 6]))
    sums = power_sums(_tags("five", 5))
    yield "bad_sum_off_by_one", lane("Bad: a sum of five tags is off by one", [sums[0], (sums[1] + 1) % P, *sums[2:]])
    # x^2 = 3 has no solution, since 3 is no square modulo p.
    assert pow(3, (P - 1) // 2, P) == P - 1
    yield "bad_no_roots", lane("Bad: the polynomial x^2 - 3 has no root in the field", [0, 6])


def tags():
    root, member, t1 = some("root"), some("id"), some("t1")
    derived = [{"lane": lane, "words": keys.expand(root, "tag", 64, t1, member, struct.pack(">H", lane)),
                "tag": str(keys.tag(root, t1, member, lane))} for lane in (0, 1, 59)]
    yield "derived", fact("Tags of three lanes, from root, id and T1", root=root, id=member, t1=t1, cases=derived)

    def words(*first):
        return b"".join(map(u64, first)) + b"\xFF" * (64 - 8 * len(first))
    for name, comment, eight in (
            ("words_high_bits", "The high three bits of a word do not count", words(2**63 | 5)),
            ("words_zero_and_p", "A word that is zero, and one that is p, are passed over", words(0, P, 2**61, 9)),
            ("words_none", "Where no word will do the tag is 1", words())):
        yield name, fact(comment, words=eight, tag=str(keys.first_element(eight)))


def contexts():
    yield "ctx0", fact("The context of a Round", **START, ctx0=CTX0)
    yield "roster", fact("The roster's hash: by ascending leaf, in whatever order members are given",
                         members=[{"leaf": leaf, "signature_key": key} for leaf, key in MEMBERS],
                         roster_hash=keys.roster_hash(MEMBERS))
    for name, comment, side, run, settled in (
            ("first_run", "The first run of the whole room", None, 1, bytes(32)),
            ("first_run_of_a_side", "The first run of a side", 1, 1, bytes(32)),
            ("second_run", "A later run is bound to the log's head where the one before ended", 1, 2, some("settled"))):
        ctx = keys.context(CTX0, side, run, MEMBERS, settled)
        order = [{"leaf": leaf, "id": keys.member_id(ctx, leaf, key)} for leaf, key in keys.placed(ctx, MEMBERS)]
        yield name, fact(comment, ctx0=CTX0, side=side, run=run, settled=settled, ctx_r=ctx, order=order,
                         members=[{"leaf": leaf, "signature_key": key} for leaf, key in MEMBERS])


def transcripts():
    messages = [b"the first message", b"", some("the third", 100)]
    each = [keys.message_hash(message) for message in messages]
    yield "messages", fact("m_i of three messages, whatever is in them", messages=messages, hashes=each)
    for label in ("t1", "t2", "t3"):
        before = some(f"before {label}")
        value = keys.transcript(label, before, messages)
        yield label, fact(f"{label.upper()} over three messages", label=label, before=before, messages=messages, value=value)
    t3, combined, vectors = some("t3"), some("combined", 192), [some(f"vector {i}", 192) for i in range(3)]
    yield "t4", fact("T4 over the combined vector", t3=t3, combined=combined, value=keys.transcript_4(t3, combined))
    yield "evidence", fact("The evidence of a NOGO about phase 4", t3=t3, vectors=vectors,
                           value=keys.evidence(t3, vectors))


DRAFT = [
    ("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
     "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
     "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"),
    ("badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
     "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdef"
     "aee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d"),
    ("ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9",
     "22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619"
     "f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b"),
]
# The secrets that the draft gives for them.
DRAFT_SECRETS = ["d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
                 "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
                 "953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f"]


def kem():
    for n, ((seed, randomness), secret) in enumerate(zip(DRAFT, DRAFT_SECRETS), 1):
        key = x_wing.Key(bytes.fromhex(seed))
        ciphertext, found = x_wing.encapsulate(key.ek, bytes.fromhex(randomness))
        assert found.hex() == secret == key.decapsulate(ciphertext).hex()
        yield f"x_wing_{n}", fact(f"Vector {n} of the draft; key and ciphertext by their SHA-256", seed=seed,
                                  randomness=randomness, ek_sha256=hashlib.sha256(key.ek).digest(),
                                  ct_sha256=hashlib.sha256(ciphertext).digest(), secret=secret)
    root, member, ctx, t1 = some("root"), some("id"), some("ctx"), some("t1")
    key = keys.key_pair(root, ctx, member)
    yield "key", fact("The encapsulation key of a member's root in a run", root=root, id=member, ctx_r=ctx, ek=key.ek)
    ciphertext, secret = keys.encapsulate(root, t1, member, 4, key.ek)
    yield "encapsulation", fact("What index 4 is sent from this root under this T1", root=root, id=member, t1=t1, to=4,
                                ek=key.ek, ciphertext=ciphertext, secret=secret)
    damaged = ciphertext[:700] + bytes([ciphertext[700] ^ 1]) + ciphertext[701:]
    yield "damaged_ciphertext", fact("A damaged ciphertext gives another secret and no error", root=root, id=member, ctx_r=ctx,
                                     ciphertext=damaged, secret=key.decapsulate(damaged))
    yield "fill", fact("What stands where there is nobody to encapsulate to", root=root, id=member, t1=t1,
                       fill=keys.fill(root, t1, member))
    for name, n in (("schedule_odd", 7), ("schedule_even", 8)):
        yield name, fact(f"To whom each of {n} encapsulates, in order; null is the fill", n=n,
                         targets=[keys.targets(i, n) for i in range(n)])
    bad = b"\xFF" * 3 + key.ek[3:]
    yield "key_modulus", fact("A key with a coefficient above q is none", ek=bad, is_key=x_wing.is_key(bad))
    yield "key_short", fact("A key that is a byte short is none", ek=key.ek[:-1], is_key=x_wing.is_key(key.ek[:-1]))


def pads():
    t2, t3, secret = some("t2"), some("t3"), some("secret")
    key = keys.pair_key(t2, secret, 1, 3)
    yield "pair_key", fact("The key that indices 1 and 3 share", t2=t2, secret=secret, low=1, high=3, key=key)
    sums = [0, 1, P - 1, 2**60, 5]
    pad = keys.slot_pad(key, 2, len(sums))
    inputs = {"t2": t2, "secret": secret, "lane": 2, "sums": numbers(sums), "pad": numbers(pad)}
    yield "slot_lower", fact("The lower index adds its slot pad", **inputs, index=1, peer=3,
                             gives=numbers((s + w) % P for s, w in zip(sums, pad)))
    yield "slot_higher", fact("The higher index subtracts it", **inputs, index=3, peer=1,
                              gives=numbers((s - w) % P for s, w in zip(sums, pad)))
    vector = some("vector", 192)
    for name, lane in (("vector", 0), ("vector_other_lane", 1)):
        pad = keys.vector_pad(key, t3, lane, len(vector))
        yield name, fact("A payload pad is added modulo 2, by both alike", t2=t2, t3=t3, secret=secret, index=1, peer=3,
                         lane=lane, vector=vector, gives=bytes(a ^ b for a, b in zip(vector, pad)))


def pop():
    ctx, member, ek, x, fresh = some("ctx"), some("id"), some("ek", 1216), ristretto.wide(some("x", 64)), some("fresh", 64)
    share, commitment, response = keys.prove(ctx, member, ek, x, fresh)
    good = {"ctx_r": ctx, "id": member, "ek": ek, "share": share, "commitment": commitment, "response": response}
    def claim(comment, **other):
        c = good | other
        holds = keys.is_proved(c["ctx_r"], c["id"], c["ek"], c["share"], c["commitment"], c["response"])
        return fact(comment, **c, holds=holds)
    flip = lambda content: bytes([content[0] ^ 1]) + content[1:]
    higher = lambda scalar: (int.from_bytes(scalar, "little") + ristretto.L).to_bytes(32, "little")
    yield "proof", claim("A proof that holds, from x and 64 fresh bytes") | {
        "x": shown(ristretto.scalar_bytes(x)), "fresh": shown(fresh),
        "r": shown(ristretto.scalar_bytes(keys.nonce(ctx, member, ek, x, share, fresh)))}
    yield "other_run", claim("The proof belongs to another run", ctx_r=flip(ctx))
    yield "other_member", claim("The proof belongs to another member", id=flip(member))
    yield "other_key", claim("The proof belongs to another encapsulation key", ek=flip(ek))
    yield "other_share", claim("The proof belongs to another X", share=ristretto.encode(ristretto.BASE))
    yield "share_not_canonical", claim("X is not canonical", share=b"\xFF" * 32)
    # A proof for x = 0, which would hold.
    zero_share, zero_commitment, zero_response = keys.prove(ctx, member, ek, 0, fresh)
    yield "share_identity", claim("X is the identity, though the equation holds", share=zero_share,
                                  commitment=zero_commitment, response=zero_response)
    yield "commitment_changed", claim("Another R", commitment=ristretto.encode(ristretto.BASE))
    yield "response_changed", claim("Another s", response=flip(response))
    yield "response_not_canonical", claim("s is not canonical, though the equation holds", response=higher(response))


def text():
    def cases(*texts_in):
        return [{"text": one, "gives": texts.normalise(one)} for one in texts_in]
    for name, comment, form in (("single_quotes", "One kind of single quotation mark", texts.SINGLE),
                                ("double_quotes", "One kind of double quotation mark", texts.DOUBLE),
                                ("dashes", "One kind of dash", texts.DASHES),
                                ("spaces", "One kind of space", texts.SPACES),
                                ("line_ends", "One kind of line end", texts.LINES)):
        yield name, fact(comment, cases=cases(*(f"a{c}b" for c in form)))
    edges = [chr(c) for ends in texts.DROPPED for c in ends]
    controls = [chr(c) for c in (0, 8, 14, 31, 127, 128, 132, 134, 159)]
    yield "dropped", fact("What is not seen is dropped: controls, and both ends of each range",
                          cases=cases(*(f"a{c}b" for c in controls + edges)))
    near = "\u00AC\u00AE\u0350\u200A\u2010\u2070\u2801\uFE10\uFEFE\uFFFC\uFFFD"
    yield "kept", fact("Neighbours of what is dropped stay, or take their own one form", cases=cases(*(f"a{c}b" for c in near)))
    yield "composed", fact("NFC, before and after", cases=cases("e\u0301", "\u00E9", "e\u200B\u0301", "\u1112\u1161\u11AB", "\u212B"))
    unassigned = "\u0378\u0897\u1ACF\U000105C9\U0002EBF0\U0001FFFE"
    yield "unassigned", fact("What Unicode 15.0 does not assign is dropped before all else", cases=cases(
        *(f"a{c}\u0301b" for c in unassigned), "\r\u0378\n"))
    yield "ends", fact("Spaces at the end of a line and line feeds at the end of the text", cases=cases(
        "a \r\nb\t\n\n", " a", "\n\na", "\u2003\u200D \n", "", "a\r\rb"))
    plain = [{"text": one, "plain": texts.plain(one, 64)} for one in ("", "a", "thirteen byte", "fourteen bytes", "\u00E9" * 6 + "a")]
    yield "plain", fact("The plain form in a slot of 64 bytes; null where the text does not fit", slot_bytes=64, cases=plain)


def playable():
    def of(name, comment, **changes):
        one = terms([0, 2, 5], 2) | changes
        return name, fact(comment, terms=shown_terms(one), can_be_played=can_be_played(one))
    key = b"\x01" * 32
    def seats(n):
        return [(leaf, key) for leaf in range(n)]
    yield of("good", "Terms that can be played")
    yield of("two", "The fewest members, whatever the floor", opening=seats(2), floor=0)
    yield of("hundred", "The most members", opening=seats(100), floor=100)
    yield of("long_key", "The longest signature key", opening=[(0, b"k" * 256), *seats(3)[1:]])
    yield of("largest", "The largest vectors", opening=seats(8), lanes=16, slot_bytes=4096)
    yield of("bad_one", "One member", opening=seats(1), floor=0)
    yield of("bad_floor", "Fewer members than the floor", floor=4)
    yield of("bad_many", "Members above 100", opening=seats(101))
    yield of("bad_leaf", "A leaf twice", opening=[(0, key), (0, b"\x02" * 32), (1, key)])
    yield of("bad_empty_key", "An empty signature key", opening=[(0, b""), *seats(3)[1:]])
    yield of("bad_long_key", "A signature key of 257 bytes", opening=[(0, b"k" * 257), *seats(3)[1:]])
    yield of("bad_no_lane", "No lane", lanes=0)
    yield of("bad_lanes", "Lanes above 60", lanes=61, slot_bytes=64)
    yield of("bad_slot", "A slot size that does not exist", slot_bytes=128)
    yield of("bad_vector", "Vectors above 512 KiB", opening=seats(8), lanes=17, slot_bytes=4096)
    yield of("bad_no_phase", "A phase of no length", phase_ms=0)
    yield of("bad_phase", "A phase above a day", phase_ms=24 * 60 * 60 * 1000 + 1)


def facts():
    for folder, files in (("terms", playable), ("field", field), ("newton", newton), ("lane", lanes), ("tag", tags), ("context", contexts),
                          ("transcript", transcripts), ("kem", kem), ("pad", pads), ("pop", pop), ("text", text)):
        for name, content in files():
            yield f"{folder}/{name}", content
