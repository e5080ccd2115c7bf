#!/usr/bin/env python3
"""Judges a run of `tracktwo demo --headless --json --keep DIR` from outside.

Shares no code with the project: it reads the JSON on the last line of the demo's output and the kept
folder (DIR/relay, DIR/nodes/NAME, DIR/relay-sizes.csv), prints one line a check and exits 1 if any fails.
The sizes of the relay's entries are the demo's own list; its sum and count are held against the JSON,
and against what lies in DIR/relay.
"""

import argparse
import csv
import functools
import json
import sys
import unicodedata
import zlib
from pathlib import Path

from canaries import Canaries, filled_blocks

HEX = set("0123456789abcdef")
KIB = 1024
BUCKETS = {KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB}
ROOMS = ["plenary", "caucus"]

ANY_NUMBER = (int, float)
SHAPE = {
    "seats": [{"name": str, "side": (str, type(None))}],
    "left": [str],
    "digests": {str: str},
    "caucus_digests": {str: {str: str}},
    "table_words": [str],
    "rounds": [
        {
            "kind": str,
            "question": str,
            "opening_roster": int,
            "final_roster": int,
            "runs": int,
            "collect_ms": ANY_NUMBER,
            "blanks": int,
            "submitted": [str],
            "statements": [{"text": str}],
        }
    ],
    "ballots": [
        {
            "statement_id": int,
            "text": str,
            "tally": {str: {"agree": int, "disagree": int, "pass": int}},
            "shown": {str: object},
        }
    ],
    "said": [str],
    "messages": int,
    "relay": {"mailboxes": int, "entries": int, "bytes": int},
    "timings_ms": {
        "setup": ANY_NUMBER,
        "message_p50": ANY_NUMBER,
        "message_p95": ANY_NUMBER,
        "total": ANY_NUMBER,
    },
}


