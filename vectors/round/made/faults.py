"""Sealed slots and encoded messages: the good ones, and one fault a file."""
from second import chacha, keys, messages, ristretto, texts
from second.encoding import Damaged, opaque, u8, u16

from .facts import fact, shown, some

X = ristretto.wide(some("the sum of all x", 64))
JOINT = ristretto.encode(ristretto.multiply(X, ristretto.BASE))
T3 = some("t3 of the seal")
TAGS = [[11, 2**60], [12, 13]]


def sealed(lane, slot, plain, size=128):
    """A slot as it should be, with all that it was made from."""
    e = ristretto.wide(some(f"e {lane} {slot}", 64))
    if isinstance(plain, str):
        plain = texts.plain(plain, size)
    content = keys.seal(plain, JOINT, e, (T3, lane, slot, TAGS[lane][slot]))
    return {"sealed": content, "e": ristretto.scalar_bytes(e), "plain": plain}


def _file(comment, lanes, size=128, t3=T3, joint=JOINT, tags=TAGS):
    """Opens all slots, by lane. Where `e` and `plain` are given, they give `sealed`."""
    opened = []
    for lane, slots in enumerate(lanes):
        opened.append([slot | {"tag": str(tags[lane][at]), "opened": keys.open_slot(
            slot["sealed"], joint, X, (t3, lane, at, tags[lane][at]))} for at, slot in enumerate(slots)])
    return fact(comment, t3=t3, joint=joint, x=ristretto.scalar_bytes(X), slot_bytes=size, lanes=opened)


def _plain(content, size=128):
    return content + bytes(size - 48 - len(content))


def seal():
    good = sealed(0, 1, "The other slot opens all the same.")
    longest = "x" * (128 - 48 - 3)
    yield "texts", _file("A text and a blank, with the salt of the text's commitment", [[sealed(0, 0, ""), good]])
    yield "longest", _file("The longest text", [[sealed(0, 0, longest), good]])
    yield "ballots", _file("Ballots in two lanes", [[sealed(0, 0, "a", 64), sealed(0, 1, "", 64)],
                                                    [sealed(1, 0, "p", 64), sealed(1, 1, "d", 64)]], 64)

    def void(name, comment, content):
        return f"void_{name}", _file(f"Void: {comment}", [[{"sealed": content}, good]])
    a = sealed(0, 0, "A text.")["sealed"]
    flip = lambda content, at: content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]
    yield void("u_not_canonical", "U is not canonical", b"\xFF" * 32 + a[32:])
    # With U the identity the secret would be known to everybody.
    nothing = chacha.encrypt(keys._seal_key(bytes(32), bytes(32), JOINT, T3, 0, 0, TAGS[0][0]), texts.plain("A text.", 128))
    yield void("u_identity", "U is the identity", bytes(32) + nothing)
    yield void("ciphertext", "a byte of the ciphertext is changed", flip(a, 32))
    yield void("authentication", "a byte of the authentication tag is changed", flip(a, 127))
    theirs = good["sealed"]
    yield void("copied_u", "the U of another slot, which opens all the same", theirs[:32] + a[32:])
    yield void("copied_slot", "all bytes of another slot, which opens all the same", theirs)
    one_e = ristretto.read_scalar(good["e"])
    twin = [keys.seal(texts.plain(text, 128), JOINT, one_e, (T3, 0, slot, TAGS[0][slot]))
            for slot, text in enumerate(("One hand.", "The other."))]
    yield "one_e", _file("Two slots sealed with one e, and so with one U: both open", [[{"sealed": one} for one in twin]])
    elsewhere = keys.seal(texts.plain("A text.", 128), JOINT, X, (T3, 0, 1, TAGS[0][0]))
    yield void("other_slot", "sealed for another slot", elsewhere)
    yield void("other_lane", "sealed for another lane", keys.seal(texts.plain("A text.", 128), JOINT, X, (T3, 1, 0, TAGS[0][0])))
    yield void("other_tag", "sealed for another tag", keys.seal(texts.plain("A text.", 128), JOINT, X, (T3, 0, 0, 12)))
    yield void("other_t3", "sealed under another T3", keys.seal(texts.plain("A text.", 128), JOINT, X, (JOINT, 0, 0, TAGS[0][0])))
    base = ristretto.encode(ristretto.BASE)
    yield void("other_key_of_all", "sealed under another X", keys.seal(texts.plain("A text.", 128), base, X, (T3, 0, 0, TAGS[0][0])))
    for name, comment, plain in (
            ("version", "the plain form has another version", b"\2" + texts.plain("A text.", 128)[1:]),
            ("length", "the length reaches beyond the end", _plain(u8(1) + u16(78) + b"x" * 77)),
            ("padding", "the padding is not zero", texts.plain("A text.", 128)[:-1] + b"\1"),
            ("not_utf8", "the text is not UTF-8", _plain(u8(1) + u16(2) + b"\xC3\x28")),
            ("not_composed", "the text is not in NFC", _plain(u8(1) + u16(3) + "e\u0301".encode())),
            ("quote", "the text has a quotation mark that is not the one", _plain(u8(1) + u16(3) + "\u2019".encode())),
            ("trailing_space", "the text ends with a space", _plain(u8(1) + u16(2) + b"a ")),
            ("unassigned", "the text has a character that Unicode 15.0 does not assign",
             _plain(u8(1) + u16(5) + "a\U0002EBF0".encode())),
            ("invisible", "the text has a character that is not seen", _plain(u8(1) + u16(4) + "a\u200B".encode()))):
        content = sealed(0, 0, plain)
        yield f"void_{name}", _file(f"Void: {comment}", [[content, good]])


