"""The mark protocol: datagrams of KEY=VALUE lines to the socket named in GRADWATT_SOCKET."""

import atexit
import collections
import contextlib
import os
import socket
import threading
import time


_KEPT_MAX = 64
_FLUSH_S = 0.5


class _Sender:
    """Sends marks and never waits, but for the end of the program: marks that the receiver has no
    room for (the system queues ten) are kept and sent, in order, at the next one. Safe to use from
    several threads and after a fork."""

    def __init__(self):
        self._lock = threading.Lock()
        self._socket = None
        self._path = None
        self._pid = None
        self._seq = 0
        self._kept = collections.deque()
        self.dropped = 0

    def send(self, *lines):
        path = os.environ.get("GRADWATT_SOCKET")
        if not path:
            return
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        with self._lock:
            try:
                self._open(path)
                self._seq += 1
                text = "\n".join([*lines, f"T={now}", f"SEQ={self._seq}", f"PID={self._pid}"])
                if len(self._kept) < _KEPT_MAX:
                    self._kept.append(text.encode("utf-8", "replace"))
                else:
                    self.dropped += 1
                self._send_kept()
            except OSError:
                self.dropped += 1

    def flush(self):
        """Waits a moment for the marks that are kept."""
        end = time.monotonic() + _FLUSH_S
        while self._kept and self._pid == os.getpid() and time.monotonic() < end:
            with self._lock:
                self._send_kept()
            if self._kept:
                time.sleep(0.001)

    def _open(self, path):
        if self._pid != os.getpid() or self._path != path:
            if self._socket is not None:
                self._socket.close()
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._path = path
            self._pid = os.getpid()
            self._seq = 0
            self._kept.clear()

    def _send_kept(self):
        while self._kept:
            try:
                self._socket.sendto(self._kept[0], self._path)
            except BlockingIOError:
                return
            except OSError:
                self.dropped += 1
            self._kept.popleft()


_sender = _Sender()
atexit.register(_sender.flush)


def _one_line(value):
    return "".join(c if c.isprintable() else " " for c in str(value))


def epoch_begin(epoch):
    """Epoch `epoch` begins, and ends the one before."""
    _sender.send(f"EPOCH={int(epoch)}")


def epoch_end(epoch):
    """Epoch `epoch` ends. What follows, up to the next begin, is outside epochs."""
    _sender.send(f"EPOCH_END={int(epoch)}")


def epochs(count):
    """Counts from 0 to count - 1 and marks each turn as an epoch."""
    _sender.send(f"EPOCHS_TOTAL={int(count)}")
    for epoch in range(count):
        epoch_begin(epoch)
        yield epoch
        epoch_end(epoch)


@contextlib.contextmanager
def phase(name):
    """What runs inside is phase `name`; phases may nest."""
    _sender.send(f"PHASE={_one_line(name)}")
    try:
        yield
    finally:
        _sender.send(f"PHASE_END={_one_line(name)}")


def metric(name, value):
    """A metric of the open epoch, or of the one that ended last."""
    _sender.send(f"METRIC={_one_line(name)}:{float(value)!r}")


def samples(count):
    """Training samples seen, added to the open epoch."""
    _sender.send(f"SAMPLES={int(count)}")


def steps(count):
    """Optimizer steps taken, added to the open epoch."""
    _sender.send(f"STEPS={int(count)}")


def param(name, value):
    """A setting of this training, such as its batch size."""
    _sender.send(f"PARAM={_one_line(name)}:{_one_line(value)}")


def tag(name, value):
    """A label to find this run by."""
    _sender.send(f"TAG={_one_line(name)}:{_one_line(value)}")


def note(text):
    """A remark that `gradwatt show` prints."""
    _sender.send(f"NOTE={_one_line(text)}")


def flush():
    """Waits up to half a second for marks that the receiver had no room for; done at exit, too."""
    _sender.flush()


def dropped():
    """How many marks could not be delivered."""
    return _sender.dropped
