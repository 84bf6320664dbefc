# SPDX-License-Identifier: Apache-2.0
"""Measuring: the load generator against the server and, in the same minute, against the bare server that sends as many
bytes. A figure is the median of three such pairs; a ratio is the median of the three ratios."""
import contextlib
import json
import math
import os
import pathlib
import statistics
import subprocess
import time

from bench_server import Caller, Failed

PAIRS = 3
CONNECTIONS = 64
SECONDS = 4
WARM_SECONDS = 2
RESULTS = pathlib.Path("build/bench.jsonl")


class Report:
    """Lines of build/bench.jsonl and a table at the end."""

    def __init__(self):
        self.lines = []

    def add(self, name, value, unit, baseline=None, ratio=None, goal=None, holds=None):
        line = {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio, "goal": goal, "holds": holds}
        self.lines.append(line)
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a") as f:
            f.write(json.dumps(line) + "\n")
        print(f"  {self._text(line)}", flush=True)

    @staticmethod
    def _text(line):
        def number(v):
            return "-" if v is None else f"{v:,.0f}" if abs(v) >= 100 else f"{v:.3g}"
        verdict = {True: "holds", False: "MISSED", None: ""}[line["holds"]]
        return (f"{line['name']:<26} {number(line['value']):>10} {line['unit']:<16} base {number(line['baseline']):>9}"
                f"  ratio {number(line['ratio']):>6}  goal {line['goal'] or '-':<18} {verdict}").rstrip()

    def table(self):
        print()
        for line in self.lines:
            print(self._text(line))
        missed = sum(line["holds"] is False for line in self.lines)
        print(f"{sum(line['holds'] is True for line in self.lines)} goals hold, {missed} missed")
        return missed


class Tools:
    def __init__(self, build, work, port):
        self.build, self.work, self.port = pathlib.Path(build), pathlib.Path(work), port

    def program(self, name):
        return self.build / "test" / "bench" / name

    def load(self, port, pid, *args, seconds=SECONDS, connections=CONNECTIONS):
        """One run of the generator; every reply must be as expected."""
        command = [self.program("load"), "--json", "--port", port, "--pid", pid, "--connections", connections]
        if "--requests" not in args:
            command += ["--seconds", seconds]
        done = subprocess.run([str(x) for x in [*command, *args]], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"load: {done.stderr.strip()} {done.stdout.strip()[:300]}")
        return json.loads(done.stdout)

    def save(self, name, lines):
        path = self.work / name
        path.write_text("\n".join(lines) + "\n")
        return path

    @contextlib.contextmanager
    def bare(self, like, status=200):
        """The bare server whose replies have as many bytes, head and body, as those of a result."""
        command = [self.program("bare"), "--port", self.port + 1, "--threads", os.cpu_count() or 2, "--status", status,
                   "--bytes", like["body_bytes"], "--head-bytes", like["head_bytes"]]
        child = subprocess.Popen([str(x) for x in command], stdout=subprocess.DEVNULL)
        try:
            caller = Caller(self.port + 1)
            for _ in range(5000):
                if caller.status_of("/"):
                    break
                time.sleep(0.001)
            caller.http.close()
            yield child.pid
        finally:
            child.terminate()
            child.wait()

    def paired(self, report, name, server, *args, goal=0.5, status=200):
        """A row: replies a second of the server beside those of the bare one, and its CPU per reply."""
        expect = ["--expect", status]
        first = self.load(server.port, server.pid, *args, *expect, seconds=WARM_SECONDS)
        ours, theirs = [], []
        with self.bare(first, status) as pid:
            plain = [a for a in args if a != "--revalidate"]
            for _ in range(PAIRS):
                ours.append(self.load(server.port, server.pid, *args, *expect))
                theirs.append(self.load(self.port + 1, pid, *plain, *expect))
        ratio = statistics.median(a["rps"] / b["rps"] for a, b in zip(ours, theirs))
        value = statistics.median(a["rps"] for a in ours)
        base = statistics.median(b["rps"] for b in theirs)
        report.add(name, value, "replies/s", base, round(ratio, 3), f"ratio >= {goal}", ratio >= goal)
        cpu = statistics.median(a["server_cpu_ns_per_reply"] for a in ours) / 1000
        bare_cpu = statistics.median(b["server_cpu_ns_per_reply"] for b in theirs) / 1000
        report.add(f"{name}.cpu", round(cpu, 2), "us CPU/reply", round(bare_cpu, 2), round(cpu / bare_cpu, 2) if bare_cpu else None)
        p99 = statistics.median(a["latency_us"]["p99"] for a in ours) / 1000
        report.add(f"{name}.p99", round(p99, 3), "ms", round(statistics.median(b["latency_us"]["p99"] for b in theirs) / 1000, 3))
        report.add(f"{name}.bytes", first["body_bytes"], "bytes of body")


def percentile(values, share):
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * share - 1e-9)) - 1]


def sync_ms(folder, rounds=200):
    """What the disk takes to make 4 kB durable, in the middle; the ceiling of every single durable write."""
    path = pathlib.Path(folder) / "sync-probe"
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    took = []
    try:
        for i in range(rounds):
            os.pwrite(fd, b"x" * 4096, i * 4096)
            began = time.perf_counter()
            os.fdatasync(fd)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(fd)
        path.unlink()
    return statistics.median(took)


def forget(folder):
    """Drops the page cache of all files of a folder, so that the next read comes from the disk."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            fd = os.open(path, os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)
