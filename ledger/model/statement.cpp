// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/statement.h"

namespace holdfast::model {
namespace {

constexpr const char* kKindNames[] = {
    "none",         "genesis",      "seal",        "keyEvent",    "domain",   "agreement",
    "record",       "recordChange", "shape",       "model",       "steering", "grant",
    "revocation",   "inference",    "receipt",     "composition", "transfer", "decision",
    "deliberation", "report",       "observation", "exit",        "upgrade"};
static_assert(std::size(kKindNames) == kKindMax + 1);

constexpr const char* kVisibilityNames[] = {"open", "peers", "parties", "guardians"};

}  // namespace

const char* kind_name(Kind kind) {
  const auto number = static_cast<std::uint16_t>(kind);
  return number <= kKindMax ? kKindNames[number] : "unknown kind";
}

const char* visibility_name(Visibility visibility) {
  const auto number = static_cast<std::uint16_t>(visibility);
  return number < std::size(kVisibilityNames) ? kVisibilityNames[number] : "unknown visibility";
}

bool hides_records(const Statement& statement) {
  const auto* inference = std::get_if<Inference>(&statement.body);
  const auto* answered = inference ? std::get_if<Answered>(&inference->outcome) : nullptr;
  return answered != nullptr && std::holds_alternative<HiddenUse>(answered->used);
}

std::optional<ContentRoot> content_root_in(const Body& body) {
  if (const auto* record = std::get_if<Record>(&body)) return record->content_root;
  if (const auto* decision = std::get_if<Decision>(&body)) return decision->content_root;
  if (const auto* deliberation = std::get_if<Deliberation>(&body))
    return deliberation->content_root;
  if (const auto* composition = std::get_if<Composition>(&body)) return composition->commitment;
  return std::nullopt;
}

Result<Visibility> parse_visibility(std::string_view text) {
  for (std::uint16_t i = 0; i < std::size(kVisibilityNames); ++i)
    if (text == kVisibilityNames[i]) return static_cast<Visibility>(i);
  return Error{Code::kMalformed, "", "visibility", std::string(text),
               "open, peers, parties or guardians"};
}

}  // namespace holdfast::model
