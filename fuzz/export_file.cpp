// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: one byte for the folder, one for the width less one, then a file of an export.
// Oracle: what loads has as many items as the width says, and they lie in the file one behind the
// other.
#include "fuzz/target.h"
#include "verifier/layout.h"

namespace {

using namespace holdfast;

// Answers the same bytes for whatever partial file is asked for.
class OneFile : public verifier::Source {
 public:
  explicit OneFile(ByteView bytes) : bytes_(bytes) {}
  Result<Bytes> read(const std::string& path, std::size_t bytes_max) const override {
    if (bytes_.size() > bytes_max) return Error{Code::kMalformed, "EXPORT-1", path, "more", "less"};
    return Bytes(bytes_.begin(), bytes_.end());
  }
  std::vector<std::string> list(const std::string&) const override { return {}; }

 private:
  ByteView bytes_;
};

}  // namespace

FUZZ_TARGET(export_file) {
  if (input.size() < 2) return;
  const auto folder = static_cast<verifier::Folder>(std::to_integer<unsigned>(input[0]) % 4);
  const auto width = static_cast<std::uint16_t>(std::to_integer<unsigned>(input[1]) + 1);
  const auto loaded = verifier::load(OneFile(input.subspan(2)), folder, {0, width});
  if (!loaded || !loaded->present) return;
  CHECK(loaded->items.size() == width);
  const std::size_t length = folder == verifier::Folder::kEntries ? 2 : 4;
  std::size_t at = 0;
  for (const ByteView item : loaded->items) {
    CHECK(item.empty() || item.data() == loaded->bytes.data() + at + length);
    at += length + item.size();
  }
  CHECK(at == loaded->bytes.size());
}
