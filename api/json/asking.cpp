// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/asking.h"

#include <algorithm>

namespace holdfast::json {
namespace {

using federation::AskedOf;
using federation::Told;

constexpr std::size_t kQuestionsMax = 32;

Json hex_list(const std::vector<KeyId>& ids) {
  Json out = Json::array();
  for (const KeyId& id : ids) out.push_back(id.hex());
  return out;
}

Json to_json(const federation::AnswerText& text) {
  Json out = {{"operation", model::operation_name(text.operation)}};
  switch (text.operation) {
    case model::Operation::kExists: out["exists"] = true; break;
    case model::Operation::kCount: out["count"] = text.count; break;
    case model::Operation::kHistogram: {
      Json cells = Json::array();
      for (const auto& cell : text.cells)
        cells.push_back({{"value", cell.value}, {"count", cell.count}});
      out["cells"] = std::move(cells);
      out["cellsLeftOut"] = text.cells_left_out;
      break;
    }
    case model::Operation::kExcerpts:
    case model::Operation::kAnswer: {
      Json parts = Json::array();
      for (const auto& part : text.parts)
        parts.push_back(
            {{"text", part.text}, {"title", part.title}, {"record", part.record.hex()}});
      out["parts"] = std::move(parts);
      break;
    }
  }
  return out;
}

Json cited_json(const StatementId& record, const model::Guardianship& guardianship) {
  return {{"record", record.hex()},
          {"guardians", hex_list(guardianship.guardians)},
          {"tikanga", guardianship.tikanga},
          {"labels", guardianship.labels},
          {"notices", guardianship.notices}};
}

Json answer_json(const federation::CheckedAnswer& answer) {
  Json out = to_json(answer.text);
  out["domain"] = answer.domain_slug;
  out["tikanga"] = answer.grant.tikanga;
  out["obligations"] = json::to_json(answer.grant.obligations);
  Json cited = Json::array();
  for (const federation::Citation& one : answer.cited) {
    Json record = cited_json(one.record, one.terms.guardianship);
    record["attested"] = one.is_attested();
    cited.push_back(std::move(record));
  }
  out["cited"] = std::move(cited);
  out["inference"] = answer.inference.hex();
  out["index"] = answer.index.value;
  out["size"] = answer.size.value;
  out["sealedAt"] = format_time(answer.sealed_at);
  if (answer.statement.model) out["model"] = answer.statement.model->hex();
  if (answer.statement.steering) out["steering"] = answer.statement.steering->hex();
  return out;
}

Json refusal_json(const federation::CheckedRefusal& refusal) {
  Json out = {{"reason", refusal.reason}};
  if (refusal.inference) {
    out["inference"] = refusal.inference->hex();
    out["index"] = refusal.index.value;
  }
  if (refusal.behind) out["behind"] = json::to_json(*refusal.behind);
  return out;
}

// --- reading ------------------------------------------------------------------------------------

Error not_asked(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "", std::move(what), std::move(found), std::move(want)};
}

// Nothing is passed over: a member that is misspelled would change what is asked.
Result<void> check_members(const Json& object, std::initializer_list<std::string_view> known) {
  std::string all;
  for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
  for (const auto& [name, value] : object.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return not_asked("member", "\"" + name.substr(0, 80) + "\"", all);
  return {};
}

Result<std::string> text_member(const Json& object, const char* name) {
  if (object.contains(name) && object[name].is_string()) return object[name].get<std::string>();
  return not_asked(name, object.contains(name) ? "no text" : "nothing", "text");
}

Result<StatementId> id_member(const Json& object, const char* name) {
  TRY_ASSIGN(const std::string text, text_member(object, name));
  const auto bytes = parse_hex(text);
  if (!bytes || bytes->size() != kDigestBytes)
    return not_asked(name, text.substr(0, 80), "64 hex digits");
  return StatementId::from(*bytes);
}

Result<std::uint32_t> number_member(const Json& object, const char* name) {
  if (!object.contains(name)) return std::uint32_t{0};
  const Json& value = object[name];
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 0xFFFFFFFFu)
    return value.get<std::uint32_t>();
  return not_asked(name, value.dump().substr(0, 80), "a number of 32 bits");
}

Result<std::uint32_t> within_member(const Json& body) {
  constexpr std::uint32_t kMost = 3600;
  if (!body.contains("withinSeconds")) return std::uint32_t{0};
  const Json& value = body["withinSeconds"];
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= kMost)
    return value.get<std::uint32_t>();
  return not_asked("withinSeconds", value.dump().substr(0, 80), "at most " + std::to_string(kMost));
}

