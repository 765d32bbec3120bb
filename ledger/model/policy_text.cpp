// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "ledger/model/note_text.h"
#include "ledger/model/policy.h"

namespace holdfast::model {
namespace {

using Words = std::vector<std::string_view>;

Error no_policy(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "POLICY-1", std::move(what), std::move(found), std::move(want)};
}

Words split(std::string_view line) {
  Words words;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// Reads line by line and remembers what has been defined.
class PolicyReader {
 public:
  Result<void> read_line(std::string_view line) {
    const Words words = split(line);
    if (words.empty() || words[0].starts_with('#')) return {};
    const std::span<const std::string_view> rest = std::span(words).subspan(1);
    if (words[0] == "log") return read_log(rest);
    if (words[0] == "witness") return read_witness(rest);
    if (words[0] == "group") return read_group(rest);
    if (words[0] == "quorum") return read_quorum(rest);
    return no_policy("first word", quote(words[0]), "log, witness, group or quorum");
  }

  Result<TrustPolicy> finish() {
    if (!has_quorum_) return no_policy("quorum", "no line", "exactly one");
    return std::move(policy_);
  }

 private:
  using Arguments = std::span<const std::string_view>;

  Result<void> read_log(Arguments words) {
    if (words.size() != 1 && words.size() != 2)
      return no_policy("log", count(words), "a key, and perhaps a URL");
    TRY_ASSIGN(VerifierKey key, parse_vkey(words[0]));
    TRY(take_key(key));
    policy_.logs.push_back({std::move(key), words.size() == 2 ? std::string(words[1]) : ""});
    return {};
  }

  Result<void> read_witness(Arguments words) {
    if (words.size() != 2 && words.size() != 3)
      return no_policy("witness", count(words), "a name, a key, and perhaps a URL");
    TRY_ASSIGN(VerifierKey key, parse_vkey(words[1]));
    if (key.type != NoteKeyType::kCosignature)
      return no_policy("witness " + quote(words[0]), "a key of type 0x01", "type 0x04");
    TRY(take_key(key));
    TRY(define(words[0]));
    policy_.witnesses.push_back(
        {std::string(words[0]), std::move(key), words.size() == 3 ? std::string(words[2]) : ""});
    return {};
  }

  Result<void> read_group(Arguments words) {
    if (words.size() < 3)
      return no_policy("group", count(words), "a name, a threshold and members");
    PolicyGroup group;
    group.name = words[0];
    const Arguments members = words.subspan(2);
    TRY_ASSIGN(group.threshold, parse_threshold(words[1], members.size()));
    for (const std::string_view member : members) {
      if (!names_.contains(member))
        return no_policy("group " + quote(group.name), quote(member), "a name defined before");
      if (!members_.emplace(member).second)
        return no_policy("group " + quote(group.name), quote(member) + " once more",
                         "each name in one group only");
      group.members.emplace_back(member);
    }
    TRY(define(group.name));
    policy_.groups.push_back(std::move(group));
    return {};
  }

  Result<void> read_quorum(Arguments words) {
    if (words.size() != 1) return no_policy("quorum", count(words), "one name, or none");
    if (has_quorum_) return no_policy("quorum", "a second line", "exactly one");
    if (words[0] != "none" && !names_.contains(words[0]))
      return no_policy("quorum", quote(words[0]), "none, or a name defined before");
    policy_.quorum = words[0];
    has_quorum_ = true;
    return {};
  }

  static std::string count(Arguments words) { return std::to_string(words.size()) + " words"; }

  static Result<std::uint32_t> parse_threshold(std::string_view word, std::size_t members) {
    if (word == "any") return std::uint32_t{1};
    if (word == "all") return static_cast<std::uint32_t>(members);
    const auto number = parse_decimal(word);
    if (!number || *number < 1 || *number > members)
      return no_policy("threshold", quote(word), "any, all, or 1 to " + std::to_string(members));
    return static_cast<std::uint32_t>(*number);
  }

  Result<void> define(std::string_view name) {
    if (name == "none") return no_policy("name", "none", "another one: this says no quorum");
    if (!names_.emplace(name).second) return no_policy("name", quote(name) + " again", "a new one");
    return {};
  }

  Result<void> take_key(const VerifierKey& key) {
    const std::string_view bytes = as_text(key.key.bytes);
    if (!keys_.emplace(bytes).second)
      return no_policy("key of " + quote(key.name), "one that stands in a line before",
                       "each key once");
    return {};
  }

  TrustPolicy policy_;
  bool has_quorum_ = false;
  std::set<std::string, std::less<>> names_;    // witnesses and groups
  std::set<std::string, std::less<>> members_;  // those that are in a group already
  std::set<std::string, std::less<>> keys_;     // public keys
};

}  // namespace

Result<TrustPolicy> parse_policy(std::string_view text) {
  if (text.size() > kPolicyBytesMax)
    return no_policy("policy", std::to_string(text.size()) + " bytes",
                     "at most " + std::to_string(kPolicyBytesMax));
  PolicyReader reader;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (++number > kPolicyLinesMax)
      return no_policy("policy", "more than " + std::to_string(kPolicyLinesMax) + " lines",
                       "at most as many");
    const std::string place = "policy, line " + std::to_string(number);
    if (!line) return no_policy(place, "no newline behind it", "a newline");
    const auto is_control = [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    };
    if (std::ranges::any_of(*line, is_control))
      return no_policy(place, "a control character", "none but tab");
    if (auto read = reader.read_line(*line); !read) {
      read.error().what = place + ": " + read.error().what;
      return std::move(read).error();
    }
  }
  return reader.finish();
}

std::string format_policy(const TrustPolicy& policy) {
  const auto with_url = [](const std::string& url) {
    return url.empty() ? "\n" : " " + url + "\n";
  };
  std::string text;
  for (const PolicyLog& log : policy.logs)
    text += "log " + format_vkey(log.key) + with_url(log.url);
  for (const PolicyWitness& witness : policy.witnesses)
    text += "witness " + witness.name + " " + format_vkey(witness.key) + with_url(witness.url);
  for (const PolicyGroup& group : policy.groups) {
    text += "group " + group.name + " " + std::to_string(group.threshold);
    for (const std::string& member : group.members) text += " " + member;
    text += "\n";
  }
  return text + "quorum " + policy.quorum + "\n";
}

}  // namespace holdfast::model
