// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/envelopes.h"

#include "api/json/asking.h"

namespace holdfast::routes {
namespace {

// They wait for the disk, and a commit takes many at once.
constexpr unsigned kTakingThreads = 32;
constexpr unsigned kAskingThreads = 16;

http::Response nobody_answers() {
  return problem(Error{Code::kUnavailable, "", "envelopes", "no agent's key on this machine",
                       "a village whose agent answers"});
}

std::optional<std::chrono::milliseconds> within(std::uint32_t seconds) {
  if (seconds == 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

Error stranger() {
  return {Code::kUnauthorised, "ENV-5", "sender of the envelope",
          "nobody whom this village answers",
          "a village that it has met, by an agent in office under its newest state"};
}

http::Response sealed(std::optional<Bytes> reply) {
  if (!reply) return {204, {}, {}, {}};
  return answer_bytes(*reply);
}

}  // namespace

Envelopes::Envelopes(federation::Peering* peering, Access& access, log::Readers& readers)
    : peering_(peering),
      access_(access),
      readers_(readers),
      pool_(peering == nullptr ? 0 : kTakingThreads),
      asking_(peering == nullptr ? 0 : kAskingThreads) {}

void Envelopes::take(Visit& visit, const http::Respond& respond) {
  if (peering_ == nullptr) return respond(nobody_answers());
  pool_.run([this, body = std::move(visit.request.body), respond] {
    guarded(respond, [&] {
      auto reply = peering_->holder().take(as_bytes(body));
      if (reply) return respond(sealed(*std::move(reply)));
      // Who is met, and how far he has been followed, is nobody else's to know.
      const bool is_stranger = reply.error().code == Code::kUnauthorised;
      respond(problem(is_stranger ? stranger() : reply.error()));
    });
  });
}

void Envelopes::act(Visit& visit, const http::Respond& respond, Asked answer) {
  if (const auto may = access_.may_act(visit.request, visit.query.text("body"), readers_); !may)
    return respond(problem(may.error()));
  if (peering_ == nullptr) return respond(nobody_answers());
  asking_.run([this, answer, body = std::move(visit.request.body), respond] {
    guarded(respond, [&] { respond((this->*answer)(body)); });
  });
}

void Envelopes::ask(Visit& visit, const http::Respond& respond) {
  act(visit, respond, &Envelopes::asked);
}

void Envelopes::refresh(Visit& visit, const http::Respond& respond) {
  act(visit, respond, &Envelopes::refreshed);
}

http::Response Envelopes::refreshed(const std::string& body) {
  const auto question = json::parse_freshness_question(body);
  if (!question) return problem(question.error());
  const auto found = peering_->asker().refresh(question->village, question->grants,
                                               within(question->within_seconds));
  if (!found) return problem(found.error());
  return answer_json(json::freshness_json(*found));
}

http::Response Envelopes::asked(const std::string& body) {
  const auto request = json::parse_ask_request(body);
  if (!request) return problem(request.error());
  return answer_json(json::to_json(
      federation::ask_together(peering_->asker(), peering_->correspondence(), request->questions,
                               request->compose, within(request->within_seconds))));
}

void Envelopes::finish() {
  pool_.wait();
  asking_.wait();
}

std::string Envelopes::metrics() const {
  if (peering_ == nullptr) return "";
  const federation::HolderFigures figures = peering_->holder().figures();
  std::string out =
      "# HELP holdfast_envelopes_total Envelopes of peers, by what became of them.\n"
      "# TYPE holdfast_envelopes_total counter\n";
  const auto add = [&](const char* outcome, std::uint64_t count) {
    out += std::string("holdfast_envelopes_total{outcome=\"") + outcome + "\"} " +
           std::to_string(count) + "\n";
  };
  add("unknown", figures.unknown);
  add("answered", figures.answered);
  add("refused", figures.refused);
  add("repeated", figures.repeated);
  add("notice", figures.notices);
  return out;
}

}  // namespace holdfast::routes
