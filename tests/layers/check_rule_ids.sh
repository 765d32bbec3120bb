#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# check_rule_ids.sh TREE: that every rule id which a refusal cites stands in spec/, and that every id
# which spec/ defines is cited by some refusal. An id is defined as "[SEAL-2]" or as a table's first
# column.
set -euo pipefail
cd "$1"
cited=$(grep -rhoE --include='*.cpp' --include='*.h' '"[A-Z]+-[0-9]+"' ledger verifier federation api |
  tr -d '"' | grep -vx 'UTF-8' | LC_ALL=C sort -u)
defined=$(grep -hoE '\[[A-Z]+-[0-9]+\]|^\| [A-Z]+-[0-9]+ \|' spec/*.md |
  grep -oE '[A-Z]+-[0-9]+' | grep -vx 'SHA-256' | LC_ALL=C sort -u)
bad=0
while read -r id; do
  [[ -n $id ]] || continue
  echo "$id is cited and stands nowhere in spec/"; bad=1
done < <(LC_ALL=C comm -23 <(echo "$cited") <(echo "$defined"))
while read -r id; do
  [[ -n $id ]] || continue
  echo "$id stands in spec/ and nothing cites it"; bad=1
done < <(LC_ALL=C comm -13 <(echo "$cited") <(echo "$defined"))
exit $bad
