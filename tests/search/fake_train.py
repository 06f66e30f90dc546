"""A training whose energy and learning curve are known: python fake_train.py BATCH RATE EPOCHS
[CHECKPOINT] [deaf] [forgetful].

An epoch of batch 64 takes 8 J, of batch 512 2 J; a start 1 J. The goal of 0.9 is reached after 10
and 25 epochs with batch 64, after 16 and 40 with batch 512, for the rates 1e-2 and 1e-3. The joules
go into a fake powercap counter. Every epoch that it trains is a line in the file "side".
"deaf" ignores SIGTERM, "forgetful" ignores its checkpoint.
"""

import os
import signal
import socket
import sys
import time

batch, rate, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
checkpoint = sys.argv[4] if len(sys.argv) > 4 else ""
words = sys.argv[5:]
JOULES = {"64": 8, "512": 2}[batch]
NEEDED = {("64", "1e-2"): 10, ("64", "1e-3"): 25, ("512", "1e-2"): 16, ("512", "1e-3"): 40}
COUNTER = os.path.join(
    os.environ["GRADWATT_SYSROOT"], "sys/class/powercap/intel-rapl:0/energy_uj"
)

if "deaf" in words:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

marks = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
marks.connect(os.environ["GRADWATT_SOCKET"])


def use(joules):
    time.sleep(0.04)
    with open(COUNTER, encoding="utf-8") as file:
        before = int(file.read())
    with open(COUNTER + ".new", "w", encoding="utf-8") as file:
        file.write(f"{before + joules * 1_000_000}\n")
    os.replace(COUNTER + ".new", COUNTER)
    time.sleep(0.04)  # Several readings: the fake must hold a value until it was read.


def side(text):
    with open("side", "a", encoding="utf-8") as file:
        file.write(text + "\n")


side(f"start {batch} {rate}")
while not os.path.exists("gate"):
    time.sleep(0.01)
use(1)
first = 0
if checkpoint and os.path.exists(checkpoint) and "forgetful" not in words:
    with open(checkpoint, encoding="utf-8") as file:
        first = int(file.read())
for epoch in range(first, epochs):
    marks.send(b"EPOCH=%d" % epoch)
    use(JOULES)
    value = 0.9 * min(1, (epoch + 1) / NEEDED[batch, rate]) + 0.001
    marks.send(b"METRIC=val_acc:%f" % value)
    marks.send(b"EPOCH_END=%d" % epoch)
    if checkpoint:
        with open(checkpoint + ".new", "w", encoding="utf-8") as file:
            file.write(str(epoch + 1))
        os.replace(checkpoint + ".new", checkpoint)
    side(f"epoch {batch} {rate} {epoch}")
    time.sleep(0.02)
