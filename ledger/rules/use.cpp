// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/rules/use.h"

#include <algorithm>

#include "ledger/core/time.h"

namespace holdfast::rules {
namespace {

using model::Status;

Error not_usable(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

std::string times_of(const model::Grant& grant) {
  return format_time(grant.not_before) + " to " + format_time(grant.not_after);
}

bool at_its_time(const model::Grant& grant, Seconds time) {
  return grant.not_before <= time && time < grant.not_after;
}

struct InScope {
  const StatementId& id;
  std::span<const std::string> labels;

  bool operator()(const model::AllRecords&) const { return true; }
  bool operator()(const model::RecordIds& ids) const {
    return std::binary_search(ids.ids.begin(), ids.ids.end(), id);
  }
  bool operator()(const model::RecordLabels& granted) const {
    return std::any_of(granted.labels.begin(), granted.labels.end(), [&](const std::string& label) {
      return std::binary_search(labels.begin(), labels.end(), label);
    });
  }
};

// Which of its records a label stands on, nobody but the origin can say: what it grants by labels
// reaches no copy elsewhere.
struct ReachesCopy {
  const StatementId& of;

  bool operator()(const model::AllRecords&) const { return true; }
  bool operator()(const model::RecordIds& ids) const {
    return std::binary_search(ids.ids.begin(), ids.ids.end(), of);
  }
  bool operator()(const model::RecordLabels&) const { return false; }
};

// The origin has granted the asker the same use, and named the record where it names records.
Result<void> check_reaches(const Transition& transition, const model::ForeignId& id,
                           const model::CopyOrigin& origin, const StatementId& asker,
                           const Permission& permission) {
  TRY_ASSIGN(const auto theirs, require_foreign_grant(transition, id, "USE-6"));
  const model::Grant& terms = theirs.detail->terms;
  const bool covers = std::visit(ReachesCopy{origin.record}, terms.records);
  if (theirs.detail->grantee == asker && terms.operations.*permission.operation && covers)
    return {};
  return not_usable("USE-6", "the origin's grant " + id.id.hex(),
                    theirs.detail->grantee != asker ? "one to somebody else"
                    : !covers                       ? "one of other records"
                                                    : "one for another use",
                    "one that lets " + asker.hex() + ", who asks, do the same");
}

}  // namespace

Result<void> check_asker_of_copy(const Transition& transition, const model::CopyOrigin& origin,
                                 const Permission& permission, const StatementId& asker,
                                 std::span<const model::ForeignId> onward) {
  Result<void> reached =
      not_usable("USE-6", "grants to the asker of the copy's origin",
                 "none of village " + origin.village.hex(), "one, named in onward");
  for (const model::ForeignId& id : onward) {
    if (id.village != origin.village) continue;
    reached = check_reaches(transition, id, origin, asker, permission);
    if (reached) break;
  }
  return reached;
}

Result<void> check_copy(const Transition& transition, const model::CopyOrigin& origin,
                        const Permission& permission, const StatementId& asker,
                        std::span<const model::ForeignId> onward) {
  const StatementId none{};
  TRY_ASSIGN(
      const auto ours,
      require_foreign_grant(transition, {origin.village, origin.grant.value_or(none)}, "USE-6"));
  if (ours.detail->terms.onward != model::Onward::kWithOriginsGrant)
    return not_usable("USE-6", "grant of the copy's origin", "none of onward use",
                      "one that lets it go onward");
  return check_asker_of_copy(transition, origin, permission, asker, onward);
}

bool covers(const std::variant<model::AllRecords, model::RecordIds, model::RecordLabels>& records,
            const StatementId& id, std::span<const std::string> labels) {
  return std::visit(InScope{id, labels}, records);
}

bool training_stands(const Found<model::ModelDetail>& model, const model::DomainDetail& domain) {
  return !model.detail->identity.training_root ||
         domain.training_changed <= model.value.first_index.value;
}

Bytes foreign_grant_id(const model::ForeignId& id) {
  Bytes out;
  out.reserve(2 * kDigestBytes);
  append(out, id.village);
  append(out, id.id);
  return out;
}

Result<Found<model::AgreementDetail>> require_agreement(const Transition& transition,
                                                        const StatementId& agreement,
                                                        const char* rule) {
  TRY_ASSIGN(auto found, transition.require<model::AgreementDetail>(agreement, rule, "agreement",
                                                                    "an active agreement"));
  if (!found.active())
    return not_usable(rule, "agreement " + agreement.hex(), model::status_name(found.value.status),
                      "an active agreement");
  TRY_ASSIGN(const auto peer, transition.require<model::PeerDetail>(
                                  found.detail->peer, rule, "peer", "a village that is known"));
  if (!peer.active())
    return not_usable(rule, "village " + found.detail->peer.hex(), "one that has ended",
                      "one that goes on");
  return found;
}

Result<FoundGrant> require_live_grant(const Transition& transition, const StatementId& grant,
                                      const StatementId& agreement) {
  TRY_ASSIGN(FoundGrant found,
             transition.require<model::GrantDetail>(grant, "USE-1", "grant", "a live grant"));
  const model::Grant& terms = found.detail->terms;
  const Seconds time = transition.entry().time;
  if (!found.active() || !at_its_time(terms, time))
    return not_usable("USE-1", "grant " + grant.hex() + " at " + format_time(time),
                      found.active() ? times_of(terms) : model::status_name(found.value.status),
                      "a live grant");
  const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
  if (to == nullptr || to->agreement != agreement)
    return not_usable("USE-2", "grantee of grant " + grant.hex(), "somebody else",
                      "agreement " + agreement.hex() + ", who asks");
  TRY(require_agreement(transition, agreement, "USE-1"));
  return found;
}

Result<Found<model::ForeignGrantDetail>> require_foreign_grant(const Transition& transition,
                                                               const model::ForeignId& id,
                                                               const char* rule) {
  const Bytes key = foreign_grant_id(id);
  const char* want = "a grant of the peer that was seen, and is live";
  TRY_ASSIGN(auto found,
             transition.require<model::ForeignGrantDetail>(key, rule, "grant of a peer", want));
  const Seconds time = transition.entry().time;
  if (!found.active() || !at_its_time(found.detail->terms, time))
    return not_usable(
        rule,
        "grant " + id.id.hex() + " of village " + id.village.hex() + " at " + format_time(time),
        found.active() ? times_of(found.detail->terms) : model::status_name(found.value.status),
        want);
  TRY(require_agreement(transition, found.detail->agreement, rule));
  return found;
}

Result<void> check_used(const Transition& transition, const model::Grant& grant,
                        std::span<const StatementId> records, const Permission& permission,
                        const StatementId& asker, std::span<const model::ForeignId> onward) {
  for (const StatementId& id : records) {
    TRY_ASSIGN(const auto record,
               transition.require<model::RecordDetail>(id, "USE-4", "record", "a live record"));
    const char* outside = !record.active() ? model::status_name(record.value.status)
                          : record.detail->domain != grant.domain ? "one of another domain"
                          : !covers(grant.records, id, record.detail->labels)
                              ? "one that the grant does not cover"
                              : nullptr;
    if (outside != nullptr)
      return not_usable("USE-4", "record " + id.hex(), outside,
                        "a live record of the grant's domain and records");
    if (!(record.detail->policy.*permission.member))
      return not_usable("USE-5", "policy of record " + id.hex(),
                        std::string("no ") + permission.name, permission.name);
    if (record.detail->origin)
      TRY(check_copy(transition, *record.detail->origin, permission, asker, onward));
  }
  return {};
}

Result<void> require_usable(const Transition& transition, const StatementId& id,
                            const Found<model::ModelDetail>& model, const char* rule) {
  if (!model.active())
    return not_usable(rule, "model " + id.hex(), model::status_name(model.value.status),
                      "a live model");
  if (!model.detail->identity.training_root) return {};
  TRY_ASSIGN(const auto domain, transition.require<model::DomainDetail>(
                                    model.detail->domain, rule, "domain of the model", "one"));
  if (training_stands(model, *domain.detail)) return {};
  return not_usable(rule, "model " + id.hex(),
                    "one published before entry " +
                        std::to_string(domain.detail->training_changed - 1) +
                        " took back a record to train on",
                    "one published since");
}

}  // namespace holdfast::rules
