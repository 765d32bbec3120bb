// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/holdings.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "tests/federation/asked_records.h"
#include "tests/log/held_fixture.h"

// What a village on disk can be asked of, as its log goes on.
namespace holdfast::federation {
namespace {

using testing::AskedRecords;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Ids = std::vector<StatementId>;

constexpr std::int64_t kDays2020 = 18262;
constexpr std::int64_t kDays2030 = 21915;
constexpr std::chrono::seconds kPatience{20};

model::ShapeTemplate asking(model::Operation operation) {
  model::ShapeTemplate shape;
  shape.operation = operation;
  shape.parameters = {
      {"by", model::ChoiceParameter{{"reason", "season"}}},
      {"count_from", model::IntegerParameter{0, 5000}},
      {"day_to", model::DateParameter{kDays2020, kDays2030}},
      {"place", model::TextParameter{100}},
      {"question", model::TextParameter{1000}},
      {"season", model::ChoiceParameter{{"summer", "winter"}}},
      {"words", model::TextParameter{1000}},
  };
  return shape;
}

Ids sorted(Ids ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

class HoldingsTest : public AskedRecords {
 protected:
  using Operation = model::Operation;

  void start() {
    holdings = Holdings::start(*readers);
    holdings->wait_ready();
  }
  // Until what is committed now has been followed.
  void follow() {
    const TreeSize size = village.read()->size();
    holdings->wake();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (holdings->size() < size && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ASSERT_GE(holdings->size(), size);
  }
  DomainQuestion question(Operation operation, std::vector<model::Argument> arguments = {}) const {
    DomainQuestion asked;
    asked.domain = village.domain;
    asked.shape = asking(operation);
    asked.arguments = std::move(arguments);
    return asked;
  }
  Chosen choose(const DomainQuestion& asked) {
    const auto chosen = holdings->choose(asked);
    EXPECT_TRUE(chosen) << (chosen ? "" : describe(chosen.error()));
    return chosen ? *chosen : Chosen{};
  }
  Ids found(std::vector<model::Argument> arguments = {}) {
    return choose(question(Operation::kCount, std::move(arguments))).records;
  }
  Ids found_in(const StatementId& domain) {
    DomainQuestion asked = question(Operation::kCount);
    asked.domain = domain;
    return choose(asked).records;
  }

  std::unique_ptr<log::Readers> readers = *log::Readers::open(village.paths);
  std::unique_ptr<Holdings> holdings;
};

TEST_F(HoldingsTest, AreWhatWasThereAtTheStartAndWhatCameSince) {
  const StatementId first = add({{"title", "Kelp"}, {"body", "of the bay"}});
  start();
  EXPECT_EQ(holdings->size(), village.read()->size());
  EXPECT_THAT(found(), ElementsAre(first));
  const StatementId second = add({{"title", "Kina"}, {"body", "of the reef"}});
  follow();
  EXPECT_EQ(found(), sorted({first, second}));
  EXPECT_THAT(found({{"words", "kina"}}), ElementsAre(second));
}

TEST_F(HoldingsTest, FollowTheLogWithoutBeingWoken) {
  start();
  const StatementId record = add({{"body", "kelp"}});
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (found().empty() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_THAT(found(), ElementsAre(record));
}

TEST_F(HoldingsTest, LoseWhatWasWithdrawnUntilItIsRestored) {
  const StatementId record = add({{"body", "kelp"}});
  start();
  withdraw(record);
  follow();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(found({{"words", "kelp"}}), IsEmpty());
  change(record, model::Restore{});
  follow();
  EXPECT_THAT(found({{"words", "kelp"}}), ElementsAre(record));
}

TEST_F(HoldingsTest, LoseWhatWasErasedOrSupersededForGood) {
  const StatementId erased = add({{"body", "kelp"}});
  const StatementId old = add({{"body", "kelp once"}});
  const StatementId young = add({{"body", "kelp again"}});
  start();
  EXPECT_EQ(found({{"words", "kelp"}}).size(), 3u);
  erase(erased);
  change(old, model::Supersede{young});
  follow();
  EXPECT_THAT(found({{"words", "kelp"}}), ElementsAre(young));
  holdings.reset();
  start();
  EXPECT_THAT(found(), ElementsAre(young));
}

TEST_F(HoldingsTest, MoveWhatIsHandedOverToItsNewDomain) {
  const StatementId record = add({{"body", "kelp"}});
  start();
  change(record, model::HandOver{songs_});
  follow();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(found_in(songs_), ElementsAre(record));
}

TEST_F(HoldingsTest, OfADomainWithoutRecordsAreNone) {
  start();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(found_in(StatementId{}), IsEmpty());
}

TEST_F(HoldingsTest, LeaveOutWhatMayNotBeRead) {
  model::Policy policy = testing::kReadOnly;
  policy.read = false;
  add({{"body", "kelp"}}, policy);
  start();
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(HoldingsTest, LeaveOutARecordWithoutContentHere) {
  log::Admission bare = record({{"body", "kelp"}});
  bare.content.reset();
  submit(std::move(bare));
  const StatementId whole = add({{"body", "kelp"}});
  start();
  EXPECT_THAT(found(), ElementsAre(whole));
}

TEST_F(HoldingsTest, LeaveOutWhatAHeldWithdrawalNames) {
  const StatementId kept = add({{"body", "kelp"}});
  const StatementId taken_back = add({{"body", "kelp"}});
  start();
  EXPECT_EQ(found().size(), 2u);
  std::filesystem::create_directories(village.paths.held());
  testing::put_held(village, village.withdrawal(taken_back));
  EXPECT_THAT(found(), ElementsAre(kept));
}

TEST_F(HoldingsTest, ReachNoFurtherThanTheGrant) {
  const StatementId open = add({{"body", "kelp"}}, testing::kReadOnly, {"TK A"});
  const StatementId other = add({{"body", "kelp"}}, testing::kReadOnly, {"BC R", "TK NC"});
  add({{"body", "kelp"}});
  start();
  DomainQuestion asked = question(Operation::kExists);
  asked.records = model::RecordLabels{{"TK A", "TK NC"}};
  EXPECT_EQ(choose(asked).records, sorted({open, other}));
  asked.records = model::RecordLabels{{"TK"}};
  EXPECT_THAT(choose(asked).records, IsEmpty());
  asked.records = model::RecordIds{{other}};
  EXPECT_THAT(choose(asked).records, ElementsAre(other));
  asked.records = model::RecordIds{{village.domain}};
  EXPECT_THAT(choose(asked).records, IsEmpty());
}

TEST_F(HoldingsTest, AreFoundByTheirFields) {
  const StatementId north = add({{"place", "Te \u0100kau, north"}, {"count", "12"}});
  const StatementId south = add({{"place", "south"}, {"count", "40"}, {"day", "2025-03"}});
  const StatementId vague = add({{"count", "about forty"}, {"season", "Summer"}});
  start();
  EXPECT_THAT(found({{"place", "AKAU"}}), ElementsAre(north));
  EXPECT_THAT(found({{"count_from", "13"}}), ElementsAre(south));
  EXPECT_EQ(found({{"count_from", "0"}}), sorted({north, south}));
  EXPECT_THAT(found({{"day_to", "2025-03-01"}}), ElementsAre(south));
  EXPECT_THAT(found({{"day_to", "2025-02-28"}}), IsEmpty());
  EXPECT_THAT(found({{"season", "summer"}}), ElementsAre(vague));
}

TEST_F(HoldingsTest, AreFoundByTheirWordsWithOrWithoutMacrons) {
  const StatementId marked = add({{"title", "P\u0101ua"}, {"body", "k\u014dk\u014d iti"}});
  const StatementId plain = add({{"title", "Koko"}, {"body", "paua"}});
  add({{"title", "Kina"}, {"other", "paua koko"}});
  start();
  for (const char* words : {"paua koko", "p\u0101ua K\u014dK\u014d", "koko, PAUA!"})
    EXPECT_EQ(found({{"words", words}}), sorted({marked, plain})) << words;
}

TEST_F(HoldingsTest, AreCountedWhereAllWordsAreAndQuotedWhereAnyIs) {
  const StatementId both = add({{"title", "Kelp"}, {"body", "kina eat kelp"}});
  const StatementId one = add({{"title", "Sand"}, {"body", "kina on sand and on rock"}});
  add({{"title", "Tides"}, {"body", "of the moon"}});
  start();
  const std::vector<model::Argument> asked{{"question", "kelp"}, {"words", "kina"}};
  EXPECT_THAT(found(asked), ElementsAre(both));
  const Chosen quoted = choose(question(Operation::kExcerpts, asked));
  EXPECT_EQ(quoted.records, sorted({both, one}));
  ASSERT_EQ(quoted.passages.size(), 2u);
  EXPECT_EQ(quoted.passages[0].record, both);
  EXPECT_EQ(quoted.passages[0].title, "Kelp");
  EXPECT_EQ(quoted.passages[1].text, "kina on sand and on rock");
  EXPECT_THAT(choose(question(Operation::kCount, asked)).passages, IsEmpty());
}

TEST_F(HoldingsTest, AreQuotedFromTheBestOnly) {
  std::vector<log::Admission> many;
  for (std::size_t i = 0; i < kPassagesMax + 8; ++i)
    many.push_back(record({{"body", "kelp " + std::to_string(i)}}));
  village.submit(*sequencer, std::move(many));
  const StatementId best = add({{"title", "Kelp"}, {"body", "kelp kelp"}});
  start();
  const Chosen chosen = choose(question(Operation::kAnswer, {{"question", "where is kelp"}}));
  EXPECT_EQ(chosen.records.size(), kPassagesMax + 9);
  ASSERT_EQ(chosen.passages.size(), kPassagesMax);
  EXPECT_EQ(chosen.passages.front().record, best);
  const Chosen unasked = choose(question(Operation::kExcerpts));
  ASSERT_EQ(unasked.passages.size(), kPassagesMax);
  for (std::size_t i = 0; i < kPassagesMax; ++i)
    EXPECT_EQ(unasked.passages[i].record, unasked.records[i]) << "where nothing ranks, the id does";
}

TEST_F(HoldingsTest, OfAHistogramAreInTheCellsOfTheirValues) {
  const StatementId a = add({{"reason", "asthma"}});
  const StatementId b = add({{"reason", "asthma"}});
  const StatementId other = add({{"reason", "Asthma"}});
  const StatementId none = add({{"body", "asthma"}});
  const StatementId huge = add({{"reason", std::string(kShortFieldBytesMax + 1, 'a')}});
  const StatementId lines = add({{"reason", "one\ntwo"}});
  start();
  const Chosen chosen = choose(question(Operation::kHistogram, {{"by", "reason"}}));
  EXPECT_EQ(chosen.records, sorted({a, b, other, none, huge, lines}));
  ASSERT_EQ(chosen.cells.size(), 2u) << "as it stands in the content";
  EXPECT_EQ(chosen.cells.at("asthma"), sorted({a, b}));
  EXPECT_EQ(chosen.cells.at("Asthma"), Ids{other});
}

TEST_F(HoldingsTest, TakeNoHostileArgument) {
  const StatementId record = add({{"title", "Kelp"}, {"body", "NOT near"}});
  start();
  for (const char* words : {"\"kelp\" OR 1", "kel*", "title:kelp", "'); DROP TABLE documents; --"})
    EXPECT_THAT(found({{"words", words}}), IsEmpty()) << words;
  EXPECT_THAT(found({{"words", "kelp NOT near"}}), ElementsAre(record));
  std::string many;
  for (std::size_t i = 0; i <= kSearchTermsMax; ++i) many += "w ";
  for (const std::vector<model::Argument>& arguments :
       std::vector<std::vector<model::Argument>>{{{"words", many}},
                                                 {{"words", "..."}},
                                                 {{"words", std::string(1001, 'a')}},
                                                 {{"count_from", "1e3"}},
                                                 {{"body", "kelp"}}}) {
    const auto refused = holdings->choose(question(Operation::kCount, arguments));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kMalformed);
    EXPECT_THAT(refused.error().rule, HasSubstr("ASK-"));
  }
}

TEST_F(HoldingsTest, AreUnavailableUntilTheyHaveBeenRead) {
  std::vector<log::Admission> batch = village.record_batch(600);
  village.submit(*sequencer, std::move(batch));
  holdings = Holdings::start(*readers);
  const auto early = holdings->choose(question(Operation::kCount));
  if (!early) {
    EXPECT_EQ(early.error().code, Code::kUnavailable);
    EXPECT_THAT(early.error().found, HasSubstr("entries read so far"));
  }
  holdings->wait_ready();
  EXPECT_TRUE(holdings->ready());
  EXPECT_EQ(found().size(), 600u);
}

TEST_F(HoldingsTest, StopInTheMiddleOfReading) {
  village.submit(*sequencer, village.record_batch(600));
  for (int i = 0; i < 5; ++i) {
    holdings = Holdings::start(*readers);
    const auto before = std::chrono::steady_clock::now();
    holdings.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
  }
}

TEST_F(HoldingsTest, SayWhyTheyCannotBeReadAndTryAgain) {
  const StatementId record = add({{"body", "kelp"}});
  const std::string slots = village.paths.directory() + "/slots";
  std::filesystem::rename(slots, slots + ".away");
  holdings = Holdings::start(*readers);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::string why;
  while (why.find("slots") == std::string::npos && std::chrono::steady_clock::now() < until) {
    const auto refused = holdings->choose(question(Operation::kCount));
    ASSERT_FALSE(refused) << "nothing was read";
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    why = refused.error().found;
  }
  EXPECT_THAT(why, HasSubstr("slots"));
  EXPECT_FALSE(holdings->ready());
  std::filesystem::rename(slots + ".away", slots);
  holdings->wake();
  holdings->wait_ready();
  EXPECT_THAT(found({{"words", "kelp"}}), ElementsAre(record));
}

TEST_F(HoldingsTest, AnswerManyAtOnceWhileTheLogGoesOn) {
  start();
  std::atomic<bool> done{false};
  std::vector<std::thread> askers;
  for (int i = 0; i < 2; ++i)
    askers.emplace_back([&] {
      std::size_t last = 0;
      while (!done) {
        const auto chosen = holdings->choose(question(Operation::kCount, {{"words", "kelp"}}));
        ASSERT_TRUE(chosen) << describe(chosen.error());
        EXPECT_GE(chosen->records.size(), last) << "nothing was taken back";
        last = chosen->records.size();
      }
    });
  for (int i = 0; i < 20; ++i) {
    add({{"body", "kelp " + std::to_string(i)}});
    holdings->wake();
  }
  follow();
  done = true;
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(found({{"words", "kelp"}}).size(), 20u);
}

// Copies need rules 2 and a peer; what is kept of them is the same.
TEST(DomainRecordsTest, LetACopyBeUsedOnlyWhereItMayBePassedOn) {
  const auto id = [](unsigned number) {
    StatementId out;
    out.bytes.back() = static_cast<std::byte>(number);
    return out;
  };
  DomainRecords records = *DomainRecords::open();
  ASSERT_TRUE(records.put({{}, std::nullopt, {}}, {id(1), "own", ""}));
  ASSERT_TRUE(records.put({{}, model::CopyOrigin{id(8), id(9), id(10)}, {}}, {id(2), "copy", ""}));
  DomainRecords::Standing standing{[](const StatementId&) -> Result<bool> { return false; }};
  DomainQuestion asked;
  asked.shape = asking(model::Operation::kCount);
  const Criteria all = *Criteria::of(asked.shape, {}, *Words::open());
  EXPECT_THAT(records.choose(asked, all, standing)->records, ElementsAre(id(1)));
  bool may = false;
  standing.may_pass_on = [&](const model::CopyOrigin& origin) -> Result<bool> {
    EXPECT_EQ(origin, (model::CopyOrigin{id(8), id(9), id(10)}));
    return may;
  };
  EXPECT_THAT(records.choose(asked, all, standing)->records, ElementsAre(id(1)));
  may = true;
  EXPECT_THAT(records.choose(asked, all, standing)->records, ElementsAre(id(1), id(2)));
}

TEST(DomainRecordsTest, PassOnThatItCannotBeToldWhatIsTakenBack) {
  DomainRecords records = *DomainRecords::open();
  ASSERT_TRUE(records.put({}, {StatementId{}, "own", ""}));
  DomainQuestion asked;
  asked.shape = asking(model::Operation::kCount);
  const DomainRecords::Standing standing{[](const StatementId&) -> Result<bool> {
    return Error{Code::kUnavailable, "", "held/", "unreadable", ""};
  }};
  const auto refused =
      records.choose(asked, *Criteria::of(asked.shape, {}, *Words::open()), standing);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
}

}  // namespace
}  // namespace holdfast::federation
