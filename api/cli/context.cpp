// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/context.h"

#include <exception>
#include <filesystem>

#include "api/cli/elsewhere.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/server_submitter.h"

namespace holdfast::cli {

Result<log::VillagePaths> Context::village() {
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  return log::find_village(options_.village, error ? std::string("/") : here);
}

Result<Config> Context::config() {
  TRY_ASSIGN(const log::VillagePaths paths, village());
  return read_config(paths.config());
}

Result<log::Reader*> Context::reader() {
  if (reader_) return reader_.get();
  return fresh_reader();
}

Result<log::Reader*> Context::fresh_reader() {
  TRY_ASSIGN(const log::VillagePaths paths, village());
  reader_.reset();
  TRY_ASSIGN(reader_, log::Reader::open(paths));
  return reader_.get();
}

Result<log::SequencerOptions> Context::sequencer_options() {
  TRY_ASSIGN(const Config config, this->config());
  log::SequencerOptions options;
  if (!config.anchor_directory.empty()) options.anchor_directory = config.anchor_directory;
  options.map_bytes = config.map_mib << 20;
  options.jobs = config.jobs;
  options.accept_clock = options_.accept_clock;
  options.accept_rollback = options_.accept_rollback;
  return options;
}

Result<log::Sequencer*> Context::sequencer() {
  if (sequencer_) return sequencer_.get();
  TRY_ASSIGN(const log::VillagePaths paths, village());
  TRY_ASSIGN(log::SequencerOptions options, sequencer_options());
  const auto file = operator_key_file();
  // Without it nothing is signed, and what takes back is held.
  if (!file && (file.error().code != Code::kNotFound || next_operator_)) return file.error();
  std::optional<crypto::SigningKey> key;
  if (file) {
    TRY_ASSIGN(key, passphrases_.open_signing_key(file->file));
  }
  options.check_elsewhere = check_elsewhere_;
  if (key && !options.check_elsewhere)
    options.check_elsewhere = [heard = objection_elsewhere(*this)] { return heard; };
  TRY_ASSIGN(sequencer_, log::Sequencer::open(paths, std::move(key), options, clock_, random_));
  return sequencer_.get();
}

Result<log::Submitter*> Context::submitter(std::uint64_t bytes) {
  const bool here = sequencer_ || next_operator_ || options_.accept_clock ||
                    options_.accept_rollback || bytes > kServerSubmissionBytesMax / 2;
  TRY_ASSIGN(const log::VillagePaths paths, village());
  if (!here && !server_) server_ = find_server(paths.socket());
  if (!here && server_) return server_.get();
  TRY_ASSIGN(log::Sequencer* const sequencer, this->sequencer());
  return sequencer;
}

void Context::close() {
  server_.reset();
  sequencer_.reset();
  reader_.reset();
}

Result<std::vector<StoredKey>> Context::keys_at_hand() {
  std::vector<StoredKey> keys;
  if (options_.keys.empty()) {
    TRY_ASSIGN(keys, list_keys(key_directory()));
    const std::string closed = closed_keys(key_directory());
    if (!keys.empty() || closed.empty()) return keys;
    return Error{Code::kUnavailable, "", "your keys", "permission denied to read " + closed,
                 "key files that you may read"};
  }
  for (const std::string& name : options_.keys) {
    auto key = find_key(key_directory(), name);
    // A file that is no key file is no fault of the flag.
    if (!key && key.error().code == Code::kMalformed) return std::move(key).error();
    TRY_ASSIGN(StoredKey found, value_of("--key", name, std::move(key)));
    keys.push_back(std::move(found));
  }
  return keys;
}

Result<StoredKey> Context::operator_key_file() {
  TRY_ASSIGN(const log::VillagePaths paths, village());
  TRY_ASSIGN(log::Reader* const reader, this->reader());
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  const model::PublicKey wanted = next_operator_.value_or(village.detail.operator_key);
  TRY_ASSIGN(const std::vector<StoredKey> stored, list_keys(paths.keys()));
  for (const StoredKey& key : stored)
    if (key.file.public_key == wanted) return key;
  if (const std::string closed = closed_keys(paths.keys()); !closed.empty())
    return Error{Code::kUnavailable, "", "operator's key in " + paths.keys(),
                 "permission denied to read " + closed, "key files that you may read"};
  return Error{Code::kNotFound, "", "operator's key in " + paths.keys(), "no file with that key",
               crypto::format_public_key(wanted)};
}

Result<crypto::SigningKey> Context::operator_key() {
  TRY_ASSIGN(const StoredKey key, operator_key_file());
  return passphrases_.open_signing_key(key.file);
}

Error Context::hint(Error error, std::string text) {
  hint_ = std::move(text);
  return error;
}

void Context::on_run(CLI::App& command, std::function<Result<void>()> body) {
  command.callback([this, body = std::move(body)] { run(body); });
}

void Context::run(const std::function<Result<void>()>& body) {
  report_.set_format(options_.json ? Format::kJson : Format::kText);
  passphrases_.set_file(options_.passphrase_file);
  try {
    if (auto done = body(); !done) error_ = std::move(done).error();
  } catch (const std::exception& exception) {
    error_ = Error{Code::kUnavailable, "", "this machine", exception.what(), ""};
  }
}

ExitCode Context::finish() {
  close();
  if (!error_) {
    auto printed = report_.finish();
    if (printed) return exit_code_;
    print_refusal(printed.error(), hint_);
    return exit_code_of(printed.error());
  }
  // What was printed before the refusal stays before it, also where both go to one terminal.
  [[maybe_unused]] const auto printed = report_.fail(*error_, outcome_name(*error_), hint_);
  print_refusal(*error_, hint_);
  return exit_code_of(*error_);
}

}  // namespace holdfast::cli
