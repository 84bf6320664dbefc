#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The data rules of docs/ARCHITECTURE.md, checked where SQL is written.

Migrations (src/store/migrations/*.sql): a table is marked `-- reference`, or lives in the schema `derived`, or is sharded: its first
column is the bucket, and every key and index of it begins with the bucket; only portable types; no triggers, foreign keys, sequences.
`-- all shards: why` above an index allows one that is meant to be asked everywhere.

Statements (string literals of src/store/*.c, macros expanded): each SELECT, UPDATE and DELETE names the bucket of each sharded table
it touches, in WHERE or ON; each INSERT lists it, and its ON CONFLICT target does. `/* all shards: why */` above the statement
(outside or inside its function) allows one that is meant to reach everywhere.

Elsewhere in src/ no SQL may stand, but in src/db/."""
import pathlib
import re
import sys

FORBIDDEN = re.compile(
    r"\b(AUTOINCREMENT|(?:BIG|SMALL)?SERIAL|TRIGGER|REFERENCES|FOREIGN|CASCADE|GENERATED|SEQUENCE|BOOLEAN|TIMESTAMP\w*|DATETIME|VARCHAR|"
    r"JSONB?|UUID|REAL|FLOAT|DOUBLE|NUMERIC|DECIMAL|BYTEA|BLOB|UNIQUE)\b"
)
SQL_ELSEWHERE = re.compile(r"^\s*(SELECT\s.+\sFROM\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|CREATE (TABLE|INDEX)\s|PRAGMA\s)", re.S)
STATEMENT = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
C_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[A-Za-z_]\w*|\n\}|\n|[^\s]', re.S)
SQL_TOKEN = re.compile(r"'(?:[^']|'')*'|@?[A-Za-z_][\w.]*|\$\d+|[(),;]|[^\s\w]+|\d+")


# ---- migrations

def split_migration(text):
    """(line, statement without comments, its comments) for each statement."""
    line, start, code, comments = 1, None, "", ""
    for piece in re.split(r"(--[^\n]*|'(?:[^']|'')*'|;|\n)", text):
        if piece.startswith("--"):
            comments += piece + "\n"
        elif piece == ";":
            yield start or line, code.strip(), comments
            start, code, comments = None, "", ""
        else:
            if piece.strip() and start is None:
                start = line
            code += piece
        line += piece.count("\n")


def check_table(where, code, comments, sharded, complain):
    name = re.match(r"CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?([\w.]+)", code).group(1)
    if name.startswith("derived."):
        return
    inside = code[code.index("(") + 1 :].strip()
    if re.search(r"^--\s*reference\b", comments, re.M):
        if re.search(r"\bbucket\b|@SHARDED|@BUCKET_ID", code):
            complain(where, f"{name}: a reference table has no bucket")
        return
    sharded.add(name)
    if not re.match(r"@BUCKET_ID\b|bucket INTEGER NOT NULL\b", inside):
        complain(where, f"{name}: the first column is @BUCKET_ID or bucket INTEGER NOT NULL (or mark it -- reference)")
    if not re.search(r"@SHARDED(_KEYED)?$", code):
        complain(where, f"{name}: a table of members' data ends with @SHARDED or @SHARDED_KEYED")
    if "@BUCKET_ID" not in code and not re.search(r"@KEY(_ALL)?\(bucket,", code):
        complain(where, f"{name}: its key is @BUCKET_ID, @KEY(bucket, ...) or @KEY_ALL(bucket, ...)")
    if "PRIMARY KEY" in code:
        complain(where, f"{name}: write the key with @BUCKET_ID, @KEY or @KEY_ALL")


def check_index(where, code, comments, sharded, complain):
    m = re.match(r"CREATE INDEX (?:IF NOT EXISTS )?(\w+) ON ([\w.]+)\s*(.*)", code, re.S)
    if "all shards:" in comments:
        return
    if m and m.group(2) in sharded and not re.match(r"@ON\(bucket,", m.group(3)):
        complain(where, f"{m.group(1)}: an index of {m.group(2)} is @ON(bucket, ...)")


def check_migrations(folder, complain):
    """Returns the names of the sharded tables."""
    sharded = set()
    for path in sorted(folder.glob("*.sql")):
        for line, code, comments in split_migration(path.read_text(encoding="utf-8")):
            where = f"{path}:{line}"
            plain = re.sub(r"'(?:[^']|'')*'", "''", code)
            bad = FORBIDDEN.search(re.sub(r"@\w+", "", plain))
            if bad and "derived." not in plain:
                complain(where, f"{bad.group(1)}: not in both engines, or not shardable")
            if re.match(r"CREATE (VIRTUAL )?TABLE", code):
                check_table(where, code, comments, sharded, complain)
            elif code.startswith("CREATE INDEX"):
                check_index(where, code, comments, sharded, complain)
            elif code.startswith("CREATE UNIQUE"):
                complain(where, "what must be unique everywhere is a row in name_claim")
    return sharded


# ---- statements

def unquote(token):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), token[1:-1])


def macros_of(files):
    """#define NAME "text" ... : what a NAME between literals stands for."""
    found = {}
    for path in files:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for m in re.finditer(r"^#define ([A-Z]\w*) (.*)$", text, re.M):
            found[m.group(1)] = m.group(2)
    return found


def expand(words, macros, depth=0):
    out = ""
    for w in words:
        if w.startswith('"'):
            out += unquote(w)
        elif w in macros and depth < 8:
            out += expand(C_TOKEN.findall(macros[w]), macros, depth + 1)
        else:
            out += f" {w} "
    return out


def literals(text, macros):
    """(line, text, allowed) of each run of string literals; allowed: `all shards` was said since the last function ended."""
    line, run, run_line, allowed = 1, [], 0, False
    text = re.sub(r"^#define (?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.M)
    for m in C_TOKEN.finditer(text):
        token = m.group(0)
        if token.startswith('"') or (run and token in macros) or (token in macros and '"' in macros[token]):
            run_line = run_line or line
            run.append(token)
        elif token.startswith(("/*", "//")):
            allowed = allowed or "all shards:" in token
        elif token != "\n":
            if run:
                yield run_line, expand(run, macros), allowed
            run, run_line = [], 0
            allowed = allowed and token != "\n}"
        line += token.count("\n")


def scopes(tokens):
    """Splits a statement into its SELECTs (and the outer statement): lists of tokens without those nested in them."""
    done, stack = [], [[]]
    for i, t in enumerate(tokens):
        if t == "(":
            nested = tokens[i + 1].upper() in ("SELECT", "WITH") if i + 1 < len(tokens) else False
            stack.append([] if nested else stack[-1])
            stack[-1].append(t)
        elif t == ")" and len(stack) > 1:
            top = stack.pop()
            top.append(t)
            if top is not stack[-1]:
                done.append(top)
        elif t.upper() in ("UNION", "EXCEPT", "INTERSECT"):
            done.append(list(stack[-1]))
            stack[-1].clear()
        else:
            stack[-1].append(t)
    return done + [stack[0]]


def tables_of(scope, sharded):
    """[(table, alias)] of the sharded tables that a scope reads or changes."""
    found, in_from = [], False
    for i, t in enumerate(scope):
        upper = t.upper()
        if upper in ("FROM", "JOIN", "UPDATE", "INTO"):
            in_from = True
        elif upper in ("WHERE", "SET", "VALUES", "ON", "GROUP", "ORDER", "RETURNING"):
            in_from = False
        elif in_from and t in sharded and scope[i - 1].upper() in ("FROM", "JOIN", "UPDATE", "INTO", ","):
            after = [w for w in scope[i + 1 : i + 3] if w.upper() != "AS"]
            keyword = ("WHERE", "SET", "ON", "JOIN", "LEFT", "INNER", "CROSS", "ORDER", "GROUP", "LIMIT", "VALUES", "SELECT", "RETURNING", "UNION")
            alias = after[0] if after and re.match(r"[a-z_]\w*$", after[0]) and after[0].upper() not in keyword else t
            found.append((t, alias))
    return found


def check_scope(scope, sharded):
    upper = [t.upper() for t in scope]
    tables = tables_of(scope, sharded)
    if "INSERT" in upper:
        return check_insert(scope, upper, tables)
    conditions = [t for t, keep in zip(scope, in_conditions(upper)) if keep]
    for table, alias in tables:
        if "bucket" not in conditions and f"{alias}.bucket" not in conditions and f"{table}.bucket" not in conditions:
            return f"does not name the bucket of {table} in WHERE or ON"
    return None


def in_conditions(upper):
    """For each token: does it stand in WHERE, ON or USING?"""
    inside = False
    for t in upper:
        if t in ("WHERE", "ON", "USING"):
            inside = True
        elif t in ("GROUP", "ORDER", "RETURNING", "LIMIT", "SET", "FROM"):
            inside = False
        yield inside


def check_insert(scope, upper, tables):
    if not tables:
        return None
    columns = scope[: upper.index("VALUES")] if "VALUES" in upper else scope
    if "bucket" not in columns:
        return f"does not list the bucket of {tables[0][0]}"
    if "CONFLICT" in upper:
        rest = scope[upper.index("CONFLICT") + 1 :]
        if rest and rest[0] in ("(", "@ON") and "bucket" not in rest[:4]:
            return "its ON CONFLICT target does not begin with the bucket"
    return None


def check_statements(src, sharded, complain):
    store = src / "store"
    macros = macros_of([*store.glob("*.c"), *store.glob("*.h")])
    count = 0
    for path in sorted(store.glob("*.c")):
        for line, text, allowed in literals(path.read_text(encoding="utf-8"), macros):
            if not STATEMENT.match(text):
                continue
            count += 1
            for scope in [] if allowed else scopes(SQL_TOKEN.findall(text)):
                wrong = check_scope(scope, sharded)
                if wrong:
                    complain(f"{path}:{line}", wrong)
    return count


def check_elsewhere(src, complain):
    for path in sorted([*src.rglob("*.c"), *src.rglob("*.h")]):
        if path.relative_to(src).parts[0] in ("store", "db"):
            continue
        for line, text, _ in literals(path.read_text(encoding="utf-8"), {}):
            if SQL_ELSEWHERE.match(text):
                complain(f"{path}:{line}", "SQL outside store/ and db/")


def main():
    src = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "src")
    found = []

    def complain(where, what):
        found.append(f"{where}: {what}")

    sharded = check_migrations(src / "store" / "migrations", complain)
    statements = check_statements(src, sharded, complain)
    check_elsewhere(src, complain)
    for line in found:
        print(line)
    print(f"sql_rules: {len(sharded)} sharded tables, {statements} statements, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
