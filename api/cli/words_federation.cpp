// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/words_federation.h"

#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

std::string count_of(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

void add_text(Lines& lines, const char* label, const std::string& text) {
  if (!text.empty()) lines.emplace_back(label, visible_text(text));
}

template <typename D>
void add_digest(Lines& lines, const char* label, const std::optional<D>& digest) {
  if (digest) lines.emplace_back(label, digest->hex());
}

template <typename D>
void add_each(Lines& lines, const char* label, const std::vector<D>& digests) {
  for (const D& digest : digests) lines.emplace_back(label, digest.hex());
}

void add_each(Lines& lines, const char* label, const std::vector<model::ForeignId>& ids) {
  for (const model::ForeignId& id : ids)
    lines.emplace_back(label, id.id.hex() + " of village " + short_id(id.village));
}

void add_limits(Lines& lines, const model::Limits& limits) {
  const auto add = [&](const char* label, std::uint64_t n) {
    if (n != 0) lines.emplace_back(label, std::to_string(n));
  };
  add("calls at most", limits.calls);
  add("calls a day at most", limits.calls_per_day);
  add("minimum cell", limits.minimum_cell);
  add("characters at most", limits.characters);
}

const model::NewTerms* terms_of(const model::Agreement& body) {
  if (const auto* offer = std::get_if<model::Offer>(&body.step)) return &offer->terms;
  if (const auto* amendment = std::get_if<model::Amendment>(&body.step)) return &amendment->terms;
  if (const auto* resumption = std::get_if<model::Resumption>(&body.step))
    return &resumption->terms;
  return nullptr;
}

const char* step_name(const model::Agreement& body) {
  constexpr const char* kSteps[] = {"offers", "accepts", "amends", "suspends", "resumes", "ends"};
  return kSteps[body.step.index()];
}

std::string parameter_in_words(const model::Parameter& parameter) {
  struct Type {
    std::string operator()(const model::TextParameter& text) const {
      return "text of up to " + std::to_string(text.bytes_max) + " bytes";
    }
    std::string operator()(const model::ChoiceParameter& choice) const {
      std::string out = "one of";
      for (const std::string& word : choice.choices) out += " " + visible_line(word);
      return out;
    }
    std::string operator()(const model::IntegerParameter& range) const {
      return std::to_string(range.low) + " to " + std::to_string(range.high);
    }
    std::string operator()(const model::DateParameter& range) const {
      return format_time(range.low * kDay) + " to " + format_time(range.high * kDay);
    }
  };
  return visible_line(parameter.name) + ": " + std::visit(Type{}, parameter.type);
}

const char* of_name(const model::Decision& body) {
  constexpr const char* kOf[] = {"", "appeals", "closes", "reverses"};
  return kOf[body.of.index()];
}

std::optional<StatementId> answered_by(const model::Decision& body) {
  if (const auto* appeal = std::get_if<model::AppealOf>(&body.of)) return appeal->decision;
  if (const auto* closing = std::get_if<model::ClosingOf>(&body.of)) return closing->decision;
  if (const auto* reversal = std::get_if<model::ReversalOf>(&body.of)) return reversal->decision;
  return std::nullopt;
}

const char* view_name(model::ReportView view) {
  return view == model::ReportView::kOpen ? "open" : "full";
}

}  // namespace

std::string office_in_words(const StatementId& domain, log::Reader* reader) {
  if (reader == nullptr) return short_id(domain);
  return domain == reader->village() ? "the council" : visible_line(domain_name(*reader, domain));
}

// --- one line -----------------------------------------------------------------------------------

std::string line_of(const model::Agreement& body, log::Reader*) {
  const std::string which = body.agreement ? " agreement " + short_id(*body.agreement) : "";
  const model::NewTerms* terms = terms_of(body);
  return step_name(body) + (which.empty() ? std::string(" an agreement") : which) +
         (terms != nullptr ? ", for " + visible_line(terms->terms.purpose) : "");
}

