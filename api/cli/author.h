// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/cli/context.h"
#include "ledger/log/draft.h"
#include "ledger/model/content.h"
#include "ledger/model/statement.h"

namespace holdfast::cli {

// --- what a statement needs
// -----------------------------------------------------------------------

// One body of people who must sign: at least `threshold` of `keys`.
struct Need {
  std::string who;  // "the council", "the guardians of records"
  std::size_t threshold = 0;
  std::vector<KeyId> keys;
};

// As the ledger has it now. Errors: kNotFound.
Result<Need> council_need(log::Reader& reader);
Result<Need> domain_need(log::Reader& reader, const StatementId& domain);
// Taking back takes any one of them.
Need any_one(Need need);

// --- making statements
// ----------------------------------------------------------------------------

// The fields that all statements of one act have in common.
struct Stamp {
  StatementId village;
  Seconds issued_at = 0;
  Seconds sequence_by = 0;
  model::Basis basis;
};
// Now, with the reader's checkpoint as basis.
Result<Stamp> make_stamp(Context& context, std::uint32_t sequence_days);

// Canonical bytes of a statement with a fresh salt.
Bytes make_statement(const Stamp& stamp, model::Visibility visibility, model::Body body,
                     crypto::Random& random);

// --- signing
// --------------------------------------------------------------------------------------

// Opens as many of the keys at hand as the needs ask for, each once, none that no need counts.
// `more` are key files beside those at hand (spares).
struct Signers {
  std::vector<crypto::SigningKey> keys;
  std::vector<std::string> missing;  // needs that are not met: "1 more of the council"
  bool complete() const { return missing.empty(); }
};
Result<Signers> open_signers(Context& context, std::span<const Need> needs,
                             const std::vector<StoredKey>& more = {});

// --- the whole act
// --------------------------------------------------------------------------------

// Options of every command that signs something.
struct AuthorOptions {
  std::string draft;                // --draft DIR: write a draft even if the keys at hand suffice
  std::string visibility;           // --visibility; empty: the configuration's
  std::uint32_t sequence_days = 0;  // --sequence-days; 0: the configuration's
};
// `visibility`: whether the author has a choice; key events, domains and the like are always open.
void add_author_options(CLI::App& command, AuthorOptions& options, bool visibility = true);
Result<model::Visibility> visibility_of(Context& context, const AuthorOptions& options);

// One statement that somebody proposes.
struct Proposal {
  model::Visibility visibility = model::Visibility::kOpen;
  model::Body body;
  std::optional<model::Content> content;
};

// What became of it: sequenced, or a draft that waits for more signatures.
struct Outcome {
  std::vector<StatementId> ids;
  std::optional<log::Receipt> receipt;
  std::string draft;                 // the directory, where there is no receipt
  std::vector<std::string> missing;  // what the draft waits for
  bool has_contents = false;         // in the draft, in clear
  // What each statement is done to, in words, where that is not the statement itself.
  std::vector<std::string> subjects;
};

// Stamps, signs as one batch, and submits; or writes a draft where the threshold is above the keys
// at hand (see draft_place.h for where), after trying it with the rules as if everyone had signed.
// Errors: kUnauthorised where no key at hand counts at all;
// kConflict or kInvalid, in words, where it was done already; those of the sequencer.
Result<Outcome> author(Context& context, std::vector<Proposal> proposals,
                       const std::vector<Need>& needs, const AuthorOptions& options,
                       const std::vector<StoredKey>& more_keys = {});

// Submits and waits. Notes in the context where the outcome is unsure.
Result<log::Receipt> submit(Context& context, std::vector<log::Admission> admissions);

// How this machine comes to sign for a village that another one is run from, in words; "" where it
// does already, and where the village has ended.
Result<std::string> way_to_sign_here(Context& context);

// Prints what became of it, held ones too: `done` such as "granted", and each id with its position;
// sets exit code kDraft and says how to go on where a draft was written.
void report_outcome(Context& context, const Outcome& outcome, const std::string& done);

}  // namespace holdfast::cli
