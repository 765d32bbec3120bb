// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "federation/sealing.h"
#include "ledger/crypto/sealed_box.h"
#include "tests/rules/two_villages.h"
#include "tests/vectors/vector_file.h"

// How the vectors of envelopes.json are made, file by file.
namespace holdfast::vectors::envelopes_file {

using testing::AskingVillage;

// The secret of the village's sealing key: a key to test with, made from a name.
crypto::SealingKey sealing_key_of(const AskingVillage& village);

// What looks random, and is the same in every run.
class CountedRandom : public crypto::Random {
 public:
  void fill(std::span<std::byte> out) override;

 private:
  std::uint64_t count_ = 0;
};

// From one that signs and seals to one that opens.
struct Way {
  const AskingVillage& from;
  const AskingVillage& to;
};

// What of an envelope is sealed and signed otherwise than it has to be.
struct Otherwise {
  const crypto::SigningKey* signer = nullptr;  // in place of the sender's agent
  KeyId key_id{};                              // in place of the signer's, where it is not zeros
  Bytes message;                               // signed in place of the envelope's
};

// What the vectors say of an envelope, of a signed one and of an introduction that are taken.
Json said_of(const model::Envelope& envelope);
Json said_of_signed(ByteView signed_envelope);
Json said_of(const model::Introduction& introduction);

class Maker {
 public:
  testing::TwoVillages villages;
  AskingVillage& bay = villages.bay;
  AskingVillage& clinic = villages.clinic;
  const Way to_bay{clinic, bay};
  const Way to_clinic{bay, clinic};
  CountedRandom random;

  // With a state that proves the sender's agent and `subjects`, under its last seal.
  model::Envelope envelope(const Way& way, decltype(model::Envelope::body) body,
                           std::vector<testing::SubjectId> subjects = {});
  // With a state that proves nothing and is well-formed: for what is refused before it is asked.
  model::Envelope formed(decltype(model::Envelope::body) body);
  model::Query query() const;
  model::NewTerms new_terms(const AskingVillage& of) const;

  Bytes signed_by(const crypto::SigningKey& agent, const Bytes& envelope,
                  const Otherwise& otherwise = {}) const;
  Bytes sealed(const model::SealedEnvelope& clear, ByteView inside, const crypto::PublicKey& key);

  // --- sealed ---

  // What comes to `way.to`, which knows the sender as its own ledger has it.
  Json received(const Way& way, const Bytes& sealed, Json inside) const;
  // Sealed and signed as it has to be; `time` is a minute after it was sent.
  Json received(const Way& way, const model::Envelope& envelope, const Otherwise& otherwise = {});
  void taken(std::string_view name, const Way& way, const model::Envelope& envelope);
  void add(std::string_view name, Json input, Json expect) {
    out_.push_back(vector(name, std::move(input), std::move(expect)));
  }
  void no(std::string_view name, std::string_view code, std::string_view rule, Json input) {
    add(name, std::move(input), refuse(code, rule));
  }

  // --- forms: `of` is sealed, signed, envelope or introduction ---

  // `zeros_behind`: that many more bytes, all zeros, which the file does not spell out.
  void malformed(std::string_view name, std::string_view rule, const char* of, ByteView bytes,
                 std::size_t zeros_behind = 0);
  void newer(std::string_view name, const char* of, ByteView bytes);
  // The envelope after `edit`, by our own encoder.
  template <typename Edit>
  void with(std::string_view name, std::string_view rule, model::Envelope envelope, Edit edit) {
    edit(envelope);
    malformed(name, rule, "envelope", model::encode_envelope(envelope));
  }

  Json take() { return std::move(out_); }

 private:
  std::uint64_t sequence_ = 0;
  Json out_ = Json::array();
};

// One of every body, in a box, from one village to the other.
void add_taken(Maker& to);
// Boxes that are not opened, and what is in boxes and is not taken [ENV-1] to [ENV-4], [ENV-6].
void add_not_taken(Maker& to);
// Encodings and bounds: of what is around every body, and of the bodies.
void add_forms(Maker& to);
void add_bodies(Maker& to);
void add_introductions(Maker& to);

}  // namespace holdfast::vectors::envelopes_file
