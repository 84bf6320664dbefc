#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns files into a C source that holds them, as `struct embedded_file` (src/base/embed.h).

  embed.py --kind migrations|assets [--symbol NAME] [--root DIR] OUT.c FILES...

migrations  files named NNNN_name.sql; they must be numbered 1, 2, 3 ... without a gap. Symbol: embedded_migrations
assets      anything; with content type, ETag and a gzip copy. Symbol: embedded_assets

OUT.c defines, sorted by name, and declares before that (so that the two can also be repeated in a header):
  extern const struct embedded_file NAME[];
  extern const size_t NAME_count;
The name of a file is its path below --root (default: its base name). The same input gives the same bytes.

In meson:
  embedded = custom_target('migrations', input: files(...), output: 'migrations_embedded.c',
    command: [find_program('../../tools/embed.py'), '--kind', 'migrations', '@OUTPUT@', '@INPUT@'])
  static_library('store', ..., embedded, ...)
"""
import argparse
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
BYTES_A_LINE = 24
GZIP_SAVES_AT_LEAST = 0.1


def c_bytes(name, data):
    """An array with a zero byte behind the last."""
    padded = data + b"\0"
    rows = [padded[i : i + BYTES_A_LINE] for i in range(0, len(padded), BYTES_A_LINE)]
    body = "\n".join("    " + ",".join(str(b) for b in row) + "," for row in rows)
    return f"static const unsigned char {name}[{len(padded)}] = {{\n{body}\n}};\n"


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def check_migrations(names):
    """Numbered from 1 without a gap; a hole or a double number is a merge gone wrong."""
    for expected, name in enumerate(names, 1):
        m = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", name)
        if not m:
            sys.exit(f"embed: {name}: a migration is called NNNN_name.sql")
        if int(m.group(1)) != expected:
            sys.exit(f"embed: {name}: number {expected:04d} was expected here")


def asset_row(i, name, data, arrays):
    suffix = pathlib.PurePath(name).suffix
    if suffix not in TYPES:
        sys.exit(f"embed: {name}: no content type known for '{suffix}' (TYPES in tools/embed.py)")
    etag = '"' + hashlib.sha256(data).hexdigest()[:20] + '"'
    packed = gzip.compress(data, 9, mtime=0)
    gz, gz_size = "NULL", 0
    if len(packed) <= len(data) * (1 - GZIP_SAVES_AT_LEAST):
        arrays.append(c_bytes(f"gz_{i}", packed))
        gz, gz_size = f"gz_{i}", len(packed)
    return f"{c_string(etag)}, {c_string(TYPES[suffix])}, {gz}, {gz_size}"


def generate(kind, symbol, files):
    arrays, rows = [], []
    for i, (name, data) in enumerate(files):
        arrays.append(c_bytes(f"data_{i}", data))
        rest = asset_row(i, name, data, arrays) if kind == "assets" else "NULL, NULL, NULL, 0"
        rows.append(f"    {{ {c_string(name)}, data_{i}, {len(data)}, {rest} }},")
    return "\n".join(
        [
            "/* SPDX-License-Identifier: Apache-2.0 */",
            "/* Made by tools/embed.py; not to be edited. */",
            '#include "base/embed.h"',
            "",
            f"extern const struct embedded_file {symbol}[];",
            f"extern const size_t {symbol}_count;",
            "",
            *arrays,
            f"const struct embedded_file {symbol}[] = {{",
            *rows,
            "};",
            f"const size_t {symbol}_count = {len(rows)};",
            "",
        ]
    )


def main():
    p = argparse.ArgumentParser(description="Turns files into a C source that holds them.")
    p.add_argument("--kind", required=True, choices=["migrations", "assets"])
    p.add_argument("--symbol", help="default: embedded_migrations or embedded_assets")
    p.add_argument("--root", type=pathlib.Path, help="names are paths below this folder")
    p.add_argument("out", type=pathlib.Path)
    p.add_argument("files", type=pathlib.Path, nargs="+")
    a = p.parse_args()
    named = sorted((f.resolve().relative_to(a.root.resolve()).as_posix() if a.root else f.name, f) for f in a.files)
    names = [n for n, _ in named]
    if len(set(names)) != len(names):
        sys.exit("embed: two files of one name; give --root")
    if a.kind == "migrations":
        check_migrations(names)
    a.out.write_text(generate(a.kind, a.symbol or f"embedded_{a.kind}", [(n, f.read_bytes()) for n, f in named]), encoding="utf-8")


if __name__ == "__main__":
    main()
