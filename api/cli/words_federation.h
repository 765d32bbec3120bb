// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/cli/words.h"
#include "api/json/federation.h"

// Words for the kinds by which villages agree, ask, answer and account: one line, and in full.
// Behind in_one_line and in_words.
namespace holdfast::cli {

using json::answer_in_words;
using json::answered_in;
using json::step_in_words;
using json::terms_in;
using json::view_in_words;

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

// Of a grant to a village: which village it is, where the ledger at hand knows; and what it may ask
// and how much. Nothing for an auditor's.
Lines lines_of_grantee(const model::Grant& body, log::Reader* reader);
Lines lines_of_scope(const model::Grant& body, log::Reader* reader);

// "1 record", "3 records".
std::string number_of(std::size_t n, const char* one, const char* many);
// "the council" where it is the village's id, else the domain's slug.
std::string office_in_words(const StatementId& domain, log::Reader* reader);

}  // namespace holdfast::cli
