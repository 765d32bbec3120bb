// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/asker.h"

#include <algorithm>
#include <thread>

#include "federation/copies.h"
#include "federation/receiving.h"
#include "federation/refusals.h"
#include "ledger/model/codec.h"
#include "ledger/model/text.h"
#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

using model::StateClass;

// For a proof of our log that the peer wants; it may want more where envelopes cross.
constexpr int kAskTries = 4;

// The recipient's agreement stands in the grant that it gave.
Result<model::Query> query_of(log::Reader& reader, const AskedOf& asked, crypto::Random& random) {
  const model::ForeignId id{asked.village, asked.grant};
  TRY_ASSIGN(const auto grant,
             find_own<model::ForeignGrantDetail>(reader, rules::foreign_grant_id(id)));
  if (!grant)
    return Error{Code::kNotFound, "", "grant " + asked.grant.hex(), "one that is not known here",
                 "a grant of the peer's that was seen"};
  if (!grant->active())
    return Error{Code::kInvalid, "", "grant " + asked.grant.hex(),
                 model::status_name(grant->value.status), "a live grant of the peer's"};
  const auto* to = std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee);
  CHECK(to != nullptr);  // a receipt was admitted of it
  model::Query query;
  query.agreement = to->agreement;
  query.grant = asked.grant;
  query.shape = asked.shape;
  query.purpose = asked.purpose;
  query.arguments = asked.arguments;
  if (!query.arguments.empty()) random.fill(query.salt.emplace());
  query.items_max = asked.items_max;
  query.characters_max = asked.characters_max;
  query.onward = asked.onward;
  return query;
}

// A grant that a peer's state shows, with its agreement and village, now.
Result<bool> stands_still(const rules::PeerSight& sight,
                          const rules::Found<model::GrantDetail>& grant, Seconds now) {
  const auto* to = std::get_if<model::AgreementGrantee>(&grant.detail->terms.grantee);
  if (to == nullptr) return false;
  TRY_ASSIGN(const auto agreement, sight.require<model::AgreementDetail>(to->agreement));
  return grant.active() && agreement.active() && sight.facts.self.active() &&
         now < grant.detail->terms.not_after;
}

// The peer could not follow our log: it has said what it wants to be proved from.
bool wants_proof(const Correspondence::Received& received) {
  const auto* refusal = std::get_if<model::Refusal>(&received.envelope().body);
  return refusal != nullptr && refusal->reason == reason::kProof;
}

// A revocation that the peer holds and cannot sequence now comes as a refusal. Errors: that it is
// refused; what does not hold.
Result<void> take_refusal(log::Readers& readers, Correspondence& correspondence,
                          const Correspondence::Received& received) {
  const auto* refusal = std::get_if<model::Refusal>(&received.envelope().body);
  if (refusal == nullptr) return {};
  if (refusal->reason == reason::kRevoked && !refusal->behind.empty()) {
    TRY_ASSIGN(const auto reader, readers.newest());
    TRY(take_revocation(*reader, correspondence, received, refusal->behind));
  }
  return Error{Code::kInvalid, "", "grants of village " + received.from.village.hex(),
               "refused: " + refusal->reason, "live ones"};
}

// What people have suspended or ended here is not asked under, whatever the peer would say.
Result<void> check_in_force(log::Reader& reader, const Acquaintance& peer) {
  TRY_ASSIGN(const auto suspension, reader.held_against(peer.agreement_id));
  if (peer.is_in_force() && !suspension) return {};
  return Error{Code::kInvalid, "ENV-5", "agreement " + peer.agreement_id.hex(),
               !peer.peer.active() ? "one with a village that has ended"
               : suspension        ? "suspended"
                                   : model::status_name(peer.agreement.value.status),
               "one that is in force"};
}

}  // namespace

Told Asker::ask(const AskedOf& question, Within within) {
  Told told;
  told.asked = question;
  bool again = true;
  Result<void> done;
  for (int tries = 0; again && tries < kAskTries; ++tries) {
    again = false;
    told.checks.clear();
    done = ask_once(told, again, within);
  }
  if (!done) told.failure = done.error();
  return told;
}

std::vector<Told> Asker::ask_all(const std::vector<AskedOf>& questions, Within within) {
  std::vector<Told> out(questions.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < questions.size(); ++i)
    threads.emplace_back([&, i] { out[i] = ask(questions[i], within); });
  if (!questions.empty()) out[0] = ask(questions[0], within);
  for (std::thread& thread : threads) thread.join();
  return out;
}

