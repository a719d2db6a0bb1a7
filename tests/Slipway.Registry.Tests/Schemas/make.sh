#!/usr/bin/env bash
# Keeps a registry of the present schema for the tests of later ones: what it holds as SQL of each database, and what it has to tell of it.
# usage: make.sh NUMBER, with the number of the present schema, before the schema changes. Released files are never made again.
# Needs a release build of tests/Registry.Worker, Python and PostgreSQL; as root PostgreSQL runs as nobody.
set -euo pipefail
number=$1
here=$(cd "$(dirname "$0")" && pwd)
worker=$here/../../../artifacts/bin/Registry.Worker/release/Registry.Worker
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)")
work=$(mktemp -d)
trap '"${as[@]}" "$bin/pg_ctl" stop -D "$work/data" -m immediate >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
as=(env)
[ "$(id -u)" != 0 ] || { as=(setpriv --reuid nobody --clear-groups --); chown nobody "$work"; }

mkdir "$work/embedded"
SLIPWAY_WORKER_FOLDER=$work/embedded "$worker" sample > "$here/$number.sqlite.json"
python3 - "$work/embedded/slipway.db" > "$here/$number.sqlite.sql" <<'PYTHON'
import sqlite3, sys
# The dump writes infinity as a word that SQL does not know.
print('\n'.join(sqlite3.connect(sys.argv[1]).iterdump()).replace(',Inf,', ',9e999,').replace(',Inf)', ',9e999)'))
PYTHON

"${as[@]}" "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
"${as[@]}" "$bin/pg_ctl" start -D "$work/data" -w -l "$work/log" -o "-k $work -c listen_addresses=" >/dev/null
"$bin/createdb" -h "$work" -U postgres slipway
mkdir "$work/shared"
SLIPWAY_WORKER_FOLDER=$work/shared SLIPWAY_WORKER_DATABASE="postgresql://postgres@${work//\//%2F}/slipway" "$worker" sample > "$here/$number.postgresql.json"
# Lines of a backslash are for psql alone.
"$bin/pg_dump" -h "$work" -U postgres --inserts --no-owner --no-privileges slipway | grep -v '^\\' > "$here/$number.postgresql.sql"
