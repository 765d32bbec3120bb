// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/commands.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/prove_state.h"
#include "api/cli/visible.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

Json hashes_json(const std::vector<NodeHash>& hashes) {
  Json list = Json::array();
  for (const NodeHash& hash : hashes) list.push_back(format_base64(hash));
  return list;
}

std::string hashes_text(const std::vector<NodeHash>& hashes) {
  std::string text;
  for (const NodeHash& hash : hashes) text += (text.empty() ? "" : ",") + format_base64(hash);
  return text;
}

// --- inclusion
// ------------------------------------------------------------------------------------

struct InclusionOptions {
  std::string entry;
  std::string output;
  std::string entry_output;
};

// "12" and "#12" are entry 12; else a statement id or its beginning.
Result<LeafIndex> entry_of(log::Reader& reader, const std::string& text) {
  const auto number = parse_decimal(text);
  TRY_ASSIGN(
      const Located located,
      argument_of("ENTRY", text, locate(reader, number && text.size() < 8 ? "#" + text : text)));
  return located.index;
}

Result<void> prove_inclusion(Context& context, const InclusionOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const LeafIndex index, entry_of(*reader, options.entry));
  TRY_ASSIGN(const Bytes entry, reader->entry(index));
  TRY_ASSIGN(const auto path, reader->prove_inclusion(index, reader->size()));
  TRY_ASSIGN(const Root root, reader->root_at(reader->size()));
  TRY_ASSIGN(const std::string vkey, vkey_of(*reader));
  const std::string leaf = format_base64(merkle::leaf_hash(entry));
  const std::string proof = model::format_tlog_proof({{}, index, path, reader->checkpoint()});
  Report& report = context.report();
  report.set("index", index.value);
  report.set("size", reader->size().value);
  report.set("entry", format_base64(entry));
  report.set("leafHash", leaf);
  report.set("vkey", vkey);
  report.set("root", format_base64(root));
  report.set("proof", hashes_json(path));
  report.set("checkpoint", reader->checkpoint());
  report.set("tlogProof", proof);
  if (!options.entry_output.empty()) {
    TRY(create_file(options.entry_output, entry));
    report.set("entryFile", options.entry_output);
  }
  if (options.output.empty()) {
    report.line(proof.substr(0, proof.size() - 1));
    return {};
  }
  TRY(create_file(options.output, as_bytes(proof)));
  report.set("file", options.output);
  report.line("Entry #" + std::to_string(index.value) + " is in the log of size " +
              std::to_string(reader->size().value) + "; the proof is in " +
              visible_line(options.output) + ".");
  report.line("Whoever has the village's log key from its people checks it with:");
  report.line();
  report.line("holdfast-verify proof " + visible_line(options.output) + " --vkey=" + vkey +
              (options.entry_output.empty() ? " --leaf-hash=" + leaf
                                            : " --entry=" + visible_line(options.entry_output)));
  return {};
}

void add_inclusion(CLI::App& prove, Context& context) {
  CLI::App* const command = prove.add_subcommand(
      "inclusion",
      "Prove that an entry is in the log: a .tlog-proof (C2SP) with the checkpoint in it, to be "
      "checked offline with `holdfast-verify proof`");
  auto options = std::make_shared<InclusionOptions>();
  command
      ->add_option("ENTRY", options->entry,
                   "An entry's number, or a statement's id or the first 8 or more of its digits")
      ->required();
  command
      ->add_option("--output", options->output,
                   "Write the proof into this new file instead of standard output")
      ->type_name("FILE");
  command
      ->add_option("--entry-out", options->entry_output,
                   "Write the entry's bytes (place, time, kind and hashes) into this new file, "
                   "which `holdfast-verify proof --entry` reads")
      ->type_name("FILE");
  context.on_run(*command, [&context, options] { return prove_inclusion(context, *options); });
}

// --- consistency
// ----------------------------------------------------------------------------------

struct ConsistencyOptions {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

Result<void> prove_consistency(Context& context, const ConsistencyOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  const TreeSize from{options.from};
  const TreeSize to{options.to == 0 ? reader->size().value : options.to};
  if (from.value == 0 || from > to || to > reader->size())
    return Error{Code::kInvalid, "", "--from and --to",
                 std::to_string(from.value) + " and " + std::to_string(to.value),
                 "1 to " + std::to_string(reader->size().value) + ", and --from not above --to"};
  TRY_ASSIGN(const auto proof, reader->prove_consistency(from, to));
  TRY_ASSIGN(const Root old_root, reader->root_at(from));
  TRY_ASSIGN(const Root new_root, reader->root_at(to));
  Report& report = context.report();
  report.set("oldSize", from.value);
  report.set("newSize", to.value);
  report.set("oldRoot", format_base64(old_root));
  report.set("newRoot", format_base64(new_root));
  report.set("proof", hashes_json(proof));
  report.line("The log of size " + std::to_string(to.value) + " continues that of size " +
              std::to_string(from.value) + ":");
  report.line();
  report.line("holdfast-verify consistency --old-size=" + std::to_string(from.value) +
              " --new-size=" + std::to_string(to.value) + " --old-root=" + format_base64(old_root) +
              " --new-root=" + format_base64(new_root) + " --proof=" + hashes_text(proof));
  return {};
}

void add_consistency(CLI::App& prove, Context& context) {
  CLI::App* const command = prove.add_subcommand(
      "consistency", "Prove that the log at one size is the beginning of the log at a later one");
  auto options = std::make_shared<ConsistencyOptions>();
  command->add_option("--from", options->from, "The earlier size")->required()->type_name("SIZE");
  command->add_option("--to", options->to, "The later size; else the present one")
      ->type_name("SIZE");
  context.on_run(*command, [&context, options] { return prove_consistency(context, *options); });
}

}  // namespace

void add_prove_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "prove", "Make proofs that others check with holdfast-verify, without trusting this machine");
  command->require_subcommand(1);
  add_inclusion(*command, context);
  add_consistency(*command, context);
  add_state_proof(*command, context);
}

}  // namespace holdfast::cli
