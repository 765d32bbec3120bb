// SPDX-License-Identifier: AGPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "ledger/core/spelling.h"
#include "ledger/crypto/secret.h"
#include "verifier/commands.h"

// holdfast-verify: what each command takes, and an example of it.
namespace {

using namespace holdfast::verifier;

constexpr const char* kAbout =
    "Checks what a Holdfast village says, on any machine, trusting nobody but what you pass.\n";

constexpr const char* kExitCodes =
    "Exit status:\n"
    "  0  verified: everything that was to be checked holds\n"
    "  1  refuted: the output names the entry, the rule, what was found and what was expected\n"
    "  2  cannot tell: wrong usage, a file is missing or unreadable, something is withheld or "
    "made\n"
    "     by a newer version\n\n"
    "Start with the village's id, which you got from its people and not from this copy:\n"
    "  holdfast-verify log export/ --village=<64 hex digits>\n"
    "Each command has its own --help with an example.\n\n"
    "With --format json every outcome, wrong usage included, is one object on standard output;\n"
    "its member error is null or {code, rule, what, found, want}.";

std::string about() {
  return kAbout +
         std::string(
             reads_urls()
                 ? "Reads files, and asks no server but one whose URL you pass; no database."
                 : "Reads files only; no database, no server, no network.");
}

struct Program {
  CLI::App app{about(), "holdfast-verify"};
  std::string format = "text";
  std::string require;
  LogFlags log;
  ProofFlags proof;
  StateProofFlags state_proof;
  EvidenceFlags evidence;
  RecordFlags record;
  NoteFlags note;
  InclusionFlags inclusion;
  ConsistencyFlags consistency;
  StateFlags state;
  std::string state_value;

