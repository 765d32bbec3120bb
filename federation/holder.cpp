// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/holder.h"

#include <algorithm>

#include "federation/receiving.h"
#include "ledger/log/logged.h"
#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

// Of answers that are kept for whoever did not get them.
constexpr std::size_t kKeptBytesMax = std::size_t{64} << 20;

// Whether an entry from `size` on may have taken back what an answer rests on.
Result<bool> takes_back_since(log::Reader& reader, TreeSize size) {
  for (LeafIndex index{size.value}; index.in(reader.size()); ++index.value) {
    TRY_ASSIGN(const model::Kind kind, log::kind_at(reader, index));
    switch (kind) {
      case model::Kind::kRecordChange:
      case model::Kind::kRevocation:
      case model::Kind::kSteering:
      case model::Kind::kShape:
      case model::Kind::kModel:
      case model::Kind::kAgreement:
      case model::Kind::kExit: return true;
      case model::Kind::kReceipt: {
        // Of another village's consent, which a copy may rest on.
        TRY_ASSIGN(const log::Logged logged, log::logged_at(reader, index));
        const auto& receipt = std::get<model::Receipt>(logged.statement.body);
        if (receipt.acknowledges == model::ReceiptOf::kRevocation) return true;
        break;
      }
      default: break;
    }
  }
  return false;
}

// Whoever writes without an agreement learns no more than that.
Error unknown_sender(const Error& error) {
  if (error.code != Code::kNotFound) return error;
  return {Code::kUnauthorised, error.rule, error.what, error.found, error.want};
}

}  // namespace

Result<std::optional<Bytes>> Holder::take(ByteView sealed) {
  TRY_ASSIGN(const auto reader, readers_.newest());
  auto received = correspondence_.read(*reader, sealed);
  if (!received) {
    const std::lock_guard lock(mutex_);
    ++figures_.unknown;
    return unknown_sender(received.error());
  }
  return take_known(*reader, *received);
}

Result<std::optional<Bytes>> Holder::take_known(log::Reader& reader, Received& received) {
  const model::Envelope& envelope = received.envelope();
  const auto* notice = std::get_if<model::Notice>(&envelope.body);
  const auto head = correspondence_.take_head(received, false);
  if (!head && head.error().rule != "ENV-7") return head.error();
  // What takes consent back counts whatever else is wrong with whoever sends it.
  const bool takes_back =
      notice != nullptr && std::holds_alternative<model::RevocationNotice>(notice->of);
  // A grant that was held back until its revocation had been here must not be believed behind it.
  const bool is_behind = notice != nullptr && !takes_back && !correspondence_.is_newest(received);
  if ((!head && !takes_back) || is_behind) {
    const bool is_forked = !head && head.error().code == Code::kConflict;
    TRY_ASSIGN(auto refusal,
               refuse_untold(received, {is_forked ? reason::kForked : reason::kProof, {}, {}}));
    return std::optional(std::move(refusal));
  }
  if (const auto* query = std::get_if<model::Query>(&envelope.body)) {
    TRY_ASSIGN(auto reply, take_query(reader, received, *query));
    return std::optional(std::move(reply));
  }
  if (notice != nullptr) {
    {
      const std::lock_guard lock(mutex_);
      ++figures_.notices;
    }
    const auto taken = take_notice(readers_, correspondence_, received, *notice);
    if (!taken && taken.error().code == Code::kUnavailable) return taken.error();
    std::string rejected;
    if (!taken) rejected = describe(taken.error()).substr(0, 200);
    if (model::refusal_of_text(rejected, {model::TextClass::kLine, 0, 200})) rejected = "refused";
    TRY_ASSIGN(auto reply, acknowledge(received, std::move(rejected)));
    return std::optional(std::move(reply));
  }
  if (std::holds_alternative<model::Offering>(envelope.body) ||
      std::holds_alternative<model::Accepting>(envelope.body)) {
    TRY_ASSIGN(auto refusal, refuse_untold(received, {reason::kByHand, {}, {}}));
    return std::optional(std::move(refusal));
  }
  if (const auto* request = std::get_if<model::FreshnessRequest>(&envelope.body)) {
    TRY_ASSIGN(auto reply, show_grants(received, *request));
    return std::optional(std::move(reply));
  }
  if (std::holds_alternative<model::CheckpointOnly>(envelope.body) && !envelope.in_reply_to) {
    TRY_ASSIGN(auto reply, acknowledge(received, {}));
    return std::optional(std::move(reply));
  }
  return std::optional<Bytes>();
}

