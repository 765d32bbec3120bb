// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/federation.h"

#include "ledger/core/bytes.h"
#include "ledger/core/time.h"
#include "ledger/model/names.h"

namespace holdfast::json {
namespace {

template <typename D>
Json hexes(const std::vector<D>& digests) {
  Json list = Json::array();
  for (const D& digest : digests) list.push_back(digest.hex());
  return list;
}

Json hexes(const std::vector<model::ForeignId>& ids) {
  Json list = Json::array();
  for (const model::ForeignId& id : ids)
    list.push_back({{"village", id.village.hex()}, {"id", id.id.hex()}});
  return list;
}

template <typename D>
void put(Json& out, const char* name, const std::optional<D>& digest) {
  if (digest) out[name] = digest->hex();
}

Json limits_json(const model::Limits& limits) {
  return {{"calls", limits.calls},
          {"callsPerDay", limits.calls_per_day},
          {"minimumCell", limits.minimum_cell},
          {"characters", limits.characters}};
}

Json parameter_json(const model::Parameter& parameter) {
  Json out = {{"name", parameter.name}};
  if (const auto* text = std::get_if<model::TextParameter>(&parameter.type))
    out["text"] = text->bytes_max;
  else if (const auto* choice = std::get_if<model::ChoiceParameter>(&parameter.type))
    out["choice"] = choice->choices;
  else if (const auto* integer = std::get_if<model::IntegerParameter>(&parameter.type))
    out["integer"] = {{"low", integer->low}, {"high", integer->high}};
  else if (const auto* date = std::get_if<model::DateParameter>(&parameter.type))
    out["date"] = {{"low", date->low}, {"high", date->high}};
  return out;
}

}  // namespace

const model::NewTerms* terms_in(const model::Agreement& body) {
  if (const auto* offer = std::get_if<model::Offer>(&body.step)) return &offer->terms;
  if (const auto* amendment = std::get_if<model::Amendment>(&body.step)) return &amendment->terms;
  if (const auto* resumption = std::get_if<model::Resumption>(&body.step))
    return &resumption->terms;
  return nullptr;
}

const char* step_in_words(const model::Agreement& body) {
  constexpr const char* kSteps[] = {"offers", "accepts", "amends", "suspends", "resumes", "ends"};
  return kSteps[body.step.index()];
}

const char* answer_in_words(const model::Decision& body) {
  constexpr const char* kOf[] = {"", "appeals", "closes", "reverses"};
  return kOf[body.of.index()];
}

std::optional<StatementId> answered_in(const model::Decision& body) {
  if (const auto* appeal = std::get_if<model::AppealOf>(&body.of)) return appeal->decision;
  if (const auto* closing = std::get_if<model::ClosingOf>(&body.of)) return closing->decision;
  if (const auto* reversal = std::get_if<model::ReversalOf>(&body.of)) return reversal->decision;
  return std::nullopt;
}

const char* view_in_words(model::ReportView view) {
  return view == model::ReportView::kOpen ? "open" : "full";
}

Json json_of(const model::Agreement& body) {
  Json out = {{"step", step_in_words(body)}, {"expectedVersion", body.expected_version}};
  put(out, "agreement", body.agreement);
  if (const model::NewTerms* terms = terms_in(body)) {
    out["endpoint"] = terms->endpoint;
    out["terms"] = {{"villageLow", terms->terms.village_low.hex()},
                    {"villageHigh", terms->terms.village_high.hex()},
                    {"revision", terms->terms.revision},
                    {"kind", model::agreement_kind_name(terms->terms.kind)},
                    {"purpose", terms->terms.purpose},
                    {"text", terms->terms.text}};
    out["termsHash"] = model::terms_hash(terms->terms).hex();
  }
  return out;
}

Json json_of(const model::Shape& body) {
  Json out = {{"domain", body.domain.hex()}};
  if (const auto* retire = std::get_if<model::Retire>(&body.step)) {
    out["retire"] = retire->id.hex();
    return out;
  }
  const auto& shape = std::get<model::ShapeTemplate>(body.step);
  Json parameters = Json::array();
  for (const model::Parameter& parameter : shape.parameters)
    parameters.push_back(parameter_json(parameter));
  out["publish"] = {{"operation", model::operation_name(shape.operation)},
                    {"title", shape.title},
                    {"parameters", std::move(parameters)},
                    {"itemsMax", shape.items_max},
                    {"charactersMax", shape.characters_max},
                    {"minimumCell", shape.minimum_cell},
                    {"rounding", shape.rounding},
                    {"steeringNeeded", shape.steering_needed}};
  return out;
}

Json json_of(const model::Model& body) {
  Json out = {{"domain", body.domain.hex()}};
  if (const auto* retire = std::get_if<model::Retire>(&body.step)) {
    out["retire"] = retire->id.hex();
    return out;
  }
  const auto& identity = std::get<model::ModelIdentity>(body.step);
  Json publish = {{"name", identity.name},
                  {"weights", identity.weights.hex()},
                  {"sampling", identity.sampling},
                  {"determinism", model::determinism_name(identity.determinism)}};
  put(publish, "adapter", identity.adapter);
  put(publish, "template", identity.template_);
  put(publish, "engine", identity.engine);
  put(publish, "trainingRoot", identity.training_root);
  out["publish"] = std::move(publish);
  return out;
}

Json json_of(const model::Steering& body) {
  Json out = {{"domain", body.domain.hex()}};
  if (const auto* withdraw = std::get_if<model::WithdrawSteering>(&body.step)) {
    out["withdraw"] = withdraw->steering.hex();
    return out;
  }
  const auto& terms = std::get<model::SteeringTerms>(body.step);
  Json set = {{"models", hexes(terms.models)}, {"limits", limits_json(terms.limits)}};
  put(set, "instructions", terms.instructions);
  out["set"] = std::move(set);
  return out;
}

Json json_of(const model::Inference& body) {
  Json out = {{"sequence", body.sequence},
              {"queryId", format_hex(body.query_id)},
              {"agreement", body.agreement.hex()},
              {"purpose", body.purpose},
              {"onward", hexes(body.onward)}};
  put(out, "grant", body.grant);
  put(out, "shape", body.shape);
  put(out, "parameters", body.parameters);
  put(out, "model", body.model);
  put(out, "steering", body.steering);
  if (const auto* refused = std::get_if<model::RefusedAnswer>(&body.outcome)) {
    out["refused"] = {{"reason", refused->reason}, {"count", refused->count}};
    return out;
  }
  const auto& answered = std::get<model::Answered>(body.outcome);
  Json answer = {{"commitment", answered.commitment.hex()},
                 {"cited", hexes(answered.cited)},
                 {"items", answered.items},
                 {"characters", answered.characters}};
  if (const auto* used = std::get_if<model::UsedRecords>(&answered.used))
    answer["used"] = hexes(used->ids);
  else if (const auto* hidden = std::get_if<model::HiddenUse>(&answered.used))
    answer["hidden"] = {{"bound", hidden->bound}, {"root", hidden->root.hex()}};
  out["answered"] = std::move(answer);
  return out;
}

Json json_of(const model::Receipt& body) {
  Json out = {{"sequence", body.sequence},
              {"agreement", body.agreement.hex()},
              {"acknowledges", model::receipt_of_name(body.acknowledges)},
              {"of", body.of.hex()},
              {"rejected", body.rejected}};
  put(out, "envelope", body.envelope);
  return out;
}

Json json_of(const model::Composition& body) {
  Json out = {{"sequence", body.sequence},        {"inputs", hexes(body.inputs)},
              {"refusals", hexes(body.refusals)}, {"used", hexes(body.used)},
              {"grants", hexes(body.grants)},     {"commitment", body.commitment.hex()},
              {"purpose", body.purpose}};
  put(out, "model", body.model);
  return out;
}

Json json_of(const model::Transfer& body) {
  return {{"sequence", body.sequence},
          {"direction", body.direction == model::Direction::kOut ? "out" : "in"},
          {"agreement", body.agreement.hex()},
          {"grant", body.grant.hex()},
          {"records", hexes(body.records)},
          {"onward", hexes(body.onward)},
          {"fields", body.fields},
          {"hops", hexes(body.hops)}};
}

Json json_of(const model::Decision& body) {
  Json out = {{"sequence", body.sequence},
              {"domain", body.domain.hex()},
              {"expectedVersion", body.expected_version},
              {"contentRoot", body.content_root.hex()},
              {"action", body.action.hex()},
              {"verdict", model::verdict_name(body.verdict)},
              {"category", body.category}};
  put(out, *answer_in_words(body) == '\0' ? "itself" : answer_in_words(body), answered_in(body));
  return out;
}

Json json_of(const model::Deliberation& body) {
  Json positions = Json::array();
  for (const model::Position& position : body.positions)
    positions.push_back({{"holder", position.holder.hex()}, {"text", position.text.hex()}});
  return {{"domain", body.domain.hex()},       {"contentRoot", body.content_root.hex()},
          {"matter", body.matter.hex()},       {"positions", std::move(positions)},
          {"outcome", body.outcome.hex()},     {"dissent", hexes(body.dissent)},
          {"proposals", hexes(body.proposals)}};
}

Json json_of(const model::Report& body) {
  Json out = {{"view", view_in_words(body.view)},
              {"periodStart", format_time(body.period_start)},
              {"periodEnd", format_time(body.period_end)},
              {"first", body.first.value},
              {"last", body.last.value},
              {"root", body.root.hex()},
              {"digest", body.digest.hex()}};
  put(out, "previous", body.previous);
  return out;
}

Json json_of(const model::Observation& body) {
  if (const auto* peer = std::get_if<model::PeerCheckpoint>(&body.of))
    return {
        {"peer", {{"agreement", peer->agreement.hex()}, {"checkpoint", peer->state.checkpoint}}}};
  if (const auto* own = std::get_if<model::OwnCheckpoint>(&body.of))
    return {{"own", own->checkpoint}};
  return {{"evidence", format_base64(std::get<model::EvidenceSeen>(body.of).evidence)}};
}

Json json_of(const model::Exit& body) { return {{"manifest", body.manifest.hex()}}; }

}  // namespace holdfast::json