def misshapen(value, shape, where="report"):
    """Where a value has other keys or types than `shape`."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        if str in shape:
            return [f for k, v in value.items() for f in misshapen(v, shape[str], f"{where}.{k}")]
        if set(value) != set(shape):
            return [f"{where} has keys {sorted(set(value) ^ set(shape))} too many or too few"]
        return [f for k in shape for f in misshapen(value[k], shape[k], f"{where}.{k}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [f for i, v in enumerate(value) for f in misshapen(v, shape[0], f"{where}[{i}]")]
    is_right = isinstance(value, shape) and not isinstance(value, bool)
    return [] if is_right else [f"{where} is {value!r}"]


def expect(holds, why):
    if not holds:
        raise AssertionError(why)


class Run:
    """A report and its kept folder, with what several checks ask."""

    def __init__(self, report, kept):
        self.report, self.kept = report, Path(kept)

    def __getitem__(self, key):
        return self.report[key]

    def seated(self):
        return [seat for seat in self["seats"] if seat["side"] is not None]

    def present(self):
        return [seat["name"] for seat in self["seats"]]

    def sides(self):
        return sorted({seat["side"] for seat in self.seated()})

    def texts(self):
        rounds = self["rounds"]
        shown = [statement["text"] for one in rounds for statement in one["statements"]]
        submitted = [text for one in rounds for text in one["submitted"]]
        return self["said"] + shown + submitted + [one["question"] for one in rounds]

    @functools.cached_property
    def canaries(self):
        names = self.present() + self["left"] + self.sides()
        return Canaries(names, self.texts() + [" ".join(self["table_words"])])

    def entry_sizes(self):
        """(mailbox, index, bytes) of every entry on the relay."""
        with open(self.kept / "relay-sizes.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return [(row["mailbox"], int(row["index"]), int(row["bytes"])) for row in rows]


CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


@check
def the_report_has_exactly_the_keys_and_types(run):
    faults = misshapen(run.report, SHAPE)
    expect(not faults, "; ".join(faults[:5]))


@check
def names_have_five_letters_and_are_different(run):
    names = run.present() + run["left"] + run.sides()
    for name in names:
        expect(len(name) >= 5 and name.isalpha(), f"{name!r} is short or no word")
    expect(len({name.lower() for name in names}) == len(names), "a name stands twice")


@check
def one_seat_is_the_convenors(run):
    convenors = [seat for seat in run["seats"] if seat["side"] is None]
    expect(len(convenors) == 1, f"{len(convenors)} seats have no side")


@check
def one_seat_joined_and_one_left(run):
    expect(len(run["left"]) == 1, f"{len(run['left'])} left")
    expect(run["left"][0] not in run.present(), f"{run['left'][0]} left and is there")
    at_first = run["rounds"][0]["opening_roster"]
    joined = len(run.seated()) + len(run["left"]) - at_first
    expect(joined == 1, f"{joined} joined")


def expect_digests(digests, names, where):
    missing = sorted(set(digests) ^ set(names))
    expect(not missing, f"{where}: {missing} too many or too few")
    for name, digest in digests.items():
        expect(len(digest) == 64 and set(digest) <= HEX, f"{where}: {name} has no digest")
    expect(len(set(digests.values())) == 1, f"{where}: digests differ")


@check
def everybody_has_the_plenarys_digest(run):
    expect_digests(run["digests"], run.present(), "plenary")


@check
def every_side_has_its_caucus_digest(run):
    caucuses = run["caucus_digests"]
    expect(sorted(caucuses) == run.sides(), f"caucuses {sorted(caucuses)}, sides {run.sides()}")
    for side, digests in caucuses.items():
        names = [seat["name"] for seat in run.seated() if seat["side"] == side]
        expect_digests(digests, names, side)


@check
def no_two_rooms_have_one_digest(run):
    rooms = [run["digests"], *run["caucus_digests"].values()]
    digests = [digest for room in rooms for digest in set(room.values())]
    expect(len(set(digests)) == len(digests), "two rooms have one digest")


@check
def there_are_six_table_words(run):
    words = run["table_words"]
    expect(len(words) == 6, f"{len(words)} table words")
    expect(all(word.isalpha() and word == word.lower() for word in words), "no words")


@check
def there_are_two_statement_rounds(run):
    expect([one["kind"] for one in run["rounds"]] == ["statement"] * 2, "other Rounds")
    questions = [one["question"] for one in run["rounds"]]
    expect(all(question.strip() for question in questions), "a question is empty")
    expect(len(set(questions)) == 2, "one question stands twice")


@check
def the_first_round_has_everybody_and_one_blank(run):
    first, seats = run["rounds"][0], len(run.seated())
    figures = (first["opening_roster"], first["final_roster"], first["runs"], first["blanks"])
    expect(figures == (seats, seats, 1, 1), f"opening, final, runs, blanks are {figures}")


@check
def the_second_round_is_repeated_without_one(run):
    second, seats = run["rounds"][1], len(run.seated())
    figures = (second["opening_roster"], second["final_roster"], second["runs"])
    expect(figures == (seats, seats - 1, 2), f"opening, final, runs are {figures}")


@check
def no_round_is_below_its_floor(run):
    for one in run["rounds"]:
        opening, final = one["opening_roster"], one["final_roster"]
        expect(final >= 5 and 5 * final >= 4 * opening, f"{final} of {opening}")


@check
def every_submitted_text_appears_once_and_no_other(run):
    for one in run["rounds"]:
        shown = sorted(statement["text"] for statement in one["statements"])
        lost = set(one["submitted"]) ^ set(shown)
        expect(not lost, f"{len(lost)} texts only submitted or only shown: {sorted(lost)[:1]}")
        expect(shown == sorted(one["submitted"]), "a text is doubled")
        expect(len(set(shown)) == len(shown), "two submitted texts are equal")


@check
def texts_and_blanks_make_the_final_roster(run):
    for one in run["rounds"]:
        total = len(one["submitted"]) + one["blanks"]
        expect(0 <= one["blanks"] and total == one["final_roster"], f"{total} contributions")


@check
def submitted_texts_are_normalised_and_sorted(run):
    for one in run["rounds"]:
        expect(one["submitted"] == sorted(one["submitted"]), "not sorted")
        for text in one["submitted"]:
            is_plain = text and text == unicodedata.normalize("NFC", text).strip()
            expect(is_plain and not set(text) & set("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0\u200b\r"), text)


def rosters(run):
    """By what a tally may be named: how many seats answer in it."""
    sides = {side: [seat["side"] for seat in run.seated()].count(side) for side in run.sides()}
    return sides if min(sides.values()) >= 5 else {"all": len(run.seated())}


@check
def everything_of_the_last_round_is_answered(run):
    asked = [one["text"] for one in run["ballots"]]
    expect(asked == [one["text"] for one in run["rounds"][-1]["statements"]], "other statements")
    ids = [one["statement_id"] for one in run["ballots"]]
    expect(len(set(ids)) == len(ids), "a statement is asked about twice")


@check
def every_roster_is_counted_and_no_other(run):
    seats = rosters(run)
    for one in run["ballots"]:
        expect(set(one["tally"]) == set(seats), f"tallies of {sorted(one['tally'])}")
        for name, tally in one["tally"].items():
            expect(sum(tally.values()) <= seats[name], f"{tally} of {seats[name]} seats")


@check
def few_answers_are_not_shown_and_below_twenty_no_number_is(run):
    for one in run["ballots"]:
        for name, tally in one["tally"].items():
            ballots, shown = sum(tally.values()), one["shown"].get(name)
            expect(ballots >= 5 or shown is None, f"{ballots} answers are shown")
            told = [] if shown is None else [shown.get(key) for key in ["agree", "disagree", "pass"]]
            numbers = [value for value in told if isinstance(value, (int, float))]
            expect(ballots >= 20 or not numbers, f"{numbers} of {ballots} answers")


@check
def there_are_200_messages(run):
    expect(run["messages"] >= 200, f"{run['messages']} messages")
    expect(200 <= len(run["said"]) <= run["messages"], f"{len(run['said'])} texts said")
    expect(len(set(run["said"])) == len(run["said"]), "a text was said twice")
    expect(all(text.strip() for text in run["said"]), "an empty text was said")


@check
def nothing_of_a_round_was_said(run):
    said = set(run["said"])
    texts = [text for one in run["rounds"] for text in one["submitted"]]
    expect(not said & set(texts), "a statement is also a message")


@check
def timings_are_possible(run):
    timings = run["timings_ms"]
    expect(0 < timings["message_p50"] <= timings["message_p95"], "message_p50, message_p95")
    expect(0 < timings["setup"] < timings["total"], "setup, total")
    for one in run["rounds"]:
        expect(0 < one["collect_ms"] < timings["total"], f"collect_ms {one['collect_ms']}")
    phase_ms = 3000
    slow = run["rounds"][1]["collect_ms"]
    expect(slow >= phase_ms, f"the second Round waited for nobody: {slow} ms")


@check
def every_seat_has_its_vault(run):
    folders = sorted(path.name for path in (run.kept / "nodes").iterdir() if path.is_dir())
    names = sorted(run.present() + run["left"])
    expect(folders == names, f"vaults {folders}, seats {names}")
    for name in names:
        for file in ["keys", "vault.redb"]:
            path = run.kept / "nodes" / name / file
            expect(path.is_file() and path.stat().st_size > 0, f"{name} has no {file}")


@check
def the_relay_has_a_mailbox_for_every_room(run):
    mailboxes = {mailbox for mailbox, _, _ in run.entry_sizes()}
    rooms, claimed = 1 + len(run.sides()), run["relay"]["mailboxes"]
    expect(rooms <= len(mailboxes) <= claimed, f"{len(mailboxes)} of {claimed}, {rooms} rooms")


@check
def entries_fall_into_six_buckets(run):
    sizes = {size for _, _, size in run.entry_sizes()}
    expect(sizes and len(sizes) <= 6, f"{len(sizes)} sizes")
    expect(sizes <= BUCKETS, f"odd sizes: {sorted(sizes - BUCKETS)}")


@check
def entries_stand_in_order_without_a_gap(run):
    logs = {}
    for mailbox, index, _ in run.entry_sizes():
        logs.setdefault(mailbox, []).append(index)
    for mailbox, indices in logs.items():
        expect(sorted(indices) == list(range(len(indices))), f"mailbox {mailbox} has a gap")


@check
def the_list_of_entries_agrees_with_the_report(run):
    sizes = [size for _, _, size in run.entry_sizes()]
    expect(len(sizes) == run["relay"]["entries"], f"{len(sizes)} entries are listed")
    expect(sum(sizes) == run["relay"]["bytes"], f"{sum(sizes)} bytes are listed")


@check
def every_message_is_an_entry(run):
    contributions = sum(5 * one["final_roster"] for one in run["rounds"])
    expected = run["messages"] + contributions
    expect(run["relay"]["entries"] >= expected, f"fewer than {expected} entries")


@check
def the_relay_holds_the_bytes_of_its_entries(run):
    stored = sum(len(block) for block in filled_blocks(run.kept / "relay"))
    expect(stored >= run["relay"]["bytes"], f"only {stored} bytes are not zero")


@check
def what_the_relay_holds_looks_random(run):
    packer, plain, packed = zlib.compressobj(1), 0, 0
    for block in filled_blocks(run.kept / "relay"):
        plain += len(block)
        packed += len(packer.compress(block))
    packed += len(packer.flush())
    expect(plain and packed >= 0.9 * plain, f"{plain} bytes shrink to {packed}")


@check
def nothing_readable_is_on_the_relay(run):
    relay = run.kept / "relay"
    found = run.canaries.in_folder(relay) + Canaries(ROOMS, []).in_folder(relay)
    expect(not found, "; ".join(found))


@check
def nothing_readable_is_in_a_vault(run):
    for vault in sorted((run.kept / "nodes").iterdir()):
        found = run.canaries.in_folder(vault)
        expect(not found, "; ".join(found))


def the_run_is_fast(run):
    """Asked for by --speed only: a busy machine says nothing about the program."""
    limit = 20_000 if len(run.seated()) <= 12 else 60_000
    expect(run["timings_ms"]["total"] < limit, f"total {run['timings_ms']['total']} ms")
    expect(run["timings_ms"]["message_p50"] < 15, f"p50 {run['timings_ms']['message_p50']} ms")
    expect(run["rounds"][0]["collect_ms"] < 1000, f"collect {run['rounds'][0]['collect_ms']} ms")


def as_many_seats_as_asked_for(seats):
    """Asked for by --seats only."""

    def the_seats_are_as_many_as_asked_for(run):
        opening = run["rounds"][0]["opening_roster"]
        expect(opening == seats, f"{opening} seats, {seats} were asked for")

    return the_seats_are_as_many_as_asked_for


def judge(run, checks=None):
    """Every check's name, and why it fails or None; one that cannot be made fails."""
    for one in checks or CHECKS:
        try:
            one(run)
            yield one.__name__, None
        except AssertionError as fault:
            yield one.__name__, str(fault)
        except Exception as error:  # a report may be wrong in any way
            yield one.__name__, f"{type(error).__name__}: {error}"


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kept", help="the folder given to --keep")
    parser.add_argument("report", nargs="?", help="the demo's output (default: standard input)")
    parser.add_argument("--seats", type=int, help="seats with a side that were asked for")
    parser.add_argument("--speed", action="store_true", help="also hold the timings against the bars")
    options = parser.parse_args()
    text = Path(options.report).read_text() if options.report else sys.stdin.read()
    try:
        report = json.loads(last_line(text))
    except ValueError as error:
        print(f"FAIL the last line is JSON: {error}\nchecks: 0 passed, 1 failed")
        return 1
    checks = CHECKS + ([the_run_is_fast] if options.speed else [])
    if options.seats is not None:
        checks.append(as_many_seats_as_asked_for(options.seats))
    verdicts = list(judge(Run(report, options.kept), checks))
    for name, why in verdicts:
        print(f"ok   {name}" if why is None else f"FAIL {name}: {why}")
    failed = sum(why is not None for _, why in verdicts)
    print(f"checks: {len(verdicts) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
