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
    listeners_.push_back({std::move(stream), from.value});
    news_ = true;
  }
  wake_.notify_all();
}

void Events::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  wake_.notify_all();
}

std::size_t Events::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

// False where the listener has gone.
bool Events::catch_up(Listener& listener, log::Reader& reader) {
  const std::uint64_t size = reader.size().value;
  if (listener.next >= size) return true;
  if (listener.stream->waiting() > kBytesAtOnce) {
    behind_ = true;
    return true;
  }
  std::string text;
  for (; listener.next < size && text.size() < kBytesAtOnce; ++listener.next) {
    const auto event = event_of(reader, {listener.next});
    if (!event) return false;
    text += *event;
  }
  if (listener.next == size)
    text += checkpoint_event(reader);
  else
    behind_ = true;
  return listener.stream->send(std::make_shared<const std::string>(std::move(text)));
}

// Under the lock: listeners are few and what is told them is short.
void Events::tell_all() {
  if (listeners_.empty()) return;
  const auto reader = readers_.newest();
  if (!reader) return;
  std::erase_if(listeners_, [&](Listener& each) { return !catch_up(each, **reader); });
}

void Events::serve() {
  auto say_next = std::chrono::steady_clock::now() + kSayEvery;
  const auto comment = std::make_shared<const std::string>(":\n\n");
  std::unique_lock lock(mutex_);
  while (!closing_) {
    const auto wait = behind_ ? std::chrono::milliseconds(kLookAgainAfter) : kLookEvery;
    wake_.wait_for(lock, wait, [this] { return news_ || closing_; });
    if (closing_) break;
    news_ = false;
    behind_ = false;
    tell_all();
    if (std::chrono::steady_clock::now() < say_next) continue;
    say_next += kSayEvery;
    std::erase_if(listeners_, [&](Listener& each) { return !each.stream->send(comment); });
  }
}

}  // namespace holdfast::routes
