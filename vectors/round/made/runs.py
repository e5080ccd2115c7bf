"""Whole runs, and runs that somebody disturbs."""
from second import keys, messages, texts, x_wing

from .facts import CTX0
from .scene import Scene, terms

TEXTS = {0: ["We could begin with the water."], 5: ["Nobody asked my village - ask it."]}
BALLOTS = {1: ["a", "d"], 2: ["p", None], 4: ["a", "x"], 6: [None, "d"]}
SIDES = {0: ["a"], 1: ["d"], 2: ["p"], 3: ["a"]}


def three_members():
    """The run on which the files of `checks` are built."""
    return Scene([terms([0, 2, 5], 2, side=1, ctx0=CTX0)], TEXTS, seed="three members")


def two_sides():
    sides = [terms([0, 1], 2, slot_bytes=64, side=0), terms([2, 3], 2, slot_bytes=64, side=1)]
    return Scene(sides, SIDES, seed="two sides")


def runs():
    scene = three_members()
    for step in ("join", "kem", "slot", "vector", "judge", "release"):
        scene.step(step)
    yield "three_members", scene.file("A statement round of three, one of whom gives a blank")

    scene = Scene([terms([1, 2, 4, 6], 3, lanes=2, slot_bytes=64)], BALLOTS, seed="ballots")
    for step in ("join", "kem", "slot", "vector", "judge", "release"):
        scene.step(step)
    opened = scene.log[-1]["verdict"]["opened"]["lanes"]
    kinds = ("agree", "disagree", "pass", "unanswered", "void")
    tallies = [{kind: [texts.ballot(slot) for slot in lane].count(kind) for kind in kinds} for lane in opened]
    comment = "A ballot round of four on two statements; one ballot is no letter that counts"
    yield "ballots", scene.file(comment) | {"tallies": tallies}

    scene = two_sides()
    for leaf, join in scene.said("join", 0) + scene.said("join", 1):
        scene.post(leaf, join)
    for step in ("kem", "slot", "vector", "judge"):
        scene.step(step, 0)
    scene.post(0, scene.members[0].release())
    scene.say(1, "GIVE-UP", scene.now_ms + 4000)
    for step in ("kem", "slot", "vector", "judge"):
        scene.step(step, 1)
    scene.step("release", 0)
    scene.step("release", 1)
    yield "two_sides", scene.file("One sequence for each side: whoever is first waits at the gate")

    sides = [terms([0, 1], 2, slot_bytes=64, side=0), terms([2, 3], 2, slot_bytes=64, side=1)]
    scene = Scene(sides, SIDES, cheats=[2, 3], seed="dropped side")
    for leaf, join in scene.said("join", 0) + scene.said("join", 1):
        scene.post(leaf, join)
    for step in ("kem", "slot", "vector", "judge"):
        scene.step(step, 0)
    scene.say(3, "LEAVE")
    scene.step("release", 0)
    yield "dropped_side", scene.file("A side that falls below its floor opens the gate for the other")

    scene = Scene([terms([0, 2, 5], 2, side=1)], TEXTS, cheats=[2], seed="repeated")
    scene.play("vector")
    scene.step("vector", leaf_2=lambda member: None)
    scene.say(0, "CLOSE", scene.now_ms + 3000, phase=4)
    for step in ("join", "kem", "slot", "vector", "judge", "release"):
        scene.step(step)
    yield "repeated", scene.file("A member is silent in phase 4 and left out; the second run brings the texts")

    scene = Scene([terms([0, 2, 5], 2, side=1)], TEXTS, cheats=[2], seed="given up")
    scene.play("release")
    scene.step("release", leaf_2=lambda member: None)
    scene.say(5, "GIVE-UP", scene.now_ms + 3000)
    scene.post(2, scene.members[2].release())
    yield "given_up", scene.file("A RELEASE stays away, and the Round is given up; one that comes later is void")

    yield "reopened", reopened().file("Long phases: one lasts two minutes at least once the log is open again, and no shorter than before")

    yield from found()


def reopened(upto=None):
    """Phases of ten minutes; the log is shut early and late in phase 2, and late in phase 6."""
    scene = Scene([terms([0, 2], 2, side=1, slot_bytes=64) | {"phase_ms": 600_000}], {0: ["a"]}, seed="reopened")
    scene.play("kem")
    began = scene.now_ms
    scene.shut(began + 100_000)
    scene.reopen(began + 200_000)
    scene.shut(began + 300_000)
    scene.reopen(began + 599_000)
    for after in (600_000, 718_999):
        scene.say(0, "CLOSE", began + after, phase=2)
    for step in ("kem", "slot", "vector", "judge"):
        scene.step(step)
    began = scene.now_ms
    scene.reopen(began + 550_000)
    if upto == "release":
        return scene
    scene.say(0, "GIVE-UP", began + 600_000)
    scene.say(0, "GIVE-UP", began + 669_999)
    scene.step("release")
    return scene


