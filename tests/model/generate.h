// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/model/codec.h"
#include "ledger/model/envelope.h"

namespace holdfast::model {

// Makes values of every struct that stand within the bounds of ledger/model/bounds.h, the same for
// the same seed on every machine. Keys are 32 arbitrary bytes: nothing here can sign.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  std::uint64_t number();                  // any
  std::uint64_t below(std::uint64_t end);  // 0 <= n < end
  bool coin() { return below(2) == 1; }
  template <typename D>
  D digest() {
    D out;
    fill(out.bytes);
    return out;
  }
  void fill(std::span<std::byte> out);
  Bytes bytes(std::size_t size);
  std::string line(std::size_t bytes_max);   // 1 to bytes_max bytes of UTF-8, macrons included
  std::string prose(std::size_t bytes_max);  // 0 to bytes_max, newlines and tabs included
  Seconds time();

  PublicKey key(crypto::Algorithm algorithm = crypto::Algorithm::kEd25519);
  std::vector<PublicKey> keys(std::size_t count);  // sorted by key id
  Authority authority();
  NextAuthority next_authority();
  Rotation rotation();

  Genesis genesis();
  Seal seal();
  KeyEvent key_event();
  Domain domain();
  Record record();
  RecordChange record_change();
  Grant grant();
  Revocation revocation();
  Upgrade upgrade();
  Agreement agreement();
  Shape shape();
  Model model();
  Steering steering();
  Inference inference();
  Opening opening();
  Receipt receipt();
  Composition composition();
  Transfer transfer();
  Decision decision();
  Deliberation deliberation();
  Report report();
  Observation observation();
  Body body(std::size_t alternative);  // the index in the variant Body
  Statement statement(std::size_t alternative);
  Statement statement() { return statement(below(std::variant_size_v<Body>)); }

  SignedStatement signed_statement();
  Entry entry();
  Content content();
  StateValue state_value();
  Detail detail(std::size_t alternative);      // the index in the variant Detail
  Envelope envelope(std::size_t alternative);  // the index in the variant Envelope::body
  Introduction introduction();

 private:
  template <typename D>
  std::vector<D> sorted_digests(std::size_t count) {
    auto out = digests<D>(count);
    std::ranges::sort(out);
    return out;
  }
  std::vector<std::string> sorted_lines(std::size_t count, std::size_t bytes_max);
  std::vector<Attribution> attributions();
  Policy policy();
  Disclosure disclosure();
  Limits limits();
  PeerState peer_state();
  ProvenEntry proven_entry();
  NewTerms new_terms();
  std::vector<TermsSignature> terms_signatures();
  ShapeTemplate shape_template();
  Parameter parameter(const std::string& name);
  ModelIdentity model_identity();
  SteeringTerms steering_terms();
  Answered answered();
  std::vector<ForeignId> foreign_ids(std::size_t count);
  template <typename D>
  std::optional<D> perhaps() {
    return coin() ? std::optional(digest<D>()) : std::nullopt;
  }
  template <typename D>
  std::vector<D> digests(std::size_t count) {
    std::vector<D> out(count);
    for (D& one : out) fill(one.bytes);
    return out;
  }
  Detail federation_detail(std::size_t alternative);
  Proposal proposal();
  Query query();
  Answer answer();
  Refusal refusal();
  Notice notice();

  std::uint64_t state_;
};

}  // namespace holdfast::model
