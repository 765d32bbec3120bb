#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# self_test.sh TOP DYNAMIC STATIC: plants one violation at a time and requires that the checks see it.
# DYNAMIC and STATIC are programs that use LMDB, linked the one way and the other.
set -euo pipefail
top=$1; shift
here=$top/tests/layers
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p "$work"/ledger/{core,model,rules,store,log} "$work"/verifier/source "$work"/net "$work"/federation

check() { bash "$here/check_includes.sh" "$work" "$here/layers.txt" 2>&1; }

echo '#include "ledger/core/bytes.h"' >"$work/ledger/model/entry.h"
echo '#include "net/fetch.h"' >"$work/verifier/source/url.cpp"
check || { echo "refused a tree in which every arrow points down"; exit 1; }

# plant FILE LINE: with this line the tree must be refused, and the refusal must name the file.
plant() {
  echo "$2" >"$work/$1"
  if said=$(check); then
    echo "let pass in $1: $2"; exit 1
  fi
  [[ $said == *"$1:1"* ]] || { echo "did not name $1: $said"; exit 1; }
  rm "$work/$1"
}
plant ledger/core/bytes.cpp '#include "ledger/model/entry.h"'
plant ledger/model/entry.cpp '#include "ledger/rules/apply.h"'
plant ledger/rules/apply.cpp '#include "ledger/store/store.h"'
plant ledger/store/store.h '#include "ledger/rules/apply.h"'
plant ledger/log/reader.cpp '#include "verifier/replay.h"'
plant verifier/replay.cpp '#include "ledger/log/reader.h"'
plant verifier/replay.cpp '#include "ledger/store/store.h"'
plant verifier/replay.cpp '#include "net/fetch.h"'
plant verifier/replay.cpp '  #  include <lmdb.h>'
plant ledger/rules/apply.cpp '#include <capnp/message.h>'
plant ledger/rules/apply.cpp '#include "holdfast.capnp.h"'
plant ledger/log/reader.cpp '#include <sodium.h>'
plant ledger/model/entry.cpp '#include "entry.h"'
plant ledger/model/entry.cpp '#include "../rules/apply.h"'

mkdir -p "$work/spec" "$work/api"
echo '| SEAL-2 | |' >"$work/spec/rules.md"
echo 'return Error{"SEAL-2"};' >"$work/ledger/rules/seal.cpp"
ids() { bash "$here/check_rule_ids.sh" "$work" >/dev/null; }
ids || { echo "refused ids that agree"; exit 1; }
echo '| SEAL-3 | |' >>"$work/spec/rules.md"
! ids || { echo "did not see an id that nothing cites"; exit 1; }
echo 'return Error{"SEAL-3", "SEAL-4"};' >>"$work/ledger/rules/seal.cpp"
! ids || { echo "did not see an id that stands nowhere"; exit 1; }

for program in "$@"; do
  if bash "$here/check_links.sh" "$program" >/dev/null; then
    echo "did not see LMDB in $program"; exit 1
  fi
done
echo "every planted violation was seen"
