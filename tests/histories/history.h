// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>

#include "ledger/rules/use.h"
#include "tests/histories/neighbour.h"
#include "tests/verifier/export_builder.h"
#include "verifier/trust.h"

namespace holdfast::testing {

// How a history goes, besides its seed.
struct Pace {
  std::size_t batch_max = 12;           // records signed as one
  std::uint64_t exits_from = 200;       // some villages end, from this entry on
  unsigned records_percent = 40;        // of the steps, besides those in batches
  unsigned neighbour_ends_percent = 2;  // of the times that it is looked at
};

// A lawful village, made up as it goes along: two neighbours live beside it, time moves on, and
// each step is chosen from what its state allows. One seed gives the same history everywhere.
// CHECKs, with the seed, that no step is refused.
class History {
 public:
  explicit History(std::uint64_t seed, Pace pace = {});

  // Appends one statement.
  void next();
  // Appends until there are so many, the last of them a seal.
  void grow_to(std::uint64_t entries);

  const QuickLedger& ledger() const { return own_.ledger; }
  const Community& village() const { return own_; }
  // For who says in its place what it would not say; what it says later may differ after that.
  Community& village() { return own_; }
  // For histories longer than memory, before anything is appended: each row goes to `to` as it
  // comes, and is not kept, neither here nor by the neighbours.
  void hand_on(std::function<void(const LogRow&)> to);
  // Of a log that ends in a seal, whose rows were kept.
  std::vector<LogRow> rows() const;
  Files files() const;
  verifier::Trust trust() const { return {own_.village, std::nullopt}; }

 private:
  // The other side of an agreement.
  struct Relation {
    std::unique_ptr<Neighbour> with;
    std::optional<StatementId> ours;    // the agreement in our ledger
    std::optional<StatementId> theirs;  // in the neighbour's
    model::Terms terms;
    std::vector<NeighboursGrant> grants;        // to us
    std::optional<NeighboursGrant> to_another;  // to our other neighbour
    std::vector<StatementId> handed;            // our transfers to it
  };
  // A record that may be used, and what has to be named for it.
  struct Usable {
    std::vector<StatementId> records;
    std::vector<model::ForeignId> onward;
  };

  using Step = bool (History::*)();
  struct Choice {
    unsigned weight;
    Step step;
  };
  static const std::vector<Choice>& choices();

  void pass_time();
  void forget();
  void begin();
  bool going_on() const;
  void live_beside();
  StatementId admit(model::Body body, const Keys& keys,
                    std::optional<model::Opening> opening = std::nullopt);

  // Each appends one statement to our ledger and says so, or finds nothing that it could append and
  // leaves everything as it was.
  bool seal();
  bool add_domain();
  bool change_agents();
  bool change_keys();
  bool upgrade();
  bool exit();
  bool record();
  bool copy();
  bool change_record();
  bool shape();
  bool model();
  bool steering();
  bool grant();
  bool revocation();
  bool answer();
  bool refuse();
  bool agreement();
  bool receive();
  bool compose();
  bool transfer();
  bool decide();
  bool deliberate();
  bool report();
  bool observe();

  // --- records
  model::Record new_record(const DomainOfOurs& domain);
  void add_batch(const DomainOfOurs& domain);
  std::optional<StatementId> some_record(model::Status status);
  Usable usable(const model::Grant& grant, const rules::Permission& permission,
                const StatementId& asker);
  std::optional<model::ForeignId> onward(const model::CopyOrigin& origin,
                                         const rules::Permission& permission,
                                         const StatementId& asker) const;
  // --- asking
  bool model_usable(const StatementId& id) const;
  std::optional<StatementId> live_grant(bool model::Operations::*operation);
  bool give_voice(const model::Grant& grant, model::Inference& inference, std::uint64_t& most);
  model::Grant village_grant(const DomainOfOurs& domain, const StatementId& agreement);
  // Those that still count; the others never will again, and are forgotten.
  template <typename D>
  const std::vector<StatementId>& active(std::vector<StatementId>& ids);
  DomainOfOurs& domain_of(const StatementId& id);
  // --- exchange
  bool in_force(const Relation& relation) const;  // ours, and the neighbour goes on
  bool foreign_live(const model::ForeignId& id) const;
  NeighboursGrant* live_grant_of(Relation& relation, bool shares);
  bool offer(Relation& relation);
  bool renew(Relation& relation, bool resumes);
  bool both_know(const Relation& relation) const;
  void keep(Relation& relation, model::ReceiptOf what, const StatementId& of,
            std::vector<SubjectId> subjects);
  bool receive_answer(Relation& relation);
  bool receive_refusal(Relation& relation);
  bool receive_revocation(Relation& relation);
  bool receive_transfer(Relation& relation);
  bool receive_deletion(Relation& relation);
  bool receive_grant(Relation& relation);
  bool reject(Relation& relation);
  AgentOfOurs* acting_agent();
  AgentOfOurs* some_agent(bool acts);

  const std::uint64_t seed_;
  const Pace pace_;
  Dice dice_;
  Seconds now_;
  bool upgrades_ = false;  // founded under rules 1
  bool exits_ = false;
  Community own_;
  std::vector<Relation> relations_;
  std::deque<model::SignedStatement> batch_;  // signed, and to be appended first

  std::vector<StatementId> records_;
  std::vector<StatementId> shapes_;
  std::vector<StatementId> models_;
  std::vector<StatementId> steerings_;
  std::vector<StatementId> grants_;
  std::vector<StatementId> decisions_;
  std::vector<StatementId> answers_;   // receipts of answers
  std::vector<StatementId> refusals_;  // of refusals
  std::vector<model::ForeignId> foreign_;
};

}  // namespace holdfast::testing
