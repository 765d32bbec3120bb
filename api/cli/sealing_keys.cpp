// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/sealing_keys.h"

#include <algorithm>

#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "ledger/log/peer_state.h"

namespace holdfast::cli {
namespace {

using federation::HeldSealingKey;

struct NamedSealingKey {
  crypto::PublicKey key;
  std::optional<Seconds> until;  // none: in force
};

// All that the village has had, each once: the one in force last.
Result<std::vector<NamedSealingKey>> named_sealing_keys(log::Reader& reader) {
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(reader));
  std::vector<NamedSealingKey> out{{genesis.sealing_key, {}}};
  log::VillageTurns turns;
  TRY(turns.catch_up(reader));
  for (const log::VillageTurns::Turn& turn : turns.all()) {
    TRY_ASSIGN(const log::Logged by, log::logged_at(reader, turn.index));
    const auto* event = std::get_if<model::KeyEvent>(&by.statement.body);
    const auto* change = event ? std::get_if<model::SealingChange>(&event->which) : nullptr;
    if (change == nullptr) continue;
    TRY_ASSIGN(const Seconds replaced_at, time_at(reader, turn.index));
    out.back().until = replaced_at + federation::kReplacedKeyOpensFor;
    // One that comes back is in force again.
    std::erase_if(out, [&](const NamedSealingKey& one) { return one.key == change->key; });
    out.push_back({change->key, {}});
  }
  return out;
}

}  // namespace

Result<OwnSealingKeys> sealing_keys(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(auto named, named_sealing_keys(reader));
  TRY_ASSIGN(const std::vector<StoredKey> stored, list_keys(paths.keys()));
  std::reverse(named.begin(), named.end());
  OwnSealingKeys out;
  for (const NamedSealingKey& one : named) {
    const bool is_over = one.until && context.clock().now() >= *one.until;
    for (const StoredKey& file : stored) {
      if (file.file.public_key != one.key) continue;
      if (is_over) {
        if (const auto gone = crypto::destroy_key_file(file.path); gone)
          out.destroyed.push_back(file.path);
        else
          out.troubles.push_back(gone.error());
        continue;
      }
      auto key = context.passphrases().open_sealing_key(file.file);
      if (key) {
        out.held.push_back({*std::move(key), one.until});
        break;
      }
      Error error = std::move(key).error();
      error.what = file.path + ": " + error.what;
      if (!one.until) return error;
      out.troubles.push_back(std::move(error));
    }
    if (out.held.empty())
      return Error{Code::kNotFound, "", "the sealing key " + crypto::format_public_key(one.key),
                   "in no file of " + paths.keys(), "its key file, to open envelopes with"};
  }
  return out;
}

}  // namespace holdfast::cli
