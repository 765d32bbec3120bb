// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/key_rotate.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "api/cli/authority.h"
#include "api/cli/ids.h"
#include "api/cli/office_key.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRotateHelp =
    "Give an authority new keys, or the village a new operator's, witness's or sealing key.\n"
    "\n"
    "The council and the guardians of a domain are renewed by their spares, never by today's "
    "keys:\n"
    "so a thief of today's keys cannot do it. The new set is the spares themselves, or what --set\n"
    "names; everyone in it signs, so that nobody is named who does not hold the key. New spares "
    "are\n"
    "made, and the old ones are void.\n"
    "\n"
    "Lost key:          holdfast key rotate records --spare records-spare-1.key\n"
    "Three of us, two must agree:\n"
    "  holdfast key rotate records --spare records-spare-1.key --threshold 2 \\\n"
    "      --set mere --set ed25519:... --set ed25519:...\n"
    "  (this writes a draft; the others run `holdfast sign`, anyone runs `holdfast submit`)\n"
    "\n"
    "A new operator's key signs beside the council, so that nobody is named who does not hold it.\n"
    "Other operator:    holdfast key rotate operator\n"
    "                   holdfast key rotate operator --to FILE\n"
    "Its holder has it elsewhere, and signs the draft that this writes:\n"
    "                   holdfast key rotate operator --to ed25519:...\n"
    "Another key for what envelopes to this village are sealed to, and for its witness:\n"
    "                   holdfast key rotate sealing\n"
    "                   holdfast key rotate witness\n"
    "A server that runs opens with the new sealing key where its file is under a passphrase that\n"
    "`serve` was given at its start, or under none; else start it again.";

struct Rotate {
  std::string target;
  std::vector<std::string> spares;
  std::vector<std::string> set;
  unsigned threshold = 0;
  std::string to;
  SpareOptions next;
  AuthorOptions author;
};

// The spares that are in the set now are working keys: they go among the person's own. Says where,
// for programs as the member "installed".
Result<void> install(Context& context, const GivenKeys& spares,
                     const std::vector<model::PublicKey>& set) {
  TRY_ASSIGN(const auto own, list_keys(context.key_directory()));
  Json installed = Json::array();
  for (const StoredKey& spare : spares.files) {
    const bool present = std::any_of(own.begin(), own.end(), [&](const StoredKey& key) {
      return key.file.public_key == spare.file.public_key;
    });
    if (present || !holds(set, spare.file.public_key)) continue;
    const std::string stem = fs::path(spare.path).stem().string();
    std::string path = key_path(context.key_directory(), stem);
    for (int n = 2; fs::exists(path); ++n)
      path = key_path(context.key_directory(), stem + "-" + std::to_string(n));
    fs::create_directories(context.key_directory());
    TRY(crypto::create_key_file(path, spare.file));
    context.report().line("The key " + visible_line(spare.file.name) + " is now at " + path);
    installed.push_back({{"name", spare.file.name}, {"path", path}});
  }
  context.report().set("installed", std::move(installed));
  return {};
}

Result<model::Rotation> make_rotation(const Rotate& rotate, const model::AuthorityDetail& before,
                                      const GivenKeys& spares, const GivenKeys& set) {
  for (const model::PublicKey& key : spares.keys) {
    const KeyId id = crypto::key_id(key);
    if (!std::binary_search(before.next.key_ids.begin(), before.next.key_ids.end(), id))
      return Error{Code::kUnauthorised, "SIGN-2", "spare " + crypto::format_public_key(key),
                   "key id " + short_id(id) + ", which the ledger does not know as a spare",
                   "a spare of " + rotate.target + " made at its last rotation"};
  }
  model::Rotation rotation;
  rotation.set.keys = set.keys.empty() ? spares.keys : set.keys;
  rotation.set.threshold = rotate.threshold > 0 ? static_cast<std::uint16_t>(rotate.threshold)
                                                : before.current.threshold;
  // Here and not when everybody has signed.
  if (rotation.set.threshold > rotation.set.keys.size())
    return Error{Code::kInvalid, "AUTH-1", "--threshold", std::to_string(rotation.set.threshold),
                 "1 to " + std::to_string(rotation.set.keys.size()) + ", the number of new keys"};
  for (const model::PublicKey& key : spares.keys)
    if (!holds(rotation.set.keys, key)) rotation.revealed.push_back(key);
  return rotation;
}

