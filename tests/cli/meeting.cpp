// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cli/meeting.h"

#include <algorithm>
#include <memory>

#include "ledger/core/time.h"
#include "ledger/crypto/key_file.h"
#include "ledger/log/draft.h"
#include "ledger/log/reader.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) check_failed(__FILE__, __LINE__, describe(result.error()));
  return *std::move(result);
}

std::unique_ptr<log::Reader> reader_of(const MeetingVillage& village) {
  return must(log::Reader::open(log::VillagePaths(village.directory)));
}

crypto::SigningKey key_of(const MeetingVillage& village) {
  return must(crypto::open_signing_key(must(crypto::read_key_file(village.council_key)), {}));
}

model::ProvenEntry proven_entry(log::Reader& reader, LeafIndex index) {
  return {must(reader.entry(index)), must(reader.signed_statement(index)),
          must(reader.prove_inclusion(index, reader.size()))};
}

model::ProvenSubject proven_subject(log::Reader& reader, model::StateClass state_class) {
  const StatementId id = reader.village();
  const auto subject = must(reader.find(state_class, id));
  CHECK(subject);
  return {static_cast<std::uint16_t>(state_class), Bytes(id.bytes.begin(), id.bytes.end()),
          model::encode_state_value(subject->value), subject->detail,
          merkle::encode_prefix_proof(must(reader.prove_state(state_class, id)))};
}

// Of a village whose keys have not changed since its genesis.
model::PeerState state_of(log::Reader& reader) {
  model::PeerState state;
  state.checkpoint = reader.checkpoint();
  state.seal = proven_entry(reader, LeafIndex{reader.size().value - 1});
  state.subjects = {proven_subject(reader, model::StateClass::kVillage),
                    proven_subject(reader, model::StateClass::kAuthority)};
  return state;
}

model::Terms terms_between(const StatementId& ours, const StatementId& theirs) {
  model::Terms terms;
  terms.village_low = std::min(ours, theirs);
  terms.village_high = std::max(ours, theirs);
  terms.revision = 1;
  terms.purpose = "the health of the bay";
  terms.text = "Ask before you take.";
  return terms;
}

std::vector<model::TermsSignature> consents(const model::Terms& terms,
                                            const std::vector<MeetingVillage>& villages) {
  std::vector<model::TermsSignature> out;
  for (const MeetingVillage& village : villages) {
    const crypto::SigningKey key = key_of(village);
    out.push_back({key.id(), key.sign(model::terms_message(model::terms_hash(terms)))});
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.key_id < b.key_id; });
  return out;
}

StatementId write_draft(const MeetingVillage& of, model::Body body, const std::string& place) {
  const auto reader = reader_of(of);
  const auto note = must(model::parse_note(reader->checkpoint()));
  const auto checkpoint = must(model::parse_checkpoint(note.text));
  crypto::SystemRandom random;
  model::Statement statement;
  statement.issued_at = SystemClock().now();
  statement.sequence_by = statement.issued_at + kDay;
  statement.basis = {checkpoint.size, checkpoint.root};
  statement.village = reader->village();
  random.fill(statement.salt);
  statement.body = std::move(body);
  log::Draft draft;
  draft.statements.push_back(model::encode_statement(statement));
  log::sign_draft(draft, key_of(of));
  const auto written = log::create_draft(place, draft);
  if (!written) check_failed(__FILE__, __LINE__, describe(written.error()));
  return model::statement_id(draft.statements.front());
}

}  // namespace

Meeting::Meeting(MeetingVillage ours, MeetingVillage theirs)
    : ours_(std::move(ours)), theirs_(std::move(theirs)) {
  crypto::start();
}

StatementId Meeting::offer(const std::string& draft) const {
  const auto theirs = reader_of(theirs_);
  const model::Terms terms = terms_between(reader_of(ours_)->village(), theirs->village());
  model::Offer offer;
  offer.genesis = must(theirs->signed_statement(LeafIndex{0}));
  offer.state = state_of(*theirs);
  offer.terms = {"https://clinic.example", terms, consents(terms, {ours_})};
  return write_draft(ours_, model::Agreement{std::nullopt, 0, std::move(offer)}, draft);
}

void Meeting::accept(const StatementId& agreement, const std::string& draft) const {
  const model::Terms terms =
      terms_between(reader_of(ours_)->village(), reader_of(theirs_)->village());
  write_draft(ours_,
              model::Agreement{agreement, 1, model::Acceptance{consents(terms, {ours_, theirs_})}},
              draft);
}

void Meeting::suspend(const StatementId& agreement, const std::string& draft) const {
  write_draft(ours_, model::Agreement{agreement, 0, model::Suspension{}}, draft);
}

}  // namespace holdfast::cli
