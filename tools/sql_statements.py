#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every SQL statement of store/, as the compiler sees it, for the test of their plans (test/unit/store/plans_test.c).

    tools/sql_statements.py OUT.c COMPILER... -- SOURCE.c...

Runs each source through the preprocessor, comments kept, and writes the distinct texts as a C array. A statement is all_shards if
`/* all shards: why */` stands above its function or in it."""
import json
import pathlib
import re
import subprocess
import sys

C_TOKEN = re.compile(r'# \d+ "[^"\n]*"[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|\n\}|\s+|\w+|.', re.S)
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def statements(path, compiler):
    """(line, text as the inside of a C literal, all_shards) of one source."""
    run = subprocess.run([*compiler, "-E", "-CC", path], check=True, capture_output=True, text=True)
    line, inside, text, start, all_shards = 1, False, "", 0, False
    for token in C_TOKEN.findall(run.stdout):
        marker = re.match(r'# (\d+) "([^"\n]*)"', token)
        if marker:
            line = int(marker.group(1)) - 1  # the newline after the marker counts
            inside = marker.group(2) == path
            continue
        if inside and token.startswith('"'):
            start = start or line
            text += token[1:-1]
        elif not token.isspace():
            if STATEMENT.match(text):
                yield start, text, all_shards
            text, start = "", 0
            if inside and token.startswith("/*"):
                all_shards = all_shards or "all shards:" in token
            all_shards = all_shards and token != "\n}"
        line += token.count("\n")


def main():
    split = sys.argv.index("--")
    out, compiler, sources = sys.argv[1], sys.argv[2:split], sys.argv[split + 1 :]
    found = {}
    for path in sources:
        for line, text, all_shards in statements(path, compiler):
            found.setdefault(text, (f"{pathlib.Path(path).name}:{line}", all_shards))
    rows = [f'    {{ {json.dumps(where)}, "{text}", {str(all_shards).lower()} }},' for text, (where, all_shards) in sorted(found.items())]
    pathlib.Path(out).write_text(
        "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tools/sql_statements.py. */\n"
        '#include "statements.h"\n\nconst struct sql_statement sql_statements[] = {\n'
        + "\n".join(rows)
        + f"\n}};\nconst size_t sql_statements_count = {len(rows)};\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
