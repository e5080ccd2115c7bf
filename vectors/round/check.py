#!/usr/bin/env python3
"""Makes every file of this folder anew, by the second implementation in `second`, which follows PROTOCOL.md,
shares no code with the project and needs nothing but the standard library; and compares. `--write` replaces
the files."""
import json
import sys
from pathlib import Path

from made.checks import checks
from made.facts import facts
from made.faults import faults
from made.runs import blame, runs
from made.states import states

HERE = Path(__file__).parent


def files():
    yield from facts()
    yield from faults()
    for folder, content in (("run", runs), ("blame", blame), ("check", checks), ("state", states)):
        for name, file in content():
            yield f"{folder}/{name}", file


def encoded(content):
    return json.dumps(content, indent=1) + "\n"


def main():
    made = {f"{name}.json": encoded(content) for name, content in files()}
    there = {path.relative_to(HERE).as_posix(): path for path in HERE.rglob("*.json")}
    wrong = sorted(name for name in there if name not in made)
    for name, content in made.items():
        path = HERE / name
        if "--write" in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        elif name not in there or path.read_text(encoding="utf-8") != content:
            wrong.append(name)
    if "--write" in sys.argv:
        for name in wrong:
            there[name].unlink()
        wrong = []
    print("\n".join(f"differs: {name}" for name in wrong) or f"{len(made)} files as they must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
