// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "bench/machine.h"
#include "bench/scenarios.h"
#include "federation/composing.h"
#include "federation/introduction.h"
#include "tests/federation/met_villages.h"
#include "tests/rules/peer_proofs.h"

// Two villages, and more, on loopback: each with its own ledger on the disk, its own server, its
// own threads; all in this process.
namespace holdfast::bench {
namespace {

using testing::MetVillage;

std::string villages_of(Bench& bench, const std::string& name) {
  const std::string path = bench.path(name);
  std::filesystem::create_directories(path);
  return path;
}

std::unique_ptr<MetVillage> served(const std::string& name, const std::string& directory) {
  auto village = std::make_unique<MetVillage>(name, MetVillage::patient(), directory);
  village->serve();
  return village;
}

// What a village lets another ask, and the question.
federation::AskedOf may_ask(MetVillage& asker, MetVillage& holder,
                            const model::ShapeTemplate& shape,
                            std::vector<model::Argument> arguments) {
  const StatementId published = holder.publish(shape);
  const StatementId grant = holder.grant(holder.grant_for(asker, {published}));
  CHECK(tell(asker, holder, holder.notice_of_grant(asker, grant)).empty());
  holder.settle();
  federation::AskedOf out;
  out.village = holder.village;
  out.grant = grant;
  out.shape = published;
  out.purpose = must(holder.read()->find(model::StateClass::kGrant, grant))
                    ? must(model::decode_own_detail<model::GrantDetail>(
                               must(holder.read()->find(model::StateClass::kGrant, grant))->detail))
                          .terms.purposes.front()
                    : "";
  out.arguments = std::move(arguments);
  return out;
}

void must_answer(const federation::Told& told) {
  if (told.failure) check_failed("bench", 0, describe(*told.failure));
  if (told.refusal) check_failed("bench", 0, "refused: " + told.refusal->reason);
  CHECK(told.answer.has_value());
}

double ask_us(MetVillage& asker, const federation::AskedOf& question) {
  const Stopwatch watch;
  must_answer(asker.peering().asker().ask(question));
  return watch.seconds() * 1e6;
}

double median_ask_us(MetVillage& asker, const federation::AskedOf& question, int rounds) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) times.push_back(ask_us(asker, question));
  return median(std::move(times));
}

// A holder of a few dozen records, and whoever counts them.
struct Counting {
  explicit Counting(const std::string& directory)
      : holder(served("holder", directory)), asker(served("asker", directory)) {
    meet(*asker, *holder);
    holder->add_many(40, {{"place", "north reef"}, {"title", "Kelp"}});
    question = may_ask(*asker, *holder, testing::count_shape(), {{"place", "north reef"}});
  }
  std::unique_ptr<MetVillage> holder;
  std::unique_ptr<MetVillage> asker;
  federation::AskedOf question;
};

}  // namespace

void ask_round_trip(Bench& bench, Results& results) {
  constexpr int kRounds = 300;
  const std::string directory = villages_of(bench, "round-trip");
  Counting counting(directory);
  median_ask_us(*counting.asker, counting.question, 20);
  double taken = 0;
  const double verification = verification_us_around(
      [&] { taken = median_ask_us(*counting.asker, counting.question, kRounds); });
  const double commit = lmdb_commit_us(directory, 4096, 200);
  const double limit = 2 * commit + 4 * signature_us() + 4 * verification;
  results.push_back({"a count asked of a village and verified, there and back, median", taken, "us",
                     "two bare LMDB commits with fsync, four signatures, their verifications",
                     limit, "at most 5 times it", taken <= 5 * limit,
                     "the inference is committed there, its receipt here"});
}

