"""gradwatt-broker as root, serving a folder that stands for / to processes of other users."""

import array
import grp
import json
import os
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unittest

BROKER = os.environ["BROKER"]
GRADWATT = os.environ["GRADWATT"]
MEMBER, STRANGER = 12001, 12002
SIZE = 16 + 64 * 32


def an_existing_group():
    """A group that this machine has: the broker looks names up."""
    return next(g for g in grp.getgrall() if g.gr_name in ("games", "users", "daemon", "adm"))


def ask(path, timeout=10):
    """What the broker says: status, names, descriptors."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(timeout)
        connection.connect(path)
        data, ancillary, _, _ = connection.recvmsg(SIZE + 1, socket.CMSG_SPACE(64 * 4))
    descriptors = array.array("i")
    for _, _, content in ancillary:
        descriptors.frombytes(content)
    magic, status, count = struct.unpack_from("8sII", data)
    assert magic == b"gwbroke1" and len(data) == SIZE
    names = [data[16 + 32 * i : 48 + 32 * i].rstrip(b"\0").decode() for i in range(count)]
    return status, names, list(descriptors)


def ask_as(path, user, groups):
    """The same from a child process of another user; what it read through the descriptors."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            status, names, descriptors = ask(path)
            values = {n: os.pread(d, 64, 0).decode() for n, d in zip(names, descriptors)}
            answer = {"status": status, "values": values}
        except OSError as error:
            answer = {"error": error.errno}
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        answer = json.load(file)
    os.waitpid(child, 0)
    return answer


