// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/holdings.h"

#include <algorithm>
#include <chrono>

#include "ledger/core/check.h"
#include "ledger/model/codec.h"

namespace holdfast::federation {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
// What is read under one snapshot: while one lives, the database cannot use again what it frees.
constexpr std::uint64_t kFollowedEntriesMax = 256;

// The record that an entry's statement makes or changes.
std::optional<StatementId> record_changed_by(const model::SignedStatement& parts,
                                             const model::Statement& statement) {
  if (statement.kind() == model::Kind::kRecord) return model::statement_id(parts.statement);
  const auto* const change = std::get_if<model::RecordChange>(&statement.body);
  return change == nullptr ? std::nullopt : std::optional(change->record);
}

Error not_read(std::string why) {
  return {Code::kUnavailable, "", "records of the village", std::move(why),
          "records that were read: ask again later"};
}

}  // namespace

std::unique_ptr<Holdings> Holdings::start(log::Readers& readers) {
  std::unique_ptr<Holdings> holdings(new Holdings(readers));
  holdings->thread_ = std::thread([raw = holdings.get()] { raw->run(); });
  return holdings;
}

Holdings::~Holdings() {
  stopping_ = true;
  wake();
  thread_.join();
}

void Holdings::wake() {
  const std::lock_guard lock(wake_mutex_);
  woken_ = true;
  woken_up_.notify_one();
}

bool Holdings::wait_for_more() {
  std::unique_lock lock(wake_mutex_);
  woken_up_.wait_for(lock, kLookEvery, [this] { return woken_; });
  woken_ = false;
  return !stopping_;
}

void Holdings::run() {
  do {
    const auto followed = follow();
    {
      const std::lock_guard lock(mutex_);
      failed_.reset();
      if (!followed) failed_ = followed.error();
    }
    // Only now, so that whoever waited for it is not told that nothing was read.
    if (followed && !stopping_ && !ready_) {
      ready_ = true;
      ready_.notify_all();
    }
  } while (wait_for_more());
}

// --- following the log --------------------------------------------------------------------------

Result<void> Holdings::follow() {
  TRY(open_words());
  for (bool more = true; more && !stopping_;) {
    TRY_ASSIGN(const auto reader, readers_.newest(log::HeldStatements::kLeft));
    TRY(follow_some(*reader));
    more = followed_ < reader->size().value;
  }
  return {};
}

Result<void> Holdings::open_words() {
  if (cutter_) return {};
  TRY_ASSIGN(Words asked, Words::open());
  TRY_ASSIGN(Words kept, Words::open());
  const std::lock_guard lock(mutex_);
  words_.emplace(std::move(asked));
  cutter_.emplace(std::move(kept));
  return {};
}

// After an error nothing counts as followed: the same entries are read again, which does no harm.
Result<void> Holdings::follow_some(log::Reader& reader) {
  const std::uint64_t end = std::min(followed_ + kFollowedEntriesMax, reader.size().value);
  std::set<StatementId> changed;
  for (std::uint64_t index = followed_; index < end; ++index) {
    TRY_ASSIGN(const Bytes bytes, reader.signed_statement({index}));
    TRY_ASSIGN(const auto parts, model::decode_signed_statement(bytes));
    TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
    if (const auto record = record_changed_by(parts, statement)) changed.insert(*record);
  }
  for (const StatementId& record : changed) {
    if (stopping_) return {};
    TRY(refresh(reader, record));
  }
  followed_ = end;
  return {};
}

// What is in memory of the record becomes what the snapshot says of it, which may be newer than the
// entry that led here.
Result<void> Holdings::refresh(log::Reader& reader, const StatementId& record) {
  TRY(forget(record));
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kRecord, record));
  if (!subject || subject->value.status != model::Status::kActive) return {};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(subject->detail));
  if (!detail.policy.read) return {};
  const auto content = reader.content(record);
  if (!content) {
    if (content.error().code == Code::kNotFound) return {};
    TRY_ASSIGN(const bool erased, is_erased_since(record));
    if (erased) return {};
    return content.error();
  }
  LiveRecord live{detail.labels, detail.origin, fields_of(*content, *cutter_)};
  const Passage passage = passage_of(record, *content);
  const std::lock_guard lock(mutex_);
  auto domain = domains_.find(detail.domain);
  if (domain == domains_.end()) {
    TRY_ASSIGN(DomainRecords opened, DomainRecords::open());
    domain = domains_.emplace(detail.domain, std::move(opened)).first;
  }
  domain_of_.emplace(record, detail.domain);
  return domain->second.put(std::move(live), passage);
}

// A content can be gone before the snapshot knows of it; the entry that says so comes next.
Result<bool> Holdings::is_erased_since(const StatementId& record) {
  TRY_ASSIGN(const auto reader, readers_.newest(log::HeldStatements::kLeft));
  TRY_ASSIGN(const auto subject, reader->find(model::StateClass::kRecord, record));
  return subject && subject->value.status == model::Status::kErased;
}

Result<void> Holdings::forget(const StatementId& record) {
  const std::lock_guard lock(mutex_);
  const auto at = domain_of_.find(record);
  if (at == domain_of_.end()) return {};
  TRY(domains_.at(at->second).remove(record));
  domain_of_.erase(at);
  return {};
}

// --- answering ----------------------------------------------------------------------------------

Result<Chosen> Holdings::choose(const DomainQuestion& question, const MayPassOn& may_pass_on) {
  TRY(check_arguments(question.shape, question.arguments));
  const auto reader = readers_.newest();
  if (!reader) return not_read(describe(reader.error()));
  const std::lock_guard lock(mutex_);
  if (failed_) return not_read(describe(*failed_));
  if (!ready_) return not_read(std::to_string(followed_) + " entries read so far");
  TRY_ASSIGN(const Criteria criteria, Criteria::of(question.shape, question.arguments, *words_));
  const auto domain = domains_.find(question.domain);
  if (domain == domains_.end()) return Chosen{};
  DomainRecords::Standing standing;
  standing.is_taken_back = [&](const StatementId& id) -> Result<bool> {
    TRY_ASSIGN(const auto withdrawal, (*reader)->held_against(id));
    return withdrawal.has_value();
  };
  if (may_pass_on)
    standing.may_pass_on = [&](const model::CopyOrigin& origin) {
      return may_pass_on(**reader, origin);
    };
  return domain->second.choose(question, criteria, standing);
}

}  // namespace holdfast::federation