  Format output() const { return format == "json" ? Format::kJson : Format::kText; }
};

CLI::App* command(Program& program, const char* name, const char* about, const char* example) {
  CLI::App* out = program.app.add_subcommand(name, about);
  out->footer(std::string("Example:\n  ") + example +
              "\n\nExit status: 0 verified, 1 refuted, 2 cannot tell.");
  out->add_option("--format", program.format, "text for people, or json for programs")
      ->check(CLI::IsMember({"text", "json"}));
  return out;
}

// The value of a flag that may be empty: "--proof=" is a proof of no hashes.
CLI::Option* add_text(CLI::App* to, const char* name, std::string& value, const char* about) {
  return to->add_option(name, value, about)->expected(0, 1);
}

CLI::App* add_log(Program& program) {
  CLI::App* out =
      command(program, "log",
              "Replays a whole log: every entry, statement, signature, rule and state root.\n"
              "Needs --village or --vkey (or both): nothing in SOURCE is trusted.",
              "holdfast-verify log export/ --village=3f9c...e1 --require=full\n"
              "  holdfast-verify log https://kelp-bay.example/ledger --village=3f9c...e1\n"
              "  holdfast-verify log https://kelp-bay.example --village=3f9c...e1 \\\n"
              "    --key=auditor.key --passphrase-file=auditor.txt --grant=77b0...2c");
  LogFlags& flags = program.log;
  out->add_option("source", flags.source,
                  "the directory that `holdfast export` wrote, or the URL where a server has it")
      ->required();
  out->add_option("--village", flags.village, "the village's id: 64 hex digits");
  out->add_option("--vkey", flags.vkey, "the key that must have signed the checkpoint");
  out->add_option("--jobs", flags.jobs, "threads (default: one a core)")
      ->check(CLI::Range(1, 1024));
  out->add_option("--require", program.require,
                  "full: what is withheld from this export makes the answer \"cannot tell\"")
      ->check(CLI::IsMember({"full"}));
  out->add_option("--cache", flags.cache,
                  "of a URL: the folder to keep its files and the last checkpoint in\n"
                  "(default: $XDG_CACHE_HOME/holdfast-verify or ~/.cache/holdfast-verify)");
  out->add_flag("--no-cache", flags.no_cache,
                "of a URL: keep nothing, fetch everything, compare with no earlier run");
  out->add_option("--ca-file", flags.ca_file,
                  "of a URL: certificates to believe in place of the system's, a PEM file");
  out->add_option("--key", flags.key,
                  "of a URL: the key file of who asks, who may be shown what is withheld from\n"
                  "others. Needs --village");
  out->add_option("--passphrase-file", flags.passphrase_file,
                  "the file whose first line opens --key; none where it has no passphrase");
  out->add_option("--grant", flags.grants,
                  "the id of a grant to audit that was given to --key. May be repeated")
      ->allow_extra_args(false);
  return out;
}

CLI::App* add_proof(Program& program) {
  CLI::App* out =
      command(program, "proof",
              "Checks a .tlog-proof file: the checkpoint's signature, and that an entry "
              "is in the log.",
              "holdfast-verify proof 12.tlog-proof --vkey=example.org/log+5b1f0c9e+AX... "
              "--entry=12.entry");
  ProofFlags& flags = program.proof;
  out->add_option("file", flags.file, "the .tlog-proof file (holdfast prove writes it)")
      ->required();
  out->add_option("--vkey", flags.vkey, "the key that must have signed the checkpoint");
  out->add_option("--village", flags.village, "or the village's id, together with --genesis");
  out->add_option("--genesis", flags.genesis, "the village's signed genesis statement, a file");
  auto* entry = out->add_option("--entry", flags.entry, "the entry's bytes, a file");
  out->add_option("--leaf-hash", flags.leaf_hash, "or its leaf hash in base64")->excludes(entry);
  return out;
}

CLI::App* add_state_proof(Program& program) {
  CLI::App* out =
      command(program, "state-proof",
              "Checks a .state-proof file: what the state of a grant, a record or another subject "
              "is under a\nsigned checkpoint, or that there is no such subject.\n"
              "Needs --village or --vkey (or both): nothing in the file is trusted.",
              "holdfast-verify state-proof grant.state-proof --village=3f9c...e1");
  StateProofFlags& flags = program.state_proof;
  out->add_option("file", flags.file, "the file that `holdfast prove state --output` wrote")
      ->required();
  out->add_option("--village", flags.village, "the village's id: 64 hex digits");
  out->add_option("--vkey", flags.vkey, "the key that must have signed the checkpoint");
  return out;
}

CLI::App* add_evidence(Program& program) {
  CLI::App* out = command(
      program, "evidence",
      "Checks evidence of misbehaviour: whether it convicts a key of a village's operator or of "
      "its\ncouncil, by nothing but itself. VERIFIED means that it does. It convicts a key, not a "
      "person.",
      "holdfast-verify evidence two-roots.evidence --village=3f9c...e1");
  EvidenceFlags& flags = program.evidence;
  out->add_option("file", flags.file, "the evidence, a file in canonical bytes")->required();
  out->add_option("--village", flags.village, "the id of the village that you mean: 64 hex digits");
  return out;
}

CLI::App* add_record(Program& program) {
  CLI::App* out =
      command(program, "record",
              "Checks a record that somebody handed you, as far as you say what to trust.",
              "holdfast-verify record --statement=r.statement --content=r.content "
              "--guardian=ed25519:7d4w...=");
  RecordFlags& flags = program.record;
  out->add_option("--statement", flags.statement, "the signed statement, a file")->required();
  out->add_option("--content", flags.content, "the record's content, a file in canonical bytes");
  out->add_option("--id", flags.id, "the record's id: 64 hex digits");
  out->add_option("--guardian", flags.guardians,
                  "a guardian's public key; may be given repeatedly");
  out->add_option("--proof", flags.proof, "a .tlog-proof file for its entry");
  out->add_option("--entry", flags.entry, "the entry's bytes, a file");
  out->add_option("--vkey", flags.vkey, "the key that must have signed the proof's checkpoint");
  return out;
}

CLI::App* add_note(Program& program) {
  CLI::App* out =
      command(program, "note", "Checks that a key has signed a note, such as a checkpoint.",
              "holdfast-verify note export/checkpoint --vkey=example.org/log+5b1f0c9e+AX...");
  out->add_option("file", program.note.file, "the signed note")->required();
  out->add_option("--vkey", program.note.vkey, "the key that must have signed it")->required();
  return out;
}

CLI::App* add_inclusion(Program& program) {
  CLI::App* out =
      command(program, "inclusion", "Checks a bare inclusion proof (RFC 9162). Hashes in base64.",
              "holdfast-verify inclusion --index=1 --size=3 --leaf-hash=... --root=... "
              "--proof=aaa=,bbb=");
  InclusionFlags& flags = program.inclusion;
  out->add_option("--index", flags.index, "the leaf's position, from 0")->required();
  out->add_option("--size", flags.size, "the tree's size")->required();
  add_text(out, "--leaf-hash", flags.leaf_hash, "SHA-256(0x00 || leaf)")->required();
  add_text(out, "--root", flags.root, "the tree's root")->required();
  add_text(out, "--proof", flags.proof, "hashes from leaf to root, with commas between");
  return out;
}

CLI::App* add_consistency(Program& program) {
  CLI::App* out = command(program, "consistency",
                          "Checks a bare consistency proof (RFC 9162). Hashes in base64.",
                          "holdfast-verify consistency --old-size=2 --new-size=3 --old-root=... "
                          "--new-root=... --proof=aaa=");
  ConsistencyFlags& flags = program.consistency;
  out->add_option("--old-size", flags.old_size, "size of the older tree")->required();
  out->add_option("--new-size", flags.new_size, "size of the newer tree")->required();
  add_text(out, "--old-root", flags.old_root, "root of the older tree")->required();
  add_text(out, "--new-root", flags.new_root, "root of the newer tree")->required();
  add_text(out, "--proof", flags.proof, "hashes with commas between");
  return out;
}

CLI::App* add_state(Program& program) {
  CLI::App* out =
      command(program, "state",
              "Checks that a state tree has, or has not, a value at a key. All in base64.",
              "holdfast-verify state --root=... --key=... --absent --proof=...");
  StateFlags& flags = program.state;
  add_text(out, "--root", flags.root, "the state root, as a seal gives it")->required();
  add_text(out, "--key", flags.key, "K, 32 bytes")->required();
  add_text(out, "--value", program.state_value, "V, 32 bytes: that the key has this value");
  out->add_flag("--absent", flags.absent, "or: that the key has no value");
  add_text(out, "--proof", flags.proof, "the proof's bytes");
  return out;
}

// The command line could not be read, so neither was this option of it.
bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--format=json") return true;
    if (word == "--format" && i + 1 < argc && std::string(argv[i + 1]) == "json") return true;
  }
  return false;
}

