"""A Slurm cluster of one controller and two nodes, all on this machine, in a folder of its own."""

import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sinfo", "scancel")
DEADLINE_S = 60

CONFIGURATION = """\
ClusterName=gradwatt
SlurmctldHost={host}
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
KillWait=10
NodeName=n1 NodeHostname={host} Port={port1} CPUs=4 State=UNKNOWN
NodeName=n2 NodeHostname={host} Port={port2} CPUs=4 State=UNKNOWN
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


def why_not():
    """Why there can be no cluster here; None: there can."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        return f"not installed: {', '.join(missing)}; apt-get install slurm-wlm munge"
    if os.getuid() != 0:
        return "slurmd needs root"
    return None


def free_port():
    with socket.socket() as listener:
        listener.bind(("", 0))
        return listener.getsockname()[1]


class Cluster:
    """`environment` is what Slurm's commands need to find it. Stop it when done."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.daemons = []
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        for name in ("state", "spool.n1", "spool.n2"):
            (self.folder / name).mkdir()
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=socket.gethostname(),
                user="root",
                folder=self.folder,
                port=free_port(),
                port1=free_port(),
                port2=free_port(),
            )
        )

    def start(self):
        self.start_munge()
        self.daemon("slurmctld", "-D", "-c")
        for node in ("n1", "n2"):
            self.daemon("slurmd", "-D", "-N", node)
        self.wait_for(lambda: self.idle_nodes() == {"n1", "n2"}, "the nodes to be idle")

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        self.daemon(
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={self.folder}/munge.socket",
            f"--pid-file={self.folder}/munge.pid",
            f"--seed-file={self.folder}/munge.seed",
            f"--log-file={self.folder}/munge.log",
        )
        self.wait_for((self.folder / "munge.socket").exists, "munged")

    def daemon(self, *command):
        with open(self.folder / f"{command[0]}.out", "a", encoding="utf-8") as log:
            self.daemons.append(
                subprocess.Popen(
                    command, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
                )
            )

    def idle_nodes(self):
        told = subprocess.run(
            ["sinfo", "-h", "-N", "-o", "%N %T"],
            env=self.environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip
        return {line.split()[0] for line in told.stdout.splitlines() if line.endswith(" idle")}

    def wait_for(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"waited in vain for {what}\n{self.logs()}")
            time.sleep(0.1)

    def logs(self):
        text = ""
        for log in sorted(self.folder.glob("*.log")) + sorted(self.folder.glob("*.out")):
            text += f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}"
        return text