std::string line_of(const model::Shape& body, log::Reader* reader) {
  if (const auto* retire = std::get_if<model::Retire>(&body.step))
    return "retires shape " + short_id(retire->id) + " of " + office_in_words(body.domain, reader);
  const auto& shape = std::get<model::ShapeTemplate>(body.step);
  return std::string("lets be asked of ") + office_in_words(body.domain, reader) + ": " +
         model::operation_name(shape.operation) + ", \"" + visible_line(shape.title) + "\"";
}

std::string line_of(const model::Model& body, log::Reader* reader) {
  if (const auto* retire = std::get_if<model::Retire>(&body.step))
    return "retires model " + short_id(retire->id) + " of " + office_in_words(body.domain, reader);
  return "publishes the model " + visible_line(std::get<model::ModelIdentity>(body.step).name) +
         " for " + office_in_words(body.domain, reader);
}

std::string line_of(const model::Steering& body, log::Reader* reader) {
  const std::string domain = office_in_words(body.domain, reader);
  if (const auto* withdraw = std::get_if<model::WithdrawSteering>(&body.step))
    return "withdraws steering " + short_id(withdraw->steering) + ": silence on " + domain;
  const auto& terms = std::get<model::SteeringTerms>(body.step);
  return "lets " + count_of(terms.models.size(), "model", "models") + " speak on " + domain;
}

std::string line_of(const model::Inference& body, log::Reader*) {
  const std::string purpose = ", for " + visible_line(body.purpose);
  if (const auto* refused = std::get_if<model::RefusedAnswer>(&body.outcome))
    return "refuses agreement " + short_id(body.agreement) + ": " + visible_line(refused->reason) +
           purpose;
  return "answers agreement " + short_id(body.agreement) + purpose;
}

std::string line_of(const model::Receipt& body, log::Reader*) {
  return std::string(body.rejected.empty() ? "acknowledges " : "rejects ") +
         model::receipt_of_name(body.acknowledges) + " " + short_id(body.of) +
         (body.rejected.empty() ? "" : ": " + visible_line(body.rejected));
}

std::string line_of(const model::Composition& body, log::Reader*) {
  return "composes " + count_of(body.inputs.size(), "answer", "answers") + " and " +
         count_of(body.refusals.size(), "refusal", "refusals") + ", for " +
         visible_line(body.purpose);
}

std::string line_of(const model::Transfer& body, log::Reader*) {
  return std::string(body.direction == model::Direction::kOut ? "hands " : "takes over ") +
         count_of(body.records.size(), "record", "records") + " under grant " +
         short_id(body.grant);
}

std::string line_of(const model::Decision& body, log::Reader* reader) {
  const auto answered = answered_by(body);
  return std::string(answered ? of_name(body) : "decides") +
         (answered ? " decision " + short_id(*answered) : "") + ": " +
         model::verdict_name(body.verdict) + ", " + visible_line(body.category) + ", before " +
         office_in_words(body.domain, reader);
}

std::string line_of(const model::Deliberation& body, log::Reader* reader) {
  return "deliberation of " + office_in_words(body.domain, reader) + ": " +
         count_of(body.positions.size(), "position", "positions") + ", " +
         count_of(body.dissent.size(), "dissent", "dissents");
}

std::string line_of(const model::Report& body, log::Reader*) {
  return std::string("publishes a report, ") + view_name(body.view) + ", " +
         format_time(body.period_start) + " to " + format_time(body.period_end);
}

std::string line_of(const model::Observation& body, log::Reader*) {
  if (std::holds_alternative<model::PeerCheckpoint>(body.of)) return "observes a peer's checkpoint";
  if (std::holds_alternative<model::OwnCheckpoint>(body.of)) return "keeps cosignatures on ours";
  return "keeps evidence";
}

std::string line_of(const model::Exit&, log::Reader*) { return "ends the village for good"; }

// --- in full ------------------------------------------------------------------------------------

Lines lines_of(const model::Agreement& body, log::Reader*) {
  Lines lines;
  add_digest(lines, "agreement", body.agreement);
  if (body.expected_version != 0)
    lines.emplace_back("its version", std::to_string(body.expected_version));
  if (const model::NewTerms* terms = terms_of(body)) {
    lines.emplace_back("between", terms->terms.village_low.hex());
    lines.emplace_back("and", terms->terms.village_high.hex());
    lines.emplace_back("kind", model::agreement_kind_name(terms->terms.kind));
    lines.emplace_back("purpose", visible_line(terms->terms.purpose));
    lines.emplace_back("revision", std::to_string(terms->terms.revision));
    add_text(lines, "terms", terms->terms.text);
    add_text(lines, "endpoint", terms->endpoint);
    lines.emplace_back("terms hash", model::terms_hash(terms->terms).hex());
  }
  return lines;
}

