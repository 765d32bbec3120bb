// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/needs.h"

#include <algorithm>

#include "api/cli/authority.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

struct Collector {
  log::Reader* reader;
  const RecordDomains& records;
  const StatementId& village;
  StatementNeeds out;

  static Need spares_of(const std::string& who, const model::NextAuthority& next,
                        const model::Rotation& rotation) {
    Need need{"the spares of " + who, next.threshold, {}};
    // A spare that the statement does not show in full counts for nothing.
    for (const auto* keys : {&rotation.set.keys, &rotation.revealed})
      for (const model::PublicKey& key : *keys) {
        const KeyId id = crypto::key_id(key);
        if (std::find(next.key_ids.begin(), next.key_ids.end(), id) != next.key_ids.end())
          need.keys.push_back(id);
      }
    return need;
  }

  void add_everyone(Need need) {
    out.everyone.insert(need.who);
    out.needs.push_back(std::move(need));
  }

  std::string name_of(const StatementId& domain) const {
    if (domain == village) return "the council";
    return "the guardians of " +
           (reader ? visible_line(domain_name(*reader, domain)) : "domain " + short_id(domain));
  }

  Result<void> add_authority(const StatementId& domain, bool any) {
    if (reader == nullptr) {
      out.unknown.push_back("who belongs to " + name_of(domain) +
                            (any ? "" : ", and how many of them must agree"));
      return {};
    }
    auto need = domain == village ? council_need(*reader) : domain_need(*reader, domain);
    if (!need && need.error().code == Code::kNotFound) {
      out.unknown.push_back("who belongs to " + name_of(domain) +
                            ": the ledger at hand does not know them");
      return {};
    }
    TRY(need);
    out.needs.push_back(any ? any_one(*std::move(need)) : *std::move(need));
    return {};
  }

  Result<void> operator()(const model::Genesis& body) {
    add_everyone(everyone(body.council, "the council"));
    return {};
  }
  Result<void> operator()(const model::Seal&) { return add_machine("the operator's key"); }
  Result<void> operator()(const model::Domain& body) {
    TRY(add_authority(village, false));
    out.needs.push_back(
        everyone(body.guardians, "the new guardians of " + visible_line(body.slug)));
    return {};
  }
  Result<void> operator()(const model::Record& body) { return add_authority(body.domain, false); }
  Result<void> operator()(const model::Grant& body) { return add_authority(body.domain, false); }
  Result<void> operator()(const model::Revocation& body) {
    return add_authority(body.domain, true);
  }
  Result<void> operator()(const model::Upgrade&) { return add_authority(village, false); }
  Result<void> operator()(const model::Exit&) { return add_authority(village, false); }
  Result<void> operator()(const model::Report&) { return add_authority(village, false); }
  Result<void> operator()(const model::Agreement& body) {
    return add_authority(village, std::holds_alternative<model::Suspension>(body.step) ||
                                      std::holds_alternative<model::Ending>(body.step));
  }
  Result<void> operator()(const model::Shape& body) {
    return add_authority(body.domain, std::holds_alternative<model::Retire>(body.step));
  }
  Result<void> operator()(const model::Model& body) {
    return add_authority(body.domain, std::holds_alternative<model::Retire>(body.step));
  }
  Result<void> operator()(const model::Steering& body) {
    return add_authority(body.domain, std::holds_alternative<model::WithdrawSteering>(body.step));
  }
  Result<void> operator()(const model::Deliberation& body) {
    return add_authority(body.domain, false);
  }
  // A person of the domain or of the council; an agent where the statement has a sequence.
  Result<void> operator()(const model::Decision& body) {
    if (body.sequence == 0) return add_person(body.domain);
    return add_machine("the agent's key");
  }
  Result<void> operator()(const model::Observation&) { return add_machine("the operator's key"); }
  // Inference, receipt, composition, transfer.
  template <typename Body>
  Result<void> operator()(const Body&) {
    return add_machine("the agent's key");
  }

  Result<void> add_machine(const char* key) {
    out.unknown.push_back(key);
    out.by_machine = true;
    return {};
  }

  Result<void> add_person(const StatementId& domain) {
    TRY(add_authority(village, true));
    if (domain == village || out.needs.empty()) return {};
    const Need council = out.needs.back();
    out.needs.pop_back();
    TRY(add_authority(domain, true));
    if (out.needs.empty()) return {};
    Need& either = out.needs.back();
    either.who += " or " + council.who;
    either.keys.insert(either.keys.end(), council.keys.begin(), council.keys.end());
    return {};
  }

  Result<void> operator()(const model::RecordChange& body) {
    const bool any = std::holds_alternative<model::Withdraw>(body.step);
    TRY_ASSIGN(const auto domain, domain_of(body.record));
    if (domain) {
      TRY(add_authority(*domain, any));
    } else {
      out.unknown.push_back("who guards record " + short_id(body.record) +
                            (any ? "" : ", and how many of them must agree"));
    }
    const auto* step = std::get_if<model::HandOver>(&body.step);
    return step ? add_authority(step->domain, false) : Result<void>();
  }

  // The domain that a record is in now.
  Result<std::optional<StatementId>> domain_of(const StatementId& record) const {
    if (const auto here = records.find(record); here != records.end())
      return std::optional(here->second);
    if (reader == nullptr) return std::optional<StatementId>();
    TRY_ASSIGN(const auto subject, reader->find(model::StateClass::kRecord, record));
    if (!subject) return std::optional<StatementId>();
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(subject->detail));
    return std::optional(detail.domain);
  }

  Result<void> operator()(const model::KeyEvent& body) {
    if (const auto* council = std::get_if<model::CouncilRotation>(&body.which))
      return add_rotation(village, council->rotation);
    if (const auto* domain = std::get_if<model::DomainRotation>(&body.which))
      return add_rotation(domain->domain, domain->rotation);
    TRY(add_authority(village, false));
    if (const auto* change = std::get_if<model::OperatorChange>(&body.which))
      add_everyone(everyone({1, {change->key}}, "the new operator"));
    return {};
  }

  Result<void> add_rotation(const StatementId& id, const model::Rotation& rotation) {
    const std::string who = name_of(id);
    const auto subject = reader ? reader->find(model::StateClass::kAuthority, id)
                                : Result<std::optional<rules::Subject>>(std::nullopt);
    TRY(subject);
    if (*subject) {
      TRY_ASSIGN(const auto detail,
                 model::decode_own_detail<model::AuthorityDetail>((*subject)->detail));
      out.needs.push_back(spares_of(who, detail.next, rotation));
    } else {
      out.unknown.push_back("which keys are spares of " + who + ", and how many of them it takes");
    }
    add_everyone(everyone(rotation.set, "the new keys of " + who));
    if (!rotation.revealed.empty())
      out.needs.push_back(
          everyone({static_cast<std::uint16_t>(rotation.revealed.size()), rotation.revealed},
                   "the spares that authorise this and leave"));
    return {};
  }
};

}  // namespace

bool StatementNeeds::counts(const KeyId& key) const {
  return std::any_of(needs.begin(), needs.end(), [&](const Need& need) {
    return std::find(need.keys.begin(), need.keys.end(), key) != need.keys.end();
  });
}

Result<StatementNeeds> needs_of(const model::Statement& statement, log::Reader* reader,
                                const RecordDomains& records) {
  Collector collector{reader, records, statement.village, {}};
  TRY(std::visit(collector, statement.body));
  return std::move(collector.out);
}

}  // namespace holdfast::cli
