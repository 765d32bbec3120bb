// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/key_agent.h"

#include <memory>

#include "api/cli/agent_key.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAgentHelp =
    "Register an agent's key, change what it may do, or retire it; the council signs (threshold).\n"
    "An agent is a program that decides and answers in the village's name: `act` lets it do so,\n"
    "`propose` lets it only put things before a person, `never` retires its key for good. Its key\n"
    "is made like any other, and lies where the program runs.\n"
    "\n"
    "Example:  holdfast key new reader --in my-village/keys\n"
    "          holdfast key agent reader --may=propose";

struct AgentChange {
  std::string key;
  std::string may;
  AuthorOptions author;
};

Result<model::Capability> parse_capability(const std::string& text) {
  if (text == "act") return model::Capability::kAct;
  if (text == "propose") return model::Capability::kPropose;
  if (text == "never") return model::Capability::kNever;
  return Error{Code::kMalformed, "", "--may", "\"" + text + "\"", "act, propose or never"};
}

Result<model::PublicKey> given_key(Context& context, const std::string& text) {
  if (text.starts_with("ed25519:")) return crypto::parse_public_key(text);
  TRY_ASSIGN(const StoredKey stored, agent_key_file(context, text));
  return stored.file.public_key;
}

Result<void> run_agent(Context& context, const AgentChange& wanted) {
  TRY_ASSIGN(const model::Capability may, parse_capability(wanted.may));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::PublicKey key,
             argument_of("KEY", wanted.key, given_key(context, wanted.key)));
  const KeyId id = crypto::key_id(key);
  TRY_ASSIGN(const auto agent, reader->find(model::StateClass::kAgent, id));
  if (agent && agent->value.status == model::Status::kRetired)
    return Error{Code::kInvalid, "KEY-5", "agent " + id.hex(),
                 "retired by #" + std::to_string(agent->value.last_index.value),
                 "another key: one that was retired never speaks again"};
  model::KeyEvent event;
  event.expected_version = agent ? agent->value.version : 0;
  event.which = model::AgentChange{key, may};
  TRY_ASSIGN(const Need council, council_need(*reader));
  TRY_ASSIGN(Outcome outcome,
             author(context, {{model::Visibility::kOpen, event, {}}}, {council}, wanted.author));
  outcome.subjects = {"agent " + id.hex() + " (" + capability_in_words(may) + ")"};
  report_outcome(context, outcome, may == model::Capability::kNever ? "retired" : "registered");
  context.report().set("keyId", id.hex());
  return {};
}

}  // namespace

void add_key_agent_command(CLI::App& key, Context& context) {
  auto wanted = std::make_shared<AgentChange>();
  CLI::App& command = *key.add_subcommand("agent", kAgentHelp);
  command
      .add_option("key", wanted->key,
                  "The agent's key: a name among your own keys or the village's, a key file, or "
                  "ed25519:...")
      ->required()
      ->type_name("KEY");
  command.add_option("--may", wanted->may, "What it may do: act, propose or never")
      ->required()
      ->type_name("WHAT");
  add_author_options(command, wanted->author, false);
  context.on_run(command, [&context, wanted] { return run_agent(context, *wanted); });
}

}  // namespace holdfast::cli
