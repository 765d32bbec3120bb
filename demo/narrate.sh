# SPDX-License-Identifier: AGPL-3.0-or-later
#
# How the demonstrations tell what they do. Sourced, after `work` was set to the directory that all of
# it happens in, and `repository` to the clone. `who`, where it is set, stands before the $ of each
# command that is shown.

if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain" | fold -s -w 96; }

# A word as a person would type it: in double quotes where it has to be.
typed() {
  local option='' word=$1
  if [[ $word =~ ^((--)?[a-z-]+=)(.*) ]]; then option=${BASH_REMATCH[1]} word=${BASH_REMATCH[3]}; fi
  if [[ $word =~ ^[[:alnum:]_./:=,@%+-]+$ ]]; then
    printf ' %s' "$option$word"
  elif [[ $word =~ [\"\$\`\\!] ]]; then
    printf ' %q' "$option$word"
  else
    printf ' %s"%s"' "$option" "$word"
  fi
}

# Shows a command, runs it, indents what it prints and keeps that in `said`.
said=$work/said
run() {
  local word shown=''
  for word; do shown+=$(typed "$word"); done
  shown=${shown//$work\//}
  printf '\n  %s$%s\n' "${who:-}" "${shown//$repository\//}"
  "$@" 2>&1 | tee "$said" | sed 's/^/    /'
}
# The same for what must end with this exit status.
run_refused() {
  local want=$1 status=0
  shift
  run "$@" || status=$?
  [[ $status == "$want" ]] || stop "exit status $status, not $want: $*"
}

stop() {
  echo "demo: $*" >&2
  exit 1
}
# Holds the demonstration to its word: what the last command printed has this line in it.
said_so() { grep -Eq -- "$1" "$said" || stop "'$1' is not in what was just printed"; }

# until_it_says PATTERN COMMAND...: runs it quietly until a line of what it prints matches, for 20
# seconds and more at most.
until_it_says() {
  local want=$1 tries
  shift
  for ((tries = 0; tries < 100; ++tries)); do
    ! "$@" 2>&1 | grep -E -- "$want" >/dev/null || return 0
    sleep 0.2
  done
  stop "for 20 seconds there was no '$want' in what this printed: $*"
}

# The first id in a command's JSON, under this name.
id_of() { sed -n 's/.*"'"${1:-id}"'": *"\([0-9a-f]*\)".*/\1/p' | head -1; }
# The first id in what the last command printed.
id_said() { grep -Eo '[0-9a-f]{64}' "$said" | head -1; }
