// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>

#include "api/json/json.h"

// The kinds by which villages agree, ask, answer and account: behind to_json, and what words have
// in common with it.
namespace holdfast::json {

Json json_of(const model::Agreement& body);
Json json_of(const model::Shape& body);
Json json_of(const model::Model& body);
Json json_of(const model::Steering& body);
Json json_of(const model::Inference& body);
Json json_of(const model::Receipt& body);
Json json_of(const model::Composition& body);
Json json_of(const model::Transfer& body);
Json json_of(const model::Decision& body);
Json json_of(const model::Deliberation& body);
Json json_of(const model::Report& body);
Json json_of(const model::Observation& body);
Json json_of(const model::Exit& body);

// The terms in a step that has some, else nullptr.
const model::NewTerms* terms_in(const model::Agreement& body);
// "offers", "accepts", ...
const char* step_in_words(const model::Agreement& body);
// "appeals", "closes", "reverses"; "" where it answers none.
const char* answer_in_words(const model::Decision& body);
std::optional<StatementId> answered_in(const model::Decision& body);
const char* view_in_words(model::ReportView view);

}  // namespace holdfast::json
