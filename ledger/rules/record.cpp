// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/rules/offices.h"
#include "ledger/rules/signers.h"
#include "ledger/rules/steps.h"
#include "ledger/rules/use.h"

namespace holdfast::rules {
namespace {

using model::Status;
using FoundRecord = Found<model::RecordDetail>;

// A record names who guards it, so that guardianship is signed into the record itself.
Result<void> check_guardians(const model::Record& record, const model::Authority& authority) {
  for (const KeyId& id : record.guardianship.guardians) {
    const bool is_guardian =
        std::any_of(authority.keys.begin(), authority.keys.end(),
                    [&](const model::PublicKey& key) { return crypto::key_id(key) == id; });
    if (!is_guardian)
      return Error{Code::kInvalid, "RECORD-2", "record.guardianship.guardians", "key " + id.hex(),
                   "keys of the domain's guardians"};
  }
  return {};
}

struct Change {
  Transition& transition;
  const model::RecordChange& change;
  const FoundRecord& record;
  // Who guards the record's domain now.
  const model::Authority& guardians;

  static constexpr const char* kWho = "the guardians of the record's domain";

  Result<void> expect_version() const {
    if (change.expected_version == record.value.version) return {};
    return Error{Code::kConflict, "CHANGE-2", "recordChange.expectedVersion",
                 std::to_string(change.expected_version),
                 std::to_string(record.value.version) + ", the record's present version"};
  }

  Result<void> expect_status(std::initializer_list<Status> allowed) const {
    if (std::find(allowed.begin(), allowed.end(), record.value.status) != allowed.end()) return {};
    std::string want;
    for (Status status : allowed)
      want += (want.empty() ? "" : " or ") + std::string(status_name(status));
    return Error{Code::kInvalid, "CHANGE-3", "status of record " + change.record.hex(),
                 status_name(record.value.status), want};
  }

  Result<void> threshold_signed() const {
    return require_threshold(transition.signers(), guardians, kWho);
  }

  void set(Status status, const model::RecordDetail& detail) const {
    transition.change(change.record, record, status, detail);
  }

  // Models trained on a record that its domain no longer stands behind must be published again.
  Result<void> note_training_lost() const {
    if (!record.detail->policy.train) return {};
    const StatementId& id = record.detail->domain;
    TRY_ASSIGN(const auto domain, transition.require<model::DomainDetail>(
                                      id, "RECORD-1", "record.domain", "a domain of this village"));
    model::DomainDetail detail = *domain.detail;
    detail.training_changed = transition.entry().index.value + 1;
    transition.change(id, domain, domain.value.status, detail);
    return {};
  }

  Result<void> operator()(const model::Supersede& step) const {
    TRY(expect_version());
    TRY(expect_status({Status::kActive}));
    TRY(threshold_signed());
    TRY_ASSIGN(const auto successor, transition.require<model::RecordDetail>(
                                         step.successor, "CHANGE-4", "recordChange.successor",
                                         "another live record of the same domain"));
    if (step.successor == change.record || !successor.active() ||
        successor.detail->domain != record.detail->domain)
      return Error{Code::kInvalid, "CHANGE-4", "recordChange.successor",
                   step.successor == change.record ? "the record itself"
                   : !successor.active()
                       ? std::string("a record that is ") + status_name(successor.value.status)
                       : "a record of domain " + successor.detail->domain.hex(),
                   "another live record of the same domain"};
    model::RecordDetail detail = *record.detail;
    detail.successor = step.successor;
    set(Status::kSuperseded, detail);
    return {};
  }

  Result<void> operator()(const model::HandOver& step) const {
    TRY(expect_version());
    TRY(expect_status({Status::kActive}));
    TRY(transition.require<model::DomainDetail>(step.domain, "CHANGE-5", "recordChange.handOver",
                                                "another domain of this village"));
    if (step.domain == record.detail->domain)
      return Error{Code::kInvalid, "CHANGE-5", "recordChange.handOver", "the record's own domain",
                   "another domain of this village"};
    TRY_ASSIGN(const auto to, require_authority(transition, step.domain));
    Signers counter(transition.signers());
    const std::size_t giving = counter.count(guardians.keys);
    const std::size_t taking = counter.count(to.detail->current.keys);
    TRY(counter.all_counted("the guardians of both domains"));
    TRY(at_least(giving, guardians.threshold, kWho));
    TRY(at_least(taking, to.detail->current.threshold, "the guardians of the receiving domain"));
    TRY(note_training_lost());
    model::RecordDetail detail = *record.detail;
    detail.domain = step.domain;
    set(Status::kActive, detail);
    return {};
  }

