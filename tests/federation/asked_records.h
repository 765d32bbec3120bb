// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/log/village_fixture.h"

namespace holdfast::testing {

inline constexpr model::Policy kReadOnly{true, false, false, true, false};
inline constexpr model::Policy kReadAndTrain{true, false, true, true, false};

// A village on disk with a second domain of the same guardians, whose records have the fields,
// labels and policy that a test gives them.
class AskedRecords : public ::testing::Test {
 protected:
  using Texts = std::map<std::string, std::string>;

  AskedRecords() {
    const crypto::SigningKey spare = key_named("songs spare");
    model::Domain songs;
    songs.slug = "songs";
    songs.title = "Songs of the bay";
    songs.guardians = authority_of(2, guardians());
    songs.next = next_of(1, {&spare});
    songs.tikanga = "Ask before you take.";
    songs.disclosure = {5, 5};
    log::Admission made = village.admission(
        std::move(songs),
        {&village.council1, &village.council2, &village.guardian1, &village.guardian2});
    songs_ = id_of(made);
    village.submit(*sequencer, std::move(made));
  }

  Keys guardians() const { return village.guardians; }

  // A statement of a record with its content, as its guardians would submit it.
  log::Admission record(const Texts& texts, model::Policy policy = kReadOnly,
                        std::vector<std::string> labels = {}) {
    model::Content content;
    for (const auto& [name, text] : texts)
      EXPECT_TRUE(model::add_field(content, name, as_bytes(text), village.random));
    model::Record body;
    body.domain = village.domain;
    body.guardianship.guardians = next_of(1, guardians()).key_ids;
    body.guardianship.labels = std::move(labels);
    body.policy = policy;
    body.content_root = model::content_root(content);
    body.media_type = "text/plain";
    body.language = "en";
    log::Admission made = village.admission(std::move(body), guardians());
    made.content = model::encode_content(content);
    return made;
  }
  StatementId add(const Texts& texts, model::Policy policy = kReadOnly,
                  std::vector<std::string> labels = {}) {
    return submit(record(texts, policy, std::move(labels)));
  }
  StatementId submit(log::Admission made) {
    const StatementId id = id_of(made);
    village.submit(*sequencer, std::move(made));
    return id;
  }
  void change(const StatementId& record, decltype(model::RecordChange::step) step) {
    const auto subject = village.read()->find(model::StateClass::kRecord, record);
    submit(village.admission(
        model::RecordChange{record, (*subject)->value.version, std::move(step)}, guardians()));
  }
  void withdraw(const StatementId& record) { submit(village.withdrawal(record)); }
  void erase(const StatementId& record) { submit(village.erasure(record)); }

  VillageOnDisk village;
  std::unique_ptr<log::Sequencer> sequencer = village.open();
  StatementId songs_;
};

}  // namespace holdfast::testing