Result<Bytes> Holder::acknowledge(const Received& received, std::string rejected) {
  TRY_ASSIGN(auto reply,
             readers_.with_newest([&](log::Reader& newest) -> Result<Correspondence::Sealed> {
               return correspondence_.write(
                   newest, received.from,
                   {model::Acknowledgement{received.opened.hash, std::move(rejected)},
                    {},
                    received.envelope().id,
                    std::nullopt,
                    kHour,
                    received.envelope().wanted});
             }));
  return std::move(reply.bytes);
}

// Those of the asker's that there are; of others nothing is said.
Result<Bytes> Holder::show_grants(const Received& received,
                                  const model::FreshnessRequest& request) {
  std::optional<Refused> refused;
  TRY_ASSIGN(auto reply, readers_.with_newest([&](log::Reader& reader)
                                                  -> Result<Correspondence::Sealed> {
    std::vector<log::SubjectRef> shows;
    for (const StatementId& id : request.grants) {
      TRY_ASSIGN(const auto grant, find_own<model::GrantDetail>(reader, id));
      const auto* to =
          grant ? std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee) : nullptr;
      if (to == nullptr || to->agreement != received.from.agreement_id) continue;
      // What is held is in no state yet, and counts all the same.
      TRY_ASSIGN(const auto held, reader.held_against(id));
      if (held) {
        TRY_ASSIGN(refused, revoked(reader, id, *grant, held));
        return Correspondence::Sealed{};
      }
      shows.push_back(log::subject_ref(model::StateClass::kGrant, id));
    }
    shows.push_back(log::subject_ref(model::StateClass::kAgreement, received.from.agreement_id));
    return correspondence_.write(reader, received.from,
                                 {model::CheckpointOnly{}, std::move(shows), received.envelope().id,
                                  std::nullopt, kHour, received.envelope().wanted});
  }));
  if (refused) return refuse_untold(received, *refused);
  return std::move(reply.bytes);
}

Result<Bytes> Holder::take_query(log::Reader& reader, const Received& received,
                                 const model::Query& query) {
  const EnvelopeKey key{received.envelope().from, received.envelope().id};
  // Before a look at what was taken: one that is done between the two would be answered again.
  {
    const std::lock_guard lock(mutex_);
    if (!under_way_.insert(key).second)
      return Error{Code::kUnavailable, "ENV-8", "envelope", "one that is being answered",
                   "the same again, in a moment"};
  }
  const auto taken = correspondence_.taken(key.first, key.second);
  Result<Bytes> reply =
      taken ? repeat(reader, received, query, *taken) : call(reader, received, query);
  const std::lock_guard lock(mutex_);
  under_way_.erase(key);
  return reply;
}

// --- what leaves no entry -----------------------------------------------------------------------

Result<Bytes> Holder::refuse_untold(const Received& received, const Refused& refused,
                                    const std::optional<LeafIndex>& inference) {
  {
    const std::lock_guard lock(mutex_);
    ++figures_.refused;
  }
  TRY_ASSIGN(
      auto reply, readers_.with_newest([&](log::Reader& reader) -> Result<Correspondence::Sealed> {
        model::Refusal refusal;
        refusal.reason = refused.reason;
        refusal.behind = refused.behind;
        std::vector<log::SubjectRef> shows = refused.shows;
        if (inference) {
          TRY_ASSIGN(refusal.inference, log::prove_entry(reader, *inference));
          TRY_ASSIGN(const auto parts,
                     model::decode_own_signed_statement(refusal.inference->signed_statement));
          shows.push_back(log::subject_ref(model::StateClass::kInference,
                                           model::statement_id(parts.statement)));
        }
        return correspondence_.write(reader, received.from,
                                     {std::move(refusal), std::move(shows), received.envelope().id,
                                      std::nullopt, kHour, received.envelope().wanted});
      }));
  return std::move(reply.bytes);
}

