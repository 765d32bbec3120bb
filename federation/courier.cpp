// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/courier.h"

#include <algorithm>

#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A grant's notice shows its shapes as far as they fit beside the rest.
constexpr std::size_t kShapesShown = 8;

bool may_concern_peers(model::Kind kind) {
  return kind == model::Kind::kGrant || kind == model::Kind::kRevocation;
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
  wake_.notify_all();
  thread_.join();
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
    is_idle_ = false;
  }
  wake_.notify_all();
}

bool Courier::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Courier::wait_until_told(Milliseconds within) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, within, [&] { return is_idle_ && !news_; });
}

// Whether to go on.
bool Courier::wait_for_work(Time until) {
  std::unique_lock lock(mutex_);
  if (!news_ && until > Steady::now()) {
    is_idle_ = true;
    idle_.notify_all();
  }
  wake_.wait_until(lock, until, [&] { return news_ || stopping_; });
  news_ = false;
  return !stopping_;
}

void Courier::serve() {
  Time until = Steady::now();
  while (wait_for_work(until)) {
    until = Steady::now() + options_.look_every;
    if (const auto looked = look(); !looked) {
      if (options_.on_trouble) options_.on_trouble(correspondence_.own(), looked.error());
      continue;
    }
    for (auto& [village, peer] : peers_) {
      if (peer.due.empty()) continue;
      if (peer.next > Steady::now()) {
        until = std::min(until, peer.next);
        continue;
      }
      const auto told = tell(village, peer);
      until = std::min(until, peer.next_due(until));
      if (told) {
        peer.failures = 0;
        peer.trouble.clear();
        continue;
      }
      peer.next = Steady::now() + pause_after(++peer.failures);
      until = std::min(until, peer.next);
      const std::string trouble = describe(told.error());
      if (options_.on_trouble && trouble != peer.trouble)
        options_.on_trouble(village, told.error());
      peer.trouble = trouble;
    }
  }
}

Milliseconds Courier::pause_after(unsigned failures) {
  const unsigned doublings = std::min(failures - 1, 20u);
  const Milliseconds most =
      std::min(options_.again_max, options_.again_after * (std::int64_t{1} << doublings));
  // Peers that came back together are not asked together.
  return most - most * static_cast<std::int64_t>(dice_() % 100) / 400;
}

// --- what is to be told -------------------------------------------------------------------------

Result<void> Courier::look() {
  TRY_ASSIGN(const auto reader, readers_.newest());
  for (LeafIndex index{seen_}; index.in(reader->size()); ++index.value) {
    TRY(note(*reader, index));
    seen_ = index.value + 1;
  }
  return {};
}

Result<void> Courier::note(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.entry(index));
  TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
  if (!may_concern_peers(entry.kind)) return {};
  TRY_ASSIGN(const Bytes signed_bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(signed_bytes));
  TRY_ASSIGN(const auto statement, model::decode_own_statement(parts.statement));
  const auto* revocation = std::get_if<model::Revocation>(&statement.body);
  const StatementId id =
      revocation != nullptr ? revocation->grant : model::statement_id(parts.statement);
  // A revocation may come before its grant, or without one.
  TRY_ASSIGN(const auto grant, find_own<model::GrantDetail>(reader, id));
  const auto* to =
      grant ? std::get_if<model::AgreementGrantee>(&grant->detail->terms.grantee) : nullptr;
  if (to == nullptr) return {};
  TRY_ASSIGN(const auto agreement, require_own<model::AgreementDetail>(reader, to->agreement));
  TRY_ASSIGN(Peer* const told, peer(agreement.detail->peer));
  if (index.in(told->told)) return {};
  told->due.push_back({index, id, revocation != nullptr, 0, {}});
  return {};
}

Result<Courier::Peer*> Courier::peer(const StatementId& village) {
  const auto known = peers_.find(village);
  if (known != peers_.end()) return &known->second;
  TRY_ASSIGN(const TreeSize told, store_->told(village));
  Peer& added = peers_[village];
  added.told = told;
  return &added;
}

// --- telling ------------------------------------------------------------------------------------

Courier::Time Courier::Peer::next_due(Time otherwise) const {
  for (const Due& one : due) otherwise = std::min(otherwise, one.next);
  return otherwise;
}

