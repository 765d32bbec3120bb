// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/model/note.h"
#include "ledger/store/witness_store.h"

namespace holdfast::federation {

// The most that a request to add a checkpoint can be: 63 hashes and a note.
inline constexpr std::size_t kAddCheckpointBytesMax = 64 + 63 * 45 + 1 + model::kNoteBytesMax;

// Cosigns checkpoints of logs that it knows, each only where it continues the last one that it
// cosigned: so that no log shows two histories to those who ask for its cosignature. Source:
// c2sp.org/tlog-witness. Threads: any.
class Witness {
 public:
  struct Answer {
    unsigned status = 200;  // of HTTP
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
  };

  // `name` is the cosigner's, `logs` those that it cosigns for: keys of type 0x01, their names the
  // origins. CHECKs the name. `clock` outlives it.
  Witness(std::unique_ptr<store::WitnessStore> store, std::string name, crypto::SigningKey key,
          std::vector<model::VerifierKey> logs, const Clock& clock);

  // "name+hash+key", which logs put into their policies.
  std::string vkey() const;

  // Takes the body of a request. What it cosigned is durable before it answers; of requests that
  // come at once one is first, and the others are judged by what it left.
  Answer add_checkpoint(std::string_view body);
  // The newest cosigned checkpoint, by the SHA-256 of its log's origin in lowercase hex.
  Answer latest(std::string_view origin_hash) const;

 private:
  struct Request {
    TreeSize old_size;
    std::vector<NodeHash> proof;
    model::Note note;
    model::Checkpoint checkpoint;
  };
  static Result<Request> parse(std::string_view body);
  std::vector<model::VerifierKey> keys_of(const std::string& origin) const;
  Answer judge(const Request& request);
  Answer cosign(const Request& request, const std::vector<model::VerifierKey>& keys,
                const std::optional<store::WitnessedCheckpoint>& stored);

  const std::unique_ptr<store::WitnessStore> store_;
  const model::VerifierKey name_;
  const crypto::SigningKey key_;
  const std::vector<model::VerifierKey> logs_;
  const Clock& clock_;
};

}  // namespace holdfast::federation
