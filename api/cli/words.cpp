// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/words.h"

#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "api/cli/words_federation.h"

namespace holdfast::cli {
namespace {

std::string join(const std::vector<std::string>& parts, const char* none) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out.empty() ? none : out;
}

std::string operations_in_words(const model::Operations& may) {
  std::vector<std::string> parts;
  if (may.query) parts.push_back("query");
  if (may.share) parts.push_back("share");
  if (may.train) parts.push_back("train");
  if (may.audit) parts.push_back("audit");
  if (may.mirror) parts.push_back("mirror");
  return join(parts, "nothing");
}

std::string visible_list(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (const std::string& text : texts) parts.push_back(visible_line(text));
  return join(parts, "none");
}

std::string domain_in_words(const StatementId& domain, log::Reader* reader) {
  return reader ? visible_line(domain_name(*reader, domain)) : short_id(domain);
}

std::string grantee_in_words(const model::Grant& grant, bool full) {
  if (const auto* auditor = std::get_if<model::AuditorGrantee>(&grant.grantee))
    return "auditor " + (full ? crypto::format_public_key(auditor->key)
                              : short_id(crypto::key_id(auditor->key)));
  const StatementId& agreement = std::get<model::AgreementGrantee>(grant.grantee).agreement;
  return "agreement " + (full ? agreement.hex() : short_id(agreement));
}

std::string records_in_words(const model::Grant& grant) {
  if (const auto* some = std::get_if<model::RecordIds>(&grant.records)) {
    std::vector<std::string> ids;
    for (const StatementId& id : some->ids) ids.push_back(short_id(id));
    return join(ids, "none");
  }
  if (const auto* labelled = std::get_if<model::RecordLabels>(&grant.records))
    return "those labelled " + visible_list(labelled->labels);
  return "all";
}

// --- one line
// -------------------------------------------------------------------------------------

struct OneLine {
  log::Reader* reader;

  std::string operator()(const model::Genesis& body) const {
    return "founds the village " + visible_line(body.name);
  }
  std::string operator()(const model::Seal& body) const {
    return "seals " + std::to_string(body.covered_size.value) + " entries";
  }
  std::string operator()(const model::KeyEvent& body) const {
    return std::visit(*this, body.which);
  }
  std::string operator()(const model::CouncilRotation& event) const {
    return rotation("the council", event.rotation);
  }
  std::string operator()(const model::DomainRotation& event) const {
    return rotation("the guardians of " + domain_in_words(event.domain, reader), event.rotation);
  }
  std::string operator()(const model::OperatorChange& event) const {
    return "makes " + short_id(crypto::key_id(event.key)) + " the operator's key";
  }
  std::string operator()(const model::WitnessChange& event) const {
    return "makes " + short_id(crypto::key_id(event.key)) + " the witness's key";
  }
  std::string operator()(const model::SealingChange& event) const {
    return "makes " + short_id(crypto::key_id(event.key)) + " the sealing key";
  }
  std::string operator()(const model::AgentChange& event) const {
    constexpr const char* kMay[] = {"retires agent ", "lets agent propose: ", "lets agent act: "};
    return kMay[static_cast<std::size_t>(event.capability)] + short_id(crypto::key_id(event.key));
  }
  std::string operator()(const model::Domain& body) const {
    return "makes the domain " + visible_line(body.slug) + ", \"" + visible_line(body.title) + "\"";
  }
  std::string operator()(const model::Record& body) const {
    return "record in " + domain_in_words(body.domain, reader) + ", for " +
           policy_in_words(body.policy);
  }
  std::string operator()(const model::RecordChange& body) const {
    struct Step {
      log::Reader* reader;
      std::string record;
      std::string operator()(const model::Supersede& step) const {
        return "supersedes record " + record + " by " + short_id(step.successor);
      }
      std::string operator()(const model::HandOver& step) const {
        return "hands record " + record + " over to " + domain_in_words(step.domain, reader);
      }
      std::string operator()(const model::Withdraw&) const { return "withdraws record " + record; }
      std::string operator()(const model::Restore&) const { return "restores record " + record; }
      std::string operator()(const model::Erase&) const { return "erases record " + record; }
    };
    return std::visit(Step{reader, short_id(body.record)}, body.step);
  }
  std::string operator()(const model::Grant& body) const {
    return "lets " + grantee_in_words(body, false) + " " + operations_in_words(body.operations) +
           " " + domain_in_words(body.domain, reader) + " until " + format_time(body.not_after) +
           ", for " + visible_list(body.purposes);
  }
  std::string operator()(const model::Revocation& body) const {
    return "revokes grant " + short_id(body.grant) + " of " + domain_in_words(body.domain, reader);
  }
  std::string operator()(const model::Upgrade& body) const {
    return "goes over to rules " + std::to_string(body.rules);
  }
  template <typename Body>
  std::string operator()(const Body& body) const {
    return line_of(body, reader);
  }

