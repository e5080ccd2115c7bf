"""PROTOCOL.md, "Blame": what a run's bytes must be, recomputed from the revealed roots."""
from . import keys
from .chacha import xor
from .field import P


class Run:
    """All of a run that blame looks at: `said` holds JOIN, KEM, SLOT and DC by index."""

    def __init__(self, ctx, ids, transcripts, said, lanes, slot_bytes, tags, roots):
        self.ids = ids
        self.ctx, self.said, self.lanes, self.slot_bytes = ctx, said, lanes, slot_bytes
        self.t1, self.t2, self.t3 = transcripts[:3]
        self.tags, self.roots, self.n = tags, roots, len(roots)
        self.secrets = {}

    def has_own_key(self, i):
        return keys.key_pair(self.roots[i], self.ctx, self.ids[i]).ek == self.said["JOIN"][i]["ek"]

    def encapsulated(self, i):
        expected = b""
        for to in keys.targets(i, self.n):
            if to is None:
                expected += keys.fill(self.roots[i], self.t1, self.ids[i])
                continue
            ciphertext, secret = keys.encapsulate(self.roots[i], self.t1, self.ids[i], to, self.said["JOIN"][to]["ek"])
            self.secrets[min(i, to), max(i, to)] = secret
            expected += ciphertext
        return expected == self.said["KEM"][i]["ciphertexts"]

    def tag(self, i, lane):
        return keys.tag(self.roots[i], self.t1, self.ids[i], lane)

    def pair_keys(self, i):
        """(the other's index, the key)."""
        others = (j for j in range(self.n) if j != i)
        return [(j, keys.pair_key(self.t2, self.secrets[min(i, j), max(i, j)], i, j)) for j in others]

    def sums_are_powers(self, i):
        sums = self.said["SLOT"][i]["sums"]
        for lane in range(self.lanes):
            expected = [pow(self.tag(i, lane), k, P) for k in range(1, self.n + 1)]
            for j, key in self.pair_keys(i):
                pad = keys.slot_pad(key, lane, self.n)
                expected = [(s + (w if i < j else -w)) % P for s, w in zip(expected, pad)]
            if expected != sums[lane * self.n:(lane + 1) * self.n]:
                return False
        return True

    def has_own_tags(self, i):
        """Whether nobody else has the tag that this index has, in any lane."""
        others = [j for j in range(self.n) if j != i]
        return all(self.tag(i, lane) != self.tag(j, lane) for lane in range(self.lanes) for j in others)

    def is_zero_elsewhere(self, i):
        size = self.n * self.slot_bytes
        for lane in range(self.lanes):
            bare = self.said["DC"][i]["vector"][lane * size:(lane + 1) * size]
            for _, key in self.pair_keys(i):
                bare = xor(bare, keys.vector_pad(key, self.t3, lane, size))
            own = self.tags[lane].index(self.tag(i, lane)) * self.slot_bytes
            if any(bare[:own]) or any(bare[own + self.slot_bytes:]):
                return False
        return True


def verdict(run, phase, accuser):
    """{index: cause}: the first kind that names anybody."""
    def wrong(fault, is_right):
        return {i: fault for i in range(run.n) if not is_right(i)}

    named = wrong("key", run.has_own_key) or wrong("ciphertext", run.encapsulated)
    named = named or wrong("sums", run.sums_are_powers) or wrong("shared_tag", run.has_own_tags)
    if phase == 4:
        named = named or wrong("vector", run.is_zero_elsewhere)
    return named or {accuser: "false_nogo"}
