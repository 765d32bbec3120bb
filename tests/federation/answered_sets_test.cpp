// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answered_sets.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "tests/federation/record_ids.h"
#include "tests/log/village_fixture.h"

namespace holdfast::federation {
namespace {

using Verdict = AnsweredSets::Verdict;

constexpr Seconds kCountsNow = 1'800'000'000;
const StatementId kReefs = record_number(1);
const StatementId kClinic = record_number(2);

// Asks under a minimum cell of 5, and keeps what may be told.
class CountsAsked {
 public:
  Verdict ask(const RecordIdSet& set) { return ask_all({set}); }
  Verdict ask_all(const std::vector<RecordIdSet>& sets) {
    auto reservation = sets_.reserve(domain, sets, cell, now);
    if (reservation.verdict() == Verdict::kMay) reservation.keep();
    return reservation.verdict();
  }
  AnsweredSets& sets() { return sets_; }
  std::size_t size() const { return sets_.size(domain); }

  StatementId domain = kReefs;
  std::uint32_t cell = 5;
  Seconds now = kCountsNow;

 private:
  AnsweredSets sets_;
};

TEST(AnsweredSets, TellNothingOfOneWhoIsInOneQuestionAndNotInTheOther) {
  CountsAsked asked;
  EXPECT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay);
  EXPECT_EQ(asked.ask(without_record(records_from(0, 40), 17)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(0, 41)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(0, 36)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(0, 35)), Verdict::kMay) << "five are the minimum";
}

TEST(AnsweredSets, TellNothingOfAnybodyByMasksOfOnePerson) {
  CountsAsked asked;
  ASSERT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay);
  for (unsigned person = 0; person < 40; ++person)
    EXPECT_EQ(asked.ask(without_record(records_from(0, 40), person)), Verdict::kInsufficient)
        << person;
  EXPECT_EQ(asked.size(), 1u);
}

TEST(AnsweredSets, SeeAnExchangeOfAFewThoughTheCountIsTheSame) {
  CountsAsked asked;
  ASSERT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay);
  EXPECT_EQ(asked.ask(records_from(2, 40)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(3, 40)), Verdict::kMay);
}

TEST(AnsweredSets, AreOfTheDomainWhicheverOfFiveGranteesAsks) {
  CountsAsked asked;
  unsigned told = 0;
  for (unsigned grantee = 0; grantee < 5; ++grantee)
    if (asked.ask(without_record(records_from(0, 40), grantee)) == Verdict::kMay) ++told;
  EXPECT_EQ(told, 1u) << "what five are told together is what one is told";
  asked.domain = kClinic;
  EXPECT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay) << "another domain has other people";
}

TEST(AnsweredSets, AnswerTheSameQuestionTheSameAndCountItOnce) {
  CountsAsked asked;
  for (int time = 0; time < 100; ++time) {
    ASSERT_EQ(asked.ask(records_from(0, 43)), Verdict::kMay);
    ASSERT_EQ(disclose_count(43, {5, 10}), 40u) << "no average comes nearer to 43";
  }
  EXPECT_EQ(asked.size(), 1u);
}

TEST(AnsweredSets, GoByTheLargerCellOfTheTwo) {
  CountsAsked asked;
  asked.cell = 10;
  ASSERT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay);
  asked.cell = 3;
  EXPECT_EQ(asked.ask(records_from(0, 33)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(0, 30)), Verdict::kMay);
  asked.cell = 10;
  EXPECT_EQ(asked.ask(records_from(0, 30)), Verdict::kMay) << "the same again";
  asked.cell = 3;
  EXPECT_EQ(asked.ask(records_from(0, 27)), Verdict::kInsufficient) << "it was answered under 10";
}

TEST(AnsweredSets, TakeSetsOfAnAnswerAgainstEachOtherAndAgainstNothingAtAll) {
  CountsAsked asked;
  EXPECT_EQ(asked.ask({}), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(0, 4)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask_all({records_from(0, 20), records_from(0, 22)}), Verdict::kInsufficient);
  EXPECT_EQ(asked.size(), 0u);
  EXPECT_EQ(asked.ask_all({records_from(0, 20), records_from(20, 20), records_from(0, 40)}),
            Verdict::kMay);
  EXPECT_EQ(asked.size(), 3u);
}

