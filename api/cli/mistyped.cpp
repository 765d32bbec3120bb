// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/mistyped.h"

#include <algorithm>

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
  std::string nearest;
  std::string all;
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const CLI::App* const command : app.get_subcommands({})) {
    all += (all.empty() ? "" : ", ") + command->get_name();
    const std::size_t distance = typing_distance(word, command->get_name());
    if (distance >= best) continue;
    best = distance;
    nearest = command->get_name();
  }
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

// Source: the optimal string alignment distance (Damerau-Levenshtein without overlaps).
std::size_t typing_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                             std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

}  // namespace holdfast::cli
