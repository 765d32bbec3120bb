// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/history.h"

namespace holdfast::vectors {

Json history_of_records() {
  History h;
  auto& v = h.v;
  const auto edited = [&](auto edit) {
    auto record = v.record("x");
    edit(record);
    return record;
  };
  h.no("no such domain", "RECORD-1", "not found", edited([&](auto& r) { r.domain = v.village; }),
       h.two);
  h.no("a guardian who is none", "RECORD-2", "invalid",
       edited([&](auto& r) { r.guardianship.guardians = {v.stranger.id()}; }), h.two);
  h.no("a copy of this village's own record", "RECORD-3", "invalid", edited([&](auto& r) {
         r.origin = model::CopyOrigin{v.village, v.domain, std::nullopt};
       }),
       h.two);
  const StatementId a = h.ok("a record", v.record("a"), h.two);
  const StatementId b = h.ok("another record", v.record("b"), h.two);
  const StatementId nursery = h.ok("a second domain", v.domain_named("nursery", {&v.guardian1}),
                                   {&v.council1, &v.council2, &v.guardian1});

  const auto change = [](const StatementId& record, std::uint64_t version, auto step) {
    return model::RecordChange{record, version, step};
  };
  h.no("no such record", "CHANGE-1", "not found", change(nursery, 0, model::Withdraw{}),
       {&v.guardian1});
  h.no("another version", "CHANGE-2", "conflict", change(a, 2, model::Supersede{b}), h.two);
  h.no("superseded by itself", "CHANGE-4", "invalid", change(a, 1, model::Supersede{a}), h.two);
  h.no("superseded by a domain", "CHANGE-4", "not found", change(a, 1, model::Supersede{nursery}),
       h.two);
  h.no("restored although active", "CHANGE-3", "invalid", change(a, 1, model::Restore{}), h.two);
  h.no("handed over to its own domain", "CHANGE-5", "invalid",
       change(a, 1, model::HandOver{v.domain}), h.two);
  h.no("handed over by one side", "SIGN-2", "unauthorised", change(a, 1, model::HandOver{nursery}),
       {&v.guardian2, &v.guardian3});
  h.ok("superseded", change(a, 1, model::Supersede{b}), h.two);
  h.no("a withdrawal that names a version", "CHANGE-2", "invalid", change(a, 2, model::Withdraw{}),
       {&v.guardian3});
  const auto withdrawal =
      testing::sign(v.statement(change(a, 0, model::Withdraw{})), {&v.guardian3});
  h.step("any one guardian withdraws", withdrawal, "", "");
  h.no("withdrawn twice", "CHANGE-3", "invalid", change(a, 0, model::Withdraw{}), {&v.guardian1});
  h.no("restored by one guardian", "SIGN-2", "unauthorised", change(a, 3, model::Restore{}),
       {&v.guardian1});
  h.ok("restored by the threshold, superseded as before", change(a, 3, model::Restore{}), h.two);
  h.step("the same withdrawal again", withdrawal, "STATE-1", "conflict");
  h.ok("handed over by both", change(b, 1, model::HandOver{nursery}), h.two);
  h.no("the domain that gave it cannot withdraw it", "SIGN-1", "unauthorised",
       change(b, 0, model::Withdraw{}), {&v.guardian2});
  h.no("erased by one guardian", "SIGN-2", "unauthorised", change(a, 4, model::Erase{}),
       {&v.guardian1});
  h.ok("erased", change(a, 4, model::Erase{}), h.two);
  h.no("restored after it was erased", "CHANGE-3", "invalid", change(a, 5, model::Restore{}),
       h.two);
  h.no("superseded by an erased record", "CHANGE-4", "invalid", change(b, 2, model::Supersede{a}),
       {&v.guardian1});
  return h.take("records");
}

}  // namespace holdfast::vectors
