// SPDX-License-Identifier: AGPL-3.0-or-later
#include <map>
#include <set>
#include <utility>

#include "api/cli/ask.h"
#include "api/cli/visible.h"
#include "federation/refusals.h"

namespace holdfast::cli {
namespace {

// The member's text as a terminal may show it.
std::string shown(const Json& object, const char* name) {
  return object.contains(name) && object[name].is_string()
             ? visible_line(object[name].get<std::string>())
             : std::string();
}

// A member that is a list of texts; none where it is not there.
std::vector<std::string> texts_of(const Json& object, const char* name) {
  return object.contains(name) ? object[name].get<std::vector<std::string>>()
                               : std::vector<std::string>();
}

// A record that is cited, and on which terms. Labels are codes that others explain (Local Contexts
// and such), and stay as they are.
void print_source(Report& report, const std::string& title, const Json& cited) {
  std::string source =
      "    - " + title + "record " + cited["record"].get<std::string>().substr(0, 12);
  // A composition was checked when it was made.
  if (cited.contains("attested"))
    source += cited["attested"].get<bool>()
                  ? ", signed by its guardians"
                  : ", by guardians who are not in office: it rests on the village's log";
  if (const std::string tikanga = shown(cited, "tikanga"); !tikanga.empty())
    source += ", under: " + tikanga;
  report.line(source);
  if (const auto labels = texts_of(cited, "labels"); !labels.empty())
    report.line("      labelled " + quoted_list(labels));
  if (const auto notices = texts_of(cited, "notices"); !notices.empty())
    report.line("      notice: " + quoted_list(notices));
}

void print_parts(Report& report, const Json& answer) {
  std::map<std::string, const Json*> cited;
  for (const Json& record : answer["cited"]) cited[record["record"].get<std::string>()] = &record;
  std::set<std::string> named;
  for (const Json& part : answer["parts"]) {
    report.line("  " + shown(part, "text"));
    const std::string record = part["record"].get<std::string>();
    named.insert(record);
    const auto found = cited.find(record);
    print_source(report, "\"" + shown(part, "title") + "\", ",
                 found != cited.end() ? *found->second : Json{{"record", record}});
  }
  for (const auto& [record, terms] : cited)
    if (named.count(record) == 0) print_source(report, "it rests on ", *terms);
}

void print_cells(Report& report, const Json& answer) {
  for (const Json& cell : answer["cells"])
    report.line("  " + std::to_string(cell["count"].get<std::uint64_t>()) + "  " +
                shown(cell, "value"));
  if (answer["cellsLeftOut"].get<bool>())
    report.line("  (some values are left out: too few records have them)");
}

}  // namespace

void print_answer(Report& report, const Json& answer) {
  if (answer.contains("exists")) report.line("  yes, there are");
  if (answer.contains("count"))
    report.line("  " + std::to_string(answer["count"].get<std::uint64_t>()));
  if (answer.contains("cells")) print_cells(report, answer);
  if (answer.contains("parts")) print_parts(report, answer);
  std::string terms = "    from its domain " + shown(answer, "domain");
  if (const std::string tikanga = shown(answer, "tikanga"); !tikanga.empty())
    terms += ", shared under: " + tikanga;
  report.line(terms);
  // An older server says nothing of them.
  if (!answer.contains("obligations")) return;
  if (const std::string words = obligations_in_words(answer["obligations"]); !words.empty())
    report.line("    whoever has it must " + words);
}

std::string obligations_in_words(const Json& obligations) {
  static constexpr std::pair<const char*, const char*> kDuties[] = {
      {"attribute", "say where it is from"},
      {"deleteOnRevocation", "delete it when consent ends"},
      {"reportUse", "report what was done with it"}};
  std::string out;
  for (const auto& [name, words] : kDuties)
    if (obligations[name].get<bool>()) out += (out.empty() ? "" : ", ") + std::string(words);
  return out;
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts)
    out += (out.empty() ? "\"" : ", \"") + visible_line(text) + "\"";
  return out;
}

std::string reason_in_words(const std::string& reason) {
  namespace reasons = federation::reason;
  struct Words {
    const char* reason;
    const char* words;
  };
  static constexpr Words kWords[] = {
      {reasons::kSilent, "its guardians let no model speak on this"},
      {reasons::kNotGranted, "it has not granted this"},
      {reasons::kRevoked, "its guardians took the grant back"},
      {reasons::kNotNow, "the grant's time has not come, or is over"},
      {reasons::kAgreement, "the agreement is not in force there"},
      {reasons::kShape, "the shape is not one of the grant's, or is retired"},
      {reasons::kPurpose, "the grant is for other purposes"},
      {reasons::kArguments, "what was filled in does not fit the shape"},
      {reasons::kBudget, "the grant's calls are used up"},
      {reasons::kInsufficient,
       "too few records to tell of, or none; or too few more or less than was told before"},
      {reasons::kNothing, "no record says anything to it"},
      {reasons::kWithdrawn, "a record was withdrawn while it was answered"},
      {reasons::kUnavailable, "it cannot be told now"},
      {reasons::kRepeated, "this question was answered before"},
      {reasons::kProof, "it could not follow our log"},
      {reasons::kForked, "it has seen another history of our log"}};
  for (const Words& one : kWords)
    if (reason == one.reason) return one.words;
  return "in its own words";
}

}  // namespace holdfast::cli
