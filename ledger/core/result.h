// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "ledger/core/check.h"

namespace holdfast {

// Named for whoever must act on it.
enum class Code {
  kMalformed,       // the bytes are not what the format allows
  kInvalid,         // well-formed, but a rule forbids it
  kUnauthorised,    // the wrong people signed, or too few
  kNotFound,        // it is not here
  kConflict,        // somebody else was first, or the expected version is not the present one
  kUnavailable,     // it cannot be told or done now: missing, withheld, read-only, full, closed
  kUnknownVersion,  // made by rules or a format newer than this program
};

// A refusal: which rule, what was looked at, what was found there and what is allowed.
// `rule` is an id of spec/ such as "SEAL-2", or empty where no rule of the protocol is concerned.
struct Error {
  Code code = Code::kInvalid;
  std::string rule;
  std::string what;
  std::string found;
  std::string want;
};

// "[SEAL-2] seal.coveredSize: found 12, want 14"; parts that are empty are left out.
std::string describe(const Error& error);

// "malformed", "unauthorised", ...: the name of the code, as programs read it.
const char* code_name(Code code);

// A value or an Error, spelled like std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}   // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { CHECK(has_value()); return *std::get_if<0>(&state_); }
  const T& value() const& { CHECK(has_value()); return *std::get_if<0>(&state_); }
  T&& value() && { CHECK(has_value()); return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { CHECK(!has_value()); return *std::get_if<1>(&state_); }
  const Error& error() const& { CHECK(!has_value()); return *std::get_if<1>(&state_); }
  Error&& error() && { CHECK(!has_value()); return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(*-explicit-*)

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const { CHECK(has_value()); }

  Error& error() & { CHECK(error_.has_value()); return *error_; }
  const Error& error() const& { CHECK(error_.has_value()); return *error_; }
  Error&& error() && { CHECK(error_.has_value()); return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace holdfast

#define HOLDFAST_CONCAT_INNER(a, b) a##b
#define HOLDFAST_CONCAT(a, b) HOLDFAST_CONCAT_INNER(a, b)

// TRY(expression): returns the error of a Result from the enclosing function, or goes on.
#define TRY(expression)                                                          \
  do {                                                                           \
    if (auto holdfast_try = (expression); !holdfast_try) [[unlikely]]            \
      return std::move(holdfast_try).error();                                    \
  } while (false)

// TRY_ASSIGN(auto x, expression): the same, and binds the value.
#define TRY_ASSIGN(declaration, expression)                                      \
  auto HOLDFAST_CONCAT(holdfast_try_, __LINE__) = (expression);                  \
  if (!HOLDFAST_CONCAT(holdfast_try_, __LINE__)) [[unlikely]]                    \
    return std::move(HOLDFAST_CONCAT(holdfast_try_, __LINE__)).error();          \
  declaration = *std::move(HOLDFAST_CONCAT(holdfast_try_, __LINE__))
