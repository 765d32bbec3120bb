# SPDX-License-Identifier: AGPL-3.0-or-later
#
# How the five villages of mesh.sh come to be, are served, and meet. Sourced by it, after narrate.sh;
# expects `work` and `villages`, where their documents are.
#
# Of each village $work has a directory: village/ is what `holdfast init` makes, people/ holds the keys of
# its people, state/ what this machine remembers of it.

names=(iwi hauora kura research recordings)
purpose="the health of the bay"

# at VILLAGE: what is run from here on is run there.
at() {
  who=$1
  export XDG_CONFIG_HOME=$work/$1/people XDG_STATE_HOME=$work/$1/state HOLDFAST_VILLAGE=$work/$1/village
}
# The value that village.env gives to this name: of VILLAGE, NAME.
told() { (source "$villages/$1/village.env" && printf %s "${!2}"); }
id_of_village() { (at "$1" && holdfast status --format json | id_of village); }
# Of VILLAGE, the agreement that it has with OTHER.
agreement_of() {
  (
    at "$1"
    holdfast peer list --format json | grep "\"origin\": *\"$(told "$2" ORIGIN)\"" | id_of agreement
  )
}

# make_village VILLAGE: its ledger, keys, domain, agent and records. The domain has its tikanga and one
# guardian; that of the iwi has three, of whom two must agree.
make_village() {
  local NAME ORIGIN DOMAIN DOMAIN_TITLE TIKANGA LABELS label labels=() guardians=()
  at "$1"
  source "$villages/$1/village.env"
  IFS=, read -ra labels <<<"$LABELS"
  mkdir -p "$work/$1"
  run holdfast init "$1/village" --name "$NAME" --origin "$ORIGIN" --no-domain \
    --spares "$1/spares" --no-passphrase
  if [[ $1 == iwi ]]; then
    for keeper in keeper-1 keeper-2 keeper-3; do
      run holdfast key new "$keeper" --no-passphrase
      guardians+=(--guardian "$keeper")
    done
    guardians+=(--threshold 2)
  fi
  run holdfast domain new "$DOMAIN" --title "$DOMAIN_TITLE" --tikanga "$TIKANGA" "${guardians[@]}" \
    --new-spares "$1/domain-spares" --no-passphrase
  run holdfast key new speaker --no-passphrase
  run holdfast key agent speaker --may=act
  # No model speaks on the visits, so that none needs to be made of them.
  local terms=(--tikanga "$TIKANGA" --policy=read,train,export)
  [[ $1 != hauora ]] || terms[2]=--policy=read,export
  for label in "${labels[@]}"; do terms+=(--label "$label"); done
  run holdfast import "$villages/$1/documents" --domain "$DOMAIN" "${terms[@]}" --quiet
  if [[ $1 == iwi && -n $extra ]]; then
    run holdfast import "$extra" --domain "$DOMAIN" --source given "${terms[@]}" --quiet
  fi
}

# serve_village VILLAGE: starts its server on any free port, so that no two demonstrations are in each
# other's way, and keeps the process in `servers`, the address in `address`.
declare -A servers=() address=()
serve_village() {
  at "$1"
  holdfast serve --listen 127.0.0.1:0 >"$work/$1/server.log" 2>&1 &
  servers[$1]=$!
}
wait_for_server() {
  local tries
  for ((tries = 0; tries < 200; ++tries)); do
    address[$1]=$(sed -n 's/.*listening at=\(http:[^ ]*\).*/\1/p' "$work/$1/server.log" | head -1)
    [[ -z ${address[$1]} ]] || return 0
    kill -0 "${servers[$1]}" 2>/dev/null || stop "the server of $1 has ended: $(<"$work/$1/server.log")"
    sleep 0.05
  done
  stop "the server of $1 does not listen after 10 seconds"
}
end_servers() {
  ((${#servers[@]})) || return 0
  kill -TERM "${servers[@]}" 2>/dev/null || true
  wait "${servers[@]}" 2>/dev/null || true
  servers=()
}

# meet VILLAGE OTHER: two files handed over, and both have signed the same terms.
meet() {
  at "$1"
  run holdfast peer invite "$(id_of_village "$2")" --purpose "$purpose" \
    --terms "Ask before you take, and say whose words they are." \
    --endpoint "${address[$1]}" --out "invitation-$1-$2"
  at "$2"
  run holdfast peer accept "invitation-$1-$2" --yes --answer "answer-$2-$1" --endpoint "${address[$2]}"
  at "$1"
  run holdfast peer accept "answer-$2-$1" --yes
}
