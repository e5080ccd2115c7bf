"""PROTOCOL.md, "The fold of a run" and "Several sequences": what every reader of one log finds."""
from . import blame, keys, messages, ristretto
from .chacha import xor
from .field import P, roots
from .x_wing import CT_BYTES, is_key

CONTRIBUTIONS = ("JOIN", "KEM", "SLOT", "DC", "GO", "NOGO")
PHASE_OF = {"JOIN": 1, "KEM": 2, "SLOT": 3, "DC": 4, "GO": 5}
RELEASES, REVEALS = 6, 7
REOPENED_MS = 120_000


def void(why):
    return {"void": why}


def can_be_played(terms):
    """PROTOCOL.md, M200."""
    leaves, n = [leaf for leaf, _ in terms["opening"]], len(terms["opening"])
    return (max(2, terms["floor"]) <= n <= 100 and len(set(leaves)) == n
            and all(1 <= len(key) <= 256 for _, key in terms["opening"])
            and 1 <= terms["lanes"] <= 60 and terms["slot_bytes"] in (64, 1024, 2048, 4096)
            and terms["lanes"] * n * terms["slot_bytes"] <= 512 * 1024
            and 1 <= terms["phase_ms"] <= 24 * 60 * 60 * 1000)


class Sequence:
    """The runs of one roster. `terms`: ctx0, side, lanes, slot_bytes, phase_ms, floor, opening."""

    def __init__(self, terms, time_ms, head):
        self.terms, self.time_ms, self.head = terms, time_ms, head
        self.ended, self.over, self.shut = [], False, False
        self._begin(1, terms["opening"], bytes(32))

    # --- a run

    def _begin(self, number, members, settled):
        t = self.terms
        self.run, self.ctx = number, keys.context(t["ctx0"], t["side"], number, members, settled)
        self.members = keys.placed(self.ctx, members)
        self.phase, self.began_ms = 1, self.time_ms
        self.settled, self.run_began_ms = settled, self.time_ms
        self.t, self.said, self.absent = [None] * 4, {}, {}
        self.heard, self.charge, self.tags, self.combined = {}, None, None, None

    def index(self, leaf):
        return next((i for i, (other, _) in enumerate(self.members) if other == leaf), None)

    def leaves(self, indices):
        return sorted(self.members[i][0] for i in indices)

    def awaited(self):
        if self.over:
            return []
        return self.leaves(i for i in range(len(self.members)) if i not in self.heard and i not in self.absent)

    def deadline_ms(self):
        return min(self.began_ms + self.terms["phase_ms"], 2**64 - 1)

    def _is_young(self):
        """Nothing ends by time while the log is shut."""
        return self.shut or self.time_ms < self.deadline_ms()

    # --- one entry

    def note(self, entry):
        self.time_ms, self.head = max(self.time_ms, entry["time_ms"]), entry["head"]

    def reopened(self, time_ms):
        """The phase ends no sooner than a phase's length, or REOPENED_MS, after the log went on, also where it is
        told after what came later."""
        self.time_ms, length, self.shut = max(self.time_ms, time_ms), self.terms["phase_ms"], False
        ends_ms = min(time_ms + min(length, REOPENED_MS), 2**64 - 1)
        self.began_ms = max(self.began_ms, ends_ms - length)

    def apply(self, entry, name, fields):
        self.note(entry)
        if fields["ctx"] in self.ended:
            return void("ended_run")
        if self.over:
            return void("decided")
        leaf = entry["from"]
        if leaf is None:
            return void("not_in_roster")
        if name in CONTRIBUTIONS:
            return self._contribution(leaf, name, fields)
        handlers = {"RELEASE": self._release, "CLOSE": self._close, "LEAVE": self._leave,
                    "GIVE-UP": self._give_up, "REVEAL": self._reveal}
        return handlers[name](leaf, fields)

    def _contribution(self, leaf, name, fields):
        i = self.index(leaf)
        if i is None:
            return void("not_in_roster")
        if self.phase in (RELEASES, REVEALS):
            return void("decided")
        if i in self.absent:
            return void("absent")
        if fields["ctx"] != self.ctx or not self._transcript_agrees(name, fields):
            return self._mark(i, "histories_differ")
        if PHASE_OF.get(name, self.phase) < self.phase or i in self.heard:
            return void("spoken")
        if name == "NOGO":
            return self._nogo(i, fields)
        if not self._is_well_formed(i, name, fields):
            return self._mark(i, "malformed")
        self.heard[i] = fields | {"bytes": messages.encode(name, **fields)}
        return self._settle() or "counted"

    def _transcript_agrees(self, name, fields):
        if name == "NOGO":
            return fields["evidence"] == {3: self.t[2], 4: self._evidence()}.get(fields["phase"])
        field = {"KEM": "t1", "SLOT": "t2", "DC": "t3", "GO": "t4"}.get(name)
        return field is None or fields[field] == self.t[int(field[1]) - 1]

    def _evidence(self):
        if self.phase != 5:
            return None
        return keys.evidence(self.t[2], [m["vector"] for m in self.said["DC"]])

    def _is_well_formed(self, i, name, fields):
        n, t = len(self.members), self.terms
        if name == "JOIN":
            proof = fields["ek"], fields["share"], fields["commitment"], fields["response"]
            return is_key(fields["ek"]) and keys.is_proved(self.ctx, keys.member_id(self.ctx, *self.members[i]), *proof)
        if name == "KEM":
            return len(fields["ciphertexts"]) == n // 2 * CT_BYTES
        if name == "SLOT":
            return len(fields["sums"]) == t["lanes"] * n and all(s < P for s in fields["sums"])
        if name == "DC":
            return self.tags is not None and len(fields["vector"]) == t["lanes"] * n * t["slot_bytes"]
        return True

    def _mark(self, i, cause):
        self.absent.setdefault(i, cause)
        return self._settle() or {"sender_absent": self.absent[i]}

    def _settle(self):
        if self.awaited():
            return None
        if self.absent:
            return self._end_run()
        everybody = [self.heard[i] for i in range(len(self.members))]
        if self.phase == REVEALS:
            return self._end_run(self._judge([m["root"] for m in everybody]))
        if self.phase == 1:
            shares = [m["share"] for m in everybody]
            copiers = {i: "copied_share" for i, share in enumerate(shares) if shares.count(share) > 1}
            if copiers:
                return self._end_run(copiers)
        return self._complete(everybody)

    def _complete(self, everybody):
        said = [m["bytes"] for m in everybody]
        name = {1: "JOIN", 2: "KEM", 3: "SLOT", 4: "DC", 5: "GO"}[self.phase]
        self.said[name], n = everybody, len(everybody)
        if self.phase < 4:
            before = self.ctx if self.phase == 1 else self.t[self.phase - 2]
            self.t[self.phase - 1] = keys.transcript(f"t{self.phase}", before, said)
        if self.phase == 3:
            totals = [sum(each) % P for each in zip(*(m["sums"] for m in everybody))]
            lanes = [roots(totals[at:at + n]) for at in range(0, len(totals), n)]
            self.tags = None if None in lanes else lanes
        if self.phase == 4:
            self.combined = bytes(self.terms["lanes"] * n * self.terms["slot_bytes"])
            for m in everybody:
                self.combined = xor(self.combined, m["vector"])
            self.t[3] = keys.transcript_4(self.t[2], self.combined)
        self._enter(self.phase + 1)
        return "all_go" if self.phase == RELEASES else {"phase_begun": self.phase}

    def _enter(self, phase):
        self.phase, self.began_ms, self.heard = phase, self.time_ms, {}

    # --- blame

    def _nogo(self, i, fields):
        if self.absent:
            return self._end_run()
        self.charge = {"accuser": i, "phase": fields["phase"], "evidence": fields["evidence"]}
        self._enter(REVEALS)
        return {"disturbed": {"by": self.members[i][0], "phase": fields["phase"], "evidence": fields["evidence"].hex()}}

    def _reveal(self, leaf, fields):
        i = self.index(leaf)
        if i is None:
            return void("not_in_roster")
        if self.phase == RELEASES:
            return void("decided")
        if i in self.absent:
            return void("absent")
        if fields["ctx"] != self.ctx:
            return self._mark(i, "histories_differ")
        if self.phase != REVEALS:
            return void("early")
        if i in self.heard:
            return void("spoken")
        if fields["evidence"] != self.charge["evidence"]:
            return self._mark(i, "histories_differ")
        self.heard[i] = fields
        return self._settle() or "counted"

    def _judge(self, revealed):
        t, ids = self.terms, [keys.member_id(self.ctx, *member) for member in self.members]
        run = blame.Run(self.ctx, ids, self.t, self.said, t["lanes"], t["slot_bytes"], self.tags, revealed)
        return blame.verdict(run, self.charge["phase"], self.charge["accuser"])

    # --- what ends a run or the sequence

    def _control(self, leaf, ctx, may):
        i = self.index(leaf)
        if not may:
            return void("not_in_roster")
        if ctx == self.ctx:
            return None
        if i is None:
            return void("ended_run")
        return void("decided") if self.phase == RELEASES else self._mark(i, "histories_differ")

    def _close(self, leaf, fields):
        refused = self._control(leaf, fields["ctx"], True)
        if refused:
            return refused
        if fields["phase"] != self.phase or self._is_young():
            return void("early")
        if self.phase == RELEASES:
            return void("decided")
        for i in range(len(self.members)):
            if i not in self.heard:
                self.absent.setdefault(i, "silent")
        return self._end_run()

    def _leave(self, leaf, fields):
        i = self.index(leaf)
        refused = self._control(leaf, fields["ctx"], i is not None)
        if refused:
            return refused
        if self.phase == RELEASES:
            return void("decided")
        self.absent.setdefault(i, "left")
        return self._end_run()

    def _give_up(self, leaf, fields):
        refused = self._control(leaf, fields["ctx"], leaf in [other for other, _ in self.terms["opening"]])
        if refused:
            return refused
        if self.phase != RELEASES or self._is_young():
            return void("early")
        awaited, self.over = self.awaited(), True
        return {"gave_up": {"run": self.run, "awaited": awaited}}

    def _end_run(self, disruptors=None):
        out = self.absent if disruptors is None else disruptors
        named = sorted((self.members[i][0], cause) for i, cause in out.items())
        end = {"run": self.run, "phase": self.phase, "out": [{"leaf": leaf, "cause": cause} for leaf, cause in named]}
        self.ended.append(self.ctx)
        members = [member for i, member in enumerate(self.members) if i not in out]
        if len(members) < max(2, self.terms["floor"]):
            self.over = True
            return {"below_floor": end}
        self._begin(self.run + 1, members, self.head)
        return {"run_ended": end}

    # --- phase 6

    def _release(self, leaf, fields):
        if self.phase == REVEALS:
            return void("decided")
        i = self.index(leaf)
        if self.phase != RELEASES:
            if i is None:
                return void("not_in_roster")
            return void("absent") if i in self.absent else self._mark(i, "histories_differ")
        if fields["ctx"] != self.ctx:
            return void("decided")
        whose, x = fields["index"], ristretto.read_scalar(fields["x"])
        if whose >= len(self.members):
            return void("wrong_share")
        if whose in self.heard:
            return void("spoken")
        share = None if x is None else ristretto.encode(ristretto.multiply(x, ristretto.BASE))
        if share != self.said["JOIN"][whose]["share"]:
            return void("wrong_share")
        self.heard[whose] = x
        if self.awaited():
            return "counted"
        self.over = True
        return {"opened": {"run": self.run, "roster": self.leaves(range(len(self.members))), "lanes": self._open()}}

    def _open(self):
        joint = ristretto.IDENTITY
        for m in self.said["JOIN"]:
            joint = ristretto.add(joint, ristretto.decode(m["share"]))
        x, size, n = sum(self.heard.values()), self.terms["slot_bytes"], len(self.members)
        sealed = [self.combined[at:at + size] for at in range(0, len(self.combined), size)]
        lanes = []
        for lane, tags in enumerate(self.tags):
            each = enumerate(zip(sealed[lane * n:], tags))
            lanes.append([
                keys.open_slot(one, ristretto.encode(joint), x, (self.t[2], lane, slot, tag))
                for slot, (one, tag) in each])
        return lanes


