// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "federation/acquaintance.h"
#include "federation/agent.h"
#include "federation/envelope_row.h"
#include "federation/heads.h"
#include "federation/sealing_keys.h"
#include "ledger/log/peer_state.h"
#include "ledger/store/sealing_store.h"

namespace holdfast::federation {

// Writes to peers and reads what comes from them: seals and opens, shows who we are and checks who
// they are, and remembers how far each has seen the other's log. What it remembers of envelopes
// that led to an entry lies beside that entry. Threads: any.
class Correspondence {
 public:
  // What is borrowed outlives it.
  Correspondence(StatementId own, Agent& agent, const SealingKeys& sealing_keys, const Clock& clock,
                 crypto::Random& random)
      : own_(own), agent_(agent), sealing_keys_(sealing_keys), clock_(clock), random_(random) {}

  // Once, before anything else: what lies beside entries. Linear in it. Errors: those of the
  // reader; kInvalid.
  Result<void> load(log::Reader& reader);

  // Where the sealing keys that peers have shown are kept from one start to the next; before
  // load(). None: in memory alone.
  void remember_in(std::unique_ptr<store::SealingStore> keys) { peers_keys_ = std::move(keys); }

  // Told once of each peer that is found to have two histories, with both roots in the words.
  void on_forked(std::function<void(const StatementId& village, const Error& error)> told) {
    on_forked_ = std::move(told);
  }

  const StatementId& own() const { return own_; }
  Agent& agent() { return agent_; }
  crypto::Random& random() { return random_; }

  struct Letter {
    decltype(model::Envelope::body) body;
    std::vector<log::SubjectRef> shows;  // besides who we are
    std::optional<model::EnvelopeId> in_reply_to;
    std::optional<model::EnvelopeId> id;  // none: a fresh one
    Seconds life = kHour;
    // Sizes of our log to prove its head from; none: those that the peer has named last.
    std::optional<std::vector<TreeSize>> wanted = std::nullopt;
  };
  struct Sealed {
    model::EnvelopeId id{};
    Bytes bytes;
  };
  // As of the reader. Errors: those of log::show_state and seal_envelope.
  Result<Sealed> write(log::Reader& reader, const Acquaintance& to, Letter letter);

  struct Received {
    OpenedEnvelope opened;
    Acquaintance from;
    rules::PeerSight sight;
    bool is_followed = false;  // its head was taken
    const model::Envelope& envelope() const { return opened.envelope; }
  };
  // Opens it and checks who sent it: [ENV-1] to [ENV-6]. Errors: as those; then nobody is known to
  // have sent it.
  Result<Received> read(log::Reader& reader, ByteView sealed);
  // That the sender's log continues what was seen of it [ENV-7]; remembers it, and what is sealed
  // to the sender from now on. Errors: those of Heads::take; kUnavailable (peers/). `is_reply`: it
  // came back where one was waited for, so that it must prove what that one wanted.
  Result<void> take_head(Received& received, bool is_reply);

  // Whether no greater head of the sender's log was seen.
  bool is_newest(const Received& received) const;

  // To be kept beside the entry that it leads to.
  log::SideRow row_of(const Received& received) const;
  // Whether one more grant of this peer's may be noted now: each takes two entries for ever.
  bool may_note_grant(const Received& received);
  // An envelope that led to an entry.
  struct Taken {
    LeafIndex index;
    model::EnvelopeHash hash;
    Seconds expires_at = 0;
  };
  std::optional<Taken> taken(const StatementId& from, const model::EnvelopeId& id) const;
  void note_taken(const Received& received, LeafIndex index);

 private:
  struct Peer {
    Heads heads;
    bool has_heads = false;             // from load()
    bool is_looked_up = false;          // in what else is known of it
    Seconds newest_sent_at = 0;         // of the envelopes that were read
    std::vector<TreeSize> wanted;       // of our log, by the peer
    std::vector<TreeSize> surely_seen;  // heads of our log that the peer says to have seen; rising
    std::optional<store::SealingStore::Seen> sealing_key;
    std::uint64_t sent = 0;  // since the start
    std::optional<Error> forked;
    Seconds grants_since = 0;
    unsigned grants_noted = 0;  // since then
    // What each envelope that may be replied to has wanted proofs from: every reply to it has to
    // bring them.
    std::map<model::EnvelopeId, std::vector<TreeSize>> wanted_by;
    std::deque<model::EnvelopeId> sent_ids;  // those, the oldest first
  };
  using TakenKey = std::pair<StatementId, model::EnvelopeId>;
  Peer& peer(const Acquaintance& acquaintance);
  static store::SealingStore::Seen sealing_key_of(const Peer& known, const Acquaintance& peer);
  Result<void> note_sealing_key(Peer& known, const Received& received);
  void keep(const EnvelopeRow& row, LeafIndex index);
  void forget_expired();

  const StatementId own_;
  Agent& agent_;
  const SealingKeys& sealing_keys_;
  std::unique_ptr<store::SealingStore> peers_keys_;
  const Clock& clock_;
  crypto::Random& random_;

  std::function<void(const StatementId&, const Error&)> on_forked_;
  mutable std::mutex mutex_;
  std::map<StatementId, Peer> peers_;
  std::map<TakenKey, Taken> taken_;
  Seconds forgot_at_ = 0;

  std::mutex turns_mutex_;
  log::VillageTurns turns_;
};

}  // namespace holdfast::federation
