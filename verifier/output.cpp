// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/output.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "ledger/model/note.h"

namespace holdfast::verifier {
namespace {

using Json = nlohmann::ordered_json;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Length of a character that would move the cursor or turn the direction of text; 0 if none is
// here.
std::size_t disturbing(std::string_view rest) {
  const auto byte = [&](std::size_t i) {
    return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;
  if (byte(0) == 0xE2 && byte(1) == 0x80 &&
      (byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAE)))
    return 3;
  if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9) return 3;
  return 0;
}

std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bad = disturbing(text.substr(i));
    if (bad > 0) {
      out += '?';
      i += bad;
      continue;
    }
    out += text[i++];
    while (i < text.size() && is_continuation(text[i])) out += text[i++];
  }
  return out;
}

void line(const std::string& label, const std::string& value) {
  std::printf("%-12s %s\n", label.c_str(), visible(value).c_str());
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

Json json_of(const Error& error) {
  return Json{{"code", code_name(error.code)},
              {"rule", error.rule},
              {"what", error.what},
              {"found", error.found},
              {"want", error.want}};
}

int put(const Json& json, Outcome outcome) {
  const std::string text = json.dump(2, ' ', true, Json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
  return static_cast<int>(outcome);
}

void print_error(const Error& error) {
  if (!error.rule.empty()) line("rule", error.rule);
  line("what", error.what);
  if (!error.found.empty()) line("found", error.found);
  if (!error.want.empty()) line("expected", error.want);
}

const char* headline(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified: return "VERIFIED";
    case Outcome::kRefuted: return "REFUTED";
    case Outcome::kCannotTell: return "CANNOT TELL";
  }
  return "?";
}

std::string range_of(const Unchecked& range) {
  const std::string first = std::to_string(range.first.value);
  if (range.first == range.last) return "entry " + first;
  return "entries " + first + " to " + std::to_string(range.last.value);
}

// The operator's in force at the end, by which single proofs of this log are checked.
std::string log_key(const Verdict& verdict) {
  return model::format_vkey({verdict.origin, model::NoteKeyType::kEd25519, *verdict.operator_key});
}

// With what was seen before, as far as the answer says anything about it.
Json compared(const Verdict& verdict) {
  const std::optional<Seen>& seen = verdict.remote->seen;
  if (!seen) return nullptr;
  Json json{{"size", seen->size.value},
            {"root", format_base64(seen->root)},
            {"time", format_time(seen->time)},
            {"consistent", nullptr}};
  if (verdict.contains_seen) json["consistent"] = *verdict.contains_seen;
  return json;
}

Json json_of_remote(const Verdict& verdict) {
  const Remote& remote = *verdict.remote;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  return Json{{"url", remote.url},
              {"compared", compared(verdict)},
              {"notCompared", text(remote.nothing_seen)},
              {"fetched", {{"files", remote.fetched_files}, {"bytes", remote.fetched_bytes}}},
              {"cached", {{"files", remote.cached_files}}},
              {"again", text(remote.again)},
              {"evidence", text(remote.evidence)},
              {"trouble", text(remote.trouble)}};
}

Json json_of(const Verdict& verdict, double seconds) {
  Json json{{"verdict", outcome_name(verdict.outcome)}, {"entry", nullptr}, {"error", nullptr}};
  if (verdict.entry) json["entry"] = verdict.entry->value;
  if (verdict.error) json["error"] = json_of(*verdict.error);
  json["village"] = verdict.village ? Json(verdict.village->hex()) : Json(nullptr);
  json["name"] = verdict.village_name;
  json["checkpoint"] = {{"origin", verdict.origin},
                        {"size", verdict.size.value},
                        {"root", format_base64(verdict.root)}};
  json["operator"] = nullptr;
  if (verdict.operator_key) json["operator"] = log_key(verdict);
  const Counts& counts = verdict.counts;
  json["counts"] = {{"entries", counts.entries},
                    {"statements", counts.statements},
                    {"withheld", counts.withheld},
                    {"signatures", counts.signatures},
                    {"verifications", counts.verifications},
                    {"seals", counts.seals},
                    {"tiles", counts.tiles},
                    {"subjects", counts.subjects},
                    {"bytes", counts.content_bytes}};
  json["uncheckedEntries"] = verdict.unchecked_entries;
  json["unchecked"] = Json::array();
  for (const Unchecked& range : verdict.unchecked)
    json["unchecked"].push_back(
        {{"first", range.first.value}, {"last", range.last.value}, {"why", range.why}});
  json["missing"] = verdict.missing;
  if (verdict.remote) json["remote"] = json_of_remote(verdict);
  json["seconds"] = seconds;
  return json;
}

void print_counts(const Verdict& verdict, double seconds) {
  const Counts& counts = verdict.counts;
  line("entries", grouped(counts.entries) + " of " + grouped(verdict.size.value) +
                      " hashed into the log's tree, each linked to the one before");
  line("statements", grouped(counts.statements) + " judged by every rule, " +
                         grouped(counts.withheld) + " withheld");
  line("signatures", grouped(counts.signatures) + " checked, " + grouped(counts.verifications) +
                         " of them distinct (a batch shares one)");
  line("seals", grouped(counts.seals) + " with the recomputed state root, over " +
                    grouped(counts.subjects) + " subjects");
  line("tiles", grouped(counts.tiles) + " compared hash by hash");
  if (verdict.operator_key) line("log key", log_key(verdict));
  char took[96];
  std::snprintf(took, sizeof took, "%.2f s, %s entries a second", seconds,
                grouped(static_cast<std::uint64_t>(static_cast<double>(counts.entries) /
                                                   (seconds > 1e-6 ? seconds : 1e-6)))
                    .c_str());
  line("took", took);
}

std::string comparison(const Verdict& verdict) {
  const Remote& remote = *verdict.remote;
  if (!remote.seen) return "with no earlier run: " + remote.nothing_seen;
  const std::string seen = "size " + std::to_string(remote.seen->size.value) + " seen on " +
                           format_time(remote.seen->time);
  if (!verdict.contains_seen) return "not with " + seen + ": the replay did not come to it";
  return (*verdict.contains_seen ? "consistent with " : "not consistent with ") + seen;
}

void print_remote(const Verdict& verdict) {
  const Remote& remote = *verdict.remote;
  line("compared", comparison(verdict));
  line("fetched", grouped(remote.fetched_files) + " files, " + grouped(remote.fetched_bytes) +
                      " bytes, from " + remote.url + "; " + grouped(remote.cached_files) +
                      " files were cached");
  if (!remote.again.empty()) line("again", "everything was fetched anew: " + remote.again);
  if (!remote.evidence.empty())
    line("evidence", remote.evidence + " convicts the key that signed both");
  if (!remote.trouble.empty()) line("cache", remote.trouble);
}

constexpr std::size_t kShown = 20;

void print_unchecked(const Verdict& verdict) {
  if (verdict.unchecked_entries > 0)
    std::printf("\nNot checked in full: %s %s\n", grouped(verdict.unchecked_entries).c_str(),
                verdict.unchecked_entries == 1 ? "entry" : "entries");
  std::size_t shown = 0;
  for (const Unchecked& range : verdict.unchecked) {
    if (++shown > kShown) {
      std::printf("  and more: --format json lists up to %zu ranges\n", kUncheckedListed);
      break;
    }
    std::printf("  %s: %s\n", range_of(range).c_str(), visible(range.why).c_str());
  }
  if (!verdict.missing.empty())
    std::printf("\nMissing: %s %s\n", grouped(verdict.missing.size()).c_str(),
                verdict.missing.size() == 1 ? "file" : "files");
  for (std::size_t i = 0; i < verdict.missing.size() && i < kShown; ++i)
    std::printf("  %s\n", visible(verdict.missing[i]).c_str());
}

}  // namespace

