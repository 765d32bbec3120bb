// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "api/cli/files.h"
#include "api/cli/visible.h"
#include "ledger/crypto/passphrase_file.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kPassphraseBytesMin = 8;
constexpr int kAttempts = 3;

volatile std::sig_atomic_t signal_seen = 0;
void note_signal(int signal) { signal_seen = signal; }

// A terminal that shows nothing of what is typed, until this goes: also where a signal ends the
// program meanwhile, which is then raised again.
class SilentTerminal {
 public:
  explicit SilentTerminal(int descriptor) : descriptor_(descriptor) {
    is_terminal_ = ::tcgetattr(descriptor_, &before_) == 0;
    if (!is_terminal_) return;
    signal_seen = 0;
    struct sigaction note = {};
    note.sa_handler = note_signal;  // without SA_RESTART: reading stops
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      ::sigaction(kSignals[i], &note, &handlers_[i]);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(descriptor_, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (!is_terminal_) return;
    ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      ::sigaction(kSignals[i], &handlers_[i], nullptr);
    if (signal_seen != 0) ::raise(signal_seen);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  int descriptor_;
  bool is_terminal_ = false;
  termios before_{};
  std::array<struct sigaction, kSignals.size()> handlers_{};
};

// Asks on the terminal itself, so that redirected input and output do not matter.
Result<crypto::Secret> ask(const std::string& prompt) {
  const File terminal("/dev/tty", O_RDWR);
  if (terminal.get() < 0)
    return Error{Code::kUnavailable, "", "passphrase", "no terminal to ask on",
                 "--passphrase-file FILE, or the systemd credential holdfast-passphrase"};
  const auto say = [&](const std::string& text) {
    [[maybe_unused]] const ssize_t written = ::write(terminal.get(), text.data(), text.size());
  };
  const SilentTerminal silent(terminal.get());
  say(visible_line(prompt) + ": ");  // names come from files
  Result<crypto::Secret> answer =
      crypto::read_passphrase_line(terminal.get(), "passphrase", [] { return signal_seen != 0; });
  say("\n");
  return answer;
}

bool without_passphrase(const crypto::KeyFile& file) { return file.cost == kNoPassphraseCost; }

}  // namespace

Result<std::optional<crypto::Secret>> Passphrases::configured() {
  std::string path = file_;
  if (path.empty()) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr) return std::optional<crypto::Secret>();
    path = std::string(directory) + "/holdfast-passphrase";
    if (::access(path.c_str(), F_OK) != 0) return std::optional<crypto::Secret>();
  }
  TRY_ASSIGN(crypto::Secret secret, crypto::read_passphrase_file(path));
  return std::optional<crypto::Secret>(std::move(secret));
}

template <typename Open>
auto Passphrases::open(const crypto::KeyFile& file, Open open) -> decltype(open(ByteView{})) {
  if (without_passphrase(file)) return open(ByteView{});
  const auto wrong = [](const auto& opened) {
    return !opened && opened.error().code == Code::kUnauthorised;
  };
  for (const crypto::Secret& passphrase : known_)
    if (auto opened = open(passphrase.view()); !wrong(opened)) return opened;

  TRY_ASSIGN(std::optional<crypto::Secret> given, configured());
  if (given) {
    auto opened = open(given->view());
    if (opened) known_.push_back(std::move(*given));
    if (!wrong(opened)) return opened;
    // A file that was named must fit; a credential may be meant for other keys.
    if (!file_.empty()) return opened;
  }
  if (!may_ask_)
    return Error{Code::kUnavailable, "", "passphrase of key " + file.name,
                 "none of those that were given",
                 "the same as of the keys that were opened at the start, or a new start"};
  for (int attempt = 1;; ++attempt) {
    TRY_ASSIGN(crypto::Secret passphrase, ask("passphrase of key " + file.name));
    auto opened = open(passphrase.view());
    if (opened) known_.push_back(std::move(passphrase));
    if (!wrong(opened) || attempt == kAttempts) return opened;
  }
}

Result<crypto::SigningKey> Passphrases::open_signing_key(const crypto::KeyFile& file) {
  return open(file,
              [&](ByteView passphrase) { return crypto::open_signing_key(file, passphrase); });
}

Result<crypto::SealingKey> Passphrases::open_sealing_key(const crypto::KeyFile& file) {
  return open(file,
              [&](ByteView passphrase) { return crypto::open_sealing_key(file, passphrase); });
}

Result<crypto::Secret> Passphrases::choose(const std::string& purpose) {
  const auto check = [](const crypto::Secret& passphrase) -> Result<void> {
    if (passphrase.size() < kPassphraseBytesMin)
      return Error{Code::kInvalid, "", "passphrase", std::to_string(passphrase.size()) + " bytes",
                   "at least 8 bytes (or say --no-passphrase)"};
    return {};
  };
  TRY_ASSIGN(std::optional<crypto::Secret> given, configured());
  if (given) {
    TRY(check(*given));
    known_.push_back(given->clone());
    return std::move(*given);
  }
  Result<crypto::Secret> asked = ask("new passphrase for " + purpose);
  if (!asked && asked.error().code == Code::kUnavailable) {
    Error error = std::move(asked).error();
    error.want += "; or --no-passphrase, and whoever has the new key files has the keys";
    return error;
  }
  TRY_ASSIGN(crypto::Secret first, std::move(asked));
  TRY(check(first));
  TRY_ASSIGN(const crypto::Secret second, ask("once more"));
  if (!equal(first.view(), second.view()))
    return Error{Code::kInvalid, "", "passphrase", "two different ones", "the same twice"};
  known_.push_back(first.clone());
  return first;
}

}  // namespace holdfast::cli
