// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/record.h"

#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {

std::string RecordView::status() const {
  const std::string name = model::status_name(value.status);
  return withdrawal_held && value.status != model::Status::kWithdrawn
             ? "withdrawn (waits to be sequenced)"
             : name;
}

Result<RecordView> record_view(log::Reader& reader, const StatementId& id,
                               const rules::Subject& subject) {
  RecordView view{id, subject.value, {}, false};
  TRY_ASSIGN(view.detail, model::decode_own_detail<model::RecordDetail>(subject.detail));
  TRY_ASSIGN(const auto held, reader.held_against(id));
  view.withdrawal_held = held.has_value();
  return view;
}

Result<rules::Subject> record_subject(log::Reader& reader, const StatementId& id) {
  TRY_ASSIGN(auto subject, reader.find(model::StateClass::kRecord, id));
  if (!subject)
    return Error{Code::kNotFound, "", "record " + id.hex(), "no such record in this log", ""};
  return *std::move(subject);
}

Result<RecordView> record_view(log::Reader& reader, const StatementId& id) {
  TRY_ASSIGN(const rules::Subject subject, record_subject(reader, id));
  return record_view(reader, id, subject);
}

Result<StatementId> chosen_domain(Context& context, log::Reader& reader,
                                  const std::string& option) {
  if (!option.empty()) return value_of("--domain", option, locate_domain(reader, option));
  TRY_ASSIGN(const Config config, context.config());
  if (config.default_domain.empty())
    return Error{Code::kInvalid, "", "--domain", "none, and none in holdfast.toml",
                 "a domain that `holdfast domain list` shows"};
  return value_of("domain in holdfast.toml", config.default_domain,
                  locate_domain(reader, config.default_domain));
}

void add_record_command(CLI::App& app, Context& context) {
  CLI::App& record = *app.add_subcommand(
      "record", "Records: add, read, and what their guardians decide about them");
  record.require_subcommand(1);
  add_record_add_command(record, context);
  add_record_show_command(record, context);
  add_record_list_command(record, context);
  add_record_change_commands(record, context);
}

}  // namespace holdfast::cli