Lines lines_of(const model::Shape& body, log::Reader* reader) {
  Lines lines = {{"domain", office_in_words(body.domain, reader)}};
  if (const auto* retire = std::get_if<model::Retire>(&body.step)) {
    lines.emplace_back("shape", retire->id.hex());
    return lines;
  }
  const auto& shape = std::get<model::ShapeTemplate>(body.step);
  lines.emplace_back("title", visible_line(shape.title));
  lines.emplace_back("operation", model::operation_name(shape.operation));
  for (const model::Parameter& parameter : shape.parameters)
    lines.emplace_back("parameter", parameter_in_words(parameter));
  if (shape.items_max != 0) lines.emplace_back("items at most", std::to_string(shape.items_max));
  if (shape.characters_max != 0)
    lines.emplace_back("characters at most", std::to_string(shape.characters_max));
  lines.emplace_back("minimum cell", std::to_string(shape.minimum_cell));
  lines.emplace_back("rounding", std::to_string(shape.rounding));
  lines.emplace_back("steering", shape.steering_needed ? "needed" : "not needed");
  return lines;
}

Lines lines_of(const model::Model& body, log::Reader* reader) {
  Lines lines = {{"domain", office_in_words(body.domain, reader)}};
  if (const auto* retire = std::get_if<model::Retire>(&body.step)) {
    lines.emplace_back("model", retire->id.hex());
    return lines;
  }
  const auto& identity = std::get<model::ModelIdentity>(body.step);
  lines.emplace_back("name", visible_line(identity.name));
  lines.emplace_back("weights", identity.weights.hex());
  add_digest(lines, "adapter", identity.adapter);
  add_digest(lines, "template", identity.template_);
  add_digest(lines, "engine", identity.engine);
  add_text(lines, "sampling", identity.sampling);
  lines.emplace_back("determinism", model::determinism_name(identity.determinism));
  lines.emplace_back("trained on", identity.training_root ? "records of the domain, root " +
                                                                identity.training_root->hex()
                                                          : "no record of the domain");
  return lines;
}

Lines lines_of(const model::Steering& body, log::Reader* reader) {
  Lines lines = {{"domain", office_in_words(body.domain, reader)}};
  if (const auto* withdraw = std::get_if<model::WithdrawSteering>(&body.step)) {
    lines.emplace_back("steering", withdraw->steering.hex());
    return lines;
  }
  const auto& terms = std::get<model::SteeringTerms>(body.step);
  add_each(lines, "model", terms.models);
  add_digest(lines, "instructions", terms.instructions);
  add_limits(lines, terms.limits);
  return lines;
}

Lines lines_of(const model::Inference& body, log::Reader*) {
  Lines lines = {{"query", format_hex(body.query_id)},
                 {"agreement", body.agreement.hex()},
                 {"purpose", visible_line(body.purpose)}};
  add_digest(lines, "grant", body.grant);
  add_digest(lines, "shape", body.shape);
  add_digest(lines, "model", body.model);
  add_digest(lines, "steering", body.steering);
  add_each(lines, "origin's grant", body.onward);
  if (const auto* refused = std::get_if<model::RefusedAnswer>(&body.outcome)) {
    lines.emplace_back("refused", visible_line(refused->reason) + ", " +
                                      count_of(refused->count, "time", "times"));
    return lines;
  }
  const auto& answered = std::get<model::Answered>(body.outcome);
  lines.emplace_back("answer", answered.commitment.hex());
  if (const auto* used = std::get_if<model::UsedRecords>(&answered.used))
    add_each(lines, "used", used->ids);
  else
    lines.emplace_back("used", "up to " +
                                   std::to_string(std::get<model::HiddenUse>(answered.used).bound) +
                                   " records, hidden");
  add_each(lines, "cited", answered.cited);
  lines.emplace_back("items", std::to_string(answered.items));
  lines.emplace_back("characters", std::to_string(answered.characters));
  return lines;
}