Result<void> rotate_authority(Context& context, const Rotate& rotate) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  const bool council = rotate.target == "council";
  StatementId id = reader->village();
  if (!council) {
    TRY_ASSIGN(id, locate_domain(*reader, rotate.target));
  }
  const std::string who = council ? "the council" : "the guardians of " + rotate.target;
  TRY_ASSIGN(const auto subject, reader->find(model::StateClass::kAuthority, id));
  if (!subject) return Error{Code::kNotFound, "", who, "no such authority", "council or a domain"};
  TRY_ASSIGN(const auto before, model::decode_own_detail<model::AuthorityDetail>(subject->detail));
  if (rotate.spares.empty())
    return context.hint(Error{Code::kInvalid, "", "--spare", "none",
                              "at least " + std::to_string(before.next.threshold) + " of the " +
                                  std::to_string(before.next.key_ids.size()) + " spares of " + who},
                        "the spares were written to files when these keys were made, and put away");

  TRY_ASSIGN(const GivenKeys spares, given_keys(context, rotate.spares));
  TRY_ASSIGN(const GivenKeys set, given_keys(context, rotate.set));
  TRY_ASSIGN(model::Rotation rotation, make_rotation(rotate, before, spares, set));
  Undo undo;
  TRY_ASSIGN(const NextSpares next,
             next_spares(context, rotate.next, rotate.target, subject->value.version + 1, undo));
  rotation.next = next.next;

  const Need promised{"the spares of " + who, before.next.threshold, before.next.key_ids};
  const std::vector<Need> needs{promised, everyone(rotation.set, "the new keys of " + who)};
  std::vector<StoredKey> files = spares.files;
  files.insert(files.end(), set.files.begin(), set.files.end());
  model::KeyEvent event;
  event.expected_version = subject->value.version;
  if (council)
    event.which = model::CouncilRotation{rotation};
  else
    event.which = model::DomainRotation{id, rotation};
  const Result<Outcome> outcome =
      author(context, {{model::Visibility::kOpen, event, {}}}, needs, rotate.author, files);
  if (!outcome) return settle(context, undo, outcome.error(), next.made_in);
  undo.keep();
  report_outcome(context, *outcome, "rotated the keys of " + who + ":");
  report_spares(context, next);
  return install(context, spares, rotation.set.keys);
}

Result<void> run_rotate(Context& context, const Rotate& rotate) {
  const bool office =
      rotate.target == "operator" || rotate.target == "witness" || rotate.target == "sealing";
  if (!office) return rotate_authority(context, rotate);
  TRY(change_office(context, {rotate.target, rotate.to, rotate.next.keys, rotate.author}));
  return {};
}

}  // namespace

void add_key_rotate_command(CLI::App& key, Context& context) {
  auto rotate = std::make_shared<Rotate>();
  CLI::App& command = *key.add_subcommand("rotate", kRotateHelp);
  command
      .add_option("whose", rotate->target, "council, a domain's slug, operator, witness or sealing")
      ->required()
      ->type_name("WHOSE");
  command
      .add_option(
          "--spare", rotate->spares,
          "A spare key file that authorises this; or ed25519:... where its holder will sign "
          "the draft. May be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--set", rotate->set,
                  "A key of the new set: a name, a key file, or ed25519:... May be repeated. Else "
                  "the spares are the new set")
      ->type_name("KEY")
      ->allow_extra_args(false);
  command
      .add_option("--threshold", rotate->threshold, "How many must agree; else as many as before")
      ->check(CLI::Range(1, 32));
  command
      .add_option(
          "--to", rotate->to,
          "The new operator's, witness's or sealing key, where its holder made it: a name, a key "
          "file, or its public half. Else it is made here")
      ->type_name("KEY");
  add_spare_options(command, rotate->next);
  add_author_options(command, rotate->author, false);
  context.on_run(command, [&context, rotate] { return run_rotate(context, *rotate); });
}

}  // namespace holdfast::cli
