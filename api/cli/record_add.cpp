// SPDX-License-Identifier: AGPL-3.0-or-later
#include <filesystem>
#include <iostream>
#include <memory>

#include "api/cli/author.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/record.h"
#include "api/cli/record_terms.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAddHelp =
    "Add a record to a domain. Its content (title, body and any other field) is encrypted here "
    "under\n"
    "a key of its own, and only its commitment goes into the ledger, so that it can be erased for\n"
    "good. Labels, notices and tikanga are plain and permanent.\n"
    "\n"
    "Examples:  holdfast record add notes.md\n"
    "           holdfast record add --title \"Low tide\" --body \"Bull kelp at the point.\" \\\n"
    "               --field place=\"North point\" --label \"TK A\" --policy read,share";

struct NewRecord {
  std::string file;
  std::string domain;
  std::string title;
  std::string body;
  std::string body_file;
  std::vector<std::string> fields;       // name=value
  std::vector<std::string> field_files;  // name=path
  std::string media_type;
  RecordTerms terms;
  AuthorOptions author;
};

struct NamedValue {
  std::string name;
  std::string value;
};
Result<NamedValue> split_field(const std::string& text, const char* option) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0)
    return Error{Code::kMalformed, "", option, "\"" + text + "\"", "name=value"};
  return NamedValue{text.substr(0, at), text.substr(at + 1)};
}

Result<Bytes> read_body(const std::string& path) {
  if (path != "-") return read_file(path, model::kFieldBytesMax);
  Bytes bytes;
  for (int c = std::cin.get(); c != EOF; c = std::cin.get()) {
    if (bytes.size() == model::kFieldBytesMax)
      return Error{Code::kMalformed, "", "standard input", "over 4 MiB", "at most 4 MiB a field"};
    bytes.push_back(static_cast<std::byte>(c));
  }
  return bytes;
}

Result<model::Content> content_of(const NewRecord& wanted, crypto::Random& random) {
  model::Content content;
  std::string title = wanted.title;
  const std::string body_file = wanted.file.empty() ? wanted.body_file : wanted.file;
  if (!body_file.empty()) {
    TRY_ASSIGN(const Bytes body, read_body(body_file));
    TRY(model::add_field(content, "body", body, random));
    if (title.empty() && body_file != "-")
      title = std::filesystem::path(body_file).filename().string();
  } else if (!wanted.body.empty()) {
    TRY(model::add_field(content, "body", as_bytes(wanted.body), random));
  }
  if (!title.empty()) TRY(model::add_field(content, "title", as_bytes(title), random));
  for (const std::string& text : wanted.fields) {
    TRY_ASSIGN(const NamedValue field, split_field(text, "--field"));
    TRY(model::add_field(content, field.name, as_bytes(field.value), random));
  }
  for (const std::string& text : wanted.field_files) {
    TRY_ASSIGN(const NamedValue field, split_field(text, "--field-file"));
    TRY_ASSIGN(const Bytes value, read_file(field.value, model::kFieldBytesMax));
    TRY(model::add_field(content, field.name, value, random));
  }
  if (content.fields.empty())
    return Error{Code::kInvalid, "", std::string(kArgument) + "FILE", "none, and no field",
                 "FILE, --title, --body or --field"};
  return content;
}

bool has_text_body(const model::Content& content) {
  for (const model::Field& field : content.fields)
    if (field.name == "body") return is_text(as_text(field.value));
  return true;
}

std::string media_type_of(const NewRecord& wanted, const model::Content& content) {
  if (!wanted.media_type.empty()) return wanted.media_type;
  const std::string extension =
      std::filesystem::path(wanted.file.empty() ? wanted.body_file : wanted.file)
          .extension()
          .string();
  if (extension == ".md" || extension == ".markdown") return "text/markdown";
  if (extension == ".json") return "application/json";
  if (extension == ".html" || extension == ".htm") return "text/html";
  if (extension == ".pdf") return "application/pdf";
  if (extension == ".png") return "image/png";
  if (extension == ".jpg" || extension == ".jpeg") return "image/jpeg";
  return has_text_body(content) ? "text/plain" : "application/octet-stream";
}

Result<void> run_record_add(Context& context, const NewRecord& wanted) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain, chosen_domain(context, *reader, wanted.domain));
  TRY_ASSIGN(const Need guardians, domain_need(*reader, domain));
  TRY_ASSIGN(model::Content content, content_of(wanted, context.random()));
  TRY_ASSIGN(model::Record record, record_under(wanted.terms, domain, guardians.keys));
  record.content_root = model::content_root(content);
  record.media_type = media_type_of(wanted, content);
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, wanted.author));
  std::vector<Proposal> proposals;
  proposals.push_back({visibility, std::move(record), std::move(content)});
  TRY_ASSIGN(const Outcome outcome,
             author(context, std::move(proposals), {guardians}, wanted.author));
  report_outcome(context, outcome, "added record");
  return {};
}

}  // namespace

void add_record_add_command(CLI::App& record, Context& context) {
  auto wanted = std::make_shared<NewRecord>();
  CLI::App& add = *record.add_subcommand("add", kAddHelp);
  CLI::Option* file =
      add.add_option("file", wanted->file,
                     "The body, from a file; its name is the title where --title is not given");
  file->type_name("FILE");
  add.add_option("--domain", wanted->domain, "The domain; else the one in holdfast.toml")
      ->type_name("DOMAIN");
  add.add_option("--title", wanted->title, "The field `title`");
  CLI::Option* body = add.add_option("--body", wanted->body, "The field `body`")->excludes(file);
  add.add_option("--body-file", wanted->body_file, "The same from a file; - is standard input")
      ->type_name("FILE")
      ->excludes(file)
      ->excludes(body);
  add.add_option("--field", wanted->fields, "Another field; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add.add_option("--field-file", wanted->field_files, "Another field from a file; may be repeated")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  add.add_option("--media-type", wanted->media_type, "Of the body; else by the file's name")
      ->type_name("TYPE");
  add_record_terms(add, wanted->terms);
  add_author_options(add, wanted->author);
  context.on_run(add, [&context, wanted] { return run_record_add(context, *wanted); });
}

}  // namespace holdfast::cli
