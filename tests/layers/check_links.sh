#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# check_links.sh PROGRAM: that it carries nothing of LMDB, Boost or SQLite, linked in or loaded.
set -euo pipefail
program=$1
# Of a static program ldd answers with an error; then all there is stands in the symbols.
loaded=$(ldd "$program" 2>/dev/null || true)
symbols=$(nm -C "$program")
[[ -n $symbols ]] || { echo "$program has no symbols to look at"; exit 1; }
bad=0
for wanted in 'lib(lmdb|boost|sqlite)'; do
  if found=$(grep -E -m 3 "$wanted" <<<"$loaded"); then
    echo "$program loads:"; echo "$found"; bad=1
  fi
done
for wanted in ' _?mdb_' ' sqlite3_' 'boost::'; do
  if found=$(grep -E -m 3 "$wanted" <<<"$symbols"); then
    echo "$program has the symbols:"; echo "$found"; bad=1
  fi
done
exit $bad
