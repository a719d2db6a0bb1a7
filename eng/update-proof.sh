#!/usr/bin/env bash
# Runs the tests that compare with the originals' answers and writes how far apart they were to docs/formats-proof.md. Needs the conformance data.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for tests in Conformance Slipway.Pmml Slipway.TensorFlow Slipway.Keras; do
  SLIPWAY_PROOF=$log dotnet test "tests/$tests.Tests" -v q -p:VSTestTestCaseFilter='Category!=Slow'
done
{
  cat <<'TEXT'
# How close the answers are

Every model of the conformance data that is served is compared with what its own library answered, number by number, on every run of the tests. This page is written from such a run by `eng/update-proof.sh`.
The relative difference is taken where the expected number is at least 1e-6 in size. Labels and other text must be equal and are not counted here. Several files of one model (encodings, versions) count together.
Expected figures are those of the original library in its own precision; where a project printed them with few digits, as some PMML and Keras data do, the difference shows the printing. The Keras figures compare single layers with a computation in double precision.

| format | models | numbers compared | largest absolute difference | largest relative difference |
|---|---|---|---|---|
TEXT
  awk -F'\t' '{ n[$1] += $3; if ($4+0 > a[$1]+0) a[$1] = $4; if ($5+0 > r[$1]+0) r[$1] = $5; if (!(($1,$2) in s)) { s[$1,$2]; m[$1]++ } }
    END { for (f in n) printf "| %s | %d | %d | %s | %s |\n", f, m[f], n[f], (a[f] == "" ? "0" : a[f]), (r[f] == "" ? "0" : r[f]) }' "$log" | sort
  for format in $(cut -f1 "$log" | sort -u | tr ' ' '_'); do
    name=${format//_/ }
    printf '\n## %s\n\n| model | numbers | absolute | relative |\n|---|---|---|---|\n' "$name"
    awk -F'\t' -v f="$name" '$1 == f { n[$2] += $3; if ($4+0 > a[$2]+0) a[$2] = $4; if ($5+0 > r[$2]+0) r[$2] = $5 }
      END { for (m in n) printf "| %s | %d | %s | %s |\n", m, n[m], (a[m] == "" ? "0" : a[m]), (r[m] == "" ? "0" : r[m]) }' "$log" | LC_ALL=C sort
  done
} > docs/formats-proof.md
