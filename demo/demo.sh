#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# One village in a minute, with the real programs and nothing of yours: everything happens in a new
# directory with keys of its own, which is named at the end. `./dev demo village` runs it; five villages
# that ask one another are in mesh.sh.
#
#   [BUILD=build/release] demo/demo.sh [directory]
#
# imports the project's own documents, and those of the directory where one is given. The programs are
# those in $BUILD/bin; a test runs it with those that were just built (tests/cli/demo_test.sh).
set -euo pipefail
case ${1:-} in
  -h | --help)
    echo "demo/demo.sh [directory]: one village; the documents of the directory become its records as well."
    echo "BUILD=build/dev takes the programs from another build than build/release."
    exit 0
    ;;
  -*) echo "demo: there is no option $1" >&2; exit 2 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD
bin=$(cd "${BUILD:-build/release}/bin" && pwd)
extra=${1:+$(cd "$OLDPWD" && realpath -- "$1")}
[[ -z $extra || -d $extra ]] || { echo "demo: $1 is no directory" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-demo-XXXXXX")
trap 'status=$?; ((status)) && echo "demo: stopped; what it made is in $work" >&2' EXIT
export XDG_CONFIG_HOME=$work/guardian XDG_STATE_HOME=$work/state
unset HOLDFAST_VILLAGE CREDENTIALS_DIRECTORY
export PATH=$bin:$PATH
cd "$work"

source "$repository/demo/narrate.sh"

say "1. A village. One command makes its ledger, its keys and its first domain. (Keys have no" \
  "passphrase here, because this is a demonstration.)"
run holdfast init tidepool --name "Tidepool Bay" --origin demo.invalid/tidepool-bay --no-passphrase
export HOLDFAST_VILLAGE=$work/tidepool
village=$(holdfast status --format json | sed -n 's/.*"village": *"\([0-9a-f]*\)".*/\1/p')

say "2. Its records: the project's own documents, each one encrypted under a key of its own, and" \
  "signed together by the guardian."
mkdir documents
(cd "$repository" && find . -name build -prune -o -name '*.md' -exec cp --parents -t "$work/documents" {} +)
run holdfast import documents
[[ -z $extra ]] || run holdfast import "$extra" --source given
say "   A second run adds only what is new or changed:"
run holdfast import documents

say "3. One record by hand, under terms in the community's own words."
tikanga="Ask first. Do not sell."
added=$(holdfast record add --title "Where the kelp grows" --body "By the north point, at low tide." \
  --tikanga "$tikanga" --label "TK A" --format json)
record=$(id_of <<<"$added")
run holdfast record show "${record:0:12}"

say "4. Consent. An auditor makes a key, alone; the guardian lets the holder of that key audit the" \
  "domain for a month, for one purpose."
auditor=$(XDG_CONFIG_HOME=$work/auditor holdfast key new auditor --no-passphrase --format json |
  sed -n 's/.*"publicKey": *"\([^"]*\)".*/\1/p')
granted=$(holdfast grant --auditor "$auditor" --purpose "yearly audit" --days 30 --format json)
grant=$(id_of <<<"$granted")
run holdfast grant list

say "5. Consent withdrawn: any one guardian, at once, for good."
run holdfast revoke "${grant:0:12}"
run holdfast grant list

say "6. A record erased. Its words were never in the clear on this disk; now the key to them is gone," \
  "and the ledger still proves that there was a record, and that it was erased."
run holdfast record erase "${record:0:12}" --yes
run holdfast record show "${record:0:12}" --no-content
if grep -rq "By the north point" tidepool; then
  echo "demo: the erased words are still in a file" >&2
  exit 1
fi
say "   (No file of the village holds the words: looked into each of them.)"

say "7. What may be asked. A shape fixes one question; nobody can ask anything else. (Asking takes" \
  "two villages: ./dev demo. Here is what guardians decide about it.)"
shape=$(holdfast shape publish records --operation=excerpts --title="Where does this grow?" \
  --parameter=what:text:100 --format json | id_of)
run holdfast shape show "${shape:0:12}"

say "8. Who may speak. A model is known by its digest, and speaks only where guardians steer it."
printf 'stands for a model of your own\n' >weights
model=$(holdfast model publish records --name "Tidepool 1" --weights=weights --determinism=exact \
  --format json | id_of)
steering=$(holdfast steer set records --model="$model" --calls-per-day=200 --format json | id_of)
run holdfast steer show "${steering:0:12}"
say "   Steering withdrawn, by any one guardian: from this entry on there is silence, and nothing in its" \
  "place."
run holdfast steer withdraw records
run holdfast steer list

say "9. An agent may only propose. What it must not decide it puts before a person, who decides."
holdfast key new reader --no-passphrase >/dev/null
holdfast key agent reader --may=propose >/dev/null
holdfast decide record --domain=records --category=disclosure --verdict=escalate --agent=reader \
  --action="Tell the visitors where the kelp grows" >/dev/null
run holdfast decide inbox
decision=$(holdfast decide inbox --format json | id_of)
run holdfast decide close "${decision:0:12}" --verdict=deny --reason="Ask the family first."
run holdfast decide show "${decision:0:12}"

say "10. A deliberation. Positions stand side by side, dissent beside the outcome; nothing is scored."
deliberation=$(holdfast deliberate record records --matter="May visitors gather kelp?" \
  --position="Those who fish:Not before the winter." --position="Those who teach:With the children, yes." \
  --position="Those who keep the shore:Never at the point." --outcome="With the children, after the winter." \
  --dissent="Those who keep the shore" --format json | id_of)
run holdfast deliberate show "${deliberation:0:12}"

say "11. The log, as everybody may read it."
run holdfast log -n 4 --oneline

say "12. Somebody else checks it all, on another machine, trusting nobody: from the exported files and" \
  "the village's id alone."
run holdfast export export
run holdfast-verify log export --village="$village" --require=full

say "13. A copy with one sentence changed: \"$tikanga\" now reads \"Sell it. Do not ask us.\" The" \
  "verifier says which entry it is."
cp -r export tampered
grep -rlF "$tikanga" tampered/statements |
  LC_ALL=C xargs sed -i "s/$tikanga/Sell it. Do not ask us./"
run_refused 1 holdfast-verify log tampered --village="$village"

say "14. An older copy of the ledger put back: an anchor outside of it" \
  "remembers, and nothing more is signed. (A revocation would still be taken and kept.)"
cp -r tidepool older
holdfast record add --title "Signed after the copy was made" --quiet >/dev/null
mv tidepool newest && mv older tidepool
run_refused 3 holdfast record add --title "On an older copy"
rm -rf tidepool && mv newest tidepool

say "15. The machine is lost. Its last export makes the village's directory again on another: verified," \
  "and for reading, until the council names that machine's key. Then the village goes on there."
holdfast export export --view=full --quiet >/dev/null
mv tidepool lost
unset HOLDFAST_VILLAGE
run holdfast open export elsewhere --id="$village"
export HOLDFAST_VILLAGE=$work/elsewhere
run_refused 3 holdfast record add --title "Before the council has spoken"
run holdfast move --no-passphrase
run holdfast record add --title "On the new machine"

say "That is all of it. What was made is in $work; the log: holdfast log --village $work/elsewhere"
