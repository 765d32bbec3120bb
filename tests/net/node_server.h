// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <string>

namespace holdfast::testing {

// node_server.mjs, running until this goes: a real server, for what a client has to get along with.
class NodeServer {
 public:
  // `arguments` behind the directory, as they are.
  explicit NodeServer(const std::string& directory, const std::string& arguments = "");
  ~NodeServer();
  NodeServer(const NodeServer&) = delete;
  NodeServer& operator=(const NodeServer&) = delete;
  const std::string& url() const { return url_; }

 private:
  std::string url_;
  pid_t process_ = -1;
  int input_ = -1;  // it ends when this is closed
  int output_ = -1;
};

// A directory of this test's own, gone at its end.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  std::string path(const std::string& name = "") const {
    return name.empty() ? path_ : path_ + "/" + name;
  }

 private:
  std::string path_;
};

}  // namespace holdfast::testing
