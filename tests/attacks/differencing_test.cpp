// SPDX-License-Identifier: AGPL-3.0-or-later
#include <chrono>

#include "tests/attacks/asked_bay.h"

// Whoever asks twice, or together with others, to learn of one person what no answer says.
// Source: spec/asking.md, "Disclosure control".
namespace holdfast::attacks {
namespace {

using ::testing::Each;
using ::testing::Eq;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const model::Argument kNorth{"place", "north"};

// Visits to a clinic that the school may count. Twelve people of the north came, eleven of them
// for asthma and one, whom everybody knows, for something else; of the south two came.
class Differencing : public ::testing::Test {
 protected:
  Differencing() {
    bay_.serve();
    clinic_.serve();
    meet(bay_, clinic_);
    bay_.add_many(11, {{"place", "north"}, {"title", "asthma"}});
    bay_.add_many(1, {{"place", "north"}, {"title", "burns"}});
    bay_.add_many(2, {{"place", "south"}, {"title", "burns"}});
    count_ = bay_.publish(testing::count_shape());
    histogram_ = bay_.publish(testing::histogram_shape({"place", "title"}));
    grant_ = bay_.grant(bay_.grant_for(clinic_, {count_, histogram_}));
  }
  Reply ask(MetVillage& asker, const StatementId& grant, const StatementId& shape,
            std::vector<model::Argument> arguments) {
    return testing::ask(asker, bay_, bay_.query_by(asker, grant, shape, std::move(arguments)));
  }
  std::string outcome(const StatementId& shape, std::vector<model::Argument> arguments) {
    return ask(clinic_, grant_, shape, std::move(arguments)).outcome();
  }
  // Of the same village over again, which has told nothing: what it would say.
  std::string outcome_of(MetVillage& twin, const StatementId& shape,
                         std::vector<model::Argument> arguments) {
    twin.settle();
    const auto query = twin.query_by(clinic_, grant_, shape, std::move(arguments));
    const auto reply = twin.peering().holder().take(clinic_.ask(twin, query).sealed);
    const auto body = clinic_.opened(reply.value().value()).envelope.body;
    const auto* refusal = std::get_if<model::Refusal>(&body);
    return refusal == nullptr ? "answered" : refusal->reason;
  }

