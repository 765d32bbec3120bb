// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/model/generate.h"
#include "tests/model/refused.h"

// Each bound of ledger/model/bounds.h: what stands on it is accepted, what is one beyond is refused
// by the rule and at the field.
namespace holdfast::model {
namespace {

constexpr std::uint64_t kSeed = 2026;

std::string text_of(std::size_t size) { return std::string(size, 'k'); }
template <typename D>
std::vector<D> ids_of(std::size_t count) {
  Generator generator(count);
  std::vector<D> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(generator.digest<D>());
  std::ranges::sort(out);
  return out;
}
std::vector<std::string> texts_of(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("label " + std::to_string(1000 + i));
  return out;
}

template <typename B>
using Change = std::function<void(B&, std::size_t)>;

// Sets a length or a number in a body and reads it back.
template <typename B>
Result<Statement> with(const Change<B>& change, std::size_t n) {
  Generator generator(kSeed);
  Statement statement = generator.statement(1);
  B body;
  if constexpr (std::is_same_v<B, Genesis>) body = generator.genesis();
  if constexpr (std::is_same_v<B, KeyEvent>) body.which = CouncilRotation{generator.rotation()};
  if constexpr (std::is_same_v<B, Domain>) body = generator.domain();
  if constexpr (std::is_same_v<B, Record>) body = generator.record();
  if constexpr (std::is_same_v<B, Grant>) body = generator.grant();
  change(body, n);
  statement.body = body;
  return decode_statement(encode_statement(statement));
}

template <typename B>
void expect_bound(const char* rule, const char* what, std::size_t min, std::size_t max,
                  const Change<B>& change) {
  for (const std::size_t good : {min, max}) {
    const auto read = with<B>(change, good);
    EXPECT_TRUE(read) << what << " " << good << ": " << describe(read.error());
  }
  expect_refused(with<B>(change, max + 1), rule, what);
  if (min > 0) expect_refused(with<B>(change, min - 1), rule, what);
}

TEST(Bounds, OfGenesis) {
  expect_bound<Genesis>("TEXT-3", "genesis.name", 1, 200,
                        [](Genesis& g, std::size_t n) { g.name = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.origin", 1, 255,
                        [](Genesis& g, std::size_t n) { g.origin = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.communityType", 1, 64,
                        [](Genesis& g, std::size_t n) { g.community_type = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.terms", 0, 16384,
                        [](Genesis& g, std::size_t n) { g.terms = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.substrate.hardware", 0, 1024,
                        [](Genesis& g, std::size_t n) { g.substrate.hardware = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.substrate.weights", 0, 1024,
                        [](Genesis& g, std::size_t n) { g.substrate.weights = text_of(n); });
  expect_bound<Genesis>("TEXT-3", "genesis.substrate.jurisdiction", 0, 1024,
                        [](Genesis& g, std::size_t n) { g.substrate.jurisdiction = text_of(n); });
  expect_bound<Genesis>("BOUND-2", "genesis.council.keys", 1, 32, [](Genesis& g, std::size_t n) {
    g.council = {1, Generator(n).keys(n)};
  });
  expect_bound<Genesis>("BOUND-2", "genesis.councilNext.keyIds", 1, 32,
                        [](Genesis& g, std::size_t n) {
                          g.council_next = {1, ids_of<KeyId>(n)};
                        });
}

TEST(Bounds, OfKeyEvents) {
  expect_bound<KeyEvent>("BOUND-2", "keyEvent.revealed", 0, 32, [](KeyEvent& e, std::size_t n) {
    std::get<CouncilRotation>(e.which).rotation.revealed = Generator(n).keys(n);
  });
}

TEST(Bounds, OfDomains) {
  expect_bound<Domain>("TEXT-3", "domain.slug", 1, 63,
                       [](Domain& d, std::size_t n) { d.slug = text_of(n); });
  expect_bound<Domain>("TEXT-3", "domain.title", 1, 200,
                       [](Domain& d, std::size_t n) { d.title = text_of(n); });
  expect_bound<Domain>("TEXT-3", "domain.tikanga", 0, 4096,
                       [](Domain& d, std::size_t n) { d.tikanga = text_of(n); });
}

TEST(Bounds, OfRecords) {
  expect_bound<Record>(
      "BOUND-2", "record.guardianship.guardians", 1, 32,
      [](Record& r, std::size_t n) { r.guardianship.guardians = ids_of<KeyId>(n); });
  expect_bound<Record>("TEXT-3", "record.guardianship.tikanga", 0, 4096,
                       [](Record& r, std::size_t n) { r.guardianship.tikanga = text_of(n); });
  expect_bound<Record>("BOUND-2", "record.guardianship.labels", 0, 32,
                       [](Record& r, std::size_t n) { r.guardianship.labels = texts_of(n); });
  expect_bound<Record>("BOUND-2", "record.guardianship.notices", 0, 32,
                       [](Record& r, std::size_t n) { r.guardianship.notices = texts_of(n); });
  expect_bound<Record>("TEXT-3", "record.guardianship.labels[0]", 1, 64,
                       [](Record& r, std::size_t n) { r.guardianship.labels = {text_of(n)}; });
  expect_bound<Record>(
      "BOUND-2", "record.provenance.authored", 0, 32,
      [](Record& r, std::size_t n) { r.provenance.authored.assign(n, "kaitiaki"); });
  expect_bound<Record>("TEXT-3", "record.provenance.approved[1].role", 1, 100,
                       [](Record& r, std::size_t n) {
                         r.provenance.approved = {KeyId{}, text_of(n)};
                       });
  expect_bound<Record>("TEXT-3", "record.mediaType", 1, 127,
                       [](Record& r, std::size_t n) { r.media_type = text_of(n); });
  expect_bound<Record>("TEXT-3", "record.language", 0, 35,
                       [](Record& r, std::size_t n) { r.language = text_of(n); });
}

TEST(Bounds, OfGrants) {
  expect_bound<Grant>("BOUND-2", "grant.records.ids", 1, 512, [](Grant& g, std::size_t n) {
    g.records = RecordIds{ids_of<StatementId>(n)};
  });
  expect_bound<Grant>("BOUND-2", "grant.records.labels", 1, 32,
                      [](Grant& g, std::size_t n) { g.records = RecordLabels{texts_of(n)}; });
  expect_bound<Grant>("BOUND-2", "grant.shapes", 0, 64,
                      [](Grant& g, std::size_t n) { g.shapes = ids_of<StatementId>(n); });
  expect_bound<Grant>("BOUND-2", "grant.purposes", 1, 16,
                      [](Grant& g, std::size_t n) { g.purposes = texts_of(n); });
  expect_bound<Grant>("TEXT-3", "grant.purposes[0]", 1, 200,
                      [](Grant& g, std::size_t n) { g.purposes = {text_of(n)}; });
  expect_bound<Grant>("TEXT-3", "grant.tikanga", 0, 4096,
                      [](Grant& g, std::size_t n) { g.tikanga = text_of(n); });
}

TEST(Bounds, OfTimes) {
  const auto at = [](Seconds issued_at) {
    Statement statement = Generator(kSeed).statement(1);
    statement.issued_at = issued_at;
    return decode_statement(encode_statement(statement));
  };
  constexpr Seconds kEnd = Seconds{1} << 40;
  EXPECT_TRUE(at(0));
  EXPECT_TRUE(at(kEnd - 1));
  expect_refused(at(kEnd), "BOUND-5", "statement.issuedAt");
  expect_refused(at(-1), "BOUND-5", "statement.issuedAt");

  Entry entry = Generator(kSeed).entry();
  entry.time = kEnd;
  expect_refused(decode_entry(encode_entry(entry)), "BOUND-5", "entry.time");
}

TEST(Bounds, OfSignatures) {
  const auto with_signatures = [](std::size_t n) {
    SignedStatement one{Bytes(8), {}};
    for (const KeyId& id : ids_of<KeyId>(n)) one.signatures.push_back({id, {}, {0}, {1}, {}});
    return decode_signed_statement(encode_signed_statement(one));
  };
  EXPECT_TRUE(with_signatures(1));
  EXPECT_TRUE(with_signatures(128));
  expect_refused(with_signatures(0), "BOUND-2", "signedStatement.signatures");
  expect_refused(with_signatures(129), "BOUND-2", "signedStatement.signatures");

  const auto with_path = [](std::size_t n) {
    SignedStatement one{Bytes(8), {{KeyId{}, {}, {0}, {1}, std::vector<NodeHash>(n)}}};
    return decode_signed_statement(encode_signed_statement(one));
  };
  EXPECT_TRUE(with_path(64));
  expect_refused(with_path(65), "BOUND-2", "signedStatement.signatures[0].batchPath");

  SignedStatement none{{}, {{KeyId{}, {}, {0}, {1}, {}}}};
  expect_refused(decode_signed_statement(encode_signed_statement(none)), "BYTES-4",
                 "signedStatement.statement");
}

TEST(Bounds, OfContent) {
  const auto fields = [](std::size_t n, std::size_t bytes) {
    Content content;
    for (std::size_t i = 0; i < n; ++i)
      content.fields.push_back({"field" + std::to_string(1000 + i), {}, Bytes(bytes)});
    return decode_content(encode_content(content));
  };
  EXPECT_TRUE(fields(256, 0));
  expect_refused(fields(0, 0), "BOUND-2", "content.fields");
  expect_refused(fields(257, 0), "BOUND-2", "content.fields");
  EXPECT_TRUE(fields(4, kFieldBytesMax));
  expect_refused(fields(1, kFieldBytesMax + 1), "BYTES-4", "content.fields[0].value");
  expect_refused(fields(5, kContentBytesMax / 5 + 1), "BYTES-4", "content.fields");

  const auto named = [](std::string name) {
    return decode_content(encode_content({{{std::move(name), {}, {}}}}));
  };
  EXPECT_TRUE(named(text_of(64)));
  EXPECT_TRUE(named("a-b_c.9"));
  expect_refused(named(text_of(65)), "TEXT-3", "content.fields[0].name");
  expect_refused(named(""), "TEXT-3", "content.fields[0].name");
  expect_refused(named("Title"), "TEXT-2", "content.fields[0].name");
}

// --- order --------------------------------------------------------------------------------------

TEST(Order, RefusesListsThatAreNotSortedOrHaveTheSameTwice) {
  const auto two = [](auto list, std::size_t first) {
    return decltype(list){list[first], list[0]};
  };
  const Change<Genesis> keys = [&](Genesis& g, std::size_t n) {
    g.council.keys = two(Generator(1).keys(2), n);
  };
  const Change<Genesis> next = [&](Genesis& g, std::size_t n) {
    g.council_next.key_ids = two(ids_of<KeyId>(2), n);
  };
  const Change<Record> labels = [&](Record& r, std::size_t n) {
    r.guardianship.labels = two(texts_of(2), n);
  };
  const Change<Grant> ids = [&](Grant& g, std::size_t n) {
    g.records = RecordIds{two(ids_of<StatementId>(2), n)};
  };
  for (const std::size_t n : {0u, 1u}) {  // the same twice; the wrong way round
    expect_refused(with<Genesis>(keys, n), "BOUND-3", "genesis.council.keys[1]");
    expect_refused(with<Genesis>(next, n), "BOUND-3", "genesis.councilNext.keyIds[1]");
    expect_refused(with<Record>(labels, n), "BOUND-3", "record.guardianship.labels[1]");
    expect_refused(with<Grant>(ids, n), "BOUND-3", "grant.records.ids[1]");
  }
}

TEST(Order, OfSignaturesAndFields) {
  const auto ids = ids_of<KeyId>(2);
  for (const std::size_t first : {0u, 1u}) {
    SignedStatement one{Bytes(8), {{ids[first], {}, {0}, {1}, {}}, {ids[0], {}, {0}, {1}, {}}}};
    expect_refused(decode_signed_statement(encode_signed_statement(one)), "BOUND-3",
                   "signedStatement.signatures[1]");
  }
  for (const char* first : {"body", "title"}) {
    const Content content{{{first, {}, {}}, {"body", {}, {}}}};
    expect_refused(decode_content(encode_content(content)), "BOUND-3", "content.fields[1]");
  }
}

// --- one of several -----------------------------------------------------------------------------

TEST(Choices, RefusesAKeyOfTheWrongAlgorithm) {
  const Change<Genesis> change = [](Genesis& g, std::size_t n) {
    (n == 0   ? g.sealing_key
     : n == 1 ? g.operator_key
              : g.council.keys[0])
        .algorithm = n == 0   ? crypto::Algorithm::kEd25519
                     : n == 1 ? crypto::Algorithm::kX25519
                              : crypto::Algorithm::kMlDsa44;
  };
  expect_refused(with<Genesis>(change, 0), "BOUND-6", "genesis.sealing.algorithm");
  expect_refused(with<Genesis>(change, 1), "BOUND-6", "genesis.operator.algorithm");
  expect_refused(with<Genesis>(change, 2), "BOUND-6", "genesis.council.keys[0].algorithm");
}

TEST(Choices, RefusesValuesThatEnumsDoNotHave) {
  Statement statement = Generator(kSeed).statement(1);
  statement.visibility = static_cast<Visibility>(4);
  expect_refused(decode_statement(encode_statement(statement)), "BOUND-4", "statement.visibility");
  const Change<Grant> onward = [](Grant& g, std::size_t n) { g.onward = static_cast<Onward>(n); };
  expect_refused(with<Grant>(onward, 2), "BOUND-4", "grant.onward");
  const Change<KeyEvent> capability = [](KeyEvent& e, std::size_t n) {
    e.which = AgentChange{Generator(n).key(), static_cast<Capability>(n)};
  };
  expect_refused(with<KeyEvent>(capability, 3), "BOUND-4", "keyEvent.agent.capability");

  StateValue value = Generator(kSeed).state_value();
  value.status = static_cast<Status>(0);
  expect_refused(decode_state_value(encode_state_value(value)), "BOUND-4", "stateValue.status");
  value.status = static_cast<Status>(static_cast<std::uint16_t>(kStatusMax) + 1);
  expect_refused(decode_state_value(encode_state_value(value)), "BOUND-4", "stateValue.status");
}

TEST(Choices, RefusesAnAttributionWithoutKeyAndRole) {
  const Change<Record> change = [](Record& r, std::size_t) { r.provenance.stewarded = {""}; };
  expect_refused(with<Record>(change, 0), "TEXT-3", "record.provenance.stewarded[0].role");
}

}  // namespace
}  // namespace holdfast::model
