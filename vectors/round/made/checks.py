"""The order of checks: each file goes on with one entry too many after the first entries of another file."""
from second import messages, ristretto
from second.field import P
from second.member import Member

from .runs import disturbed, falsely, one_more, three_members, two_sides, without_tags

BASE = "run/three_members.json"
# How many entries of the base stand before a phase.
AT = {1: 0, 2: 3, 3: 6, 4: 9, 5: 12, 6: 15}
STEPS = ["join", "kem", "slot", "vector", "judge", "release"]


def _to(phase):
    scene = three_members()
    scene.play(STEPS[phase - 1])
    assert len(scene.log) == AT[phase]
    return scene


def _next(scene, leaf):
    """What a member is to say now, as name and fields."""
    phase = scene.fold.sequences[0].phase
    said = dict(scene.said(STEPS[phase - 1]))
    return messages.decode(said[leaf])


class Checks:
    """Collects the files; `check(name, comment, phase)` is used as a decorator of what is posted."""

    def __init__(self):
        self.files = []

    def __call__(self, name, comment, phase):
        def take(act):
            scene = _to(phase)
            act(scene)
            self.files.append((name, scene.continued(comment, BASE, AT[phase])))
        return take


def changed(name, comment, phase, **changes):
    """The due message of leaf 2 with changed fields: values, or functions of the old ones."""
    def act(scene):
        kind, fields = _next(scene, 2)
        new = {field: change(fields[field]) if callable(change) else change for field, change in changes.items()}
        scene.post(2, messages.encode(kind, **fields | new))
    check(name, comment, phase)(act)


def flip(content):
    return bytes([content[0] ^ 1]) + content[1:]


check = Checks()


def _void():
    @check("ended_run", "What names a run that has ended is void", 1)
    def _(scene):
        said = scene.said("join")
        scene.post(0, said[0][1])
        scene.post(5, said[2][1])
        scene.say(0, "CLOSE", scene.now_ms + 3000, phase=1)
        scene.post(2, said[1][1])

    @check("over", "Once the sequence is over everything is void", 6)
    def _(scene):
        scene.step("release")
        scene.post(0, scene.members[0].release())

    @check("no_sender", "An entry without a sender is void", 1)
    def _(scene):
        scene.post(None, scene.said("join")[0][1])

    @check("stranger", "A JOIN of somebody who is not in the roster is void", 1)
    def _(scene):
        scene.post(77, scene.said("join")[0][1])

    @check("spoken_twice", "A second message in one phase is void", 2)
    def _(scene):
        said = scene.said("kem")
        scene.post(2, said[1][1])
        scene.post(2, said[1][1])

    @check("spoken_late", "A message of a phase that is over is void", 2)
    def _(scene):
        scene.post(2, bytes.fromhex(scene.log[1]["message"]))

    @check("nogo_after_go", "GO and NOGO are messages of one phase", 5)
    def _(scene):
        said = scene.said("judge")
        scene.post(2, said[1][1])
        scene.post(2, scene.members[2].accuse())

    @check("absent_speaks", "Whoever is absent is void for the rest of the run", 2)
    def _(scene):
        kind, fields = _next(scene, 2)
        scene.post(2, messages.encode(kind, **fields | {"t1": flip(fields["t1"])}))
        scene.post(2, messages.encode(kind, **fields))

    @check("contribution_after_the_last_go", "After the N-th GO only RELEASE and GIVE-UP count", 6)
    def _(scene):
        scene.post(2, bytes.fromhex(scene.log[13]["message"]))


def _transcripts():
    changed("other_context", "Another context makes its sender absent", 2, ctx=flip)
    changed("other_t1", "Another T1 makes its sender absent, before its content is read", 2, t1=flip, ciphertexts=b"")
    changed("other_t2", "Another T2 makes its sender absent", 3, t2=flip)
    changed("other_t3", "Another T3 makes its sender absent", 4, t3=flip)
    changed("other_t4", "Another T4 makes its sender absent", 5, t4=flip)

    @check("unequal_go_ends_the_run", "Once all GOs are in, an unequal one ends the run", 5)
    def _(scene):
        for leaf, message in scene.said("judge"):
            kind, fields = messages.decode(message)
            scene.post(leaf, messages.encode(kind, **fields | ({"t4": flip(fields["t4"])} if leaf == 5 else {})))

    @check("go_too_early", "A T4 that cannot be computed yet differs", 4)
    def _(scene):
        scene.say(2, "GO", t4=bytes(32))

    @check("nogo_too_early", "A NOGO before all messages of its phase stand is absence, not disruption", 3)
    def _(scene):
        scene.say(2, "NOGO", phase=3, evidence=bytes(32))

    @check("nogo_other_evidence", "A NOGO with other evidence never counts", 5)
    def _(scene):
        scene.say(2, "NOGO", phase=4, evidence=bytes(32))

    @check("nogo_of_another_phase", "A NOGO about another phase than 3 and 4 never counts", 5)
    def _(scene):
        scene.say(2, "NOGO", phase=5, evidence=scene.fold.sequences[0].t[3])


