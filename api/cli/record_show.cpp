// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <memory>

#include "api/cli/already.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/record.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/log/verification.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kShowHelp =
    "Show a record: what it is held under, who signed it, what became of it, its content, and "
    "what\n"
    "its proofs say just now.\n"
    "  fresh         the proofs hold, under a seal of at most 24 hours ago\n"
    "  expired       they hold, but the seal is older\n"
    "  mismatched    a check failed: something was altered\n"
    "  unverifiable  something that a check needs is missing, such as content that was erased";

struct Show {
  std::string record;
  std::string field;
  bool no_content = false;
};

// One field's bytes as they are, for other programs; made harmless where a person looks at them.
Result<void> print_field(Context& context, const model::Content& content, const std::string& name) {
  for (const model::Field& field : content.fields) {
    if (field.name != name) continue;
    Report& report = context.report();
    report.set("field", field.name);
    if (is_text(as_text(field.value))) {
      report.set("value", as_text(field.value));
    } else {
      report.set("base64", format_base64(field.value));
    }
    report.raw(field.value);
    return {};
  }
  std::string names;
  for (const model::Field& field : content.fields)
    names += (names.empty() ? "" : ", ") + field.name;
  return Error{Code::kNotFound, "", "field " + name, "not in this record", names};
}

// As people read a document: what it is called, where it is from, everything else, then the text.
std::vector<const model::Field*> in_reading_order(const model::Content& content) {
  const auto rank = [](const std::string& name) {
    return name == "title" ? 0 : name == "path" ? 1 : name == "body" ? 3 : 2;
  };
  std::vector<const model::Field*> fields;
  for (const model::Field& field : content.fields) fields.push_back(&field);
  std::stable_sort(fields.begin(), fields.end(),
                   [&](const auto* a, const auto* b) { return rank(a->name) < rank(b->name); });
  return fields;
}

// Each line set in, so that no text can look like a line of ours.
void print_set_apart(Report& report, const std::string& name, std::string_view text) {
  report.line();
  report.line(name + ":");
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view line = text.substr(from, end - from);
    report.line(line.empty() ? "" : "    " + std::string(line));
    from = end + 1;
  }
}

void print_content(Report& report, const model::Content& content) {
  Json fields = Json::object();
  for (const model::Field* const field : in_reading_order(content)) {
    const bool text = is_text(as_text(field->value));
    if (text)
      fields[field->name] = as_text(field->value);
    else
      fields[field->name] = {{"base64", format_base64(field->value)}};
    const std::string shown =
        text ? visible_text(as_text(field->value))
             : "(" + std::to_string(field->value.size()) + " bytes that are no text)";
    if (text && (field->name == "body" || shown.find('\n') != std::string::npos))
      print_set_apart(report, field->name, shown);
    else
      report.field(field->name, shown);
  }
  report.set("content", std::move(fields));
}

Result<void> print_statement(Context& context, log::Reader& reader, const RecordView& view) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(view.value.first_index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
  const KeyNames names = known_key_names(context);
  Report& report = context.report();
  Json signers = Json::array();
  for (const auto& signature : signed_statement.signatures) {
    report.field("signed by", names.show(signature.key_id));
    signers.push_back(signature.key_id.hex());
  }
  for (const auto& [label, text] : in_words(statement, &reader, names))
    if (label != "kind" && label != "does") report.field(label, text);
  report.set("signers", std::move(signers));
  report.set("statement", to_json(statement));
  return {};
}

void print_state(Report& report, log::Reader& reader, const RecordView& view) {
  report.field("record", view.id.hex());
  report.field("entry", "#" + std::to_string(view.value.first_index.value));
  report.field("status", view.status() + " (version " + std::to_string(view.value.version) +
                             ", last changed by entry #" +
                             std::to_string(view.value.last_index.value) + ")");
  report.field("now in", visible_line(domain_name(reader, view.detail.domain)));
  report.set("id", view.id.hex());
  report.set("index", view.value.first_index.value);
  report.set("status", model::status_name(view.value.status));
  report.set("withdrawalHeld", view.withdrawal_held);
  report.set("version", view.value.version);
  report.set("lastIndex", view.value.last_index.value);
  report.set("domain", view.detail.domain.hex());
  if (view.detail.successor) {
    report.field("successor", view.detail.successor->hex());
    report.set("successor", view.detail.successor->hex());
  }
}

void print_verification(Report& report, const log::Verification& verification) {
  report.field("verification", std::string(log::verification_state_name(verification.state)) +
                                   ": " + visible_line(verification.reason));
  for (const std::string& check : verification.checks) report.field("  holds", check);
  report.set("verification", {{"state", log::verification_state_name(verification.state)},
                              {"reason", verification.reason},
                              {"checks", verification.checks}});
}

Result<void> run_record_show(Context& context, const Show& show) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Located found, argument_of("RECORD", show.record,
                                              locate(*reader, show.record, model::Kind::kRecord)));
  TRY_ASSIGN(const RecordView view, record_view(*reader, found.id));
  const auto content = reader->content(found.id);
  if (!show.field.empty()) {
    if (!content) return content.error();
    return print_field(context, *content, show.field);
  }
  Report& report = context.report();
  print_state(report, *reader, view);
  print_verification(report, log::verify_record(*reader, found.id, context.clock().now()));
  TRY(print_statement(context, *reader, view));
  if (show.no_content) return {};
  if (content) {
    print_content(report, *content);
  } else if (view.value.status == model::Status::kErased) {
    report.field("content",
                 "gone for good: erased by " + entry_in_words(*reader, view.value.last_index));
    report.set("content", nullptr);
  } else {
    report.field("content", visible_line(describe(content.error())));
    report.set("content", nullptr);
  }
  return {};
}

}  // namespace

void add_record_show_command(CLI::App& record, Context& context) {
  auto show = std::make_shared<Show>();
  CLI::App& command = *record.add_subcommand("show", kShowHelp);
  command.add_option("record", show->record, "Its id, the first 8 or more digits of it, or #N")
      ->required()
      ->type_name("RECORD");
  command.add_option("--field", show->field, "Print this field's bytes only")->type_name("NAME");
  command.add_flag("--no-content", show->no_content, "Do not show the content");
  context.on_run(command, [&context, show] { return run_record_show(context, *show); });
}

}  // namespace holdfast::cli
