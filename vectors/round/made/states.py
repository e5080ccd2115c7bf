"""What is kept: good states of whole logs, and states that contradict themselves."""
from second import state

from .facts import fact
from .runs import TEXTS, reopened, three_members, two_sides
from .scene import STEPS, Scene, terms


def _of(scene, comment, base):
    return {"comment": comment, "log_of": base, "entries": len(scene.log),
            "state": state.of_round(scene.fold).hex()}


def states():
    base, scene = "run/three_members.json", three_members()
    yield "start", _of(scene, "After START", base)
    scene.play("release")
    yield "all_go", _of(scene, "In phase 6, before any share", base)
    member = scene.members[2]
    share = state.release_share(member.ctx, member.i, member.x)
    yield "share", fact("A share that waits, and the RELEASE that it says again", share=share, release=member.release())
    said = scene.said("release")
    scene.post(*said[0])
    yield "one_share", _of(scene, "In phase 6, with one share", base)
    for name, comment, content in state.faults(scene.fold.sequences[0]):
        yield f"fault_{name}", fact(comment, sequence=content, fault=True)
    scene.post(*said[1])
    scene.post(*said[2])
    yield "opened", _of(scene, "Over: opened", base)

    scene = two_sides()
    for leaf, join in scene.said("join", 0) + scene.said("join", 1):
        scene.post(leaf, join)
    for step in STEPS[1:5]:
        scene.step(step, 0)
    yield "gate", _of(scene, "One side waits at the gate, the other is in its first run", "run/two_sides.json")

    yield "reopened", _of(reopened("release"), "In phase 6, after the log was shut", "run/reopened.json")

    scene = Scene([terms([0, 2, 5], 2, side=1)], TEXTS, cheats=[2], seed="repeated")
    scene.play("vector")
    scene.step("vector", leaf_2=lambda member: None)
    scene.say(0, "CLOSE", scene.now_ms + 3000, phase=4)
    yield "second_run", _of(scene, "At the beginning of a second run", "run/repeated.json")
