// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/mistyped.h"

#include <algorithm>

#include "ledger/core/spelling.h"

namespace holdfast::cli {
namespace {

// The command that a word stands for, below `app`.
const CLI::App* command_named(const CLI::App& app, const std::string& word) {
  for (const CLI::App* const command : app.get_subcommands({}))
    if (command->get_name() == word) return command;
  return nullptr;
}

// Whether the word is an option that takes the next word as its value; global options may stand
// behind any command.
bool takes_next(const std::vector<const CLI::App*>& above, const std::string& word) {
  if (word.find('=') != std::string::npos) return false;
  for (const CLI::App* const app : above)
    if (const CLI::Option* const option = app->get_option_no_throw(word))
      return option->get_items_expected_max() > 0;
  return false;
}

// Options aside, words are commands until one takes arguments of its own.
bool wants_command(const CLI::App& app) {
  if (app.get_subcommands({}).empty()) return false;
  const auto options = app.get_options({});
  return std::none_of(options.begin(), options.end(),
                      [](const CLI::Option* option) { return option->get_positional(); });
}

std::string described(const CLI::App& app, const std::string& path, const std::string& word) {
  std::vector<std::string> names;
  std::string all;
  for (const CLI::App* const command : app.get_subcommands({})) {
    names.push_back(command->get_name());
    all += (all.empty() ? "" : ", ") + command->get_name();
  }
  const std::string nearest = nearest_word(word, names);
  return "no command \"" + word + "\"" +
         (nearest.empty() ? "; `" + path + "` has " + all
                          : "; did you mean `" + path + " " + nearest + "`?");
}

}  // namespace

std::optional<std::string> mistyped_command(const CLI::App& app,
                                            const std::vector<std::string>& words) {
  std::vector<const CLI::App*> above{&app};
  std::string path = app.get_name();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") break;
    if (words[i].size() > 1 && words[i][0] == '-') {
      if (takes_next(above, words[i])) ++i;
      continue;
    }
    if (!wants_command(*above.back())) break;
    const CLI::App* const command = command_named(*above.back(), words[i]);
    if (command == nullptr) return described(*above.back(), path, words[i]);
    above.push_back(command);
    path += " " + command->get_name();
  }
  return std::nullopt;
}

}  // namespace holdfast::cli
