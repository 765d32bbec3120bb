# SPDX-License-Identifier: AGPL-3.0-or-later
# Commands that move documents, proofs and drafts in and out.
set(HOLDFAST_TOOL_SOURCES
  draft.cpp draft_show.cpp export.cpp import.cpp import_draft.cpp prove.cpp prove_state.cpp)
set(HOLDFAST_TOOL_DEFINITIONS HOLDFAST_HAS_DRAFTS HOLDFAST_HAS_EXPORT HOLDFAST_HAS_IMPORT
                              HOLDFAST_HAS_PROVE)
