// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http/server.h"
#include "api/routes/api.h"
#include "federation/peering.h"
#include "ledger/model/codec.h"
#include "tests/log/village_fixture.h"

namespace holdfast::testing {

using Texts = std::map<std::string, std::string>;

inline constexpr model::Policy kMayBeRead{true, false, false, true, false};
inline constexpr model::Policy kMayBeTrainedOn{true, false, true, true, false};

// A question on its way, as whoever asked it knows it.
struct Asking {
  model::Query query;
  model::EnvelopeId id{};
  Bytes sealed;
};

// What came back: an answer of which everything holds, a refusal, or the rule that does not hold.
struct Reply {
  std::optional<federation::CheckedAnswer> answer;
  std::optional<federation::CheckedRefusal> refusal;
  std::string broken;

  // "answered", a refusal's reason, or the rule.
  std::string outcome() const { return answer ? "answered" : refusal ? refusal->reason : broken; }
};

// A statement of a village's log with where it stands.
template <typename B>
struct Logged {
  LeafIndex index;
  StatementId id;
  B body;
};

// Where files are in memory, if there is plenty of it: thousands of commits would wait for a disk.
std::string roomy_directory();

// A fictional village in real files under rules 2, with a council of one, a domain "records" of two
// guardians (threshold 2) and an agent that does what a served village's does. Its keys are made
// from its name, so that villages differ. Peers are met by meet().
class MetVillage {
 public:
  explicit MetVillage(std::string name, federation::PeeringOptions options = patient(),
                      const std::string& parent = roomy_directory());
  // The same village over again, from a copy of its directory: two histories from here on.
  explicit MetVillage(MetVillage& original);
  ~MetVillage();
  MetVillage& operator=(const MetVillage&) = delete;

  // Tells nobody of anything by itself: a test hands over what is to be told.
  static federation::PeeringOptions patient();
  // Tells whoever is served, again and again.
  static federation::PeeringOptions prompt();

  // As when its program ends and is started anew: what was in memory alone is gone.
  void restart();
  void close();  // until open()
  void open();
  // Answers over HTTP on 127.0.0.1, from the second time on at the same port.
  void serve();
  void go_away();
  const std::string& endpoint() const { return endpoint_; }

  // --- what its people sign
  log::Admission admission(model::Body body, const Keys& keys);
  Result<log::Receipt> try_admit(log::Admission admission);
  // CHECKs that it was admitted.
  LeafIndex admit(log::Admission admission);
  StatementId admit(model::Body body, const Keys& keys);
  log::Admission record(const Texts& texts, model::Policy policy = kMayBeRead,
                        std::optional<model::CopyOrigin> origin = std::nullopt);
  StatementId add(const Texts& texts, model::Policy policy = kMayBeRead);
  // Of a peer's record, under its grant.
  StatementId add_copy(const Texts& texts, const model::CopyOrigin& origin);
  // Of one title and body each, with a number.
  void add_many(std::size_t count, const Texts& texts);
  StatementId publish(const model::ShapeTemplate& shape);
  model::Grant grant_for(const MetVillage& peer, std::vector<StatementId> shapes) const;
  StatementId grant(model::Grant grant) { return admit(std::move(grant), guardians); }
  log::Admission revocation(const StatementId& grant);
  LeafIndex revoke(const StatementId& grant) { return admit(revocation(grant)); }
  void withdraw(const StatementId& record);
  // The model that is built in, trained on the records that there are.
  StatementId publish_model(const std::string& name);
  StatementId steer(std::vector<StatementId> models);
  void withdraw_steering(const StatementId& steering);
  LeafIndex set_agent(const crypto::SigningKey& key, model::Capability capability);

  // --- what is in its log
  std::unique_ptr<log::Reader> read() const;
  TreeSize size() const { return sequencer->head().size; }
  StatementId agreement_with(const StatementId& peer) const;
  template <typename B>
  std::vector<Logged<B>> all() const;
  // Those of all<model::Inference>() that are answers, and those that are refusals.
  std::vector<Logged<model::Inference>> answers() const;
  std::vector<Logged<model::Inference>> refusals() const;
  std::optional<rules::Subject> find(model::StateClass state_class, ByteView id) const;

