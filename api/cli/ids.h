// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "ledger/log/reader.h"
#include "ledger/model/statement.h"

namespace holdfast::cli {

// A statement in the log.
struct Located {
  StatementId id;
  LeafIndex index;
};

// What people write for a statement: its full id in hex (64 digits), a prefix of at least 8 digits
// that fits one statement only, or "#N" for entry N. `kind`, where given, is the only one looked
// at. Errors: kMalformed; kNotFound; kConflict where a prefix fits several (lists up to 8 of them).
Result<Located> locate(log::Reader& reader, const std::string& text,
                       std::optional<model::Kind> kind = std::nullopt);

// A domain by slug, or as in locate. Errors: as locate.
Result<StatementId> locate_domain(log::Reader& reader, const std::string& text);

// What a domain is called: its slug, else its short id.
std::string domain_name(log::Reader& reader, const StatementId& domain);

// What the village said of itself when it began. Errors: those of the reader and the codecs.
Result<model::Genesis> genesis_of(log::Reader& reader);

// The village's own subject: the keys that its machine works with, and whether it goes on.
struct VillageState {
  model::StateValue value;
  model::VillageDetail detail;
  bool has_ended() const { return value.status == model::Status::kExited; }
};
// Errors: kInvalid where there is none; those of the reader and the codecs.
Result<VillageState> village_state(log::Reader& reader);

// The verifier key of the operator in office, as whoever checks passes it.
Result<std::string> vkey_of(log::Reader& reader);

// The first 12 digits, as ids are shown where space is short.
std::string short_id(ByteView digest);

}  // namespace holdfast::cli
