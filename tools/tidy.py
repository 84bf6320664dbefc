#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tidy.py CLANG-TIDY BUILD-DIR STAMP-DIR: clang-tidy over every file of src/, two at a time. A file whose preprocessed text,
checks and tool are those of a run that found nothing is not looked at again."""
import concurrent.futures
import hashlib
import json
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
AT_ONCE = 2


def files_of(build):
    """(source, command that preprocesses it) from the compilation database, sources under src/ only."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        source = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if source.suffix != ".c" or ROOT / "src" not in source.parents:
            continue
        words = shlex.split(entry["command"])
        if "ccache" in pathlib.Path(words[0]).name:
            words.pop(0)
        keep = [w for i, w in enumerate(words) if w not in ("-c", "-o") and (i == 0 or words[i - 1] != "-o")]
        yield source, [*keep, "-E", "-w"], entry["directory"]


def check(tool, version, build, stamps, job):
    source, preprocess, directory = job
    text = subprocess.run(preprocess, cwd=directory, capture_output=True, check=False).stdout
    key = hashlib.sha256(text + version + (ROOT / ".clang-tidy").read_bytes()).hexdigest()
    stamp = stamps / str(source.relative_to(ROOT)).replace("/", "_")
    if text and stamp.exists() and stamp.read_text(encoding="ascii") == key:
        return 0, ""
    run = subprocess.run([tool, "--quiet", "--warnings-as-errors=*", "-p", str(build), str(source)], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.write_text(key, encoding="ascii")
        return 0, ""
    return 1, run.stdout + "".join(line for line in run.stderr.splitlines(True) if "error" in line)


def main():
    tool, build, stamps = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    stamps.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([tool, "--version"], capture_output=True, check=True).stdout
    jobs = sorted({job[0]: job for job in files_of(build)}.values())
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for code, output in pool.map(lambda job: check(tool, version, build, stamps, job), jobs):
            bad += code
            print(output, end="", flush=True)
    print(f"tidy: {len(jobs)} files, {bad} with findings")
    return 1 if bad or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