Lines lines_of(const model::Receipt& body, log::Reader*) {
  Lines lines = {
      {"agreement", body.agreement.hex()},
      {"of", std::string(model::receipt_of_name(body.acknowledges)) + " " + body.of.hex()}};
  add_digest(lines, "envelope", body.envelope);
  add_text(lines, "rejected", body.rejected);
  if (body.state)
    lines.emplace_back("shown", count_of(body.state->subjects.size(), "subject", "subjects") +
                                    " of the peer's state, with proofs");
  return lines;
}

Lines lines_of(const model::Composition& body, log::Reader*) {
  Lines lines = {{"purpose", visible_line(body.purpose)}, {"answer", body.commitment.hex()}};
  add_each(lines, "input", body.inputs);
  add_each(lines, "refusal", body.refusals);
  add_each(lines, "grant", body.grants);
  add_each(lines, "record", body.used);
  add_digest(lines, "model", body.model);
  return lines;
}

Lines lines_of(const model::Transfer& body, log::Reader*) {
  Lines lines = {{"agreement", body.agreement.hex()}, {"grant", body.grant.hex()}};
  add_each(lines, "record", body.records);
  add_each(lines, "origin's grant", body.onward);
  for (const std::string& field : body.fields) lines.emplace_back("field", visible_line(field));
  add_each(lines, "came through", body.hops);
  return lines;
}

Lines lines_of(const model::Decision& body, log::Reader* reader) {
  Lines lines = {{"before", office_in_words(body.domain, reader)},
                 {"verdict", model::verdict_name(body.verdict)},
                 {"category", visible_line(body.category)}};
  add_digest(lines, "answers", answered_by(body));
  if (body.expected_version != 0)
    lines.emplace_back("its version", std::to_string(body.expected_version));
  lines.emplace_back("content root", body.content_root.hex());
  return lines;
}

Lines lines_of(const model::Deliberation& body, log::Reader* reader) {
  return {{"of", office_in_words(body.domain, reader)},
          {"positions", std::to_string(body.positions.size())},
          {"dissents", std::to_string(body.dissent.size())},
          {"proposals", std::to_string(body.proposals.size())},
          {"content root", body.content_root.hex()}};
}

Lines lines_of(const model::Report& body, log::Reader*) {
  Lines lines = {
      {"view", view_name(body.view)},
      {"from", format_time(body.period_start)},
      {"to", format_time(body.period_end)},
      {"entries", std::to_string(body.first.value) + " to " + std::to_string(body.last.value)},
      {"root", body.root.hex()},
      {"digest", body.digest.hex()}};
  add_digest(lines, "last report", body.previous);
  return lines;
}

Lines lines_of(const model::Observation& body, log::Reader*) {
  if (const auto* peer = std::get_if<model::PeerCheckpoint>(&body.of))
    return {{"agreement", peer->agreement.hex()},
            {"checkpoint", visible_text(peer->state.checkpoint)}};
  if (const auto* own = std::get_if<model::OwnCheckpoint>(&body.of))
    return {{"checkpoint", visible_text(own->checkpoint)}};
  return {{"evidence",
           std::to_string(std::get<model::EvidenceSeen>(body.of).evidence.size()) + " bytes"}};
}

Lines lines_of(const model::Exit& body, log::Reader*) {
  return {{"manifest", body.manifest.hex()}};
}

Lines lines_of_grantee(const model::Grant& body, log::Reader* reader) {
  const auto* to = std::get_if<model::AgreementGrantee>(&body.grantee);
  if (to == nullptr || reader == nullptr) return {};
  const auto agreement = reader->find(model::StateClass::kAgreement, to->agreement);
  if (!agreement || !*agreement) return {};
  const auto detail = model::decode_own_detail<model::AgreementDetail>((*agreement)->detail);
  if (!detail) return {};
  Lines lines = {{"village", detail->peer.hex()}};
  const auto peer = reader->find(model::StateClass::kPeer, detail->peer);
  if (peer && *peer)
    if (const auto known = model::decode_own_detail<model::PeerDetail>((*peer)->detail))
      lines.emplace_back("its origin", visible_line(known->origin));
  return lines;
}