// One notice, so that no peer holds up what others are to be told; revocations first. A grant that
// the peer cannot take in yet, as where its council has still to accept the agreement, waits, and
// what comes behind it does not.
Result<void> Courier::tell(const StatementId& village, Peer& peer) {
  const auto now = Steady::now();
  const auto is_due = [&](const Due& one) { return one.next <= now; };
  auto at = std::find_if(peer.due.begin(), peer.due.end(),
                         [&](const Due& one) { return one.is_revocation && is_due(one); });
  if (at == peer.due.end()) at = std::find_if(peer.due.begin(), peer.due.end(), is_due);
  if (at == peer.due.end()) return {};
  TRY_ASSIGN(const std::string rejected, send(village, *at));
  if (options_.on_told) options_.on_told(village, at->index, rejected);
  if (!rejected.empty() && !at->is_revocation) {
    at->next = Steady::now() + pause_after(++at->refusals);
    return {};
  }
  peer.told = std::max(peer.told, at->index.size_after());
  peer.due.erase(at);
  // Up to the first that still waits, so that it is told again after a restart.
  const auto first =
      std::min_element(peer.due.begin(), peer.due.end(),
                       [](const Due& one, const Due& other) { return one.index < other.index; });
  return store_->set_told(village,
                          first == peer.due.end() ? peer.told : first->index.size_before());
}

// Why the peer would not take it; empty: it did.
Result<std::string> Courier::send(const StatementId& village, const Due& due) {
  struct Written {
    Correspondence::Sealed sealed;
    std::string endpoint;
    bool is_void = false;
  };
  TRY_ASSIGN(const Written written,
             readers_.with_newest([&](log::Reader& reader) -> Result<Written> {
               Written out;
               TRY_ASSIGN(const Acquaintance peer, acquaintance_with(reader, village));
               TRY_ASSIGN(const auto grant, require_own<model::GrantDetail>(reader, due.grant));
               out.endpoint = peer.agreement.detail->endpoint;
               // A grant that was revoked before the peer heard of it, or is over, is none to be
               // taken in.
               out.is_void = !due.is_revocation &&
                             (!grant.active() || clock_.now() >= grant.detail->terms.not_after);
               if (out.is_void) return out;
               using enum model::StateClass;
               model::Notice notice;
               std::vector<log::SubjectRef> shows{log::subject_ref(kGrant, due.grant)};
               if (due.is_revocation) {
                 model::RevocationNotice revocation;
                 TRY_ASSIGN(revocation.revocation, reader.signed_statement(due.index));
                 notice.of = std::move(revocation);
               } else {
                 notice.of = model::GrantNotice{due.grant};
                 const model::Grant& terms = grant.detail->terms;
                 const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
                 CHECK(to != nullptr);
                 shows.push_back(log::subject_ref(kAgreement, to->agreement));
                 shows.push_back(log::subject_ref(kDomain, terms.domain));
                 shows.push_back(log::subject_ref(kAuthority, terms.domain));
                 for (std::size_t i = 0; i < std::min(terms.shapes.size(), kShapesShown); ++i)
                   shows.push_back(log::subject_ref(kShape, terms.shapes[i]));
               }
               TRY_ASSIGN(out.sealed,
                          correspondence_.write(
                              reader, peer, {std::move(notice), std::move(shows), {}, {}, kDay}));
               return out;
             }));
  if (written.is_void) return std::string();
  net::Client client(options_.net);
  PostOptions once;
  once.within = Milliseconds{0};
  TRY_ASSIGN(const auto reply, post_envelope(client, written.endpoint, written.sealed.bytes, once));
  if (!reply)
    return Error{Code::kUnavailable, "", "the peer's reply", "none", "an acknowledgement"};
  TRY_ASSIGN(const auto reader, readers_.newest());
  TRY_ASSIGN(auto received, correspondence_.read(*reader, *reply));
  TRY(correspondence_.take_head(received, true));
  const auto* acknowledgement = std::get_if<model::Acknowledgement>(&received.envelope().body);
  if (acknowledgement == nullptr || received.from.village != village ||
      received.envelope().in_reply_to != written.sealed.id)
    return Error{Code::kInvalid, "NOTICE-1", "the peer's reply", "something else",
                 "its acknowledgement of the notice"};
  return acknowledgement->rejected;
}

}  // namespace holdfast::federation
