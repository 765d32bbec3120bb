// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "api/http/message.h"
#include "api/http/server.h"
#include "federation/cosigning.h"
#include "federation/peering.h"
#include "federation/witness.h"
#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"

namespace holdfast::routes {

struct ApiOptions {
  std::uint64_t submission_bytes_max = std::uint64_t{64} << 20;  // of a draft, contents included
  std::function<void(const http::Handler::Served&)> log;         // of requests; null: none
  federation::Witness* witness = nullptr;  // outlives it; null: this village witnesses for nobody
  // It does, and cannot now: its key is not here. Who asks must not take that for "never heard of".
  bool witness_is_away = false;
  const federation::Cosigning* cosigning = nullptr;  // outlives it; null: no witness is asked
  federation::Peering* peering = nullptr;            // outlives it; null: no peer is answered
};

// A village over HTTP: what is at which path, and who may see it. Source: spec/http.md.
// Threads: any.
class Api : public http::Handler {
 public:
  // `readers`, `sequencer` and `clock` outlive it. Errors: those of the readers.
  static Result<std::unique_ptr<Api>> make(log::Readers& readers, log::Sequencer& sequencer,
                                           const Clock& clock, ApiOptions options);
  // The server that it answers for, whose figures it tells; null: none.
  virtual void set_server(const http::Server* server) = 0;
  // Returns when nothing that was handed in is under way here any more: after the server has
  // stopped and before the sequencer goes.
  virtual void finish() = 0;
};

}  // namespace holdfast::routes