def _contents():
    malformed = "makes its sender absent"
    changed("join_short_key", f"An encapsulation key that is a byte short {malformed}", 1, ek=lambda ek: ek[:-1])
    changed("join_key_modulus", f"An encapsulation key with a coefficient above q {malformed}", 1,
            ek=lambda ek: b"\xFF" * 3 + ek[3:])
    changed("join_share_identity", f"X that is the identity {malformed}", 1, share=bytes(32))
    changed("join_share_not_canonical", f"X that is not canonical {malformed}", 1, share=b"\xFF" * 32)
    changed("join_response_not_canonical", f"s above the group's order {malformed}", 1,
            response=lambda s: (int.from_bytes(s, "little") + ristretto.L).to_bytes(32, "little"))
    changed("join_proof", f"A proof that does not hold {malformed}", 1, commitment=flip)
    changed("kem_short", f"A ciphertext that is a byte short {malformed}", 2, ciphertexts=lambda c: c[:-1])
    changed("kem_long", f"One ciphertext too many {malformed}", 2, ciphertexts=lambda c: c + c)
    changed("slot_p", f"A power sum of p {malformed}", 3, sums=lambda sums: [P, *sums[1:]])
    changed("slot_few", f"A power sum too few {malformed}", 3, sums=lambda sums: sums[1:])
    changed("dc_long", f"A vector of one byte too many {malformed}", 4, vector=lambda v: v + b"\0")

    @check("copied_share", "Two members with one X and valid proofs are both out", 1)
    def _(scene):
        for leaf, message in sorted(_twins(scene).items()):
            scene.post(leaf, message)

    @check("copied_key", "An encapsulation key that two announced leaves nobody out by itself", 1)
    def _(scene):
        said = dict(scene.said("join"))
        owner, copier = (_member(scene, leaf) for leaf in (0, 2))
        for leaf, message in sorted((said | {2: copier.join_with(owner._key().ek)}).items()):
            scene.post(leaf, message)


def _member(scene, leaf, of=None):
    """A member with what it drew in this scene, or with what another one drew."""
    drawn = iter(scene.drawn[leaf if of is None else of])
    return Member(scene.fold.sequences[0], leaf, lambda length: next(drawn))


def _ends():
    def close(name, comment, now, leaf=2, after=3000, **fields):
        @check(name, comment, now)
        def _(scene):
            if now == 2:
                began = scene.now_ms
                for who in (0, 5):
                    scene.post(who, dict(scene.said("kem"))[who], began)
            scene.say(leaf, "CLOSE", scene.now_ms + after, **{"phase": now} | fields)

    close("close", "A CLOSE at the phase's length ends the run; whoever is silent is absent", 2, after=3000)
    close("close_early", "A CLOSE before the phase's length is void", 2, after=2999)
    close("close_other_phase", "A CLOSE of another phase is void", 2, phase=3)
    close("close_by_a_stranger", "Anybody in the room closes a phase that is over", 2, leaf=77)
    close("close_by_a_stranger_of_no_run", "A stranger's CLOSE of a context that is no run's is void", 2, leaf=77, ctx=bytes(32))
    close("close_of_another_context", "A member's CLOSE of a context that is no run's makes it absent", 2, ctx=bytes(32))
    close("close_after_the_last_go", "There is no CLOSE after the N-th GO", 6)

    @check("close_in_a_shut_log", "A log that was shut in a phase: a CLOSE is void until it is open again, and then for the phase's length", 2)
    def _(scene):
        began = scene.now_ms
        for who in (0, 5):
            scene.post(who, dict(scene.said("kem"))[who], began)
        scene.shut(began + 1000)
        scene.say(2, "CLOSE", began + 3000, phase=2)
        scene.reopen(began + 4000)
        for after in (4001, 6999, 7000):
            scene.say(2, "CLOSE", began + after, phase=2)

    @check("a_phase_that_follows_in_a_shut_log", "A log that goes on puts off the phase under way then, also one that began while it was shut", 2)
    def _(scene):
        began = scene.now_ms
        scene.shut(began + 100)
        for who, kem in scene.said("kem"):
            scene.post(who, kem, began + 200)
        scene.reopen(began + 2500)
        for after in (5499, 5500):
            scene.say(2, "CLOSE", began + after, phase=3)

    @check("replayed_then_reopened", "A node that restarted is told after the run's messages when the log was opened: the phase ends when it ends for everybody", 2)
    def _(scene):
        began, kems = scene.now_ms, dict(scene.said("kem"))
        scene.post(0, kems[0], began + 100)
        scene.post(5, kems[5], began + 2000)
        scene.tell_reopened(began + 200)
        for after in (3199, 3200):
            scene.say(2, "CLOSE", began + after, phase=2)

    @check("time_runs_back", "Log time never runs backwards: an earlier time is the last one again", 2)
    def _(scene):
        said = scene.said("kem")
        scene.post(0, said[0][1])
        scene.post(5, said[2][1], scene.now_ms + 3000)
        scene.say(2, "CLOSE", 1, phase=2)

    @check("leave", "A LEAVE ends the run, its sender absent", 4)
    def _(scene):
        scene.say(2, "LEAVE")

    @check("leave_of_an_absent", "A LEAVE of a member that is absent already ends the run as well", 4)
    def _(scene):
        scene.say(2, "LEAVE", ctx=bytes(32))
        scene.say(2, "LEAVE")

    @check("absent_for_the_first_reason", "What made a member absent first stays the reason: another context and a LEAVE change nothing of it", 2)
    def _(scene):
        kind, fields = _next(scene, 2)
        scene.post(2, messages.encode(kind, **fields | {"ciphertexts": fields["ciphertexts"][:-1]}))
        scene.say(2, "CLOSE", ctx=bytes(32), phase=2)
        scene.say(2, "LEAVE")

    @check("leave_by_a_stranger", "A stranger's LEAVE is void", 4)
    def _(scene):
        scene.say(77, "LEAVE")

    @check("leave_after_the_last_go", "There is no LEAVE after the N-th GO", 6)
    def _(scene):
        scene.say(2, "LEAVE")

    @check("reveal_early", "A REVEAL without a NOGO that counts is void", 5)
    def _(scene):
        scene.say(2, "REVEAL", evidence=bytes(32), root=scene.members[2].root)

    @check("reveal_after_the_last_go", "There is no REVEAL after the N-th GO", 6)
    def _(scene):
        scene.say(2, "REVEAL", evidence=bytes(32), root=scene.members[2].root)