Result<std::vector<model::Argument>> arguments_member(const Json& object) {
  std::vector<model::Argument> out;
  if (!object.contains("arguments")) return out;
  const Json& arguments = object["arguments"];
  if (!arguments.is_object()) return not_asked("arguments", "no object", "an object of texts");
  for (const auto& [name, value] : arguments.items()) {
    if (!value.is_string()) return not_asked("arguments." + name.substr(0, 80), "no text", "text");
    out.push_back({name, value.get<std::string>()});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<AskedOf> parse_question(const Json& object) {
  if (!object.is_object()) return not_asked("questions", "one that is no object", "objects");
  TRY(check_members(object,
                    {"village", "grant", "shape", "purpose", "arguments", "items", "characters"}));
  AskedOf out;
  TRY_ASSIGN(out.village, id_member(object, "village"));
  TRY_ASSIGN(out.grant, id_member(object, "grant"));
  TRY_ASSIGN(out.shape, id_member(object, "shape"));
  TRY_ASSIGN(out.purpose, text_member(object, "purpose"));
  TRY_ASSIGN(out.arguments, arguments_member(object));
  TRY_ASSIGN(out.items_max, number_member(object, "items"));
  TRY_ASSIGN(out.characters_max, number_member(object, "characters"));
  return out;
}

}  // namespace

Json to_json(const AskedOf& asked) {
  Json arguments = Json::object();
  for (const model::Argument& argument : asked.arguments) arguments[argument.name] = argument.value;
  Json out = {{"village", asked.village.hex()},
              {"grant", asked.grant.hex()},
              {"shape", asked.shape.hex()},
              {"purpose", asked.purpose},
              {"arguments", std::move(arguments)}};
  if (asked.items_max != 0) out["items"] = asked.items_max;
  if (asked.characters_max != 0) out["characters"] = asked.characters_max;
  return out;
}

Json to_json(const Told& told) {
  Json out = to_json(told.asked);
  if (told.answer) out["answer"] = answer_json(*told.answer);
  if (told.refusal) out["refusal"] = refusal_json(*told.refusal);
  if (told.failure) out["failure"] = to_json(*told.failure);
  if (told.receipt) out["receipt"] = told.receipt->hex();
  Json checks = Json::array();
  for (const federation::Check& check : told.checks)
    checks.push_back({{"what", check.what}, {"found", check.found}});
  out["checks"] = std::move(checks);
  return out;
}

Json to_json(const federation::Asked& asked) {
  Json all = Json::array();
  for (const Told& one : asked.told) all.push_back(to_json(one));
  Json out = {{"told", std::move(all)}};
  if (asked.composition) out["composition"] = asked.composition->hex();
  if (asked.not_composed) out["notComposed"] = to_json(*asked.not_composed);
  return out;
}

Json to_json(const federation::Composed& composed) {
  Json out = {{"composition", composed.id.hex()},
              {"index", composed.index.value},
              {"purpose", composed.purpose}};
  Json answers = Json::array();
  for (const federation::ComposedAnswer& answer : composed.answers) {
    Json one = to_json(answer.text);
    one["village"] = answer.grant.village.hex();
    one["grant"] = answer.grant.id.hex();
    one["receipt"] = answer.receipt.hex();
    one["inference"] = answer.inference.hex();
    one["index"] = answer.index.value;
    one["size"] = answer.size.value;
    one["sealedAt"] = format_time(answer.sealed_at);
    one["domain"] = answer.domain;
    one["tikanga"] = answer.tikanga;
    one["obligations"] = to_json(answer.obligations);
    Json cited = Json::array();
    for (const auto& record : answer.cited)
      cited.push_back(cited_json(record.record, record.guardianship));
    one["cited"] = std::move(cited);
    answers.push_back(std::move(one));
  }
  out["answers"] = std::move(answers);
  Json refusals = Json::array();
  for (const federation::ComposedRefusal& refusal : composed.refusals)
    refusals.push_back({{"village", refusal.village.hex()}, {"reason", refusal.reason}});
  out["refusals"] = std::move(refusals);
  return out;
}

Json to_json(const model::Obligations& obligations) {
  return {{"attribute", obligations.attribute},
          {"deleteOnRevocation", obligations.delete_on_revocation},
          {"reportUse", obligations.report_use}};
}

Json to_json(const AskRequest& request) {
  Json questions = Json::array();
  for (const AskedOf& question : request.questions) questions.push_back(to_json(question));
  Json out = {{"questions", std::move(questions)}, {"compose", request.compose}};
  if (request.within_seconds != 0) out["withinSeconds"] = request.within_seconds;
  return out;
}

Result<AskRequest> parse_ask_request(std::string_view text) {
  const Json body = Json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("questions") || !body["questions"].is_array())
    return not_asked("body", "no such object", "{\"questions\": [...], \"compose\": true}");
  TRY(check_members(body, {"questions", "compose", "withinSeconds"}));
  AskRequest out;
  if (body.contains("compose")) {
    if (!body["compose"].is_boolean())
      return not_asked("compose", body["compose"].dump().substr(0, 80), "true or false");
    out.compose = body["compose"].get<bool>();
  }
  TRY_ASSIGN(out.within_seconds, within_member(body));
  const Json& questions = body["questions"];
  if (questions.empty() || questions.size() > kQuestionsMax)
    return not_asked("questions", std::to_string(questions.size()),
                     "1 to " + std::to_string(kQuestionsMax));
  for (const Json& question : questions) {
    auto asked = parse_question(question);
    if (!asked) {
      Error error = std::move(asked).error();
      if (error.what != "questions") error.what = "questions." + error.what;
      return error;
    }
    out.questions.push_back(*std::move(asked));
  }
  return out;
}

