// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ledger/log/reader.h"
#include "ledger/model/grant.h"

namespace holdfast::cli {

// What only a grant to a village has.
struct VillageGrantOptions {
  std::string agreement;
  std::vector<std::string> shapes;
  model::Limits limits;
  bool onward = false;

  bool given() const { return !agreement.empty(); }
};
void add_village_grant_options(CLI::App& command, VillageGrantOptions& options);

// Refuses the rest where no agreement is named: an auditor asks nothing. Errors: kInvalid.
Result<void> check_without_agreement(const VillageGrantOptions& options);

// Fills in grantee, shapes, limits and onward use, for `grant.domain`. Errors: kInvalid where the
// agreement is not active, or a shape is not a live one of the domain; kNotFound, kMalformed.
Result<void> grant_to_village(log::Reader& reader, const VillageGrantOptions& options,
                              model::Grant& grant);

// "query, share, train, audit, mirror" as people write them after --may. Errors: kInvalid, naming
// what is allowed to this grantee.
Result<model::Operations> parse_operations(const std::vector<std::string>& words, bool to_village);

// Why an agreement lets nothing through at present: "" while it is active and its peer goes on.
Result<std::string> why_agreement_is_silent(log::Reader& reader, const StatementId& agreement);

}  // namespace holdfast::cli