def _releases():
    changed("release_wrong", "An x that is not the logarithm of X is void", 6, x=flip)
    changed("release_not_canonical", "An x above the group's order is void", 6,
            x=lambda x: (int.from_bytes(x, "little") + ristretto.L).to_bytes(32, "little"))
    changed("release_no_such_index", "An index that nobody has is void", 6, index=3)
    changed("release_other_context", "After the N-th GO another context is void, and makes nobody absent", 6, ctx=flip)

    @check("release_by_a_stranger", "A RELEASE proves itself, whoever posts it", 6)
    def _(scene):
        scene.post(77, scene.members[2].release())

    @check("release_twice", "A RELEASE that is known is void", 6)
    def _(scene):
        scene.post(2, scene.members[2].release())
        scene.post(5, scene.members[2].release())

    @check("release_early", "A RELEASE before the N-th GO: its sender saw another log", 5)
    def _(scene):
        scene.post(2, scene.members[2].release())

    @check("give_up_early", "A GIVE-UP before phase 6 has lasted its length is void", 6)
    def _(scene):
        scene.say(2, "GIVE-UP", scene.now_ms + 2999)

    @check("give_up_in_a_shut_log", "A log that was shut in phase 6: a GIVE-UP is void until it is open again, and then for the phase's length", 6)
    def _(scene):
        began = scene.now_ms
        scene.shut(began + 2000)
        scene.say(2, "GIVE-UP", began + 4000)
        scene.reopen(began + 5000)
        for after in (5001, 7999, 8000):
            scene.say(2, "GIVE-UP", began + after)

    @check("give_up_by_a_stranger", "Only the opening roster gives up", 6)
    def _(scene):
        scene.say(77, "GIVE-UP", scene.now_ms + 3000)

    @check("give_up_before_the_last_go", "There is nothing to give up before the N-th GO", 5)
    def _(scene):
        scene.say(2, "GIVE-UP", scene.now_ms + 3000)


def _in_a_bad_lane():
    scene = without_tags()
    scene.step("join")
    scene.step("kem")
    scene.step("slot", leaf_2=one_more)
    entries = len(scene.log)
    sequence = scene.fold.sequences[0]
    scene.say(0, "DC", t3=sequence.t[2], vector=bytes(3 * 64))
    return scene.continued("A DC where a lane is bad makes its sender absent", "blame/sums.json", entries)


def _twins(scene):
    """JOINs of leaves 0 and 2 with one X."""
    return dict(scene.said("join")) | {2: _member(scene, 2, of=0).join()}


