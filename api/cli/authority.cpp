// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/authority.h"

#include <algorithm>
#include <filesystem>

#include "api/cli/visible.h"

namespace holdfast::cli {
namespace {

Result<KeyId> parse_next(Context& context, const std::string& text) {
  if (text.size() == 2 * kDigestBytes && text.find_first_not_of("0123456789abcdef") == text.npos) {
    TRY_ASSIGN(const Bytes bytes, parse_hex(text));
    return KeyId::from(bytes);
  }
  TRY_ASSIGN(const GivenKeys given, given_keys(context, {text}));
  return crypto::key_id(given.keys.front());
}

// A new directory's name for spares, in the directory that the village's own lies in.
Result<std::string> free_spares_directory(Context& context, const std::string& whose,
                                          std::uint64_t generation) {
  namespace fs = std::filesystem;
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  fs::path village = fs::absolute(paths.directory()).lexically_normal();
  if (!village.has_filename()) village = village.parent_path();
  const std::string stem = village.string() + "-" + whose + "-spares";
  for (;; ++generation) {
    const std::string name = generation == 1 ? stem : stem + "-" + std::to_string(generation);
    if (!fs::exists(fs::symlink_status(name))) return name;
  }
}

}  // namespace

Result<GivenKeys> given_keys(Context& context, const std::vector<std::string>& texts) {
  GivenKeys given;
  for (const std::string& text : texts) {
    if (text.starts_with("ed25519:")) {
      TRY_ASSIGN(const model::PublicKey key, crypto::parse_public_key(text));
      given.keys.push_back(key);
      continue;
    }
    TRY_ASSIGN(StoredKey stored, find_key(context.key_directory(), text));
    given.keys.push_back(stored.file.public_key);
    given.files.push_back(std::move(stored));
  }
  std::sort(given.keys.begin(), given.keys.end(),
            [](const auto& a, const auto& b) { return crypto::key_id(a) < crypto::key_id(b); });
  given.keys.erase(std::unique(given.keys.begin(), given.keys.end()), given.keys.end());
  return given;
}

bool holds(const std::vector<model::PublicKey>& keys, const model::PublicKey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Need everyone(const model::Authority& set, const std::string& who) {
  Need need{who, set.keys.size(), {}};
  for (const model::PublicKey& key : set.keys) need.keys.push_back(crypto::key_id(key));
  return need;
}

void add_spare_options(CLI::App& command, SpareOptions& options) {
  command
      .add_option("--next", options.next,
                  "A spare made elsewhere, by key id or ed25519:... May be repeated. Else spares "
                  "are made here")
      ->type_name("KEY")
      ->allow_extra_args(false);
  command
      .add_option("--next-threshold", options.threshold,
                  "How many spares it takes to give this authority new keys")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  command
      .add_option("--new-spares", options.directory,
                  "Where to write the spares made here; else a new directory beside the village's, "
                  "which is named")
      ->type_name("DIR");
  command.add_option("--spare-count", options.count, "How many spares to make")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  add_new_key_options(command, options.keys);
}

Result<NextSpares> next_spares(Context& context, const SpareOptions& options,
                               const std::string& whose, std::uint64_t generation, Undo& undo) {
  NextSpares spares;
  for (const std::string& text : options.next) {
    TRY_ASSIGN(const KeyId id, parse_next(context, text));
    spares.next.key_ids.push_back(id);
  }
  if (options.next.empty()) {
    spares.made_in = options.directory;
    if (options.directory.empty()) {
      TRY_ASSIGN(spares.made_in, free_spares_directory(context, whose, generation));
    }
    std::error_code error;
    if (std::filesystem::exists(spares.made_in, error))
      return Error{Code::kConflict, "", "new spares " + spares.made_in,
                   "something is there already", "a new directory: --new-spares DIR"};
    TRY_ASSIGN(KeyMaker maker, key_maker(context, options.keys, "the new spares of " + whose));
    undo.add(spares.made_in);
    auto made = make_spares(maker, spares.made_in, whose, options.count);
    if (!made)
      return context.hint(std::move(made).error(), "--new-spares DIR writes them elsewhere");
    spares.next = *std::move(made);
  }
  spares.next.threshold = static_cast<std::uint16_t>(options.threshold);
  std::sort(spares.next.key_ids.begin(), spares.next.key_ids.end());
  return spares;
}

void report_spares(Context& context, const NextSpares& spares) {
  if (spares.made_in.empty()) return;
  context.report().line("New spares are in " + visible_line(spares.made_in) +
                        ": put them away, off this machine, in two places.");
  context.report().set("newSpares", spares.made_in);
}

Error settle(Context& context, Undo& undo, Error error, const std::string& made) {
  if (!context.outcome_unsure()) return error;
  undo.keep();
  if (made.empty()) return error;
  return context.hint(std::move(error),
                      visible_line(made) +
                          " stays: this may have been sequenced all the same, and then it is "
                          "needed. `holdfast log` shows whether it was");
}

}  // namespace holdfast::cli