Json to_json(const FreshnessQuestion& question) {
  Json grants = Json::array();
  for (const StatementId& grant : question.grants) grants.push_back(grant.hex());
  Json out = {{"village", question.village.hex()}, {"grants", std::move(grants)}};
  if (question.within_seconds != 0) out["withinSeconds"] = question.within_seconds;
  return out;
}

Result<FreshnessQuestion> parse_freshness_question(std::string_view text) {
  const Json body = Json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("grants") || !body["grants"].is_array())
    return not_asked("body", "no such object", "{\"village\": \"...\", \"grants\": [...]}");
  TRY(check_members(body, {"village", "grants", "withinSeconds"}));
  FreshnessQuestion out;
  TRY_ASSIGN(out.village, id_member(body, "village"));
  TRY_ASSIGN(out.within_seconds, within_member(body));
  const Json& grants = body["grants"];
  if (grants.empty() || grants.size() > model::kFreshGrantsMax)
    return not_asked("grants", std::to_string(grants.size()),
                     "1 to " + std::to_string(model::kFreshGrantsMax));
  for (const Json& grant : grants) {
    const Json one = {{"grant", grant}};
    TRY_ASSIGN(const StatementId id, id_member(one, "grant"));
    out.grants.push_back(id);
  }
  return out;
}

Json freshness_json(const std::vector<federation::Freshness>& found) {
  Json grants = Json::array();
  for (const federation::Freshness& one : found)
    grants.push_back({{"grant", one.grant.hex()},
                      {"live", one.is_live},
                      {"sealedAt", format_time(one.sealed_at)}});
  return {{"grants", std::move(grants)}};
}

}  // namespace holdfast::json