# --- attacks that worked once

def found():
    four = [terms([0, 2, 5, 6], 2, slot_bytes=64)]

    scene = Scene(four, {0: ["a"], 2: ["d"], 5: ["p"]}, seed="shared root", roots={2: 0})
    scene.play("release")
    scene.step("release")
    yield "shared_root", scene.file("Two draw one root: nothing that follows from it is the same, and all opens")

    scene = Scene(four, {0: ["a"], 2: ["p"], 5: ["d"]}, cheats=[2], seed="first slot")
    scene.play("slot")
    scene.members[2].tag = lambda lane: 1
    for step in ("slot", "vector", "judge", "release"):
        scene.step(step)
    yield "first_slot", scene.file("A member chooses the smallest tag: it has the first slot, and nobody looks while all opens")

    scene = Scene(four, {0: ["a"], 5: ["d"], 6: ["p"]}, cheats=[2], seed="copied U")
    scene.play("vector")
    said = dict(scene.said("vector"))
    for leaf in (0, 5, 6):
        scene.post(leaf, said[leaf])
    scene.post(2, _with_anothers_u(scene.members[2], [said[leaf] for leaf in (0, 5, 6)], said[2]))
    scene.step("judge", leaf_2=lambda m: messages.encode("GO", ctx=m.ctx, t4=m.sequence.t[3]))
    scene.step("release")
    yield "copied_u", scene.file("Who speaks last puts the U of another slot into its own: its own slot is void, and no other")

    scene = Scene(four, {0: ["a"], 5: ["d"]}, cheats=[2], seed="unassigned")
    scene.play("vector")
    scene.members[2].plain = _unassigned
    for step in ("vector", "judge", "release"):
        scene.step(step)
    yield "unassigned", scene.file("A text with a character that is not assigned is void to everybody")


def _with_anothers_u(member, others, own):
    """The DC of `member`, with the first 32 bytes of the slot after its own in its own: as seen in all vectors."""
    vectors = [messages.decode(message)[1]["vector"] for message in (*others, own)]
    combined = bytes(len(vectors[0]))
    for vector in vectors:
        combined = bytes(a ^ b for a, b in zip(combined, vector))
    slot = member.own[0][0]
    mine, theirs = slot * member.size, (slot + 1) % member.n * member.size
    change = bytes(a ^ b for a, b in zip(combined[mine:mine + 32], combined[theirs:theirs + 32]))
    return _changed(own, "vector", lambda vector: vector[:mine] + bytes(
        a ^ b for a, b in zip(vector[mine:mine + 32], change)) + vector[mine + 32:])


def _unassigned(text):
    content = "\U000105C9\u0307".encode()
    return bytes([1]) + len(content).to_bytes(2, "big") + content + bytes(64 - 48 - 3 - len(content))


# --- blame: leaf 2 disturbs

def disturbed(seed, leaves=(0, 2, 5)):
    return Scene([terms(leaves, 2, slot_bytes=64)], {0: ["a"], 5: ["d"]}, cheats=[2], seed=seed)


def _changed(message, field, change):
    name, fields = messages.decode(message)
    return messages.encode(name, **fields | {field: change(fields[field])})


def _flip(content, at=0):
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1:]


def falsely(scene, at=4):
    """Leaf 2 says NOGO though nothing is wrong; what the others had under way comes too late."""
    if at == 3:
        scene.play("vector")
        scene.step("vector", leaf_2=lambda m: messages.encode("NOGO", ctx=m.ctx, phase=3, evidence=m.sequence.t[2]))
    else:
        scene.play("judge")
        scene.step("judge", leaf_2=lambda m: m.accuse())


def _in_others_slot(member):
    """A DC that changes one byte of a slot that is not its own."""
    message = member.vector([None])
    slot = (member.own[0][0] + 1) % member.n
    return _changed(message, "vector", lambda vector: _flip(vector, slot * member.size + 40))


def _key_of_another_root(member):
    member._key = lambda: x_wing.Key(b"\x99" * 32)
    return member.join_with(x_wing.Key(b"\x99" * 32).ek)


def _garbled(member):
    return _changed(member.kem(), "ciphertexts", lambda c: _flip(c, 500))


def _other_fill(member):
    assert keys.targets(member.i, member.n)[-1] is None
    return _changed(member.kem(), "ciphertexts", lambda c: _flip(c, len(c) - 1))


def one_more(member):
    return _changed(member.slot(), "sums", lambda sums: [(sums[0] + 1) % (2**61 - 1), *sums[1:]])


def without_tags():
    """A scene in which one sum more leaves a lane bad: now and then it gives other tags, as good as any."""
    for number in range(99):
        scene, tried = (disturbed(f"sums {number}") for _ in range(2))
        for step in ("join", "kem"):
            tried.step(step)
        tried.step("slot", leaf_2=one_more)
        if tried.fold.sequences[0].tags is None:
            return scene
    raise ValueError("always tags")


