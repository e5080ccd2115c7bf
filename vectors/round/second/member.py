"""PROTOCOL.md, "What one member does": the secret side of one member, with every drawn byte given."""
from . import keys, messages, ristretto, texts
from .chacha import xor
from .field import P


class Member:
    """`draws` gives the next drawn bytes: root, x, r, and later one e for each lane."""

    def __init__(self, sequence, leaf, draws):
        self.sequence, self.leaf, self.draws = sequence, leaf, draws
        self.ctx, self.i, self.n = sequence.ctx, sequence.index(leaf), len(sequence.members)
        self.id = keys.member_id(self.ctx, *sequence.members[self.i])
        self.lanes, self.size = sequence.terms["lanes"], sequence.terms["slot_bytes"]
        self.root = draws(32)
        self.x = ristretto.wide(draws(64))

    def join(self):
        """JOIN."""
        return self.join_with(self._key().ek)

    def join_with(self, ek):
        share, commitment, response = keys.prove(self.ctx, self.id, ek, self.x, self.draws(64))
        return messages.encode("JOIN", ctx=self.ctx, ek=ek, share=share, commitment=commitment, response=response,
                               head=self.sequence.head)

    def kem(self):
        """KEM, once T1 is known."""
        self.t1, self.secrets, out = self.sequence.t[0], {}, b""
        for to in keys.targets(self.i, self.n):
            if to is None:
                out += keys.fill(self.root, self.t1, self.id)
                continue
            ciphertext, self.secrets[to] = keys.encapsulate(self.root, self.t1, self.id, to, self._said("JOIN", to)["ek"])
            out += ciphertext
        return messages.encode("KEM", ctx=self.ctx, t1=self.t1, ciphertexts=out)

    def _said(self, name, index):
        return self.sequence.said[name][index]

    def _key(self):
        return keys.key_pair(self.root, self.ctx, self.id)

    def tag(self, lane):
        return keys.tag(self.root, self.t1, self.id, lane)

    def plain(self, text):
        return texts.plain(text or "", self.size)

    def slot(self):
        """SLOT, once T2 is known."""
        self.t2, key = self.sequence.t[1], self._key()
        for j in range(self.n):
            if j != self.i and self.i in keys.targets(j, self.n):
                at = 1120 * keys.targets(j, self.n).index(self.i)
                self.secrets[j] = key.decapsulate(self._said("KEM", j)["ciphertexts"][at:at + 1120])
        self.pairs = {j: keys.pair_key(self.t2, secret, self.i, j) for j, secret in self.secrets.items()}
        self.tags = [self.tag(lane) for lane in range(self.lanes)]
        sums = []
        for lane, tag in enumerate(self.tags):
            powers = [pow(tag, k, P) for k in range(1, self.n + 1)]
            for j, key in self.pairs.items():
                pad = keys.slot_pad(key, lane, self.n)
                powers = [(s + (w if self.i < j else -w)) % P for s, w in zip(powers, pad)]
            sums += powers
        return messages.encode("SLOT", ctx=self.ctx, t2=self.t2, sums=sums)

    def vector(self, payloads):
        """DC, once T3 is known and every lane is good; else NOGO. `payloads`: a text for each lane, or None."""
        t3, tags = self.sequence.t[2], self.sequence.tags
        if tags is None or any(tag not in lane for tag, lane in zip(self.tags, tags)):
            return messages.encode("NOGO", ctx=self.ctx, phase=3, evidence=t3)
        joint = ristretto.IDENTITY
        for m in self.sequence.said["JOIN"]:
            joint = ristretto.add(joint, ristretto.decode(m["share"]))
        self.own, out = [], b""
        for lane, (text, tag) in enumerate(zip(payloads, self.tags)):
            slot, e = tags[lane].index(tag), ristretto.wide(self.draws(64))
            sealed = keys.seal(self.plain(text), ristretto.encode(joint), e, (t3, lane, slot, tag))
            self.own.append((slot, sealed))
            bare = bytes(slot * self.size) + sealed + bytes((self.n - 1 - slot) * self.size)
            for key in self.pairs.values():
                bare = xor(bare, keys.vector_pad(key, t3, lane, len(bare)))
            out += bare
        return messages.encode("DC", ctx=self.ctx, t3=t3, vector=out)

    def judge(self):
        """GO, or NOGO where an own slot holds anything else than what was sealed."""
        lane_bytes = self.n * self.size
        for lane, (slot, sealed) in enumerate(self.own):
            at = lane * lane_bytes + slot * self.size
            if self.sequence.combined[at:at + self.size] != sealed:
                return self.accuse()
        return messages.encode("GO", ctx=self.ctx, t4=self.sequence.t[3])

    def accuse(self):
        """NOGO about phase 4."""
        return messages.encode("NOGO", ctx=self.ctx, phase=4, evidence=self.sequence._evidence())

    def release(self):
        """RELEASE."""
        return messages.encode("RELEASE", ctx=self.ctx, index=self.i, x=ristretto.scalar_bytes(self.x))

    def reveal(self):
        """REVEAL, after a counting NOGO."""
        return messages.encode("REVEAL", ctx=self.ctx, evidence=self.sequence.charge["evidence"], root=self.root)
