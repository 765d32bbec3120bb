#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# install.sh: what package-lock.json names, into node_modules beside it; nothing where it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
is_there() { [[ node_modules/installed -nt package-lock.json ]]; }
! is_there || exit 0
exec 9<.
flock 9  # one after another, where several start at once
! is_there || exit 0
npm ci --ignore-scripts --no-audit --no-fund
touch node_modules/installed
