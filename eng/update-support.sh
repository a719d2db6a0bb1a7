#!/usr/bin/env bash
# Writes docs/formats-support.md from what the formats say of themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
page=$(mktemp)
trap 'rm -f "$page"' EXIT
dotnet run --project src/Slipway.Cli -- formats --markdown > "$page"
cp "$page" docs/formats-support.md
