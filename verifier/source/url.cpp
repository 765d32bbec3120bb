// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/url.h"

#include <algorithm>

namespace holdfast::verifier {
namespace {

// In the cache the files of the log have a folder of their own.
std::string in_cache(const std::string& path) { return "files/" + path; }

bool is_opening(const std::string& path) { return path.starts_with("openings/"); }

bool shows_more_to_some(const std::string& path) {
  return path.starts_with("statements/") || is_opening(path);
}

// Of 256 entries or hashes: what follows in the log changes nothing in it.
bool is_full(const std::string& path) {
  return path != "checkpoint" && path.find(".p/") == std::string::npos;
}

bool is_too_large(const Result<net::Response>& answer) {
  return !answer && answer.error().code == Code::kMalformed;
}

Error token_refused(const std::string& url, const std::string& rule) {
  constexpr const char* kWhy[] = {"a signature that verifies",
                                  "this village, and this path: nothing on the way may change it",
                                  "a time that the server takes: is this machine's clock right?",
                                  "a token that nobody has used before",
                                  "a key that may sign there, or a --grant that was given to it"};
  const auto number = static_cast<std::size_t>(rule.back() - '1');
  return {Code::kUnavailable, rule, url, "status 403: the server refuses who asks", kWhy[number]};
}

Error no_such_file(const std::string& path) {
  return {Code::kNotFound, "", path, "no such file", "a file to read"};
}

}  // namespace

// A client of the pool, given back at the end.
class UrlSource::Borrowed {
 public:
  explicit Borrowed(const UrlSource& of) : of_(of) {
    const std::scoped_lock lock(of_.mutex_);
    if (of_.idle_.empty()) {
      client_ = std::make_unique<net::Client>(of_.options_.net);
      return;
    }
    client_ = std::move(of_.idle_.back());
    of_.idle_.pop_back();
  }
  ~Borrowed() {
    const std::scoped_lock lock(of_.mutex_);
    of_.idle_.push_back(std::move(client_));
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  net::Client* operator->() { return client_.get(); }

 private:
  const UrlSource& of_;
  std::unique_ptr<net::Client> client_;
};

UrlSource::UrlSource(std::string base, Options options)
    : base_(std::move(base)), options_(std::move(options)) {}
UrlSource::~UrlSource() = default;

bool UrlSource::shows_asker(const Wanted& file) const {
  return options_.asker != nullptr && shows_more_to_some(file.path);
}

net::Request UrlSource::request_for(const Wanted& file) const {
  net::Request request;
  request.url = base_ + "/" + file.path;
  request.body_bytes_max = file.bytes_max;
  if (shows_asker(file))
    request.headers = {{"Authorization", options_.asker->authorization(request.url)}};
  return request;
}

bool UrlSource::is_refused_token(const Wanted& file, const Result<net::Response>& answer) const {
  return shows_asker(file) && answer && answer->status == 403;
}

// The file that an answer is, kept for the next run where it will be the same then.
Result<Bytes> UrlSource::taken(const Wanted& file, Result<net::Response> answer) const {
  const std::string url = base_ + "/" + file.path;
  std::string rule;
  if (is_refused_token(file, answer)) rule = access_rule_in(answer->body);
  answer = net::success(std::move(answer), url);
  if (answer && answer->status != 200)
    answer = Error{Code::kUnavailable, "", url, "status " + std::to_string(answer->status),
                   "status 200, the whole file"};
  const bool absent = !answer && answer.error().code == Code::kNotFound;
  const bool too_large = is_too_large(answer);
  {
    const std::scoped_lock lock(mutex_);
    if (answer) {
      ++traffic_.fetched_files;
      traffic_.fetched_bytes += answer->body.size();
    }
    if (!answer && !absent && !too_large) traffic_.failed = true;
  }
  if (answer) {
    if (file.path == "checkpoint") {
      const std::scoped_lock lock(mutex_);
      checkpoint_ = as_text(answer->body);
    }
    if (options_.cache != nullptr && is_full(file.path))
      options_.cache->write(in_cache(file.path), answer->body);
    return std::move(answer->body);
  }
  if (absent) return no_such_file(file.path);
  Error error = std::move(answer).error();
  if (!rule.empty()) error = token_refused(url, rule);
  if (too_large) error.what = file.path;
  if (too_large) error.rule = "EXPORT-1";
  // Whatever else the server says, the file cannot be read now.
  if (!too_large) error.code = Code::kUnavailable;
  return error;
}

std::optional<Result<Bytes>> UrlSource::from_cache(const Wanted& file) const {
  if (options_.cache == nullptr || !options_.reuse || !is_full(file.path)) return std::nullopt;
  auto bytes = options_.cache->read(in_cache(file.path), file.bytes_max);
  if (!bytes) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  cached_.insert(file.path);
  ++traffic_.cached_files;
  // No file of openings is empty: this one says that there was none.
  if (bytes->empty() && is_opening(file.path)) return no_such_file(file.path);
  return *std::move(bytes);
}

void UrlSource::expect(const std::vector<Wanted>& files) const {
  std::vector<Wanted> asked;
  std::vector<net::Request> requests;
  const auto keep = [&](const std::string& path, Result<Bytes> bytes) {
    const std::scoped_lock lock(mutex_);
    expected_.insert_or_assign(path, std::move(bytes));
  };
  for (const Wanted& file : files) {
    if (cached_size(file.path)) continue;
    asked.push_back({file.path, std::min(file.bytes_max, kAheadBytesMax)});
    requests.push_back(request_for(asked.back()));
  }
  if (requests.empty()) return;
  std::vector<Result<net::Response>> answers = Borrowed(*this)->send_all(requests);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    // read() will ask for it once more: when there is room for a large one; and with a fresh token,
    // for this one may have waited until it was too old, or was sent twice over a broken
    // connection.
    if (is_too_large(answers[i]) && asked[i].bytes_max == kAheadBytesMax) continue;
    if (is_refused_token(asked[i], answers[i])) continue;
    Result<Bytes> bytes = taken(asked[i], std::move(answers[i]));
    // Nearly no log has openings: not to ask for each of them in each run.
    if (!bytes && bytes.error().code == Code::kNotFound && is_opening(asked[i].path) &&
        is_full(asked[i].path) && options_.cache != nullptr)
      options_.cache->write(in_cache(asked[i].path), {});
    keep(asked[i].path, std::move(bytes));
  }
}

std::optional<Result<Bytes>> UrlSource::take_expected(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  auto found = expected_.extract(path);
  if (found.empty()) return std::nullopt;
  return std::move(found.mapped());
}

Result<Bytes> UrlSource::read(const std::string& path, std::size_t bytes_max) const {
  if (auto expected = take_expected(path)) return *std::move(expected);
  const Wanted file{path, bytes_max};
  if (auto cached = from_cache(file)) return *std::move(cached);
  auto answer = Borrowed(*this)->send(request_for(file));
  if (is_refused_token(file, answer)) answer = Borrowed(*this)->send(request_for(file));
  return taken(file, std::move(answer));
}

std::optional<std::uint64_t> UrlSource::cached_size(const std::string& path) const {
  if (options_.cache == nullptr || !options_.reuse || !is_full(path)) return std::nullopt;
  return options_.cache->size(in_cache(path));
}

std::optional<std::uint64_t> UrlSource::size(const std::string& path) const {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = expected_.find(path); found != expected_.end())
      return found->second ? found->second->size() : 0;
  }
  return cached_size(path);
}

UrlSource::Traffic UrlSource::traffic() const {
  const std::scoped_lock lock(mutex_);
  return traffic_;
}

std::string UrlSource::checkpoint() const {
  const std::scoped_lock lock(mutex_);
  return checkpoint_;
}

bool UrlSource::was_cached(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  return cached_.contains(path);
}

}  // namespace holdfast::verifier
