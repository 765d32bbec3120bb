// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tests/rules/simple_ledger.h"

namespace holdfast::testing {

// Keys made from a name, so that the same test makes the same bytes every time.
crypto::SigningKey key_named(const std::string& name);
crypto::PublicKey sealing_key_named(const std::string& name);

using Keys = std::vector<const crypto::SigningKey*>;

model::Authority authority_of(std::uint16_t threshold, const Keys& keys);
model::NextAuthority next_of(std::uint16_t threshold, const Keys& keys);

// Signs a statement by each key, as a batch of one.
model::SignedStatement sign(const model::Statement& statement, const Keys& keys);

// A fictional village with a council of two (threshold 2), one domain "records" of three guardians
// (threshold 2), and whatever a test appends. Time stands at noon until a test moves it.
class FoundedVillage {
 public:
  struct Setting {
    std::uint32_t rules = 1;
    std::string origin = "kelp-bay.invalid/ledger";
    std::string whose;  // in front of the names of its keys, so that two villages differ
    std::shared_ptr<SimpleLedger> ledger = std::make_shared<SimpleLedger>();
  };
  FoundedVillage() : FoundedVillage(Setting()) {}
  explicit FoundedVillage(Setting setting);

  // A statement as its author would make it now: village, basis, times and a fresh salt filled in.
  model::Statement statement(model::Body body);
  // Signs and appends it.
  Result<LeafIndex> append(model::Body body, const Keys& keys);
  // The same, with the statement's id; CHECKs that it was admitted.
  StatementId admit(model::Body body, const Keys& keys);
  void seal();

  model::Record record(const std::string& text) const;
  model::Grant audit_grant() const;
  model::RecordChange change(const StatementId& record,
                             decltype(model::RecordChange::step) step) const;
  model::KeyEvent rotation(const Keys& set, const Keys& next,
                           const std::vector<crypto::PublicKey>& revealed = {}) const;

  const Setting setting;
  // The key of this village that has the name.
  crypto::SigningKey key(const std::string& name) const { return key_named(setting.whose + name); }

  SimpleLedger& ledger = *setting.ledger;
  Seconds now = 1767268800;  // 2026-01-01T12:00:00Z

  crypto::SigningKey operator_key = key("operator");
  crypto::SigningKey witness_key = key("witness");
  crypto::SigningKey council1 = key("council 1");
  crypto::SigningKey council2 = key("council 2");
  crypto::SigningKey council_spare1 = key("council spare 1");
  crypto::SigningKey council_spare2 = key("council spare 2");
  crypto::SigningKey guardian1 = key("guardian 1");
  crypto::SigningKey guardian2 = key("guardian 2");
  crypto::SigningKey guardian3 = key("guardian 3");
  crypto::SigningKey guardian_spare1 = key("guardian spare 1");
  crypto::SigningKey guardian_spare2 = key("guardian spare 2");
  crypto::SigningKey auditor = key("auditor");
  crypto::SigningKey stranger = key("stranger");

  StatementId village;
  StatementId domain;

  model::Genesis genesis() const;
  model::Domain domain_named(const std::string& slug, const Keys& guardians) const;

 private:
  std::uint64_t salt_ = 0;
};

// The rule id of a refusal; "admitted" where there is none.
std::string rule_of(const Result<LeafIndex>& result);

}  // namespace holdfast::testing
