// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "federation/question.h"
#include "federation/record_fields.h"

namespace holdfast::federation {

// What a question's arguments ask of each record. Source: spec/asking.md, "What a parameter means".
class Criteria {
 public:
  // Errors: those of check_arguments; kMalformed [ASK-4].
  static Result<Criteria> of(const model::ShapeTemplate& shape,
                             std::span<const model::Argument> arguments, const Words& words);

  // Whether all that is asked of single fields holds.
  bool fits(const RecordFields& fields) const;
  // What title and body are searched for; empty: for nothing.
  const std::string& words() const { return words_; }
  // The field whose values are the cells; empty: none.
  const std::string& cells() const { return cells_; }

 private:
  struct AllWords {
    std::vector<std::string> folded;  // each with its line feeds
    bool operator()(const RecordField& field) const;
  };
  struct SameWords {
    std::string text;
    std::string folded;
    bool operator()(const RecordField& field) const;
  };
  struct WithinNumbers {
    std::int64_t low;
    std::int64_t high;
    bool operator()(const RecordField& field) const;
  };
  struct WithinDays {
    std::int64_t low;
    std::int64_t high;
    bool whole_days;  // a month or a year is none
    bool operator()(const RecordField& field) const;
  };
  struct FieldCriterion {
    std::string field;
    std::variant<AllWords, SameWords, WithinNumbers, WithinDays> wants;
  };
  struct Maker;

  std::vector<FieldCriterion> fields_;
  std::string words_;
  std::string cells_;
};

}  // namespace holdfast::federation
