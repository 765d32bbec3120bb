// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/deliberation.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>

namespace holdfast::cli {
namespace {

std::string numbered(const char* name, std::size_t place) {
  return std::string(name) + "." + std::to_string(place + 1);
}

std::map<std::string, FieldCommitment> commitments_of(const model::Content& content) {
  std::map<std::string, FieldCommitment> out;
  for (const model::Field& field : content.fields)
    out.emplace(field.name, model::field_commitment(field));
  return out;
}

// --- from a file --------------------------------------------------------------------------------

class Reading {
 public:
  explicit Reading(const std::string& path) : path_(path) {}

  Result<DeliberationText> read(const toml::table& table) const {
    DeliberationText out;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name == "matter") {
        TRY_ASSIGN(out.matter, text(name, node));
      } else if (name == "outcome") {
        TRY_ASSIGN(out.outcome, text(name, node));
      } else if (name == "proposals") {
        TRY_ASSIGN(out.proposals, texts(name, node));
      } else if (name == "position") {
        TRY_ASSIGN(out.positions, positions(node));
      } else {
        return refuse(node, "unknown key " + name, "matter, outcome, proposals and [[position]]");
      }
    }
    return out;
  }

 private:
  Error refuse(const toml::node& node, std::string found, std::string want) const {
    return {Code::kMalformed, "", path_ + " line " + std::to_string(node.source().begin.line),
            std::move(found), std::move(want)};
  }

  Result<std::string> text(const std::string& name, const toml::node& node) const {
    if (node.is_string()) return node.value_or(std::string());
    return refuse(node, name + " is no text", "text in quotes");
  }

  Result<std::vector<std::string>> texts(const std::string& name, const toml::node& node) const {
    const toml::array* list = node.as_array();
    if (list == nullptr) return refuse(node, name + " is no list", "a list of texts in quotes");
    std::vector<std::string> out;
    for (const toml::node& each : *list) {
      TRY_ASSIGN(std::string one, text("one of " + name, each));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<HeldPosition> position(const toml::table& table) const {
    HeldPosition out;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name == "holder") {
        TRY_ASSIGN(out.holder, text(name, node));
      } else if (name == "text") {
        TRY_ASSIGN(out.text, text(name, node));
      } else if (name == "dissent" && node.is_boolean()) {
        out.dissent = node.value_or(false);
      } else {
        return refuse(node, name == "dissent" ? "dissent is neither" : "unknown key " + name,
                      name == "dissent" ? "true or false" : "holder, text and dissent");
      }
    }
    if (out.holder.empty() || out.text.empty())
      return refuse(table,
                    "a position without " + std::string(out.holder.empty() ? "holder" : "text"),
                    "holder and text in each");
    return out;
  }

  Result<std::vector<HeldPosition>> positions(const toml::node& node) const {
    const toml::array* list = node.as_array();
    if (list == nullptr) return refuse(node, "position is no list", "[[position]] for each");
    std::vector<HeldPosition> out;
    for (const toml::node& each : *list) {
      const toml::table* table = each.as_table();
      if (table == nullptr) return refuse(each, "position is no table", "[[position]] for each");
      TRY_ASSIGN(HeldPosition one, position(*table));
      out.push_back(std::move(one));
    }
    return out;
  }

  const std::string& path_;
};

}  // namespace

Result<DeliberationText> read_deliberation(const std::string& path) {
  try {
    return Reading(path).read(toml::parse_file(path));
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    if (line == 0)
      return Error{Code::kUnavailable, "", path, std::string(error.description()),
                   "a readable file"};
    return Error{Code::kMalformed, "", path + " line " + std::to_string(line),
                 std::string(error.description()), "TOML"};
  }
}

// --- content and commitments --------------------------------------------------------------------

Result<model::Content> deliberation_content(const DeliberationText& text, crypto::Random& random) {
  model::Content content;
  TRY(model::add_field(content, "matter", as_bytes(text.matter), random));
  TRY(model::add_field(content, "outcome", as_bytes(text.outcome), random));
  for (std::size_t i = 0; i < text.positions.size(); ++i) {
    TRY(model::add_field(content, numbered("holder", i), as_bytes(text.positions[i].holder),
                         random));
    TRY(model::add_field(content, numbered("position", i), as_bytes(text.positions[i].text),
                         random));
  }
  for (std::size_t i = 0; i < text.proposals.size(); ++i)
    TRY(model::add_field(content, numbered("proposal", i), as_bytes(text.proposals[i]), random));
  return content;
}

model::Deliberation commit_to(const DeliberationText& text, const model::Content& content) {
  const auto committed = commitments_of(content);
  model::Deliberation out;
  out.content_root = model::content_root(content);
  out.matter = committed.at("matter");
  out.outcome = committed.at("outcome");
  for (std::size_t i = 0; i < text.positions.size(); ++i) {
    out.positions.push_back(
        {committed.at(numbered("holder", i)), committed.at(numbered("position", i))});
    if (text.positions[i].dissent) out.dissent.push_back(out.positions.back().text);
  }
  std::sort(out.dissent.begin(), out.dissent.end());
  for (std::size_t i = 0; i < text.proposals.size(); ++i)
    out.proposals.push_back(committed.at(numbered("proposal", i)));
  return out;
}

DeliberationText text_of(const model::Deliberation& deliberation, const model::Content& content) {
  std::map<FieldCommitment, std::string> texts;
  for (const model::Field& field : content.fields)
    texts.emplace(model::field_commitment(field), as_text(field.value));
  const auto read = [&](const FieldCommitment& commitment) {
    const auto found = texts.find(commitment);
    return found == texts.end() ? std::string("(not held here)") : found->second;
  };
  DeliberationText out;
  out.matter = read(deliberation.matter);
  out.outcome = read(deliberation.outcome);
  for (const model::Position& position : deliberation.positions) {
    const bool dissent =
        std::binary_search(deliberation.dissent.begin(), deliberation.dissent.end(), position.text);
    out.positions.push_back({read(position.holder), read(position.text), dissent});
  }
  for (const FieldCommitment& proposal : deliberation.proposals)
    out.proposals.push_back(read(proposal));
  return out;
}

}  // namespace holdfast::cli