Result<Asker::Exchanged> Asker::exchange(const StatementId& village, const Write& write,
                                         Within within) {
  struct Written {
    std::string endpoint;
    Correspondence::Sealed sealed;
  };
  TRY_ASSIGN(const Written written,
             readers_.with_newest([&](log::Reader& reader) -> Result<Written> {
               TRY_ASSIGN(const Acquaintance peer, acquaintance_with(reader, village));
               TRY(check_in_force(reader, peer));
               Written out;
               out.endpoint = peer.agreement.detail->endpoint;
               TRY_ASSIGN(out.sealed, write(reader, peer));
               return out;
             }));
  PostOptions post = options_.post;
  post.within = within.value_or(post.within);
  net::Options net = options_.net;
  net.total_ms = std::min<long>(net.total_ms, post.within.count());
  net::Client client(net);
  for (int tries = 1;; ++tries) {
    TRY_ASSIGN(const auto reply,
               post_envelope(client, written.endpoint, written.sealed.bytes, post));
    if (!reply)
      return Error{Code::kUnavailable, "", "the peer's reply", "none", "one to what was asked"};
    TRY_ASSIGN(const auto reader, readers_.newest());
    TRY_ASSIGN(auto received, correspondence_.read(*reader, *reply));
    if (received.from.village != village)
      return Error{Code::kUnauthorised, "ANSWER-1", "envelope.from", received.from.village.hex(),
                   village.hex() + ", who was asked"};
    if (received.envelope().in_reply_to != written.sealed.id)
      return Error{Code::kInvalid, "ANSWER-1", "envelope.inReplyTo", "another question", "ours"};
    const auto followed = correspondence_.take_head(received, true);
    if (followed) return Exchanged{written.sealed.id, std::move(received)};
    // Replies have crossed on their way: the same question gets the same reply, under a newer head.
    const bool may_follow =
        followed.error().code == Code::kUnavailable && followed.error().rule == "ENV-7";
    if (!may_follow || tries == kAskTries) return followed.error();
  }
}

Result<void> Asker::ask_once(Told& told, bool& again, Within within) {
  model::Query query;
  TRY_ASSIGN(
      const Exchanged exchanged,
      exchange(
          told.asked.village,
          [&](log::Reader& reader, const Acquaintance& peer) -> Result<Correspondence::Sealed> {
            TRY_ASSIGN(query, query_of(reader, told.asked, correspondence_.random()));
            return correspondence_.write(reader, peer, {query, {}, {}, {}, kHour});
          },
          within));
  return take_reply(told, exchanged.received, query, exchanged.id, again);
}

Result<std::vector<Freshness>> Asker::refresh(const StatementId& village,
                                              std::vector<StatementId> grants, Within within) {
  std::sort(grants.begin(), grants.end());
  const model::FreshnessRequest request{grants};
  const Write write = [&](log::Reader& reader, const Acquaintance& peer) {
    return correspondence_.write(reader, peer, {request, {}, {}, {}, kHour});
  };
  TRY_ASSIGN(Exchanged exchanged, exchange(village, write, within));
  for (int tries = 1; tries < kAskTries && wants_proof(exchanged.received); ++tries) {
    TRY_ASSIGN(exchanged, exchange(village, write, within));
  }
  const Correspondence::Received& received = exchanged.received;
  TRY(take_refusal(readers_, correspondence_, received));
  if (received.envelope().in_reply_to != exchanged.id ||
      !std::holds_alternative<model::CheckpointOnly>(received.envelope().body))
    return Error{Code::kInvalid, "ANSWER-1", "the peer's reply", "something else",
                 "its checkpoint, in reply to ours"};
  std::vector<Freshness> out;
  for (const StatementId& id : grants) {
    TRY_ASSIGN(const auto grant, received.sight.require<model::GrantDetail>(id));
    TRY_ASSIGN(const bool stands, stands_still(received.sight, grant, clock_.now()));
    if (!grant.active()) TRY(take_shown_revocation(readers_, correspondence_, received, id));
    out.push_back({id, stands, received.sight.sealed_at});
  }
  return out;
}

Result<void> Asker::take_reply(Told& told, const Correspondence::Received& received,
                               const model::Query& query, const model::EnvelopeId& id,
                               bool& again) {
  const auto& body = received.envelope().body;
  if (const auto* answer = std::get_if<model::Answer>(&body))
    return keep_answer(told, received, *answer, query, id);
  if (const auto* refusal = std::get_if<model::Refusal>(&body)) {
    if (refusal->reason == reason::kProof) {
      again = true;
      return Error{Code::kUnavailable, "ENV-7", "our log", "no proof that the peer could follow",
                   "one from what it has seen"};
    }
    return keep_refusal(told, received, *refusal, id);
  }
  return Error{Code::kInvalid, "ANSWER-1", "the peer's reply", "neither", "an answer or a refusal"};
}

