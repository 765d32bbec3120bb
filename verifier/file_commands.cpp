// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <thread>

#include "ledger/model/codec.h"
#include "ledger/model/state_proof.h"
#include "verifier/commands.h"
#include "verifier/evidence_check.h"
#include "verifier/proof_check.h"
#include "verifier/record_check.h"
#include "verifier/replay.h"
#include "verifier/source/directory.h"
#include "verifier/state_proof_check.h"

// The commands that read files.
namespace holdfast::verifier {
namespace {

// Of a file with one statement, entry or content. What is too large for its kind is refused where
// it is decoded: of a newer version it may be larger than ours.
constexpr std::size_t kBytesMax = model::kEncodedContentBytesMax;

// The refusal of a flag's text with the flag in front, and with what is allowed.
Error in_flag(Error error, const char* flag, const std::string& text, const char* form) {
  error.what = flag;
  error.found = "\"" + text + "\"";
  error.want = form;
  return error;
}

constexpr const char* kVkeyForm =
    "<name>+<8 hex digits>+<base64>, the verifier key that the village's people gave you";

Result<Trust> trust_of(const std::string& village, const std::string& vkey) {
  auto trust = parse_trust(village, vkey);
  if (trust || trust.error().rule != "NOTE-6") return trust;
  return in_flag(trust.error(), "--vkey", vkey, kVkeyForm);
}

Result<model::VerifierKey> vkey_of(const std::string& text) {
  auto key = model::parse_vkey(text);
  if (key) return key;
  return in_flag(key.error(), "--vkey", text, kVkeyForm);
}

// Base64 of 32 bytes on the command line.
Result<LeafHash> parse_leaf_hash(const std::string& text) {
  const auto bytes = parse_base64(text);
  if (!bytes) return in_flag(bytes.error(), "--leaf-hash", text, "32 bytes in base64");
  return parse_digest<LeafHash>(*bytes, "--leaf-hash");
}

Result<model::VerifierKey> trusted_key(const ProofFlags& flags) {
  TRY_ASSIGN(const Trust trust, trust_of(flags.village, flags.vkey));
  if (trust.vkey && !trust.village) return *trust.vkey;
  if (trust.vkey || flags.genesis.empty())
    return Error{Code::kMalformed, "", "trust",
                 trust.vkey ? "both --vkey and --village" : "--village without --genesis",
                 "--vkey=<name+hash+key>, or --village=<id> with --genesis=<its signed genesis>"};
  TRY_ASSIGN(const Bytes genesis, read_file(flags.genesis, kBytesMax));
  return vkey_of_genesis(*trust.village, genesis);
}

Result<ProofSubject> subject_of(const ProofFlags& flags) {
  ProofSubject subject;
  if (!flags.entry.empty()) {
    TRY_ASSIGN(subject.entry, read_file(flags.entry, kBytesMax));
  }
  if (!flags.leaf_hash.empty()) {
    TRY_ASSIGN(subject.leaf, parse_leaf_hash(flags.leaf_hash));
  }
  return subject;
}

Result<RecordBundle> bundle_of(const RecordFlags& flags) {
  RecordBundle bundle;
  TRY_ASSIGN(bundle.statement, read_file(flags.statement, kBytesMax));
  if (!flags.content.empty()) {
    TRY_ASSIGN(bundle.content, read_file(flags.content, kBytesMax));
  }
  if (!flags.id.empty()) {
    const auto id = parse_hex(flags.id);
    if (!id || id->size() != kDigestBytes)
      return Error{Code::kMalformed, "", "--id", "\"" + flags.id + "\"", "64 hex digits"};
    bundle.id = StatementId::from(*id);
  }
  for (const std::string& text : flags.guardians) {
    const auto key = crypto::parse_public_key(text);
    if (!key)
      return in_flag(key.error(), "--guardian", text, "ed25519: and 44 characters of base64");
    bundle.guardians.push_back(*key);
  }
  const int given = !flags.proof.empty() + !flags.entry.empty() + !flags.vkey.empty();
  if (given == 0) return bundle;
  if (given != 3)
    return Error{Code::kMalformed, "", "--proof, --entry, --vkey",
                 std::to_string(given) + " of the three", "all three or none"};
  RecordBundle::Inclusion inclusion;
  TRY_ASSIGN(inclusion.proof, read_file(flags.proof, model::kTlogProofBytesMax));
  TRY_ASSIGN(inclusion.entry, read_file(flags.entry, kBytesMax));
  TRY_ASSIGN(inclusion.key, vkey_of(flags.vkey));
  bundle.inclusion = std::move(inclusion);
  return bundle;
}

// A file that is too large to be what it should be is refuted; anything else is a wrong flag.
int refuse(const Error& error, Format format) {
  if (error.rule == "EXPORT-1" || error.rule == "EXPORT-5") return print(fail({}, error), format);
  return print_usage_error(error, format);
}

}  // namespace

bool shows_who_asks(const LogFlags& flags) {
  return !flags.key.empty() || !flags.passphrase_file.empty() || !flags.grants.empty();
}

ReplayOptions replay_options(const LogFlags& flags, Progress& progress) {
  ReplayOptions options;
  options.jobs = flags.jobs > 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
  options.require_full = flags.require_full;
  options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  return options;
}

int run_log(const LogFlags& flags, Format format) {
  const auto trust = trust_of(flags.village, flags.vkey);
  if (!trust) return print_usage_error(trust.error(), format);
  if (flags.source.starts_with("http://") || flags.source.starts_with("https://"))
    return run_log_of_url(flags, *trust, format);
  if (!flags.cache.empty() || flags.no_cache || !flags.ca_file.empty() || shows_who_asks(flags))
    return print_usage_error(
        {Code::kMalformed, "", "--cache, --no-cache, --ca-file, --key, --passphrase-file, --grant",
         "one of them with a directory", "a URL as the source"},
        format);
  const auto source = DirectorySource::open(flags.source);
  if (!source) return print_usage_error(source.error(), format);
  Progress progress;
  const ReplayOptions options = replay_options(flags, progress);
  const auto start = std::chrono::steady_clock::now();
  const Verdict verdict = replay(*source, *trust, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  progress.clear();
  return print(verdict, took.count(), format);
}

int run_proof(const ProofFlags& flags, Format format) {
  const auto key = trusted_key(flags);
  if (!key) return refuse(key.error(), format);
  const auto subject = subject_of(flags);
  if (!subject) return refuse(subject.error(), format);
  const auto file = read_file(flags.file, model::kTlogProofBytesMax);
  if (!file) return refuse(file.error(), format);
  return print(check_proof(*file, *key, !flags.genesis.empty(), *subject), format);
}

int run_state_proof(const StateProofFlags& flags, Format format) {
  const auto trust = trust_of(flags.village, flags.vkey);
  if (!trust) return print_usage_error(trust.error(), format);
  const auto file = read_file(flags.file, model::kStateProofFileBytesMax);
  if (!file) return refuse(file.error(), format);
  return print(check_state_proof(*file, *trust), format);
}

int run_evidence(const EvidenceFlags& flags, Format format) {
  std::optional<StatementId> village;
  if (!flags.village.empty()) {
    const auto trust = trust_of(flags.village, "");
    if (!trust) return print_usage_error(trust.error(), format);
    village = trust->village;
  }
  const auto file = read_file(flags.file, kBytesMax);
  if (!file) return refuse(file.error(), format);
  return print(check_evidence(*file, village), format);
}

int run_record(const RecordFlags& flags, Format format) {
  if (flags.guardians.empty() && flags.id.empty() && flags.proof.empty())
    return print_usage_error(
        {Code::kMalformed, "", "trust", "nothing that says what is trusted",
         "--guardian=ed25519:<key>, --id=<record id>, or --proof= with --entry= and --vkey="},
        format);
  const auto bundle = bundle_of(flags);
  if (!bundle) return refuse(bundle.error(), format);
  return print(check_record(*bundle), format);
}

int run_note(const NoteFlags& flags, Format format) {
  const auto key = vkey_of(flags.vkey);
  if (!key) return print_usage_error(key.error(), format);
  const auto file = read_file(flags.file, model::kNoteBytesMax);
  if (!file) return refuse(file.error(), format);
  return print(check_note(*file, *key), format);
}

}  // namespace holdfast::verifier
