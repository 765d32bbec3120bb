# SPDX-License-Identifier: AGPL-3.0-or-later
# What people do with a ledger as a whole: take it out, bring documents in, hand drafts round.
holdfast_library(holdfast_tools
  SOURCES plain_file.cpp
  DEPENDS holdfast_log holdfast_rules holdfast_model holdfast_merkle holdfast_crypto holdfast_core
          Threads::Threads)