 private:
  static std::string rotation(const std::string& who, const model::Rotation& rotation) {
    return "rotates the keys of " + who + ": " + std::to_string(rotation.set.threshold) + " of " +
           std::to_string(rotation.set.keys.size());
  }
};

// --- in full
// --------------------------------------------------------------------------------------

struct InFull {
  log::Reader* reader;
  const KeyNames& names;
  Lines lines;

  void add(const char* label, std::string value) { lines.emplace_back(label, std::move(value)); }
  void add_text(const char* label, const std::string& value) {
    if (!value.empty()) add(label, visible_text(value));
  }
  void add_authority(const std::string& who, const model::Authority& set,
                     const model::NextAuthority& next) {
    std::vector<std::string> keys;
    for (const model::PublicKey& key : set.keys) keys.push_back(names.show(crypto::key_id(key)));
    std::vector<std::string> ids;
    for (const KeyId& id : next.key_ids) ids.push_back(names.show(id));
    lines.emplace_back(who, std::to_string(set.threshold) + " of " + join(keys, "none"));
    lines.emplace_back("spares", std::to_string(next.threshold) + " of " + join(ids, "none"));
  }

  void operator()(const model::Genesis& body) {
    add("name", visible_line(body.name));
    add("origin", visible_line(body.origin));
    add("community", visible_line(body.community_type));
    add("operator", crypto::format_public_key(body.operator_key));
    add("witness", crypto::format_public_key(body.witness_key));
    add("sealing", crypto::format_public_key(body.sealing_key));
    add_authority("council", body.council, body.council_next);
    add_text("terms", body.terms);
    add_text("hardware", body.substrate.hardware);
    add_text("weights", body.substrate.weights);
    add_text("jurisdiction", body.substrate.jurisdiction);
  }
  void operator()(const model::Seal& body) {
    add("covers", std::to_string(body.covered_size.value) + " entries");
    add("state root", body.state_root.hex());
  }
  void operator()(const model::KeyEvent& body) {
    std::visit(
        [this](const auto& change) {
          if constexpr (requires { change.rotation; })
            add_rotation(change.rotation);
          else
            add("new key", key_in_words(change.key));
        },
        body.which);
  }
  void add_rotation(const model::Rotation& rotation) {
    add_authority("new keys", rotation.set, rotation.next);
    for (const model::PublicKey& key : rotation.revealed)
      add("spare that leaves", names.show(crypto::key_id(key)));
  }
  void operator()(const model::Domain& body) {
    add("slug", visible_line(body.slug));
    add("title", visible_line(body.title));
    add_authority("guardians", body.guardians, body.next);
    add_text("tikanga", body.tikanga);
    add("minimum cell", std::to_string(body.disclosure.minimum_cell));
    add("rounding", std::to_string(body.disclosure.rounding));
  }
  void operator()(const model::Record& body) {
    std::vector<std::string> guardians;
    for (const KeyId& id : body.guardianship.guardians) guardians.push_back(names.show(id));
    add("domain", domain_in_words(body.domain, reader));
    add("guardians", join(guardians, "none"));
    add("policy", policy_in_words(body.policy));
    add_text("tikanga", body.guardianship.tikanga);
    if (!body.guardianship.labels.empty()) add("labels", visible_list(body.guardianship.labels));
    if (!body.guardianship.notices.empty()) add("notices", visible_list(body.guardianship.notices));
    add("media type", visible_line(body.media_type));
    add_text("language", body.language);
    add("content root", body.content_root.hex());
  }
  void operator()(const model::RecordChange& body) {
    add("record", body.record.hex());
    if (body.expected_version > 0) add("its version", std::to_string(body.expected_version));
  }
  void operator()(const model::Grant& body) {
    add("grantee", grantee_in_words(body, true));
    for (auto& line : lines_of_grantee(body, reader)) lines.push_back(std::move(line));
    add("domain", domain_in_words(body.domain, reader));
    add("records", records_in_words(body));
    add("may", operations_in_words(body.operations));
    for (auto& line : lines_of_scope(body, reader)) lines.push_back(std::move(line));
    add("purposes", visible_list(body.purposes));
    add("from", format_time(body.not_before));
    add("until", format_time(body.not_after));
    if (body.obligations.attribute) add("obligation", "attribute");
    if (body.obligations.delete_on_revocation) add("obligation", "delete on revocation");
    if (body.obligations.report_use) add("obligation", "report use");
    add_text("tikanga", body.tikanga);
  }
  void operator()(const model::Revocation& body) { add("grant", body.grant.hex()); }
  void operator()(const model::Upgrade& body) { add("rules", std::to_string(body.rules)); }
  template <typename Body>
  void operator()(const Body& body) {
    for (auto& line : lines_of(body, reader)) lines.push_back(std::move(line));
  }
};

}  // namespace

