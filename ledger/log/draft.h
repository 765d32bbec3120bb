// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/log/import_index.h"
#include "ledger/log/sequencer.h"
#include "ledger/model/signed_statement.h"

// Statements that wait for signatures, handed from guardian to guardian as a directory:
//
//   statements            each statement's canonical bytes behind its length as u32be; in this
//                         order they are one batch, and in this order they are sequenced
//   contents/<id>         canonical Content of a statement that has one, in clear, named by its id
//                         in hex; gone once the statement is sequenced
//   signatures/<key id>   one key's signature of the batch, 106 bytes: u16be algorithm, public key
//                         [32], u64be batch size, signature [64]; named by key id in hex
//   imports               where an import made the draft: u32be statement and import row [64],
//   each;
//                         behind the last the MAC [32] of them all, see ImportKey::imports_mac
//
// Everyone signs the same batch root, so signatures made apart combine; where a statement stands in
// the batch is recomputed. A draft may come from anyone: reading one takes nothing on trust. Nobody
// signs the import rows, and whoever could exchange them could have a later import supersede
// another record than the one that a document made: so the village's import key vouches for them.
// A draft is made for its owner's eyes only: directories of mode 0700, files of 0600.
namespace holdfast::log {

inline constexpr std::size_t kSignatureFileBytes =
    2 + crypto::kPublicKeyBytes + 8 + crypto::kSignatureBytes;

inline constexpr std::size_t kDraftStatementsMax = 65'536;
inline constexpr std::size_t kDraftStatementBytesMax = std::size_t{256} << 20;  // together
inline constexpr std::size_t kDraftContentBytesMax = std::size_t{1} << 30;      // together

struct DraftSignature {
  crypto::PublicKey key;
  crypto::Signature signature{};
};

struct Draft {
  std::vector<Bytes> statements;
  std::map<std::size_t, Bytes> contents;  // by the statement's place
  std::map<std::size_t, SideRow> imports;
  ImportsMac imports_mac;  // where there are imports
  std::map<KeyId, DraftSignature> signatures;
};

// What each key signs. CHECKs that there is a statement.
Bytes signed_message_of(const Draft& draft);

// Adds this key's signature, in memory.
void sign_draft(Draft& draft, const crypto::SigningKey& key);

// Vouches for the import rows of a draft that an import made here; nothing where there are none.
void vouch_for_imports(Draft& draft, const ImportKey& key);
// Whether the import rows are those that were vouched for, with these statements. Errors:
// kUnauthorised.
Result<void> check_imports(const Draft& draft, const ImportKey& key);

// Makes the directory, durably; `statements` comes last, so that half a draft is none.
// Errors: kConflict (something is there), kInvalid (over the bounds above), kUnavailable.
Result<void> create_draft(const std::string& directory, const Draft& draft);

// Signs what was read from `directory` and writes the one file that is new there. The same
// signature again is no error. Errors: kConflict (a file of that name that differs), kUnavailable.
Result<void> add_signature(const std::string& directory, Draft& draft,
                           const crypto::SigningKey& key);

// What stands in the files of a draft, by their names.
struct DraftFiles {
  Bytes statements;
  std::map<std::string, Bytes> contents;
  std::map<std::string, Bytes> signatures;
  std::optional<Bytes> imports;
};
// What stands behind a length as u32be each, one behind the other; borrowed from `bytes`. `path`
// stands in refusals. Errors: kMalformed, also beyond kDraftStatementsMax.
Result<std::vector<ByteView>> split_frames(const std::string& path, ByteView bytes);
// Checks all that can be checked without a ledger: statements decode, no two are the same, every
// content is that of a statement here and gives its content root, every signature verifies.
// `where` stands before the names of files in refusals. Errors: kMalformed, kInvalid,
// kUnauthorised, each naming the file.
Result<Draft> parse_draft(DraftFiles files, const std::string& where);
// The same of a directory. Symbolic links and files that no draft has are refused. Errors:
// kNotFound (no draft there); kUnavailable; those above.
Result<Draft> read_draft(const std::string& directory);

// Adds to `draft` what a copy of it has beside: signatures that were made apart, contents, import
// rows with their MAC. Errors: kInvalid where the two are not of the same statements in the same
// order.
Result<void> merge_draft(Draft& draft, Draft copy);

// Removes the contents that were read from `directory`, for when their statements are sequenced and
// the village holds them encrypted. What else is in the draft stays. Gives how many there were.
// Removed, not overwritten: what a disk keeps behind our back is not reached. Errors: kUnavailable.
Result<std::size_t> remove_contents(const std::string& directory, const Draft& draft);

// The places of statements whose content is not in the draft: nobody can see what he signs there.
std::vector<std::size_t> places_without_content(const Draft& draft);

// Every statement with every signature of the draft, ready to submit, in order.
std::vector<Admission> admissions(const Draft& draft);

}  // namespace holdfast::log
