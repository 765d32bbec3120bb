// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <thread>

#include "ledger/core/bytes.h"
#include "ledger/store/content_store.h"
#include "tests/cli/sandbox.h"

namespace holdfast::cli {

// A village with two records, and what its people do with backups of it.
class BackedUp : public Sandbox {
 protected:
  BackedUp() {
    init();
    kelp_ = add_record("kelp", "the kelp was thick", policy());
    rock_ = add_record("rock", "the rock was bare", policy());
    id_ = ask({"status"})["village"];
  }

  static std::vector<std::string> policy() { return {"--policy=read,share,train,export"}; }

  nlohmann::json back_up(const std::string& name, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"backup", path(name)});
    return ask(more);
  }
  Ran check(const std::string& name) const { return run({"backup", "--check", path(name)}); }
  Ran restore(const std::string& backup, const std::string& name,
              std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"restore", path(backup), path(name)});
    return run(more);
  }
  nlohmann::json restored(const std::string& backup, const std::string& name,
                          std::vector<std::string> more = {}) const {
    more.push_back("--format=json");
    const Ran ran = restore(backup, name, more);
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }

  Ran there(const std::string& name, std::vector<std::string> arguments) const {
    arguments.push_back("--village=" + path(name));
    return run(arguments);
  }
  nlohmann::json ask_there(const std::string& name, std::vector<std::string> arguments) const {
    arguments.push_back("--format=json");
    const Ran ran = there(name, arguments);
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
  void erase(const std::string& record) const { ask({"record", "erase", record, "--yes"}); }

  // As on a machine that never saw this village.
  void forget_anchor() const { std::filesystem::remove_all(path("state")); }

  bool verifies(const std::string& name) const {
    const std::string out = path(name + "-export");
    ask_there(name, {"export", out, "--view=full"});
    return run_program(HOLDFAST_VERIFY_BINARY, {"log", out, "--village", id_}).code == 0;
  }
  // The files below a directory, by their paths in it.
  std::set<std::string> files_of(const std::string& name) const {
    namespace fs = std::filesystem;
    std::set<std::string> files;
    for (const auto& item : fs::recursive_directory_iterator(path(name)))
      if (!item.is_directory())
        files.insert(item.path().lexically_relative(path(name)).generic_string());
    return files;
  }
  // Those of them that hold these bytes.
  std::set<std::string> files_with(const std::string& name, const std::string& bytes) const {
    std::set<std::string> found;
    for (const std::string& file : files_of(name))
      if (read(name + "/" + file).find(bytes) != std::string::npos) found.insert(file);
    return found;
  }
  // The box with the content of the record at an entry, as a backup has it.
  std::string content_box(const std::string& backup, std::size_t entry) const {
    const auto content = store::ContentStore::open_still(path(backup + "/content"));
    const auto box = (*content)->get({entry});
    EXPECT_TRUE(box && *box);
    return std::string(as_text(**box));
  }
  // The key of the content of the record at an entry.
  std::string content_key(std::size_t entry) const {
    return read("tidepool/slots/records").substr(32 * entry, 32);
  }
  void flip(const std::string& name, std::size_t at) const {
    std::string bytes = read(name);
    bytes.at(at) = static_cast<char>(bytes[at] ^ 1);
    write(name, bytes);
  }

  // Of the village's settings.
  void configure(const std::string& from, const std::string& to) const {
    std::string config = read("tidepool/holdfast.toml");
    const std::size_t at = config.find(from);
    ASSERT_NE(at, std::string::npos) << config;
    write("tidepool/holdfast.toml", config.replace(at, from.size(), to));
  }

  // A server that answers.
  Started serve(const std::string& name) const {
    const Started server = start({"serve", "--listen", "127.0.0.1:0", "--village=" + path(name)});
    for (int i = 0; i < 2000 && read_err(server).find("listening") == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return server;
  }
  std::string read_err(const Started& started) const {
    return read(std::filesystem::path(started.output + ".err").lexically_relative(root()).string());
  }
  static Ran stop(const Started& server) {
    ::kill(server.process, SIGTERM);
    return end_of(server);
  }

  std::string kelp_;
  std::string rock_;
  std::string id_;
};

}  // namespace holdfast::cli
