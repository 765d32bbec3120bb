// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/submission.h"

#include <set>
#include <unordered_map>

#include "ledger/core/bytes.h"
#include "ledger/model/codec.h"

namespace holdfast::json {
namespace {

Error malformed(std::string what, std::string found, std::string want) {
  return {Code::kMalformed, "", std::move(what), std::move(found), std::move(want)};
}

class FilesReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::map<std::string, Bytes> files;
  std::map<std::string, std::map<std::string, Bytes>> folders;
  std::optional<Error> error;

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a boolean"); }
  bool number_integer(number_integer_t) override { return refuse("a number"); }
  bool number_unsigned(number_unsigned_t) override { return refuse("a number"); }
  bool number_float(number_float_t, const string_t&) override { return refuse("a number"); }
  bool binary(binary_t&) override { return refuse("binary"); }
  bool start_array(std::size_t) override { return refuse("a list"); }
  bool end_array() override { return false; }

  bool start_object(std::size_t) override {
    if (depth_ == 1 && !is_folder()) return refuse("an object");
    if (++depth_ > 2) return refuse("an object");
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }

  bool key(string_t& name) override {
    (depth_ == 1 ? member_ : file_) = name;
    if (depth_ == 2) return true;
    if (!is_folder() && !is_file()) {
      error = malformed("member", "\"" + name.substr(0, 80) + "\"",
                        "statements, signatures, contents and imports, or signedStatements, "
                        "contents, openings and sideRows");
      return false;
    }
    if (seen_.insert(name).second) return true;
    error = malformed(name, "twice", "each member once");
    return false;
  }

  bool string(string_t& text) override {
    if (depth_ == 0 || (depth_ == 1 && is_folder())) return refuse("text");
    auto bytes = parse_base64(text);
    if (!bytes) {
      error = malformed(place(), "no base64", "base64 with padding (RFC 4648, section 4)");
      return false;
    }
    text.clear();
    text.shrink_to_fit();
    if (depth_ == 1) {
      files[member_] = *std::move(bytes);
      return true;
    }
    if (folders[member_].emplace(file_, *std::move(bytes)).second) return true;
    error = malformed(place(), "twice", "each name once");
    return false;
  }

  bool parse_error(std::size_t at, const std::string&,
                   const nlohmann::detail::exception&) override {
    if (!error) error = malformed("body at byte " + std::to_string(at), "no JSON", "JSON");
    return false;
  }

  std::optional<Bytes> take(const std::string& name) {
    const auto at = files.find(name);
    return at == files.end() ? std::nullopt : std::optional(std::move(at->second));
  }

 private:
  bool is_folder() const {
    return member_ == "signatures" || member_ == "contents" || member_ == "openings";
  }
  bool is_file() const {
    return member_ == "statements" || member_ == "imports" || member_ == "signedStatements" ||
           member_ == "sideRows";
  }
  std::string place() const {
    return depth_ == 2 ? member_ + "/" + file_.substr(0, 80) : depth_ == 1 ? member_ : "body";
  }
  bool refuse(const char* found) {
    const bool wants_object = depth_ == 0 || (depth_ == 1 && is_folder());
    error = malformed(place(), found, wants_object ? "an object" : "text in base64");
    return false;
  }

  int depth_ = 0;
  std::string member_;
  std::string file_;
  std::set<std::string> seen_;
};

void append_frame(Bytes& out, ByteView bytes) {
  append_u32be(out, static_cast<std::uint32_t>(bytes.size()));
  append(out, bytes);
}

// By id in hex. Whether the bytes are canonical is for the sequencer to tell.
using Places = std::unordered_map<std::string, std::size_t>;

Result<Places> place_statements(const std::vector<ByteView>& frames,
                                std::vector<log::Admission>& admissions) {
  Places places;
  for (const ByteView frame : frames) {
    TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(frame));
    const StatementId id = model::statement_id(parts.statement);
    if (!places.emplace(id.hex(), admissions.size()).second)
      return malformed("signedStatements", id.hex() + " twice", "each statement once");
    admissions.emplace_back().signed_statement.assign(frame.begin(), frame.end());
  }
  if (admissions.empty()) return malformed("signedStatements", "nothing", "at least one");
  return places;
}

Result<void> put_beside(const char* folder, std::map<std::string, Bytes>& files,
                        const Places& places, const auto& put) {
  for (auto& [name, bytes] : files) {
    const auto place = places.find(name);
    if (place == places.end())
      return malformed(std::string(folder) + "/" + name.substr(0, 80), "of no statement here",
                       "an id of the statements in lowercase hex");
    put(place->second, std::move(bytes));
  }
  return {};
}

Result<void> put_side_rows(ByteView rows, std::vector<log::Admission>& admissions) {
  constexpr std::size_t kHead = 9;
  constexpr auto kTableMax = static_cast<unsigned>(log::SideRow::Table::kAnswered);
  while (!rows.empty()) {
    if (rows.size() < kHead || read_u32be(rows.subspan(5)) > rows.size() - kHead ||
        read_u32be(rows) >= admissions.size())
      return malformed(
          "sideRows", "a row that is none",
          "the place of a statement (u32be), a table (a byte) and a length (u32be), and "
          "so many bytes");
    const auto table = std::to_integer<unsigned>(rows[4]);
    if (table < 1 || table > kTableMax)
      return malformed("sideRows", "table " + std::to_string(table),
                       "1 to " + std::to_string(kTableMax));
    const ByteView value = rows.subspan(kHead, read_u32be(rows.subspan(5)));
    admissions[read_u32be(rows)].side_rows.push_back(
        {static_cast<log::SideRow::Table>(table), Bytes(value.begin(), value.end())});
    rows = rows.subspan(kHead + value.size());
  }
  return {};
}

