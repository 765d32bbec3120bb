// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {

Json history_of_grants() {
  History h;
  auto& v = h.v;
  const auto edited = [&](auto edit) {
    auto grant = v.audit_grant();
    edit(grant);
    return grant;
  };
  h.no("no such domain", "GRANT-1", "not found",
       edited([](auto& g) { g.domain.bytes[0] ^= std::byte{1}; }), h.two);
  h.no("the council gives more than audit", "GRANT-2", "invalid", edited([&](auto& g) {
         g.domain = v.village;
         g.operations.mirror = true;
       }),
       h.council);
  h.no("to a village without an agreement", "GRANT-3", "not found",
       edited([&](auto& g) { g.grantee = model::AgreementGrantee{v.domain}; }), h.two);
  h.no("that allows nothing", "GRANT-4", "invalid", edited([](auto& g) { g.operations = {}; }),
       h.two);
  h.no("an auditor who may query", "GRANT-4", "invalid",
       edited([](auto& g) { g.operations.query = true; }), h.two);
  h.no("that has ended", "GRANT-5", "invalid", edited([&](auto& g) {
         g.not_before = v.now - kDay;
         g.not_after = v.now;
       }),
       h.two);
  h.no("that ends before it begins", "GRANT-5", "invalid",
       edited([&](auto& g) { g.not_before = g.not_after; }), h.two);
  h.no("for more than 366 days", "GRANT-5", "invalid",
       edited([&](auto& g) { g.not_after = v.now + 366 * kDay + 1; }), h.two);
  h.no("with a shape that is not there", "GRANT-6", "not found",
       edited([&](auto& g) { g.shapes = {v.domain}; }), h.two);
  h.no("by one guardian", "SIGN-2", "unauthorised", v.audit_grant(), {&v.guardian1});
  h.no("by the council for a domain", "SIGN-1", "unauthorised", v.audit_grant(), h.council);

  const auto grant = testing::sign(v.statement(v.audit_grant()), h.two);
  const StatementId id = model::statement_id(grant.statement);
  h.step("a grant to an auditor", grant, "", "");
  h.ok("a grant of the council", edited([&](auto& g) { g.domain = v.village; }), h.council);
  h.no("revoked by the council", "SIGN-1", "unauthorised", model::Revocation{v.domain, id},
       {&v.council1});
  h.no("revoked for a domain that is none", "GRANT-1", "not found", model::Revocation{id, id},
       {&v.guardian3});
  h.ok("the council's revocation of a domain's grant touches nothing",
       model::Revocation{v.village, id}, {&v.council1});
  h.ok("revoked by any one guardian", model::Revocation{v.domain, id}, {&v.guardian3});
  h.no("revoked twice", "STATE-1", "conflict", model::Revocation{v.domain, id}, {&v.guardian1});
  h.step("given again", grant, "GRANT-7", "conflict");

  const auto later = testing::sign(v.statement(v.audit_grant()), h.two);
  h.ok("revoked before it was sequenced",
       model::Revocation{v.domain, model::statement_id(later.statement)}, {&v.guardian1});
  h.step("and so never given", later, "GRANT-7", "conflict");
  return h.take("grants and revocations");
}

}  // namespace holdfast::vectors
