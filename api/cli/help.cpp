// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/help.h"

#include <sstream>

namespace holdfast::cli {
namespace {

constexpr std::size_t kLeftColumns = 28;
constexpr std::size_t kRightColumns = 70;

}  // namespace

std::string wrap(const std::string& text, std::size_t columns) {
  std::istringstream words(text);
  std::string out;
  std::size_t used = 0;
  for (std::string word; words >> word;) {
    if (used > 0 && used + 1 + word.size() > columns) {
      out += '\n';
      used = 0;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out;
}

std::string first_sentence(const std::string& text) {
  std::string out = text.substr(0, text.find("\n\n"));
  for (char& c : out)
    if (c == '\n') c = ' ';
  out = out.substr(0, out.find(". "));
  if (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

HelpFormatter::HelpFormatter() { column_width(kLeftColumns); }

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return wrap(option->get_description(), kRightColumns);
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_display_name(true),
                           wrap(first_sentence(command->get_description()), kRightColumns),
                           kLeftColumns);
  return out.str();
}

std::string HelpFormatter::make_usage(const CLI::App* command, std::string name) const {
  return "\n" + CLI::Formatter::make_usage(command, std::move(name));
}

}  // namespace holdfast::cli