def _edges():
    @check("copied_share_with_an_absent", "Two with one X, and somebody whose history differs: the absent one alone is out", 1)
    def _(scene):
        said = _twins(scene)
        scene.say(5, "KEM", t1=bytes(32), ciphertexts=b"")
        scene.post(0, said[0])
        scene.post(2, said[2])

    @check("copied_share_and_close", "Two with one X, and somebody silent: the silent one alone is out", 1)
    def _(scene):
        said = _twins(scene)
        scene.post(0, said[0])
        scene.post(2, said[2])
        scene.say(0, "CLOSE", scene.now_ms + 3000, phase=1)

    @check("a_stranger_moves_no_clock", "What belongs to no sequence changes nothing, not even the time", 2)
    def _(scene):
        began = scene.now_ms
        scene.post(77, scene.said("kem")[0][1], began + 3000)
        scene.say(2, "CLOSE", began + 1, phase=2)

    @check("a_strangers_close_moves_the_clock", "A void CLOSE belongs to the sequence that it names, and its time counts", 2)
    def _(scene):
        began = scene.now_ms
        scene.say(77, "CLOSE", began + 3000, phase=5)
        scene.say(2, "CLOSE", began + 1, phase=2)

    @check("time_near_its_end", "A phase's end is never after 2^64 - 1: one that begins later than it should ends there", 2)
    def _(scene):
        said = scene.said("kem")
        for leaf, message in said:
            scene.post(leaf, message, 2**64 - 1000)
        scene.say(2, "CLOSE", 2**64 - 2, phase=3)
        scene.say(2, "CLOSE", 2**64 - 1, phase=3)

    @check("time_at_its_end", "A phase that begins at 2^64 - 1 can be closed in the same moment", 1)
    def _(scene):
        said = dict(scene.said("join"))
        for leaf in list(said)[:-1]:
            scene.post(leaf, said[leaf])
        leaf = list(said)[-1]
        scene.post(leaf, said[leaf], 2**64 - 1)
        scene.say(0, "CLOSE", 2**64 - 1, phase=2)

    @check("nogo_about_tags_in_verdicts", "A NOGO about the tags counts in phase 5 too", 5)
    def _(scene):
        scene.say(2, "NOGO", phase=3, evidence=scene.fold.sequences[0].t[2])

    @check("below_the_floor", "What names the last run of a sequence that fell below its floor belongs to an ended run", 2)
    def _(scene):
        said = scene.said("kem")
        scene.say(2, "LEAVE")
        scene.say(5, "LEAVE")
        scene.post(0, said[0][1])
        scene.say(0, "JOIN", ek=b"", share=bytes(32), commitment=bytes(32), response=bytes(32), head=bytes(32))
        scene.say(0, "GIVE-UP", ctx=bytes(32))


def _in_reveals():
    for name, comment, changes in (
            ("reveal_again", "A second REVEAL with other evidence is void", {"evidence": bytes(32)}),
            ("reveal_again_of_another_context", "A second REVEAL that names no run makes its sender absent", {"ctx": bytes(32)})):
        scene = disturbed("false nogo 4")
        falsely(scene)
        scene.post(0, scene.members[0].reveal())
        entries = len(scene.log)
        kind, fields = messages.decode(scene.members[0].reveal())
        scene.post(0, messages.encode(kind, **fields | changes))
        yield name, scene.continued(comment, "blame/false_nogo_vectors.json", entries)


def _of_two_sides():
    def scene_of(name, comment, act):
        scene = two_sides()
        for leaf, join in scene.said("join", 0) + scene.said("join", 1):
            scene.post(leaf, join)
        entries = len(scene.log)
        act(scene)
        return name, scene.continued(comment, "run/two_sides.json", entries)

    def other_run(scene):
        kind, fields = messages.decode(scene.said("kem", 0)[0][1])
        scene.post(0, messages.encode(kind, **fields | {"ctx": scene.fold.sequences[1].ctx}))

    def other_phase(scene):
        scene.say(0, "CLOSE", scene.now_ms + 3000, ctx=scene.fold.sequences[1].ctx, phase=2)

    def other_leave(scene):
        scene.say(0, "LEAVE", ctx=scene.fold.sequences[1].ctx)

    def nobodys_close(scene):
        scene.say(0, "CLOSE", ctx=bytes(32), phase=1)
        scene.say(77, "CLOSE", ctx=bytes(32), phase=1)

    yield scene_of("other_sides_run", "Whoever speaks in the other side's run is absent in its own", other_run)
    yield scene_of("other_sides_phase", "A seat of one side closes the other side's phase", other_phase)
    yield scene_of("other_sides_leave", "A LEAVE that names the other side's run belongs to its sender's own", other_leave)
    yield scene_of("close_of_no_side", "A CLOSE of no run belongs to its sender's own sequence; a stranger's to none", nobodys_close)


def checks():
    check.files.clear()
    for part in (_void, _transcripts, _contents, _ends, _releases, _edges):
        part()
    yield from check.files
    yield "dc_in_a_bad_lane", _in_a_bad_lane()
    yield from _in_reveals()
    yield from _of_two_sides()