FIELDS = {"ctx": some("ctx_r"), "ek": some("ek", 1216), "share": some("X"), "commitment": some("R"),
          "response": some("s"), "head": some("head"), "t1": some("t1"), "t2": some("t2"), "t3": some("t3"),
          "t4": some("t4"), "ciphertexts": some("ciphertexts", 1120), "vector": some("vector", 192),
          "sums": [1, 2**61 - 2, 2**64 - 1], "phase": 4, "evidence": some("evidence"), "index": 258, "x": some("x"),
          "root": some("root")}


def message():
    for name, (_, forms) in [(name, form) for _, (name, form) in messages.KINDS.items()
                             for form in [(name, form)]]:
        content = messages.encode(name, **FIELDS)
        fields = {field: numbers_shown(FIELDS[field]) for field in forms}
        yield name.lower().replace("-", "_"), fact(f"{name}, {len(content)} bytes", bytes=content, name=name, fields=fields)
    go, nogo, kem = (messages.encode(name, **FIELDS) for name in ("GO", "NOGO", "KEM"))

    def fault(name, comment, content):
        try:
            messages.decode(content)
            raise AssertionError(name)
        except Damaged:
            return f"fault_{name}", fact(comment, bytes=content, fault=True)
    yield fault("version", "Another version", b"\2" + go[1:])
    yield fault("kind", "A kind that does not exist", go[:1] + b"\x0C" + go[2:])
    yield fault("kind_zero", "Kind 0", go[:1] + b"\0" + go[2:])
    yield fault("cut", "One byte too few", go[:-1])
    yield fault("trailing_byte", "One byte after the end", go + b"\0")
    yield fault("empty", "No bytes", b"")
    yield fault("phase_zero", "A NOGO about phase 0", nogo[:34] + b"\0" + nogo[35:])
    yield fault("phase_eight", "A NOGO about phase 8", nogo[:34] + b"\x08" + nogo[35:])
    yield fault("long_length", "A length that is not in its shortest form",
                kem[:66] + b"\x80\0\x04\x60" + kem[68:])
    yield fault("length_beyond", "A length that reaches beyond the end", kem[:66] + b"\x44\x61" + kem[68:])
    yield fault("half_a_number", "A list of numbers that ends within a number",
                b"\1\3" + FIELDS["ctx"] + FIELDS["t2"] + opaque(bytes(12)))


def numbers_shown(value):
    return [str(n) for n in value] if isinstance(value, list) else shown(value)


def faults():
    for folder, files in (("seal", seal), ("message", message)):
        for name, content in files():
            yield f"{folder}/{name}", content
