// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: text that claims to be a signed note.
// Oracle: what parses formats to the same bytes; a key that nobody signed with verifies nothing.
#include "ledger/model/note.h"
#include "fuzz/target.h"

FUZZ_TARGET(note) {
  using namespace holdfast;
  const auto note = model::parse_note(as_text(input));
  if (!note) return;
  CHECK(model::format_note(*note) == as_text(input));
  CHECK(!note->text.empty() && note->text.back() == '\n');
  for (const model::NoteSignature& signature : note->signatures)
    (void)model::parse_cosignature(signature);
  const model::VerifierKey stranger{"stranger.example",
                                    model::NoteKeyType::kEd25519,
                                    {crypto::Algorithm::kEd25519, {std::byte{1}}}};
  CHECK(!model::verify_note(*note, std::span(&stranger, 1)));
}