std::string KeyNames::show(const KeyId& id) const {
  const std::string known = name(id);
  return known.empty() ? short_id(id) : short_id(id) + " (" + visible_line(known) + ")";
}

std::string KeyNames::name(const KeyId& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? std::string() : found->second;
}

KeyNames known_key_names(Context& context) {
  KeyNames names;
  const auto add_directory = [&](const std::string& directory) {
    if (const auto keys = list_keys(directory))
      for (const StoredKey& key : *keys) names.add(key.id(), key.file.name);
  };
  add_directory(context.key_directory());
  if (const auto paths = context.village()) add_directory(paths->keys());
  return names;
}

std::string key_in_words(const model::PublicKey& key) {
  return crypto::format_public_key(key) + ", id " + short_id(crypto::key_id(key));
}

std::string policy_in_words(const model::Policy& policy) {
  std::vector<std::string> parts;
  if (policy.read) parts.push_back("read");
  if (policy.share) parts.push_back("share");
  if (policy.train) parts.push_back("train");
  if (policy.export_) parts.push_back("export");
  if (policy.delete_) parts.push_back("delete");
  return join(parts, "nothing");
}

std::string in_one_line(const model::Statement& statement, log::Reader* reader) {
  return std::visit(OneLine{reader}, statement.body);
}

Lines in_words(const model::Statement& statement, log::Reader* reader, const KeyNames& names) {
  InFull full{reader, names, {}};
  full.add("kind", model::kind_name(statement.kind()));
  full.add("does", in_one_line(statement, reader));
  std::visit(full, statement.body);
  full.add("visibility", model::visibility_name(statement.visibility));
  full.add("signed on", format_time(statement.issued_at));
  full.add("void after", format_time(statement.sequence_by));
  if (statement.basis.size.value > 0)
    full.add("basis", "the log at size " + std::to_string(statement.basis.size.value) + ", root " +
                          format_base64(statement.basis.root));
  return std::move(full.lines);
}

}  // namespace holdfast::cli