TEST(AnsweredSets, HoldWhatIsAboutToBeToldAndLetGoOfWhatWasNot) {
  AnsweredSets sets;
  {
    const auto first = sets.reserve(kReefs, {records_from(0, 40)}, 5, kCountsNow);
    ASSERT_EQ(first.verdict(), Verdict::kMay);
    EXPECT_EQ(sets.reserve(kReefs, {records_from(0, 41)}, 5, kCountsNow).verdict(),
              Verdict::kInsufficient);
    EXPECT_EQ(sets.reserve(kReefs, {records_from(0, 40)}, 5, kCountsNow).verdict(), Verdict::kMay);
    EXPECT_EQ(sets.size(kReefs), 1u);
  }
  EXPECT_EQ(sets.size(kReefs), 0u);
  auto second = sets.reserve(kReefs, {records_from(0, 41)}, 5, kCountsNow);
  ASSERT_EQ(second.verdict(), Verdict::kMay);
  {
    auto moved = std::move(second);
    moved.keep();
  }
  EXPECT_EQ(sets.size(kReefs), 1u);
}

TEST(AnsweredSets, KeepASetThatSomebodyElseLetsGoOf) {
  AnsweredSets sets;
  auto first = sets.reserve(kReefs, {records_from(0, 40)}, 5, kCountsNow);
  {
    const auto second = sets.reserve(kReefs, {records_from(0, 40)}, 5, kCountsNow);
    first.keep();
  }
  EXPECT_EQ(sets.reserve(kReefs, {records_from(0, 41)}, 5, kCountsNow).verdict(),
            Verdict::kInsufficient);
}

TEST(AnsweredSets, LetGoAfterTheyAreGone) {
  auto sets = std::make_unique<AnsweredSets>();
  auto reservation = sets->reserve(kReefs, {records_from(0, 40)}, 5, kCountsNow);
  sets = nullptr;
  EXPECT_EQ(reservation.verdict(), Verdict::kMay);
  reservation.keep();
}

TEST(AnsweredSets, ForgetAfterAYearUnlessTheSameWasAskedAgain) {
  CountsAsked asked;
  ASSERT_EQ(asked.ask(records_from(0, 40)), Verdict::kMay);
  ASSERT_EQ(asked.ask(records_from(100, 40)), Verdict::kMay);
  asked.now = kCountsNow + 100 * kDay;
  ASSERT_EQ(asked.ask(records_from(100, 40)), Verdict::kMay);
  asked.now = kCountsNow + AnsweredSets::kKeptFor - 1;
  EXPECT_EQ(asked.ask(records_from(0, 41)), Verdict::kInsufficient);
  asked.now = kCountsNow + AnsweredSets::kKeptFor;
  EXPECT_EQ(asked.ask(records_from(0, 41)), Verdict::kMay);
  EXPECT_EQ(asked.ask(records_from(100, 41)), Verdict::kInsufficient);
}

