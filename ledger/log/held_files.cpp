// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_files.h"

#include <algorithm>

#include "ledger/log/plain_file.h"
#include "ledger/log/prepared.h"
#include "ledger/model/codec.h"
#include "ledger/store/durable_file.h"

namespace holdfast::log {
namespace {

constexpr const char* kRefusedName = "refused";
// How coarse the times of directories may be: a change within it after a look might not show.
constexpr std::chrono::seconds kDirectoryTimeStep{2};
constexpr std::size_t kRefusedNameBytes = 240;  // of the name it had; a number may come behind it

bool is_name(std::string_view name) {
  const auto hash = parse_hex(name);
  return hash && hash->size() == kDigestBytes && format_hex(*hash) == name;
}

// As store::replace_file names what it has not put into place yet.
bool is_half_written(std::string_view name) {
  constexpr std::string_view kMark = ".new.";
  const auto mark = name.find(kMark);
  return mark != std::string_view::npos && is_name(name.substr(0, mark)) &&
         parse_decimal(name.substr(mark + kMark.size()));
}

Result<HeldStatement> decode(const std::string& name, Bytes bytes) {
  const std::string hash = model::statement_hash(bytes).hex();
  if (hash != name)
    return Error{Code::kMalformed, "", "statement hash of held/" + name, hash, name};
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(bytes));
  TRY_ASSIGN(auto statement, model::decode_statement(parts.statement));
  if (!takes_back(statement))
    return Error{Code::kMalformed, "", "held/" + name, kind_name(statement.kind()),
                 "a revocation or a withdrawal"};
  HeldStatement held{
      name, std::move(bytes), model::statement_id(parts.statement), std::move(statement), {}};
  for (const auto& signature : parts.signatures) held.signers.push_back(signature.key_id);
  return held;
}

}  // namespace

// The time of its last change counts too, because nobody can set that.
bool HeldFiles::is_same(const struct stat& now) const {
  const auto is_equal = [](const timespec& a, const timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
  };
  return now.st_dev == seen_.st_dev && now.st_ino == seen_.st_ino &&
         is_equal(now.st_mtim, seen_.st_mtim) && is_equal(now.st_ctim, seen_.st_ctim);
}

const HeldListing& HeldFiles::look() {
  struct stat now {};
  const bool is_there = stat(directory_.c_str(), &now) == 0;
  const bool same = is_there && is_same(now);
  if (same && settled_) return listing_;
  const auto looked_at = std::chrono::steady_clock::now();
  if (!same) same_since_ = looked_at;
  listing_ = {listing_.number + 1, {}, {}, {}};
  half_written_.clear();
  seen_ = now;
  settled_ = same && looked_at - same_since_ > kDirectoryTimeStep;
  const auto items = list_directory(directory_);
  if (!items) {
    settled_ = false;
    if (items.error().code != Code::kNotFound) listing_.unreadable = items.error();
    return listing_;
  }
  for (const DirectoryItem& item : *items) {
    if (is_half_written(item.name))
      half_written_.push_back(item.name);
    else if (is_name(item.name) && item.type != DirectoryItem::Type::kFile)
      listing_.foreign.push_back({item.name,
                                  {Code::kMalformed, "", "held/" + item.name, "no regular file",
                                   "files named by statement hashes"}});
    else if (is_name(item.name))
      read_file(item.name);
    else if (item.name != kRefusedName)
      listing_.foreign.push_back({item.name,
                                  {Code::kMalformed, "", "held/" + item.name, "another name",
                                   "files named by statement hashes"}});
  }
  if (listing_.unreadable) settled_ = false;  // it may become readable where it is
  return listing_;
}

void HeldFiles::read_file(const std::string& name) {
  if (listing_.statements.size() >= kHeldStatementsMax) {
    listing_.unreadable = Error{Code::kUnavailable, "", directory_, "too many held statements",
                                "at most " + std::to_string(kHeldStatementsMax)};
    return;
  }
  auto bytes = read_plain_file(path(name), model::kSignedStatementBytesMax);
  auto held = bytes ? decode(name, *std::move(bytes)) : bytes.error();
  if (held) {
    listing_.statements.push_back(*std::move(held));
    return;
  }
  const Code code = held.error().code;
  if (code == Code::kNotFound) return;  // sequenced since the directory was read
  if (code == Code::kMalformed || code == Code::kInvalid)
    listing_.foreign.push_back({name, std::move(held).error()});
  else if (!listing_.unreadable)
    listing_.unreadable = std::move(held).error();
}

Result<std::vector<HeldFiles::Named>> HeldFiles::missing(
    const std::vector<ByteView>& signed_statements) {
  const auto& present = look().statements;
  std::uint64_t bytes = 0;
  for (const HeldStatement& held : present) bytes += held.signed_statement.size();
  std::vector<Named> fresh;
  for (ByteView statement : signed_statements) {
    std::string name = model::statement_hash(statement).hex();
    const bool is_there = std::any_of(present.begin(), present.end(),
                                      [&](const auto& held) { return held.name == name; });
    if (is_there) continue;
    fresh.emplace_back(std::move(name), statement);
    bytes += statement.size();
  }
  const std::size_t count = present.size() + fresh.size();
  if (count <= kHeldStatementsMax && bytes <= kHeldBytesMax) return fresh;
  return Error{Code::kUnavailable, "", "statements to be held in " + directory_,
               std::to_string(count) + ", " + std::to_string(bytes) + " bytes",
               "at most " + std::to_string(kHeldStatementsMax) + ", " +
                   std::to_string(kHeldBytesMax) + " bytes, until signing goes on"};
}

Result<void> HeldFiles::check_room(const std::vector<ByteView>& signed_statements) {
  TRY(missing(signed_statements));
  return {};
}

Result<void> HeldFiles::add(const std::vector<ByteView>& signed_statements, bool& full) {
  full = false;
  TRY_ASSIGN(const auto fresh, missing(signed_statements));
  settled_ = false;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto written = store::replace_file(path(fresh[i].first), as_text(fresh[i].second), &full);
    if (written) continue;
    for (std::size_t taken = 0; taken <= i; ++taken) (void)remove(fresh[taken].first);
    return written;
  }
  return {};
}

Result<void> HeldFiles::remove(const std::string& name) {
  settled_ = false;
  return store::remove_file(path(name));
}

Result<std::string> HeldFiles::set_aside(const std::string& name) {
  settled_ = false;
  const std::string refused = path(kRefusedName);
  TRY(store::make_directory(refused, 0700));
  TRY_ASSIGN(const auto items, list_directory(refused));
  if (items.size() >= kHeldStatementsMax)
    return Error{Code::kUnavailable, "", refused, std::to_string(items.size()) + " items",
                 "fewer than " + std::to_string(kHeldStatementsMax) +
                     ": look through them and take them away"};
  // A name that is taken gets a number: what a person put here, or was refused before, stays.
  std::string as = name.substr(0, kRefusedNameBytes);
  for (std::size_t number = 2;; ++number) {
    TRY_ASSIGN(const bool moved, store::move_file_to_new(path(name), refused + "/" + as));
    if (moved) return as;
    as = name.substr(0, kRefusedNameBytes) + "." + std::to_string(number);
  }
}

Result<void> HeldFiles::bring_back(const std::string& refused_name, const std::string& name) {
  settled_ = false;
  TRY(store::move_file_to_new(path(kRefusedName) + "/" + refused_name, path(name)));
  return {};
}

void HeldFiles::sweep() {
  for (const std::string& name : half_written_) (void)store::remove_file(path(name));
  half_written_.clear();
}

}  // namespace holdfast::log
