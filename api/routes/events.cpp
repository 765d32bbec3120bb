// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/events.h"

#include "api/routes/entries.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

// What another process commits is found by looking.
constexpr std::chrono::seconds kLookEvery{1};
// So that neither side, nor a proxy in between, takes silence for the end.
constexpr std::chrono::seconds kSayEvery{15};
// Who has more to catch up on gets it in pieces of about so many bytes, and the next one when
// little of the last is left to write.
constexpr std::size_t kBytesAtOnce = 128 * 1024;
constexpr std::chrono::milliseconds kLookAgainAfter{10};

Result<std::string> event_of(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Json entry, entry_event(reader, index));
  return "id: " + std::to_string(index.value) + "\nevent: entry\ndata: " + json::dump(entry, -1) +
         "\n\n";
}

std::string checkpoint_event(const log::Reader& reader) {
  const Json data = {{"size", reader.size().value}, {"checkpoint", reader.checkpoint()}};
  return "event: checkpoint\ndata: " + json::dump(data, -1) + "\n\n";
}

// As much as is told at once of what comes from entry `from` on. Errors: those of the reader.
Result<std::pair<std::string, std::uint64_t>> text_from(log::Reader& reader, std::uint64_t from) {
  const std::uint64_t size = reader.size().value;
  std::string text;
  for (; from < size && text.size() < kBytesAtOnce; ++from) {
    TRY_ASSIGN(const std::string event, event_of(reader, {from}));
    text += event;
  }
  if (from == size) text += checkpoint_event(reader);
  return std::pair(std::move(text), from);
}

}  // namespace

Events::Events(log::Readers& readers) : readers_(readers), thread_([this] { serve(); }) {}

Events::~Events() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Events::add(std::shared_ptr<http::Stream> stream, LeafIndex from) {
  {
    const std::lock_guard lock(mutex_);
    arrived_.push_back({std::move(stream), from.value});
    news_ = true;
  }
  ++count_;
  wake_.notify_all();
}

void Events::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  wake_.notify_all();
}

// False where the listener has gone.
bool Events::catch_up(Listener& listener, log::Reader& reader, Pieces& pieces) {
  const std::uint64_t size = reader.size().value;
  if (listener.next >= size) return true;
  auto known = pieces.find(listener.next);
  if (listener.stream->waiting() > kBytesAtOnce) {
    behind_ = true;
    return true;
  }
  if (known == pieces.end()) {
    auto text = text_from(reader, listener.next);
    // What cannot be read now is told later: silence would be taken for no news.
    if (!text) {
      behind_ = true;
      return true;
    }
    Piece piece{std::make_shared<const std::string>(std::move(text->first)), text->second};
    known = pieces.emplace(listener.next, std::move(piece)).first;
  }
  listener.next = known->second.end;
  if (listener.next < size) behind_ = true;
  return listener.stream->send(known->second.text);
}

void Events::tell_all() {
  if (listeners_.empty()) return;
  const auto reader = readers_.newest();
  if (!reader) return;
  // Most have heard as much as each other: one text for all of them.
  Pieces pieces;
  std::erase_if(listeners_, [&](Listener& each) { return !catch_up(each, **reader, pieces); });
}

void Events::serve() {
  auto say_next = std::chrono::steady_clock::now() + kSayEvery;
  const auto comment = std::make_shared<const std::string>(":\n\n");
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const auto wait = behind_ ? std::chrono::milliseconds(kLookAgainAfter) : kLookEvery;
      wake_.wait_for(lock, wait, [this] { return news_ || closing_; });
      if (closing_) return;
      news_ = false;
      for (Listener& each : arrived_) listeners_.push_back(std::move(each));
      arrived_.clear();
    }
    behind_ = false;
    tell_all();
    if (std::chrono::steady_clock::now() >= say_next) {
      say_next += kSayEvery;
      std::erase_if(listeners_, [&](Listener& each) { return !each.stream->send(comment); });
    }
    const std::lock_guard lock(mutex_);
    count_ = listeners_.size() + arrived_.size();
  }
}

}  // namespace holdfast::routes
