// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/model/text.h"

// Every bound on what bytes may hold, in one place: the table of spec/bytes.md. A bound that
// depends on the village's state, or that compares two fields (threshold <= keys, notAfter), is a
// rule and is judged in ledger/rules.
//
// The rules that refusals cite:
//   BYTES-1  version 1; a kind or state class that this program has a codec for
//   BYTES-2  a readable struct: whole words, one segment, pointers in range, nesting at most 16
//   BYTES-3  the canonical encoding of what was read
//   BYTES-4  sizes in bytes
//   TEXT-1   UTF-8 without NUL
//   TEXT-2   only the characters of the text's class
//   TEXT-3   the length of a text
//   BOUND-1  the length of a digest, salt, key or signature
//   BOUND-2  the number of elements of a list
//   BOUND-3  the order of a list: sorted, no duplicates
//   BOUND-4  an enum's value known; exactly one member of a union, and a valid one
//   BOUND-5  the range of a number or time
//   BOUND-6  the algorithm of a key
namespace holdfast::model {

// --- sizes in bytes [BYTES-4] -------------------------------------------------------------------

inline constexpr std::size_t kStatementBytesMax = 64 * 1024;
inline constexpr std::size_t kSignedStatementBytesMax = 256 * 1024;
inline constexpr std::size_t kEntryBytesMax = 1024;
inline constexpr std::size_t kStateValueBytesMax = 256;
inline constexpr std::size_t kDetailBytesMax = 64 * 1024;  // a grant's detail embeds the grant
inline constexpr std::size_t kOpeningBytesMax = 384 * 1024;
inline constexpr std::size_t kEvidenceBytesMax = 1024 * 1024;
inline constexpr std::size_t kLeafBytesMax = 64 * 1024;  // in evidence, where it may be no entry
inline constexpr std::size_t kFieldBytesMax = 4 * 1024 * 1024;     // one field's value
inline constexpr std::size_t kContentBytesMax = 16 * 1024 * 1024;  // all values together
// Encoded content: the values, and at most 256 bytes of name, salt and pointers a field.
inline constexpr std::size_t kEncodedContentBytesMax = kContentBytesMax + 256 * 256;

// --- reading [BYTES-2] --------------------------------------------------------------------------

inline constexpr int kNestingMax = 16;

}  // namespace holdfast::model

