// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/made.h"

#include <algorithm>

#include "api/cli/flag.h"
#include "api/cli/ids.h"

namespace holdfast::cli {

Result<Seconds> time_at(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.entry(index));
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
  return entry.time;
}

Result<StatementId> domain_argument(log::Reader& reader, const std::string& text) {
  return argument_of("DOMAIN", text, locate_domain(reader, text));
}

Result<StatementId> office_argument(log::Reader& reader, const std::string& text) {
  if (text == "council") return reader.village();
  return domain_argument(reader, text);
}

Result<Need> office_need(log::Reader& reader, const StatementId& domain) {
  return domain == reader.village() ? council_need(reader) : domain_need(reader, domain);
}

Result<void> propose(Context& context, model::Body body, const Need& need,
                     const AuthorOptions& options, const std::string& done,
                     const std::string& subject) {
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, options));
  std::vector<Proposal> proposals;
  proposals.push_back({visibility, std::move(body), {}});
  TRY_ASSIGN(Outcome outcome, author(context, std::move(proposals), {need}, options));
  if (!subject.empty()) outcome.subjects = {subject};
  report_outcome(context, outcome, done);
  return {};
}

Liveness liveness_of(log::Reader& reader, const StatementId& id, const model::StateValue& value,
                     const std::string& taken_back) {
  if (value.status != model::Status::kActive)
    return {false, taken_back + " by #" + std::to_string(value.last_index.value)};
  const auto held = reader.held_against(id);
  if (!held) return {false, "cannot tell: " + describe(held.error())};
  if (*held) return {false, taken_back + " (waits to be sequenced)"};
  return {true, "live"};
}

std::string entry_day(log::Reader& reader, LeafIndex index) {
  constexpr std::size_t kDateLetters = 10;  // of "2026-03-01T08:00:00Z"
  const std::string number = "#" + std::to_string(index.value);
  const auto time = time_at(reader, index);
  return time ? number + " on " + format_time(*time).substr(0, kDateLetters) : number;
}

std::string padded(std::string text, std::size_t columns) {
  text.resize(std::max(text.size(), columns), ' ');
  return text;
}

}  // namespace holdfast::cli
