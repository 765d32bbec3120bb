// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "federation/extractive.h"
#include "ledger/log/reader.h"
#include "ledger/model/state.h"
#include "ledger/rules/transition.h"

namespace holdfast::federation {

// A model that speaks for a domain, and the steering that lets it.
struct Voice {
  StatementId steering;
  StatementId model;
  model::SteeringTerms terms;
  std::shared_ptr<SpeakingModel> speaks;
};

// Which models may speak for which domain: no other is ever asked in their place. Threads: any.
class Voices {
 public:
  // Told of each time that a model is asked to speak, before it does, on the thread that asks.
  using OnAsked = std::function<void(const StatementId& model)>;
  explicit Voices(OnAsked on_asked = {}) : on_asked_(std::move(on_asked)) {}

  // By the newest live steering whose model is at hand here; nothing where guardians let none speak
  // (silence). Errors: kUnavailable where they do, and no model that they let is at hand; those of
  // the reader.
  Result<std::optional<Voice>> for_domain(log::Reader& reader, const StatementId& domain);

 private:
  Result<void> catch_up(log::Reader& reader);
  Result<std::shared_ptr<SpeakingModel>> at_hand(log::Reader& reader, const StatementId& domain,
                                                 const StatementId& model);

  Result<std::shared_ptr<SpeakingModel>> train_again(log::Reader& reader,
                                                     const rules::Found<model::ModelDetail>& model);

  const OnAsked on_asked_;
  std::mutex mutex_;
  TreeSize seen_;
  std::map<StatementId, std::vector<StatementId>> steerings_;       // of a domain, the oldest first
  std::map<StatementId, std::shared_ptr<SpeakingModel>> built_in_;  // by the model that it is
  std::map<StatementId, std::chrono::steady_clock::time_point> missed_;
};

}  // namespace holdfast::federation
