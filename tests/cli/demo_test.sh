#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
#   demo_test.sh <repository> <build directory>
#
# The demonstration that the README begins with, as it is, with the programs that were built: it
# comes to its end, the verifier verifies the export and refutes the one that was tampered with.
# No terminal; what it made is removed.
set -euo pipefail
repository=$1
build=$2

TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-demo-test-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
mkdir "$TMPDIR/documents"
printf '# Tides\n\nLow at noon.\n' >"$TMPDIR/documents/tides.md"
printf '# Kelp\n\nGrows by the north point.\n' >"$TMPDIR/documents/kelp.md"

said=$TMPDIR/said
status=0
BUILD=$build "$repository/demo/demo.sh" "$TMPDIR/documents" </dev/null >"$said" 2>&1 || status=$?
fail() {
  echo "demo_test: $1; it said:" >&2
  cat "$said" >&2
  exit 1
}
((status == 0)) || fail "exit status $status"
for word in VERIFIED REFUTED; do
  grep -Eq "^ +$word" "$said" || fail "no $word"
done