Result<Bytes> base64_member(const Json& json, const char* name) {
  const auto at = json.find(name);
  const auto bytes = at != json.end() && at->is_string()
                         ? parse_base64(at->get<std::string>())
                         : Result<Bytes>(malformed(name, "none", "base64"));
  if (!bytes) return malformed(name, "no base64", "base64");
  return *bytes;
}

}  // namespace

Result<SubmittedFiles> parse_submission(std::string_view text) {
  FilesReader reader;
  const bool whole = nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  if (reader.error) return *std::move(reader.error);
  if (!whole) return malformed("body", "no JSON", "JSON");
  SubmittedFiles out;
  out.signed_statements = reader.take("signedStatements");
  out.side_rows = reader.take("sideRows");
  out.openings = std::move(reader.folders["openings"]);
  out.draft.contents = std::move(reader.folders["contents"]);
  out.draft.signatures = std::move(reader.folders["signatures"]);
  out.draft.imports = reader.take("imports");
  auto statements = reader.take("statements");
  const bool is_draft = statements || out.draft.imports || !out.draft.signatures.empty();
  const bool is_signed = out.signed_statements || out.side_rows || !out.openings.empty();
  if (is_draft && is_signed)
    return malformed("body", "a draft and signed statements", "one of them");
  if (is_signed && !out.signed_statements)
    return malformed("signedStatements", "none", "what openings and side rows stand beside");
  if (statements) out.draft.statements = *std::move(statements);
  return out;
}

Result<std::vector<log::Admission>> admissions_of(SubmittedFiles files) {
  CHECK(files.signed_statements);
  std::vector<log::Admission> admissions;
  TRY_ASSIGN(const auto frames, log::split_frames("signedStatements", *files.signed_statements));
  TRY_ASSIGN(const Places places, place_statements(frames, admissions));
  TRY(put_beside("contents", files.draft.contents, places, [&](std::size_t place, Bytes bytes) {
    admissions[place].content.emplace(std::move(bytes));
  }));
  TRY(put_beside("openings", files.openings, places, [&](std::size_t place, Bytes bytes) {
    admissions[place].opening = std::move(bytes);
  }));
  if (files.side_rows) TRY(put_side_rows(*files.side_rows, admissions));
  return admissions;
}

std::string format_submission(const std::vector<log::Admission>& admissions) {
  Bytes statements;
  Bytes rows;
  Json contents = Json::object();
  Json openings = Json::object();
  for (std::size_t place = 0; place < admissions.size(); ++place) {
    const log::Admission& admission = admissions[place];
    append_frame(statements, admission.signed_statement);
    for (const log::SideRow& row : admission.side_rows) {
      append_u32be(rows, static_cast<std::uint32_t>(place));
      rows.push_back(static_cast<std::byte>(row.table));
      append_frame(rows, row.value);
    }
    if (!admission.content && admission.opening.empty()) continue;
    const auto parts = model::decode_own_signed_statement(admission.signed_statement);
    if (!parts) continue;  // as it is refused where it comes to
    const std::string id = model::statement_id(parts->statement).hex();
    if (admission.content) contents[id] = format_base64(admission.content->bytes());
    if (!admission.opening.empty()) openings[id] = format_base64(admission.opening);
  }
  Json out = {{"signedStatements", format_base64(statements)}};
  if (!contents.empty()) out["contents"] = std::move(contents);
  if (!openings.empty()) out["openings"] = std::move(openings);
  if (!rows.empty()) out["sideRows"] = format_base64(rows);
  return dump(out, -1);
}

Json to_json(const log::Receipt& receipt, const std::vector<StatementId>& ids) {
  Json list = Json::array();
  for (std::size_t i = 0; i < receipt.positions.size(); ++i)
    list.push_back({{"id", ids[i].hex()},
                    {"index", receipt.positions[i].index.value},
                    {"leafHash", format_base64(receipt.positions[i].leaf)},
                    {"knownAlready", receipt.positions[i].known_already}});
  // Held: stored and in force, and sequenced once signing goes on.
  return {{"held", receipt.held},
          {"size", receipt.size.value},
          {"statements", std::move(list)},
          {"checkpoint", receipt.checkpoint}};
}

Result<log::Receipt> parse_receipt(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const auto bad = malformed("receipt", "something else", "held, size, statements, checkpoint");
  const auto has = [](const Json& in, const char* name, auto is) {
    return in.is_object() && in.contains(name) && (in[name].*is)();
  };
  if (!has(json, "held", &Json::is_boolean) || !has(json, "size", &Json::is_number_unsigned) ||
      !has(json, "statements", &Json::is_array) || !has(json, "checkpoint", &Json::is_string))
    return bad;
  log::Receipt receipt;
  receipt.held = json["held"].get<bool>();
  receipt.size = {json["size"].get<std::uint64_t>()};
  receipt.checkpoint = json["checkpoint"].get<std::string>();
  for (const Json& each : json["statements"]) {
    if (!has(each, "index", &Json::is_number_unsigned) ||
        !has(each, "knownAlready", &Json::is_boolean))
      return bad;
    TRY_ASSIGN(const Bytes leaf, base64_member(each, "leafHash"));
    if (leaf.size() != kDigestBytes) return bad;
    receipt.positions.push_back({{each["index"].get<std::uint64_t>()},
                                 LeafHash::from(leaf),
                                 each["knownAlready"].get<bool>()});
  }
  return receipt;
}

}  // namespace holdfast::json
