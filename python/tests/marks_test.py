"""The Python client against a socket of the test's own."""

import os
import socket
import tempfile
import unittest

import gradwatt


class Marks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.receiver.bind(os.path.join(folder.name, "s"))
        self.receiver.setblocking(False)
        self.addCleanup(self.receiver.close)
        os.environ["GRADWATT_SOCKET"] = os.path.join(folder.name, "s")
        self.addCleanup(os.environ.pop, "GRADWATT_SOCKET", None)

    def received(self):
        lines = []
        while True:
            try:
                lines.append(self.receiver.recv(65536).decode().split("\n")[0])
            except BlockingIOError:
                return lines

    def test_marks_epochs_phases_and_metrics_in_order(self):
        for _ in gradwatt.epochs(1):
            with gradwatt.phase("train"):
                gradwatt.samples(64)
            gradwatt.metric("val_acc", 0.5)
        self.assertEqual(
            self.received(),
            ["EPOCHS_TOTAL=1", "EPOCH=0", "PHASE=train", "SAMPLES=64", "PHASE_END=train",
             "METRIC=val_acc:0.5", "EPOCH_END=0"],
        )  # fmt: skip

    def test_ends_a_phase_that_raises(self):
        with self.assertRaises(KeyError), gradwatt.phase("train"):
            raise KeyError
        self.assertEqual(self.received(), ["PHASE=train", "PHASE_END=train"])

    def test_names_time_number_and_process_of_each_datagram(self):
        gradwatt.steps(3)
        gradwatt.steps(4)
        first, second = (self.receiver.recv(4096).decode().split("\n") for _ in range(2))
        self.assertEqual(first[3], f"PID={os.getpid()}")
        self.assertEqual(int(second[2][4:]), int(first[2][4:]) + 1)
        self.assertLessEqual(int(first[1][2:]), int(second[1][2:]))

    def test_makes_one_line_of_everything(self):
        gradwatt.note("a\nEPOCH=9\x1b")
        self.assertEqual(self.received(), ["NOTE=a EPOCH=9 "])

    def test_keeps_what_the_receiver_has_no_room_for_and_sends_it_later(self):
        for step in range(40):
            gradwatt.steps(step)
        lines = self.received()
        self.assertLess(len(lines), 40)
        while len(lines) < 40:
            gradwatt.flush()
            lines += self.received()
        self.assertEqual(lines, [f"STEPS={step}" for step in range(40)])

    def test_drops_and_counts_what_cannot_be_delivered(self):
        before = gradwatt.dropped()
        os.environ["GRADWATT_SOCKET"] = "/nonexistent/socket"
        gradwatt.epoch_begin(0)
        self.assertEqual(gradwatt.dropped(), before + 1)

    def test_never_waits_for_a_receiver_that_is_busy(self):
        for _ in range(5000):
            gradwatt.note("x" * 100)
        self.assertGreater(gradwatt.dropped(), 0)

    def test_does_nothing_outside_a_run(self):
        del os.environ["GRADWATT_SOCKET"]
        before = gradwatt.dropped()
        gradwatt.epoch_end(0)
        self.assertEqual(gradwatt.dropped(), before)


if __name__ == "__main__":
    unittest.main()
