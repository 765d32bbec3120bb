// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "api/cli/context.h"

namespace holdfast::cli {

// How the keys of a command that makes keys are sealed.
struct NewKeyOptions {
  bool no_passphrase = false;         // --no-passphrase
  std::uint32_t kdf_memory_mib = 64;  // --kdf-memory-mib
};
void add_new_key_options(CLI::App& command, NewKeyOptions& options);
// Asks for the passphrase. `purpose` says what for: "the new keys of Tidepool Bay".
Result<KeyMaker> key_maker(Context& context, const NewKeyOptions& options,
                           const std::string& purpose);

// Spare keys: made now, put away, and known to the ledger by key id only until they are needed.
// Writes <prefix>-spare-<n>.key into `directory`. Gives their ids, sorted.
Result<model::NextAuthority> make_spares(KeyMaker& maker, const std::string& directory,
                                         const std::string& prefix, unsigned count);

// What one person decides who founds a village; everything else has a default.
struct Founding {
  std::string directory;
  std::string name;    // "" = the directory's
  std::string origin;  // "" = from the name, with random letters
  std::string community_type = "community";
  std::string terms_file;
  model::Substrate substrate;
  std::string domain = "records";  // "" = none
  std::string domain_title = "Records";
  // "" = <name>-spares beside the village's, with a number behind it where that is taken
  std::string spares_directory;
  unsigned spares = 2;  // for the council, and for the domain
  NewKeyOptions keys;
};

struct Founded {
  std::string directory;
  StatementId village;
  std::string name;
  std::string origin;
  std::string operator_vkey;  // as --vkey takes it
  StoredKey council_key;
  bool council_key_made = false;
  std::string spares_directory;
  std::vector<std::string> spares;  // file names
  std::string domain;
  std::optional<StatementId> domain_id;
};

// Makes keys, genesis, first seal and first domain. All of it or nothing: what a refusal leaves
// half done is removed. Errors: kConflict (something is there already), kInvalid, kUnavailable.
Result<Founded> found_village(Context& context, Founding founding);

// "Ngā Taonga o Tidepool Bay" -> "nga-taonga-o-tidepool-bay"; "village" where nothing is left.
std::string slug_of(const std::string& name);

}  // namespace holdfast::cli
