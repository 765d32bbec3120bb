// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/words_federation.h"

#include "api/cli/ids.h"
#include "api/cli/visible.h"

namespace holdfast::cli {

std::string number_of(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string office_in_words(const StatementId& domain, log::Reader* reader) {
  if (reader == nullptr) return short_id(domain);
  return domain == reader->village() ? "the council" : visible_line(domain_name(*reader, domain));
}

std::string line_of(const model::Agreement& body, log::Reader*) {
  const std::string which = body.agreement ? " agreement " + short_id(*body.agreement) : "";
  const model::NewTerms* terms = terms_in(body);
  return step_in_words(body) + (which.empty() ? std::string(" an agreement") : which) +
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
  return "lets " + number_of(terms.models.size(), "model", "models") + " speak on " + domain;
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
  return "composes " + number_of(body.inputs.size(), "answer", "answers") + " and " +
         number_of(body.refusals.size(), "refusal", "refusals") + ", for " +
         visible_line(body.purpose);
}

std::string line_of(const model::Transfer& body, log::Reader*) {
  return std::string(body.direction == model::Direction::kOut ? "hands " : "takes over ") +
         number_of(body.records.size(), "record", "records") + " under grant " +
         short_id(body.grant);
}

std::string line_of(const model::Decision& body, log::Reader* reader) {
  const auto answered = answered_in(body);
  return std::string(answered ? answer_in_words(body) : "decides") +
         (answered ? " decision " + short_id(*answered) : "") + ": " +
         model::verdict_name(body.verdict) + ", " + visible_line(body.category) + ", before " +
         office_in_words(body.domain, reader);
}

std::string line_of(const model::Deliberation& body, log::Reader* reader) {
  return "deliberation of " + office_in_words(body.domain, reader) + ": " +
         number_of(body.positions.size(), "position", "positions") + ", " +
         number_of(body.dissent.size(), "dissent", "dissents");
}

std::string line_of(const model::Report& body, log::Reader*) {
  return std::string("publishes a report, ") + view_in_words(body.view) + ", " +
         format_time(body.period_start) + " to " + format_time(body.period_end);
}

std::string line_of(const model::Observation& body, log::Reader*) {
  if (std::holds_alternative<model::PeerCheckpoint>(body.of)) return "observes a peer's checkpoint";
  if (std::holds_alternative<model::OwnCheckpoint>(body.of)) return "keeps cosignatures on ours";
  return "keeps evidence";
}

std::string line_of(const model::Exit&, log::Reader*) { return "ends the village for good"; }

}  // namespace holdfast::cli
