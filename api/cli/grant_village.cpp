// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/grant_village.h"

#include <algorithm>

#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

constexpr const char* kActive = "an active agreement, which both councils have signed";

Result<StatementId> agreement_of(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const Located found,
             value_of("--agreement", text, locate(reader, text, model::Kind::kAgreement)));
  // Later steps of an agreement are statements of this kind too; the offer is the one that made it.
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAgreement, found.id));
  if (!subject)
    return Error{Code::kNotFound, "", "--agreement",
                 "\"" + text + "\", a statement that changes an agreement",
                 "the agreement itself, by the id of its offer"};
  TRY_ASSIGN(const std::string why, why_agreement_is_silent(reader, found.id));
  if (!why.empty())
    return Error{Code::kInvalid, "", "--agreement", "\"" + text + "\", " + why, kActive};
  return found.id;
}

Result<StatementId> shape_of(log::Reader& reader, const std::string& text,
                             const StatementId& domain) {
  TRY_ASSIGN(const Located found,
             value_of("--shape", text, locate(reader, text, model::Kind::kShape),
                      "a live shape: its title, its id, the first 8 or more digits of it, or #N"));
  TRY_ASSIGN(const auto shape, find_made<model::ShapeDetail>(reader, found.id));
  const auto refuse = [&](const std::string& is) {
    return Error{Code::kInvalid, "", "--shape", "\"" + text + "\", " + is,
                 "a live shape of " + visible_line(domain_name(reader, domain)) +
                     ", as `holdfast shape list` shows them"};
  };
  if (shape.detail.domain != domain)
    return refuse("one of " + visible_line(domain_name(reader, shape.detail.domain)));
  if (!shape.active()) return refuse("retired by #" + std::to_string(shape.value.last_index.value));
  return found.id;
}

// Titles have commas in them, so that the whole text is tried as one first.
Result<std::vector<StatementId>> shapes_of(log::Reader& reader, const std::string& text,
                                           const StatementId& domain) {
  TRY_ASSIGN(const auto all, all_made<model::ShapeDetail>(reader));
  std::vector<StatementId> found;
  const auto add_titled = [&](const std::string& title) -> Result<bool> {
    std::vector<StatementId> titled;
    for (const auto& shape : all)
      if (shape.active() && shape.detail.domain == domain && shape.detail.shape.title == title)
        titled.push_back(shape.id);
    if (titled.size() > 1)
      return Error{Code::kInvalid, "", "--shape",
                   "\"" + visible_line(title) + "\", the title of " +
                       std::to_string(titled.size()) + " live shapes",
                   "the id of one, as `holdfast shape list` shows them"};
    found.insert(found.end(), titled.begin(), titled.end());
    return !titled.empty();
  };
  TRY_ASSIGN(const bool is_title, add_titled(text));
  if (is_title) return found;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    begin = end + 1;
    TRY_ASSIGN(const bool is_titled, add_titled(part));
    if (is_titled) continue;
    TRY_ASSIGN(const StatementId shape, shape_of(reader, part, domain));
    found.push_back(shape);
  }
  return found;
}

}  // namespace

void add_village_grant_options(CLI::App& command, VillageGrantOptions& options) {
  command
      .add_option("--agreement", options.agreement,
                  "To the village that this agreement is with, instead of an auditor")
      ->type_name("AGREEMENT");
  command
      .add_option("--shape", options.shapes,
                  "To a village: what it may ask, as `holdfast shape list` shows it, by id or by "
                  "title; may be repeated, or given with commas between")
      ->type_name("SHAPE")
      ->allow_extra_args(false);
  command
      .add_option("--calls", options.limits.calls,
                  "To a village: at most so many answers altogether; 0: no limit")
      ->capture_default_str();
  command
      .add_option("--calls-per-day", options.limits.calls_per_day,
                  "To a village: at most so many answers a day; 0: no limit")
      ->capture_default_str();
  command
      .add_option("--minimum-cell", options.limits.minimum_cell,
                  "To a village: counts below this are not told, where that is more than the "
                  "shape's")
      ->capture_default_str();
  command
      .add_option("--characters", options.limits.characters,
                  "To a village: at most so many characters an answer; 0: as the shape has it")
      ->capture_default_str();
  command.add_flag("--onward", options.onward,
                   "To a village: it may let what it got go onward, to whom you have given a grant "
                   "as well");
}

Result<void> check_without_agreement(const VillageGrantOptions& options) {
  const model::Limits none;
  const char* flag = !options.shapes.empty()              ? "--shape"
                     : options.limits.calls != none.calls ? "--calls"
                     : options.limits.calls_per_day != 0  ? "--calls-per-day"
                     : options.limits.minimum_cell != 0   ? "--minimum-cell"
                     : options.limits.characters != 0     ? "--characters"
                     : options.onward                     ? "--onward"
                                                          : nullptr;
  if (flag == nullptr) return {};
  return Error{Code::kInvalid, "", flag, "in a grant to an auditor",
               "--agreement beside it: only a village asks, an auditor reads"};
}

Result<void> grant_to_village(log::Reader& reader, const VillageGrantOptions& options,
                              model::Grant& grant) {
  TRY_ASSIGN(const StatementId agreement, agreement_of(reader, options.agreement));
  grant.grantee = model::AgreementGrantee{agreement};
  for (const std::string& text : options.shapes) {
    TRY_ASSIGN(const auto shapes, shapes_of(reader, text, grant.domain));
    grant.shapes.insert(grant.shapes.end(), shapes.begin(), shapes.end());
  }
  std::sort(grant.shapes.begin(), grant.shapes.end());
  grant.shapes.erase(std::unique(grant.shapes.begin(), grant.shapes.end()), grant.shapes.end());
  if (grant.operations.query && grant.shapes.empty())
    return Error{Code::kInvalid, "", "--shape", "none, in a grant to query",
                 "at least one: nothing else can be asked"};
  if (!grant.operations.query && !grant.shapes.empty())
    return Error{Code::kInvalid, "", "--may", "no query, beside shapes",
                 "query: a shape is what is asked"};
  grant.limits = options.limits;
  grant.onward = options.onward ? model::Onward::kWithOriginsGrant : model::Onward::kNone;
  return {};
}

Result<model::Operations> parse_operations(const std::vector<std::string>& words, bool to_village) {
  model::Operations may;
  for (const std::string& word : words) {
    if (word == "audit")
      may.audit = true;
    else if (word == "mirror")
      may.mirror = true;
    else if (word == "query" && to_village)
      may.query = true;
    else if (word == "share" && to_village)
      may.share = true;
    else if (word == "train" && to_village)
      may.train = true;
    else
      return Error{Code::kInvalid, "", "--may", word,
                   to_village ? "query, share, train, audit or mirror" : "audit or mirror"};
  }
  return may;
}

Result<std::string> why_agreement_is_silent(log::Reader& reader, const StatementId& agreement) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAgreement, agreement));
  if (!subject) return std::string("no agreement");
  if (subject->value.status != model::Status::kActive)
    return std::string(model::status_name(subject->value.status));
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AgreementDetail>(subject->detail));
  TRY_ASSIGN(const auto peer, reader.find(model::StateClass::kPeer, detail.peer));
  if (!peer || peer->value.status != model::Status::kActive)
    return std::string("with a village that has ended");
  return std::string();
}

}  // namespace holdfast::cli
