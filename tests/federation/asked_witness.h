// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "federation/witness.h"
#include "ledger/store/peers_tables.h"
#include "tests/federation/small_log.h"
#include "tests/log/village_fixture.h"
#include "tests/net/test_server.h"

namespace holdfast::testing {

// A real witness, with a store of its own, at an address of its own; or whatever a test puts in its
// place.
class AskedWitness {
 public:
  AskedWitness(const std::string& name, const SmallLog& log, const Clock& clock)
      : name_(name), server_([this](const Connection& connection, const Asked& asked) {
          return answer(connection, asked);
        }) {
    auto store = store::WitnessStore::open(directory_.path() + "/peers", store::kPeersMapBytes);
    CHECK(store.has_value());
    witness_ = std::make_unique<federation::Witness>(
        *std::move(store), name + ".invalid/witness", key_named(name),
        std::vector<model::VerifierKey>{log.vkey()}, clock);
  }

  std::string policy_line() const {
    return "witness " + name_ + " " + witness_->vkey() + " " + server_.url() + "/w/\n";
  }
  federation::Witness& witness() { return *witness_; }
  // From now on it does this instead; null: as a witness does.
  void instead(TestServer::Handler handle) {
    const std::lock_guard lock(mutex_);
    instead_ = std::move(handle);
  }
  // Answers every request so.
  void instead_answer(int status, const std::string& body, const std::string& headers = "") {
    instead([=](const Connection& connection, const Asked&) {
      return connection.answer(status, body, headers);
    });
  }
  int asked() const { return asked_; }
  void stop() { server_.stop(); }

 private:
  bool answer(const Connection& connection, const Asked& asked) {
    ++asked_;
    TestServer::Handler other;
    {
      const std::lock_guard lock(mutex_);
      other = instead_;
    }
    if (other) return other(connection, asked);
    if (asked.method != "POST" || asked.path != "/w/add-checkpoint")
      return connection.answer(404, "nothing is here\n");
    const auto given = witness_->add_checkpoint(asked.body);
    return connection.answer(static_cast<int>(given.status), given.body,
                             "Content-Type: " + given.content_type + "\r\n");
  }

  std::string name_;
  TempDirectory directory_;
  std::unique_ptr<federation::Witness> witness_;
  std::mutex mutex_;
  TestServer::Handler instead_;
  std::atomic<int> asked_{0};
  TestServer server_;  // the last: it uses the others
};

}  // namespace holdfast::testing
