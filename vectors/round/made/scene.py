"""A log with members around it: everybody does what PROTOCOL.md says, but for those who are told otherwise."""
import hashlib

from second import messages
from second.fold import Collection
from second.member import Member

STEPS = ["join", "kem", "slot", "vector", "judge", "release"]
START_MS = 1_000


def signature_key(leaf):
    return bytes([leaf + 1]) * 32


def terms(leaves, floor, lanes=1, slot_bytes=1024, side=None, ctx0=b"\xC0" * 32):
    opening = [(leaf, signature_key(leaf)) for leaf in leaves]
    return {"ctx0": ctx0, "side": side, "lanes": lanes, "slot_bytes": slot_bytes, "phase_ms": 3000, "floor": floor,
            "opening": opening}


def shown_terms(one):
    return one | {"ctx0": one["ctx0"].hex(),
                  "opening": [{"leaf": leaf, "signature_key": key.hex()} for leaf, key in one["opening"]]}


class Scene:
    """`payloads`: by leaf, a text for each lane, or None; whoever is not there gives blanks. `roots`: by leaf, whose
    roots it draws."""

    def __init__(self, sequences, payloads=None, cheats=(), seed="scene", roots=None):
        self.sequences, self.payloads, self.cheats, self.seed = sequences, payloads or {}, set(cheats), seed
        self.roots = roots or {}
        self.fold = Collection(sequences, START_MS, b"\x41" * 32)
        self.drawn, self.members, self.log, self.runs = {}, {}, [], []
        self.now_ms, self.heads = START_MS, 0

    # --- the log

    def post(self, leaf, message, time_ms=None):
        """Appends an entry, and gives what it meant."""
        self.now_ms, self.heads = self.now_ms + 1 if time_ms is None else time_ms, self.heads + 1
        head = bytes([self.heads % 256]) * 32
        at, verdict, gate = self.fold.apply({"from": leaf, "time_ms": self.now_ms, "head": head}, message)
        entry = {"from": leaf, "time_ms": self.now_ms if self.now_ms < 2**53 else str(self.now_ms), "head": head.hex(), "message": message.hex(),
                 "sequence": at, "verdict": verdict}
        self.log.append(entry | ({"gate_opened": True} if gate else {}))
        return verdict

    def shut(self, time_ms):
        """The log is taken away from its members."""
        self.now_ms = time_ms
        self.fold.shut()
        self.log.append({"time_ms": time_ms, "shut": True})

    def reopen(self, time_ms):
        """It is given back."""
        self.now_ms = time_ms
        self.fold.reopened(time_ms)
        self.log.append({"time_ms": time_ms, "reopened": True})

    def tell_reopened(self, time_ms):
        """A node that restarted has replayed the run's messages, and tells the fold after them what opened the log last."""
        self.fold.reopened(time_ms)
        self.log.append({"time_ms": time_ms, "reopened": True})

    def say(self, leaf, name, time_ms=None, **fields):
        fields = {"ctx": self.sequence_of(leaf).ctx} | fields
        return self.post(leaf, messages.encode(name, **fields), time_ms)

    def sequence_of(self, leaf):
        own = (s for s in self.fold.sequences if leaf in [other for other, _ in s.terms["opening"]])
        return next(own, self.fold.sequences[0])

    # --- the members

    def draws(self, leaf):
        def draw(length):
            drawn = self.drawn.setdefault(leaf, [])
            # Nothing but a root has 32 bytes.
            of = self.roots.get(leaf, leaf) if length == 32 else leaf
            stream = hashlib.shake_256(f"{self.seed} {of} {len(drawn)}".encode()).digest(length)
            drawn.append(stream)
            return stream
        return draw

    def texts_of(self, leaf):
        return self.payloads.get(leaf) or [None] * self.sequence_of(leaf).terms["lanes"]

    def said(self, step, at=0, **otherwise):
        """What everybody of a sequence says in a step: (leaf, message), by ascending leaf."""
        sequence, out = self.fold.sequences[at], []
        for leaf in sequence.leaves(range(len(sequence.members))):
            if step == "join":
                self.members[leaf] = Member(sequence, leaf, self.draws(leaf))
            member = self.members[leaf]
            if f"leaf_{leaf}" in otherwise:
                message = otherwise[f"leaf_{leaf}"](member)
            else:
                message = member.vector(self.texts_of(leaf)) if step == "vector" else getattr(member, step)()
            out.append((leaf, message))
        return out

    def step(self, step, at=0, **otherwise):
        """Posts them; a message of None is not said."""
        said = self.said(step, at, **otherwise)
        for leaf, message in said:
            if message is not None:
                self.post(leaf, message)
        if step == "slot":
            self._note(at)

    def play(self, upto, at=0):
        """All steps before `upto`."""
        for step in STEPS[:STEPS.index(upto)]:
            self.step(step, at)

    def reveal(self, at=0, **otherwise):
        self.step("reveal", at, **otherwise)

    # --- what is written down

    def _note(self, at):
        sequence = self.fold.sequences[at]
        tags = sequence.tags and [[str(tag) for tag in lane] for lane in sequence.tags]
        self.runs.append({"sequence": at, "run": sequence.run, "ctx_r": sequence.ctx.hex(),
                          "order": [leaf for leaf, _ in sequence.members], "tags": tags})

    def after(self):
        return [{"run": s.run, "phase": 0 if s.over else s.phase, "ctx_r": s.ctx.hex(),
                 "roster": s.leaves(range(len(s.members))), "awaited": s.awaited()} for s in self.fold.sequences]

    def file(self, comment):
        members = [{"leaf": leaf, "honest": leaf not in self.cheats,
                    "payloads": self.payloads.get(leaf) or [None] * one["lanes"],
                    "draws": [drawn.hex() for drawn in self.drawn.get(leaf, [])]}
                   for one in self.sequences for leaf, _ in one["opening"]]
        shown = [shown_terms(one) for one in self.sequences]
        return {"comment": comment, "terms": shown, "start": {"time_ms": START_MS, "head": "41" * 32},
                "members": members, "runs": self.runs, "log": self.log, "after": self.after()}

    def continued(self, comment, base, entries):
        """The same as a continuation of the first entries of another file."""
        return {"comment": comment, "log_of": base, "entries": entries, "log": self.log[entries:], "after": self.after()}
