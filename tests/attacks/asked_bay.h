// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>

#include "tests/federation/met_villages.h"

namespace holdfast::attacks {

using testing::Asking;
using testing::MetVillage;
using testing::Reply;

inline constexpr const char* kQuestion = "how thick is the kelp at the reef";
inline constexpr const char* kSays = "The kelp at the reef is thick.";

// The bay lets the clinic ask it: how many records there are, what they say, and what a model makes
// of them.
class AskedBay : public ::testing::Test {
 protected:
  explicit AskedBay(federation::PeeringOptions of_bay = MetVillage::patient(),
                    bool is_served = false)
      : bay_("bay", std::move(of_bay)) {
    if (is_served) {
      bay_.serve();
      clinic_.serve();
    }
    meet(bay_, clinic_);
    bay_.add_many(11, {{"title", "Kelp"}, {"place", "north reef"}});
    thick_ = bay_.add({{"title", "Reef"}, {"body", kSays}}, testing::kMayBeTrainedOn);
    other_ = bay_.add({{"title", "Reef"}, {"body", "Kina at the reef."}}, testing::kMayBeTrainedOn);
    count_ = bay_.publish(testing::count_shape());
    excerpts_ = bay_.publish(testing::excerpts_shape());
    answer_ = bay_.publish(testing::answer_shape());
    grant_ = grant();
  }

  StatementId grant() { return bay_.grant(bay_.grant_for(clinic_, {count_, excerpts_, answer_})); }
  model::Query how_many() const { return bay_.query_by(clinic_, grant_, count_); }
  model::Query what_of_it() const {
    return bay_.query_by(clinic_, grant_, excerpts_, {{"question", kQuestion}});
  }
  model::Query say_it() const {
    return bay_.query_by(clinic_, grant_, answer_, {{"question", kQuestion}});
  }
  Reply ask(const model::Query& query) { return testing::ask(clinic_, bay_, query); }
  std::string outcome(const model::Query& query) { return ask(query).outcome(); }
  // What the bay answers now, sealed; fails the test where it answers nothing.
  Bytes reply_to(const Asking& asking) {
    bay_.settle();
    auto reply = bay_.peering().holder().take(asking.sealed);
    EXPECT_TRUE(reply) << describe(reply.error());
    return reply && *reply ? **std::move(reply) : Bytes{};
  }

  MetVillage bay_;
  MetVillage clinic_{"clinic"};
  StatementId thick_;
  StatementId other_;
  StatementId count_;
  StatementId excerpts_;
  StatementId answer_;
  StatementId grant_;
};

}  // namespace holdfast::attacks
