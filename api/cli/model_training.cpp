// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/model_training.h"

#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/visible.h"

namespace holdfast::cli {

Result<Liveness> liveness_of_model(log::Reader& reader, const Made<model::ModelDetail>& found) {
  const Liveness usable{true, "usable"};
  const Liveness standing = liveness_of(reader, found.id, found.value, "retired");
  if (!standing.live) return standing;
  if (!found.detail.identity.training_root) return usable;
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kDomain, found.detail.domain));
  if (!subject)
    return Error{Code::kNotFound, "", "domain " + found.detail.domain.hex(), "no state of it", ""};
  TRY_ASSIGN(const auto domain, model::decode_own_detail<model::DomainDetail>(subject->detail));
  if (domain.training_changed > found.value.first_index.value)
    return Liveness{false, "not usable: #" + std::to_string(domain.training_changed - 1) +
                               " took back a record to train on"};
  TRY_ASSIGN(const bool waits, federation::training_loss_waits(reader, found.detail.domain));
  if (!waits) return usable;
  return Liveness{false, "not usable: a record to train on is taken back (waits to be sequenced)"};
}

std::string model_name(log::Reader& reader, const StatementId& id) {
  const auto found = find_made<model::ModelDetail>(reader, id);
  return found ? "\"" + visible_line(found->detail.identity.name) + "\"" : short_id(id);
}

Result<Liveness> liveness_of_steering(log::Reader& reader,
                                      const Made<model::SteeringDetail>& steering) {
  const Liveness standing = liveness_of(reader, steering.id, steering.value, "withdrawn");
  if (!standing.live) return standing;
  std::string why;
  for (const StatementId& id : steering.detail.terms.models) {
    TRY_ASSIGN(const auto found, find_made<model::ModelDetail>(reader, id));
    TRY_ASSIGN(const Liveness model, liveness_of_model(reader, found));
    if (model.live) return standing;
    why += (why.empty() ? "" : "; ") + model_name(reader, id) + " is " + model.state;
  }
  return Liveness{false, "not live: " + why};
}

Result<std::vector<Made<model::ModelDetail>>> models_to_lose(log::Reader& reader,
                                                             const StatementId& domain) {
  TRY_ASSIGN(auto models, all_made<model::ModelDetail>(reader));
  std::vector<Made<model::ModelDetail>> out;
  for (auto& one : models) {
    if (one.detail.domain != domain || !one.detail.identity.training_root) continue;
    TRY_ASSIGN(const Liveness state, liveness_of_model(reader, one));
    if (state.live) out.push_back(std::move(one));
  }
  return out;
}

void report_lost_models(Context& context, const std::vector<Made<model::ModelDetail>>& models,
                        bool sequenced) {
  if (models.empty()) return;
  Report& report = context.report();
  Json list = Json::array();
  std::string names;
  for (const auto& one : models) {
    list.push_back({{"id", one.id.hex()}, {"name", one.detail.identity.name}});
    names += (names.empty() ? "\"" : ", \"") + visible_line(one.detail.identity.name) + "\" (#" +
             std::to_string(one.value.first_index.value) + ")";
  }
  report.set("modelsNotUsable", std::move(list));
  report.line(std::string("Models that were trained on records of the domain are not usable ") +
              (sequenced ? "from here on: " : "once that is sequenced: ") + names + ".");
  report.line(
      "No steering lets them speak, and restoring a record does not bring them back. What does:");
  report.line("    holdfast model publish ...   anew, trained without what was taken back");
  report.line("    holdfast steer set ...       naming the model that was published anew");
}

}  // namespace holdfast::cli
