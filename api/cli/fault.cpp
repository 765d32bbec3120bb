// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/fault.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "api/cli/exit_code.h"
#include "api/cli/output.h"
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

// What is said of one fault. Made beforehand: a handler can trust no memory that it would ask for.
struct Words {
  std::string text;          // standard error
  std::string json;          // standard output, where nothing was printed yet
  std::string rest_of_json;  // where a list was begun
};

Words words_for(const char* found) {
  const Error error{Code::kUnavailable, "", "the village's database", found, kWant};
  const std::string member = error_member(error, code_name(error.code), kHint);
  return {"holdfast: " + refusal_in_words(error) + "\nhint: " + kHint + "\n",
          "{\n  " + member + "\n}\n", "\n  ],\n  " + member + "\n}\n"};
}

// Never destroyed: a fault may come while the program ends.
struct Prepared {
  Words damaged = words_for(
      "a file that is damaged, that the disk cannot read, or that was cut short while it was open");
  Words unsure = words_for(
      "a file that is damaged; or else this program has an error, which its makers should hear of");
  bool json = false;
};
const Prepared* prepared = nullptr;
std::atomic_flag ending;

void say(int to, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(to, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

// Calls only what signal-safety(7) allows.
[[noreturn]] void end(const Words& words) {
  // One thread speaks for all, and ends them.
  while (ending.test_and_set()) ::pause();
  if (prepared->json && json_place == kNothing) say(STDOUT_FILENO, words.json);
  if (prepared->json && json_place == kWithinList) say(STDOUT_FILENO, words.rest_of_json);
  say(STDERR_FILENO, words.text);
  ::_exit(static_cast<int>(ExitCode::kUnavailable));
}

void on_signal(int signal) { end(signal == SIGBUS ? prepared->damaged : prepared->unsure); }
void on_damage() { end(prepared->damaged); }

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
  auto* const made = new Prepared;
  made->json = json;
  prepared = made;
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

}  // namespace holdfast::cli
