// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/courier.h"

#include <algorithm>
#include <utility>

#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A grant's notice shows its shapes as far as they fit beside the rest.
constexpr std::size_t kShapesShown = 8;

// What net adds in brackets has milliseconds in it, which differ each time.
std::string name_of_trouble(Error error) {
  error.found.resize(std::min(error.found.size(), error.found.find(" (")));
  return describe(error);
}

}  // namespace

std::unique_ptr<Courier> Courier::start(log::Readers& readers, Correspondence& correspondence,
                                        std::unique_ptr<store::ToldStore> store, const Clock& clock,
                                        CourierOptions options) {
  std::unique_ptr<Courier> out(
      new Courier(readers, correspondence, std::move(store), clock, std::move(options)));
  out->thread_ = std::thread([courier = out.get()] { courier->serve(); });
  return out;
}

Courier::~Courier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  wake_.notify_one();
}

bool Courier::wait_until_told(Milliseconds within) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, within,
                        [&] { return has_looked_ && !news_ && queue_.is_idle(Steady::now()); });
}

void Courier::serve() {
  Time look_at = Steady::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Time now = Steady::now();
    if (std::exchange(news_, false) || now >= look_at) {
      has_looked_ = false;
      lock.unlock();
      const auto looked = look();
      if (!looked && options_.on_trouble)
        options_.on_trouble(correspondence_.own(), looked.error());
      lock.lock();
      has_looked_ = looked.has_value();
      look_at = now + options_.look_every;
    }
    has_finished_ = false;
    const auto turns = queue_.begin(now);
    lock.unlock();
    for (const auto& turn : turns) pool_.run([this, turn] { tell(turn); });
    idle_.notify_all();
    lock.lock();
    wake_.wait_until(lock, std::min(look_at, queue_.next_after(now)),
                     [&] { return news_ || has_finished_ || stopping_; });
  }
}

// --- what is to be told -------------------------------------------------------------------------

Result<void> Courier::look() {
  TRY_ASSIGN(const auto reader, readers_.newest());
  using enum model::Kind;
  return log::catch_up(*reader, seen_, {kGrant, kRevocation, kKeyEvent},
                       [&](const log::Logged& logged) {
                         return logged.statement.kind() == kKeyEvent ? note_key(*reader, logged)
                                                                     : note(*reader, logged);
                       });
}

// What is sealed to the one before is opened for a day only: nobody is to find that out by being
// refused.
Result<void> Courier::note_key(log::Reader& reader, const log::Logged& logged) {
  const auto& event = std::get<model::KeyEvent>(logged.statement.body);
  if (!std::holds_alternative<model::SealingChange>(event.which)) return {};
  std::vector<StatementId> peers;
  Result<void> outcome;
  TRY(reader.each_subject(model::StateClass::kAgreement, [&](const rules::Subject& subject) {
    const auto detail = model::decode_own_detail<model::AgreementDetail>(subject.detail);
    if (!detail)
      outcome = detail.error();
    else if (subject.value.status != model::Status::kEnded)
      peers.push_back(detail->peer);
    return outcome.has_value();
  }));
  TRY(outcome);
  // All or none: where one cannot be looked up the entry is looked at again.
  std::vector<StatementId> untold;
  for (const StatementId& village : peers) {
    TRY_ASSIGN(const TreeSize told, told_at_start(village));
    if (!logged.index.in(told)) untold.push_back(village);
  }
  const std::lock_guard lock(mutex_);
  for (const StatementId& village : untold) queue_.add(village, {logged.index, {}, false, true});
  return {};
}

Result<void> Courier::note(log::Reader& reader, const log::Logged& logged) {
  const auto* revocation = std::get_if<model::Revocation>(&logged.statement.body);
  const StatementId id = revocation != nullptr ? revocation->grant : logged.id;
  // A revocation may come before its grant, or without one.
  TRY_ASSIGN(const auto grant, find_own<model::GrantDetail>(reader, id));
  const auto* to =
      grant ? std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee) : nullptr;
  if (to == nullptr) return {};
  TRY_ASSIGN(const auto agreement, require_own<model::AgreementDetail>(reader, to->agreement));
  const StatementId& village = agreement.detail->peer;
  TRY_ASSIGN(const TreeSize told, told_at_start(village));
  if (logged.index.in(told)) return {};
  const std::lock_guard lock(mutex_);
  queue_.add(village, {logged.index, id, revocation != nullptr});
  return {};
}

Result<TreeSize> Courier::told_at_start(const StatementId& village) {
  const auto known = told_at_start_.find(village);
  if (known != told_at_start_.end()) return known->second;
  TRY_ASSIGN(const TreeSize told, store_->told(village));
  return told_at_start_[village] = told;
}

