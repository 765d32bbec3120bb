// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/correspondence.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

// An id is kept for as long as its envelope might come again, and the other's clock be wrong.
constexpr Seconds kIdKeptAfter = kDay;
// Envelopes to one peer that may still be replied to.
constexpr std::size_t kSentIdsMax = 16'384;
// Of one peer's that are noted; its courier comes again with the others.
constexpr unsigned kGrantsAnHour = 64;

// `surely_seen`: heads of ours that the peer says to have taken, rising. One of them is proved from
// besides what is wanted, where envelopes have crossed and what is wanted lies beyond this head.
Result<std::vector<model::Growth>> prove_growth(log::Reader& reader, std::vector<TreeSize> wanted,
                                                const std::vector<TreeSize>& surely_seen) {
  // A peer that has seen more than there is shows that by itself: nothing leads from there.
  std::erase_if(wanted, [&](TreeSize from) { return from.value == 0 || from >= reader.size(); });
  const auto beyond = std::lower_bound(surely_seen.begin(), surely_seen.end(), reader.size());
  if (beyond != surely_seen.begin() && wanted.size() < model::kGrowthsMax)
    wanted.push_back(*std::prev(beyond));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<model::Growth> out;
  for (const TreeSize from : wanted) {
    model::Growth growth{from, {}};
    TRY_ASSIGN(growth.proof, reader.prove_consistency(from, reader.size()));
    out.push_back(std::move(growth));
  }
  return out;
}

Result<model::Checkpoint> checkpoint_in(const std::string& text) {
  TRY_ASSIGN(const model::Note note, model::parse_note(text));
  return model::parse_checkpoint(note.text);
}

// What is sealed to the key in force is not refused for good: it may be at hand in a moment.
Error not_opened(log::Reader& reader, ByteView bytes, Error error) {
  if (error.rule != "ENV-2") return error;
  const auto sealed = model::decode_sealed_envelope(bytes);
  const auto village = require_own<model::VillageDetail>(reader, reader.village());
  const bool is_in_force =
      sealed && village && crypto::key_id(village->detail->sealing_key) == sealed->sealing_key;
  if (!is_in_force || error.what != kSealingKeyField) return error;
  return {Code::kUnavailable, error.rule, error.what, "this village's, which is not at hand here",
          "the same again, later"};
}

// The greatest of them stay.
void note_seen(std::vector<TreeSize>& seen, TreeSize size) {
  constexpr std::size_t kSeenMax = 64;
  const auto at = std::lower_bound(seen.begin(), seen.end(), size);
  if (at != seen.end() && *at == size) return;
  seen.insert(at, size);
  if (seen.size() > kSeenMax) seen.erase(seen.begin());
}

}  // namespace

Result<void> Correspondence::load(log::Reader& reader) {
  const std::lock_guard lock(mutex_);
  Result<void> outcome;
  struct Newest {
    TreeSize size;
    LeafIndex index;
    EnvelopeRow row;
  };
  std::map<StatementId, Newest> newest;
  TRY(reader.each_side_row(log::SideRow::Table::kEnvelope, LeafIndex{0},
                           [&](LeafIndex index, ByteView bytes) {
                             if (!outcome) return;
                             auto row = decode_envelope_row(bytes);
                             // A head that was not taken is not kept with what it came with.
                             if (row && row->checkpoint.empty()) return keep(*row, index);
                             const auto head = row ? checkpoint_in(row->checkpoint) : row.error();
                             if (!head) {
                               outcome = head.error();
                               return;
                             }
                             keep(*row, index);
                             Newest& known = newest[row->from];
                             if (known.size <= head->size)
                               known = {head->size, index, *std::move(row)};
                           }));
  TRY(outcome);
  for (auto& [village, seen] : newest) {
    TRY_ASSIGN(const auto head, checkpoint_in(seen.row.checkpoint));
    TRY_ASSIGN(const Bytes bytes, reader.entry(seen.index));
    TRY_ASSIGN(const model::Entry entry, model::decode_entry(bytes));
    Peer& peer = peers_[village];
    peer.heads.begin(head.size, head.root, std::move(seen.row.checkpoint), entry.time);
    peer.has_heads = true;
  }
  return {};
}

Correspondence::Peer& Correspondence::peer(const Acquaintance& acquaintance) {
  Peer& peer = peers_[acquaintance.village];
  if (peer.is_looked_up) return peer;
  peer.is_looked_up = true;
  const model::PeerDetail& detail = *acquaintance.peer.detail;
  // What an observation has embedded was seen as well.
  if (!peer.has_heads && detail.size.value > 0)
    peer.heads.begin(detail.size, detail.root, "", detail.observed_at);
  if (!peers_keys_) return peer;
  // What cannot be read is learned anew from the peer.
  if (const auto seen = peers_keys_->seen(acquaintance.village)) peer.sealing_key = *seen;
  return peer;
}

