// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/words.h"

// Words for the kinds by which villages agree, ask, answer and account: one line, in full, and for
// programs. Behind in_one_line, in_words and to_json.
namespace holdfast::cli {

std::string line_of(const model::Agreement& body, log::Reader* reader);
std::string line_of(const model::Shape& body, log::Reader* reader);
std::string line_of(const model::Model& body, log::Reader* reader);
std::string line_of(const model::Steering& body, log::Reader* reader);
std::string line_of(const model::Inference& body, log::Reader* reader);
std::string line_of(const model::Receipt& body, log::Reader* reader);
std::string line_of(const model::Composition& body, log::Reader* reader);
std::string line_of(const model::Transfer& body, log::Reader* reader);
std::string line_of(const model::Decision& body, log::Reader* reader);
std::string line_of(const model::Deliberation& body, log::Reader* reader);
std::string line_of(const model::Report& body, log::Reader* reader);
std::string line_of(const model::Observation& body, log::Reader* reader);
std::string line_of(const model::Exit& body, log::Reader* reader);

Lines lines_of(const model::Agreement& body, log::Reader* reader);
Lines lines_of(const model::Shape& body, log::Reader* reader);
Lines lines_of(const model::Model& body, log::Reader* reader);
Lines lines_of(const model::Steering& body, log::Reader* reader);
Lines lines_of(const model::Inference& body, log::Reader* reader);
Lines lines_of(const model::Receipt& body, log::Reader* reader);
Lines lines_of(const model::Composition& body, log::Reader* reader);
Lines lines_of(const model::Transfer& body, log::Reader* reader);
Lines lines_of(const model::Decision& body, log::Reader* reader);
Lines lines_of(const model::Deliberation& body, log::Reader* reader);
Lines lines_of(const model::Report& body, log::Reader* reader);
Lines lines_of(const model::Observation& body, log::Reader* reader);
Lines lines_of(const model::Exit& body, log::Reader* reader);

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

// Of a grant to a village: which village it is, where the ledger at hand knows; and what it may ask
// and how much. Nothing for an auditor's.
Lines lines_of_grantee(const model::Grant& body, log::Reader* reader);
Lines lines_of_scope(const model::Grant& body, log::Reader* reader);

// "the council" where it is the village's id, else the domain's slug.
std::string office_in_words(const StatementId& domain, log::Reader* reader);

}  // namespace holdfast::cli
