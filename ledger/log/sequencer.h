// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/random.h"
#include "ledger/log/figures.h"
#include "ledger/log/village.h"
#include "ledger/model/encoded_content.h"
#include "ledger/model/entry.h"
#include "ledger/model/note.h"
#include "ledger/rules/apply.h"

namespace holdfast::log {

// A row that commits in the same transaction as its statement, under its entry's index.
struct SideRow {
  enum class Table : std::uint8_t {
    kImport = 1,    // who imported what: see import_index.h
    kEnvelope = 2,  // what goes to a peer on account of the statement
    kAnswered = 3,  // which records a count told of
  };
  // Larger ones are refused.
  static constexpr std::size_t kBytesMax = 1024 * 1024;
  Table table = Table::kImport;
  Bytes value;
};

// One statement that somebody wants sequenced.
struct Admission {
  Bytes signed_statement;  // canonical bytes
  // Of a record, a decision, a deliberation or a composition, in clear; encrypted before it lands.
  std::optional<model::EncodedContent> content;
  std::vector<SideRow> side_rows;
  // Of an answer that hides the records used: canonical bytes of its Opening. Kept beside it.
  Bytes opening;
  // The bytes came from encode_statement and encode_signed_statement in this process: bounds and
  // signatures are checked as ever, but they are not encoded again to see that they are canonical.
  bool encoded_here = false;
};

// Durable, sequenced, provable.
struct Position {
  LeafIndex index;
  LeafHash leaf;
  bool known_already = false;  // this statement id was in the log before
};
struct Receipt {
  std::vector<Position> positions;  // as submitted; empty if held
  std::string checkpoint;           // the signed note that covers them
  TreeSize size;
  // Nothing is signed at present (see read_only()), or not even the reserve has room for it: these
  // revocations and withdrawals are stored durably, enforced by readers (Reader::held_against), and
  // sequenced first once signing goes on.
  bool held = false;
};

// What one commit added; handed to subscribers after the checkpoint.
struct CommittedBatch {
  std::vector<model::Entry> entries;
  std::vector<Bytes> signed_statements;
  std::vector<std::vector<rules::SubjectChange>> changes;
  std::string checkpoint;
};

struct SequencerOptions {
  std::string anchor_directory = default_anchor_directory();
  std::uint64_t map_bytes = std::uint64_t{1} << 40;  // halved on ENOMEM
  unsigned jobs = 0;                                 // 0: one a core
  bool accept_clock = false;                         // sign although the clock looks wrong
  bool accept_rollback = false;                      // sign although the anchor is ahead; is logged
  // Why nothing may be signed, as far as others elsewhere know, who may have seen a newer log than
  // this one: nothing once they agree. Asked before each signature until then, on any thread, under
  // the lock: it answers at once. Null: nobody is asked.
  std::function<std::optional<Error>()> check_elsewhere;
  std::size_t batch_statements_max = 4096;  // per commit
  // What may wait to be sequenced: for all, and besides for revocations and withdrawals once the
  // first is full. A submission that is larger goes in alone.
  std::size_t waiting_statements_max = 64 * 1024;
  std::uint64_t waiting_bytes_max = 256 * 1024 * 1024;
  std::size_t waiting_urgent_statements_max = 16 * 1024;
  std::uint64_t waiting_urgent_bytes_max = 64 * 1024 * 1024;
};

// Where statements are handed in. Threads: any.
class Submitter {
 public:
  virtual ~Submitter() = default;

  // All of the statements are sequenced in this order, next to each other, or none is; the refusal
  // names the first that failed. A lone statement waits for nothing; others group under load.
  // Submissions are sequenced in the order in which they came, but that revocations and withdrawals
  // jump the queue.
  // Errors: those of codecs, rules and signatures; kUnavailable when the disk is full, closed,
  // read-only, and at once where too much waits already ("the queue is full").
  std::future<Result<Receipt>> submit(std::vector<Admission> admissions);
  // The same for whoever cannot wait: `answer` is called once, on this thread or on one of the
  // sequencer's, and must not block.
  using Answer = std::function<void(Result<Receipt>)>;
  virtual void submit(std::vector<Admission> admissions, Answer answer) = 0;

  // Why nothing new is signed, where that is so; withdrawals and revocations are then held durably.
  virtual std::optional<Error> read_only() const = 0;
  // Why not even a single small statement finds room, where that is so. What takes something back
  // still goes in, by the reserve.
  virtual std::optional<Error> disk_full() const = 0;
};

// The one writer of a village's ledger. Signatures are checked on a pool; one thread applies,
// appends, seals and commits, under the lock file, batch by batch, so that several processes take
// turns. Threads: submit, status and subscribe from any.
class Sequencer : public Submitter {
 public:
  // Opens for writing with the operator's key. `clock` and `random` outlive it and are called from
  // any thread. Opens all the same where nothing may be signed now, and read_only() says why: the
  // anchor is ahead, or check_elsewhere objects, the clock looks wrong, the village's state names
  // another operator key, or what a crash or an erasure left cannot be removed now. With a key that
  // the state does not name yet, the one thing sequenced is the council's event that names it;
  // without one nothing is. Errors: kNotFound; kUnavailable; kUnknownVersion (format); kInvalid
  // (the store does not agree with itself: says what to do).
  static Result<std::unique_ptr<Sequencer>> open(const VillagePaths& paths,
                                                 std::optional<crypto::SigningKey> operator_key,
                                                 const SequencerOptions& options,
                                                 const Clock& clock, crypto::Random& random);
  // Runs on the writer's thread after each commit; must not block.
  virtual void subscribe(std::function<void(std::shared_ptr<const CommittedBatch>)> subscriber) = 0;

  struct Head {
    TreeSize size;
    Root root;
    StateRoot state_root;
    Seconds time = 0;
    std::string checkpoint;
  };
  virtual Head head() const = 0;
  virtual SequencerFigures figures() const = 0;
};

// Makes the files of a new village (ledger, content, slots, reserve, run; the directory and
// holdfast.toml are the caller's) and sequences its genesis and first seal.
// Errors: kConflict if there is a village already; kUnavailable; those of the rules.
Result<Receipt> create_village(const VillagePaths& paths, const Bytes& signed_genesis,
                               const crypto::SigningKey& operator_key,
                               const SequencerOptions& options, const Clock& clock,
                               crypto::Random& random);

}  // namespace holdfast::log
