// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cli/sandbox.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace holdfast::cli {
namespace fs = std::filesystem;
namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void redirect(const std::string& path, int flags, int to) {
  const int file = ::open(path.c_str(), flags, 0600);
  if (file < 0 || ::dup2(file, to) < 0) ::_exit(127);
}

}  // namespace

Sandbox::Sandbox() {
  std::string name = fs::temp_directory_path().string() + "/holdfast-cli-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  root_ = name;
  fs::create_directories(path("out"));
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Ran Sandbox::run(const std::vector<std::string>& arguments) const { return run_at(".", arguments); }

Ran Sandbox::run_at(const std::string& directory, const std::vector<std::string>& arguments,
                    const std::string& village_variable) const {
  return run_in(HOLDFAST_BINARY, directory, arguments, village_variable);
}

Ran Sandbox::run_program(const std::string& binary,
                         const std::vector<std::string>& arguments) const {
  return run_in(binary, ".", arguments, "");
}

Sandbox::Started Sandbox::start(const std::vector<std::string>& arguments) const {
  return start_in(HOLDFAST_BINARY, ".", arguments, "");
}

Ran Sandbox::run_in(const std::string& binary, const std::string& directory,
                    const std::vector<std::string>& arguments,
                    const std::string& village_variable) const {
  return end_of(start_in(binary, directory, arguments, village_variable));
}

Ran Sandbox::end_of(const Started& started) {
  int status = 0;
  ::waitpid(started.process, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          slurp(started.output + ".out"), slurp(started.output + ".err")};
}

bool Sandbox::run_a_slice(pid_t process) {
  ::kill(process, SIGCONT);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::kill(process, SIGSTOP);
  siginfo_t state{};
  EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(process), &state, WSTOPPED | WEXITED | WNOWAIT), 0);
  return state.si_code == CLD_STOPPED;
}

Sandbox::Started Sandbox::start_in(const std::string& binary, const std::string& directory,
                                   const std::vector<std::string>& arguments,
                                   const std::string& village_variable) const {
  const std::string output = path("out/" + std::to_string(runs_++));
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("XDG_CONFIG_HOME", path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", path("state").c_str(), 1);
    if (village_variable.empty())
      ::unsetenv("HOLDFAST_VILLAGE");
    else
      ::setenv("HOLDFAST_VILLAGE", village_variable.c_str(), 1);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ::setsid();  // no terminal to ask on
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(output + ".out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(output + ".err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    if (::chdir(path(directory).c_str()) != 0) ::_exit(127);
    std::vector<char*> argv{const_cast<char*>(binary.c_str())};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(binary.c_str(), argv.data());
    ::_exit(127);
  }
  return {child, output};
}

Ran Sandbox::in_village(std::vector<std::string> arguments) const {
  arguments.push_back("--village=" + path("tidepool"));
  return run(arguments);
}

nlohmann::json Sandbox::ask(std::vector<std::string> arguments, int code) const {
  arguments.push_back("--format=json");
  const Ran ran = in_village(std::move(arguments));
  EXPECT_EQ(ran.code, code) << ran.err << ran.out;
  const auto json = nlohmann::json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << ran.out;
  return json;
}

void Sandbox::init(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"init", "tidepool", "--name", "Tidepool Bay",
                                     "--no-passphrase"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ran ran = run(arguments);
  ASSERT_EQ(ran.code, 0) << ran.err;
}

std::string Sandbox::add_record(const std::string& title, const std::string& body,
                                const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"record", "add", "--title", title, "--body", body};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return ask(arguments)["statements"][0]["id"];
}

std::string Sandbox::new_key(const std::string& name) const {
  return ask({"key", "new", name, "--no-passphrase"})["publicKey"];
}

void Sandbox::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string Sandbox::read(const std::string& name) const { return slurp(path(name)); }

}  // namespace holdfast::cli
