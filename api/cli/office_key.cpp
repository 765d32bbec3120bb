// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/office_key.h"

#include <filesystem>
#include <optional>

#include "api/cli/authority.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/moving.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

// A free name in <village>/keys: operator, operator-2, operator-3, ...
std::string free_name(const std::string& directory, const std::string& office) {
  std::string name = office;
  for (int n = 2; fs::exists(key_path(directory, name)); ++n)
    name = office + "-" + std::to_string(n);
  return name;
}

std::string key_of_office(const std::string& office) {
  return office == "sealing" ? "sealing key" : office + "'s key";
}

// The new key of an office. `stored` is its file in <village>/keys, where it is there: only then
// can this machine sign with it. `made` is the file that this run wrote, or "".
struct OfficeKey {
  model::PublicKey key;
  std::optional<StoredKey> stored;
  std::string made;
};

Result<OfficeKey> make_office_key(Context& context, const OfficeChange& change,
                                  const std::string& directory, Undo& undo) {
  TRY_ASSIGN(KeyMaker maker,
             key_maker(context, change.keys, "the new " + key_of_office(change.office)));
  const std::string name = free_name(directory, change.office);
  OfficeKey made;
  made.made = key_path(directory, name);
  undo.add(made.made);
  if (change.office == "sealing")
    TRY(maker.make_sealing_key(directory, name));
  else
    TRY(maker.make_signing_key(directory, name));
  TRY_ASSIGN(made.stored, find_key(directory, made.made));
  made.key = made.stored->file.public_key;
  return made;
}

// A key that its holder made elsewhere, by its public half: its file may be here all the same.
Result<OfficeKey> office_key_at_hand(const model::PublicKey& key, const std::string& directory) {
  OfficeKey given{key, std::nullopt, ""};
  TRY_ASSIGN(const auto here, list_keys(directory));
  for (const StoredKey& stored : here)
    if (stored.file.public_key == key) given.stored = stored;
  return given;
}

// Its file is at hand: from there on it is among the village's keys, for this machine to work with.
Result<OfficeKey> take_office_key(const OfficeChange& change, const StoredKey& file,
                                  const std::string& directory, Undo& undo) {
  TRY_ASSIGN(OfficeKey given, office_key_at_hand(file.file.public_key, directory));
  if (given.stored) return given;
  given.made = key_path(directory, free_name(directory, change.office));
  TRY(crypto::create_key_file(given.made, file.file));
  undo.add(given.made);
  TRY_ASSIGN(given.stored, find_key(directory, given.made));
  return given;
}

Result<OfficeKey> office_key(Context& context, const OfficeChange& change, Undo& undo) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  if (change.to.empty()) return make_office_key(context, change, paths.keys(), undo);
  const bool is_public = change.to.starts_with("ed25519:") || change.to.starts_with("x25519:");
  if (!is_public) {
    TRY_ASSIGN(const StoredKey file,
               find_key_in({paths.keys(), context.key_directory()}, change.to));
    return take_office_key(change, file, paths.keys(), undo);
  }
  TRY_ASSIGN(const model::PublicKey key,
             value_of("--to", change.to, crypto::parse_public_key(change.to)));
  TRY_ASSIGN(OfficeKey given, office_key_at_hand(key, paths.keys()));
  if (change.office != "operator" || given.stored || !change.author.draft.empty()) return given;
  // It can sign this, and then could seal nothing: a private key is not copied unasked.
  TRY_ASSIGN(const auto own, list_keys(context.key_directory()));
  for (const StoredKey& file : own)
    if (file.file.public_key == key)
      return Error{Code::kConflict, "", "--to", "your own key " + file.file.name,
                   "--to " + file.path +
                       ", which puts a copy among the village's keys; or --draft "
                       "DIR, for whoever is to be operator elsewhere"};
  return given;
}

// Else it would be a move, without what a move asks for.
Result<void> check_run_from_here(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const Standing standing, standing_of(context, reader));
  if (standing.has_operator_key()) return {};
  return context.hint(
      Error{Code::kUnavailable, "", "the operator's key", "none on this machine",
            crypto::format_public_key(standing.village.detail.operator_key)},
      "`holdfast move` makes this the machine that the village is run from; --draft "
      "DIR writes a draft for the one that it is run from");
}

}  // namespace

Result<bool> change_office(Context& context, const OfficeChange& change) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  std::vector<Need> needs(1);
  TRY_ASSIGN(needs.front(), council_need(*reader));
  Undo undo;
  TRY_ASSIGN(const OfficeKey office, office_key(context, change, undo));
  model::KeyEvent event;
  event.expected_version = village.value.version;
  std::vector<StoredKey> more;
  if (change.office == "operator") {
    if (office.stored && change.author.draft.empty() && !change.is_compared)
      TRY(check_run_from_here(context, *reader));
    TRY_ASSIGN(const Stamp stamp, make_stamp(context, 0));
    event.which = model::OperatorChange{office.key, stamp.basis};
    needs.push_back({"the new operator", 1, {crypto::key_id(office.key)}});
    if (office.stored) more.push_back(*office.stored);
  } else if (change.office == "witness") {
    event.which = model::WitnessChange{office.key};
  } else {
    event.which = model::SealingChange{office.key};
  }
  const Result<Outcome> outcome =
      author(context, {{model::Visibility::kOpen, event, {}}}, needs, change.author, more);
  if (!outcome) return settle(context, undo, outcome.error(), office.made);
  undo.keep();
  report_outcome(context, *outcome, "changed the " + key_of_office(change.office) + ":");
  context.report().field("new key", key_in_words(office.key));
  if (office.stored) context.report().field("file", visible_line(office.stored->path));
  context.report().set("key", crypto::format_public_key(office.key));
  return outcome->receipt.has_value();
}

namespace {

std::optional<NamedKey> named_in(const model::Statement& statement, const std::string& office) {
  if (const auto* genesis = std::get_if<model::Genesis>(&statement.body))
    return NamedKey{office == "operator"  ? genesis->operator_key
                    : office == "witness" ? genesis->witness_key
                                          : genesis->sealing_key,
                    {}};
  const auto* event = std::get_if<model::KeyEvent>(&statement.body);
  if (event == nullptr) return std::nullopt;
  if (const auto* change = std::get_if<model::OperatorChange>(&event->which))
    return office == "operator" ? std::optional(NamedKey{change->key, change->from.size})
                                : std::nullopt;
  if (const auto* change = std::get_if<model::WitnessChange>(&event->which))
    return office == "witness" ? std::optional(NamedKey{change->key, {}}) : std::nullopt;
  if (const auto* change = std::get_if<model::SealingChange>(&event->which))
    return office == "sealing" ? std::optional(NamedKey{change->key, {}}) : std::nullopt;
  return std::nullopt;
}

}  // namespace

Result<std::vector<NamedKey>> keys_of_office(log::Reader& reader, const std::string& office) {
  std::vector<NamedKey> keys;
  TreeSize seen;
  TRY(log::catch_up(reader, seen, {model::Kind::kGenesis, model::Kind::kKeyEvent},
                    [&](const log::Logged& logged) -> Result<void> {
                      if (const auto key = named_in(logged.statement, office)) keys.push_back(*key);
                      return {};
                    }));
  return keys;
}

}  // namespace holdfast::cli
