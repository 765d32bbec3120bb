// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verifier/output.h"
#include "verifier/replay.h"

// The commands of holdfast-verify: flags as they were typed in, exit status out. Empty = not given.
namespace holdfast::verifier {

struct LogFlags {
  std::string source;
  std::string village;
  std::string vkey;
  unsigned jobs = 0;  // 0: one a core
  bool require_full = false;
  std::string cache;  // of a URL's files; empty: the user's
  bool no_cache = false;
  std::string ca_file;
  std::string key;  // of who asks, a key file
  std::string passphrase_file;
  std::vector<std::string> grants;  // to audit, that the key's holder rests on
};
// Where the source is a URL; the one program can do it, the other says which can.
int run_log_of_url(const LogFlags& flags, const Trust& trust, Format format);
// Whether this is the one that can.
bool reads_urls();
// Whether any flag is given that says who asks.
bool shows_who_asks(const LogFlags& flags);
// What both do with a source.
ReplayOptions replay_options(const LogFlags& flags, Progress& progress);

int run_log(const LogFlags& flags, Format format);

struct ProofFlags {
  std::string file;
  std::string vkey;
  std::string village;
  std::string genesis;
  std::string entry;
  std::string leaf_hash;
};
int run_proof(const ProofFlags& flags, Format format);

struct StateProofFlags {
  std::string file;
  std::string vkey;
  std::string village;
};
int run_state_proof(const StateProofFlags& flags, Format format);

struct EvidenceFlags {
  std::string file;
  std::string village;
};
int run_evidence(const EvidenceFlags& flags, Format format);

struct RecordFlags {
  std::string statement;
  std::string content;
  std::string id;
  std::vector<std::string> guardians;
  std::string proof;
  std::string entry;
  std::string vkey;
};
int run_record(const RecordFlags& flags, Format format);

struct NoteFlags {
  std::string file;
  std::string vkey;
};
int run_note(const NoteFlags& flags, Format format);

// Hashes in base64, proofs as hashes with commas between, all as the standards define them.
struct InclusionFlags {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  std::string leaf_hash;
  std::string root;
  std::string proof;
};
int run_inclusion(const InclusionFlags& flags, Format format);

struct ConsistencyFlags {
  std::uint64_t old_size = 0;
  std::uint64_t new_size = 0;
  std::string old_root;
  std::string new_root;
  std::string proof;
};
int run_consistency(const ConsistencyFlags& flags, Format format);

struct StateFlags {
  std::string root;
  std::string key;
  std::optional<std::string> value;
  bool absent = false;
  std::string proof;
};
int run_state(const StateFlags& flags, Format format);

}  // namespace holdfast::verifier
