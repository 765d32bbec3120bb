// SPDX-License-Identifier: AGPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "tests/rules/accusing.h"
#include "tests/verifier/program.h"

namespace holdfast::testing {
namespace {

class EvidenceProgram : public Program {
 protected:
  std::string file(decltype(model::Evidence::of) of) {
    return put("evidence", model::encode_evidence(a.evidence(std::move(of))));
  }
  Accusing a;
};

TEST_F(EvidenceProgram, SaysWhichKeyOfWhichVillageDidWhat) {
  const std::string command = "evidence " + file(a.two_roots());
  const std::string size = std::to_string(a.v.ledger.size().value + 2);
  expect(0,
         "the operator's key " + a.v.operator_key.id().hex() + " of village " + a.v.village.hex() +
             " signed two roots for size " + size,
         command + " --village=" + a.v.village.hex());
  expect(0, "pass --village", command);
  expect(1, "EXPORT-5", command + " --village=" + a.v.domain.hex());
  expect(2, "64 hex digits", command + " --village=nobody");
  expect(0, "the council of village", "evidence " + file(a.two_operators()));
}

TEST_F(EvidenceProgram, RefutesWhatConvictsNobody) {
  auto two = a.two_roots();
  two.second = two.first;
  expect(1, "EVIDENCE-5", "evidence " + file(two));
  expect(1, "BYTES-2", "evidence " + put("no-evidence", to_bytes("they did it")));
  expect(2, "no such file", "evidence " + path("nowhere"));
}

TEST_F(EvidenceProgram, CannotTellWhereTheSealIsWithheld) {
  auto of = a.last_of(LyingLog(a.v));
  of.signed_statement.clear();
  expect(2, "withheld", "evidence " + file(of));
  Bytes newer = model::encode_evidence(a.evidence(a.two_roots()));
  newer[8] = std::byte{2};
  expect(2, "BYTES-1", "evidence " + put("newer", newer));
}

TEST_F(EvidenceProgram, AnswersPrograms) {
  const Ran ran = run("evidence " + file(a.revoked_live()) + " --format json");
  EXPECT_EQ(ran.status, 0);
  const auto json = nlohmann::json::parse(ran.output);
  EXPECT_EQ(json["verdict"], "verified");
  EXPECT_EQ(json["misdeed"], "revokedLive");
  EXPECT_EQ(json["office"], "operator");
  EXPECT_EQ(json["keyIds"], a.v.operator_key.id().hex());
  EXPECT_EQ(json["village"], a.v.village.hex());
}

}  // namespace
}  // namespace holdfast::testing
