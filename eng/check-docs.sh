#!/usr/bin/env bash
# Runs the commands that the documentation shows: every code block that begins with ```sh run, in the order of the page,
# in a folder of its own that holds samples/, with `slipway` on the path. `slipway serve` goes to the background until the page ends; the
# next command waits for its ready line. A page whose commands fail, fails.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
program=$root/artifacts/bin/Slipway.Cli/release
[ -x "$program/slipway" ] || { echo "build first: dotnet build -c Release"; exit 1; }
failed=0; pages=0
for page in README.md $(find docs -name '*.md' | sort); do
  script=$(awk '/^```sh run/ { take = 1; next } /^```/ { take = 0 } take' "$page")
  [ -n "$script" ] || continue
  script=$(printf '%s\n' "$script" | sed -E 's/^(slipway serve .*)$/\1 > .ready \& until grep -q "^slipway ready" .ready; do sleep 0.1; done/')
  pages=$((pages + 1))
  folder=$(mktemp -d)
  cp -r samples "$folder/"
  echo "-- $page"
  if ! (cd "$folder" && PATH="$program:$PATH" timeout 120 bash -euo pipefail -c "trap 'kill \$(jobs -p) 2>/dev/null; wait' EXIT
$script") >"$folder/.out" 2>&1; then
    failed=$((failed + 1)); echo "FAILED: $page"; tail -n 30 "$folder/.out"
  fi
  rm -rf "$folder"
done
echo "$pages pages with commands, $failed failed"
[ "$failed" -eq 0 ] && [ "$pages" -gt 0 ]