class Collection:
    """All sequences of a Round, behind one gate."""

    def __init__(self, terms, time_ms, head):
        self.sequences = [Sequence(one, time_ms, head) for one in terms]
        self.gate_is_open = False

    def _place(self, leaf, name, ctx):
        opening = [[other for other, _ in s.terms["opening"]] for s in self.sequences]
        own = next((at for at, leaves in enumerate(opening) if leaf in leaves), None)
        if name not in ("RELEASE", "CLOSE", "GIVE-UP"):
            return own
        return next((at for at, s in enumerate(self.sequences) if ctx == s.ctx or ctx in s.ended), own)

    def apply(self, entry, message):
        """`entry`: from, time_ms, head. Gives the sequence, the verdict, and whether the gate opened."""
        name, fields = messages.decode(message)
        at = self._place(entry["from"], name, fields["ctx"])
        if at is None:
            return 0, void("not_in_roster"), False
        for sequence in self.sequences:
            sequence.note(entry)
        sequence = self.sequences[at]
        if name in ("RELEASE", "GIVE-UP") and sequence.phase == RELEASES and not sequence.over and not self.gate_is_open:
            return at, void("early"), False
        return at, sequence.apply(entry, name, fields), self._open_gate()

    def shut(self):
        for sequence in self.sequences:
            sequence.shut = True

    def reopened(self, time_ms):
        for sequence in self.sequences:
            sequence.reopened(time_ms)

    def _open_gate(self):
        if self.gate_is_open or not all(s.over or s.phase == RELEASES for s in self.sequences):
            return False
        self.gate_is_open = True
        for sequence in self.sequences:
            if not sequence.over:
                sequence.began_ms = sequence.time_ms
        return True
