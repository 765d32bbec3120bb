// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/replay.h"

#include <algorithm>

#include "verifier/judge.h"

namespace holdfast::verifier {
namespace {

struct Head {
  model::Note note;
  model::Checkpoint checkpoint;
};

Result<Head> read_head(const Source& source) {
  TRY_ASSIGN(const Bytes bytes, source.read("checkpoint", model::kNoteBytesMax));
  Head head;
  TRY_ASSIGN(head.note, model::parse_note(as_text(bytes)));
  TRY_ASSIGN(head.checkpoint, model::parse_checkpoint(head.note.text));
  if (!head.checkpoint.extensions.empty())
    return Error{Code::kMalformed, "NOTE-4", "checkpoint",
                 std::to_string(head.checkpoint.extensions.size()) + " extension lines",
                 "none in a village's own checkpoint"};
  if (head.checkpoint.size.value < 2)
    return Error{Code::kMalformed, "NOTE-4", "checkpoint's size",
                 std::to_string(head.checkpoint.size.value), "2 or more: a genesis and its seal"};
  return head;
}

// One replay: the stages of the conveyor and what they share.
class Replay {
 public:
  Replay(const Source& source, const Trust& trust, const ReplayOptions& options, const Head& head)
      : source_(source),
        options_(options),
        size_(head.checkpoint.size.value),
        reader_(source, findings_),
        signatures_(keys_, findings_),
        judge_(source, trust, head.checkpoint, options.seen, findings_, keys_) {}

  void run() {
    const std::uint64_t chunks = (size_ + merkle::kTileWidth - 1) / merkle::kTileWidth;
    Stages stages;
    stages.ahead = source_.ahead();
    stages.expect = [&](std::uint64_t number) { reader_.expect({number, width(number)}); };
    stages.read = [&](std::uint64_t number) { return reader_.read({number, width(number)}); };
    stages.bytes = [&](std::uint64_t number) { return reader_.bytes_of({number, width(number)}); };
    stages.bytes_read = [](const Chunk& chunk) { return chunk.file_bytes; };
    stages.apply = [&](Chunk& chunk) { judge_.judge(chunk); };
    stages.check = [&](const Chunk& chunk) { signatures_.check(chunk); };
    stages.end = [&, chunks] {
      const std::uint64_t last = std::min(findings_.first_fault(), findings_.first_hole());
      return std::min(chunks, last / merkle::kTileWidth + 1);
    };
    stages.progress = [&](std::uint64_t done) {
      if (options_.progress) options_.progress(std::min(size_, done * merkle::kTileWidth), size_);
    };
    Conveyor(std::move(stages), options_.jobs, options_.bytes_in_flight_max).run();
  }

  void conclude(const Head& head, Verdict& verdict) {
    judge_.finish(head.note);
    check_note_if_missing(head.note);
    judge_.report(verdict);
    verdict.counts.signatures = signatures_.signatures();
    verdict.counts.verifications = signatures_.verifications();
    verdict.counts.inner = signatures_.inner();
    findings_.conclude(verdict);
    if (options_.require_full) require_full(verdict);
    if (verdict.outcome == Outcome::kRefuted || verdict.missing.empty()) return;
    verdict.outcome = Outcome::kCannotTell;
    verdict.entry.reset();
    verdict.error = Error{Code::kUnavailable, "", "files of the export",
                          "no " + verdict.missing.front(), "every file of the export"};
  }

 private:
  // Where files are missing the replay has not come to the operator's key in force.
  void check_note_if_missing(const model::Note& note) {
    const auto bundle = findings_.first_missing_bundle();
    if (!bundle) return;
    auto checked = check_note_by_shown_keys(note, source_, *bundle, judge_.operator_keys());
    if (!checked) findings_.refute(size_, FaultRank::kRule, false, std::move(checked).error());
  }

  std::uint16_t width(std::uint64_t number) const {
    return static_cast<std::uint16_t>(
        std::min(merkle::kTileWidth, size_ - number * merkle::kTileWidth));
  }

  const Source& source_;
  const ReplayOptions& options_;
  std::uint64_t size_;
  Findings findings_;
  SharedKeyBook keys_;
  ChunkReader reader_;
  SignatureStage signatures_;
  Judge judge_;
};

Verdict without_replay(Verdict verdict, Error error) {
  const bool absent = error.code == Code::kNotFound || error.code == Code::kUnavailable;
  verdict.outcome = absent ? Outcome::kCannotTell : Outcome::kRefuted;
  verdict.error = std::move(error);
  return verdict;
}

}  // namespace

Verdict replay(const Source& source, const Trust& trust, const ReplayOptions& options) {
  Verdict verdict;
  const auto head = read_head(source);
  if (!head) return without_replay(std::move(verdict), head.error());
  verdict.origin = head->checkpoint.origin;
  verdict.size = head->checkpoint.size;
  verdict.root = head->checkpoint.root;
  if (trust.vkey) {
    if (auto signed_by = model::verify_note(head->note, std::span(&*trust.vkey, 1)); !signed_by)
      return without_replay(std::move(verdict), std::move(signed_by).error());
  }
  Replay replay(source, trust, options, *head);
  replay.run();
  replay.conclude(*head, verdict);
  return verdict;
}

}  // namespace holdfast::verifier
