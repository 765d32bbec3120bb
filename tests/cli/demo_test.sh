#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
#   demo_test.sh <repository> <build directory> village|mesh|stay
#
# A demonstration that the README begins with, as it is, with the programs that were built: of one
# village (demo/demo.sh), or of five that ask one another (demo/mesh.sh). It comes to its end, and says
# what it is there to show; or it stays up (stay), also where the server of one village ends. No terminal; what it made is removed, and no process of it is left.
set -euo pipefail
repository=$1
build=$2
story=$3

TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-demo-test-XXXXXX")
export TMPDIR
demo=''
ended() {
  [[ -z $demo ]] || { kill -TERM "$demo" 2>/dev/null && wait "$demo"; } || true
  rm -rf "$TMPDIR"
}
trap ended EXIT
mkdir "$TMPDIR/documents"
printf '# Tides\n\nLow at noon.\n' >"$TMPDIR/documents/tides.md"
printf '# Bread\n\nRises by the stove.\n' >"$TMPDIR/documents/bread.md"

case $story in
  village) command=("$repository/demo/demo.sh" "$TMPDIR/documents") ;;
  mesh) command=("$repository/demo/mesh.sh" --once "$TMPDIR/documents") ;;
  stay) command=("$repository/demo/mesh.sh") ;;
  *) echo "demo_test: there is no story '$story'" >&2; exit 2 ;;
esac

said=$TMPDIR/said
status=0
fail() {
  echo "demo_test: $1; it said:" >&2
  cat "$said" >&2
  exit 1
}
# until_said PATTERN: waits for such a line, for a minute and more at most.
until_said() {
  local tries
  for ((tries = 0; tries < 600; ++tries)); do
    ! grep -Eq -- "$1" "$said" || return 0
    kill -0 "$demo" 2>/dev/null || fail "it has ended before '$1'"
    sleep 0.1
  done
  fail "there was no '$1'"
}
# server_of VILLAGE: its process; nothing where there is none. Its variable is in its environment.
server_of() {
  local environment
  for environment in /proc/[0-9]*/environ; do
    grep -qsz "^HOLDFAST_VILLAGE=$TMPDIR/holdfast-mesh-[^/]*/$1/village\$" "$environment" || continue
    [[ $(tr '\0' ' ' <"${environment%environ}cmdline") == "holdfast serve "* ]] || continue
    environment=${environment#/proc/}
    echo "${environment%/environ}"
  done
}
if [[ $story == stay ]]; then
  BUILD=$build "${command[@]}" </dev/null >"$said" 2>&1 &
  demo=$!
  until_said '^ +holdfast-verify log http'
  kill -TERM "$(server_of kura)"
  until_said 'server of kura has ended; the others go on'
  for village in iwi hauora research recordings; do
    [[ -n $(server_of "$village") ]] || fail "$village is not served any more"
  done
  kill -TERM "$demo"
  wait "$demo" || status=$?
  demo=''
else
  BUILD=$build "${command[@]}" </dev/null >"$said" 2>&1 || status=$?
fi
((status == 0)) || fail "exit status $status"
# said_so TIMES PATTERN: so many lines match, no more and no fewer.
said_so() { (($(grep -Ec -- "$2" "$said") == $1)) || fail "not $1 lines with '$2'"; }
# Whoever serves has its directory in its environment, below ours.
none_left() {
  local environment
  for environment in /proc/[0-9]*/environ; do
    ! grep -qsF "$TMPDIR/holdfast-mesh" "$environment" || fail "a process is left: $environment"
  done
}

if [[ $story == village ]]; then
  said_so 1 '^ +VERIFIED'
  said_so 1 '^ +REFUTED'
  exit
fi

if [[ $story == stay ]]; then
  said_so 1 'has ended; the others go on'
  none_left
  exit
fi

said_so 5 '^ +VERIFIED'                       # every ledger
said_so 1 '^ +REFUTED at entry [0-9]+'        # and the copy that was tampered with
said_so 1 '^ +24 added'                       # the iwi has records of its own,
said_so 1 '^ +2 added'                        # and those of the directory
said_so 3 'the records: . cited, each live'   # one question, three villages, proved
said_so 4 'refused, silent'                   # three before steering was set, one after it was withdrawn
said_so 2 'refused, insufficient'             # two visits, and none
said_so 1 '^ +#[0-9]+ revoked$'
said_so 2 '^ +[0-9a-f]{12}  withdrawn .* is revoked$'
# The second reader says of all five what the first one does, and so of each with a byte changed.
node=$(command -v node || command -v nodejs)
HOLDFAST_EXPORTS=$(echo "$TMPDIR"/holdfast-mesh-*) HOLDFAST_SAID=$said HOLDFAST_VERIFY=$build/bin/holdfast-verify \
  "$node" --test "$repository/tests/web/mesh.test.js" >"$TMPDIR/readers" 2>&1 ||
  { cat "$TMPDIR/readers" >&2; fail "the readers do not agree"; }
none_left
