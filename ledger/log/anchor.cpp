// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/anchor.h"

#include "ledger/store/durable_file.h"

namespace holdfast::log {
namespace {

constexpr std::chrono::seconds kBetweenWrites{1};

// Whoever changes an anchor has this: between reading and writing another process, which has come
// further, could else write its own, and the anchor go back.
Result<store::FileLock> lock_anchor(const std::string& path) {
  TRY_ASSIGN(auto lock, store::FileLock::open(path + ".lock"));
  TRY(lock.lock());
  return lock;
}

}  // namespace

Anchor::Anchor(const std::string& directory, const StatementId& village)
    : directory_(directory), path_(directory.empty() ? "" : directory + "/" + village.hex()) {}

Result<std::optional<Anchor::Line>> Anchor::read() const {
  if (path_.empty()) return std::optional<Line>();
  TRY_ASSIGN(const auto text, store::read_small_file(path_));
  if (!text) return std::optional<Line>();
  const auto space = text->find(' ');
  const bool whole = space != std::string::npos && text->back() == '\n';
  const auto size = parse_decimal(std::string_view(*text).substr(0, whole ? space : 0));
  const auto hex =
      parse_hex(whole ? std::string_view(*text).substr(space + 1, text->size() - space - 2) : "");
  if (!whole || !size || !hex || hex->size() != kDigestBytes)
    return Error{Code::kUnavailable, "", "anchor " + path_, "a line that cannot be read",
                 "\"<size> <root in hex>\": if the ledger is known to be whole, open it with "
                 "--accept-rollback once"};
  return std::optional(Line{{*size}, Root::from(*hex)});
}

Result<void> Anchor::check(const store::LedgerSnapshot& snapshot) {
  TRY_ASSIGN(const auto line, read());
  if (!line) return {};
  TRY(check(*line, snapshot));
  last_ = line;
  return {};
}

Result<void> Anchor::check(const Line& line, const store::LedgerSnapshot& snapshot) const {
  const std::string size = std::to_string(line.size.value);
  const std::string advice =
      ": this database is older than what was signed already, or another one. Restore the newest; "
      "only if it is lost for good, open with --accept-rollback";
  if (line.size > snapshot.head().size)
    return Error{Code::kUnavailable, "", "size of the ledger",
                 std::to_string(snapshot.head().size.value),
                 "at least " + size + ", which anchor " + path_ + " remembers" + advice};
  TRY_ASSIGN(const auto root, snapshot.sealed_root(line.size));
  if (root && *root == line.root) return {};
  return Error{Code::kUnavailable, "", "root of the ledger at size " + size,
               root ? root->hex() : "no seal there",
               line.root.hex() + ", which anchor " + path_ + " remembers" + advice};
}

void Anchor::note(TreeSize size, const Root& root) { waiting_ = Line{size, root}; }

std::optional<std::chrono::steady_clock::time_point> Anchor::due() const {
  if (!waiting_ || path_.empty()) return std::nullopt;
  return written_ + kBetweenWrites;
}

Result<void> Anchor::write_due(bool now, const TakeSnapshot& snapshot) {
  const auto when = due();
  if (!when || (!now && std::chrono::steady_clock::now() < *when)) return {};
  written_ = std::chrono::steady_clock::now();
  if (!store::make_directories(directory_, 0700)) return {};
  const auto lock = lock_anchor(path_);
  if (!lock) return {};  // it stays due
  const auto present = read();
  if (present && *present && *present != last_) {
    TRY_ASSIGN(const auto here, snapshot());
    TRY(check(**present, here));
    last_ = *present;
    // Another process has come further.
    if ((*present)->size > waiting_->size) {
      waiting_.reset();
      return {};
    }
  }
  if (!write(*waiting_)) return {};
  last_ = waiting_;
  waiting_.reset();
  return {};
}

Result<void> Anchor::replace(TreeSize size, const Root& root) {
  if (path_.empty()) return {};
  TRY(store::make_directories(directory_, 0700));
  TRY_ASSIGN(const auto lock, lock_anchor(path_));
  TRY(write({size, root}));
  last_ = Line{size, root};
  return {};
}

Result<void> Anchor::write(const Line& line) const {
  return store::replace_file(path_, std::to_string(line.size.value) + " " + line.root.hex() + "\n");
}

}  // namespace holdfast::log