Result<Correspondence::Sealed> Correspondence::write(log::Reader& reader, const Acquaintance& to,
                                                     Letter letter) {
  log::VillageTurns turns;
  {
    const std::lock_guard lock(turns_mutex_);
    TRY(turns_.catch_up(reader));
    turns = turns_;
  }
  letter.shows.push_back(log::subject_ref(model::StateClass::kAgent, agent_.key().id()));
  // The events that are shown are counted from the version that they lead to.
  const bool has_turned = std::any_of(turns.all().begin(), turns.all().end(),
                                      [](const auto& turn) { return turn.of_council; });
  if (has_turned)
    letter.shows.push_back(log::subject_ref(model::StateClass::kAuthority, reader.village()));
  Sealed out;
  model::Envelope envelope;
  TRY_ASSIGN(envelope.state,
             log::show_state(reader, turns, std::move(letter.shows), log::FollowedTo{}));
  crypto::PublicKey sealing_key;
  std::vector<TreeSize> wanted;
  std::vector<TreeSize> surely_seen;
  {
    const std::lock_guard lock(mutex_);
    Peer& known = peer(to);
    surely_seen = known.surely_seen;
    sealing_key = to.shown_sealing_key ? *to.shown_sealing_key : sealing_key_of(known, to).key;
    envelope.sequence = ++known.sent;
    envelope.seen = known.heads.newest_note();
    envelope.wanted = known.heads.wanted();
    // Whoever knew of nothing when he asked may know of something by now.
    wanted = letter.wanted && !letter.wanted->empty() ? *letter.wanted : known.wanted;
  }
  TRY_ASSIGN(envelope.consistency, prove_growth(reader, std::move(wanted), surely_seen));
  const bool is_reply = letter.in_reply_to.has_value();
  envelope.to = to.village;
  envelope.sealing_key = crypto::key_id(sealing_key);
  envelope.from = own_;
  if (letter.id)
    envelope.id = *letter.id;
  else
    random_.fill(envelope.id);
  envelope.sent_at = clock_.now();
  envelope.expires_at = envelope.sent_at + letter.life;
  envelope.in_reply_to = letter.in_reply_to;
  envelope.body = std::move(letter.body);
  out.id = envelope.id;
  if (!is_reply) {
    const std::lock_guard lock(mutex_);
    Peer& known = peer(to);
    if (known.sent_ids.size() >= kSentIdsMax) {
      known.wanted_by.erase(known.sent_ids.front());
      known.sent_ids.pop_front();
    }
    if (known.wanted_by.insert_or_assign(out.id, envelope.wanted).second)
      known.sent_ids.push_back(out.id);
  }
  // What people have filled in may be what no village would take.
  if (std::holds_alternative<model::Query>(envelope.body) ||
      std::holds_alternative<model::FreshnessRequest>(envelope.body))
    TRY(model::decode_envelope(model::encode_envelope(envelope)));
  TRY_ASSIGN(out.bytes, seal_envelope(envelope, agent_.key(), sealing_key, random_));
  return out;
}

Result<Correspondence::Received> Correspondence::read(log::Reader& reader, ByteView sealed) {
  auto taken_out = open_envelope(sealed, own_, *sealing_keys_.held(), clock_.now());
  if (!taken_out) return not_opened(reader, sealed, std::move(taken_out).error());
  OpenedEnvelope opened = *std::move(taken_out);
  TRY(check_time(opened.envelope, clock_.now()));
  TRY_ASSIGN(Acquaintance from, acquaintance_with(reader, opened.envelope.from));
  auto shown = check_sender(from, opened);
  if (!shown) {
    // Whatever is wrong with it: nobody is known to have sent this.
    Error error = std::move(shown).error();
    if (error.code != Code::kUnavailable && error.code != Code::kUnknownVersion)
      error.code = Code::kUnauthorised;
    return error;
  }
  rules::PeerSight sight = *std::move(shown);
  const auto seen = checkpoint_in(opened.envelope.seen);
  const std::lock_guard lock(mutex_);
  Peer& known = peer(from);
  if (seen && seen->size <= reader.size()) note_seen(known.surely_seen, seen->size);
  // Notices are never too old or too new, and may be sent again by whoever kept one.
  const Seconds sent_at = opened.envelope.sent_at;
  if (sent_at >= known.newest_sent_at && sent_at <= clock_.now() + kClockSkew) {
    known.newest_sent_at = sent_at;
    known.wanted = opened.envelope.wanted;
  }
  const auto& self = sight.facts.self;
  if (self.value.version >= sealing_key_of(known, from).village_version)
    from.shown_sealing_key = self.detail->sealing_key;
  return Received{std::move(opened), std::move(from), std::move(sight)};
}

