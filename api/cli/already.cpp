// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/already.h"

#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

using model::StateClass;
using model::Status;

struct Already {
  log::Reader& reader;

  std::string by(const model::StateValue& value) const {
    return " by " + entry_in_words(reader, value.last_index);
  }

  template <typename Body>
  Result<void> operator()(const Body&) const {
    return {};
  }

  Result<void> operator()(const model::Revocation& body) const {
    Bytes id(body.domain.bytes.begin(), body.domain.bytes.end());
    append(id, body.grant);
    TRY_ASSIGN(const auto revocation, reader.find(StateClass::kRevocation, id));
    if (!revocation) return {};
    return Error{Code::kConflict, "STATE-1", "grant " + body.grant.hex(),
                 "already revoked" + by(revocation->value) + "; a revocation is for good", ""};
  }

  Result<void> operator()(const model::Domain& body) const {
    TRY_ASSIGN(const auto slug, reader.find(StateClass::kSlug, as_bytes(body.slug)));
    if (!slug) return {};
    return Error{Code::kConflict, "STATE-1", "domain " + visible_line(body.slug),
                 "already made" + by(slug->value), "another slug: this one is taken for good"};
  }

  Result<void> operator()(const model::Shape& body) const {
    return not_taken_back(StateClass::kShape, std::get_if<model::Retire>(&body.step));
  }
  Result<void> operator()(const model::Model& body) const {
    return not_taken_back(StateClass::kModel, std::get_if<model::Retire>(&body.step));
  }
  Result<void> operator()(const model::Steering& body) const {
    const auto* withdraw = std::get_if<model::WithdrawSteering>(&body.step);
    return withdraw == nullptr ? Result<void>()
                               : not_taken_back(StateClass::kSteering, withdraw->steering);
  }

  Result<void> not_taken_back(StateClass state_class, const model::Retire* retire) const {
    return retire == nullptr ? Result<void>() : not_taken_back(state_class, retire->id);
  }
  Result<void> not_taken_back(StateClass state_class, const StatementId& id) const {
    TRY_ASSIGN(const auto subject, reader.find(state_class, id));
    if (!subject || subject->value.status == Status::kActive) return {};
    return Error{Code::kConflict, "STATE-1",
                 std::string(model::state_class_name(state_class)) + " " + id.hex(),
                 std::string("already ") + model::status_name(subject->value.status) +
                     by(subject->value) + "; that is for good",
                 ""};
  }

  Result<void> operator()(const model::RecordChange& change) const {
    TRY_ASSIGN(const auto record, reader.find(StateClass::kRecord, change.record));
    if (!record) return {};
    TRY(not_in_that_status(change, record->value));
    if (const auto* step = std::get_if<model::HandOver>(&change.step)) {
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(record->detail));
      if (detail.domain == step->domain)
        return Error{Code::kInvalid, "CHANGE-5", "record " + change.record.hex(),
                     "already in " + visible_line(domain_name(reader, step->domain)),
                     "another domain than its own"};
    }
    const bool withdraws = std::holds_alternative<model::Withdraw>(change.step);
    if (!withdraws && change.expected_version != record->value.version)
      return Error{Code::kConflict, "CHANGE-2", "record " + change.record.hex(),
                   "changed since this was written, last" + by(record->value),
                   "a statement made after that"};
    return {};
  }

  // What each step would make of a record that has come there before, or never was there.
  Result<void> not_in_that_status(const model::RecordChange& change,
                                  const model::StateValue& value) const {
    const auto refused = [&](const std::string& found, const char* want) {
      return Error{Code::kInvalid, "CHANGE-3", "record " + change.record.hex(), found + by(value),
                   want};
    };
    if (value.status == Status::kErased)
      return refused("already erased", std::holds_alternative<model::Erase>(change.step)
                                           ? ""
                                           : "a record that is not erased: that is for good");
    if (std::holds_alternative<model::Erase>(change.step)) return {};
    if (std::holds_alternative<model::Restore>(change.step)) {
      if (value.status == Status::kWithdrawn) return {};
      return Error{Code::kInvalid, "CHANGE-3", "record " + change.record.hex(),
                   std::string("not withdrawn but ") + model::status_name(value.status),
                   "a withdrawn record"};
    }
    if (value.status == Status::kWithdrawn)
      return refused("already withdrawn", std::holds_alternative<model::Withdraw>(change.step)
                                              ? ""
                                              : "a record that is not withdrawn; `holdfast record "
                                                "restore` undoes a withdrawal");
    if (value.status == Status::kSuperseded &&
        !std::holds_alternative<model::Withdraw>(change.step))
      return refused("already superseded", "a record that stands");
    return {};
  }

  Result<void> operator()(const model::KeyEvent& event) const {
    if (std::holds_alternative<model::CouncilRotation>(event.which))
      return same_version(event, StateClass::kAuthority, reader.village(), "the council's keys");
    if (const auto* domain = std::get_if<model::DomainRotation>(&event.which))
      return same_version(event, StateClass::kAuthority, domain->domain,
                          "the keys of " + visible_line(domain_name(reader, domain->domain)));
    if (std::holds_alternative<model::AgentChange>(event.which)) return {};
    return same_version(event, StateClass::kVillage, reader.village(), "the village's keys");
  }

  Result<void> same_version(const model::KeyEvent& event, StateClass state_class, ByteView id,
                            const std::string& what) const {
    TRY_ASSIGN(const auto subject, reader.find(state_class, id));
    if (!subject || subject->value.version == event.expected_version) return {};
    return Error{Code::kConflict, "KEY-1", what,
                 "changed since this was written," + by(subject->value),
                 "a statement made after that"};
  }
};

}  // namespace

Result<void> not_done_already(log::Reader& reader, const model::Body& body) {
  return std::visit(Already{reader}, body);
}

std::string ending_in_words(log::Reader& reader, const VillageState& village) {
  if (!village.has_ended()) return "";
  return "by " + entry_in_words(reader, village.value.last_index);
}

std::string entry_in_words(log::Reader& reader, LeafIndex index) {
  const std::string number = "entry #" + std::to_string(index.value);
  const auto bytes = reader.entry(index);
  if (!bytes) return number;
  const auto entry = model::decode_entry(*bytes);
  return entry ? number + " on " + format_time(entry->time) : number;
}

}  // namespace holdfast::cli