  MetVillage bay_{"bay"};
  MetVillage clinic_{"clinic"};
  StatementId count_;
  StatementId histogram_;
  StatementId grant_;
};

TEST_F(Differencing, WithAndWithoutOnePersonIsInsufficientWhicheverIsAskedFirst) {
  MetVillage twin(bay_);  // which has told nothing
  EXPECT_EQ(outcome(count_, {kNorth}), "answered");
  EXPECT_EQ(outcome(count_, {kNorth, {"words", "asthma"}}), federation::reason::kInsufficient);
  EXPECT_EQ(outcome_of(twin, count_, {kNorth, {"words", "asthma"}}), "answered")
      << "alone it tells of eleven";
  EXPECT_EQ(outcome_of(twin, count_, {kNorth}), federation::reason::kInsufficient);
}

TEST_F(Differencing, ByTheMaskOfOnePersonIsInsufficient) {
  EXPECT_EQ(outcome(count_, {kNorth}), "answered");
  // Who was not there for burns: the mask takes one away.
  EXPECT_EQ(outcome(count_, {{"words", "asthma"}}), federation::reason::kInsufficient);
  EXPECT_EQ(outcome(count_, {kNorth}), "answered") << "the same set as before";
}

TEST_F(Differencing, ByACellOfAHistogramBesideACountIsInsufficient) {
  bay_.add_many(6, {{"place", "north"}, {"title", "cough"}});
  bay_.add_many(1, {{"place", "south"}, {"title", "asthma"}});
  MetVillage twin(bay_);
  const std::vector<model::Argument> by_title{{"by", "title"}, kNorth};
  EXPECT_EQ(outcome_of(twin, histogram_, by_title), "answered") << "alone it may be told";
  EXPECT_EQ(outcome(count_, {{"words", "asthma"}}), "answered");
  EXPECT_EQ(outcome(histogram_, by_title), federation::reason::kInsufficient)
      << "its cell of asthma is eleven of the twelve";
}

TEST_F(Differencing, SurvivesARestartOfTheHolder) {
  EXPECT_EQ(outcome(count_, {kNorth}), "answered");
  bay_.restart();
  EXPECT_EQ(outcome(count_, {kNorth, {"words", "asthma"}}), federation::reason::kInsufficient);
  EXPECT_EQ(outcome(count_, {kNorth}), "answered");
}

// Who waits until somebody has taken his record back, and asks again.
TEST_F(Differencing, BeforeAndAfterOnePersonHasLeftIsInsufficient) {
  const StatementId burns = bay_.all<model::Record>().at(11).id;
  EXPECT_EQ(outcome(count_, {kNorth}), "answered") << "twelve, with the one of burns";
  bay_.withdraw(burns);
  EXPECT_EQ(outcome(count_, {kNorth}), federation::reason::kInsufficient);
  bay_.add_many(6, {{"place", "north"}, {"title", "cough"}});
  EXPECT_EQ(outcome(count_, {kNorth}), "answered") << "seven differ: who is gone is one of many";
}

TEST_F(Differencing, ByAskingAgainLearnsNothingAndSpendsTheGrant) {
  model::Grant twenty = bay_.grant_for(clinic_, {count_});
  twenty.limits.calls = 20;
  grant_ = bay_.grant(twenty);
  std::vector<std::uint64_t> told;
  for (int i = 0; i < 20; ++i) {
    const Reply reply = ask(clinic_, grant_, count_, {kNorth});
    ASSERT_EQ(reply.outcome(), "answered") << i;
    told.push_back(reply.answer->text.count);
  }
  EXPECT_THAT(told, Each(Eq(10u))) << "of twelve: there is no noise to be averaged away";
  EXPECT_EQ(outcome(count_, {kNorth}), federation::reason::kBudget);
}

TEST_F(Differencing, ByFiveGranteesTogetherIsInsufficient) {
  constexpr int kColluding = 5;
  std::vector<std::unique_ptr<MetVillage>> villages;
  std::vector<StatementId> grants;
  for (int i = 0; i < kColluding; ++i) {
    villages.push_back(std::make_unique<MetVillage>("colluding" + std::to_string(i)));
    meet(bay_, *villages.back());
    grants.push_back(bay_.grant(bay_.grant_for(*villages.back(), {count_})));
  }
  const auto asks = [&](int who, std::vector<model::Argument> arguments) {
    const auto at = static_cast<std::size_t>(who);
    return ask(*villages[at], grants[at], count_, std::move(arguments)).outcome();
  };
  EXPECT_EQ(asks(0, {kNorth}), "answered");
  EXPECT_EQ(asks(1, {{"words", "asthma"}}), federation::reason::kInsufficient);
  EXPECT_EQ(asks(2, {kNorth, {"words", "asthma"}}), federation::reason::kInsufficient);
  EXPECT_EQ(asks(3, {}), federation::reason::kInsufficient) << "all are two more than the north";
  EXPECT_EQ(asks(4, {kNorth}), "answered") << "what one was told another may be told";
  EXPECT_THAT(bay_.answers(), SizeIs(2));
}

// --- zero from two ------------------------------------------------------------------------------

// What of an envelope does not depend on where in its trees something happens to be.
std::size_t bytes_but_for_proofs(const model::Envelope& envelope) {
  std::size_t proofs = 0;
  const auto padded = [](std::size_t bytes) { return (bytes + 7) / 8 * 8; };
  for (const auto& subject : envelope.state.subjects) proofs += padded(subject.proof.size());
  proofs += 32 * envelope.state.seal.path.size();
  const auto& refusal = std::get<model::Refusal>(envelope.body);
  proofs += 32 * refusal.inference.value().path.size();
  for (const auto& growth : envelope.consistency) proofs += 32 * growth.proof.size();
  return model::encode_envelope(envelope).size() - proofs;
}

TEST_F(Differencing, TellsZeroFromTwoByNothingThatTheAskerOrEitherLogIsShown) {
  const auto asked = [&](const std::string& words) {
    bay_.settle();
    const Asking asking = clinic_.ask(
        bay_, bay_.query_by(clinic_, grant_, count_, {{"place", "south"}, {"words", words}}));
    const Bytes reply = bay_.peering().holder().take(asking.sealed).value().value();
    EXPECT_EQ(clinic_.believe(asking, reply).outcome(), federation::reason::kInsufficient);
    return clinic_.opened(reply).envelope;
  };
  static_cast<void>(asked("walrus"));  // so that both of them bring what was seen before
  const model::Envelope none = asked("walrus");
  const model::Envelope two = asked("burns");
  EXPECT_EQ(bytes_but_for_proofs(none), bytes_but_for_proofs(two));
  const auto& of_none = std::get<model::Refusal>(none.body);
  const auto& of_two = std::get<model::Refusal>(two.body);
  EXPECT_EQ(of_none.reason, of_two.reason);
  EXPECT_EQ(of_none.behind, of_two.behind);
  EXPECT_EQ(of_none.inference->signed_statement.size(), of_two.inference->signed_statement.size());
  EXPECT_EQ(of_none.inference->entry.size(), of_two.inference->entry.size());
  // What stands in the log is alike but for what is random or counts on.
  auto refusals = bay_.refusals();
  ASSERT_THAT(refusals, SizeIs(3));
  for (auto& one : refusals) {
    one.body.sequence = 0;
    one.body.query_id = {};
    ASSERT_TRUE(one.body.parameters);
    one.body.parameters.reset();
  }
  EXPECT_EQ(refusals[1].body, refusals[2].body);
  // Nor is anything kept beside the entries of which records there were.
  std::size_t rows = 0;
  ASSERT_TRUE(bay_.read()->each_side_row(log::SideRow::Table::kAnswered, LeafIndex{0},
                                         [&](LeafIndex, ByteView) { ++rows; }));
  EXPECT_EQ(rows, 0u);
  EXPECT_EQ(outcome(count_, {kNorth}), "answered") << "five and more are told";
}

// How much sooner none is seen than two, or than a set too near to another, is not to be told by a
// clock: none of them is said before the moment at which all three are.
TEST_F(Differencing, SaysThatTooLittleIsThereNoSoonerForNoneThanForTwoOrForWhatIsTooNear) {
  constexpr std::chrono::milliseconds kMoment{25};
  ASSERT_EQ(outcome(count_, {kNorth}), "answered");
  const std::vector<std::vector<model::Argument>> questions{
      {{"place", "south"}, {"words", "walrus"}},
      {{"place", "south"}, {"words", "burns"}},
      {kNorth, {"words", "asthma"}}};
  for (const auto& arguments : questions) {
    const Asking asking = clinic_.ask(bay_, bay_.query_by(clinic_, grant_, count_, arguments));
    const auto began = std::chrono::steady_clock::now();
    const auto reply = bay_.peering().holder().take(asking.sealed);
    EXPECT_GE(std::chrono::steady_clock::now() - began, kMoment);
    ASSERT_TRUE(reply && *reply);
    EXPECT_EQ(clinic_.believe(asking, **reply).outcome(), federation::reason::kInsufficient);
  }
}

TEST_F(Differencing, TellsZeroFromTwoByNothingInTheAskersLogEither) {
  ASSERT_EQ(tell(clinic_, bay_, bay_.notice_of_grant(clinic_, grant_)), "");
  bay_.settle();
  for (const char* const words : {"walrus", "burns"}) {
    const auto told = clinic_.peering().asker().ask({bay_.village,
                                                     grant_,
                                                     count_,
                                                     "teaching",
                                                     {{"place", "south"}, {"words", words}},
                                                     0,
                                                     0,
                                                     {}});
    ASSERT_TRUE(told.refusal) << (told.failure ? describe(*told.failure) : words);
    EXPECT_EQ(told.refusal->reason, federation::reason::kInsufficient);
    EXPECT_TRUE(told.receipt);
  }
  const auto receipts = clinic_.all<model::Receipt>();
  ASSERT_THAT(receipts, SizeIs(3)) << "of the grant, and of either refusal";
  const model::Receipt& none = receipts[1].body;
  const model::Receipt& two = receipts[2].body;
  EXPECT_EQ(none.acknowledges, two.acknowledges);
  EXPECT_EQ(none.rejected, two.rejected);
  EXPECT_EQ(none.state->history, two.state->history);
  ASSERT_EQ(none.state->subjects.size(), two.state->subjects.size());
  for (std::size_t i = 0; i < none.state->subjects.size(); ++i) {
    const auto& of_none = none.state->subjects[i];
    const auto& of_two = two.state->subjects[i];
    EXPECT_EQ(of_none.state_class, of_two.state_class);
    EXPECT_EQ(of_none.value.size(), of_two.value.size());
    EXPECT_EQ(of_none.detail.size(), of_two.detail.size());
  }
}

}  // namespace
}  // namespace holdfast::attacks