int print(const Answer& answer, Format format) {
  if (format == Format::kJson) {
    Json json{{"verdict", outcome_name(answer.outcome)}, {"error", nullptr}};
    if (answer.error) json["error"] = json_of(*answer.error);
    json["checked"] = answer.checked;
    json["notChecked"] = answer.not_checked;
    for (const auto& [name, value] : answer.facts) json[name] = value;
    return put(json, answer.outcome);
  }
  std::printf("%s\n", headline(answer.outcome));
  if (answer.error) print_error(*answer.error);
  for (const auto& sentence : answer.checked) line("checked", sentence);
  for (const auto& sentence : answer.not_checked) line("not checked", sentence);
  for (const auto& [name, value] : answer.facts) line(name, value);
  return static_cast<int>(answer.outcome);
}

int print(const Verdict& verdict, double seconds, Format format) {
  if (format == Format::kJson) return put(json_of(verdict, seconds), verdict.outcome);
  std::printf("%s", headline(verdict.outcome));
  if (verdict.entry && verdict.outcome == Outcome::kRefuted)
    std::printf(" at entry %s", std::to_string(verdict.entry->value).c_str());
  if (verdict.entry && verdict.outcome == Outcome::kCannotTell)
    std::printf(" from entry %s on", std::to_string(verdict.entry->value).c_str());
  std::printf("\n");
  if (verdict.error) print_error(*verdict.error);
  if (verdict.village) line("village", verdict.village_name + " " + verdict.village->hex());
  if (verdict.size.value > 0)
    line("checkpoint", verdict.origin + ", size " + std::to_string(verdict.size.value) + ", root " +
                           format_base64(verdict.root));
  if (verdict.outcome == Outcome::kVerified && verdict.counts.entries > 0)
    line("last entry", format_time(verdict.last_time));
  print_counts(verdict, seconds);
  if (verdict.remote) print_remote(verdict);
  print_unchecked(verdict);
  return static_cast<int>(verdict.outcome);
}

int print_usage_error(const Error& error, Format format, const char* code) {
  if (format == Format::kJson) {
    Json json{{"verdict", outcome_name(Outcome::kCannotTell)}, {"error", json_of(error)}};
    if (*code != '\0') json["error"]["code"] = code;
    put(json, Outcome::kCannotTell);
  }
  std::fprintf(stderr, "holdfast-verify: %s\n", visible(describe(error)).c_str());
  return static_cast<int>(Outcome::kCannotTell);
}

}  // namespace holdfast::verifier
