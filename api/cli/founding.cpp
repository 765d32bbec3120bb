// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/founding.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "api/cli/author.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/undo.h"
#include "ledger/model/bounds.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/rules/apply.h"

namespace holdfast::cli {
namespace fs = std::filesystem;
namespace {

constexpr Seconds kGenesisMayWait = 30 * kDay;
constexpr int kSparesNumbers = 100;

// `path`, or where another village of that name has put its spares there, the next number behind
// it.
std::string free_beside(const std::string& path) {
  std::string free = path;
  for (int number = 2; !check_free(free, "") && number <= kSparesNumbers; ++number)
    free = path + "-" + std::to_string(number);
  return free;
}

void fill_defaults(Founding& founding, crypto::Random& random) {
  fs::path directory = fs::path(founding.directory).lexically_normal();
  if (!directory.has_filename()) directory = directory.parent_path();
  founding.directory = directory.string();
  if (founding.name.empty()) founding.name = directory.filename().string();
  const std::string slug = slug_of(founding.name);
  if (founding.origin.empty()) {
    std::array<std::byte, 4> letters;
    random.fill(letters);
    founding.origin = slug + "-" + format_hex(letters) + ".village.invalid";
  }
  if (founding.spares_directory.empty())
    founding.spares_directory =
        free_beside((directory.parent_path() / (slug + "-spares")).string());
}

// Before there is anything that a rule could be broken in: so it is the flag that is wrong.
Result<void> check_domain(const std::string& slug) {
  auto checked = model::check_text(slug, model::bounds::kSlug, "slug of the domain");
  if (checked) return {};
  Error error = std::move(checked).error();
  error.rule.clear();
  return value_of("--domain", slug, Result<void>(std::move(error)));
}

// The founder's own key: the one that --key names, made where it is missing; else a new one.
struct CouncilKey {
  crypto::SigningKey key;
  std::string path;
  bool made;
};
Result<CouncilKey> council_key(Context& context, const Founding& founding, KeyMaker& maker) {
  const std::string directory = context.key_directory();
  const auto& named = context.options().keys;
  const std::string name = named.empty() ? slug_of(founding.name) : named.front();
  auto present = find_key(directory, name);
  if (present && named.empty())
    return context.hint(
        Error{Code::kConflict, "", "key " + name, present->path + " exists already", "a new name"},
        "--key " + name + " uses that key for this village too; --key OTHER makes another one");
  if (present) {
    TRY_ASSIGN(crypto::SigningKey key, context.passphrases().open_signing_key(present->file));
    return CouncilKey{std::move(key), present->path, false};
  }
  if (present.error().code != Code::kNotFound) return std::move(present).error();
  TRY_ASSIGN(crypto::SigningKey key, maker.make_signing_key(directory, name));
  return CouncilKey{std::move(key), key_path(directory, name), true};
}

Result<std::string> read_terms(const std::string& path) {
  if (path.empty()) return std::string();
  TRY_ASSIGN(const Bytes bytes, read_file(path, 16384));
  return std::string(as_text(bytes));
}

Bytes sign_genesis(const Bytes& statement, const crypto::SigningKey& council,
                   const crypto::SigningKey& op) {
  log::Draft draft;
  draft.statements.push_back(statement);
  log::sign_draft(draft, council);
  log::sign_draft(draft, op);
  return log::admissions(draft).front().signed_statement;
}

// Everything of one founding that the steps below share.
struct Site {
  Context& context;
  const Founding& founding;
  const std::string staging;  // the village while it is being made
  KeyMaker& maker;
  const CouncilKey& council;
  Founded founded;
};

Result<model::Genesis> make_genesis(Site& site, const crypto::SigningKey& operator_key) {
  const std::string keys = site.staging + "/keys";
  TRY_ASSIGN(const crypto::SigningKey witness, site.maker.make_signing_key(keys, "witness"));
  TRY_ASSIGN(const crypto::SealingKey sealing, site.maker.make_sealing_key(keys, "sealing"));
  model::Genesis genesis;
  genesis.rules = rules::kRulesVersion;
  genesis.name = site.founding.name;
  genesis.origin = site.founding.origin;
  genesis.community_type = site.founding.community_type;
  genesis.operator_key = operator_key.public_key();
  genesis.witness_key = witness.public_key();
  genesis.sealing_key = sealing.public_key();
  genesis.council = {1, {site.council.key.public_key()}};
  TRY_ASSIGN(genesis.council_next, make_spares(site.maker, site.founding.spares_directory,
                                               "council", site.founding.spares));
  TRY_ASSIGN(genesis.terms, read_terms(site.founding.terms_file));
  genesis.substrate = site.founding.substrate;
  return genesis;
}

Result<void> sequence_genesis(Site& site) {
  Context& context = site.context;
  TRY_ASSIGN(crypto::SigningKey operator_key,
             site.maker.make_signing_key(site.staging + "/keys", "operator"));
  TRY_ASSIGN(model::Genesis genesis, make_genesis(site, operator_key));
  Stamp stamp;
  stamp.issued_at = context.clock().now();
  stamp.sequence_by = stamp.issued_at + kGenesisMayWait;
  const Bytes statement =
      make_statement(stamp, model::Visibility::kOpen, std::move(genesis), context.random());
  TRY(model::decode_statement(statement));
  site.founded.village = model::statement_id(statement);
  site.founded.operator_vkey = model::format_vkey(
      {site.founding.origin, model::NoteKeyType::kEd25519, operator_key.public_key()});
  const std::string config = new_config_text(site.founding.name, site.founded.village.hex(),
                                             site.founding.origin, site.founding.domain);
  TRY(create_file(site.staging + "/holdfast.toml", as_bytes(config)));
  context.options().village = site.staging;
  TRY_ASSIGN(const log::SequencerOptions options, context.sequencer_options());
  TRY(log::create_village(log::VillagePaths(site.staging),
                          sign_genesis(statement, site.council.key, operator_key), operator_key,
                          options, context.clock(), context.random()));
  return {};
}

Result<void> sequence_domain(Site& site) {
  if (site.founding.domain.empty()) return {};
  Context& context = site.context;
  model::Domain domain;
  domain.slug = site.founding.domain;
  domain.title = site.founding.domain_title;
  domain.guardians = {1, {site.council.key.public_key()}};
  TRY_ASSIGN(domain.next, make_spares(site.maker, site.founding.spares_directory,
                                      site.founding.domain, site.founding.spares));
  TRY_ASSIGN(const Stamp stamp, make_stamp(context, 0));
  log::Draft draft;
  draft.statements.push_back(
      make_statement(stamp, model::Visibility::kOpen, std::move(domain), context.random()));
  TRY(model::decode_statement(draft.statements.front()));
  log::sign_draft(draft, site.council.key);
  TRY(submit(context, log::admissions(draft)));
  site.founded.domain = site.founding.domain;
  site.founded.domain_id = model::statement_id(draft.statements.front());
  return {};
}

Result<void> write_spares_note(const Founded& founded) {
  const std::string text = "Spare keys of the village \"" + founded.name + "\"\n" +
                           founded.village.hex() +
                           "\n\n"
                           "Put these files away, off this machine: on two sticks in two places, "
                           "say. They open with the\n"
                           "passphrase that was chosen when they were made. The ledger knows them "
                           "by key id only; it takes\n"
                           "one of them to replace a key that was lost or stolen:\n\n"
                           "  holdfast key rotate council --spare council-spare-1.key\n\n"
                           "Whoever has today's keys but none of these can not do that. Without "
                           "any of them, an authority\n"
                           "whose keys are lost can never be renewed.\n";
  return create_file(founded.spares_directory + "/README.txt", as_bytes(text));
}

Result<void> move_into_place(Site& site) {
  site.context.close();
  TRY(rename_directory(site.staging, site.founding.directory));
  site.context.options().village = site.founding.directory;
  return {};
}

}  // namespace

void add_new_key_options(CLI::App& command, NewKeyOptions& options) {
  command.add_flag("--no-passphrase", options.no_passphrase,
                   "Whoever has the new key files has the keys");
  command
      .add_option("--kdf-memory-mib", options.kdf_memory_mib,
                  "Memory that trying a passphrase takes; less is weaker")
      ->type_name("MIB")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
}

Result<KeyMaker> key_maker(Context& context, const NewKeyOptions& options,
                           const std::string& purpose) {
  if (options.no_passphrase) return KeyMaker(crypto::Secret(), kNoPassphraseCost, context.random());
  crypto::PassphraseCost cost;
  cost.memory_kib = options.kdf_memory_mib * 1024;
  TRY_ASSIGN(crypto::Secret passphrase, context.passphrases().choose(purpose));
  return KeyMaker(std::move(passphrase), cost, context.random());
}

Result<model::NextAuthority> make_spares(KeyMaker& maker, const std::string& directory,
                                         const std::string& prefix, unsigned count) {
  model::NextAuthority next{1, {}};
  for (unsigned n = 1; n <= count; ++n) {
    TRY_ASSIGN(const crypto::SigningKey key,
               maker.make_signing_key(directory, prefix + "-spare-" + std::to_string(n)));
    next.key_ids.push_back(key.id());
  }
  std::sort(next.key_ids.begin(), next.key_ids.end());
  return next;
}

Result<Founded> found_village(Context& context, Founding founding) {
  TRY_ASSIGN(const std::string place, new_place(founding.directory, "village"));
  fill_defaults(founding, context.random());
  TRY(check_free(founding.spares_directory, "spares"));
  TRY(model::check_key_name(founding.origin));
  if (!founding.domain.empty()) TRY(check_domain(founding.domain));
  TRY_ASSIGN(KeyMaker maker, key_maker(context, founding.keys, "the keys of " + founding.name));

  const std::string staging = place + ".making";
  TRY(make_staging(staging));
  Undo undo;
  undo.add(staging);
  TRY_ASSIGN(const CouncilKey council, council_key(context, founding, maker));
  if (council.made) undo.add(council.path);
  undo.add(founding.spares_directory);
  TRY(make_own_directory(staging + "/keys"));

  Site site{context, founding, staging, maker, council, {}};
  site.founded.directory = founding.directory;
  site.founded.name = founding.name;
  site.founded.origin = founding.origin;
  site.founded.spares_directory = founding.spares_directory;
  TRY(sequence_genesis(site));
  TRY(sequence_domain(site));
  TRY(write_spares_note(site.founded));
  TRY_ASSIGN(const auto spares, list_keys(founding.spares_directory));
  for (const StoredKey& spare : spares)
    site.founded.spares.push_back(fs::path(spare.path).filename().string());
  TRY_ASSIGN(site.founded.council_key, find_key("", council.path));
  site.founded.council_key_made = council.made;
  TRY(move_into_place(site));
  undo.keep();
  return std::move(site.founded);
}

std::string slug_of(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, char>, 10> kMacrons{{{"ā", 'a'},
                                                                               {"ē", 'e'},
                                                                               {"ī", 'i'},
                                                                               {"ō", 'o'},
                                                                               {"ū", 'u'},
                                                                               {"Ā", 'a'},
                                                                               {"Ē", 'e'},
                                                                               {"Ī", 'i'},
                                                                               {"Ō", 'o'},
                                                                               {"Ū", 'u'}}};
  std::string slug;
  for (std::size_t at = 0; at < name.size();) {
    const auto macron = std::find_if(kMacrons.begin(), kMacrons.end(), [&](const auto& m) {
      return name.compare(at, m.first.size(), m.first) == 0;
    });
    const char c = macron != kMacrons.end() ? macron->second : name[at];
    at += macron != kMacrons.end() ? macron->first.size() : 1;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      slug += c;
    else if (c >= 'A' && c <= 'Z')
      slug += static_cast<char>(c - 'A' + 'a');
    else if (static_cast<unsigned char>(c) < 0x80 && !slug.empty() && slug.back() != '-')
      slug += '-';
  }
  slug.resize(std::min<std::size_t>(slug.size(), 40));
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "village" : slug;
}

}  // namespace holdfast::cli
