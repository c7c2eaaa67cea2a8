"""Two sides of a benchmark, run in turn.

A side is a program that prints one line of JSON when it is ready, then reads lines: for each `run`
it does the work once and prints {"seconds": .., "cpu_seconds": ..}; for `write PATH` it writes its
answer there and prints {}. It ends when its input does. So reading data and starting up are left
out on both sides, and neither runs while the other is timed.
"""
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
THREADS = 2
# One environment for all of them.
PACKAGES = ["faiss-cpu==1.15.1", "implicit==0.7.3", "irspack==0.5.2", "scikit-learn==1.9.1",
            "scipy==1.17.1", "numpy==2.4.6", "threadpoolctl==3.8.0"]


def peers(work, packages):
    """A Python with `packages` (name==version), in a virtual environment under `work`."""
    python = os.path.join(work, "venv", "bin", "python")
    stamp = os.path.join(work, "venv", "packages.txt")
    wanted = "\n".join(sorted(packages))
    if not os.path.exists(stamp) or open(stamp).read() != wanted:
        subprocess.run([sys.executable, "-m", "venv", os.path.join(work, "venv")], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", *packages], check=True)
        with open(stamp, "w") as out:
            out.write(wanted)
    return python


def inside(python, script, *args):
    """Runs this script again with the Python that has the peers, when this one is another."""
    if os.path.realpath(sys.prefix) != os.path.realpath(os.path.dirname(os.path.dirname(python))):
        sys.exit(subprocess.run([python, script, *args]).returncode)


class Side:
    def __init__(self, name, command):
        env = dict(os.environ, OMP_NUM_THREADS=str(THREADS), OPENBLAS_NUM_THREADS=str(THREADS),
                   MKL_NUM_THREADS=str(THREADS))
        self.name = name
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=env)
        self.ready = self._read()
        self.runs = []

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name}: the program ended (exit code {self.process.wait()})")
        return json.loads(line)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read()

    def run(self):
        self.runs.append(self.ask("run"))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def interleave(sides, repeats):
    for _ in range(repeats):
        for side in sides:
            side.run()


def summary(sides, digits=4):
    """Median, spread and CPU time of each side, and the ratios of the others to the first."""
    out = {}
    ours = sides[0]
    for side in sides:
        seconds = sorted(run["seconds"] for run in side.runs)
        out[side.name] = {"median_s": round(statistics.median(seconds), digits),
                          "min_s": round(seconds[0], digits), "max_s": round(seconds[-1], digits),
                          "cpu_s": round(statistics.median(r["cpu_seconds"] for r in side.runs),
                                         digits)}
        if side is not ours:
            for key, name in (("seconds", "ratio"), ("cpu_seconds", "cpu_ratio")):
                pairs = [theirs[key] / max(mine[key], 1e-9)
                         for mine, theirs in zip(ours.runs, side.runs)]
                out[side.name][name] = round(statistics.median(pairs), 2)
    return out


def append(name, row):
    """Prints a row and appends it to benchmarks/results/NAME.jsonl."""
    row = {"benchmark": name, **row, "threads": THREADS, "cores": os.cpu_count(),
           "machine": platform.processor() or platform.machine(),
           "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")}
    print(json.dumps(row, indent=1), flush=True)
    path = os.path.join(ROOT, "benchmarks", "results", name + ".jsonl")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a") as out:
        out.write(json.dumps(row) + "\n")