  // --- what its agent does
  federation::Peering& peering() { return *peering_; }
  // Until everything that is in the log can be asked of.
  void settle();
  // A query to this village by a peer, under a grant of this village's.
  model::Query query_by(const MetVillage& asker, const StatementId& grant, const StatementId& shape,
                        std::vector<model::Argument> arguments = {}) const;
  Asking ask(const MetVillage& holder, model::Query query, Seconds life = kHour);
  Bytes notice_of_grant(const MetVillage& to, const StatementId& grant);
  Bytes notice_of_revocation(const MetVillage& to, LeafIndex revocation);
  // Of a revocation that somebody else has signed.
  Bytes notice_carrying(const MetVillage& to, Bytes revocation);
  // Reads what is said to be the answer to the question, as an asker does.
  Reply believe(const Asking& asking, ByteView sealed);
  // The envelope in a box for this village, as it was written.
  federation::OpenedEnvelope opened(ByteView sealed) const;
  // Signed by the agent of this village, or another key, and sealed for whom it names.
  Bytes sealed(const model::Envelope& envelope, const MetVillage& to) {
    return sealed(envelope, to, agent);
  }
  Bytes sealed(const model::Envelope& envelope, const MetVillage& to,
               const crypto::SigningKey& key);
  crypto::SealingKey sealing_key() const;

  const std::string name;
  TempDirectory directory;
  log::VillagePaths paths{directory.path() + "/village"};
  TestClock clock{1767268800};  // 2026-01-01T12:00:00Z
  crypto::SystemRandom random;
  crypto::SigningKey operator_key = key_named(name + " operator");
  crypto::SigningKey council_key = key_named(name + " council");
  crypto::SigningKey guardian1 = key_named(name + " guardian 1");
  crypto::SigningKey guardian2 = key_named(name + " guardian 2");
  crypto::SigningKey agent = key_named(name + " agent");
  const Keys council{&council_key};
  const Keys guardians{&guardian1, &guardian2};
  StatementId village;
  StatementId domain;
  std::unique_ptr<log::Sequencer> sequencer;

 private:
  void found();
  model::Genesis genesis() const;
  federation::Correspondence::Sealed write(const MetVillage& to,
                                           federation::Correspondence::Letter letter);

  const federation::PeeringOptions options_;
  std::unique_ptr<log::Readers> readers_;
  std::shared_ptr<federation::Peering> peering_;
  std::unique_ptr<routes::Api> api_;
  std::unique_ptr<http::Server> server_;
  std::string endpoint_ = "http://127.0.0.1:1";  // where nobody is
  std::uint64_t salt_ = 0;
};

// Both councils sign one hash of terms, and each ledger gets its agreement.
void meet(MetVillage& one, MetVillage& other);
// The holder answers and the asker believes, without a socket between them; asked again where a
// proof of the asker's log was wanted, as an asker does.
Reply ask_once(MetVillage& asker, MetVillage& holder, const Asking& asking);
Reply ask(MetVillage& asker, MetVillage& holder, const model::Query& query);
// Hands a sealed notice over; "" or why it was rejected.
std::string tell(MetVillage& holder, MetVillage& from, const Bytes& notice);

model::ShapeTemplate count_shape();
model::ShapeTemplate histogram_shape(std::vector<std::string> fields);
model::ShapeTemplate excerpts_shape();
model::ShapeTemplate answer_shape();

template <typename B>
std::vector<Logged<B>> MetVillage::all() const {
  std::vector<Logged<B>> out;
  const auto reader = read();
  for (LeafIndex index; index.in(reader->size()); ++index.value) {
    const Bytes signed_bytes = reader->signed_statement(index).value();
    const auto parts = model::decode_own_signed_statement(signed_bytes).value();
    const auto statement = model::decode_own_statement(parts.statement).value();
    if (const auto* body = std::get_if<B>(&statement.body))
      out.push_back({index, model::statement_id(parts.statement), *body});
  }
  return out;
}

}  // namespace holdfast::testing
