// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/record_terms.h"

#include <algorithm>

namespace holdfast::cli {
namespace {

Result<model::Policy> policy_of(const std::vector<std::string>& words) {
  model::Policy policy;
  policy.read = words.empty();
  for (const std::string& word : words) {
    if (word == "read")
      policy.read = true;
    else if (word == "share")
      policy.share = true;
    else if (word == "train")
      policy.train = true;
    else if (word == "export")
      policy.export_ = true;
    else if (word == "delete")
      policy.delete_ = true;
    else if (word != "none")
      return Error{Code::kInvalid, "", "--policy", word,
                   "read, share, train, export, delete or none"};
  }
  return policy;
}

// 64 hex digits are a key id, anything else is a role in words.
std::vector<model::Attribution> attributions_of(const std::vector<std::string>& texts) {
  std::vector<model::Attribution> out;
  for (const std::string& text : texts) {
    const Result<Bytes> bytes = parse_hex(text);
    if (bytes && bytes->size() == kDigestBytes)
      out.emplace_back(KeyId::from(*bytes));
    else
      out.emplace_back(text);
  }
  return out;
}

std::vector<std::string> in_order(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

}  // namespace

void add_record_terms(CLI::App& command, RecordTerms& terms) {
  const auto list = [&command](const char* name, std::vector<std::string>& to, const char* help) {
    return command.add_option(name, to, help)->allow_extra_args(false);
  };
  list("--policy", terms.policy,
       "What consent may be given for, with commas between: read (answers within a grant), share "
       "(copies), train (models), export (leaving the village), delete (whoever received it must "
       "delete it when consent ends); or none")
      ->delimiter(',')
      ->default_str("[read]")
      ->type_name("WORDS");
  list("--label", terms.labels,
       "A label of the community, such as a Local Contexts code; may be repeated")
      ->type_name("TEXT");
  list("--notice", terms.notices, "A notice; may be repeated")->type_name("TEXT");
  command
      .add_option("--tikanga", terms.tikanga,
                  "The terms under which this is held, in your own words. Public and permanent")
      ->type_name("TEXT");
  command
      .add_option("--language", terms.language,
                  "The language it is in, as a tag such as mi or en-NZ")
      ->type_name("TAG");
  list("--authored", terms.authored, "Who made it: a key id, or a role in words; may be repeated")
      ->type_name("WHO");
  list("--stewarded", terms.stewarded, "Who keeps it; may be repeated")->type_name("WHO");
  list("--approved", terms.approved, "Who approved it; may be repeated")->type_name("WHO");
}

Result<model::Record> record_under(const RecordTerms& terms, const StatementId& domain,
                                   std::vector<KeyId> guardians) {
  model::Record record;
  TRY_ASSIGN(record.policy, policy_of(terms.policy));
  record.domain = domain;
  std::sort(guardians.begin(), guardians.end());
  record.guardianship.guardians = std::move(guardians);
  record.guardianship.tikanga = terms.tikanga;
  record.guardianship.labels = in_order(terms.labels);
  record.guardianship.notices = in_order(terms.notices);
  record.provenance = {attributions_of(terms.authored), attributions_of(terms.stewarded),
                       attributions_of(terms.approved)};
  record.language = terms.language;
  return record;
}

bool is_under(const model::Record& record, const RecordTerms& terms, const model::Record& wanted) {
  const auto same = [](bool given, const auto& has, const auto& asked) {
    return !given || has == asked;
  };
  const model::Guardianship& has = record.guardianship;
  const model::Guardianship& asked = wanted.guardianship;
  const bool provenance =
      !terms.authored.empty() || !terms.stewarded.empty() || !terms.approved.empty();
  return same(!terms.policy.empty(), record.policy, wanted.policy) &&
         same(!terms.tikanga.empty(), has.tikanga, asked.tikanga) &&
         same(!terms.labels.empty(), has.labels, asked.labels) &&
         same(!terms.notices.empty(), has.notices, asked.notices) &&
         same(!terms.language.empty(), record.language, wanted.language) &&
         same(provenance, record.provenance, wanted.provenance);
}

}  // namespace holdfast::cli
