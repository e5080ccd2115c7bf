#!/usr/bin/env python3
"""Each check of check_demo.py passes on a good run and fails on one that is spoilt on purpose."""

import base64
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import check_demo
from check_demo import KIB, Run, judge

SIDES = ["Ostravane", "Pelluinor"]
PEOPLE = [f"{first}ovimar" for first in ["Bel", "Cyr", "Dov", "Elk", "Fah", "Gyr", "Hol", "Ist"]]
CONVENOR, LEFT = "Zuldemar", "Kwenditar"


def texts(what, count):
    return sorted(f"{what} number {n}: the boats went out at dawn and {n * n} came back" for n in range(count))


def good_round(question, opening, final, runs, blanks, collect_ms):
    submitted = texts(question, final - blanks)
    shown = list(reversed(submitted))
    return {
        "kind": "statement",
        "question": f"{question} should happen to the old boats and their crews?",
        "opening_roster": opening,
        "final_roster": final,
        "runs": runs,
        "collect_ms": collect_ms,
        "blanks": blanks,
        "submitted": submitted,
        "statements": [{"text": text} for text in shown],
    }


def good_ballots(round_):
    tally = {"agree": 5, "disagree": 2, "pass": 0}
    told = {"agree": None, "disagree": None, "pass": None, "phrase": "most_agree", "ballots": 7}
    return [
        {"statement_id": n, "text": one["text"], "tally": {"all": dict(tally)}, "shown": {"all": dict(told)}}
        for n, one in enumerate(round_["statements"])
    ]


def good_report():
    seats = [{"name": name, "side": SIDES[n % 2]} for n, name in enumerate(PEOPLE)]
    count = len(seats)
    everybody = PEOPLE + [CONVENOR]
    members = {side: [seat["name"] for seat in seats if seat["side"] == side] for side in SIDES}
    rounds = [
        good_round("What", count, count, 1, 1, 210.5),
        good_round("Which", count, count - 1, 2, 0, 3400),
    ]
    return {
        "seats": seats + [{"name": CONVENOR, "side": None}],
        "left": [LEFT],
        "digests": {name: "ab" * 32 for name in everybody},
        "caucus_digests": {
            side: {name: f"{n:064x}" for name in members[side]} for n, side in enumerate(SIDES)
        },
        "table_words": ["amber", "bridge", "cedar", "delta", "ember", "fjord"],
        "rounds": rounds,
        "ballots": good_ballots(rounds[-1]),
        "said": texts("Somebody said", 220),
        "messages": 220,
        "relay": {"mailboxes": 3, "entries": 0, "bytes": 0},
        "timings_ms": {"setup": 800, "message_p50": 4.5, "message_p95": 9, "total": 9000},
    }


def write_folder(kept, report):
    """Vaults and a relay's store of random bytes, with room kept in advance as stores do."""
    chance = random.Random(1)
    for name in [seat["name"] for seat in report["seats"]] + report["left"]:
        vault = kept / "nodes" / name
        vault.mkdir(parents=True)
        (vault / "keys").write_bytes(chance.randbytes(4 * KIB))
        (vault / "vault.redb").write_bytes(chance.randbytes(64 * KIB) + bytes(64 * KIB))
    sizes = [("a1" * 8, n, KIB) for n in range(300)] + [("b2" * 8, n, 4 * KIB) for n in range(20)]
    sizes += [("c3" * 8, 0, 16 * KIB)]
    total = sum(size for _, _, size in sizes)
    report["relay"].update(entries=len(sizes), bytes=total)
    (kept / "relay").mkdir()
    (kept / "relay" / "journal").write_bytes(chance.randbytes(total + 300) + bytes(256 * KIB))
    write_sizes(kept, sizes)


def write_sizes(kept, sizes):
    lines = ["mailbox,index,bytes"] + [f"{mailbox},{index},{size}" for mailbox, index, size in sizes]
    (kept / "relay-sizes.csv").write_text("\n".join(lines) + "\n")


