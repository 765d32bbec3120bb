// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/cli/config.h"
#include "api/cli/exit_code.h"
#include "api/cli/keyring.h"
#include "api/cli/output.h"
#include "api/cli/passphrase.h"
#include "ledger/log/reader.h"
#include "ledger/log/sequencer.h"
#include "ledger/log/village.h"

namespace holdfast::cli {

// What the options before and after every command say.
struct GlobalOptions {
  std::optional<std::string> village;  // --village
  bool json = false;                   // --format json
  std::string passphrase_file;         // --passphrase-file
  std::vector<std::string> keys;       // --key: whose keys may sign; none: every key at hand
  bool quiet = false;                  // --quiet: no progress bars
  bool accept_clock = false;           // --accept-clock
  bool accept_rollback = false;        // --accept-rollback
};

// What every command works with: the village, clock, randomness, keys and output of one run of the
// program. Things are opened when they are first asked for, and stay open. Threads: one.
class Context {
 public:
  Context(const Clock& clock, crypto::Random& random) : clock_(clock), random_(random) {}

  const Clock& clock() const { return clock_; }
  crypto::Random& random() { return random_; }
  GlobalOptions& options() { return options_; }
  Report& report() { return report_; }
  Passphrases& passphrases() { return passphrases_; }

  // Errors: kNotFound, saying where it looked.
  Result<log::VillagePaths> village();
  Result<Config> config();

  // A snapshot of the ledger. `fresh_reader` sees what was committed since.
  Result<log::Reader*> reader();
  Result<log::Reader*> fresh_reader();
  // Opens with the operator's key; asks for its passphrase, and the village's witnesses whether
  // they know of anything newer. Where this machine does not have it,
  // without: what takes back is then held, and nothing else taken.
  Result<log::Sequencer*> sequencer();
  // Where to submit: the server that runs here, which needs no key, or else the sequencer. Also the
  // sequencer where what this command overrides (--accept-...), or an operator's key to come, is
  // for this process alone, and for `bytes` of statements and contents that no server takes at
  // once.
  Result<log::Submitter*> submitter(std::uint64_t bytes = 0);
  Result<log::SequencerOptions> sequencer_options();

  // Closes reader and sequencer.
  void close();

  // $XDG_CONFIG_HOME/holdfast/keys.
  std::string key_directory() const { return log::default_key_directory(); }
  // The keys that may sign: those named by --key, else all in the key directory.
  Result<std::vector<StoredKey>> keys_at_hand();
  // The key file in <village>/keys that the village's state names as the operator's. Errors:
  // kNotFound where this machine does not have it.
  Result<StoredKey> operator_key_file();
  // The same, opened. Errors: those of opening it, besides.
  Result<crypto::SigningKey> operator_key();
  // The sequencer is opened with this operator's key instead: the one that an event to come names.
  void take_over(const model::PublicKey& operator_key) { next_operator_ = operator_key; }
  // What is to be signed is checked by this, and no witness asked when the sequencer is opened: by
  // whoever has asked them already, or goes on asking.
  void check_elsewhere_by(std::function<std::optional<Error>()> check) {
    check_elsewhere_ = std::move(check);
  }

  // Whether something was submitted of which nobody can say now whether it was sequenced. What a
  // command made for it, keys above all, must then stay.
  bool outcome_unsure() const { return outcome_unsure_; }
  void note_unsure_outcome() { outcome_unsure_ = true; }

  bool progress_enabled() const { return !options_.quiet && !report_.json(); }

  // Runs `body` when `command` was chosen on the command line; exceptions become refusals.
  void on_run(CLI::App& command, std::function<Result<void>()> body);
  // Adds a hint to be printed below a refusal; gives the error back: return context.hint(...).
  Error hint(Error error, std::string text);
  // The refusal that it was for is none of the command's.
  void forget_hint() { hint_.clear(); }
  // The exit code where all went well; a command that wrote a draft sets kDraft.
  void set_exit_code(ExitCode code) { exit_code_ = code; }

  // Prints what is left to print. Called once by main.
  ExitCode finish();

 private:
  void run(const std::function<Result<void>()>& body);

  const Clock& clock_;
  crypto::Random& random_;
  GlobalOptions options_;
  Report report_;
  Passphrases passphrases_;
  std::optional<model::PublicKey> next_operator_;
  std::function<std::optional<Error>()> check_elsewhere_;
  std::unique_ptr<log::Reader> reader_;
  std::unique_ptr<log::Sequencer> sequencer_;
  std::unique_ptr<log::Submitter> server_;
  bool outcome_unsure_ = false;
  std::optional<Error> error_;
  std::string hint_;
  ExitCode exit_code_ = ExitCode::kDone;
};

}  // namespace holdfast::cli