// --- telling ------------------------------------------------------------------------------------

void Courier::tell(const NoticeQueue::Turn& turn) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
  const Time began = Steady::now();
  const auto rejected = send(turn);
  const auto took = std::chrono::duration_cast<Milliseconds>(Steady::now() - began);
  const Result<void> done = rejected ? keep(turn, *rejected) : rejected.error();
  bool is_new_trouble = false;
  {
    const std::lock_guard lock(mutex_);
    is_new_trouble =
        queue_.finish(turn, took, Steady::now(), done ? "" : name_of_trouble(done.error()));
    has_finished_ = true;
  }
  wake_.notify_one();
  if (is_new_trouble && options_.on_trouble) options_.on_trouble(turn.village, done.error());
}

// A grant that the peer cannot take in yet, as where its council has still to accept the agreement,
// waits. Of all else it is kept that the peer knows, so that it is told no more after a restart.
Result<void> Courier::keep(const NoticeQueue::Turn& turn, const std::string& rejected) {
  if (options_.on_told) options_.on_told(turn.village, turn.notice.index, rejected);
  TreeSize told;
  {
    const std::lock_guard lock(mutex_);
    if (!rejected.empty() && !turn.notice.is_revocation) {
      queue_.put_off(turn, Steady::now());
      return {};
    }
    told = queue_.take_off(turn);
  }
  return store_->set_told(turn.village, told);
}

// Why the peer would not take it; empty: it did.
Result<std::string> Courier::send(const NoticeQueue::Turn& turn) {
  TRY_ASSIGN(const Written written, readers_.with_newest([&](log::Reader& reader) {
    return write(reader, turn.village, turn.notice);
  }));
  if (written.is_void) return std::string();
  net::Options limits = options_.net;
  limits.total_ms = std::min<long>(limits.total_ms, turn.within.count());
  net::Client client(limits);
  PostOptions once;
  once.within = Milliseconds{0};
  TRY_ASSIGN(const auto reply, post_envelope(client, written.endpoint, written.sealed.bytes, once));
  if (!reply)
    return Error{Code::kUnavailable, "", "the peer's reply", "none", "an acknowledgement"};
  TRY_ASSIGN(const auto reader, readers_.newest());
  TRY_ASSIGN(auto received, correspondence_.read(*reader, *reply));
  TRY(correspondence_.take_head(received, true));
  const auto* acknowledgement = std::get_if<model::Acknowledgement>(&received.envelope().body);
  if (acknowledgement == nullptr || received.from.village != turn.village ||
      received.envelope().in_reply_to != written.sealed.id)
    return Error{Code::kInvalid, "NOTICE-1", "the peer's reply", "something else",
                 "its acknowledgement of the notice"};
  return acknowledgement->rejected;
}

Result<Courier::Written> Courier::write(log::Reader& reader, const StatementId& village,
                                        const NoticeQueue::Notice& of) {
  Written out;
  TRY_ASSIGN(const Acquaintance peer, acquaintance_with(reader, village));
  out.endpoint = peer.agreement.detail->endpoint;
  if (of.is_of_sealing_key) {
    TRY_ASSIGN(out.sealed,
               correspondence_.write(reader, peer, {model::CheckpointOnly{}, {}, {}, {}, kDay}));
    return out;
  }
  TRY_ASSIGN(const auto grant, require_own<model::GrantDetail>(reader, of.grant));
  // A grant that was revoked before the peer heard of it, or is over, is none to be taken in.
  out.is_void =
      !of.is_revocation && (!grant.active() || clock_.now() >= grant.detail->terms.not_after);
  if (out.is_void) return out;
  using enum model::StateClass;
  model::Notice notice;
  std::vector<log::SubjectRef> shows{log::subject_ref(kGrant, of.grant)};
  if (of.is_revocation) {
    model::RevocationNotice revocation;
    TRY_ASSIGN(revocation.revocation, reader.signed_statement(of.index));
    notice.of = std::move(revocation);
  } else {
    notice.of = model::GrantNotice{of.grant};
    const model::Grant& terms = grant.detail->terms;
    const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
    CHECK(to != nullptr);
    shows.push_back(log::subject_ref(kAgreement, to->agreement));
    shows.push_back(log::subject_ref(kDomain, terms.domain));
    shows.push_back(log::subject_ref(kAuthority, terms.domain));
    for (std::size_t i = 0; i < std::min(terms.shapes.size(), kShapesShown); ++i)
      shows.push_back(log::subject_ref(kShape, terms.shapes[i]));
  }
  TRY_ASSIGN(out.sealed, correspondence_.write(
                             reader, peer, {std::move(notice), std::move(shows), {}, {}, kDay}));
  return out;
}

}  // namespace holdfast::federation
