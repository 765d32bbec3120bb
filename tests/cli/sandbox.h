// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace holdfast::cli {

// What one run of the real program gave.
struct Ran {
  int code = -1;
  std::string out;
  std::string err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// A directory of its own with XDG_CONFIG_HOME and XDG_STATE_HOME in it, where the real `holdfast`
// is run as a person would run it. Removed at the end.
class Sandbox : public ::testing::Test {
 protected:
  Sandbox();
  ~Sandbox() override;

  const std::string& root() const { return root_; }
  std::string path(const std::string& name) const { return root_ + "/" + name; }

  // Runs `holdfast` with these arguments in the sandbox, with nothing on standard input.
  Ran run(const std::vector<std::string>& arguments) const;
  // The same in a directory of the sandbox, and with HOLDFAST_VILLAGE where it is not empty.
  Ran run_at(const std::string& directory, const std::vector<std::string>& arguments,
             const std::string& village_variable = "") const;
  // Another program, in the same way.
  Ran run_program(const std::string& binary, const std::vector<std::string>& arguments) const;
  // Starts `holdfast` as `run` does, and goes on beside it.
  struct Started {
    pid_t process = -1;
    std::string output;  // where what it prints goes, less ".out" and ".err"
  };
  Started start(const std::vector<std::string>& arguments) const;
  // Waits for its end.
  static Ran end_of(const Started& started);
  // Lets a child go on for a slice of time and stops it; false if it came to its end. For what must
  // be met in the middle however fast the machine is.
  static bool run_a_slice(pid_t process);
  // How often to try: a machine that is busy elsewhere may run all of it in one slice.
  static constexpr int kTries = 10;
  // Runs it with --village=DIR (the village that `init` below made).
  Ran in_village(std::vector<std::string> arguments) const;
  // The same for programs: parses the one JSON object. Fails the test unless the exit code is
  // `code`.
  nlohmann::json ask(std::vector<std::string> arguments, int code = 0) const;

  // A village "tidepool" with a first domain "records" and keys without passphrases.
  void init(const std::vector<std::string>& more = {});
  // Adds a record; its id.
  std::string add_record(const std::string& title, const std::string& body,
                         const std::vector<std::string>& more = {}) const;
  // A new key; its public half.
  std::string new_key(const std::string& name) const;

  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;

 private:
  Started start_in(const std::string& binary, const std::string& directory,
                   const std::vector<std::string>& arguments,
                   const std::string& village_variable) const;
  Ran run_in(const std::string& binary, const std::string& directory,
             const std::vector<std::string>& arguments, const std::string& village_variable) const;

  std::string root_;
  mutable std::atomic<int> runs_{0};  // so that runs beside each other do not share files
};

}  // namespace holdfast::cli