  // Names no version, so that nothing can race it; instead the statement is spent.
  Result<void> operator()(const model::Withdraw&) const {
    if (change.expected_version != 0)
      return Error{Code::kInvalid, "CHANGE-2", "recordChange.expectedVersion",
                   std::to_string(change.expected_version), "0 in a withdrawal"};
    TRY(require_any(transition.signers(), guardians, kWho));
    TRY(expect_status({Status::kActive, Status::kSuperseded}));
    TRY(note_training_lost());
    set(Status::kWithdrawn, *record.detail);
    return {};
  }

  Result<void> operator()(const model::Restore&) const {
    TRY(expect_version());
    TRY(expect_status({Status::kWithdrawn}));
    TRY(threshold_signed());
    set(record.detail->successor ? Status::kSuperseded : Status::kActive, *record.detail);
    return {};
  }

  Result<void> operator()(const model::Erase&) const {
    TRY(expect_version());
    TRY(expect_status({Status::kActive, Status::kSuperseded, Status::kWithdrawn}));
    TRY(threshold_signed());
    TRY(note_training_lost());
    set(Status::kErased, *record.detail);
    return {};
  }
};

// A copy names the grant that it came under, so that its origin can still say how far it goes.
// Rules 1 knew no grants of others.
Result<void> check_origin(const Transition& transition, const Village& village,
                          const model::CopyOrigin& origin) {
  if (origin.village == transition.statement().village)
    return Error{Code::kInvalid, "RECORD-3", "record.origin.village", "this village",
                 "another village, for a copy of its record"};
  if (village.detail->rules < 2) {
    if (!origin.grant) return {};
    return Error{Code::kInvalid, "RULES-2", "record.origin.grant", "a grant under rules 1", "none"};
  }
  if (!origin.grant)
    return Error{Code::kInvalid, "RECORD-4", "record.origin.grant", "none",
                 "the origin's grant that the copy came under"};
  TRY_ASSIGN(const auto grant,
             require_foreign_grant(transition, {origin.village, *origin.grant}, "RECORD-4"));
  const bool to_us = grant.detail->grantee == transition.statement().village;
  if (grant.detail->terms.operations.share && to_us) return {};
  return Error{Code::kInvalid, "RECORD-4", "record.origin.grant",
               to_us ? "one that does not share" : "one to somebody else",
               "one that shares with this village"};
}

}  // namespace

Result<void> step(Transition& transition, const Village& village, const model::Record& record) {
  TRY(transition.require<model::DomainDetail>(record.domain, "RECORD-1", "record.domain",
                                              "a domain of this village"));
  TRY_ASSIGN(const auto authority, require_authority(transition, record.domain));
  TRY(check_guardians(record, authority.detail->current));
  if (record.origin) TRY(check_origin(transition, village, *record.origin));
  TRY(require_threshold(transition.signers(), authority.detail->current,
                        "the guardians of the record's domain"));
  return transition.make(
      transition.id(), Status::kActive,
      model::RecordDetail{record.domain, record.content_root, record.policy,
                          record.guardianship.labels, std::nullopt,
                          village.detail->rules < 2 ? std::nullopt : record.origin});
}

Result<void> step(Transition& transition, const Village&, const model::RecordChange& change) {
  // Before the record is read: it is sure of a withdrawal whoever sees the record.
  if (std::holds_alternative<model::Withdraw>(change.step)) TRY(spend(transition, change.record));
  TRY_ASSIGN(const FoundRecord record,
             transition.require<model::RecordDetail>(
                 change.record, "CHANGE-1", "recordChange.record", "a record of this village"));
  TRY_ASSIGN(const auto authority, require_authority(transition, record.detail->domain));
  return std::visit(Change{transition, change, record, authority.detail->current}, change.step);
}

}  // namespace holdfast::rules
