"""A wrapped command must not be able to tell: exit status, signals, bytes, terminal, arguments."""

import os
import pty
import signal
import subprocess
import sys
import unittest

from program import GRADWATT, ProgramTest


class Transparency(ProgramTest):
    def run_shell(self, script):
        return self.gradwatt("run", "-q", "--", "sh", "-c", script)

    def test_every_exit_status_is_passed_on(self):
        for status in list(range(0, 8)) + [42, 125, 126, 127, 128, 137, 254, 255]:
            self.assertEqual(self.run_shell(f"exit {status}").returncode, status)

    def test_a_killed_command_gives_128_plus_the_signal_and_is_recorded(self):
        for name in ("KILL", "TERM", "SEGV", "USR1"):
            result = self.run_shell(f"kill -{name} $$")
            number = signal.Signals["SIG" + name].value
            self.assertEqual(result.returncode, 128 + number)
            run = self.show()
            self.assertEqual((run["state"], run["signal"]), ("failed", number))

    def test_output_bytes_are_the_commands_alone(self):
        result = self.gradwatt("run", "--", "printf", r"a\0b")
        self.assertEqual(result.stdout, b"a\x00b")
        self.assertIn(b"energy", result.stderr)

    def test_quiet_means_quiet(self):
        self.assertEqual(self.run_shell("echo out; echo err >&2").stderr, b"err\n")

    def test_arguments_and_environment_arrive_unchanged(self):
        arguments = ["-n", "--name=x", "--help", "", "a b", "line\nfeed", "--", b"\xff\xfe", "'\"$"]
        script = (
            "import os, sys\n"
            "sys.stdout.buffer.write(b'\\0'.join(map(os.fsencode, sys.argv[1:])))"
        )
        result = self.gradwatt("run", "-q", "--", sys.executable, "-c", script, *arguments)
        self.assertEqual(result.stdout, b"\0".join(map(os.fsencode, arguments)))
        bare = subprocess.run(["env", "-0"], env=self.environment, capture_output=True, check=True)
        wrapped = self.gradwatt("run", "-q", "--", "env", "-0")
        added = set(wrapped.stdout.split(b"\0")) - set(bare.stdout.split(b"\0"))
        self.assertEqual(
            {entry.split(b"=")[0] for entry in added}, {b"GRADWATT_SOCKET", b"GRADWATT_RUN_ID"}
        )

    def test_standard_input_and_open_descriptors_are_the_commands(self):
        result = self.gradwatt("run", "-q", "--", "cat", input=b"x\0y")
        self.assertEqual(result.stdout, b"x\0y")
        result = self.run_shell("ls /proc/self/fd | wc -l")
        bare = subprocess.run(["sh", "-c", "ls /proc/self/fd | wc -l"], capture_output=True)
        self.assertEqual(result.stdout, bare.stdout)

    def test_the_terminal_is_the_commands(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(
                GRADWATT,
                [GRADWATT, "run", "-q", "--", "sh", "-c", "test -t 0 && test -t 1 && echo tty"],
                self.environment,
            )
        output = b""
        try:
            while chunk := os.read(terminal, 1024):
                output += chunk
        except OSError:
            pass
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        self.assertEqual(output.strip(), b"tty")

    def test_missing_and_unrunnable_commands_are_told_as_by_a_shell(self):
        missing = self.gradwatt("run", "--", "no-such-command")
        self.assertEqual(missing.returncode, 127)
        self.assertIn(b"no-such-command: No such file", missing.stderr)
        self.assertEqual(self.gradwatt("run", "--", "/etc/passwd").returncode, 126)

    def test_signals_in_the_command_are_what_they_were(self):
        script = "grep -E 'Sig(Blk|Ign)' /proc/self/status"
        bare = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
        self.assertEqual(self.run_shell(script).stdout, bare.stdout)

    def test_a_program_without_marks_costs_it_nothing_to_say(self):
        self.assertEqual(self.gradwatt("mark", "EPOCH=1").returncode, 0)
        self.assertEqual(self.gradwatt("mark", "epoch one").returncode, 2)

    def test_wrong_usage_is_2_and_says_what_to_do(self):
        for arguments in (
            ["run"],
            ["run", "--"],
            ["rnu"],
            ["run", "--interval", "fast", "--", "true"],
            ["run", "-t", "notag", "--", "true"],
            ["run", "--cpu-watts", "90:30", "--", "true"],
            ["show", "--nonsense"],
            [],
        ):
            result = self.gradwatt(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertTrue(result.stderr or result.stdout)


if __name__ == "__main__":
    unittest.main()
