// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/words_federation.h"

#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

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

}  // namespace

Lines lines_of(const model::Agreement& body, log::Reader*) {
  Lines lines;
  add_digest(lines, "agreement", body.agreement);
  if (body.expected_version != 0)
    lines.emplace_back("its version", std::to_string(body.expected_version));
  if (const model::NewTerms* terms = terms_in(body)) {
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
                                      number_of(refused->count, "time", "times"));
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
    lines.emplace_back("shown", number_of(body.state->subjects.size(), "subject", "subjects") +
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
  add_digest(lines, "answers", answered_in(body));
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
      {"view", view_in_words(body.view)},
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

}  // namespace holdfast::cli
