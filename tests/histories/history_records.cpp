// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/histories/history.h"

// Records: written, copied, changed, and looked for where something may be used.
namespace holdfast::testing {
namespace {

using model::Status;

constexpr int kLooks = 12;  // at how many records, before one is said not to be there

const std::vector<std::string>& labels() {
  static const std::vector<std::string> all{"BC P", "TK A", "TK NC"};
  return all;
}

}  // namespace

model::Record History::new_record(const DomainOfOurs& domain) {
  model::Record out;
  out.domain = domain.id;
  for (const auto& key : domain.guardians.now)
    if (out.guardianship.guardians.empty() || dice_.chance(50))
      out.guardianship.guardians.push_back(key.id());
  std::sort(out.guardianship.guardians.begin(), out.guardianship.guardians.end());
  for (const std::string& label : labels())
    if (dice_.chance(30)) out.guardianship.labels.push_back(label);
  out.provenance.authored = {model::Attribution(std::string("harvesters"))};
  out.policy = {dice_.chance(80), dice_.chance(60), dice_.chance(30), dice_.chance(50),
                dice_.chance(50)};
  out.content_root = dice_.digest<ContentRoot>();
  out.media_type = "text/plain";
  out.language = "en";
  return out;
}

void History::add_batch(const DomainOfOurs& domain) {
  const auto count = static_cast<std::size_t>(
      dice_.between(2, static_cast<std::int64_t>(std::max<std::size_t>(2, pace_.batch_max))));
  std::vector<model::SignedStatement> made(count);
  std::vector<StatementId> ids;
  for (model::SignedStatement& one : made) {
    model::Statement statement = own_.statement(new_record(domain));
    statement.sequence_by = statement.issued_at + 300 * kDay;  // it takes a while
    one.statement = model::encode_statement(statement);
    ids.push_back(model::statement_id(one.statement));
  }
  Keys keys = own_.enough(domain.guardians);
  std::sort(keys.begin(), keys.end(), [](auto* a, auto* b) { return a->id() < b->id(); });
  for (const auto* key : keys) {
    const auto signatures = model::sign_batch(ids, *key);
    for (std::size_t i = 0; i < count; ++i) made[i].signatures.push_back(signatures[i]);
  }
  batch_.assign(std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
}

bool History::record() {
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  if (pace_.batch_max > 1 && dice_.chance(12)) {
    add_batch(domain);
    records_.push_back(own_.admit_signed(batch_.front()));
    batch_.pop_front();
    return true;
  }
  records_.push_back(admit(new_record(domain), own_.enough(domain.guardians)));
  return true;
}

// Under rules 1 a copy names no grant, and so can be of anywhere.
bool History::copy() {
  if (!going_on()) return false;
  const DomainOfOurs& domain = dice_.pick(own_.domains);
  model::Record copied = new_record(domain);
  if (own_.get<model::VillageDetail>(own_.village).second.rules == 1) {
    const Neighbour& from = *dice_.pick(relations_).with;
    copied.origin = model::CopyOrigin{from.own.village, dice_.pick(from.records), std::nullopt};
    records_.push_back(admit(copied, own_.enough(domain.guardians)));
    return true;
  }
  for (const model::ForeignId& id : foreign_) {
    Bytes key;
    append(key, id.village);
    append(key, id.id);
    const auto detail = own_.get<model::ForeignGrantDetail>(key).second;
    if (!foreign_live(id) || detail.grantee != own_.village || !detail.terms.operations.share ||
        dice_.chance(50))
      continue;
    for (const Relation& relation : relations_)
      if (relation.with->own.village == id.village)
        copied.origin = model::CopyOrigin{id.village, dice_.pick(relation.with->records), id.id};
    copied.policy.read = copied.policy.share = true;
    records_.push_back(admit(copied, own_.enough(domain.guardians)));
    return true;
  }
  return false;
}

std::optional<StatementId> History::some_record(Status status) {
  for (int i = 0; i < kLooks && !records_.empty(); ++i) {
    const StatementId& id = dice_.pick(records_);
    if (own_.get<model::RecordDetail>(id).first.status == status) return id;
  }
  return std::nullopt;
}

bool History::change_record() {
  const auto change = [&](const StatementId& id, auto step, const Keys& keys) {
    const auto version = own_.get<model::RecordDetail>(id).first.version;
    const bool withdraws = std::is_same_v<decltype(step), model::Withdraw>;
    admit(model::RecordChange{id, withdraws ? 0 : version, step}, keys);
    return true;
  };
  const auto guardians = [&](const StatementId& id) -> Officers& {
    return domain_of(own_.get<model::RecordDetail>(id).second.domain).guardians;
  };
  const auto what = dice_.below(10);
  if (what < 3) {
    const auto id = some_record(dice_.chance(90) ? Status::kActive : Status::kSuperseded);
    return id && change(*id, model::Withdraw{}, own_.any(guardians(*id)));
  }
  if (what == 3) {
    const auto id = some_record(dice_.chance(50) ? Status::kActive : Status::kWithdrawn);
    return id && change(*id, model::Erase{}, own_.enough(guardians(*id)));
  }
  if (!going_on()) return false;
  if (what < 6) {
    const auto id = some_record(Status::kWithdrawn);
    return id && change(*id, model::Restore{}, own_.enough(guardians(*id)));
  }
  const auto id = some_record(Status::kActive);
  if (!id) return false;
  const StatementId domain = own_.get<model::RecordDetail>(*id).second.domain;
  if (what < 8) {
    const auto successor = some_record(Status::kActive);
    return successor && *successor != *id &&
           own_.get<model::RecordDetail>(*successor).second.domain == domain &&
           change(*id, model::Supersede{*successor}, own_.enough(guardians(*id)));
  }
  const DomainOfOurs& to = dice_.pick(own_.domains);
  return to.id != domain && change(*id, model::HandOver{to.id},
                                   joined(own_.enough(guardians(*id)), own_.enough(to.guardians)));
}

// Which of its origin's grants has to be named where the copy goes to `asker`.
std::optional<model::ForeignId> History::onward(const model::CopyOrigin& origin,
                                                const rules::Permission& permission,
                                                const StatementId& asker) const {
  const auto detail_of = [&](const model::ForeignId& id) {
    Bytes key;
    append(key, id.village);
    append(key, id.id);
    return own_.get<model::ForeignGrantDetail>(key).second;
  };
  if (!origin.grant) return std::nullopt;
  const model::ForeignId ours{origin.village, *origin.grant};
  if (!foreign_live(ours) || detail_of(ours).terms.onward != model::Onward::kWithOriginsGrant)
    return std::nullopt;
  for (const model::ForeignId& id : foreign_)
    if (id.village == origin.village && foreign_live(id) && detail_of(id).grantee == asker &&
        detail_of(id).terms.operations.*permission.operation)
      return id;
  return std::nullopt;
}

History::Usable History::usable(const model::Grant& grant, const rules::Permission& permission,
                                const StatementId& asker) {
  Usable out;
  const auto wanted = static_cast<std::size_t>(dice_.between(1, 3));
  const auto* named = std::get_if<model::RecordIds>(&grant.records);
  const auto* labelled = std::get_if<model::RecordLabels>(&grant.records);
  for (int i = 0; i < 2 * kLooks && out.records.size() < wanted && !records_.empty(); ++i) {
    const StatementId& id = named != nullptr ? dice_.pick(named->ids) : dice_.pick(records_);
    const auto [value, record] = own_.get<model::RecordDetail>(id);
    if (value.status != Status::kActive || record.domain != grant.domain ||
        !(record.policy.*permission.member) ||
        std::find(out.records.begin(), out.records.end(), id) != out.records.end())
      continue;
    if (labelled != nullptr &&
        std::none_of(record.labels.begin(), record.labels.end(), [&](const std::string& label) {
          return std::binary_search(labelled->labels.begin(), labelled->labels.end(), label);
        }))
      continue;
    if (record.origin) {
      const auto named_too = onward(*record.origin, permission, asker);
      if (!named_too) continue;
      if (std::find(out.onward.begin(), out.onward.end(), *named_too) == out.onward.end())
        out.onward.push_back(*named_too);
    }
    out.records.push_back(id);
  }
  std::sort(out.records.begin(), out.records.end());
  std::sort(out.onward.begin(), out.onward.end());
  return out;
}

}  // namespace holdfast::testing