def _steps(scene, **cheats):
    """All steps to the NOGO that counts, then REVEAL by all. `cheats`: by step, what leaf 2 says."""
    for step in ("join", "kem", "slot", "vector", "judge"):
        if scene.fold.sequences[0].phase == 7:
            break
        scene.step(step, **({"leaf_2": cheats[step]} if step in cheats else {}))
    scene.reveal()


def _upper_half(make):
    """A scene in which leaf 2 has nobody for its last ciphertext."""
    for number in range(99):
        scene = make(number)
        if scene.fold.sequences[0].index(2) >= len(scene.fold.sequences[0].members) // 2:
            return scene
    raise AssertionError("no such scene")


def blame():
    scene = disturbed("key")
    _steps(scene, join=_key_of_another_root, vector=_in_others_slot)
    yield "key", scene.file("An encapsulation key that does not follow from the root: looked at before all else")

    scene = disturbed("wrong root")
    falsely(scene)
    scene.reveal(leaf_2=lambda m: _changed(m.reveal(), "root", _flip))
    yield "wrong_root", scene.file("Another root is shown: the key does not follow from it")

    scene = disturbed("ciphertext")
    _steps(scene, kem=_garbled)
    yield "ciphertext", scene.file("A garbled ciphertext: the pads do not cancel, and the lane is bad")

    scene = _upper_half(lambda n: disturbed(f"fill {n}", (0, 2, 5, 7 + n)))
    _steps(scene, kem=_other_fill, judge=lambda m: m.accuse())
    yield "fill", scene.file("Another fill where there is nobody to encapsulate to, shown by a NOGO")

    scene = without_tags()
    _steps(scene, slot=one_more)
    yield "sums", scene.file("A SLOT that is not the powers of a tag: the lane is bad")

    scene = disturbed("vector")
    _steps(scene, vector=_in_others_slot)
    yield "vector", scene.file("A DC that changes another member's slot")

    scene = disturbed("false nogo 3")
    falsely(scene, 3)
    scene.reveal()
    yield "false_nogo_slots", scene.file("A NOGO about the tags, and nothing is wrong")

    scene = disturbed("late nogo 3")
    scene.play("vector")
    scene.step("vector", leaf_2=_in_others_slot)
    said = dict(scene.said("judge", leaf_2=lambda m: messages.encode("NOGO", ctx=m.ctx, phase=3, evidence=m.sequence.t[2])))
    for leaf in (2, 0, 5):
        scene.post(leaf, said[leaf])
    scene.reveal()
    yield "late_nogo_slots", scene.file("A NOGO about the tags in phase 5: vectors are not looked at, and it was false")

    scene = disturbed("false nogo 4")
    falsely(scene)
    scene.reveal()
    for step in ("join", "kem", "slot", "vector", "judge", "release"):
        scene.step(step)
    comment = "A NOGO about the vectors, and nothing is wrong; the second run brings the others' texts"
    yield "false_nogo_vectors", scene.file(comment)

    scene = _upper_half(lambda n: disturbed(f"two kinds {n}", (0, 2, 5, 7 + n)))
    scene.cheats.add(0)
    scene.play("kem")
    scene.step("kem", leaf_2=_other_fill)
    scene.step("slot")
    scene.step("vector", leaf_0=_in_others_slot)
    scene.step("judge")
    scene.reveal()
    yield "two_kinds", scene.file("Two disruptors of two kinds: the first kind that names anybody is the last")

    scene = disturbed("no reveal")
    falsely(scene)
    scene.reveal(leaf_2=lambda m: None)
    scene.say(0, "CLOSE", scene.now_ms + 3000, phase=7)
    yield "no_reveal", scene.file("Whoever shows no root is absent, and nobody is called a disruptor")

    scene = disturbed("leaves")
    falsely(scene)
    scene.post(0, scene.members[0].reveal())
    scene.post(2, scene.members[2].release())
    late = scene.members[5].reveal()
    scene.say(2, "LEAVE")
    scene.post(5, late)
    yield "leave_in_reveals", scene.file("Whoever leaves while roots are awaited is absent; its RELEASE comes too late and is void")

    scene = disturbed("other nogo")
    falsely(scene)
    scene.reveal(leaf_2=lambda m: _changed(m.reveal(), "evidence", _flip))
    yield "reveal_other_nogo", scene.file("A REVEAL that answers another NOGO makes its sender absent")

    scene = disturbed("absent")
    scene.play("vector")
    said = dict(scene.said("vector", leaf_2=lambda m: _changed(m.vector([None]), "t3", _flip)))
    scene.post(2, said[2])
    scene.post(0, messages.encode("NOGO", ctx=scene.members[0].ctx, phase=3, evidence=scene.members[0].sequence.t[2]))
    scene.post(5, said[5])
    scene.cheats.add(0)
    yield "nogo_with_an_absent", scene.file("A NOGO that counts while somebody is absent ends the run; nobody reveals")