@unittest.skipIf(os.getuid() != 0, "needs root: processes of other users are started")
class Broker(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="gradwatt-broker-")
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder)
        self.socket = os.path.join(self.folder, "socket")
        self.root = os.path.join(self.folder, "root")
        self.zone("intel-rapl:0", "package-0", 1_000_000)
        self.zone("intel-rapl:0:0", "dram", 2_000_000)
        self.group = an_existing_group()

    def zone(self, name, label, energy):
        folder = os.path.join(self.root, "sys/class/powercap", name)
        os.makedirs(folder)
        for file, text, mode in (
            ("name", label, 0o444),
            ("max_energy_range_uj", 262143328850, 0o444),
            ("energy_uj", energy, 0o400),
        ):
            path = os.path.join(folder, file)
            with open(path, "w", encoding="utf-8") as out:
                out.write(f"{text}\n")
            os.chmod(path, mode)

    def start(self, *flags):
        command = [BROKER, "--socket", self.socket, "--root", self.root,
                   "--group", self.group.gr_name, *flags]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start_and_wait(self, *flags):
        process = self.start(*flags)
        for _ in range(500):
            try:
                for descriptor in ask(self.socket)[2]:
                    os.close(descriptor)
                return process
            except OSError:
                self.assertIsNone(process.poll(), "the broker ended")
                time.sleep(0.01)
        return self.fail("the broker does not answer")

    def test_a_member_of_the_group_reads_the_counters(self):
        self.start_and_wait()
        answer = ask_as(self.socket, MEMBER, [self.group.gr_gid])
        self.assertEqual(
            answer,
            {"status": 0, "values": {"intel-rapl:0": "1000000\n", "intel-rapl:0:0": "2000000\n"}},
        )

    def test_a_descriptor_shows_the_counter_of_now_and_cannot_be_written(self):
        self.start_and_wait()
        _, names, descriptors = ask(self.socket)
        descriptor = descriptors[names.index("intel-rapl:0")]
        path = os.path.join(self.root, "sys/class/powercap/intel-rapl:0/energy_uj")
        with open(path, "w", encoding="utf-8") as out:
            out.write("1234567\n")
        self.assertEqual(os.pread(descriptor, 64, 0), b"1234567\n")
        with self.assertRaises(OSError):
            os.write(descriptor, b"0")
        for each in descriptors:
            os.close(each)

    def test_a_stranger_cannot_even_connect(self):
        self.start_and_wait()
        mode = os.stat(self.socket)
        self.assertEqual(stat.S_IMODE(mode.st_mode), 0o660)
        self.assertEqual(mode.st_gid, self.group.gr_gid)
        self.assertEqual(ask_as(self.socket, STRANGER, []), {"error": 13})

    def test_a_stranger_who_can_connect_is_refused_and_gets_no_descriptor(self):
        self.start_and_wait()
        os.chmod(self.socket, 0o666)
        self.assertEqual(ask_as(self.socket, STRANGER, []), {"status": 1, "values": {}})

    def doctor_as(self, user, groups):
        def become():
            os.setgroups(groups)
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)

        environment = {"GRADWATT_SYSROOT": self.root, "GRADWATT_BROKER": self.socket,
                       "GRADWATT_STORE": os.path.join(self.folder, "none"),
                       "PATH": os.environ["PATH"]}  # fmt: skip
        program = shutil.copy(GRADWATT, self.folder)
        done = subprocess.run([program, "doctor", "--json"], env=environment, check=True,
                              preexec_fn=become, capture_output=True)  # fmt: skip
        return {f["what"]: f for f in json.loads(done.stdout)["findings"]}

    def test_gradwatt_reads_through_the_broker_and_says_so(self):
        self.start_and_wait()
        findings = self.doctor_as(MEMBER, [self.group.gr_gid])
        self.assertEqual(findings["rapl access"]["status"], "present")
        self.assertIn("2 through gradwatt-broker", findings["rapl access"]["detail"])
        self.assertEqual(findings["rapl pkg0"]["status"], "present")

    def test_gradwatt_says_what_a_refused_user_needs(self):
        self.start_and_wait()
        for mode in (0o660, 0o666):
            os.chmod(self.socket, mode)
            findings = self.doctor_as(STRANGER, [])
            self.assertEqual(findings["rapl access"]["status"], "denied")
            self.assertIn("broker", findings["rapl access"]["detail"])
            self.assertIn("usermod -aG energy", findings["rapl access"]["fix"])
            self.assertEqual(findings["rapl pkg0"]["status"], "denied")

    def test_garbage_is_never_read_and_harms_nobody(self):
        self.start_and_wait()
        for garbage in (b"", b"\0" * 60_000, b"GET / HTTP/1.1\r\n\r\n"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
                connection.connect(self.socket)
                try:
                    connection.send(garbage)
                except OSError:
                    pass  # Answered and gone already.
        self.assertEqual(ask_as(self.socket, MEMBER, [self.group.gr_gid])["status"], 0)

    def test_clients_that_never_read_hold_up_nobody(self):
        self.start_and_wait()
        silent = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(50)]
        for connection in silent:
            connection.connect(self.socket)
        self.assertEqual(ask_as(self.socket, MEMBER, [self.group.gr_gid])["status"], 0)
        for connection in silent:
            connection.close()

    def test_a_hundred_clients_at_once_are_served(self):
        self.start_and_wait()
        code = ("import os, sys; sys.path.insert(0, '.'); import broker_test;"
                "r = broker_test.ask(sys.argv[1], 60); sys.exit(len(r[2]) != 2)")  # fmt: skip
        clients = [subprocess.Popen([sys.executable, "-S", "-c", code, self.socket])
                   for _ in range(100)]  # fmt: skip
        self.assertEqual([client.wait(timeout=120) for client in clients], [0] * 100)

    def test_a_socket_left_by_a_killed_broker_is_replaced(self):
        first = self.start_and_wait()
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.assertTrue(os.path.exists(self.socket))
        self.start_and_wait()

    def test_a_socket_in_use_and_a_file_in_its_place_are_left_alone(self):
        self.start_and_wait()
        second = self.start()
        self.assertEqual(second.wait(timeout=30), 1)
        self.assertIn("Address already in use", second.stderr.read())
        self.assertEqual(ask(self.socket)[0], 0)
        self.socket = os.path.join(self.folder, "file")
        with open(self.socket, "w", encoding="utf-8") as file:
            file.write("mine")
        self.assertEqual(self.start().wait(timeout=30), 1)
        self.assertEqual(os.stat(self.socket).st_size, 4)

    @unittest.skipIf(os.environ.get("SANITIZED"), "a sanitizer does more than the filter lets")
    def test_it_ends_after_one_client_or_when_idle(self):
        self.assertEqual(self.start_and_wait("--once").wait(timeout=30), 0)
        self.assertEqual(self.start_and_wait("--idle", "1").wait(timeout=30), 0)

    @unittest.skipIf(os.environ.get("SANITIZED"), "a sanitizer does more than the filter lets")
    def test_it_serves_a_socket_that_systemd_hands_over(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            listening.bind(self.socket)
            listening.listen()
            script = f'exec 3<&{listening.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
            broker = subprocess.Popen(
                ["bash", "-c", script, "bash", BROKER, "--root", self.root, "--once"],
                pass_fds=[listening.fileno()], stderr=subprocess.DEVNULL)  # fmt: skip
            self.assertEqual(ask(self.socket)[0], 0)
            self.assertEqual(broker.wait(timeout=30), 0)

    def test_it_keeps_no_right_while_it_serves(self):
        process = self.start_and_wait()
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["Uid"].split(), ["65534"] * 4)
        self.assertEqual(status["Groups"].split(), [])
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")

    def test_links_and_pipes_in_place_of_counters_are_not_opened(self):
        powercap = os.path.join(self.root, "sys/class/powercap")
        os.makedirs(os.path.join(powercap, "intel-rapl:7"))
        os.symlink("/etc/shadow", os.path.join(powercap, "intel-rapl:7/energy_uj"))
        os.makedirs(os.path.join(powercap, "intel-rapl:8"))
        os.mkfifo(os.path.join(powercap, "intel-rapl:8/energy_uj"))
        self.start_and_wait()
        values = ask_as(self.socket, MEMBER, [self.group.gr_gid])["values"]
        self.assertEqual(sorted(values), ["intel-rapl:0", "intel-rapl:0:0"])

    def test_a_machine_without_counters_is_an_answer(self):
        shutil.rmtree(self.root)
        self.start_and_wait()
        self.assertEqual(ask(self.socket)[0], 2)

    def test_wrong_flags_are_told_apart_from_failures(self):
        for flags in (["--socket"], ["--idle", "0"], ["--write"], []):
            done = subprocess.run([BROKER, *flags], capture_output=True, check=False)
            self.assertEqual(done.returncode, 2, flags)
            self.assertIn(b"usage:", done.stderr)

    @unittest.skipIf(os.environ.get("SANITIZED"), "sanitizers bring libraries along")
    def test_it_needs_nothing_but_libc(self):
        listed = subprocess.run(["ldd", BROKER], capture_output=True, text=True, check=True).stdout
        names = {line.split()[0] for line in listed.splitlines() if "=>" in line}
        self.assertEqual({name.split(".")[0] for name in names}, {"libc"})


if __name__ == "__main__":
    unittest.main()