// With the lock held.
store::SealingStore::Seen Correspondence::sealing_key_of(const Peer& known,
                                                         const Acquaintance& peer) {
  const model::PeerDetail& detail = *peer.peer.detail;
  if (known.sealing_key && known.sealing_key->village_version >= detail.village_version)
    return *known.sealing_key;
  return {detail.village_version, detail.village.sealing_key};
}

// A key that was replaced stays so, whichever older state is shown; and none is kept under a head
// that was not followed. With the lock held.
Result<void> Correspondence::note_sealing_key(Peer& known, const Received& received) {
  const auto& shown = received.sight.facts.self;
  const store::SealingStore::Seen seen{shown.value.version, shown.detail->sealing_key};
  if (known.sealing_key && known.sealing_key->village_version >= seen.village_version) return {};
  if (peers_keys_) TRY(peers_keys_->set_seen(received.from.village, seen));
  known.sealing_key = seen;
  return {};
}

Result<void> Correspondence::take_head(Received& received, bool is_reply) {
  const std::lock_guard lock(mutex_);
  const model::Envelope& envelope = received.envelope();
  Peer& known = peer(received.from);
  HeadAsked asked;
  if (is_reply) {
    const auto wanted =
        envelope.in_reply_to ? known.wanted_by.find(*envelope.in_reply_to) : known.wanted_by.end();
    if (wanted == known.wanted_by.end())
      return Error{Code::kUnavailable, "ENV-7", "the peer's reply", "to nothing that waits for one",
                   "one to what was sent"};
    asked = {wanted->second, wanted->second.empty()};
  }
  // Two histories are two for good: nothing of such a peer is followed until people have looked.
  if (known.forked) return *known.forked;
  const auto taken = known.heads.take(received.sight.checkpoint, envelope.state.checkpoint,
                                      envelope.consistency, clock_.now(), asked);
  received.is_followed = taken.has_value();
  if (!taken && taken.error().code == Code::kConflict) {
    known.forked = taken.error();
    if (on_forked_) on_forked_(received.from.village, taken.error());
  }
  if (!taken) return taken.error();
  return note_sealing_key(known, received);
}

bool Correspondence::is_newest(const Received& received) const {
  const std::lock_guard lock(mutex_);
  const auto known = peers_.find(received.from.village);
  return known == peers_.end() ||
         received.sight.checkpoint.size >= known->second.heads.newest_size();
}

log::SideRow Correspondence::row_of(const Received& received) const {
  const model::Envelope& envelope = received.envelope();
  return {
      log::SideRow::Table::kEnvelope,
      encode_envelope_row({envelope.from, envelope.id, received.opened.hash, envelope.expires_at,
                           received.is_followed ? envelope.state.checkpoint : ""})};
}

std::optional<Correspondence::Taken> Correspondence::taken(const StatementId& from,
                                                           const model::EnvelopeId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find({from, id});
  return found == taken_.end() ? std::nullopt : std::optional(found->second);
}

bool Correspondence::may_note_grant(const Received& received) {
  const std::lock_guard lock(mutex_);
  Peer& known = peer(received.from);
  const Seconds now = clock_.now();
  if (now - known.grants_since >= kHour) {
    known.grants_since = now;
    known.grants_noted = 0;
  }
  return ++known.grants_noted <= kGrantsAnHour;
}

void Correspondence::note_taken(const Received& received, LeafIndex index) {
  const std::lock_guard lock(mutex_);
  forget_expired();
  const model::Envelope& envelope = received.envelope();
  keep({envelope.from, envelope.id, received.opened.hash, envelope.expires_at, {}}, index);
}

void Correspondence::keep(const EnvelopeRow& row, LeafIndex index) {
  if (row.expires_at + kIdKeptAfter < clock_.now()) return;
  taken_[{row.from, row.id}] = {index, row.hash, row.expires_at};
}

// Now and then: a look at each of them costs more than to keep some for longer.
void Correspondence::forget_expired() {
  const Seconds now = clock_.now();
  if (now < forgot_at_ + kHour) return;
  forgot_at_ = now;
  std::erase_if(taken_,
                [&](const auto& one) { return one.second.expires_at + kIdKeptAfter < now; });
}

}  // namespace holdfast::federation
