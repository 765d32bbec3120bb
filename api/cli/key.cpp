// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/agent_key.h"
#include "api/cli/commands.h"
#include "api/cli/founding.h"
#include "api/cli/ids.h"
#include "api/cli/key_agent.h"
#include "api/cli/key_rotate.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

// --- key new
// --------------------------------------------------------------------------------------

constexpr const char* kKeyNewHelp =
    "Make a key of your own, encrypted by a passphrase. Nobody else can make it for you, and "
    "nobody\n"
    "can restore it: give others only the line that starts with ed25519:.\n"
    "\n"
    "Example:  holdfast key new mere";

struct NewKey {
  std::string name;
  std::string directory;
  NewKeyOptions options;
};

void report_key(Context& context, const StoredKey& key, const std::vector<std::string>& offices) {
  Report& report = context.report();
  report.field("name", visible_line(key.file.name));
  report.field("public key", crypto::format_public_key(key.file.public_key));
  report.field("key id", key.id().hex());
  report.field("file", visible_line(key.path));
  for (const std::string& office : offices) report.field("office", office);
  report.set("name", key.file.name);
  report.set("publicKey", crypto::format_public_key(key.file.public_key));
  report.set("keyId", key.id().hex());
  report.set("path", key.path);
  report.set("offices", offices);
}

Result<void> run_key_new(Context& context, const NewKey& wanted) {
  TRY(check_key_file_name(wanted.name));
  TRY_ASSIGN(KeyMaker maker, key_maker(context, wanted.options, "key " + wanted.name));
  const std::string directory =
      wanted.directory.empty() ? context.key_directory() : wanted.directory;
  TRY(maker.make_signing_key(directory, wanted.name));
  TRY_ASSIGN(const StoredKey key, find_key(directory, wanted.name));
  report_key(context, key, {});
  return {};
}

// --- offices
// --------------------------------------------------------------------------------------

// What the ledger at hand says of keys: "council", "guardian of records", "spare of the council".
class Offices {
 public:
  // Without a village at hand nobody has an office.
  static Result<Offices> read(Context& context) {
    Offices offices;
    auto reader = context.reader();
    if (!reader) return offices;
    TRY(offices.add(**reader, (*reader)->village(), "the council"));
    TRY((*reader)->each_subject(model::StateClass::kDomain, [&](const rules::Subject& subject) {
      return offices.add_domain(**reader, subject);
    }));
    TRY((*reader)->each_subject(model::StateClass::kAgent, [&](const rules::Subject& subject) {
      offices.add_agent(subject);
      return true;
    }));
    TRY_ASSIGN(const VillageState village, village_state(**reader));
    const model::VillageDetail& detail = village.detail;
    offices.held_.emplace(crypto::key_id(detail.operator_key), "operator");
    offices.held_.emplace(crypto::key_id(detail.witness_key), "witness");
    offices.held_.emplace(crypto::key_id(detail.sealing_key), "sealing");
    return offices;
  }

  std::vector<std::string> of(const KeyId& id) const {
    std::vector<std::string> out;
    for (auto [it, end] = held_.equal_range(id); it != end; ++it) out.push_back(it->second);
    return out;
  }

 private:
  Result<void> add(log::Reader& reader, const StatementId& id, const std::string& who) {
    TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAuthority, id));
    if (!subject) return {};
    TRY_ASSIGN(const auto detail,
               model::decode_own_detail<model::AuthorityDetail>(subject->detail));
    for (const model::PublicKey& key : detail.current.keys)
      held_.emplace(crypto::key_id(key), "one of " + who);
    for (const KeyId& key : detail.next.key_ids) held_.emplace(key, "spare of " + who);
    return {};
  }
  void add_agent(const rules::Subject& subject) {
    const auto agent = model::decode_own_detail<model::AgentDetail>(subject.detail);
    if (!agent) return;
    held_.emplace(crypto::key_id(agent->key),
                  std::string("agent (") + capability_in_words(agent->capability) + ")");
  }
  bool add_domain(log::Reader& reader, const rules::Subject& subject) {
    const auto detail = model::decode_own_detail<model::DomainDetail>(subject.detail);
    if (!detail) return true;
    const auto slug = reader.find(model::StateClass::kSlug, as_bytes(detail->slug));
    if (!slug || !*slug) return true;
    const auto domain = model::decode_own_detail<model::SlugDetail>((*slug)->detail);
    if (!domain) return true;
    return static_cast<bool>(
        add(reader, domain->domain, "the guardians of " + visible_line(detail->slug)));
  }

  std::multimap<KeyId, std::string> held_;
};

// --- key show, key list
// ---------------------------------------------------------------------------

Result<void> run_key_show(Context& context, const std::string& name) {
  TRY_ASSIGN(const StoredKey key, find_key(context.key_directory(), name));
  TRY_ASSIGN(const Offices offices, Offices::read(context));
  report_key(context, key, offices.of(key.id()));
  return {};
}

Result<void> run_key_list(Context& context) {
  TRY_ASSIGN(const auto keys, list_keys(context.key_directory()));
  TRY_ASSIGN(const Offices offices, Offices::read(context));
  Report& report = context.report();
  const std::string closed = closed_keys(context.key_directory());
  if (!closed.empty()) report.line("Permission denied to read " + visible_line(closed));
  if (keys.empty() && closed.empty())
    report.line("No keys in " + context.key_directory() + ". `holdfast key new NAME` makes one.");
  report.set("directory", context.key_directory());
  report.begin_list("keys");
  for (const StoredKey& key : keys) {
    const auto held = offices.of(key.id());
    const std::string name = std::filesystem::path(key.path).stem().string();
    std::string line = visible_line(name) + "  " + crypto::format_public_key(key.file.public_key);
    for (const std::string& office : held) line += "  " + office;
    report.line(line);
    report.item({{"name", name},
                 {"publicKey", crypto::format_public_key(key.file.public_key)},
                 {"keyId", key.id().hex()},
                 {"path", key.path},
                 {"offices", held}});
  }
  report.end_list();
  return {};
}

}  // namespace

void add_key_command(CLI::App& app, Context& context) {
  CLI::App& key = *app.add_subcommand("key", "Your keys, and who holds which office by them");
  key.require_subcommand(1);

  auto wanted = std::make_shared<NewKey>();
  CLI::App& make = *key.add_subcommand("new", kKeyNewHelp);
  make.add_option("name", wanted->name, "What to call it")->required()->type_name("NAME");
  make.add_option("--in", wanted->directory,
                  "Write it into this directory instead of your own keys")
      ->type_name("DIR");
  add_new_key_options(make, wanted->options);
  context.on_run(make, [&context, wanted] { return run_key_new(context, *wanted); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *key.add_subcommand("show", "Show a key: its public half, its id, its offices");
  show.add_option("name", *shown, "A name that `holdfast key list` shows, or a key file")
      ->required()
      ->type_name("NAME");
  context.on_run(show, [&context, shown] { return run_key_show(context, *shown); });

  CLI::App& list = *key.add_subcommand("list", "List your keys with the offices they hold here");
  context.on_run(list, [&context] { return run_key_list(context); });

  add_key_rotate_command(key, context);
  add_key_agent_command(key, context);
}

}  // namespace holdfast::cli