void ask_many_at_once(Bench& bench, Results& results) {
  constexpr unsigned kInFlight = 32;
  constexpr double kSeconds = 10;
  Counting counting(villages_of(bench, "at-once"));
  median_ask_us(*counting.asker, counting.question, 20);
  std::atomic<std::uint64_t> answered{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (unsigned i = 0; i < kInFlight; ++i)
    threads.emplace_back([&] {
      while (!over) {
        must_answer(counting.asker->peering().asker().ask(counting.question));
        ++answered;
      }
    });
  while (watch.seconds() < kSeconds) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  over = true;
  for (std::thread& thread : threads) thread.join();
  const double rate = static_cast<double>(answered) / watch.seconds();
  results.push_back({"verified counts between two villages, 32 in flight", rate, "queries/s", "-",
                     std::nullopt, "300/s", rate >= 300,
                     "both villages and whoever asks on the same two cores"});
}

void check_cited_answer(Bench& bench, Results& results) {
  constexpr std::size_t kCited = 10;
  constexpr int kRounds = 300;
  const std::string directory = villages_of(bench, "cited");
  MetVillage holder("holder", MetVillage::patient(), directory);
  MetVillage asker("asker", MetVillage::patient(), directory);
  meet(asker, holder);
  holder.add_many(kCited, {{"title", "Kelp"}, {"body", "Kelp grows at the north reef."}});
  model::ShapeTemplate shape = testing::excerpts_shape();
  shape.items_max = kCited;
  const federation::AskedOf asked = may_ask(asker, holder, shape, {{"question", "kelp reef"}});
  const model::Query query = holder.query_by(asker, asked.grant, asked.shape, asked.arguments);
  const auto asking = asker.ask(holder, query);
  const auto reply = must(holder.peering().holder().take(asking.sealed));
  CHECK(reply.has_value());
  const auto reader = asker.read();
  std::vector<double> times;
  std::size_t cited = 0;
  for (int i = 0; i < kRounds; ++i) {
    federation::Checks checks;
    const Stopwatch watch;
    const auto received = must(asker.peering().correspondence().read(*reader, *reply));
    const auto* answer = std::get_if<model::Answer>(&received.envelope().body);
    CHECK(answer != nullptr);
    const auto checked = must(federation::check_answer(received, *answer, asking.query, asking.id,
                                                       asker.village, asker.clock.now(), checks));
    times.push_back(watch.seconds() * 1e3);
    cited = checked.cited.size();
  }
  CHECK(cited == kCited);
  const double taken = median(std::move(times));
  const double limit = 2 * kCited * verification_us_around([] {}) / 1e3;
  results.push_back({"an answer checked that cites ten records of two signatures each, median",
                     taken, "ms", "libsodium's twenty verifications", limit, "at most 3 ms",
                     taken <= 3, "opened, decoded, and every proof and signature in it"});
}

void compose_over_five(Bench& bench, Results& results) {
  constexpr std::size_t kPeers = 5;
  constexpr int kRounds = 60;
  const std::string directory = villages_of(bench, "five");
  const auto asker = served("asker", directory);
  std::vector<std::unique_ptr<MetVillage>> holders;
  std::vector<federation::AskedOf> questions;
  for (std::size_t i = 0; i < kPeers; ++i) {
    holders.push_back(served("holder-" + std::to_string(i), directory));
    meet(*asker, *holders.back());
    holders.back()->add_many(40, {{"place", "north reef"}, {"title", "Kelp"}});
    questions.push_back(
        may_ask(*asker, *holders.back(), testing::count_shape(), {{"place", "north reef"}}));
  }
  double slowest = 0;
  for (const auto& question : questions) {
    median_ask_us(*asker, question, 10);
    slowest = std::max(slowest, median_ask_us(*asker, question, kRounds) / 1e3);
  }
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const Stopwatch watch;
    const auto told = asker->peering().asker().ask_all(questions);
    for (const auto& one : told) must_answer(one);
    must(federation::compose(asker->peering().correspondence(), questions.front().purpose, told));
    times.push_back(watch.seconds() * 1e3);
  }
  const double taken = median(std::move(times));
  results.push_back({"a composition of five villages' answers, median", taken, "ms",
                     "the slowest of the five asked alone, median", slowest,
                     "at most 1.3 times it and 20 ms", taken <= 1.3 * slowest + 20,
                     "six villages on two cores; five receipts and the composition are kept"});
}

