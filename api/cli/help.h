// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace holdfast::cli {

// Help that fits a terminal of 100 columns: descriptions of options are broken between words, and a
// list of commands shows the first sentence of each.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_usage(const CLI::App* command, std::string name) const override;
};

// Breaks text between words into lines of at most `columns` bytes where words allow.
std::string wrap(const std::string& text, std::size_t columns);
// Up to the first full stop or empty line, on one line.
std::string first_sentence(const std::string& text);

}  // namespace holdfast::cli
