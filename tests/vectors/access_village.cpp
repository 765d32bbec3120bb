// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/vectors/access_village.h"

#include <filesystem>

#include "ledger/log/restore.h"
#include "tests/verifier/rows.h"

namespace holdfast::vectors {
namespace {

constexpr std::uint64_t kMapBytes = std::uint64_t{1} << 32;

}  // namespace

AccessVillage::AccessVillage() {
  testing::FoundedVillage& v = founded_;
  const testing::Keys guardians{&v.guardian1, &v.guardian2};
  grant = v.admit(v.audit_grant(), guardians);
  model::Grant other = v.audit_grant();
  other.grantee = model::AuditorGrantee{another_.public_key()};
  grant_of_another = v.admit(other, guardians);
  revoked = v.admit(v.audit_grant(), guardians);
  v.admit(model::Revocation{v.domain, revoked}, {&v.guardian3});
  v.admit(model::KeyEvent{0, model::AgentChange{agent.public_key(), model::Capability::kAct}},
          {&v.council1, &v.council2});
  v.admit(v.rotation({&v.guardian_spare1, &v.guardian_spare2}, {&v.stranger}),
          {&v.guardian_spare1, &v.guardian_spare2});
  v.seal();
  store();
}

// As `holdfast open` puts an export into a directory, which is where a server reads.
void AccessVillage::store() {
  const auto rows = testing::rows_of(founded_.ledger);
  const Bytes checkpoint =
      testing::export_files(rows, founded_.setting.origin, founded_.operator_key).at("checkpoint");
  const log::VillagePaths paths(directory_.path() + "/village");
  CHECK(std::filesystem::create_directory(paths.directory()));
  auto restorer = log::Restorer::create(paths, kMapBytes, 1);
  CHECK(restorer.has_value());
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(restorer
              ->add({rows[i].entry, rows[i].signed_statement, rows[i].opening},
                    i + 1 == rows.size() ? std::string(as_text(checkpoint)) : std::string())
              .has_value());
  CHECK(restorer->finish().has_value());
  auto readers = log::Readers::open(paths);
  CHECK(readers.has_value());
  readers_ = *std::move(readers);
}

const AccessVillage& AccessVillage::only() {
  static const AccessVillage village;
  return village;
}

Json AccessVillage::signers() const {
  const testing::FoundedVillage& v = founded_;
  Json out = Json::array();
  for (const crypto::SigningKey* key :
       {&v.operator_key, &v.council1, &v.council2, &v.guardian_spare1, &v.guardian_spare2, &agent})
    out.push_back(crypto::format_public_key(key->public_key()));
  return out;
}

Json AccessVillage::grants() const {
  const auto of = [](const StatementId& id, const crypto::SigningKey& key) {
    return Json{{"grant", id.hex()}, {"key", crypto::format_public_key(key.public_key())}};
  };
  return {of(grant, founded_.auditor), of(revoked, founded_.auditor),
          of(grant_of_another, another_)};
}

Result<log::Asker> AccessVillage::Asked::by(const Json& request) {
  http::Request out;
  out.method = text_at(request, "method");
  const std::string target = text_at(request, "target");
  const std::size_t mark = target.find('?');
  out.path = target.substr(0, mark);
  if (mark != std::string::npos) out.query = target.substr(mark + 1);
  out.headers.push_back({"Authorization", text_at(request, "authorization")});
  clock_.set(static_cast<Seconds>(number_at(request, "time")));
  return access_.asker(out, *of_.readers_);
}

}  // namespace holdfast::vectors
