// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "api/routes/access.h"
#include "tests/log/village_fixture.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {

// A village that is the same every time, and lies in real files: what a server is asked about.
class AccessVillage {
 public:
  // Made when it is first asked for.
  static const AccessVillage& only();

  const testing::FoundedVillage& founded() const { return founded_; }
  // As the vectors say it: the keys that may sign now, and all grants to audit with their keys.
  Json signers() const;
  Json grants() const;

  // The operator's agent.
  const crypto::SigningKey agent = testing::key_named("agent");
  StatementId grant;             // to founded().auditor
  StatementId revoked;           // to the same, and revoked
  StatementId grant_of_another;  // to another auditor

  // A server of this village that begins now, and remembers whom it has heard.
  class Asked {
   public:
    explicit Asked(const AccessVillage& of) : of_(of), access_(of.founded().village, clock_) {}
    // Of a request as the vectors have it.
    Result<log::Asker> by(const Json& request);

   private:
    const AccessVillage& of_;
    testing::TestClock clock_{0};
    routes::Access access_;
  };

 private:
  AccessVillage();
  void store();

  testing::FoundedVillage founded_;
  const crypto::SigningKey another_ = testing::key_named("another auditor");
  testing::TempDirectory directory_;
  std::unique_ptr<log::Readers> readers_;
};

}  // namespace holdfast::vectors
