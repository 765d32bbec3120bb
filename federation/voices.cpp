// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/voices.h"

#include <algorithm>

#include "federation/found.h"
#include "federation/trained.h"
#include "ledger/log/logged.h"
#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

// A model that is none of what is built in here costs a look at the whole domain.
constexpr std::chrono::seconds kLookAgainAfter{60};

Error no_model(const StatementId& domain, std::string found) {
  return {Code::kUnavailable, "", "a model that speaks for domain " + domain.hex(),
          std::move(found), "one that is at hand here"};
}

// Says so each time that it is asked.
class ToldOfModel final : public SpeakingModel {
 public:
  ToldOfModel(std::shared_ptr<SpeakingModel> model, const StatementId& id, Voices::OnAsked on_asked)
      : model_(std::move(model)), id_(id), on_asked_(std::move(on_asked)) {}
  Result<Spoken> answer(const ModelQuestion& question, std::span<const Passage> passages) override {
    on_asked_(id_);
    return model_->answer(question, passages);
  }

 private:
  const std::shared_ptr<SpeakingModel> model_;
  const StatementId id_;
  const Voices::OnAsked on_asked_;
};

}  // namespace

Result<void> Voices::catch_up(log::Reader& reader) {
  return log::catch_up(reader, seen_, {model::Kind::kSteering},
                       [&](const log::Logged& logged) -> Result<void> {
                         const auto& steering = std::get<model::Steering>(logged.statement.body);
                         if (std::holds_alternative<model::SteeringTerms>(steering.step))
                           steerings_[steering.domain].push_back(logged.id);
                         return {};
                       });
}

Result<std::optional<Voice>> Voices::for_domain(log::Reader& reader, const StatementId& domain) {
  const std::lock_guard lock(mutex_);
  TRY(catch_up(reader));
  bool is_steered = false;
  const std::vector<StatementId>& all = steerings_[domain];
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    const StatementId& id = *one;
    TRY_ASSIGN(const auto steering, find_own<model::SteeringDetail>(reader, id));
    if (!steering || !steering->active()) continue;
    TRY_ASSIGN(const auto withdrawal, reader.held_against(id));
    if (withdrawal) continue;
    is_steered = true;
    for (const StatementId& model : steering->detail->terms.models) {
      TRY_ASSIGN(auto speaks, at_hand(reader, domain, model));
      if (speaks)
        return std::optional(Voice{id, model, steering->detail->terms, std::move(speaks)});
    }
  }
  if (!is_steered) return std::optional<Voice>();
  return no_model(domain, "none of those that guardians let speak");
}

// On what there was when its statement was written: guardians sign while the village goes on.
// Nothing where that does not give this model.
Result<std::shared_ptr<SpeakingModel>> Voices::train_again(
    log::Reader& reader, const rules::Found<model::ModelDetail>& model) {
  const std::shared_ptr<SpeakingModel> none;
  TRY_ASSIGN(const log::Logged published, log::logged_at(reader, model.value.first_index));
  const model::ModelIdentity& identity = model.detail->identity;
  const auto set = training_set_at(reader, model.detail->domain, published.statement.basis.size);
  if (!set || set->root != *identity.training_root) return none;
  auto trained = train_on(reader, *set);
  if (!trained || (*trained)->weights() != identity.weights) return none;
  return std::shared_ptr<SpeakingModel>(*std::move(trained));
}

// Nothing where it may not speak now, or is not the one that is built in here.
Result<std::shared_ptr<SpeakingModel>> Voices::at_hand(log::Reader& reader,
                                                       const StatementId& domain,
                                                       const StatementId& id) {
  const std::shared_ptr<SpeakingModel> none;
  TRY_ASSIGN(const auto model, find_own<model::ModelDetail>(reader, id));
  TRY_ASSIGN(const auto trained_for, find_own<model::DomainDetail>(reader, domain));
  if (!model || !trained_for || model->detail->domain != domain || !model->active() ||
      !rules::training_stands(*model, *trained_for->detail))
    return none;
  if (const auto known = built_in_.find(id); known != built_in_.end()) return known->second;
  const model::ModelIdentity& identity = model->detail->identity;
  if (!identity.training_root) return none;
  const auto looked_at = std::chrono::steady_clock::now();
  if (const auto missed = missed_.find(id);
      missed != missed_.end() && looked_at - missed->second < kLookAgainAfter)
    return none;
  TRY_ASSIGN(auto speaks, train_again(reader, *model));
  if (!speaks) {
    missed_[id] = looked_at;
    return none;
  }
  if (on_asked_) speaks = std::make_shared<ToldOfModel>(std::move(speaks), id, on_asked_);
  built_in_[id] = speaks;
  return speaks;
}

}  // namespace holdfast::federation
