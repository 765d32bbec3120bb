// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: the body of a submission over HTTP, JSON.
// Oracle: signed statements that read are written so that they read the same.
#include "api/json/submission.h"
#include "fuzz/target.h"

FUZZ_TARGET(submission) {
  using namespace holdfast;
  auto files = json::parse_submission(as_text(input));
  if (!files || !files->signed_statements) return;
  const auto admissions = json::admissions_of(*std::move(files));
  if (!admissions) return;
  CHECK(!admissions->empty());
  auto again = json::parse_submission(json::format_submission(*admissions));
  CHECK(again.has_value());
  const auto back = json::admissions_of(*std::move(again));
  CHECK(back.has_value());
  CHECK(back->size() == admissions->size());
  for (std::size_t i = 0; i < back->size(); ++i) {
    CHECK((*back)[i].signed_statement == (*admissions)[i].signed_statement);
    CHECK((*back)[i].side_rows.size() == (*admissions)[i].side_rows.size());
  }
}