class Spoilt(unittest.TestCase):
    def setUp(self):
        self.kept = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.kept)
        self.report = good_report()
        write_folder(self.kept, self.report)

    def failing(self, checks=None):
        return {name for name, why in judge(Run(self.report, self.kept), checks) if why is not None}

    def assert_fails(self, *names):
        checks = [getattr(check_demo, name) for name in names]
        self.assertEqual(self.failing(checks), set(names))

    def leak(self, place, leaked):
        """Writes bytes into the middle of a file."""
        path = self.kept / place
        data = path.read_bytes()
        middle = 1001
        path.write_bytes(data[:middle] + leaked + data[middle + len(leaked) :])

    def sizes(self):
        return Run(self.report, self.kept).entry_sizes()

    # The good run.

    def test_a_good_run_passes(self):
        self.assertEqual(self.failing(), set())

    def test_every_check_is_seen_to_fail(self):
        source = Path(__file__).read_text()
        for check in check_demo.CHECKS:
            self.assertIn(f'"{check.__name__}"', source)

    # The report.

    def test_a_missing_key(self):
        del self.report["said"]
        self.assert_fails("the_report_has_exactly_the_keys_and_types")

    def test_a_key_too_many(self):
        self.report["rounds"][0]["statements"][0]["author"] = PEOPLE[0]
        self.assert_fails("the_report_has_exactly_the_keys_and_types")

    def test_a_wrong_type(self):
        for wrong in ["3", None, True, 3.5]:
            self.report["relay"]["mailboxes"] = wrong
            self.assert_fails("the_report_has_exactly_the_keys_and_types")

    def test_a_short_name(self):
        self.report["left"] = ["Kwen"]
        self.assert_fails("names_have_five_letters_and_are_different")

    def test_a_name_twice(self):
        self.report["seats"][0]["name"] = self.report["seats"][1]["name"]
        self.assert_fails("names_have_five_letters_and_are_different")

    def test_two_convenors(self):
        self.report["seats"][0]["side"] = None
        self.assert_fails("one_seat_is_the_convenors")

    def test_nobody_left(self):
        self.report["left"] = []
        self.assert_fails("one_seat_joined_and_one_left")

    def test_two_joined(self):
        self.report["rounds"][0]["opening_roster"] -= 1
        self.assert_fails("one_seat_joined_and_one_left")

    def test_a_different_digest(self):
        self.report["digests"][PEOPLE[3]] = "ac" * 32
        self.assert_fails("everybody_has_the_plenarys_digest")

    def test_a_missing_digest(self):
        del self.report["digests"][CONVENOR]
        self.assert_fails("everybody_has_the_plenarys_digest")

    def test_a_digest_of_one_who_left(self):
        self.report["digests"][LEFT] = "ab" * 32
        self.assert_fails("everybody_has_the_plenarys_digest")

    def test_a_digest_that_is_none(self):
        self.report["digests"] = {name: "AB" * 32 for name in self.report["digests"]}
        self.assert_fails("everybody_has_the_plenarys_digest")

    def test_a_different_caucus_digest(self):
        self.report["caucus_digests"][SIDES[0]][PEOPLE[0]] = "ac" * 32
        self.assert_fails("every_side_has_its_caucus_digest")

    def test_a_missing_caucus(self):
        del self.report["caucus_digests"][SIDES[1]]
        self.assert_fails("every_side_has_its_caucus_digest")

    def test_the_convenor_in_a_caucus(self):
        caucus = self.report["caucus_digests"][SIDES[0]]
        caucus[CONVENOR] = caucus[PEOPLE[0]]
        self.assert_fails("every_side_has_its_caucus_digest")

    def test_two_rooms_with_one_digest(self):
        caucuses = self.report["caucus_digests"]
        caucuses[SIDES[0]] = {name: "ab" * 32 for name in caucuses[SIDES[0]]}
        self.assert_fails("no_two_rooms_have_one_digest")

    def test_five_table_words(self):
        self.report["table_words"].pop()
        self.assert_fails("there_are_six_table_words")

    def test_one_round(self):
        self.report["rounds"].pop()
        self.assert_fails("there_are_two_statement_rounds")

    def test_an_absence_in_the_first_round(self):
        self.report["rounds"][0].update(final_roster=len(PEOPLE) - 1, runs=2)
        self.assert_fails("the_first_round_has_everybody_and_one_blank")

    def test_no_blank(self):
        self.report["rounds"][0]["blanks"] = 0
        self.assert_fails("the_first_round_has_everybody_and_one_blank")

    def test_nobody_absent_in_the_second_round(self):
        self.report["rounds"][1].update(final_roster=len(PEOPLE), runs=1)
        self.assert_fails("the_second_round_is_repeated_without_one")

    def test_a_round_below_its_floor(self):
        self.report["rounds"][1]["final_roster"] = 6
        self.assert_fails("no_round_is_below_its_floor")

    def test_a_text_that_is_lost(self):
        self.report["rounds"][0]["statements"].pop()
        self.assert_fails("every_submitted_text_appears_once_and_no_other")

    def test_a_text_that_nobody_sent(self):
        self.report["rounds"][0]["statements"].append({"text": "the wind wrote this one"})
        self.assert_fails("every_submitted_text_appears_once_and_no_other")

    def test_a_text_that_appears_twice(self):
        shown = self.report["rounds"][1]["statements"]
        shown.append(copy.copy(shown[0]))
        self.assert_fails("every_submitted_text_appears_once_and_no_other")

    def test_a_contribution_too_few(self):
        one = self.report["rounds"][1]
        lost = one["submitted"].pop()
        one["statements"] = [{"text": text} for text in one["submitted"] if text != lost]
        self.assert_fails("texts_and_blanks_make_the_final_roster")

    def test_texts_in_order_of_arrival(self):
        self.report["rounds"][0]["submitted"].reverse()
        self.assert_fails("submitted_texts_are_normalised_and_sorted")

    def test_a_text_that_is_not_normalised(self):
        for odd in ["\u201cquoted\u201d", "cafe\u0301", "trailing "]:
            self.report["rounds"][0]["submitted"] = [odd]
            self.assert_fails("submitted_texts_are_normalised_and_sorted")

    def test_a_statement_that_nobody_is_asked_about(self):
        self.report["ballots"].pop()
        self.assert_fails("everything_of_the_last_round_is_answered")

    def test_more_answers_than_seats(self):
        self.report["ballots"][0]["tally"]["all"]["pass"] = 40
        self.assert_fails("every_roster_is_counted_and_no_other")

    def test_a_side_that_is_too_small_to_be_counted(self):
        self.report["ballots"][0]["tally"][SIDES[0]] = {"agree": 3, "disagree": 0, "pass": 1}
        self.assert_fails("every_roster_is_counted_and_no_other")

    def test_a_result_of_four_answers(self):
        self.report["ballots"][0]["tally"]["all"] = {"agree": 4, "disagree": 0, "pass": 0}
        self.assert_fails("few_answers_are_not_shown_and_below_twenty_no_number_is")

    def test_a_number_on_a_page(self):
        self.report["ballots"][0]["shown"]["all"]["agree"] = 5
        self.assert_fails("few_answers_are_not_shown_and_below_twenty_no_number_is")

    def test_too_few_messages(self):
        self.report.update(said=self.report["said"][:199], messages=199)
        self.assert_fails("there_are_200_messages")

    def test_a_message_twice(self):
        self.report["said"][0] = self.report["said"][1]
        self.assert_fails("there_are_200_messages")

    def test_a_statement_that_was_said(self):
        self.report["said"][0] = self.report["rounds"][0]["submitted"][0]
        self.assert_fails("nothing_of_a_round_was_said")

    def test_impossible_timings(self):
        self.report["timings_ms"]["message_p50"] = 10
        self.assert_fails("timings_are_possible")

    def test_a_repeated_run_that_did_not_wait(self):
        self.report["rounds"][1]["collect_ms"] = 200
        self.assert_fails("timings_are_possible")

    def test_a_slow_run(self):
        run = Run(self.report, self.kept)
        self.assertEqual(list(judge(run, [check_demo.the_run_is_fast])), [("the_run_is_fast", None)])
        self.report["rounds"][0]["collect_ms"] = 1200
        (_, why), = judge(run, [check_demo.the_run_is_fast])
        self.assertIsNotNone(why)

    # The folder.

    def test_a_missing_vault(self):
        shutil.rmtree(self.kept / "nodes" / LEFT)
        self.assert_fails("every_seat_has_its_vault")

    def test_an_empty_vault(self):
        (self.kept / "nodes" / PEOPLE[0] / "keys").write_bytes(b"")
        self.assert_fails("every_seat_has_its_vault")

    def test_a_room_without_a_mailbox(self):
        write_sizes(self.kept, [row for row in self.sizes() if not row[0].startswith("c3")])
        self.assert_fails("the_relay_has_a_mailbox_for_every_room")

    def test_an_entry_that_is_not_padded(self):
        write_sizes(self.kept, self.sizes()[:-1] + [("c3" * 8, 0, 1234)])
        self.assert_fails("entries_fall_into_six_buckets")

    def test_a_missing_list_of_entries(self):
        (self.kept / "relay-sizes.csv").unlink()
        self.assert_fails("entries_fall_into_six_buckets", "the_list_of_entries_agrees_with_the_report")

    def test_a_gap_in_a_log(self):
        write_sizes(self.kept, self.sizes()[1:])
        self.assert_fails("entries_stand_in_order_without_a_gap")

    def test_an_entry_that_is_not_counted(self):
        self.report["relay"]["entries"] -= 1
        self.assert_fails("the_list_of_entries_agrees_with_the_report")

    def test_bytes_that_are_not_counted(self):
        self.report["relay"]["bytes"] += KIB
        self.assert_fails("the_list_of_entries_agrees_with_the_report")

    def test_more_messages_than_entries(self):
        self.report["messages"] = 100_000
        self.assert_fails("every_message_is_an_entry")

    def test_a_store_that_lies_elsewhere(self):
        (self.kept / "relay" / "journal").write_bytes(bytes(1024 * KIB))
        self.assert_fails("the_relay_holds_the_bytes_of_its_entries")

    def test_padding_outside_the_encryption(self):
        entries = [random.Random(n).randbytes(200) + b"\x01" * 824 for n in range(600)]
        (self.kept / "relay" / "journal").write_bytes(b"".join(entries))
        self.assert_fails("what_the_relay_holds_looks_random")

    # Canaries.

    def assert_found(self, leaked):
        """In the relay's store and in a vault."""
        original = (self.kept / "relay" / "journal").read_bytes()
        self.leak("relay/journal", leaked)
        self.assert_fails("nothing_readable_is_on_the_relay")
        (self.kept / "relay" / "journal").write_bytes(original)
        self.leak(f"nodes/{PEOPLE[1]}/vault.redb", leaked)
        self.assert_fails("nothing_readable_is_in_a_vault")

    def test_a_message_in_the_clear(self):
        self.assert_found(self.report["said"][7].encode())

    def test_a_statement_in_the_clear(self):
        self.assert_found(self.report["rounds"][1]["submitted"][2].encode())

    def test_a_question_in_utf_16(self):
        self.assert_found(self.report["rounds"][0]["question"].encode("utf-16-le"))

    def test_table_words(self):
        self.assert_found(" ".join(self.report["table_words"]).encode())

    def test_names_in_every_form(self):
        finds = self.finder()
        for name in [PEOPLE[4], SIDES[1], CONVENOR, LEFT]:
            raw = f"<{name}>".encode()
            for form in [
                raw,
                raw.lower(),
                raw.upper(),
                raw.decode().encode("utf-16-le"),
                raw.decode().encode("utf-16-be"),
                raw.hex().encode(),
                raw.hex().upper().encode(),
            ]:
                self.assertTrue(finds(form), form)

    def test_base64_and_base32_at_every_alignment(self):
        finds = self.finder()
        for shift in range(5):
            raw = bytes(range(200, 200 + shift)) + SIDES[0].encode() + b"\xff\xfe\xfd"
            for encode in [base64.b64encode, base64.urlsafe_b64encode, base64.b32encode]:
                self.assertTrue(finds(encode(raw)), (encode, shift))

    def test_noise_is_not_a_leak(self):
        finds = self.finder()
        self.assertFalse(finds(b""))
        self.assertFalse(finds(random.Random(4).randbytes(1 << 20)))

    def test_a_piece_of_a_text_at_every_place(self):
        finds = self.finder()
        text = self.report["said"][3].encode()
        for at in range(0, len(text) - 12):
            self.assertTrue(finds(bytes(at % 7) + text[at : at + 12]), at)

    def test_a_short_name_is_found_as_well(self):
        self.report["left"] = ["Qwxyz"]
        finds = self.finder()
        for at in range(4):
            self.assertTrue(finds(b"." * at + b"Qwxyz"))

    def finder(self):
        """Without the folder: whether the run's canaries are found in some bytes."""
        canaries, noise = Run(self.report, self.kept).canaries, random.Random(3).randbytes(5000)
        return lambda leaked: bool(canaries.in_bytes(noise + leaked + noise))

    def test_the_name_of_a_room_on_the_relay(self):
        self.leak("relay/journal", b"room=plenary;")
        self.assert_fails("nothing_readable_is_on_the_relay")

    def test_a_name_in_a_file_name(self):
        (self.kept / "relay" / f"{SIDES[0]}.log").write_bytes(b"")
        self.assert_fails("nothing_readable_is_on_the_relay")

    def test_a_leak_across_blocks_and_at_the_end(self):
        name = PEOPLE[0].encode()
        path = self.kept / "relay" / "segment"
        for data in [os.urandom(4096 - 3) + name + os.urandom(50), os.urandom(4001) + name]:
            path.write_bytes(data)
            self.assert_fails("nothing_readable_is_on_the_relay")

    # The command.

    def command(self, text, *more):
        script = Path(__file__).with_name("check_demo.py")
        line = [sys.executable, "-B", str(script), str(self.kept), *more]
        return subprocess.run(line, input=text, capture_output=True, text=True)

    def test_the_command_reads_the_last_line(self):
        done = self.command(f"some words\n{json.dumps(self.report)}\n", "--seats", str(len(PEOPLE)))
        self.assertEqual(done.returncode, 0, done.stdout)
        checks = len(check_demo.CHECKS) + 1
        self.assertEqual(done.stdout.splitlines()[-1], f"checks: {checks} passed, 0 failed")

    def test_the_command_fails(self):
        self.assertEqual(self.command("no report\n").returncode, 1)
        self.assertEqual(self.command("").returncode, 1)
        self.assertEqual(self.command("{}").returncode, 1)
        self.assertEqual(self.command("[]", "--seats", "8").returncode, 1)
        self.assertEqual(self.command(json.dumps(self.report), "--seats", "12").returncode, 1)


if __name__ == "__main__":
    unittest.main()
