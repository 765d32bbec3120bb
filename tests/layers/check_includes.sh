#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# check_includes.sh TREE LAYERS: every #include in the source folders of TREE against the table LAYERS.
# Prints each line that points the wrong way; exit status 1 if there is one.
set -euo pipefail
tree=$1
layers=$(realpath "$2")
cd "$tree"

folders=()
for folder in ledger net verifier federation api; do
  [[ ! -d $folder ]] || folders+=("$folder")
done
mapfile -t files < <(find "${folders[@]}" -name '*.h' -o -name '*.cpp' | LC_ALL=C sort)
((${#files[@]})) || { echo "there are no sources below $tree"; exit 1; }

awk '
function below(path, folder) { return path == folder || index(path, folder "/") == 1 }

# The folder of the table that a path belongs to: the longest that fits.
function layer_of(path,    name, best) {
  best = ""
  for (name in allowed)
    if (below(path, name) && length(name) > length(best)) best = name
  return best
}

function refuse(why) { print FILENAME ":" FNR ": " $0 "\n    " why; bad++ }

FILENAME == ARGV[1] {
  if ($1 == "only") {
    for (i = 3; i <= NF; i++) only[$2] = only[$2] " " $i
  } else if ($1 ~ /:$/) {
    name = substr($1, 1, length($1) - 1)
    allowed[name] = " " name
    for (i = 2; i <= NF; i++) allowed[name] = allowed[name] " " $i
  }
  next
}

FNR == 1 && layer_of(FILENAME) == "" {
  print FILENAME ": is in no layer of the table"
  bad++
}

/^[ \t]*#[ \t]*include/ {
  header = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
  for (library in only) {
    if (index(header, library) == 0) continue
    count = split(only[library], homes, " ")
    home = 0
    for (i = 1; i <= count; i++) if (below(FILENAME, homes[i])) home = 1
    if (!home) refuse(library " is for" only[library] " only")
  }
  if (substr(header, 1, 1) != "\"") next
  path = substr(header, 2)
  sub(/".*/, "", path)
  if (path ~ /\.capnp\.h$/) next
  if (path ~ /(^|\/)\.\.?\// || path !~ /\//) {
    refuse("paths are written from the top of the tree")
    next
  }
  count = split(allowed[layer_of(FILENAME)], down, " ")
  for (i = 1; i <= count; i++) if (below(path, down[i])) next
  refuse(layer_of(FILENAME) " may include only" allowed[layer_of(FILENAME)])
}

END { if (bad) { print bad " against the layers"; exit 1 } }
' "$layers" "${files[@]}"