Result<void> Asker::keep_answer(Told& told, const Correspondence::Received& received,
                                const model::Answer& answer, const model::Query& query,
                                const model::EnvelopeId& id) {
  auto checked =
      check_answer(received, answer, query, id, correspondence_.own(), clock_.now(), told.checks);
  if (!checked) {
    reject(received, answer, checked.error());
    return checked.error();
  }
  if (const auto may = check_copies(query, *checked); !may) {
    reject(received, answer, may.error());
    return may.error();
  }
  model::Receipt receipt;
  receipt.agreement = received.from.agreement_id;
  receipt.acknowledges = model::ReceiptOf::kAnswer;
  receipt.of = checked->inference;
  receipt.envelope = received.opened.hash;
  TRY_ASSIGN(receipt.state, narrow(received.envelope().state,
                                   {log::subject_ref(StateClass::kInference, checked->inference),
                                    log::subject_ref(StateClass::kGrant, query.grant),
                                    log::subject_ref(StateClass::kAgreement, query.agreement),
                                    log::subject_ref(StateClass::kDomain, checked->domain)}));
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence_.row_of(received));
  TRY_ASSIGN(const Agent::Act act,
             correspondence_.agent().act(std::move(receipt), std::move(beside)));
  told.checks.push_back(
      {"our receipt", "entry #" + std::to_string(act.index.value) + " of our own log"});
  told.receipt = act.id;
  for (const model::CitedRecord& record : answer.cited)
    told.cited.push_back(record.signed_statement);
  told.answer = *std::move(checked);
  return {};
}

// Another village's record, which this one was told of by whoever has a copy of it.
Result<void> Asker::check_copies(const model::Query& query, const CheckedAnswer& answer) {
  TRY_ASSIGN(const auto reader, readers_.newest());
  for (const Citation& citation : answer.cited) {
    // A copy under rules 1 names no grant, and is told of as a record of one's own.
    if (!citation.terms.origin || !citation.terms.origin->grant) continue;
    TRY_ASSIGN(const bool may,
               may_be_told_of(*reader, *citation.terms.origin, query.onward, clock_.now()));
    if (!may)
      return Error{Code::kInvalid, "ANSWER-8", "record " + citation.record.hex(),
                   "a copy of village " + citation.terms.origin->village.hex() +
                       "'s, whose own grant for it was not named",
                   "one that its origin lets this village be told of"};
  }
  return {};
}

Result<void> Asker::keep_refusal(Told& told, const Correspondence::Received& received,
                                 const model::Refusal& refusal, const model::EnvelopeId& id) {
  TRY_ASSIGN(CheckedRefusal checked, check_refusal(received, refusal, id, told.checks));
  // Consent that was taken back counts here from now on, whether or not a notice of it comes.
  if (refusal.reason == reason::kRevoked && !refusal.behind.empty()) {
    TRY_ASSIGN(const auto reader, readers_.newest());
    TRY(take_revocation(*reader, correspondence_, received, refusal.behind));
    told.checks.push_back({"consent taken back", "kept in our own log"});
  }
  told.refusal = std::move(checked);
  if (!told.refusal->inference) return {};
  model::Receipt receipt;
  receipt.agreement = received.from.agreement_id;
  receipt.acknowledges = model::ReceiptOf::kRefusal;
  receipt.of = *told.refusal->inference;
  receipt.envelope = received.opened.hash;
  TRY_ASSIGN(receipt.state,
             narrow(received.envelope().state,
                    {log::subject_ref(StateClass::kInference, *told.refusal->inference)}));
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence_.row_of(received));
  TRY_ASSIGN(const Agent::Act act,
             correspondence_.agent().act(std::move(receipt), std::move(beside)));
  told.checks.push_back(
      {"our receipt", "entry #" + std::to_string(act.index.value) + " of our own log"});
  told.receipt = act.id;
  return {};
}

// That something was sent under the peer's name which does not hold is kept: a receipt that says
// why. Where not even that can be said there is nothing to keep.
void Asker::reject(const Correspondence::Received& received, const model::Answer& answer,
                   const Error& error) {
  const auto parts = model::decode_signed_statement(answer.inference.signed_statement);
  if (!parts) return;
  model::Receipt receipt;
  receipt.agreement = received.from.agreement_id;
  receipt.acknowledges = model::ReceiptOf::kAnswer;
  receipt.of = model::statement_id(parts->statement);
  receipt.envelope = received.opened.hash;
  // The rule and no more: what was found may be words of the sender's, and this is for ever.
  receipt.rejected = error.rule.empty() ? "does not hold" : "does not hold: [" + error.rule + "]";
  Agent::Beside beside;
  beside.side_rows.push_back(correspondence_.row_of(received));
  static_cast<void>(correspondence_.agent().act(std::move(receipt), std::move(beside)));
}

}  // namespace holdfast::federation
