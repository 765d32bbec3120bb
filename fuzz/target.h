// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/core/bytes.h"
#include "ledger/core/check.h"

// FUZZ_TARGET(name) { ... `input` ... }: one body for libFuzzer and for ctest. Under libFuzzer it
// is the program's target; without it, replay_main.cpp finds it by name and runs the corpus through
// it. The body CHECKs what must hold for any input whatsoever.
namespace holdfast::fuzz {

using Target = void (*)(ByteView input);

// Adds a target to the table of replay_main.cpp; its value has no meaning.
bool add_target(const char* name, Target target);

// Takes values off the front of an input, zeros once it is used up, so that every input means
// something.
class Taker {
 public:
  explicit Taker(ByteView input) : rest_(input) {}
  std::uint64_t u64() {
    std::uint64_t out = 0;
    for (int i = 0; i < 8; ++i) {
      out = out << 8 | (rest_.empty() ? 0 : std::to_integer<std::uint64_t>(rest_.front()));
      if (!rest_.empty()) rest_ = rest_.subspan(1);
    }
    return out;
  }
  template <typename D>
  D digest() {
    D out;
    const std::size_t count = rest_.size() < out.bytes.size() ? rest_.size() : out.bytes.size();
    for (std::size_t i = 0; i < count; ++i) out.bytes[i] = rest_[i];
    rest_ = rest_.subspan(count);
    return out;
  }
  ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace holdfast::fuzz

#ifdef HOLDFAST_LIBFUZZER
#define FUZZ_TARGET(name)                                                             \
  static void fuzz_##name(holdfast::ByteView input);                                  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    fuzz_##name({reinterpret_cast<const std::byte*>(data), size});                    \
    return 0;                                                                         \
  }                                                                                   \
  static void fuzz_##name(holdfast::ByteView input)
#else
#define FUZZ_TARGET(name)                              \
  static void fuzz_##name(holdfast::ByteView input);   \
  [[maybe_unused]] static const bool added_##name =    \
      holdfast::fuzz::add_target(#name, &fuzz_##name); \
  static void fuzz_##name(holdfast::ByteView input)
#endif
