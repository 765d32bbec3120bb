// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "api/cli/made.h"
#include "federation/introduction.h"

// What the commands about peers have in common.
namespace holdfast::cli {

using MadeAgreement = Made<model::AgreementDetail>;

// PEER on the command line: an agreement, or the village that it is with, by its id, a prefix of at
// least 8 digits, or its origin; the last agreement with it. Errors: kNotFound; kConflict where it
// fits several villages.
Result<MadeAgreement> peer_argument(log::Reader& reader, const std::string& text);

// The last agreement with this village. Nothing where there was never one.
Result<std::optional<MadeAgreement>> agreement_with(log::Reader& reader, const StatementId& peer);

// What is known of a peer: its keys, and its log's origin. Errors: kNotFound.
Result<model::PeerDetail> peer_detail_of(log::Reader& reader, const StatementId& peer);

// A file that people hand over. Errors: those of reading and decoding, naming it.
Result<model::Introduction> read_introduction_file(const std::string& path);
// A new file. Errors: kConflict where there is one; kUnavailable.
Result<void> write_introduction(Context& context, const std::string& path,
                                const model::NewTerms& terms);

// Signs the terms with those of the council's keys that are at hand, as many as are still wanted.
// Gives how many are wanting then. Errors: [AGREE-4]; those of opening keys.
Result<std::size_t> sign_for_council(Context& context, model::NewTerms& terms);

// "" or an address that envelopes can be sent to. Errors: kMalformed, naming the flag.
Result<void> check_endpoint(const std::string& endpoint);

// Prints what two villages are to agree on.
void report_terms(Report& report, const model::NewTerms& terms);

void add_peer_invite_command(CLI::App& peer, Context& context);
void add_peer_accept_command(CLI::App& peer, Context& context);
void add_peer_change_commands(CLI::App& peer, Context& context);  // amend, suspend, resume, end
void add_peer_list_command(CLI::App& peer, Context& context);     // list

}  // namespace holdfast::cli