TEST(AnsweredSets, TellNoMoreOnceTenThousandAreKeptButTheSameAgain) {
  CountsAsked asked;
  for (unsigned i = 0; i < AnsweredSets::kSetsMax; ++i)
    ASSERT_EQ(asked.ask(records_from(5 * i, 5)), Verdict::kMay) << i;
  EXPECT_EQ(asked.ask(records_from(90'000, 5)), Verdict::kFull);
  EXPECT_EQ(asked.ask(records_from(35, 5)), Verdict::kMay);
  EXPECT_EQ(asked.ask(records_from(36, 5)), Verdict::kInsufficient);
  asked.domain = kClinic;
  EXPECT_EQ(asked.ask(records_from(90'000, 5)), Verdict::kMay);
}

TEST(AnsweredSets, TellNothingOfMoreThanARowHolds) {
  CountsAsked asked;
  const unsigned most = 32'000;
  EXPECT_EQ(asked.ask(records_from(0, most)), Verdict::kMay);
  EXPECT_EQ(asked.ask(records_from(0, most + 1'000)), Verdict::kFull);
  EXPECT_EQ(asked.ask(records_from(0, AnsweredSets::kRecordsMax + 1)), Verdict::kFull);
}

TEST(AnsweredSets, LetOneOfTwoTellWhoAskAtTheSameMoment) {
  for (unsigned round = 0; round < 50; ++round) {
    AnsweredSets sets;
    std::atomic<unsigned> told{0};
    std::vector<std::thread> askers;
    for (unsigned asker = 0; asker < 4; ++asker)
      askers.emplace_back([&, asker] {
        auto reservation =
            sets.reserve(kReefs, {without_record(records_from(0, 40), asker)}, 5, kCountsNow);
        if (reservation.verdict() != Verdict::kMay) return;
        reservation.keep();
        ++told;
      });
    for (std::thread& asker : askers) asker.join();
    ASSERT_EQ(told, 1u);
  }
}

RecordIdSet record_mask(std::uint32_t mask) {
  RecordIdSet out;
  for (unsigned i = 0; i < 32; ++i)
    if ((mask >> i & 1) != 0) out.push_back(record_number(i));
  return out;
}

struct CountQuestion {
  std::uint32_t mask;  // of the records that it finds, or of those that it flips
  std::uint32_t cell;
  bool near;  // it flips a few of an earlier one
};

// Whatever sequence of questions is asked: each verdict is that of the rule in one line, and no two
// answered sets differ by 1 to cell - 1.
RC_GTEST_PROP(AnsweredSetsProperty, DifferByNoneOrByTheCellWhateverIsAsked, ()) {
  const auto questions = *rc::gen::container<std::vector<CountQuestion>>(
      rc::gen::construct<CountQuestion>(rc::gen::arbitrary<std::uint32_t>(),
                                        rc::gen::inRange(1u, 8u), rc::gen::arbitrary<bool>()));
  CountsAsked asked;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told = {{0, 1}};  // nothing at all
  for (const CountQuestion& question : questions) {
    const std::uint32_t few = question.mask & question.mask >> 8 & question.mask >> 16;
    const std::uint32_t mask =
        question.near ? told[question.mask % told.size()].first ^ few : question.mask;
    bool may = mask != 0;
    for (const auto& [other, cell] : told) {
      const auto records = static_cast<unsigned>(std::popcount(mask ^ other));
      if (records != 0 && records < std::max(cell, question.cell)) may = false;
    }
    asked.cell = question.cell;
    RC_ASSERT((asked.ask(record_mask(mask)) == Verdict::kMay) == may);
    if (!may) continue;
    const auto again =
        std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.first == mask; });
    if (again == told.end())
      told.emplace_back(mask, question.cell);
    else
      again->second = std::max(again->second, question.cell);
  }
  RC_ASSERT(asked.size() == told.size() - 1);
}

// --- rows
// -----------------------------------------------------------------------------------------

AnsweredRow any_row() {
  AnsweredRow row;
  row.domain = kReefs;
  row.time = *rc::gen::inRange<Seconds>(0, kCountsNow);
  row.cell = *rc::gen::inRange(1u, 50u);
  const auto masks = *rc::gen::suchThat(
      rc::gen::container<std::set<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(1, 1u << 20)),
      [](const auto& some) { return !some.empty(); });
  for (const std::uint32_t mask : masks) row.sets.push_back(record_mask(mask));
  return row;
}

RC_GTEST_PROP(AnsweredRowProperty, IsReadAsItWasWritten, ()) {
  AnsweredRow row = any_row();
  const Bytes bytes = encode_answered(row);
  RC_ASSERT(bytes.size() == answered_bytes(row.sets));
  auto back = decode_answered(bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(encode_answered(*back) == bytes);
  std::sort(row.sets.begin(), row.sets.end());
  std::sort(back->sets.begin(), back->sets.end());
  RC_ASSERT(*back == row);
}

RC_GTEST_PROP(AnsweredRowProperty, IsReadFromNoOtherBytesThanItsOwn, ()) {
  Bytes bytes = encode_answered(any_row());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
  bytes[at / 8] ^= std::byte{1} << (at % 8);
  if (const auto back = decode_answered(bytes)) RC_ASSERT(encode_answered(*back) == bytes);
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size()));
  if (const auto back = decode_answered(bytes)) RC_ASSERT(encode_answered(*back) == bytes);
}

TEST(AnsweredRow, IsTheSameInWhateverOrderTheSetsCome) {
  const RecordIdSet set = records_from(0, 9);
  const RecordIdSet reversed(set.rbegin(), set.rend());
  const Bytes good = encode_answered({kReefs, kCountsNow, 5, {set, records_from(2, 7)}});
  EXPECT_EQ(encode_answered({kReefs, kCountsNow, 5, {records_from(2, 7), reversed, set}}), good);
}

TEST(AnsweredRow, SaysWhatIsWrongWithIt) {
  constexpr std::size_t kIds = 49;
  const Bytes good =
      encode_answered({kReefs, kCountsNow, 5, {records_from(0, 9), records_from(2, 7)}});
  ASSERT_EQ(good.size(), kIds + 9 * 32 + 2 * 2);
  const auto refusal = [](const Bytes& bytes) {
    const auto row = decode_answered(bytes);
    return row ? "none" : row.error().found;
  };
  const auto with = [&](std::size_t at, unsigned value) {
    Bytes bytes = good;
    bytes[at] = static_cast<std::byte>(value);
    return bytes;
  };
  EXPECT_EQ(refusal(good), "none");
  EXPECT_EQ(refusal({}), "0 bytes");
  EXPECT_EQ(refusal(Bytes(log::SideRow::kBytesMax + 1)), "1048577 bytes");
  EXPECT_EQ(refusal(with(0, 2)), "version 2");
  EXPECT_THAT(refusal(with(33, 0x80)), ::testing::StartsWith("time "));
  EXPECT_EQ(refusal(with(44, 0)), "a minimum cell of 0");
  EXPECT_EQ(refusal(with(48, 0)), "0 ids in 341 bytes");
  EXPECT_EQ(refusal(with(45, 255)), "4278190089 ids in 341 bytes");
  EXPECT_THAT(refusal(with(kIds, 1)), ::testing::EndsWith("not after the id before it"));
  EXPECT_EQ(refusal(with(good.size() - 1, 3)), "bit 9 of 9 ids");
  EXPECT_EQ(refusal(with(good.size() - 2, 0)), "a set not after the one before it");
  EXPECT_EQ(refusal(Bytes(good.begin(), good.end() - 2)),
            records_from(0, 1)[0].hex() + " in no set");
  EXPECT_EQ(refusal(Bytes(good.begin(), good.end() - 1)), "3 bytes of sets");
}

TEST(AnsweredSets, AreThoseOfTheLedgersLastYearOnceItIsOpenedAgain) {
  testing::VillageOnDisk village;
  auto sequencer = village.open();
  auto records = village.record_batch(3);
  const auto row = [](Seconds time, const RecordIdSet& set) {
    return std::vector<log::SideRow>{
        {log::SideRow::Table::kAnswered, encode_answered({kReefs, time, 5, {set}})}};
  };
  records[0].side_rows = row(kCountsNow - AnsweredSets::kKeptFor, records_from(100, 40));
  records[1].side_rows = row(kCountsNow - 1, records_from(0, 40));
  records[2].side_rows = row(kCountsNow, records_from(0, 40));
  village.submit(*sequencer, std::move(records));
  sequencer = nullptr;
  CountsAsked asked;
  ASSERT_TRUE(asked.sets().load(*village.read(), kCountsNow));
  EXPECT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked.ask(records_from(0, 41)), Verdict::kInsufficient);
  EXPECT_EQ(asked.ask(records_from(100, 41)), Verdict::kMay);
}

TEST(AnsweredSets, AreNotReadFromARowThatIsNone) {
  testing::VillageOnDisk village;
  auto sequencer = village.open();
  auto records = village.record_batch(2);
  for (log::Admission& record : records)
    record.side_rows = {{log::SideRow::Table::kAnswered, to_bytes("a row")}};
  village.submit(*sequencer, std::move(records));
  AnsweredSets sets;
  const auto loaded = sets.load(*village.read(), kCountsNow);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Code::kMalformed);
  EXPECT_EQ(loaded.error().what, "row of an answered count beside entry 4");
}

}  // namespace
}  // namespace holdfast::federation
