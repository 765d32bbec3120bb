// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/names.h"
#include "ledger/model/statement.h"

namespace holdfast::model {
namespace {

constexpr const char* kAgreementKinds[] = {"peer", "hierarchical", "consortium"};
constexpr const char* kReceiptsOf[] = {"answer",   "refusal",  "revocation",
                                       "deletion", "transfer", "grant"};
constexpr const char* kVerdicts[] = {"allow", "deny", "escalate"};

}  // namespace

const char* agreement_kind_name(AgreementKind kind) { return name_of(kAgreementKinds, kind, 1); }
Result<AgreementKind> parse_agreement_kind(std::string_view name) {
  return parse_name<AgreementKind>(kAgreementKinds, name, 1, "kind of agreement");
}

const char* receipt_of_name(ReceiptOf of) { return name_of(kReceiptsOf, of, 1); }

const char* verdict_name(Verdict verdict) { return name_of(kVerdicts, verdict, 1); }
Result<Verdict> parse_verdict(std::string_view name) {
  return parse_name<Verdict>(kVerdicts, name, 1, "verdict");
}

}  // namespace holdfast::model
