// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/sequencer.h"
#include "ledger/log/village.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tile.h"
#include "ledger/model/content.h"
#include "ledger/model/entry.h"
#include "ledger/model/note.h"
#include "ledger/model/state.h"
#include "ledger/rules/state_view.h"

namespace holdfast::log {

// One snapshot of a village's ledger, for reading beside the writer, in this or another process.
// All answers belong to one sealed size. Threads: one at a time.
class Reader {
 public:
  // Errors: kNotFound, kUnavailable, kUnknownVersion.
  static Result<std::unique_ptr<Reader>> open(const VillagePaths& paths);
  virtual ~Reader() = default;

  virtual TreeSize size() const = 0;
  virtual const std::string& checkpoint() const = 0;  // the signed note of this size
  virtual StatementId village() const = 0;

  // Errors: kNotFound beyond size().
  virtual Result<Bytes> entry(LeafIndex index) = 0;
  virtual Result<Bytes> signed_statement(LeafIndex index) = 0;
  virtual Result<Bytes> change_pairs(LeafIndex index) = 0;
  // Of what its statement hides; empty where it hides nothing.
  virtual Result<Bytes> opening(LeafIndex index) = 0;
  virtual Result<std::optional<LeafIndex>> index_of(const StatementId& id) = 0;

  virtual Result<NodeHash> node(merkle::NodeId node) = 0;
  // Errors: kNotFound beyond size().
  virtual Result<Root> root_at(TreeSize size) = 0;
  virtual Result<std::vector<NodeHash>> prove_inclusion(LeafIndex index, TreeSize size) = 0;
  virtual Result<std::vector<NodeHash>> prove_consistency(TreeSize old_size, TreeSize new_size) = 0;
  // The hashes of a tile, width of them.
  virtual Result<Bytes> tile(const merkle::TileId& tile) = 0;

  virtual Result<std::optional<rules::Subject>> find(model::StateClass state_class,
                                                     ByteView id) = 0;
  // Inclusion or absence under the state root in the last seal. The first call builds the state
  // tree (linear in subjects).
  // kUnavailable, and outrun(), where another reader of the same Readers was at a newer one first.
  virtual Result<merkle::PrefixProof> prove_state(model::StateClass state_class, ByteView id) = 0;
  // Whether a state proof was refused for that: a newer reader may give it.
  virtual bool outrun() const = 0;
  // Every subject of a class in order of first appearance; stops when `visit` answers false.
  virtual Result<void> each_subject(model::StateClass state_class,
                                    const std::function<bool(const rules::Subject&)>& visit) = 0;

  // The signed statement of a revocation of this grant, or a withdrawal of this record, that is
  // stored but cannot be sequenced at present. Whoever reads treats the grant as revoked, the
  // record as withdrawn. Errors: kUnavailable, where something held cannot be read, or this reader
  // was made without (HeldStatements::kLeft).
  virtual Result<std::optional<Bytes>> held_against(const StatementId& id) = 0;

  // Whether this key may sign now: a council's, a guardian's, an agent's or the operator's. The
  // first call is linear in subjects.
  virtual Result<bool> knows(const KeyId& key) = 0;

  // Every side row of a table, of the entry `from` and later ones, with the index of the entry that
  // it was committed under, in order of entries. The bytes are borrowed for the call. Linear in
  // rows from there on; nothing is decoded.
  virtual Result<void> each_side_row(SideRow::Table table, LeafIndex from,
                                     const std::function<void(LeafIndex, ByteView)>& visit) = 0;

  // The content in clear of a record, a decision, a deliberation or a composition. Errors:
  // kNotFound (no such statement, or never held here), kUnavailable (erased).
  virtual Result<model::Content> content(const StatementId& statement) = 0;
};

class ReaderParts;

// Whether a reader knows of what is held. One that does not costs less, and refuses held_against().
enum class HeldStatements : bool { kLeft, kSeen };

// Makes readers for a program that answers many requests: what all of them need (the open files,
// the edge of the log tree, the state tree) is kept from one to the next. Threads: any.
class Readers {
 public:
  // Errors: as those of Reader::open.
  static Result<std::unique_ptr<Readers>> open(const VillagePaths& paths);

  // Of what is committed now, by whatever process. Not to be kept: as long as it lives, what it
  // sees takes room in the database.
  Result<std::unique_ptr<Reader>> newest(HeldStatements held = HeldStatements::kSeen);

  // What `read` answers for the newest reader; for a newer one again where that was outrun.
  // Errors: those of `read`; kUnavailable.
  template <typename F>
  auto with_newest(const F& read, HeldStatements held = HeldStatements::kSeen)
      -> decltype(read(std::declval<Reader&>())) {
    constexpr int kTries = 16;  // each one loses against a commit of a few milliseconds
    for (int tries = 1;; ++tries) {
      TRY_ASSIGN(const auto reader, newest(held));
      auto answer = read(*reader);
      if (answer || !reader->outrun() || tries == kTries) return answer;
    }
  }

 private:
  explicit Readers(std::shared_ptr<ReaderParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<ReaderParts> parts_;
};

}  // namespace holdfast::log
