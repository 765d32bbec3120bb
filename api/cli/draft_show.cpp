// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/draft_show.h"

#include <map>
#include <utility>
#include <vector>

#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kSample = 3;
constexpr std::size_t kFieldColumns = 200;

void show_content(Report& report, const Bytes& bytes) {
  const auto content = model::decode_content(bytes);
  if (!content) return;
  for (const model::Field& field : content->fields)
    report.field("  " + field.name, visible_short(as_text(field.value), kFieldColumns) + " (" +
                                        std::to_string(field.value.size()) + " bytes)");
}

void show_statement(Report& report, const log::Draft& draft, std::size_t place,
                    const model::Statement& statement, log::Reader* reader, const KeyNames& names) {
  report.line();
  report.line(std::to_string(place + 1) + " of " + std::to_string(draft.statements.size()) + ": " +
              in_one_line(statement, reader));
  report.field("  id", model::statement_id(draft.statements[place]).hex());
  for (const auto& [label, value] : in_words(statement, reader, names))
    report.field("  " + label, value);
  if (const auto content = draft.contents.find(place); content != draft.contents.end())
    show_content(report, content->second);
}

}  // namespace

Result<void> show_draft(Context& context, const log::Draft& draft, bool all) {
  Report& report = context.report();
  // A guardian may sign on a machine that has no village.
  const Result<log::Reader*> opened = context.reader();
  log::Reader* const reader = opened ? *opened : nullptr;
  const KeyNames names = known_key_names(context);

  std::map<std::string, std::uint64_t> kinds;
  std::vector<std::pair<std::size_t, model::Statement>> shown;  // by place
  std::size_t records = 0;
  std::size_t place = 0;
  for (const Bytes& bytes : draft.statements) {
    TRY_ASSIGN(model::Statement statement, model::decode_statement(bytes));
    ++kinds[model::kind_name(statement.kind())];
    // Records are many and alike; of anything else each is shown, wherever it hides among them.
    const bool sampled = statement.kind() == model::Kind::kRecord && ++records > kSample;
    if (all || !sampled) shown.emplace_back(place, std::move(statement));
    ++place;
  }
  std::string counts;
  for (const auto& [kind, count] : kinds)
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  report.set("statements", draft.statements.size());
  report.set("kinds", kinds);
  report.field("statements", counts);
  Json list = Json::array();
  for (const auto& [at, statement] : shown) {
    show_statement(report, draft, at, statement, reader, names);
    list.push_back(to_json(statement));
  }
  report.set("shown", std::move(list));
  if (shown.size() < draft.statements.size()) {
    report.line();
    report.line("... and " + std::to_string(draft.statements.size() - shown.size()) +
                " more records; --all shows every one.");
  }
  report.line();
  for (const auto& [id, signature] : draft.signatures) report.field("signed by", names.show(id));
  return {};
}

}  // namespace holdfast::cli
