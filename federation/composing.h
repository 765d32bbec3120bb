// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "federation/asker.h"

// Several villages' answers, side by side. Source: spec/exchange.md, "15 composition".
namespace holdfast::federation {

// One answer in a composition, as it was when it was taken in.
struct ComposedAnswer {
  model::ForeignId grant;          // the village, and the grant that it was answered under
  model::Obligations obligations;  // of the grant
  StatementId inference;           // of the village's log
  std::string domain;              // its slug
  std::string tikanga;             // of the grant
  AnswerText text;
  struct Cited {
    StatementId record;
    model::Guardianship guardianship;
  };
  std::vector<Cited> cited;
  // By the receipt of it.
  StatementId receipt;
  LeafIndex index;        // of the inference in the village's log
  TreeSize size;          // of the checkpoint that it was shown under,
  Seconds sealed_at = 0;  // and when its seal was made
};
struct ComposedRefusal {
  StatementId village;
  std::string reason;
};
struct Composed {
  StatementId id;
  LeafIndex index;
  std::string purpose;
  std::vector<ComposedAnswer> answers;
  std::vector<ComposedRefusal> refusals;
};

// Keeps what was told, each answer still whole and attributed, merged into nothing; its content is
// encrypted like a record's. Refusals that only were counted, and failures, are in it as words.
// Errors: kInvalid where there is no answer; those of Agent::act.
Result<StatementId> compose(Correspondence& correspondence, const std::string& purpose,
                            const std::vector<Told>& told);

// What came of asking several at once.
struct Asked {
  std::vector<Told> told;  // in the order of the questions
  std::optional<StatementId> composition;
  std::optional<Error> not_composed;  // what was in the way of it
};
// Asks, and composes what was answered, where anything was and `composes`; under the purpose of the
// first that was.
Asked ask_together(Asker& asker, Correspondence& correspondence,
                   const std::vector<AskedOf>& questions, bool composes,
                   std::optional<std::chrono::milliseconds> within = {});

// Why a composition may not be used any more: a grant that it rests on was revoked, is over, or its
// agreement is not in force. Nothing: it may, as far as is known here.
struct Fallen {
  model::ForeignId grant;
  std::string why;
};
Result<std::optional<Fallen>> fallen_of(log::Reader& reader,
                                        const std::vector<model::ForeignId>& grants, Seconds now);

// Every composition of this ledger, the oldest first. Linear in entries.
struct CompositionRef {
  StatementId id;
  LeafIndex index;
  model::Composition statement;
};
Result<std::vector<CompositionRef>> compositions(log::Reader& reader);

// What it says. Errors: kNotFound; kInvalid where it is not as compose() makes it; those of
// Reader::content.
Result<Composed> read_composition(log::Reader& reader, const CompositionRef& ref);

// A grant of a peer's that this village may ask under, with the shapes that were shown of it.
struct Askable {
  model::ForeignId grant;
  rules::Found<model::ForeignGrantDetail> state;
  struct Shape {
    StatementId id;
    model::ShapeTemplate shape;
  };
  std::vector<Shape> shapes;
};
// Those to this village, the oldest first, whether live or not. Linear in entries.
Result<std::vector<Askable>> askable(log::Reader& reader);

}  // namespace holdfast::federation
