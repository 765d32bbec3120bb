// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/correspondence.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

// An id is kept for as long as its envelope might come again, and the other's clock be wrong.
constexpr Seconds kIdKeptAfter = kDay;

Result<std::vector<model::Growth>> prove_growth(log::Reader& reader,
                                                const std::vector<TreeSize>& wanted) {
  std::vector<model::Growth> out;
  for (const TreeSize from : wanted) {
    // A peer that has seen more than there is shows that by itself: nothing leads from there.
    if (from.value == 0 || from >= reader.size()) continue;
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

}  // namespace

Result<void> Correspondence::load(log::Reader& reader) {
  const std::lock_guard lock(mutex_);
  Result<void> outcome;
  std::map<StatementId, EnvelopeRow> newest;
  std::map<StatementId, TreeSize> sizes;
  TRY(reader.each_side_row(log::SideRow::Table::kEnvelope, LeafIndex{0},
                           [&](LeafIndex index, ByteView bytes) {
                             if (!outcome) return;
                             auto row = decode_envelope_row(bytes);
                             const auto head = row ? checkpoint_in(row->checkpoint) : row.error();
                             if (!head) {
                               outcome = head.error();
                               return;
                             }
                             keep(*row, index);
                             if (sizes[row->from] > head->size) return;
                             sizes[row->from] = head->size;
                             newest[row->from] = *std::move(row);
                           }));
  TRY(outcome);
  for (auto& [village, row] : newest) {
    TRY_ASSIGN(const auto head, checkpoint_in(row.checkpoint));
    Peer& peer = peers_[village];
    peer.heads.begin(head.size, head.root, std::move(row.checkpoint));
    peer.has_heads = true;
  }
  return {};
}

Correspondence::Peer& Correspondence::peer(const Acquaintance& acquaintance) {
  Peer& peer = peers_[acquaintance.village];
  const model::PeerDetail& detail = *acquaintance.peer.detail;
  // What an observation has embedded was seen as well.
  if (!peer.has_heads && detail.size.value > 0) peer.heads.begin(detail.size, detail.root, "");
  peer.has_heads = true;
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
  crypto::PublicKey sealing_key = to.peer.detail->village.sealing_key;
  std::vector<TreeSize> wanted;
  {
    const std::lock_guard lock(mutex_);
    Peer& known = peer(to);
    if (known.sealing_key) sealing_key = *known.sealing_key;
    envelope.sequence = ++known.sent;
    envelope.seen = known.heads.newest_note();
    envelope.wanted = known.heads.wanted();
    wanted = known.wanted;
  }
  TRY_ASSIGN(envelope.consistency, prove_growth(reader, wanted));
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
  // What people have filled in may be what no village would take.
  if (std::holds_alternative<model::Query>(envelope.body) ||
      std::holds_alternative<model::FreshnessRequest>(envelope.body))
    TRY(model::decode_envelope(model::encode_envelope(envelope)));
  TRY_ASSIGN(out.bytes, seal_envelope(envelope, agent_.key(), sealing_key, random_));
  return out;
}

Result<Correspondence::Received> Correspondence::read(log::Reader& reader, ByteView sealed) {
  TRY_ASSIGN(OpenedEnvelope opened, open_envelope(sealed, own_, sealing_keys_));
  TRY(check_time(opened.envelope, clock_.now()));
  TRY_ASSIGN(Acquaintance from, acquaintance_with(reader, opened.envelope.from));
  TRY_ASSIGN(rules::PeerSight sight, check_sender(from, opened));
  const std::lock_guard lock(mutex_);
  Peer& known = peer(from);
  // Notices are never too old or too new, and may be sent again by whoever kept one.
  const Seconds sent_at = opened.envelope.sent_at;
  if (sent_at >= known.newest_sent_at && sent_at <= clock_.now() + kClockSkew) {
    known.newest_sent_at = sent_at;
    known.wanted = opened.envelope.wanted;
  }
  // A key that was replaced stays so, whichever older state is shown.
  if (sight.checkpoint.size >= known.heads.newest_size())
    known.sealing_key = sight.facts.self.detail->sealing_key;
  return Received{std::move(opened), std::move(from), std::move(sight)};
}

Result<void> Correspondence::take_head(const Received& received) {
  const std::lock_guard lock(mutex_);
  const model::Envelope& envelope = received.envelope();
  return peer(received.from)
      .heads.take(received.sight.checkpoint, envelope.state.checkpoint, envelope.consistency,
                  clock_.now());
}

log::SideRow Correspondence::row_of(const Received& received) const {
  const model::Envelope& envelope = received.envelope();
  return {log::SideRow::Table::kEnvelope,
          encode_envelope_row({envelope.from, envelope.id, received.opened.hash,
                               envelope.expires_at, envelope.state.checkpoint})};
}

std::optional<Correspondence::Taken> Correspondence::taken(const StatementId& from,
                                                           const model::EnvelopeId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find({from, id});
  return found == taken_.end() ? std::nullopt : std::optional(found->second);
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