namespace holdfast::model::bounds {

struct ListBound {
  std::size_t min;
  std::size_t max;
};

// --- fixed lengths [BOUND-1] --------------------------------------------------------------------
// Ids, hashes, roots, commitments, key ids and content salts 32; public keys 32; signatures 64.

inline constexpr std::size_t kStatementSaltBytes = 16;
inline constexpr std::size_t kFieldSaltBytes = 32;

// --- numbers [BOUND-5] --------------------------------------------------------------------------

// Every time: 0 <= t < 2^40 seconds since 1970-01-01 (to the year 36812).
inline constexpr std::int64_t kTimeEnd = std::int64_t{1} << 40;
inline constexpr std::int64_t kDayEnd = kTimeEnd / 86400 + 1;  // grant detail's day

// --- keys and authority -------------------------------------------------------------------------

inline constexpr ListBound kAuthorityKeys{1, 32};  // sorted by key id, unique [BOUND-3]
inline constexpr ListBound kNextKeyIds{1, 32};     // sorted, unique
inline constexpr ListBound kRevealedKeys{0, 32};   // sorted by key id, unique

// --- signed statements --------------------------------------------------------------------------

inline constexpr ListBound kSignatures{1, 128};  // sorted by key id, unique
inline constexpr ListBound kBatchPath{0, 64};    // hashes

// --- genesis ------------------------------------------------------------------------------------

inline constexpr TextBound kVillageName{TextClass::kLine, 1, 200};
inline constexpr TextBound kOrigin{TextClass::kKeyName, 1, 255};
inline constexpr TextBound kCommunityType{TextClass::kLine, 1, 64};
inline constexpr TextBound kTerms{TextClass::kProse, 0, 16384};
inline constexpr TextBound kSubstrate{TextClass::kLine, 0, 1024};  // each of the three

// --- domain -------------------------------------------------------------------------------------

inline constexpr TextBound kSlug{TextClass::kSlug, 1, 63};
inline constexpr TextBound kTitle{TextClass::kLine, 1, 200};
inline constexpr TextBound kTikanga{TextClass::kProse, 0, 4096};

// --- record -------------------------------------------------------------------------------------

inline constexpr ListBound kGuardians{1, 32};  // key ids, sorted, unique
inline constexpr ListBound kLabels{0, 32};     // sorted, unique
inline constexpr ListBound kNotices{0, 32};    // sorted, unique
inline constexpr TextBound kLabel{TextClass::kLine, 1, 64};
inline constexpr ListBound kAttributions{0, 32};  // each of authored, stewarded, approved
inline constexpr TextBound kRole{TextClass::kLine, 1, 100};
inline constexpr TextBound kMediaType{TextClass::kAscii, 1, 127};
inline constexpr TextBound kLanguage{TextClass::kAscii, 0, 35};

// --- grant --------------------------------------------------------------------------------------

inline constexpr ListBound kGrantIds{1, 512};    // sorted, unique
inline constexpr ListBound kGrantLabels{1, 32};  // sorted, unique; each as a record's label
inline constexpr ListBound kGrantShapes{0, 64};  // sorted, unique
inline constexpr ListBound kPurposes{1, 16};     // sorted, unique
inline constexpr TextBound kPurpose{TextClass::kLine, 1, 200};

// --- agreement ----------------------------------------------------------------------------------

inline constexpr ListBound kTermsSignatures{1, 64};  // sorted by key id, unique
inline constexpr TextBound kEndpoint{TextClass::kAscii, 0, 512};
// terms.purpose is bounded as a grant's, terms.text as the terms of a genesis.

// --- what is shown of a peer --------------------------------------------------------------------

inline constexpr ListBound kHistory{0, 64};    // entries, in their order
inline constexpr ListBound kProofPath{0, 64};  // hashes
inline constexpr ListBound kSubjects{1, 16};   // sorted by class and id, unique
inline constexpr std::size_t kSubjectIdBytesMax = 64;
inline constexpr std::size_t kStateProofBytesMax = 256 * 33;

// --- evidence -----------------------------------------------------------------------------------
// Its history is bounded as a peer's; notes as everywhere; ids, paths and proofs as above.

// --- shape, model, steering ---------------------------------------------------------------------

inline constexpr ListBound kParameters{0, 16};  // sorted by name, unique
inline constexpr TextBound kParameterName{TextClass::kFieldName, 1, 64};
inline constexpr ListBound kChoices{1, 64};  // sorted, unique
inline constexpr TextBound kChoice{TextClass::kLine, 1, 100};
inline constexpr TextBound kSampling{TextClass::kLine, 0, 1024};
inline constexpr ListBound kModels{1, 16};  // sorted, unique
// Titles, of a shape, and names, of a model, are bounded as a domain's title.

// --- inference, receipt, composition, transfer --------------------------------------------------

inline constexpr std::size_t kQueryIdBytes = 16;
inline constexpr ListBound kUsed{0, 512};           // records used, cited: sorted, unique
inline constexpr ListBound kOnward{0, 32};          // sorted, unique
inline constexpr std::uint64_t kHiddenMax = 8192;  // a power of two up to this
inline constexpr ListBound kOpened{0, kHiddenMax};  // sorted, unique
inline constexpr TextBound kReason{TextClass::kSlug, 1, 63};
inline constexpr TextBound kRejected{TextClass::kLine, 0, 200};
inline constexpr ListBound kInputs{1, 32};            // sorted, unique
inline constexpr ListBound kRefusals{0, 32};          // sorted, unique
inline constexpr ListBound kForeignGrants{1, 32};     // sorted, unique
inline constexpr ListBound kTransferRecords{1, 512};  // sorted, unique
inline constexpr ListBound kTransferFields{0, 64};    // sorted, unique; each as a field's name
inline constexpr ListBound kHops{0, 16};

// --- decision, deliberation ---------------------------------------------------------------------

inline constexpr TextBound kCategory{TextClass::kLine, 1, 64};
inline constexpr ListBound kPositions{1, 64};
inline constexpr ListBound kDissent{0, 64};  // sorted, unique
inline constexpr ListBound kProposals{0, 64};

// --- content ------------------------------------------------------------------------------------

inline constexpr ListBound kFields{1, 256};  // sorted by name, unique
inline constexpr TextBound kFieldName{TextClass::kFieldName, 1, 64};

}  // namespace holdfast::model::bounds
