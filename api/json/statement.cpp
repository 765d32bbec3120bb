// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/federation.h"
#include "ledger/core/bytes.h"
#include "ledger/core/time.h"
#include "ledger/model/names.h"

namespace holdfast::json {
namespace {

Json hex_list(const auto& digests) {
  Json list = Json::array();
  for (const auto& digest : digests) list.push_back(digest.hex());
  return list;
}

Json keys_json(const std::vector<model::PublicKey>& keys) {
  Json list = Json::array();
  for (const model::PublicKey& key : keys) list.push_back(crypto::format_public_key(key));
  return list;
}

Json authority_json(const model::Authority& set) {
  return {{"threshold", set.threshold}, {"keys", keys_json(set.keys)}};
}

Json next_json(const model::NextAuthority& next) {
  return {{"threshold", next.threshold}, {"keyIds", hex_list(next.key_ids)}};
}

Json rotation_json(const model::Rotation& rotation) {
  return {{"set", authority_json(rotation.set)},
          {"next", next_json(rotation.next)},
          {"revealed", keys_json(rotation.revealed)}};
}

// A key, or a role in words.
Json attributions_json(const std::vector<model::Attribution>& attributions) {
  Json list = Json::array();
  for (const model::Attribution& each : attributions) {
    if (const auto* key = std::get_if<KeyId>(&each))
      list.push_back({{"keyId", key->hex()}});
    else
      list.push_back({{"role", std::get<std::string>(each)}});
  }
  return list;
}

struct ToJson {
  Json operator()(const model::Genesis& body) const {
    return {{"rules", body.rules},
            {"name", body.name},
            {"origin", body.origin},
            {"communityType", body.community_type},
            {"operator", crypto::format_public_key(body.operator_key)},
            {"witness", crypto::format_public_key(body.witness_key)},
            {"sealing", crypto::format_public_key(body.sealing_key)},
            {"council", authority_json(body.council)},
            {"councilNext", next_json(body.council_next)},
            {"terms", body.terms},
            {"substrate",
             {{"hardware", body.substrate.hardware},
              {"weights", body.substrate.weights},
              {"jurisdiction", body.substrate.jurisdiction}}}};
  }
  Json operator()(const model::Seal& body) const {
    return {{"coveredSize", body.covered_size.value}, {"stateRoot", body.state_root.hex()}};
  }
  Json operator()(const model::KeyEvent& body) const {
    Json out = {{"expectedVersion", body.expected_version}};
    std::visit([&](const auto& event) { add(out, event); }, body.which);
    return out;
  }
  static void add(Json& out, const model::CouncilRotation& event) {
    out["council"] = rotation_json(event.rotation);
  }
  static void add(Json& out, const model::DomainRotation& event) {
    out["domain"] = {{"domain", event.domain.hex()}, {"rotation", rotation_json(event.rotation)}};
  }
  static void add(Json& out, const model::OperatorChange& event) {
    out["operator"] = {{"key", crypto::format_public_key(event.key)},
                       {"fromSize", event.from.size.value},
                       {"fromRoot", event.from.root.hex()}};
  }
  static void add(Json& out, const model::WitnessChange& event) {
    out["witness"] = crypto::format_public_key(event.key);
  }
  static void add(Json& out, const model::SealingChange& event) {
    out["sealing"] = crypto::format_public_key(event.key);
  }
  static void add(Json& out, const model::AgentChange& event) {
    constexpr const char* kCapabilities[] = {"never", "propose", "act"};
    out["agent"] = {{"key", crypto::format_public_key(event.key)},
                    {"capability", kCapabilities[static_cast<std::size_t>(event.capability)]}};
  }
  Json operator()(const model::Domain& body) const {
    return {
        {"slug", body.slug},
        {"title", body.title},
        {"guardians", authority_json(body.guardians)},
        {"next", next_json(body.next)},
        {"tikanga", body.tikanga},
        {"disclosure",
         {{"minimumCell", body.disclosure.minimum_cell}, {"rounding", body.disclosure.rounding}}}};
  }
  Json operator()(const model::Record& body) const {
    const auto& [guardians, tikanga, provenance, labels, notices] = body.guardianship;
    Json out = {{"domain", body.domain.hex()},
                {"guardians", hex_list(guardians)},
                {"tikanga", tikanga},
                {"labels", labels},
                {"notices", notices},
                {"authored", attributions_json(body.provenance.authored)},
                {"stewarded", attributions_json(body.provenance.stewarded)},
                {"approved", attributions_json(body.provenance.approved)},
                {"policy",
                 {{"read", body.policy.read},
                  {"share", body.policy.share},
                  {"train", body.policy.train},
                  {"export", body.policy.export_},
                  {"delete", body.policy.delete_}}},
                {"contentRoot", body.content_root.hex()},
                {"mediaType", body.media_type},
                {"language", body.language}};
    if (provenance) out["provenanceCommitment"] = provenance->hex();
    if (body.origin) {
      out["origin"] = {{"village", body.origin->village.hex()},
                       {"record", body.origin->record.hex()}};
      if (body.origin->grant) out["origin"]["grant"] = body.origin->grant->hex();
    }
    return out;
  }
  Json operator()(const model::RecordChange& body) const {
    Json out = {{"record", body.record.hex()}, {"expectedVersion", body.expected_version}};
    if (const auto* step = std::get_if<model::Supersede>(&body.step))
      out["supersede"] = step->successor.hex();
    else if (const auto* over = std::get_if<model::HandOver>(&body.step))
      out["handOver"] = over->domain.hex();
    else
      out["step"] = std::holds_alternative<model::Withdraw>(body.step)  ? "withdraw"
                    : std::holds_alternative<model::Restore>(body.step) ? "restore"
                                                                        : "erase";
    return out;
  }
  Json operator()(const model::Grant& body) const {
    Json out = {{"domain", body.domain.hex()}};
    if (const auto* auditor = std::get_if<model::AuditorGrantee>(&body.grantee))
      out["auditor"] = crypto::format_public_key(auditor->key);
    else
      out["agreement"] = std::get<model::AgreementGrantee>(body.grantee).agreement.hex();
    if (const auto* some = std::get_if<model::RecordIds>(&body.records))
      out["records"] = hex_list(some->ids);
    else if (const auto* labelled = std::get_if<model::RecordLabels>(&body.records))
      out["labels"] = labelled->labels;
    else
      out["records"] = "all";
    out["operations"] = {{"query", body.operations.query},
                         {"share", body.operations.share},
                         {"train", body.operations.train},
                         {"audit", body.operations.audit},
                         {"mirror", body.operations.mirror}};
    out["shapes"] = hex_list(body.shapes);
    out["purposes"] = body.purposes;
    out["notBefore"] = format_time(body.not_before);
    out["notAfter"] = format_time(body.not_after);
    out["limits"] = {{"calls", body.limits.calls},
                     {"callsPerDay", body.limits.calls_per_day},
                     {"minimumCell", body.limits.minimum_cell},
                     {"characters", body.limits.characters}};
    out["onward"] = body.onward == model::Onward::kNone ? "none" : "withOriginsGrant";
    out["obligations"] = {{"attribute", body.obligations.attribute},
                          {"deleteOnRevocation", body.obligations.delete_on_revocation},
                          {"reportUse", body.obligations.report_use}};
    out["tikanga"] = body.tikanga;
    return out;
  }
  Json operator()(const model::Revocation& body) const {
    return {{"domain", body.domain.hex()}, {"grant", body.grant.hex()}};
  }
  Json operator()(const model::Upgrade& body) const { return {{"rules", body.rules}}; }
  template <typename Body>
  Json operator()(const Body& body) const {
    return json_of(body);
  }
};

}  // namespace

std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', true, Json::error_handler_t::replace);
}

Json to_json(const Error& error, std::string_view code) {
  return {{"code", code.empty() ? code_name(error.code) : code},
          {"rule", error.rule},
          {"what", error.what},
          {"found", error.found},
          {"want", error.want}};
}

Json to_json(const model::Statement& statement) {
  Json out = {
      {"kind", model::kind_name(statement.kind())},
      {"visibility", model::visibility_name(statement.visibility)},
      {"issuedAt", format_time(statement.issued_at)},
      {"sequenceBy", format_time(statement.sequence_by)},
      {"basis",
       {{"size", statement.basis.size.value}, {"root", format_base64(statement.basis.root)}}},
      {"village", statement.village.hex()}};
  out["body"] = std::visit(ToJson{}, statement.body);
  return out;
}

}  // namespace holdfast::json