Result<void> Holder::tell_refusals() {
  for (const RefusalCounts::Due& due : refusals_.due(clock_.now())) {
    model::Inference inference;
    inference.agreement = due.of.agreement;
    inference.grant = due.of.grant;
    inference.purpose = kNoPurpose;
    inference.outcome = model::RefusedAnswer{due.of.reason, due.count};
    correspondence_.random().fill(inference.query_id);
    TRY(correspondence_.agent().act(std::move(inference)));
  }
  return {};
}

// --- answers that are kept ----------------------------------------------------------------------

// A count keeps little to say, and each record that it is of.
std::size_t Holder::Answered::kept_bytes() const {
  return sizeof(Answered) + content.size() + used.size() * sizeof(StatementId);
}

void Holder::keep(const EnvelopeKey& key, std::shared_ptr<const Answered> answered) {
  const std::lock_guard lock(mutex_);
  ++figures_.answered;
  kept_bytes_ += answered->kept_bytes();
  answered_[key] = std::move(answered);
  kept_.push_back(key);
  while (!kept_.empty() && kept_bytes_ > kKeptBytesMax) {
    drop(kept_.front());
    kept_.pop_front();
  }
}

// With the lock held.
void Holder::drop(const EnvelopeKey& key) {
  const auto found = answered_.find(key);
  if (found == answered_.end()) return;
  kept_bytes_ -= found->second->kept_bytes();
  answered_.erase(found);
}

// An answer is in memory for as long as its envelope lives, or a minute longer: to look at each
// costs too much to do it with every commit.
void Holder::forget_expired() {
  const Seconds now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (now >= forgot_expired_at_ && now < forgot_expired_at_ + kMinute) return;
  forgot_expired_at_ = now;
  std::erase_if(kept_, [&](const EnvelopeKey& key) {
    const auto found = answered_.find(key);
    if (found != answered_.end() && found->second->expires_at >= now) return false;
    drop(key);
    return true;
  });
}

Result<void> Holder::forget_taken_back() {
  forget_expired();
  std::vector<std::pair<EnvelopeKey, std::shared_ptr<const Answered>>> all;
  {
    const std::lock_guard lock(mutex_);
    all.assign(answered_.begin(), answered_.end());
  }
  if (all.empty()) return {};
  TRY_ASSIGN(const auto reader, readers_.newest());
  TRY_ASSIGN(const bool took_back, takes_back_since(*reader, forgot_at_));
  forgot_at_ = reader->size();
  if (!took_back) return {};
  for (const auto& [key, answered] : all) {
    TRY_ASSIGN(const auto why, fallen(*reader, *answered));
    if (!why) continue;
    const std::lock_guard lock(mutex_);
    drop(key);
  }
  return {};
}

Result<Bytes> Holder::repeat(log::Reader& reader, const Received& received,
                             const model::Query& query, const Correspondence::Taken& taken) {
  std::shared_ptr<const Answered> answered;
  {
    const std::lock_guard lock(mutex_);
    ++figures_.repeated;
    const auto found = answered_.find({received.envelope().from, received.envelope().id});
    if (found != answered_.end()) answered = found->second;
  }
  // Another envelope under the same id is no repeat, and learns nothing of the first.
  if (taken.hash != received.opened.hash)
    return refuse_untold(received, {reason::kRepeated, {}, {}});
  if (!answered) {
    // Where it could not be asked anew either, that is the reason.
    Terms terms;
    TRY_ASSIGN(const auto refused, look_up(reader, received, query, terms));
    if (refused) return refuse_untold(received, *refused);
    TRY_ASSIGN(Bytes first, reader.signed_statement(taken.index));
    return refuse_untold(received, {reason::kRepeated, std::move(first), {}});
  }
  return release(received, answered);
}

HolderFigures Holder::figures() const {
  const std::lock_guard lock(mutex_);
  HolderFigures out = figures_;
  out.kept_bytes = kept_bytes_;
  return out;
}

}  // namespace holdfast::federation
