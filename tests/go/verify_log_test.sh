#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# verify_log_test.sh VERIFY_LOG MAKE_EXPORT HOLDFAST_VERIFY NODE SERVER: that a program on the packages
# of Go's checksum database verifies our logs over HTTP, at sizes around the edges of tiles, and
# refuses them once they are tampered with.
set -euo pipefail
verify_log=$1 make_export=$2 holdfast_verify=$3 node=$4 server=$5
work=$(mktemp -d)
# The server ends with its standard input.
exec {hold}> >("$node" "$server" "$work" >"$work.url")
trap 'exec {hold}>&-; rm -rf "$work" "$work.url"' EXIT
for ((i = 0; i < 100; i++)); do [[ ! -s $work.url ]] || break; sleep 0.1; done
url=$(<"$work.url")

fail() { echo "$1"; exit 1; }

# verifies NAME SIZE VKEY
verifies() {
  said=$("$verify_log" "$url/$1" "$3" 2>&1) || fail "$1: $said"
  [[ $said == "verified $2 entries"* ]] || fail "$1: $said, want $2 entries"
  echo "$1: $said"
}
# refuses NAME VKEY WORDS
refuses() {
  if said=$("$verify_log" "$url/$1" "$2" 2>&1); then fail "$1 was let pass: $said"; fi
  [[ $said == *"$3"* ]] || fail "$1 was refused, but with: $said"
  echo "$1 is refused: $said"
}
# flip FILE OFFSET: another byte there
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# A village founds itself with 4 entries, and seals each batch with one more.
key=
for size in 24 255 256 257 65537; do
  id=$("$make_export" "$work/log-$size" $((size - 5)) 70000)
  [[ -n $key ]] ||
    key=$("$holdfast_verify" log "$work/log-$size" --village="$id" --format json |
      sed -n 's/.*"operator": "\(.*\)".*/\1/p')
  verifies "log-$size" "$size" "$key"
done

copy() { rm -rf "$work/tampered"; cp -r "$work/log-257" "$work/tampered"; }
copy; flip "$work/tampered/tile/entries/000" 3000; refuses tampered "$key" "is not the leaf of the tree"
copy; flip "$work/tampered/tile/entries/001.p/1" 20; refuses tampered "$key" "entry 256 is not the leaf"
copy; flip "$work/tampered/tile/0/000" 5000; refuses tampered "$key" "downloaded inconsistent tile"
copy; flip "$work/tampered/tile/0/001.p/1" 5; refuses tampered "$key" "downloaded inconsistent tile"
copy; flip "$work/tampered/tile/1/000.p/1" 5; refuses tampered "$key" "downloaded inconsistent tile"
copy; flip "$work/tampered/checkpoint" 30; refuses tampered "$key" "invalid signature"
copy; truncate -s 3000 "$work/tampered/tile/entries/000"; refuses tampered "$key" "ends within entry"
copy; cp "$work/log-256/checkpoint" "$work/tampered"; refuses tampered "$key" "downloaded inconsistent tile"
copy; rm "$work/tampered/checkpoint"; refuses tampered "$key" "status 404"
copy; rm "$work/tampered/tile/entries/001.p/1"; refuses tampered "$key" "status 404"
echo "every log was verified, every tampered one refused"
