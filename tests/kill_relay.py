#!/usr/bin/env python3
"""Kills a relay process with SIGKILL while node processes talk through it, and looks what is left.

Usage: kill_relay.py TRACKTWO SCRIPTED [KILLS]
TRACKTWO is the program, SCRIPTED the node's example of that name. Every message whose command was
carried out must stand once on every node, and the nodes must agree about the room.
"""

import json
import queue
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PATIENCE_S = 60


class Node:
    def __init__(self, scripted, vault):
        self.process = subprocess.Popen(
            [scripted, vault, "a long passphrase"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.until(lambda line: "ready" in line)

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def send(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def until(self, fits):
        end = time.monotonic() + PATIENCE_S
        while True:
            line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(line, dict) and "refused" in line:
                raise AssertionError(line)
            if fits(line):
                return line

    def tell(self, what, **more):
        self.send(what, **more)
        return self.until(lambda line: isinstance(line, dict) and "done" in line)

    def plenary(self):
        self.send("view")
        view = self.until(lambda line: isinstance(line, dict) and "view" in line)["view"]
        return view.get("plenary")

    def end(self):
        self.process.kill()
        self.process.wait()


def find(line, key):
    """The value under a key anywhere in a line."""
    if isinstance(line, dict):
        if key in line:
            return line[key]
        return next((v for v in (find(one, key) for one in line.values()) if v is not None), None)
    return None


class Relay:
    def __init__(self, tracktwo, port, data):
        self.process = subprocess.Popen(
            [tracktwo, "relay", "--listen", f"127.0.0.1:{port}", "--data", data],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        said = [self.process.stdout.readline().split(": ", 1)[1].strip() for _ in range(3)]
        self.address, _, self.creation = said

    def kill(self):
        self.process.kill()
        self.process.wait()


def wait_for(what, holds):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, f"waited too long for {what}"
        threading.Event().wait(0.05)


def seat(convenor, node, name, side):
    convenor.send("invite", side=side)
    invited = convenor.until(lambda line: find(line, "invited") is not None)
    node.tell("join", invitation=find(invited, "text"), name=name)
    asked = convenor.until(lambda line: find(line, "asked") is not None)
    convenor.tell("approve", request=find(asked, "request"))
    wait_for("a seat", lambda: node.plenary())


def play(tracktwo, scripted, kills, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    relay = Relay(tracktwo, port, str(folder / "relay"))
    nodes = [Node(scripted, str(folder / name)) for name in ("first", "second", "third")]
    try:
        nodes[0].tell("convene", title="A dialogue", sides=["Ostrava", "Westria"], name="Convenor",
                      relay=relay.address, creation=relay.creation)
        for side, node in enumerate(nodes[1:]):
            seat(nodes[0], node, f"Seat {side}", side)
        draw, texts = random.Random(1), []
        for kill in range(kills):
            for node in nodes:
                for n in range(3):
                    texts.append(f"message {len(texts)} of life {kill}")
                    node.tell("say", place="plenary", text=texts[-1])
            threading.Event().wait(draw.uniform(0, 0.05))
            relay.kill()
            relay = Relay(tracktwo, port, str(folder / "relay"))
        rooms = []
        def all_there():
            rooms[:] = [node.plenary() for node in nodes]
            return all(len(room["messages"]) >= len(texts) for room in rooms)
        wait_for("every message on every node", all_there)
        wait_for("one state", lambda: all_there() and len({room["digest"] for room in rooms}) == 1)
        for room in rooms:
            said = sorted(m if isinstance(m, str) else m["text"] for m in room["messages"])
            assert said == sorted(texts), "a message is lost or doubled"
        print(f"{kills} kills, {len(texts)} messages, each once on {len(nodes)} nodes, one digest")
    finally:
        for node in nodes:
            node.end()
        relay.kill()


if __name__ == "__main__":
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    with tempfile.TemporaryDirectory() as folder:
        play(sys.argv[1], sys.argv[2], kills, Path(folder))
    print("1 passed, 0 failed")
