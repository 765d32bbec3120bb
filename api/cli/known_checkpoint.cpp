// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/known_checkpoint.h"

#include "api/cli/ids.h"
#include "api/cli/office_key.h"
#include "api/cli/visible.h"
#include "ledger/log/anchor.h"
#include "ledger/log/plain_file.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

// That a log of `size` and `root` was there, as `who` says, is true of the copy that is here.
Result<void> check_lies_here(log::Reader& reader, TreeSize size, const Root& root,
                             const std::string& who) {
  if (size > reader.size())
    return Error{Code::kConflict, "", "this copy of the ledger",
                 std::to_string(reader.size().value) + " entries",
                 "at least the " + std::to_string(size.value) + " of " + who +
                     ": a newer copy, or what was signed beyond this one would be void"};
  TRY_ASSIGN(const Root here, reader.root_at(size));
  if (here == root) return {};
  return Error{Code::kConflict, "", who + ", root at size " + std::to_string(size.value),
               root.hex(),
               here.hex() +
                   ", this copy's: they are two logs of one village, which is evidence "
                   "against its operator"};
}

struct Signed {
  std::string note;
  model::Checkpoint checkpoint;
  bool is_void = false;  // beyond where this log has dismissed the operator who signed it
};
Result<Signed> read_checkpoint(const std::string& file, const std::string& origin,
                               const std::vector<NamedKey>& operators) {
  const auto refused = [&file](Error error) {
    error.what = visible_line(file) + ": " + error.what;
    return error;
  };
  const auto bytes = log::read_plain_file(file, model::kNoteBytesMax);
  if (!bytes) return bytes.error();
  const auto note = model::parse_note(as_text(*bytes));
  if (!note) return refused(note.error());
  const auto checkpoint = model::parse_checkpoint(note->text);
  if (!checkpoint) return refused(checkpoint.error());
  if (checkpoint->origin != origin)
    return refused({Code::kInvalid, "", "origin", checkpoint->origin, origin});
  bool by_one_dismissed = false;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const model::VerifierKey vkey{origin, model::NoteKeyType::kEd25519, operators[i].key};
    if (!model::verify_note(*note, {&vkey, 1})) continue;
    const bool in_office = checkpoint->size > operators[i].from &&
                           (i + 1 == operators.size() || checkpoint->size <= operators[i + 1].from);
    if (in_office) return Signed{std::string(as_text(*bytes)), *checkpoint, false};
    by_one_dismissed = true;
  }
  if (by_one_dismissed) return Signed{std::string(as_text(*bytes)), *checkpoint, true};
  return refused({Code::kUnauthorised, "", "its signatures", "none by an operator of this village",
                  "one by a key that this log has named as its operator's. If the village has gone "
                  "over to another operator since, this copy is too old: open the newest bundle"});
}

}  // namespace

Result<std::size_t> check_known_checkpoints(Context& context, log::Reader& reader,
                                            const std::vector<std::string>& files) {
  std::size_t count = 0;
  if (files.empty()) return count;
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(reader));
  TRY_ASSIGN(const auto operators, keys_of_office(reader, "operator"));
  for (const std::string& file : files) {
    TRY_ASSIGN(const Signed known, read_checkpoint(file, genesis.origin, operators));
    const std::string named =
        visible_line(file) + ", of size " + std::to_string(known.checkpoint.size.value) + ", ";
    if (known.is_void) {
      context.report().line(named + "is void: its operator had been dismissed before.");
      continue;
    }
    TRY(check_lies_here(reader, known.checkpoint.size, known.checkpoint.root, visible_line(file)));
    if (known.note == reader.checkpoint())
      context.report().line(named +
                            "is this copy's own: it cannot tell of anything newer than the copy.");
    else
      ++count;
  }
  return count;
}

Result<bool> check_known_anchor(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::SequencerOptions options, context.sequencer_options());
  log::Anchor anchor(options.anchor_directory, reader.village());
  TRY_ASSIGN(const auto line, anchor.read());
  if (!line) return false;
  TRY(check_lies_here(reader, line->size, line->root, "anchor " + visible_line(anchor.path())));
  return true;
}

}  // namespace holdfast::cli
