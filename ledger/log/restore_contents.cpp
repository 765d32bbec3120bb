// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "ledger/log/export.h"
#include "ledger/log/plain_file.h"
#include "ledger/log/reader.h"
#include "ledger/log/restore.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

constexpr std::uint64_t kBytesAtOnce = 16 * 1024 * 1024;

// Puts contents into their places, so many bytes at a time.
class Boxes {
 public:
  Boxes(VillageFiles& files, std::uint64_t map_bytes) : files_(files), map_bytes_(map_bytes) {}

  Result<void> add(LeafIndex index, Prepared prepared) {
    bytes_ += prepared.box.size();
    waiting_.emplace_back(index, std::move(prepared));
    return bytes_ < kBytesAtOnce ? Result<void>() : put();
  }

  Result<void> put() {
    std::vector<store::ContentStore::Box> boxes;
    std::vector<store::SlotFile::Key> keys;
    for (const auto& [index, prepared] : waiting_) {
      boxes.push_back({index, prepared.box});
      keys.push_back({index, prepared.content_key->bytes});
    }
    bool full = false;
    store::Failure failure = store::Failure::kNone;
    TRY(files_.content->put(boxes, map_bytes_, failure));
    TRY(files_.slots->write(keys, full));
    TRY(files_.slots->sync());
    waiting_.clear();
    bytes_ = 0;
    return {};
  }

 private:
  VillageFiles& files_;
  std::uint64_t map_bytes_;
  std::vector<std::pair<LeafIndex, Prepared>> waiting_;
  std::uint64_t bytes_ = 0;
};

Result<Prepared> with_content(Reader& reader, LeafIndex index, Bytes content,
                              crypto::Random& random) {
  Prepared prepared;
  TRY_ASSIGN(prepared.signed_statement, reader.signed_statement(index));
  TRY_ASSIGN(const auto parts, model::decode_signed_statement(prepared.signed_statement));
  TRY_ASSIGN(auto statement, model::decode_statement(parts.statement));
  prepared.authored = rules::authored(parts, std::move(statement));
  prepared.decoded = true;
  TRY(take_content(prepared, std::move(content), reader.village(), random));
  return prepared;
}

struct Place {
  LeafIndex index;
  std::string path;
};

// Where the records stand whose files are there, by rising index.
Result<std::vector<Place>> places_of(Reader& reader, const std::string& directory,
                                     RestoredContents& outcome) {
  TRY_ASSIGN(const std::vector<std::string> names, exported_contents(directory, reader.village()));
  std::vector<Place> places;
  for (const std::string& name : names) {
    TRY_ASSIGN(const auto id, parse_digest<StatementId>(*parse_hex(name), "record id"));
    TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kRecord, id));
    if (subject && subject->value.status == model::Status::kActive)
      places.push_back({subject->value.first_index, directory + "/" + name});
    else
      ++outcome.not_live;
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.index < b.index; });
  return places;
}

}  // namespace

Result<RestoredContents> restore_contents(const VillagePaths& paths, const std::string& directory,
                                          std::uint64_t map_bytes, crypto::Random& random,
                                          const RestoreProgress& progress) {
  RestoredContents outcome;
  TRY_ASSIGN(const auto reader, Reader::open(paths));
  TRY_ASSIGN(auto files, VillageFiles::open(paths, map_bytes, false));
  TRY_ASSIGN(const std::vector<Place> places, places_of(*reader, directory, outcome));
  Boxes boxes(files, map_bytes);
  for (const Place& place : places) {
    TRY_ASSIGN(Bytes content, read_plain_file(place.path, model::kEncodedContentBytesMax));
    auto prepared = with_content(*reader, place.index, std::move(content), random);
    if (!prepared) {
      Error error = std::move(prepared).error();
      error.what = place.path + ": " + error.what;
      return error;
    }
    TRY(boxes.add(place.index, *std::move(prepared)));
    ++outcome.taken;
    if (progress) progress(outcome.taken, places.size());
  }
  TRY(boxes.put());
  std::uint64_t live = 0;
  TRY(reader->each_subject(model::StateClass::kRecord, [&live](const rules::Subject& subject) {
    live += subject.value.status == model::Status::kActive ? 1 : 0;
    return true;
  }));
  outcome.missing = live - outcome.taken;
  return outcome;
}

}  // namespace holdfast::log
