// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "tests/cli/sandbox.h"

namespace holdfast::cli {

// A village, a bundle of it, and what its people have on another machine: the same keys of their
// own, another place for what the machine remembers.
class Opened : public Sandbox {
 protected:
  Opened() {
    init();
    record_ = add_record("kelp", "the kelp was thick", {"--policy=read,share,train,export"});
    grant_ = ask({"grant", "--auditor", new_key("auditor"), "--purpose=audit",
                  "--key=tidepool-bay"})["statements"][0]["id"];
    const auto status = ask({"status"});
    id_ = status["village"];
    write("earlier", status["checkpoint"]);
    add_record("rock", "the rock was bare", {"--policy=read,share,train,export"});
    bundle();
  }

  void bundle() const {
    ask({"export", path("bundle"), "--view=full", "--contents", path("contents")});
  }
  std::vector<std::string> opening(const std::string& directory,
                                   std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"open", path("bundle"), path(directory), "--id", id_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // At the copy.
  Ran there(const std::string& directory, std::vector<std::string> arguments) const {
    arguments.push_back("--village=" + path(directory));
    return run(arguments);
  }
  nlohmann::json ask_there(const std::string& directory, std::vector<std::string> arguments,
                           int code = 0) const {
    arguments.push_back("--format=json");
    const Ran ran = there(directory, arguments);
    EXPECT_EQ(ran.code, code) << ran.out << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
  // That machine never saw this village.
  void forget_anchor() const {
    std::filesystem::remove_all(
        std::filesystem::path(ask({"status"})["anchor"]["path"].get<std::string>()));
  }
  std::string checkpoint_of(const std::string& directory) const {
    return ask_there(directory, {"status"})["checkpoint"];
  }

  std::string record_;
  std::string grant_;
  std::string id_;
};

}  // namespace holdfast::cli
