// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/verifier/export_builder.h"

// The program as an auditor runs it: flags in, exit status and output out.
namespace holdfast::testing {

struct Ran {
  int status = -1;
  std::string output;  // standard output and error
};

inline Ran run_program(const std::string& program, const std::string& arguments) {
  const std::string command = program + " " + arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): our own arguments
  CHECK(pipe != nullptr);
  Ran out;
  std::array<char, 4096> buffer;
  for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.output.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) out.status = WEXITSTATUS(status);
  return out;
}

inline Ran run(const std::string& arguments) { return run_program(HOLDFAST_VERIFY, arguments); }

// A directory of this test's own, gone at its end.
class Program : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "holdfast-verify-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string put(const std::string& name, ByteView bytes) const {
    write_files({{name, Bytes(bytes.begin(), bytes.end())}}, directory_);
    return path(name);
  }
  void expect(int status, const std::string& words, const std::string& arguments) const {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.status, status) << arguments << "\n" << ran.output;
    EXPECT_NE(ran.output.find(words), std::string::npos) << arguments << "\n" << ran.output;
  }

  std::string directory_;
};

}  // namespace holdfast::testing
