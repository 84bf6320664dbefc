# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The stages of tools/check: the table, when one exists, and what each runs. Sourced; not run by itself.

first_of() { # the first of these commands that is here
    local c
    for c in "$@"; do command -v "$c" >/dev/null && { echo "$c"; return; }; done
    echo "$1"
}
clang=$(first_of clang-14 clang-19 clang)
format=$(first_of clang-format-14 clang-format-19 clang-format)
tidy=$(first_of clang-tidy-14 clang-tidy-19 clang-tidy)

declare_stages() { # name, kind, what must have passed before
    stage format lint ''
    stage layers lint ''
    stage sql lint ''
    stage spdx lint ''
    stage docs lint ''
    stage tools test ''
    stage gcc build ''
    stage npm build ''
    stage unit test 'gcc'
    stage api-sqlite test 'gcc npm'
    stage api-postgres test 'gcc npm'
    stage clang-asan build ''
    stage asan-unit test 'clang-asan'
    stage asan-api test 'clang-asan npm'
    stage asan-fault test 'clang-asan npm'
    stage clang-tsan build ''
    stage tsan-unit test 'clang-tsan'
    stage tsan-api test 'clang-tsan npm'
    stage tidy lint 'clang-asan'
    stage cppcheck lint ''
    stage ts lint 'npm'
    stage browser test 'gcc npm'
    stage packaging test 'gcc npm'
    stage fuzz test ''
}

stage_present() { # a stage whose folder is not there yet is absent, and not counted
    case $1 in
    sql) [ -d src/store ] ;;
    npm | ts) [ -e test/package.json ] ;;
    api-* | *-api) compgen -G 'test/api/*.test.ts' >/dev/null ;;
    asan-fault) [ -d test/fault ] ;;
    browser) compgen -G 'test/browser/*.test.ts' >/dev/null ;;
    fuzz) [ -e test/fuzz/meson.build ] ;;
    *) true ;;
    esac
}

run_stage() {
    set -eu
    case $1 in
    format) check_format ;;
    layers) tools/layers.py ;;
    sql) tools/sql_rules.py ;;
    spdx) check_spdx ;;
    docs) tools/api_doc.py --check && tools/metrics_doc.py --check ;;
    tools) test/tools/rules_test.py ;;
    npm) install_node_packages ;;
    gcc) build gcc gcc --buildtype=debugoptimized ;;
    clang-asan) build asan "$clang" -Db_sanitize=address,undefined -Db_lundef=false ;;
    clang-tsan) build tsan "$clang" -Db_sanitize=thread -Db_lundef=false ;;
    unit) unit_tests gcc unit ;;
    asan-unit) unit_tests asan unit ;;
    tsan-unit) unit_tests tsan unit ;;
    api-sqlite) node_tests gcc api sqlite ;;
    api-postgres) node_tests gcc api postgres ;;
    asan-api) node_tests asan api sqlite ;;
    tsan-api) node_tests tsan api sqlite ;;
    asan-fault) fault_tests asan ;;
    browser) node_tests gcc browser sqlite ;;
    packaging) node_tests gcc packaging sqlite ;;
    tidy) nice tools/tidy.py "$tidy" "$out/asan" "$out/tidy" ;;
    cppcheck) check_cppcheck ;;
    ts) (cd test && npx --no-install tsc) && test/node_modules/.bin/biome ci --colors=off . ;;
    fuzz) fuzz_targets "${PARLEY_FUZZ_SECONDS:-${CI:+20}}" ;;
    esac
}

# Sanitizers: report everything, fail at the first. setarch: old sanitizer run-times cannot cope with wide address
# randomisation; where it may not be switched off, run as it is.
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:exitcode=99:suppressions=$PWD/tools/tsan.supp
export LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp:print_suppressions=0
fixed_addresses=()
[ "$(setarch -R echo yes 2>/dev/null)" != yes ] || fixed_addresses=(setarch -R)

check_format() {
    if [ "$format" != clang-format-14 ]; then
        echo "the layout is that of clang-format 14; $format may differ: findings are shown, and do not count"
        git ls-files 'src/*.[ch]' 'test/*.[ch]' | xargs -r "$format" --dry-run || true
        return 0
    fi
    git ls-files 'src/*.[ch]' 'test/*.[ch]' | xargs -r "$format" --dry-run -Werror
}

check_spdx() { # every source names its licence
    local missing
    missing=$(git ls-files '*.c' '*.h' '*.ts' '*.js' '*.py' '*.sh' '*.sql' '*.css' '*meson.build' Makefile tools .ci |
        xargs grep -L 'SPDX-License-Identifier: Apache-2.0' || true)
    [ -z "$missing" ] || { printf '%s: no SPDX line\n' $missing; return 1; }
}

