#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Five invented villages around one bay (villages/README.md), each a process of its own on this machine:
# they meet, consent, ask one another, fall silent, take consent back, and are verified.
#
#   [BUILD=build/release] demo/mesh.sh [--once] [directory]
#
# stays up until Ctrl-C, or ends with --once; --help says this. The documents of the directory, where one
# is given, become records of the iwi as well. Everything happens in a new directory, which is named at the
# end. A test runs it with the programs that were just built (tests/cli/demo_test.sh).
set -euo pipefail
usage() {
  cat <<'USAGE'
demo/mesh.sh [--once] [directory]

Five invented villages, a process each, that meet, ask one another, take consent back and are verified.
  --once      ends then; else they stay up until Ctrl-C, to be asked from another terminal
  directory   its documents become records of the iwi as well
Everything happens in a new directory below TMPDIR or /tmp, some 50 MB, which is named at the end and
stays there. BUILD=build/dev takes the programs from another build than build/release.
USAGE
}
once='' given=''
for argument; do
  case $argument in
    --once) once=yes ;;
    -h | --help) usage; exit 0 ;;
    -*) echo "demo: there is no option $argument" >&2; usage >&2; exit 2 ;;
    *) given=$argument ;;
  esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD
villages=$repository/demo/villages
bin=$(cd "${BUILD:-build/release}/bin" && pwd)
extra=${given:+$(cd "$OLDPWD" && realpath -- "$given")}
[[ -z $extra || -d $extra ]] || { echo "demo: $given is no directory" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-mesh-XXXXXX")
source "$repository/demo/narrate.sh"
source "$repository/demo/meet.sh"
ended() {
  local status=$?
  trap '' INT TERM
  rm -f "$work/asking"
  end_servers
  ((status == 0)) || echo "demo: stopped; what it made is in $work" >&2
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
unset CREDENTIALS_DIRECTORY
export PATH=$bin:$PATH
cd "$work"

# in_all FUNCTION VILLAGE...: in each at the same time, what they say in VILLAGE.said.
in_all() {
  local function=$1 village started=()
  shift
  for village in "$@"; do
    (said=$work/$village.last; "$function" "$village") >"$village.said" 2>&1 &
    started+=($!)
  done
  local i=0
  for village in "$@"; do
    wait "${started[i++]}" || stop "$function of $village: $(<"$village.said")"
  done
}

say "1. Five villages around one imaginary bay: an iwi, a health service (hauora), a school (kura), a" \
  "survey of the reef, and a collective that keeps recordings. Each has a ledger, keys, guardians and two" \
  "dozen records of its own. All is invented, and keys have no passphrase here, because this is a" \
  "demonstration. This is how the iwi's is made: three keepers guard it, and two must agree to give."
in_all make_village "${names[@]}"
cat iwi.said
say "   The other four are made alike, each with a domain and a guardian of its own. Each is served by a" \
  "process of its own:"
for village in "${names[@]}"; do serve_village "$village"; done
for village in "${names[@]}"; do
  wait_for_server "$village"
  printf '    %-10s  %-26s  %s\n' "$village" "${address[$village]}" "$(told "$village" NAME)"
done

say "2. Two villages meet: people hand two files over, each council signs the same terms, and both ledgers" \
  "keep them. Nothing is looked up anywhere, and nobody stands above."
meet recordings iwi
said_so 'agreement'
say "   The collective meets the survey and the school in the same way, and the school the health service."
meet_recordings() { meet recordings "$1"; }
in_all meet_recordings research kura
meet kura hauora >met.said
at recordings
run holdfast peer list

say "3. Consent. A shape fixes one question; a grant lets one village ask it, for a purpose, until a day." \
  "In the iwi one keeper drafts the grant and a second signs it: one alone cannot give."
what='What do you know of it?'
open_question=(--operation=answer --title="$what" --parameter=question:text:300 --items=2 --characters=900)
at iwi
run holdfast shape publish shore "${open_question[@]}"
shape=$(id_said)
run_refused 5 holdfast grant --agreement "$(agreement_of iwi recordings)" --domain shore \
  --shape "${shape:0:12}" --purpose "$purpose" --days 30 --may query --key keeper-1 --draft grant
run holdfast sign grant --key keeper-2
run holdfast submit grant
consent() {
  at "$1"
  run holdfast shape publish "$(told "$1" DOMAIN)" "${open_question[@]}"
  run holdfast grant --agreement "$(agreement_of "$1" recordings)" --domain "$(told "$1" DOMAIN)" \
    --shape "$(id_said)" --purpose "$purpose" --days 30 --may query
}
in_all consent research kura
say "   The survey and the school let the collective ask the same. The health service lets the school ask" \
  "for counts, and for nothing else; of fewer than five visits nothing is told."
at hauora
run holdfast shape publish visits --operation=count --title="How many visits?" --parameter=reason:text:40 \
  --parameter=year:integer:2000..2030 --minimum-cell=5
shapes=$(id_said)
run holdfast shape publish visits --operation=histogram --title="How do visits fall?" \
  --parameter=by:choice:season,reason --parameter=year:integer:2000..2030 --minimum-cell=5
shapes+=,$(id_said)
run holdfast grant --agreement "$(agreement_of hauora kura)" --domain visits --shape "$shapes" \
  --purpose "$purpose" --days 30 --may query
say "   What the collective may ask, as each village has told it and proved:"
at recordings
for village in iwi research kura; do until_it_says "$(told "$village" ORIGIN)" holdfast ask --list; done
run holdfast ask --list

say "4. Silence. Nobody has let a model speak yet. Every answer is a signed refusal, kept in the log of the" \
  "village that gave it, and no other model is called in its place."
three=("$(told iwi ORIGIN)" "$(told research ORIGIN)" "$(told kura ORIGIN)")
kelp=(--shape "$what" --param question="How is the kelp at the north reef doing?")
run_refused 1 holdfast ask "${three[@]}" "${kelp[@]}"
(($(grep -c 'refused, silent' "$said") == 3)) || stop "not all three are silent"
say "   Guardians let a model speak: one that only picks sentences out of records, and makes none. The iwi:"
speak() {
  at "$1"
  run holdfast model publish "$(told "$1" DOMAIN)" --built-in
  run holdfast steer set "$(told "$1" DOMAIN)" --model="$(id_said)"
}
in_all speak iwi research kura
cat iwi.said

say "5. One question to three villages. Each answers with its own words, under its own terms, and proves" \
  "them: who speaks, that its log goes on from what was seen, that consent stands, which records it rests" \
  "on and who signed those. All of it is checked before a word is shown."
run holdfast ask "${three[@]}" "${kelp[@]}" --explain
(($(grep -c '\[holds\] the consent' "$said") == 3)) || stop "not all three were proved"
! grep -q 'refused' "$said" || stop "one of the three has refused"
composition=$(sed -n 's/^composition //p' "$said")
[[ -n $extra ]] || said_so 'thinning'
said_so 'stable within the error'
said_so 'we cannot tell'
say "   They do not agree: the keepers see the kelp thinning, the survey's transects say that it is stable," \
  "and the school says that from the beach it cannot tell. Nothing is merged, averaged or settled. What" \
  "was put together names each one's terms, and is kept:"
run holdfast composition show "${composition:0:12}"
for village in "${three[@]}"; do said_so "$village"; done

say "6. Numbers without people. The school asks the health service, which tells counts and never words."
at kura
clinic=$(told hauora ORIGIN)
until_it_says "How do visits fall" holdfast ask --list
run holdfast ask "$clinic" --shape "How many visits?" --param reason=asthma --param year=2025
said_so '^ *14$'
run holdfast ask "$clinic" --shape "How do visits fall?" --param by=season --param year=2025
said_so '^ *11 +winter$'
say "   For shellfish poisoning there were two visits, and for scurvy none. Whoever asks cannot tell two" \
  "from none:"
run_refused 1 holdfast ask "$clinic" --shape "How many visits?" --param reason="shellfish poisoning"
said_so 'refused, insufficient'
sed 's/#[0-9]*/#N/' "$said" >two
run_refused 1 holdfast ask "$clinic" --shape "How many visits?" --param reason=scurvy
sed 's/#[0-9]*/#N/' "$said" | cmp -s two - || stop "two and none are refused in different words"
say "   And there is no question that would bring words:"
run_refused 4 holdfast ask "$clinic" --shape "$what" --param question="Who was ill?"

say "7. Steering withdrawn. A guardian of the survey silences its model. The same question brings two answers" \
  "and a silence; nobody speaks in the survey's place."
at research
run holdfast steer withdraw reef
at recordings
run holdfast ask "${three[@]}" "${kelp[@]}"
(($(grep -c 'refused, silent' "$said") == 1)) || stop "the survey is not silent"

say "8. Consent withdrawn while answers are being given. Questions go to the iwi without a pause; in the" \
  "middle of it one keeper, alone, revokes."
touch asking
ask_on() {
  while [[ -e asking ]]; do
    holdfast ask "${three[0]}" "${kelp[@]}" --no-composition --within=1 2>&1 || true
  done
}
askers=()
for i in 1 2 3; do ask_on >"asked-$i" & askers+=($!); done
until_it_says 'signed by its guardians' cat asked-1
at iwi
run holdfast revoke "$(holdfast grant list --format json | id_of)" --key keeper-3
revoked=$(sed -n 's/.*by entry #\([0-9]*\).*/\1/p' "$said")
sleep 0.5
rm asking
wait "${askers[@]}"
# Of each inference its place, and what became of it.
holdfast log --kind inference --format json |
  sed -En 's/^ *\{"index":([0-9]+),.*"(answered|refused)":\{("reason":"([a-z-]+)")?.*/\1 \2 \4/p' |
  sort -n >inferences
say "   The revocation is entry #$revoked. The last questions before it and the first after it, by place in" \
  "the iwi's log:"
awk -v at="$revoked" '$1 < at {before[n++] = $0} $1 > at && m < 3 {after[m++] = $0}
  END {for (i = n < 3 ? 0 : n - 3; i < n; ++i) print before[i]; print at " revoked"
       for (i = 0; i < m; ++i) print after[i]}' inferences | sed 's/^/    #/'
(($(awk -v at="$revoked" '$1 < at && $2 == "answered"' inferences | wc -l) > 2)) ||
  stop "nothing was answered before the revocation"
if awk -v at="$revoked" '$1 > at && $2 == "answered"' inferences | grep .; then
  stop "answered after the revocation"
fi
say "   No answer stands after it. An answer that was being made when it came was not given."

say "9. What was made of the answers falls with them. The collective was told of the revocation, and what it" \
  "had put together may not be used any more, the other villages' answers in it among it."
at recordings
until_it_says "${composition:0:12}  withdrawn" holdfast composition list
run holdfast composition list
run_refused 1 holdfast composition show "${composition:0:12}"
said_so 'COMPOSE-2'

say "10. Somebody else checks all five, trusting nobody: from exported files and each village's id alone." \
  "Every entry, signature and rule is replayed, and the log of each who asked holds what it was told."
export_village() { at "$1" && run holdfast export "export-$1" --view=full --quiet; }
in_all export_village "${names[@]}"
who=''
for village in "${names[@]}"; do
  run holdfast-verify log "export-$village" --village="$(id_of_village "$village")" --require=full
  said_so '^VERIFIED'
done

say "11. A copy of the iwi's with one sentence of its terms changed in one place: it now reads \"Do tell any" \
  "strangers\". The verifier says which entry it is."
cp -r export-iwi tampered
grep -rlF "Do not tell strangers" tampered/statements | sort | tail -1 |
  LC_ALL=C xargs sed -i "s/Do not tell strangers/Do tell any strangers/"
run_refused 1 holdfast-verify log tampered --village="$(id_of_village iwi)"
said_so '^REFUTED'

say "That is all of it. What was made is in $work."
[[ -z $once ]] || exit 0

for village in "${names[@]}"; do
  (
    at "$village"
    printf 'export PATH=%q:$PATH\n' "$bin"
    for name in XDG_CONFIG_HOME XDG_STATE_HOME HOLDFAST_VILLAGE; do
      printf 'export %s=%q\n' "$name" "${!name}"
    done
  ) >"$village/env"
done
say "The five villages stay up until Ctrl-C:"
for village in "${names[@]}"; do
  printf '    %-10s  %-24s  %s\n' "$village" "${address[$village]}" "$(told "$village" ORIGIN)"
done
say "In another terminal, for example:"
cat <<TRY

    . $work/kura/env                 # be the school
    holdfast ask --list
    holdfast ask $clinic --shape "How do visits fall?" --param by=reason --param year=2025
    holdfast composition list

    . $work/recordings/env           # be the collective; the survey is silent, the iwi has revoked
    holdfast ask ${three[2]} --shape "$what" --param question="Who may use our counts?"
    holdfast log -n 8 --oneline

    curl -s ${address[iwi]}/checkpoint       # anybody
    holdfast-verify log ${address[iwi]} --village=$(id_of_village iwi)
TRY
trap 'printf "\nWhat was made is in %s; nothing else needs it.\n" "$work"; exit 0' INT TERM
while ((${#servers[@]})); do
  wait -n "${servers[@]}" || true
  for village in "${!servers[@]}"; do
    ! kill -0 "${servers[$village]}" 2>/dev/null || continue
    unset "servers[$village]"
    say "The server of $village has ended; the others go on. Its last words are in" \
      "$work/$village/server.log, and this serves it again:"
    echo "    (. $work/$village/env && holdfast serve --listen ${address[$village]#http://})"
  done
done
stop "every server has ended: see $work/*/server.log"
