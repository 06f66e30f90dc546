"""What is left after signals, kill -9, a store that cannot be written, and a second run."""

import os
import signal
import stat
import subprocess
import time
import unittest

from program import GRADWATT, ProgramTest

READY = "echo ready; exec sleep 30"


class Interruption(ProgramTest):
    def start_and_wait_until_ready(self, script, **options):
        process = self.start(
            "run", "-q", "--", "sh", "-c", script, stdout=subprocess.PIPE, **options
        )
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        return process

    def test_a_signal_reaches_the_command_once(self):
        log = os.path.join(self.folder, "log")
        script = f"trap 'echo t >> {log}; exit 9' TERM; echo ready; while :; do sleep 0.01; done"
        process = self.start_and_wait_until_ready(script)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 9)
        with open(log, encoding="utf-8") as file:
            self.assertEqual(file.read(), "t\n")
        self.assertEqual(self.show()["state"], "interrupted")

    def test_user_signals_are_passed_on_and_do_not_end_the_run(self):
        script = "trap 'echo got; exit 0' USR1; echo ready; while :; do sleep 0.01; done"
        process = self.start_and_wait_until_ready(script)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.stdout.readline(), b"got\n")
        self.assertEqual(process.wait(timeout=30), 0)
        self.assertEqual(self.show()["state"], "done")

    def test_ctrl_c_of_a_terminal_reaches_the_command_once(self):
        log = os.path.join(self.folder, "log")
        script = f"trap 'echo i >> {log}' INT; echo ready; sleep 0.5; sleep 0.5; exit 3"
        process = self.start_and_wait_until_ready(script, start_new_session=True)
        os.killpg(process.pid, signal.SIGINT)  # The group, as a terminal does.
        self.assertEqual(process.wait(timeout=30), 3)
        with open(log, encoding="utf-8") as file:
            self.assertGreaterEqual(len(file.read()), 2)

    def test_killing_the_monitor_leaves_the_command_and_the_run_alive(self):
        process = self.start_and_wait_until_ready(
            f"{GRADWATT} mark EPOCH=0; {GRADWATT} mark EPOCH=1; echo $$ > {self.folder}/pid; "
            f"echo ready; sleep 2.5; echo survived > {self.folder}/child; "
        )
        time.sleep(1.5)  # Longer than a second of samples, which is what may be lost.
        self.assertEqual(self.show()["state"], "running")
        process.kill()
        process.wait()
        run = self.show()
        self.assertEqual(run["state"], "interrupted")
        self.assertIsNotNone(run["energy"]["total_j"])
        self.assertEqual([epoch["epoch"] for epoch in run["epochs"]], [0, 1])
        deadline = time.monotonic() + 20
        while not os.path.exists(f"{self.folder}/child") and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertTrue(os.path.exists(f"{self.folder}/child"))

    def test_a_second_run_on_the_same_store_changes_nothing_of_the_first(self):
        self.gradwatt("run", "-q", "-n", "one", "-t", "k=v", "--", "true")
        first = self.show()
        self.gradwatt("run", "-q", "-n", "two", "--", "true")
        self.assertEqual(self.show("one"), first)
        self.assertEqual(self.show("tag:k=v"), first)
        self.assertEqual(self.show("@-2"), first)
        self.assertEqual(len(self.gradwatt("ls").stdout.splitlines()), 3)

    def test_a_store_that_cannot_be_made_does_not_cost_the_run(self):
        self.environment["GRADWATT_STORE"] = "/proc/no/store"
        self.environment["TMPDIR"] = self.folder
        result = self.gradwatt("run", "--", "echo", "hello")
        self.assertEqual((result.returncode, result.stdout), (0, b"hello\n"))
        self.assertIn(b"is stored in", result.stderr)
        stored = os.path.join(self.folder, f"gradwatt-{os.getuid()}")
        self.assertEqual(len(os.listdir(os.path.join(stored, "runs"))), 1)

    def test_a_store_that_takes_no_files_does_not_cost_the_run(self):
        # Folders can be made in a path so long, files of SQLite cannot: as on a full disk.
        store = os.path.join(self.folder, *["long" * 50] * 3)
        self.environment["GRADWATT_STORE"] = store
        self.environment["TMPDIR"] = self.folder
        result = self.gradwatt("run", "--", "sh", "-c", "echo hello; exit 6")
        self.assertEqual((result.returncode, result.stdout), (6, b"hello\n"))
        self.assertIn(b"is stored in", result.stderr)
        self.assertEqual(os.listdir(os.path.join(store, "runs")), [])
        stored = os.path.join(self.folder, f"gradwatt-{os.getuid()}")
        self.assertEqual(len(os.listdir(os.path.join(stored, "runs"))), 1)

    def test_a_command_that_cannot_be_measured_runs_all_the_same(self):
        script = (
            f"ulimit -f 0; trap '' XFSZ; exec {GRADWATT} run -- sh -c 'echo hello; exit 6'"
        )
        self.environment["TMPDIR"] = self.folder
        result = subprocess.run(
            ["sh", "-c", script], env=self.environment, capture_output=True, timeout=60
        )
        self.assertEqual((result.returncode, result.stdout), (6, b"hello\n"), result.stderr)
        self.assertIn(b"runs without being measured", result.stderr)
        for store in (self.environment["GRADWATT_STORE"], f"{self.folder}/gradwatt-{os.getuid()}"):
            self.assertEqual(os.listdir(os.path.join(store, "runs")), [])

    def test_folders_of_failed_starts_are_one_note(self):
        self.gradwatt("run", "--", "true")
        for last in "12":
            os.mkdir(os.path.join(self.environment["GRADWATT_STORE"], "runs", "0" * 25 + last))
        result = self.gradwatt("ls")
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn(b"2 folders without run.json", result.stderr)

    def test_a_full_disk_costs_samples_and_never_the_command(self):
        # A limit on the size of files stands for the full disk; the monitor starts below it.
        script = (
            f"ulimit -f 28; trap '' XFSZ; exec {GRADWATT} run --interval 1ms -- sh -c "
            "'ulimit -f unlimited 2>/dev/null; sleep 3; exit 5'"
        )
        result = subprocess.run(
            ["sh", "-c", script], env=self.environment, capture_output=True, timeout=60
        )
        self.assertEqual(result.returncode, 5, result.stderr)
        self.assertIn(b"not all could be stored", result.stderr)
        self.assertEqual(self.gradwatt("ls").returncode, 0)

    def test_the_store_is_the_owners_alone(self):
        self.gradwatt("run", "-q", "--", "true")
        for root, folders, files in os.walk(self.environment["GRADWATT_STORE"]):
            for name in folders + files:
                mode = stat.S_IMODE(os.stat(os.path.join(root, name)).st_mode)
                self.assertEqual(mode & 0o077, 0, name)

    def test_secrets_in_arguments_are_not_stored(self):
        self.gradwatt("run", "-q", "--", "true", "--api-key=hunter2", "--token", "hunter3")
        for root, _, files in os.walk(self.environment["GRADWATT_STORE"]):
            for name in files:
                with open(os.path.join(root, name), "rb") as file:
                    self.assertNotIn(b"hunter", file.read())

    def test_orphans_are_counted_and_do_not_hold_the_run(self):
        begin = time.monotonic()
        script = "(sleep 20 >/dev/null 2>&1 &) ; exit 4"
        result = self.gradwatt("run", "-q", "--", "sh", "-c", script)
        self.assertEqual(result.returncode, 4)
        self.assertLess(time.monotonic() - begin, 15)

    def test_a_flood_of_marks_neither_stops_nor_slows_the_sender(self):
        script = (
            "import os, socket\n"
            "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.setblocking(False)\n"
            "s.connect(os.environ['GRADWATT_SOCKET'])\n"
            "sent = 0\n"
            "for i in range(20000):\n"
            "    try: s.send(b'PHASE=x\\nPHASE_END=x\\n\\x00\\xff'); sent += 1\n"
            "    except BlockingIOError: pass\n"
            "print(sent)\n"
        )
        result = self.gradwatt("run", "-q", "--", "python3", "-c", script)
        self.assertEqual(result.returncode, 0)
        run = self.show()
        self.assertEqual(run["monitor"]["marks_rejected"], int(result.stdout))


if __name__ == "__main__":
    unittest.main()
