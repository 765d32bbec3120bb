// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/fault.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "api/cli/exit_code.h"
#include "api/cli/output.h"
#include "api/cli/visible.h"
#include "ledger/store/environment.h"

namespace holdfast::cli {
namespace {

constexpr const char* kHint =
    "close every program, restore a copy of the village's directory, and compare it with an "
    "export; docs/keeping.md says how";
constexpr const char* kWant =
    "an intact one. Nothing counts that this command had not acknowledged; what it had is in the "
    "log";

constexpr int kFaults[] = {SIGBUS, SIGSEGV, SIGFPE};

}  // namespace

// What is said of faults. Made beforehand: a handler can trust no memory that it would ask for.
// Never destroyed: a fault may come while the program ends.
struct FaultWords {
  struct Words {
    Words(const FaultWords& of, const char* found) {
      const Error error{Code::kUnavailable, "", of.what, found, of.want};
      const std::string member = error_member(error, code_name(error.code), of.hint);
      text = "holdfast: " + refusal_in_words(error) + "\nhint: " + of.hint + "\n";
      json = "{\n  " + member + "\n}\n";
      rest_of_json = "\n  ],\n  " + member + "\n}\n";
    }
    std::string text;          // standard error
    std::string json;          // standard output, where nothing was printed yet
    std::string rest_of_json;  // where a list was begun
  };

  bool to_json;
  std::string what;  // a fault is in
  std::string want;
  std::string hint;
  Words damaged{*this,
                "a file that is damaged, that the disk cannot read, or that was cut short while it "
                "was open"};
  Words unsure{*this,
               "a file that is damaged; or else this program has an error, which its makers should "
               "hear of"};
};

namespace {

std::atomic<const FaultWords*> prepared{nullptr};
std::atomic_flag ending;

void say(int to, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(to, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

// Calls only what signal-safety(7) allows.
[[noreturn]] void end(const FaultWords::Words& words) {
  // One thread speaks for all, and ends them.
  while (ending.test_and_set()) ::pause();
  const bool json = prepared.load()->to_json;
  if (json && json_place == kNothing) say(STDOUT_FILENO, words.json);
  if (json && json_place == kWithinList) say(STDOUT_FILENO, words.rest_of_json);
  say(STDERR_FILENO, words.text);
  ::_exit(static_cast<int>(ExitCode::kUnavailable));
}

void on_signal(int signal) {
  const FaultWords& words = *prepared.load();
  end(signal == SIGBUS ? words.damaged : words.unsure);
}
void on_damage() { end(prepared.load()->damaged); }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

}  // namespace

void end_faults_in_words(bool json) {
  prepared = new FaultWords{json, "the village's database", kWant, kHint};
  store::set_end_on_damage(on_damage);
  if (kSanitized) return;
  // A stack of its own, for the fault may be that there is no more of the usual one.
  constexpr std::size_t kStackBytes = 64 * 1024;
  static std::byte stack[kStackBytes];
  stack_t place{};
  place.ss_sp = stack;
  place.ss_size = kStackBytes;
  ::sigaltstack(&place, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  // One within the handler ends the program as ever.
  for (const int fault : kFaults) sigaddset(&action.sa_mask, fault);
  for (const int fault : kFaults) ::sigaction(fault, &action, nullptr);
}

FaultsInBackup::FaultsInBackup(const std::string& backup) : before_(prepared) {
  if (before_ == nullptr) return;
  prepared = new FaultWords{before_->to_json, "a database of the backup " + visible_line(backup),
                            "an intact one: nothing is restored of this one",
                            "take another backup; this one was damaged, or made to do harm"};
}

FaultsInBackup::~FaultsInBackup() { prepared = before_; }

}  // namespace holdfast::cli
