// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/net/node_server.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "ledger/core/check.h"

namespace holdfast::testing {

NodeServer::NodeServer(const std::string& directory, const std::string& arguments) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  CHECK(::pipe2(in.data(), O_CLOEXEC) == 0);
  CHECK(::pipe2(out.data(), O_CLOEXEC) == 0);
  const std::string command = "exec " HOLDFAST_NODE " " HOLDFAST_SOURCE_DIR
                              "/tests/net/node_server.mjs '" +
                              directory + "' " + arguments;
  process_ = ::fork();
  CHECK(process_ >= 0);
  if (process_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) url_ += c;
  CHECK(!url_.empty());
}

NodeServer::~NodeServer() {
  ::close(input_);
  ::close(output_);
  ::waitpid(process_, nullptr, 0);
}

ScratchDirectory::ScratchDirectory()
    : path_((std::filesystem::temp_directory_path() / "holdfast-net-XXXXXX").string()) {
  CHECK(::mkdtemp(path_.data()) != nullptr);
}

ScratchDirectory::~ScratchDirectory() { std::filesystem::remove_all(path_); }

}  // namespace holdfast::testing