// The library says only that a command is missing. Commands have none below them here, so the first
// word is one.
std::optional<std::string> mistyped_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  std::vector<std::string> names;
  std::string all;
  for (const CLI::App* const command : app.get_subcommands({})) {
    if (command->get_name() == argv[1]) return std::nullopt;
    names.push_back(command->get_name());
    all += (all.empty() ? "" : ", ") + command->get_name();
  }
  const std::string nearest = holdfast::nearest_word(argv[1], names);
  return "no command \"" + std::string(argv[1]) + "\"; " +
         (nearest.empty() ? "there are " + all : "did you mean `holdfast-verify " + nearest + "`?");
}

// Answers the exit status of the parse where there is nothing to run.
int parse_failure(const Program& program, const CLI::ParseError& error, int argc, char** argv) {
  if (dynamic_cast<const CLI::Success*>(&error) != nullptr) return program.app.exit(error);
  const bool json = asks_for_json(argc, argv);
  const auto mistyped = mistyped_command(program.app, argc, argv);
  if (json || mistyped)
    return print_usage_error(
        {holdfast::Code::kMalformed, "", mistyped.value_or(error.what()), "", ""},
        json ? Format::kJson : Format::kText, "usage");
  program.app.exit(error);
  return static_cast<int>(Outcome::kCannotTell);
}

// A verdict that nobody could read is none.
int finish(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::fprintf(stderr, "holdfast-verify: standard output: %s\n", std::strerror(errno));
  return static_cast<int>(Outcome::kCannotTell);
}

int run(int argc, char** argv) {
  Program program;
  program.app.footer(kExitCodes);
  program.app.require_subcommand(1);
  program.app.set_version_flag("--version", HOLDFAST_VERSION);
  const CLI::App* log = add_log(program);
  const CLI::App* proof = add_proof(program);
  const CLI::App* state_proof = add_state_proof(program);
  const CLI::App* evidence = add_evidence(program);
  const CLI::App* record = add_record(program);
  const CLI::App* note = add_note(program);
  const CLI::App* inclusion = add_inclusion(program);
  const CLI::App* consistency = add_consistency(program);
  CLI::App* state = add_state(program);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failure(program, error, argc, argv);
  }
  const Format format = program.output();
  program.log.require_full = program.require == "full";
  if (state->count("--value") > 0) program.state.value = program.state_value;
  if (log->parsed()) return run_log(program.log, format);
  if (proof->parsed()) return run_proof(program.proof, format);
  if (state_proof->parsed()) return run_state_proof(program.state_proof, format);
  if (evidence->parsed()) return run_evidence(program.evidence, format);
  if (record->parsed()) return run_record(program.record, format);
  if (note->parsed()) return run_note(program.note, format);
  if (inclusion->parsed()) return run_inclusion(program.inclusion, format);
  if (consistency->parsed()) return run_consistency(program.consistency, format);
  return run_state(program.state, format);
}

}  // namespace

int main(int argc, char** argv) {
  holdfast::crypto::start();
  return finish(run(argc, argv));
}