// An asker who listens to the clock: which of two refusals, word for word the same, took longer?
void tell_none_from_two(Bench& bench, Results& results) {
  constexpr int kPairs = 400;
  constexpr std::size_t kRecords = 2000;
  const std::string directory = villages_of(bench, "none-or-two");
  const auto holder = served("holder", directory);
  const auto asker = served("asker", directory);
  meet(*asker, *holder);
  holder->add_many(kRecords, {{"place", "north reef"}, {"title", "Kelp"}});
  holder->add_many(2, {{"place", "south reef"}, {"title", "Kelp"}});
  const federation::AskedOf none =
      may_ask(*asker, *holder, testing::count_shape(), {{"place", "east reef"}});
  federation::AskedOf two = none;
  two.arguments = {{"place", "south reef"}};
  const auto refused_us = [&](const federation::AskedOf& question) {
    const Stopwatch watch;
    const auto told = asker->peering().asker().ask(question);
    const double taken = watch.seconds() * 1e6;
    CHECK(told.refusal && told.refusal->reason == "insufficient");
    return taken;
  };
  for (int i = 0; i < 20; ++i) refused_us(i % 2 == 0 ? none : two);
  int slower = 0;
  std::vector<double> of_none;
  std::vector<double> of_two;
  for (int i = 0; i < kPairs; ++i) {
    const bool none_first = i % 2 == 0;
    const double first = refused_us(none_first ? none : two);
    const double second = refused_us(none_first ? two : none);
    of_none.push_back(none_first ? first : second);
    of_two.push_back(none_first ? second : first);
    slower += of_two.back() > of_none.back() ? 1 : 0;
  }
  const double share = static_cast<double>(slower) / kPairs;
  results.push_back(
      {"of two refusals as insufficient, of no record and of two, the latter is slower", share,
       "of 1", "a coin", 0.5, "0.4 to 0.6", share >= 0.4 && share <= 0.6,
       "400 pairs; medians " + format_number(median(std::move(of_none))) + " and " +
           format_number(median(std::move(of_two))) + " us"});
}

void ask_beside_agreements(Bench& bench, Results& results) {
  constexpr int kAgreements = 1000;
  constexpr int kRounds = 300;
  Counting counting(villages_of(bench, "agreements"));
  MetVillage& holder = *counting.holder;
  median_ask_us(*counting.asker, counting.question, 50);
  const double alone = median_ask_us(*counting.asker, counting.question, kRounds);
  for (int i = 1; i < kAgreements; ++i) {
    testing::FoundedVillage::Setting setting;
    setting.rules = 2;
    setting.origin = "village-" + std::to_string(i) + ".invalid/log";
    setting.whose = "village " + std::to_string(i) + " ";
    testing::FoundedVillage other(setting);
    other.seal();
    model::NewTerms terms;
    terms.terms.village_low = std::min(holder.village, other.village);
    terms.terms.village_high = std::max(holder.village, other.village);
    terms.terms.revision = 1;
    terms.terms.purpose = "the health of the bay";
    federation::sign_terms(terms, holder.council_key);
    model::Offer offer{testing::proven_entry(other, LeafIndex{0}).signed_statement,
                       testing::peer_state(other, {{model::StateClass::kAuthority, other.village}}),
                       terms};
    const StatementId id =
        holder.admit(model::Agreement{std::nullopt, 0, std::move(offer)}, holder.council);
    federation::sign_terms(terms, other.council1);
    federation::sign_terms(terms, other.council2);
    holder.admit(model::Agreement{id, 1, model::Acceptance{terms.signatures}}, holder.council);
  }
  holder.settle();
  median_ask_us(*counting.asker, counting.question, 50);
  const double among = median_ask_us(*counting.asker, counting.question, kRounds);
  results.push_back({"a count asked of a village with 1,000 agreements, median", among, "us",
                     "the same village with one", alone, "at most 1.1 times it",
                     among <= 1.1 * alone, ""});
}

}  // namespace holdfast::bench
