// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/context.h"
#include "ledger/model/state.h"

namespace holdfast::cli {

// The commands below `holdfast record`.
void add_record_add_command(CLI::App& record, Context& context);
void add_record_show_command(CLI::App& record, Context& context);
void add_record_list_command(CLI::App& record, Context& context);
void add_record_change_commands(CLI::App& record, Context& context);

// A record as the ledger has it now, and, where its withdrawal waits to be sequenced, that.
struct RecordView {
  StatementId id;
  model::StateValue value;
  model::RecordDetail detail;
  bool withdrawal_held = false;
  // "active", "withdrawn", "withdrawn (waits to be sequenced)", ...
  std::string status() const;
};
Result<RecordView> record_view(log::Reader& reader, const StatementId& id);
// As the log has it, whatever is held against it. Errors: kNotFound.
Result<rules::Subject> record_subject(log::Reader& reader, const StatementId& id);
Result<RecordView> record_view(log::Reader& reader, const StatementId& id,
                               const rules::Subject& subject);

// The domain that --domain names, else the configuration's. Errors: kInvalid where neither says
// one.
Result<StatementId> chosen_domain(Context& context, log::Reader& reader, const std::string& option);

}  // namespace holdfast::cli
