// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/model_training.h"

#include "api/cli/made.h"

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

}  // namespace holdfast::cli
