// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/own_witness.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "api/cli/ids.h"
#include "api/cli/office_key.h"
#include "api/cli/passphrase.h"
#include "api/cli/visible.h"
#include "ledger/log/backup_manifest.h"
#include "ledger/log/plain_file.h"

namespace holdfast::cli {
namespace {

constexpr const char* kWitnessName = "witness";

using KeysByName = std::map<std::string, crypto::KeyFile>;

Result<KeysByName> keys_in(const std::string& directory) {
  KeysByName keys;
  TRY_ASSIGN(auto stored, list_keys(directory));
  for (StoredKey& key : stored)
    keys.emplace(std::filesystem::path(key.path).filename().string(), std::move(key.file));
  return keys;
}

// Asks the log only where the state does not say whose a key is.
class WitnessKeys {
 public:
  WitnessKeys(log::Reader& reader, const model::VillageDetail& now) : reader_(reader), now_(now) {}

  Result<bool> is_one(const std::string& name, const model::PublicKey& key) {
    if (key == now_.witness_key) return true;
    if (key == now_.operator_key || key == now_.sealing_key) return false;
    // One that is waiting to be named.
    if (name.starts_with(kWitnessName)) return true;
    if (!named_) {
      TRY_ASSIGN(named_, keys_of_office(reader_, "witness"));
    }
    return std::any_of(named_->begin(), named_->end(),
                       [&key](const NamedKey& one) { return one.key == key; });
  }

 private:
  log::Reader& reader_;
  const model::VillageDetail& now_;
  std::optional<std::vector<NamedKey>> named_;
};

}  // namespace

Result<KeyFiles> sort_key_files(log::Reader& reader, const std::string& directory) {
  KeyFiles out;
  const auto items = log::list_directory(directory);
  if (!items && items.error().code == Code::kNotFound) return out;
  TRY(items);
  TRY_ASSIGN(const KeysByName keys, keys_in(directory));
  TRY_ASSIGN(const VillageState village, village_state(reader));
  WitnessKeys witness(reader, village.detail);
  for (const log::DirectoryItem& item : *items) {
    const auto key = keys.find(item.name);
    const bool is_file =
        item.type == log::DirectoryItem::Type::kFile && log::is_backup_name(item.name);
    if (is_file && item.name == kImportKeyName) {
      out.kept.push_back(item.name);
      out.plain.push_back(item.name);
    } else if (!is_file || key == keys.end()) {
      out.others.push_back(item.name);
    } else {
      TRY_ASSIGN(const bool is_witness, witness.is_one(key->first, key->second.public_key));
      (is_witness ? out.witness : out.kept).push_back(item.name);
      if (!is_witness && key->second.cost == kNoPassphraseCost) out.plain.push_back(item.name);
    }
  }
  return out;
}

Result<void> report_own_witness(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const Config config, context.config());
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const auto keys, list_keys(paths.keys()));
  const bool is_here = std::any_of(keys.begin(), keys.end(), [&village](const StoredKey& key) {
    return key.file.public_key == village.detail.witness_key;
  });
  context.report().set("witnessFor", is_here ? Json(config.witness.logs.size()) : Json());
  if (is_here || (config.witness.logs.empty() && keys.empty())) return {};
  context.report().field("as a witness", std::string("its key is not here; ") + kNoWitness);
  return {};
}

}  // namespace holdfast::cli