build() { # DIR COMPILER MESON-OPTION...
    local dir=$out/$1 cc=$2
    shift 2
    [ -e "$dir/build.ninja" ] || CC=$cc meson setup "$dir" --werror "$@"
    ninja -C "$dir"
}

# Not `npm ci`: it insists on entries for the platforms of optional packages that nobody here runs, and registries
# differ in which of those they carry. This keeps to the lock file, too, and does not write it.
install_node_packages() {
    cd test
    [ node_modules/.package-lock.json -nt package-lock.json ] || npm install --no-save --no-audit --no-fund
}

unit_tests() { # BUILD SUITE
    local code=0
    PARLEY_TEST_PG=$(postgres_database "$2_$1")
    export PARLEY_TEST_PG
    "${fixed_addresses[@]}" meson test -C "$out/$1" --no-rebuild --suite "$2" --timeout-multiplier 4 >"$logs/meson-$1-$2.log" 2>&1 || code=$?
    cat "$out/$1/meson-logs/testlog.txt"
    [ $code = 0 ] || tell_failed "$out/$1/meson-logs/testlog.txt"
    return $code
}

tell_failed() { # TESTLOG: of each test that failed its name and what it said at last; counts are told elsewhere
    awk '
        function tell(i) {
            if (bad) for (i = n > 10 ? n - 10 : 0; i < n; i++) print line[i]
        }
        /^=+ +[0-9]+\/[0-9]+ =+$/ { tell(); n = bad = 0; next }
        /^test:/ { name = $0; next }
        /^result:/ { bad = !/exit status (0|77)$/; if (bad) print name "\n" $0; next }
        /^(start time|duration|command):/ || /^[-=]+( std(out|err) -+)?$/ || / passed, [0-9]+ failed$/ || /^$/ { next }
        { line[n++] = $0 }
        END { tell() }' "$1"
}

node_tests() { # BUILD SUITE sqlite|postgres
    local program db=sqlite
    program=$PWD/$out/$1/src/main/parley
    [ -x "$program" ] || { echo "no parley in $out/$1"; return 1; }
    [ "$3" != postgres ] || db=$(postgres_url)
    cd test
    PARLEY_BIN=$program PARLEY_BUILD=$PWD/../$out/$1 PARLEY_TEST_DB=$db PARLEY_TEST_ENGINE=$3 \
        "${fixed_addresses[@]}" npm --silent test -- "$2"
}

fault_tests() { # BUILD: C programs in the suite `fault`, and TypeScript
    local code=0
    [ ! -e test/fault/meson.build ] || (unit_tests "$1" fault) || code=1
    ! compgen -G 'test/fault/*.test.ts' >/dev/null || (node_tests "$1" fault sqlite) || code=1
    return $code
}

postgres_dir=${PARLEY_CHECK_POSTGRES:-/var/tmp/parley-check-$$}
postgres_url() { # starts it at the first call; flock -o: the server must not inherit the lock
    PARLEY_PG_FSYNC=off flock -o "$out/postgres.lock" tools/postgres start "$postgres_dir"
}
postgres_database() { # NAME: the URL of a new, empty database
    local url
    url=$(postgres_url)
    psql "$url" -Xqc "CREATE DATABASE $1"
    echo "${url%/*}/$1"
}
stop_services() { # at exit, however it ends
    local p
    for p in $(jobs -p); do kill "$p" 2>/dev/null; done
    wait 2>/dev/null
    [ ! -d "$postgres_dir" ] || { tools/postgres stop "$postgres_dir"; rm -rf "$postgres_dir"; }
}

check_cppcheck() {
    mkdir -p "$out/cppcheck"
    nice cppcheck --enable=warning,performance,portability --std=c11 --language=c --inline-suppr --quiet -j 2 \
        --cppcheck-build-dir="$out/cppcheck" --suppressions-list=tools/cppcheck.supp --error-exitcode=1 -Isrc src
}

fuzz_targets() { # SECONDS for each target
    local target name seconds=${1:-60} broken=()
    build fuzz "$clang" -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false
    for target in "$out"/fuzz/test/fuzz/fuzz_*; do
        { [ -f "$target" ] && [ -x "$target" ]; } || continue
        name=${target##*/fuzz_}
        mkdir -p "$out/corpus/$name"
        echo "== $name, $seconds s"
        if "${fixed_addresses[@]}" "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
            -artifact_prefix="$out/corpus/$name-" "$out/corpus/$name" $([ ! -d "test/fuzz/corpus/$name" ] || echo "test/fuzz/corpus/$name") 2>&1 | tail -n 40; then
            echo '1 passed, 0 failed'
        else
            echo '0 passed, 1 failed'
            broken+=("$name")
        fi
    done
    [ ${#broken[@]} = 0 ] || { echo "targets that failed: ${broken[*]}"; return 1; }
}
