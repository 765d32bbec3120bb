// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <unordered_map>
#include <vector>

#include "ledger/log/overlay.h"
#include "ledger/log/submission.h"
#include "ledger/store/content_store.h"
#include "ledger/store/ledger_store.h"
#include "ledger/store/slot_file.h"

namespace holdfast::log {

// Puts one commit together: submissions in order, then the seal and the checkpoint. What it refers
// to outlives it. seal() moves `state` forward; if the commit then fails, `state` must be loaded
// again.
class Batch {
 public:
  // A null snapshot means an empty log. `time` is that of the entries, unless the last one is
  // later. A null operator's key: what is put back is sealed already.
  Batch(LedgerState& state, const store::LedgerSnapshot* snapshot,
        const crypto::SigningKey* operator_key, Seconds time);

  // Sequences all of the submission's statements, or none: then the error says why. Those that the
  // log has already get their first place. The submission stays where it is until the commit.
  Result<std::vector<Position>> add(Submission& submission);
  // The places of the submission's statements if the log has them all; else nothing.
  Result<std::optional<std::vector<Position>>> all_known(const Submission& submission) const;
  // After the commit: what changes for the statements that come next.
  Result<void> settle();
  // What every commit may take: tiles, and pages on the way to rows.
  static constexpr std::uint64_t kBytesMin = 768 * 1024;
  // How much room this one may take, reckoned before seal(); rather too much.
  std::uint64_t bytes_max() const;
  bool has_entries() const { return !overlay_.entries().empty(); }

  // What is to lie beside the records that were added, by their entries.
  std::vector<store::ContentStore::Box> boxes() const;
  std::vector<store::SlotFile::Key> keys() const;

  // Hashes what was added, appends the seal, signs the checkpoint. Errors: the rules' own, if they
  // refuse the seal; then nothing may be committed.
  Result<void> seal(crypto::Random& random, unsigned jobs);

  // Takes an entry that another copy of this log has: the rules judge it as ever, and it must come
  // out byte for byte. The statement stays where it is until the commit, and its signatures are not
  // checked here. Errors: the rules' own; kInvalid where other bytes come out.
  Result<void> put_back(const Prepared& prepared, ByteView entry);
  // The same for the seal that ends them, in place of seal(). `checkpoint` is the signed note of
  // this size; empty where none is at hand.
  Result<void> put_back_seal(const Prepared& seal, ByteView entry, std::string checkpoint,
                             unsigned jobs);

  // After either: what the stores are to hold.
  store::LedgerBatch& ledger() { return ledger_; }
  const store::LedgerBatch& ledger() const { return ledger_; }
  const Overlay& overlay() const { return overlay_; }
  const Bytes& signed_seal() const { return signed_seal_; }
  // In the order of entries, the seal last.
  std::vector<ByteView> signed_statements() const;

 private:
  Result<Position> add_one(const Prepared& prepared);
  void recheck(Prepared& prepared, Submission& submission) const;
  Result<std::optional<Position>> known(const Prepared& prepared) const;
  Result<void> append(const rules::Authored& authored, const StatementHash& statement);
  Result<void> check_can_seal(const Sequenced& entry) const;
  void fetch_ahead(const Submission& submission, std::size_t first) const;
  void hash_state(unsigned jobs);
  void place_subjects();
  Result<void> append_seal(crypto::Random& random);
  void grow_log_tree();
  void move_head();
  std::string signed_checkpoint() const;
  void collect_rows();

  LedgerState& state_;
  const store::LedgerSnapshot* snapshot_;
  const crypto::SigningKey* operator_key_;
  Seconds time_;
  Overlay overlay_;
  std::vector<const Prepared*> prepared_;  // of each entry but the seal
  // The state's keys and those that this batch makes known; null while there are none of those.
  std::shared_ptr<rules::KeyBook> more_keys_;
  Bytes signed_seal_;
  store::LedgerBatch ledger_;
};

}  // namespace holdfast::log
