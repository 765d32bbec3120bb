// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/reader_parts.h"

#include "ledger/merkle/hash.h"

namespace holdfast::log {
namespace {

// That a state tree of a million subjects is built in half the time is worth a second thread.
constexpr unsigned kStateJobs = 2;

// Five files are looked at: for a server that is most of what a reader costs.
constexpr std::chrono::milliseconds kLookAtFilesEvery{100};

Result<std::shared_ptr<const merkle::TileEdge>> checked(std::shared_ptr<merkle::TileEdge> edge,
                                                        const store::LedgerSnapshot& snapshot) {
  if (edge->root() != snapshot.head().root)
    return Error{
        Code::kInvalid, "", "log root of the stored entries", edge->root().hex(),
        snapshot.head().root.hex() + ": the database is damaged; put a backup in its place"};
  return std::shared_ptr<const merkle::TileEdge>(std::move(edge));
}

}  // namespace

Result<std::shared_ptr<ReaderParts>> ReaderParts::open(const VillagePaths& paths) {
  crypto::start();
  TRY_ASSIGN(auto files, VillageFiles::open(paths, store::kMapBytesDefault, false));
  return std::shared_ptr<ReaderParts>(new ReaderParts(std::move(files), paths.held()));
}

Result<ReaderParts::View> ReaderParts::newest(HeldStatements wanted) {
  TRY(check_in_place());
  // Before the snapshot: what is sequenced in between is seen twice instead of not at all.
  std::shared_ptr<const HeldListing> held;
  if (wanted == HeldStatements::kSeen) held = look();
  // Somebody else may take a newer snapshot meanwhile: so can we. A log that stays shorter than it
  // was has been put back to an older one.
  constexpr int kTries = 16;
  for (int tries = 0; tries < kTries; ++tries) {
    TRY_ASSIGN(auto snapshot, files_.ledger->snapshot());
    TRY_ASSIGN(auto edge, edge_of(snapshot));
    if (edge) return View{std::move(held), std::move(snapshot), std::move(edge)};
  }
  return Error{Code::kConflict, "", "the stored log", "fewer entries than were read before",
               "a continuation: somebody has swapped the database under this program"};
}

// Somebody else in this program may have had the files open since before they were exchanged.
Result<void> ReaderParts::check_in_place() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  if (now - in_place_at_.load() < kLookAtFilesEvery) return {};
  TRY(files_.check_in_place());
  in_place_at_ = now;
  return {};
}

// Null where the edge that is kept is beyond the snapshot.
Result<std::shared_ptr<const merkle::TileEdge>> ReaderParts::edge_of(
    const store::LedgerSnapshot& snapshot) {
  const std::lock_guard lock(edge_mutex_);
  const TreeSize size = snapshot.head().size;
  if (edge_ && edge_->size() == size) return edge_;
  if (edge_ && edge_->size() > size) return std::shared_ptr<const merkle::TileEdge>();
  std::shared_ptr<merkle::TileEdge> edge;
  // Beyond a tile or so it is quicker to begin anew.
  if (edge_ && size.value - edge_->size().value <= merkle::kTileWidth) {
    edge = std::make_shared<merkle::TileEdge>(*edge_);
    for (LeafIndex index{edge_->size().value}; index.in(size); ++index.value) {
      TRY_ASSIGN(const ByteView entry, snapshot.entry(index));
      edge->append(merkle::leaf_hash(entry), [](std::uint8_t, std::uint64_t, const auto&) {});
    }
  } else {
    TRY_ASSIGN(auto loaded, load_edge(snapshot));
    edge = std::make_shared<merkle::TileEdge>(std::move(loaded));
  }
  TRY_ASSIGN(edge_, checked(std::move(edge), snapshot));
  return edge_;
}

std::shared_ptr<const HeldListing> ReaderParts::look() {
  const std::lock_guard lock(held_mutex_);
  const HeldListing& now = held_.look();
  if (!listing_ || listing_->number != now.number)
    listing_ = std::make_shared<const HeldListing>(now);
  return listing_;
}

// Under the lock. A state that is beyond the snapshot stays there.
Result<void> ReaderParts::bring_state_to(const store::LedgerSnapshot& snapshot) {
  if (state_ && state_->head.size > snapshot.head().size) return {};
  if (state_) {
    if (auto done = state_->catch_up(snapshot); !done) {
      state_.reset();
      return done;
    }
    return {};
  }
  TRY_ASSIGN(state_, LedgerState::load(snapshot, kStateJobs));
  return {};
}

Result<std::optional<merkle::PrefixProof>> ReaderParts::prove_state(
    const store::LedgerSnapshot& snapshot, const StateKey& key) {
  const std::lock_guard lock(state_mutex_);
  TRY(bring_state_to(snapshot));
  if (state_->head.size != snapshot.head().size) return std::optional<merkle::PrefixProof>();
  return std::optional(state_->tree.prove(key));
}

Result<std::shared_ptr<const rules::KeyBook>> ReaderParts::keys(
    const store::LedgerSnapshot& snapshot) {
  const std::lock_guard lock(state_mutex_);
  TRY(bring_state_to(snapshot));
  return state_->keys;
}

}  // namespace holdfast::log
