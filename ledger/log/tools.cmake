# SPDX-License-Identifier: AGPL-3.0-or-later
# What people do with a ledger as a whole: take it out, bring documents in, hand drafts round.
holdfast_library(holdfast_tools
  SOURCES backup.cpp backup_check.cpp backup_manifest.cpp draft.cpp draft_read.cpp export.cpp export_contents.cpp file_copy.cpp import.cpp import_batch.cpp
          import_document.cpp import_index.cpp import_json.cpp import_source.cpp import_turn.cpp
          restore.cpp restore_backup.cpp restore_contents.cpp verification.cpp
  DEPENDS holdfast_log holdfast_store holdfast_rules holdfast_note holdfast_model holdfast_merkle holdfast_crypto holdfast_core
          Threads::Threads)
