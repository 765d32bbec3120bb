// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/model/grant.h"
#include "ledger/model/peer_state.h"

// Kinds 8, 9, 10 and 13: what may be asked, who may speak, and what was answered.
namespace holdfast::model {

enum class Operation : std::uint16_t {
  kExists = 1,
  kCount = 2,
  kHistogram = 3,
  kExcerpts = 4,
  kAnswer = 5,
};
// "exists", "count", ...
const char* operation_name(Operation operation);
Result<Operation> parse_operation(std::string_view name);
// Whether an answer tells of how many, so that the records used are hidden behind a root.
inline bool counts(Operation operation) { return operation <= Operation::kHistogram; }

struct TextParameter {
  std::uint32_t bytes_max = 0;
  friend bool operator==(const TextParameter&, const TextParameter&) = default;
};
struct ChoiceParameter {
  std::vector<std::string> choices;  // sorted
  friend bool operator==(const ChoiceParameter&, const ChoiceParameter&) = default;
};
struct IntegerParameter {
  std::int64_t low = 0;
  std::int64_t high = 0;
  friend bool operator==(const IntegerParameter&, const IntegerParameter&) = default;
};
struct DateParameter {  // days since 1970-01-01
  std::int64_t low = 0;
  std::int64_t high = 0;
  friend bool operator==(const DateParameter&, const DateParameter&) = default;
};
struct Parameter {
  std::string name;
  std::variant<TextParameter, ChoiceParameter, IntegerParameter, DateParameter> type;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};
struct ShapeTemplate {
  Operation operation = Operation::kExists;
  std::string title;
  std::vector<Parameter> parameters;  // sorted by name
  std::uint32_t items_max = 0;
  std::uint32_t characters_max = 0;
  std::uint32_t minimum_cell = 0;
  std::uint32_t rounding = 0;
  bool steering_needed = false;
  friend bool operator==(const ShapeTemplate&, const ShapeTemplate&) = default;
};

// Something published before is no longer to be used: a shape, a model.
struct Retire {
  StatementId id;
  friend bool operator==(const Retire&, const Retire&) = default;
};
struct Shape {
  static constexpr Kind kKind = Kind::kShape;
  StatementId domain;
  std::variant<ShapeTemplate, Retire> step;
  friend bool operator==(const Shape&, const Shape&) = default;
};

enum class Determinism : std::uint16_t { kUnknown = 0, kExact = 1, kSeeded = 2, kSampled = 3 };
const char* determinism_name(Determinism determinism);
Result<Determinism> parse_determinism(std::string_view name);

struct ModelIdentity {
  std::string name;
  BytesDigest weights;
  std::optional<BytesDigest> adapter;
  std::optional<BytesDigest> template_;
  std::optional<BytesDigest> engine;
  std::string sampling;
  Determinism determinism = Determinism::kUnknown;
  std::optional<TrainingRoot> training_root;  // none: trained on no record of the domain
  friend bool operator==(const ModelIdentity&, const ModelIdentity&) = default;
};
struct Model {
  static constexpr Kind kKind = Kind::kModel;
  StatementId domain;
  std::variant<ModelIdentity, Retire> step;
  friend bool operator==(const Model&, const Model&) = default;
};

struct SteeringTerms {
  std::vector<StatementId> models;  // sorted
  std::optional<BytesDigest> instructions;
  Limits limits;
  friend bool operator==(const SteeringTerms&, const SteeringTerms&) = default;
};
struct WithdrawSteering {
  StatementId steering;
  friend bool operator==(const WithdrawSteering&, const WithdrawSteering&) = default;
};
struct Steering {
  static constexpr Kind kKind = Kind::kSteering;
  StatementId domain;
  std::variant<SteeringTerms, WithdrawSteering> step;
  friend bool operator==(const Steering&, const Steering&) = default;
};

using QueryId = std::array<std::byte, 16>;

struct UsedRecords {
  std::vector<StatementId> ids;  // sorted
  friend bool operator==(const UsedRecords&, const UsedRecords&) = default;
};
struct HiddenUse {
  std::uint64_t bound = 0;  // a power of two
  HiddenRoot root;
  friend bool operator==(const HiddenUse&, const HiddenUse&) = default;
};
struct Answered {
  ContentRoot commitment;
  std::variant<UsedRecords, HiddenUse> used;
  std::vector<StatementId> cited;  // sorted
  std::uint32_t items = 0;
  std::uint32_t characters = 0;
  friend bool operator==(const Answered&, const Answered&) = default;
};
struct RefusedAnswer {
  std::string reason;
  std::uint64_t count = 0;
  friend bool operator==(const RefusedAnswer&, const RefusedAnswer&) = default;
};
struct Inference {
  static constexpr Kind kKind = Kind::kInference;
  std::uint64_t sequence = 0;
  QueryId query_id{};
  StatementId agreement;
  std::optional<StatementId> grant;
  std::optional<StatementId> shape;
  std::string purpose;
  std::optional<FieldCommitment> parameters;
  std::optional<StatementId> model;
  std::optional<StatementId> steering;
  std::vector<ForeignId> onward;  // sorted
  std::variant<Answered, RefusedAnswer> outcome;
  friend bool operator==(const Inference&, const Inference&) = default;
};

// What the root of a HiddenUse is over: shown to auditors, in no statement.
struct Opening {
  std::array<std::byte, 32> salt{};
  std::vector<StatementId> ids;  // sorted
  friend bool operator==(const Opening&, const Opening&) = default;
};
// RFC 6962 root over HMAC-SHA256(salt, id), ids in order, padded with the zero id to `bound`.
// CHECKs that bound is a power of two and not below the number of ids. Cost: 3 bound hashes.
HiddenRoot hidden_root(const Opening& opening, std::uint64_t bound);

}  // namespace holdfast::model
