// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/model/kind.h"

// Kinds 6 and 7: records, and what becomes of them.
namespace holdfast::model {

struct Guardianship {
  std::vector<KeyId> guardians;
  std::string tikanga;
  std::optional<FieldCommitment> provenance;
  std::vector<std::string> labels;
  std::vector<std::string> notices;
  friend bool operator==(const Guardianship&, const Guardianship&) = default;
};
// A key, or a role in words.
using Attribution = std::variant<KeyId, std::string>;
struct Provenance {
  std::vector<Attribution> authored;
  std::vector<Attribution> stewarded;
  std::vector<Attribution> approved;
  friend bool operator==(const Provenance&, const Provenance&) = default;
};
struct Policy {
  bool read = false;
  bool share = false;
  bool train = false;
  bool export_ = false;
  bool delete_ = false;
  friend bool operator==(const Policy&, const Policy&) = default;
};
struct CopyOrigin {
  StatementId village;
  StatementId record;
  std::optional<StatementId> grant;  // the origin's, that it came under; none under rules 1
  friend bool operator==(const CopyOrigin&, const CopyOrigin&) = default;
};
struct Record {
  static constexpr Kind kKind = Kind::kRecord;
  StatementId domain;
  Guardianship guardianship;
  Provenance provenance;
  Policy policy;
  ContentRoot content_root;
  std::string media_type;
  std::string language;
  std::optional<CopyOrigin> origin;
  friend bool operator==(const Record&, const Record&) = default;
};

struct Supersede {
  StatementId successor;
  friend bool operator==(const Supersede&, const Supersede&) = default;
};
struct HandOver {
  StatementId domain;
  friend bool operator==(const HandOver&, const HandOver&) = default;
};
struct Withdraw {
  friend bool operator==(const Withdraw&, const Withdraw&) = default;
};
struct Restore {
  friend bool operator==(const Restore&, const Restore&) = default;
};
struct Erase {
  friend bool operator==(const Erase&, const Erase&) = default;
};
struct RecordChange {
  static constexpr Kind kKind = Kind::kRecordChange;
  StatementId record;
  std::uint64_t expected_version = 0;
  std::variant<Supersede, HandOver, Withdraw, Restore, Erase> step;
  friend bool operator==(const RecordChange&, const RecordChange&) = default;
};

}  // namespace holdfast::model
