#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the sources that no compiler makes: which room may include which (the table of docs/ARCHITECTURE.md), no
include of a .c file, no mutable globals but in main/, the length of files and functions. Prints file:line: what."""
import pathlib
import re
import sys

ORDER = "base model net media db store feed core desk courier lifeboat fed jobs api pages main".split()


def above(room, *but):
    return [r for r in ORDER[: ORDER.index(room)] if r not in but]


MAY_INCLUDE = {
    "base": [],
    "model": ["base"],
    "net": ["base"],
    "media": ["base", "model", "net"],
    "db": ["base"],
    "store": ["base", "model", "db"],
    "feed": ["base", "model", "store"],
    "core": ["base", "model", "media", "store", "feed"],
    "desk": ["base", "model", "store", "core"],
    "courier": ["base", "model", "net", "store"],
    "lifeboat": ["base", "net", "db"],
    "fed": ["base", "model", "net", "core"],
    "jobs": above("jobs"),
    "api": above("api", "jobs"),
    "pages": above("pages", "jobs", "api"),
    "main": above("main"),
}
FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
# A definition at the left margin without const is mutable; clang-format puts every definition of a file there.
GLOBAL = re.compile(r"^(?:static |_Atomic |_Thread_local |volatile )*(?:struct |enum |unsigned )?[a-z_][a-z0-9_]*\s+\**[a-z_][a-z0-9_]*(?:\[[^\]]*\])*\s*(?:=.*|;)$")
NOT_GLOBAL = re.compile(r"^(?:extern|typedef|return|struct \w+;|enum \w+;)|\bconst\b")


def check_includes(rel, room, lines, complain):
    for i, line in enumerate(lines, 1):
        m = INCLUDE.match(line)
        if not m:
            continue
        target = m.group(1)
        if target.endswith(".c"):
            complain(rel, i, f"includes the source file {target}")
        other = target.split("/")[0]
        if "/" not in target:
            complain(rel, i, f'"{target}" names no room: write "room/file.h"')
        elif other not in MAY_INCLUDE:
            complain(rel, i, f'"{target}": no such room')
        elif other != room and other not in MAY_INCLUDE[room]:
            complain(rel, i, f"{room}/ may not include {other}/ ({target})")


def check_lengths(rel, lines, complain):
    """Functions are what stands between a `{` and a `}` alone at the left margin; tables open behind an `=`."""
    if len(lines) > FILE_LINES_MAX and not (rel.stem.endswith("_table") or rel.stem == "routes"):
        complain(rel, len(lines), f"{len(lines)} lines: a file has at most {FILE_LINES_MAX}")
    start = 0
    for i, line in enumerate(lines, 1):
        if line == "{":
            start = i
        elif line == "}" and start:
            if i - start - 1 > FUNCTION_LINES_MAX:
                complain(rel, start, f"a function of {i - start - 1} lines: at most {FUNCTION_LINES_MAX}")
            start = 0


def check_globals(rel, lines, complain):
    """`/* global: why */` at the end of the line allows what is process-wide by nature."""
    for i, line in enumerate(lines, 1):
        code, _, comment = line.partition("/*")
        code = code.rstrip()
        if GLOBAL.match(code) and not NOT_GLOBAL.search(code) and "global:" not in comment:
            complain(rel, i, "a mutable global outside main/ (say why with /* global: ... */ if it must be)")


def check_tree(src, complain):
    files = sorted(p for p in src.rglob("*") if p.suffix in (".c", ".h"))
    for path in files:
        rel = path.relative_to(src)
        room = rel.parts[0]
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        if room not in MAY_INCLUDE:
            complain(rel, 1, f"no such room: {room}")
            continue
        check_includes(rel, room, lines, complain)
        check_lengths(rel, lines, complain)
        if room != "main" and rel.suffix == ".c":
            check_globals(rel, lines, complain)
    return len(files)


def main():
    src = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "src")
    found = []
    files = check_tree(src, lambda rel, line, what: found.append(f"{src / rel}:{line}: {what}"))
    for line in found:
        print(line)
    print(f"layers: {files} files, {len(found)} findings")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
