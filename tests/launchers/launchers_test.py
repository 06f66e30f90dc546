"""One run for all processes of a job: each node counted once, whoever starts them."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

GRADWATT = os.environ["GRADWATT"]
TRAIN = pathlib.Path(GRADWATT).with_name("gradwatt-train")
WORK = pathlib.Path(__file__).resolve().parent / "work.py"
DEADLINE_S = 60


class JobTest(unittest.TestCase):
    """Jobs on two nodes that are one machine: SLURMD_NODENAME says which one a process is on."""

    JOULES = {"n1": 100, "n2": 30, "here": 11}

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gradwatt-job-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GRADWATT", "SLURM", "OMPI", "PMI"))
        }
        self.environment["GRADWATT_STORE"] = str(self.folder / "store")
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder / "runtime")
        (self.folder / "runtime").mkdir()
        for node, joules in self.JOULES.items():
            self.make_machine(node, joules)

    def make_machine(self, node, joules):
        root = self.folder / node / "root"
        zone = root / "sys/class/powercap/intel-rapl:0"
        zone.mkdir(parents=True)
        (zone / "name").write_text("package-0\n")
        (zone / "max_energy_range_uj").write_text("262143328850\n")
        (zone / "energy_uj").write_text("5000000\n")
        (root / "proc").mkdir()
        (root / "proc/cpuinfo").write_text(
            "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t: 85\n"
            "model name\t: Intel(R) Xeon(R) Gold 6248\nstepping\t: 7\n"
        )
        (self.folder / node / "joules").write_text(f"{joules}\n")

    def on(self, node, variables):
        return {
            **self.environment,
            "GRADWATT_SYSROOT": str(self.folder / node / "root"),
            **{name: str(value) for name, value in variables.items()},
        }

    def srun_variables(self, rank, ranks=4, nodes=2, step=0):
        each = ranks // nodes
        return {
            "SLURM_JOB_ID": 7,
            "SLURM_STEP_ID": step,
            "SLURM_PROCID": rank,
            "SLURM_LOCALID": rank % each,
            "SLURM_NTASKS": ranks,
            "SLURM_STEP_NUM_TASKS": ranks,
            "SLURM_STEP_NUM_NODES": nodes,
            "SLURM_NODEID": rank // each,
            "SLURM_STEP_TASKS_PER_NODE": f"{each}(x{nodes})",
            "SLURMD_NODENAME": f"n{rank // each + 1}",
        }

    def start(self, command, environment):
        return subprocess.Popen(
            [GRADWATT, "run", "--interval", "10ms", "--", *command],
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start_srun(self, epochs=2, ranks=4, nodes=2, step=0):
        command = [sys.executable, str(WORK), str(self.folder), str(epochs)]
        processes = []
        for rank in range(ranks):
            variables = self.srun_variables(rank, ranks, nodes, step)
            environment = self.on(variables["SLURMD_NODENAME"], variables)
            processes.append(self.start(command, environment))
        return processes

    def finish(self, processes):
        ends = []
        for process in processes:
            _, self.told = process.communicate(timeout=DEADLINE_S)
            ends.append(process.returncode)
        return ends

    def gradwatt(self, *arguments):
        done = subprocess.run(
            [GRADWATT, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def show(self):
        return json.loads(self.gradwatt("show", "@last", "--json"))

    def runs(self):
        return sorted(path for path in (self.folder / "store/runs").iterdir())


class Srun(JobTest):
    def test_four_ranks_on_two_nodes_are_one_run_and_each_node_counts_once(self):
        self.assertEqual(self.finish(self.start_srun()), [0, 0, 0, 0])
        self.assertEqual(len(self.runs()), 1)
        run = self.show()
        self.assertEqual(run["state"], "done")
        self.assertEqual(run["energy"]["total_j"], 2 * (100 + 30))
        self.assertEqual(run["energy"]["kind"], "measured")
        self.assertEqual(run["nodes_expected"], 2)
        nodes = {node["node"]: node for node in run["nodes"]}
        self.assertEqual(nodes["n1"]["energy_j"], 200)
        self.assertEqual(nodes["n2"]["energy_j"], 60)
        self.assertEqual([rank["rank"] for rank in nodes["n2"]["ranks"]], [2, 3])
        self.assertEqual([rank["exit_status"] for rank in nodes["n2"]["ranks"]], [0, 0])
        self.assertEqual(nodes["n2"]["clock_uncertainty_s"], 0)  # One kernel, one clock.
        channels = {channel["channel"] for channel in run["energy"]["channels"]}
        self.assertEqual(channels, {"n1/pkg0", "n2/pkg0"})

    def test_rank_0_makes_the_epochs_of_both_nodes(self):
        self.finish(self.start_srun())
        run = self.show()
        self.assertEqual([epoch["epoch"] for epoch in run["epochs"]], [0, 1])
        self.assertEqual([epoch["energy_j"] for epoch in run["epochs"]], [130, 130])
        self.assertEqual([epoch["samples"] for epoch in run["epochs"]], [100, 100])
        self.assertEqual(run["epochs"][1]["metrics"], {"val_acc": 0.6})
        self.assertEqual(run["outside_epochs"]["energy_j"], 0)
        self.assertEqual(run["params"], {"ranks": "4"})
        text = self.gradwatt("show", "@last")
        self.assertIn("nodes       2: n1 200 J · n2 60.0 J", text)
        self.assertIn("260 J", self.gradwatt("ls"))

    def test_a_second_run_in_the_same_step_is_a_run_of_its_own(self):
        self.finish(self.start_srun(epochs=1))
        for met in self.folder.glob("*.[0-9]"):
            met.unlink()
        self.finish(self.start_srun(epochs=2))
        self.assertEqual(len(self.runs()), 2)
        self.assertEqual(self.show()["energy"]["total_j"], 260)

    def test_a_node_that_is_missing_leaves_the_total_unknown_and_says_so(self):
        variables = self.srun_variables(0, ranks=2)
        process = self.start(["true"], self.on("n1", variables))
        self.assertEqual(self.finish([process]), [0])
        run = self.show()
        self.assertIsNone(run["energy"]["total_j"])
        self.assertIn("1 of 2 nodes", run["energy"]["why"])
        self.assertEqual(run["nodes"][0]["node"], "n1")
        self.assertIn("1 of 2 nodes", self.gradwatt("show", "@last"))

    def test_each_process_keeps_its_exit_status_and_the_run_has_failed(self):
        (self.folder / "fail").write_text("3\n")
        processes = self.start_srun(epochs=1)
        self.assertEqual(processes[3].wait(DEADLINE_S), 7)
        for process in processes[:3]:  # They wait for rank 3, as trainings do.
            process.terminate()
        ends = self.finish(processes)
        self.assertEqual(ends[3], 7)
        self.assertTrue(all(end != 0 for end in ends), ends)
        self.assertIn(self.show()["state"], ("failed", "interrupted"))

    def test_a_killed_lead_leaves_an_interrupted_run_and_its_followers_running(self):
        variables = [self.srun_variables(rank, ranks=2, nodes=1) for rank in (0, 1)]
        wait = ["sh", "-c", 'echo on; until [ -e "$0" ]; do sleep 0.02; done; exit 3']
        wait.append(str(self.folder / "gate"))
        lead = self.start(wait, self.on("n1", variables[0]))
        self.assertEqual(lead.stdout.readline(), "on\n")
        follower = self.start(wait, self.on("n1", variables[1]))
        self.assertEqual(follower.stdout.readline(), "on\n")
        lead.send_signal(signal.SIGKILL)
        lead.wait(DEADLINE_S)
        (self.folder / "gate").touch()
        self.assertEqual(self.finish([follower]), [3])
        self.assertIn("what was used since is not in run", self.told)
        lead.communicate()
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual(self.show()["state"], "interrupted")

    def test_a_signal_to_one_process_reaches_its_own_command(self):
        variables = [self.srun_variables(rank, ranks=2, nodes=1) for rank in (0, 1)]
        wait = ["sh", "-c", "trap 'exit 9' TERM; echo on; while :; do sleep 0.02; done"]
        processes = [self.start(wait, self.on("n1", each)) for each in variables]
        for process in processes:
            self.assertEqual(process.stdout.readline(), "on\n")
            process.terminate()
        self.assertEqual(self.finish(processes), [9, 9])
        self.assertEqual(self.show()["state"], "interrupted")

    def test_a_run_inside_a_run_of_the_same_job_counts_nothing_again(self):
        variables = self.srun_variables(0, ranks=2, nodes=1)
        inner = {
            "TORCHELASTIC_RUN_ID": "none", "TORCHELASTIC_RESTART_COUNT": "0", "RANK": "0",
            "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "n1", "MASTER_PORT": "1",
        }  # fmt: skip
        words = [f"{name}={value}" for name, value in inner.items()]
        processes = [
            self.start(["env", *words, GRADWATT, "run", "--", GRADWATT, "mark", "EPOCH=4"],
                       self.on("n1", variables)),
            self.start(["true"], self.on("n1", self.srun_variables(1, ranks=2, nodes=1))),
        ]  # fmt: skip
        self.assertEqual(self.finish(processes), [0, 0])
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual([epoch["epoch"] for epoch in self.show()["epochs"]], [4])

    def test_a_process_that_cannot_see_its_lead_does_not_count_the_node_again(self):
        gate = str(self.folder / "gate")
        wait = ["sh", "-c", 'echo on; until [ -e "$0" ]; do sleep 0.02; done', gate]
        lead = self.start(wait, self.on("n1", self.srun_variables(0, ranks=2, nodes=1)))
        self.assertEqual(lead.stdout.readline(), "on\n")
        other = self.folder / "other"
        other.mkdir()
        environment = self.on("n1", self.srun_variables(1, ranks=2, nodes=1))
        environment["XDG_RUNTIME_DIR"] = str(other)
        self.assertEqual(self.finish([self.start(["true"], environment)]), [0])
        self.assertIn("set XDG_RUNTIME_DIR", self.told)
        lead.terminate()
        lead.communicate()
        self.assertEqual(len(self.runs()), 1)

    def test_while_a_node_is_running_the_run_is(self):
        gate = str(self.folder / "gate")
        wait = ["sh", "-c", 'echo on; until [ -e "$0" ]; do sleep 0.02; done', gate]
        slow = self.start(wait, self.on("n2", self.srun_variables(1, ranks=2)))
        self.assertEqual(slow.stdout.readline(), "on\n")
        quick = self.start(["true"], self.on("n1", self.srun_variables(0, ranks=2)))
        self.assertEqual(self.finish([quick]), [0])
        run = self.show()
        self.assertEqual(run["state"], "running")
        self.assertEqual(
            run["energy"]["why"], "it is still running on n2, and has ended on n1"
        )
        pathlib.Path(gate).touch()
        self.finish([slow])
        self.assertEqual(self.show()["state"], "done")


class Many(JobTest):
    def test_sixty_four_ranks_count_their_node_once(self):
        ranks = 64
        processes = self.start_srun(epochs=1, ranks=ranks, nodes=1)
        self.assertEqual(self.finish(processes), [0] * ranks)
        self.assertEqual(len(self.runs()), 1)
        run = self.show()
        self.assertEqual(run["energy"]["total_j"], 100)
        self.assertEqual(len(run["nodes"][0]["ranks"]), ranks)


class OtherLaunchers(JobTest):
    def test_ranks_and_a_master_are_enough(self):
        command = [sys.executable, str(WORK), str(self.folder), "1"]
        processes = []
        for rank in range(4):
            variables = {
                "RANK": rank, "WORLD_SIZE": 4, "LOCAL_RANK": rank % 2, "LOCAL_WORLD_SIZE": 2,
                "MASTER_ADDR": "n1", "MASTER_PORT": 29500, "SLURMD_NODENAME": f"n{rank // 2 + 1}",
            }  # fmt: skip
            processes.append(self.start(command, self.on(f"n{rank // 2 + 1}", variables)))
        self.assertEqual(self.finish(processes), [0, 0, 0, 0])
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual(self.show()["energy"]["total_j"], 130)

    def test_a_group_joins_what_no_launcher_started(self):
        wait = ["sh", "-c", 'echo on; until [ -e "$0" ]; do sleep 0.02; done']
        wait.append(str(self.folder / "gate"))
        environment = self.on("here", {"GRADWATT_GROUP": "mine"})
        processes = [self.start(wait, environment) for _ in range(3)]
        for process in processes:
            self.assertEqual(process.stdout.readline(), "on\n")
        (self.folder / "gate").touch()
        self.assertEqual(self.finish(processes), [0, 0, 0])
        self.assertEqual(len(self.runs()), 1)

    @unittest.skipUnless(shutil.which("mpirun"), "mpirun is not installed (openmpi-bin)")
    def test_mpirun(self):
        environment = self.on("here", {})
        mpirun = ["mpirun", "--oversubscribe", "-n", "4"]
        if os.getuid() == 0:
            mpirun.append("--allow-run-as-root")
        done = subprocess.run(
            [*mpirun, GRADWATT, "run", "--interval", "10ms", "--",
             sys.executable, str(WORK), str(self.folder), "2"],
            env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual(self.show()["energy"]["total_j"], 22)

    @unittest.skipUnless(shutil.which("torchrun"), "torchrun is not installed (python3-torch)")
    def test_torchrun(self):
        command = [GRADWATT, "run", "--interval", "10ms", "--",
                   sys.executable, str(WORK), str(self.folder), "2"]  # fmt: skip
        done = subprocess.run(
            ["torchrun", "--nproc_per_node=2", "--redirects=1", "--tee=1",
             f"--log_dir={self.folder}/logs", "--no_python", *command],
            env=self.on("here", {}), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.runs()), 1)
        self.assertEqual(self.show()["energy"]["total_j"], 22)

    @unittest.skipUnless(TRAIN.exists(), "gradwatt-train is not built")
    def test_gradwatt_train_finds_its_ranks(self):
        train = [str(TRAIN), "fashion-classify", "--train-samples=400", "--val-samples=100",
                 "--batch=32", "--max-epochs=1", "--threads=1"]  # fmt: skip
        measured = [GRADWATT, "run", "--", *train]
        launchers = {
            "mpirun": ["mpirun", "--oversubscribe", "-n", "2", *measured],
            "torchrun": ["torchrun", "--nproc_per_node=2", f"--log_dir={self.folder}/logs",
                         "--redirects=1", "--tee=1", "--no_python", *measured],
        }  # fmt: skip
        if os.getuid() == 0:
            launchers["mpirun"].insert(1, "--allow-run-as-root")
        for name, command in launchers.items():
            if shutil.which(name):
                done = subprocess.run(command, env=self.on("here", {}), capture_output=True,
                                      text=True, timeout=120, check=False)  # fmt: skip
                self.assertEqual(done.returncode, 0, done.stderr)
                run = self.show()
                self.assertEqual(run["params"]["ranks"], "2", name)
                self.assertEqual([epoch["samples"] for epoch in run["epochs"]], [400], name)


if __name__ == "__main__":
    unittest.main()
