#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checkers of tools/ find what they are there to find, and nothing in what is right. Ends with `N passed, N failed`."""
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"
passed = failed = 0

TABLES = """
CREATE TABLE status ( @BUCKET_ID, text TEXT NOT NULL ) @SHARDED;
CREATE TABLE follow ( bucket INTEGER NOT NULL, a BIGINT, b BIGINT, @KEY(bucket, a, b) ) @SHARDED_KEYED;
CREATE INDEX follow_page ON follow @ON(bucket, a);
CREATE TABLE rule ( -- reference
    id BIGINT NOT NULL PRIMARY KEY );
"""


def findings(tool, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        run = subprocess.run([TOOLS / tool, folder], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr


def expect(what, tool, files, message=None):
    """message None: nothing is found."""
    global passed, failed
    code, output = findings(tool, files)
    if (code == 0 and message is None) or (code != 0 and message is not None and message in output):
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}: exit {code}\n{output}")


def sql(statement, message=None, above=""):
    source = f'enum err f(void)\n{{\n    {above}\n    TRY(db_stmt(c, STR({statement}), &st));\n}}\n'
    expect(statement, "sql_rules.py", {"store/migrations/0001_a.sql": TABLES, "store/a.c": source}, message)


def migration(text, message=None):
    expect(text, "sql_rules.py", {"store/migrations/0001_a.sql": text}, message)


def statements():
    no_bucket = "does not name the bucket of"
    sql('"SELECT text FROM status WHERE bucket = $1 AND id = $2"')
    sql('"SELECT text FROM status WHERE id = $1"', no_bucket)
    sql('"SELECT text FROM status" " WHERE id = $1"', no_bucket)
    sql('"SELECT text FROM status WHERE id = $1"', None, "/* all shards: a list for the operator */")
    sql('"SELECT bucket FROM status ORDER BY id"', no_bucket)
    sql('"SELECT id FROM rule"')
    sql('"UPDATE status SET bucket = $1 WHERE id = $2"', no_bucket)
    sql('"DELETE FROM follow WHERE bucket = $1 AND a = $2"')
    sql('"DELETE FROM follow WHERE a = $2"', no_bucket)
    sql('"INSERT INTO follow (bucket, a, b) VALUES ($1, $2, $3) ON CONFLICT @ON(bucket, a, b) DO NOTHING"')
    sql('"INSERT INTO follow (a, b) VALUES ($1, $2)"', "does not list the bucket")
    sql('"INSERT INTO follow (bucket, a) VALUES ($1, $2) ON CONFLICT (a, b) DO NOTHING"', "ON CONFLICT")
    sql('"SELECT 1 FROM status s JOIN follow f ON f.bucket = $1 AND f.b = s.id WHERE s.bucket = $2"')
    sql('"SELECT 1 FROM status s JOIN follow f ON f.b = s.id WHERE s.bucket = $2"', "bucket of follow")
    sql('"SELECT 1 FROM status WHERE bucket = $1 AND id IN (SELECT b FROM follow WHERE a = $2)"', "bucket of follow")
    sql('"SELECT 1 FROM rule WHERE id = $1 UNION ALL SELECT id FROM status"', "bucket of status")
    two = '/* all shards: why */\nvoid f(void)\n{\n}\n\nvoid g(void)\n{\n    q("SELECT id FROM status WHERE id = $1");\n}\n'
    expect("the permission ends with its function", "sql_rules.py", {"store/migrations/0001_a.sql": TABLES, "store/a.c": two}, no_bucket)
    macro = '#define COLUMNS "id, text"\nvoid g(void)\n{\n    q("SELECT " COLUMNS " FROM status WHERE id = $1");\n}\n'
    expect("macros are read", "sql_rules.py", {"store/migrations/0001_a.sql": TABLES, "store/a.c": macro}, no_bucket)
    elsewhere = 'void g(void)\n{\n    q("SELECT id FROM rule");\n}\n'
    expect("SQL in core", "sql_rules.py", {"core/a.c": elsewhere}, "SQL outside store/")


def migrations():
    migration(TABLES)
    migration("CREATE TABLE a ( id BIGINT ) @SHARDED;", "first column")
    migration("CREATE TABLE a ( @BUCKET_ID );", "ends with @SHARDED")
    migration("CREATE TABLE a ( bucket INTEGER NOT NULL, x BIGINT, @KEY(x) ) @SHARDED;", "its key")
    migration("CREATE TABLE a ( @BUCKET_ID, x BIGINT ) @SHARDED; CREATE INDEX i ON a (x);", "an index of a")
    migration("CREATE TABLE a ( @BUCKET_ID, x TIMESTAMPTZ ) @SHARDED;", "TIMESTAMPTZ")
    migration("CREATE TABLE a ( @BUCKET_ID, x BIGINT REFERENCES b ) @SHARDED;", "REFERENCES")
    migration("CREATE TABLE a ( @BUCKET_ID, x TEXT DEFAULT 'a REAL one; really' ) @SHARDED;")


def layers():
    def source(room, text, message=None):
        expect(f"{room}: {text[:40]}", "layers.py", {f"{room}/a.c": text}, message)

    source("core", '#include "store/a.h"\n#include <stdio.h>\n')
    source("core", '#include "net/a.h"\n', "core/ may not include net/")
    source("base", '#include "db/db.h"\n', "base/ may not include db/")
    source("api", '#include "jobs/a.h"\n', "api/ may not include jobs/")
    source("main", '#include "jobs/a.h"\n')
    source("core", '#include "core/b.c"\n', "includes the source file")
    source("core", "static int counter;\n", "mutable global")
    source("core", "static int counter; /* global: there is one of it */\n")
    source("core", 'static const char *const names[] = {\n    "a",\n};\n')
    source("main", "static int counter;\n")
    source("core", "void f(void)\n{\n" + "    g();\n" * 70 + "}\n")
    source("core", "void f(void)\n{\n" + "    g();\n" * 71 + "}\n", "a function of 71 lines")
    source("core", "static const int t[] = {\n" + "    1,\n" * 71 + "};\n")
    source("core", "\n" * 801, "801 lines")
    source("cellar", "\n", "no such room")


def embed():
    global passed, failed
    with tempfile.TemporaryDirectory() as folder:
        for name in ("0001_a.sql", "0003_c.sql"):
            pathlib.Path(folder, name).write_text("SELECT 1;", encoding="utf-8")
        code = subprocess.run([TOOLS / "embed.py", "--kind", "migrations", f"{folder}/out.c", f"{folder}/0001_a.sql"], check=False).returncode
        gap = subprocess.run(
            [TOOLS / "embed.py", "--kind", "migrations", f"{folder}/out.c", f"{folder}/0001_a.sql", f"{folder}/0003_c.sql"],
            capture_output=True, text=True, check=False,
        )
        if code == 0 and gap.returncode != 0 and "number 0002 was expected" in gap.stderr:
            passed += 1
        else:
            failed += 1
            print(f"FAILED embed: {code} {gap.returncode} {gap.stderr}")


if __name__ == "__main__":
    statements()
    migrations()
    layers()
    embed()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