Lines lines_of_scope(const model::Grant& body, log::Reader* reader) {
  Lines lines;
  for (const StatementId& id : body.shapes) {
    const auto subject = reader ? reader->find(model::StateClass::kShape, id)
                                : Result<std::optional<rules::Subject>>(std::nullopt);
    const auto detail = subject && *subject
                            ? model::decode_own_detail<model::ShapeDetail>((*subject)->detail)
                            : Result<model::ShapeDetail>(Error{});
    lines.emplace_back(
        "shape", id.hex() + (detail ? std::string("  ") + operation_name(detail->shape.operation) +
                                          ", \"" + visible_line(detail->shape.title) + "\""
                                    : ""));
  }
  add_limits(lines, body.limits);
  if (body.onward != model::Onward::kNone)
    lines.emplace_back("onward", "to whom this domain has given a grant as well");
  return lines;
}

// --- for programs -------------------------------------------------------------------------------

namespace {

template <typename D>
Json hex_list(const std::vector<D>& digests) {
  Json list = Json::array();
  for (const D& digest : digests) list.push_back(digest.hex());
  return list;
}

Json hex_list(const std::vector<model::ForeignId>& ids) {
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

Json json_of(const model::Agreement& body) {
  Json out = {{"step", step_name(body)}, {"expectedVersion", body.expected_version}};
  put(out, "agreement", body.agreement);
  if (const model::NewTerms* terms = terms_of(body)) {
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
  Json set = {{"models", hex_list(terms.models)}, {"limits", limits_json(terms.limits)}};
  put(set, "instructions", terms.instructions);
  out["set"] = std::move(set);
  return out;
}

Json json_of(const model::Inference& body) {
  Json out = {{"sequence", body.sequence},
              {"queryId", format_hex(body.query_id)},
              {"agreement", body.agreement.hex()},
              {"purpose", body.purpose},
              {"onward", hex_list(body.onward)}};
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
                 {"cited", hex_list(answered.cited)},
                 {"items", answered.items},
                 {"characters", answered.characters}};
  if (const auto* used = std::get_if<model::UsedRecords>(&answered.used))
    answer["used"] = hex_list(used->ids);
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
  Json out = {{"sequence", body.sequence},
              {"inputs", hex_list(body.inputs)},
              {"refusals", hex_list(body.refusals)},
              {"used", hex_list(body.used)},
              {"grants", hex_list(body.grants)},
              {"commitment", body.commitment.hex()},
              {"purpose", body.purpose}};
  put(out, "model", body.model);
  return out;
}

Json json_of(const model::Transfer& body) {
  return {{"sequence", body.sequence},
          {"direction", body.direction == model::Direction::kOut ? "out" : "in"},
          {"agreement", body.agreement.hex()},
          {"grant", body.grant.hex()},
          {"records", hex_list(body.records)},
          {"onward", hex_list(body.onward)},
          {"fields", body.fields},
          {"hops", hex_list(body.hops)}};
}

Json json_of(const model::Decision& body) {
  Json out = {{"sequence", body.sequence},
              {"domain", body.domain.hex()},
              {"expectedVersion", body.expected_version},
              {"contentRoot", body.content_root.hex()},
              {"action", body.action.hex()},
              {"verdict", model::verdict_name(body.verdict)},
              {"category", body.category}};
  put(out, *of_name(body) == '\0' ? "itself" : of_name(body), answered_by(body));
  return out;
}

Json json_of(const model::Deliberation& body) {
  Json positions = Json::array();
  for (const model::Position& position : body.positions)
    positions.push_back({{"holder", position.holder.hex()}, {"text", position.text.hex()}});
  return {{"domain", body.domain.hex()},          {"contentRoot", body.content_root.hex()},
          {"matter", body.matter.hex()},          {"positions", std::move(positions)},
          {"outcome", body.outcome.hex()},        {"dissent", hex_list(body.dissent)},
          {"proposals", hex_list(body.proposals)}};
}

Json json_of(const model::Report& body) {
  Json out = {{"view", view_name(body.view)},
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

}  // namespace holdfast::cli
