// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <variant>

#include "ledger/rules/transition.h"

// What may be used under a grant, by an answer as by a transfer.
namespace holdfast::rules {

using FoundGrant = Found<model::GrantDetail>;

// The agreement is there and active, and so is the peer. Errors: kNotFound, kInvalid [rule].
Result<Found<model::AgreementDetail>> require_agreement(const Transition& transition,
                                                        const StatementId& agreement,
                                                        const char* rule);

// The grant is live at this entry, and given to this agreement. Errors: [USE-1], [USE-2].
Result<FoundGrant> require_live_grant(const Transition& transition, const StatementId& grant,
                                      const StatementId& agreement);

// What is asked for: of a record's policy, by its name in refusals, and of a grant's operations.
struct Permission {
  bool model::Policy::*member;
  const char* name;
  bool model::Operations::*operation;
};
inline constexpr Permission kMayRead{&model::Policy::read, "read", &model::Operations::query};
inline constexpr Permission kMayShare{&model::Policy::share, "share", &model::Operations::share};

// A copy is used no further than its origin lets it: its grant to us must allow what goes onward,
// and it must have granted the asker itself. Errors: [USE-6]; of the view.
Result<void> check_copy(const Transition& transition, const model::CopyOrigin& origin,
                        const Permission& permission, const StatementId& asker,
                        std::span<const model::ForeignId> onward);
// The latter alone: one of `onward`, the origin's, lets the asker do the same. Errors: the same.
Result<void> check_asker_of_copy(const Transition& transition, const model::CopyOrigin& origin,
                                 const Permission& permission, const StatementId& asker,
                                 std::span<const model::ForeignId> onward);

// Each record is live, within the grant's domain and records, and permits it; a copy needs its
// origin's grants besides, to us and, one of `onward`, to `asker`. Errors: [USE-4], [USE-5],
// [USE-6].
Result<void> check_used(const Transition& transition, const model::Grant& grant,
                        std::span<const StatementId> records, const Permission& permission,
                        const StatementId& asker, std::span<const model::ForeignId> onward);

// A peer's grant as we last saw it, live at this entry. Errors: kNotFound, kInvalid [rule].
Result<Found<model::ForeignGrantDetail>> require_foreign_grant(const Transition& transition,
                                                               const model::ForeignId& id,
                                                               const char* rule);
// village id || grant id
Bytes foreign_grant_id(const model::ForeignId& id);

// Whether a grant of these records covers one with these labels (sorted).
bool covers(const std::variant<model::AllRecords, model::RecordIds, model::RecordLabels>& records,
            const StatementId& id, std::span<const std::string> labels);

// Whether the model's domain has taken back nothing that it was trained on since it was published.
bool training_stands(const Found<model::ModelDetail>& model, const model::DomainDetail& domain);
// A model that is live, and whose domain has taken back nothing that it was trained on.
// Errors: kInvalid [rule].
Result<void> require_usable(const Transition& transition, const StatementId& id,
                            const Found<model::ModelDetail>& model, const char* rule);

}  // namespace holdfast::rules
