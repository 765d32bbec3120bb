// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ledger/core/time.h"
#include "ledger/model/authority.h"
#include "ledger/model/kind.h"

// Kinds 11 and 12: consent given and taken back.
namespace holdfast::model {

struct AgreementGrantee {
  StatementId agreement;
  friend bool operator==(const AgreementGrantee&, const AgreementGrantee&) = default;
};
struct AuditorGrantee {
  PublicKey key;
  friend bool operator==(const AuditorGrantee&, const AuditorGrantee&) = default;
};
struct AllRecords {
  friend bool operator==(const AllRecords&, const AllRecords&) = default;
};
struct RecordIds {
  std::vector<StatementId> ids;
  friend bool operator==(const RecordIds&, const RecordIds&) = default;
};
struct RecordLabels {
  std::vector<std::string> labels;
  friend bool operator==(const RecordLabels&, const RecordLabels&) = default;
};
struct Operations {
  bool query = false;
  bool share = false;
  bool train = false;
  bool audit = false;
  bool mirror = false;
  friend bool operator==(const Operations&, const Operations&) = default;
};
struct Limits {
  std::uint64_t calls = 0;
  std::uint64_t calls_per_day = 0;
  std::uint32_t minimum_cell = 0;
  std::uint64_t characters = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};
enum class Onward : std::uint16_t { kNone = 0, kWithOriginsGrant = 1 };
struct Obligations {
  bool attribute = false;
  bool delete_on_revocation = false;
  bool report_use = false;
  friend bool operator==(const Obligations&, const Obligations&) = default;
};
struct Grant {
  static constexpr Kind kKind = Kind::kGrant;
  StatementId domain;  // the village id in a council's grant
  std::variant<AgreementGrantee, AuditorGrantee> grantee;
  std::variant<AllRecords, RecordIds, RecordLabels> records;
  Operations operations;
  std::vector<StatementId> shapes;
  std::vector<std::string> purposes;
  Seconds not_before = 0;
  Seconds not_after = 0;
  Limits limits;
  Onward onward = Onward::kNone;
  Obligations obligations;
  std::string tikanga;
  friend bool operator==(const Grant&, const Grant&) = default;
};

struct Revocation {
  static constexpr Kind kKind = Kind::kRevocation;
  StatementId domain;  // the village id for a council's grant
  StatementId grant;
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

}  // namespace holdfast::model
