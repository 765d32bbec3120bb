// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Input: files of a draft, one behind the other: one byte for which (statements, imports, a
// signature, a content), for the latter two a name of 32 bytes, then the length as u32be and the
// bytes. What is left over is cut off.
// Oracle: a draft that reads holds what its files hold, gives admissions that decode and prove the
// batch that was signed, and written anew it reads the same.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fuzz/target.h"
#include "ledger/log/draft.h"
#include "ledger/model/codec.h"

namespace {

using namespace holdfast;
namespace fs = std::filesystem;

// A directory of its own, gone with the input. In memory where the system has such a place: drafts
// are written durably, and a disk would be all that is measured.
class Scratch {
 public:
  Scratch() {
    const fs::path memory = "/dev/shm";
    const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
    path_ = ((has_memory ? memory : fs::temp_directory_path()) / "holdfast-fuzz-XXXXXX").string();
    CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

ByteView take(ByteView& rest, std::size_t count) {
  const ByteView out = rest.first(std::min(count, rest.size()));
  rest = rest.subspan(out.size());
  return out;
}

void write_files(const std::string& directory, ByteView rest) {
  fs::create_directories(directory + "/signatures");
  fs::create_directories(directory + "/contents");
  while (!rest.empty()) {
    const unsigned which = std::to_integer<unsigned>(take(rest, 1)[0]) % 4;
    constexpr const char* kPaths[] = {"/statements", "/imports", "/signatures/", "/contents/"};
    std::string path = directory + kPaths[which];
    if (which >= 2) {
      const ByteView name = take(rest, kDigestBytes);
      if (name.empty()) return;
      path += format_hex(name);
    }
    const ByteView length = take(rest, 4);
    if (length.size() < 4) return;
    const ByteView bytes = take(rest, read_u32be(length));
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  }
}

void expect_same(const log::Draft& one, const log::Draft& other) {
  CHECK(one.statements == other.statements);
  CHECK(one.contents == other.contents);
  CHECK(one.imports_mac == other.imports_mac);
  CHECK(one.imports.size() == other.imports.size());
  for (const auto& [place, row] : one.imports) CHECK(other.imports.at(place).value == row.value);
  CHECK(one.signatures.size() == other.signatures.size());
  for (const auto& [id, signature] : one.signatures)
    CHECK(other.signatures.at(id).signature == signature.signature);
}

}  // namespace

FUZZ_TARGET(draft) {
  const Scratch scratch;
  write_files(scratch / "draft", input);
  const auto draft = log::read_draft(scratch / "draft");
  if (!draft) return;
  CHECK(!draft->statements.empty());

  const Bytes message = log::signed_message_of(*draft);
  const auto admissions = log::admissions(*draft);
  CHECK(admissions.size() == draft->statements.size());
  for (const log::Admission& admission : admissions) {
    if (draft->signatures.empty()) break;  // then they are no signed statements yet
    const auto made = model::decode_signed_statement(admission.signed_statement);
    CHECK(made.has_value());
    for (const auto& signature : made->signatures)
      CHECK(*model::signed_message_of(model::statement_id(made->statement), signature) == message);
  }

  CHECK(log::create_draft(scratch / "copy", *draft).has_value());
  const auto again = log::read_draft(scratch / "copy");
  CHECK(again.has_value());
  expect_same(*draft, *again);
}
