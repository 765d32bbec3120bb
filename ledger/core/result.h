// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

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
  Error() = default;
  // Cold: so the making of refusals is put away from what goes well.
  [[gnu::cold]] Error(Code of, std::string by_rule, std::string about, std::string is,
                      std::string should_be);

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

// Where a Result keeps its Error: elsewhere, so that a Result that went well is hardly larger than
// its value and moves like it. Null where there is none.
class ErrorBox {
 public:
  ErrorBox() = default;
  [[gnu::cold]] explicit ErrorBox(Error&& error);
  ErrorBox(const ErrorBox& other) {
    if (other.error_ != nullptr) [[unlikely]]
      copy(other);
  }
  ErrorBox(ErrorBox&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
  ErrorBox& operator=(ErrorBox other) noexcept {
    std::swap(error_, other.error_);
    return *this;
  }
  ~ErrorBox() {
    if (error_ != nullptr) [[unlikely]]
      destroy();
  }
  Error* get() const { return error_; }

 private:
  [[gnu::cold]] void copy(const ErrorBox& other);
  [[gnu::cold]] void destroy();
  Error* error_ = nullptr;
};

// A value or an Error, spelled like std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : value_(std::move(value)) {}         // NOLINT(*-explicit-*)
  Result(Error&& error) : error_(std::move(error)) {}   // NOLINT(*-explicit-*)
  Result(const Error& error) : Result(Error(error)) {}  // NOLINT(*-explicit-*)

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    CHECK(has_value());
    return *value_;
  }
  const T& value() const& {
    CHECK(has_value());
    return *value_;
  }
  T&& value() && {
    CHECK(has_value());
    return *std::move(value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & {
    CHECK(!has_value());
    return *error_.get();
  }
  const Error& error() const& {
    CHECK(!has_value());
    return *error_.get();
  }
  Error&& error() && {
    CHECK(!has_value());
    return std::move(*error_.get());
  }

 private:
  std::optional<T> value_;
  ErrorBox error_;  // where there is no value
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error&& error) : error_(std::move(error)) {}   // NOLINT(*-explicit-*)
  Result(const Error& error) : Result(Error(error)) {}  // NOLINT(*-explicit-*)

  bool has_value() const { return error_.get() == nullptr; }
  explicit operator bool() const { return has_value(); }
  void value() const { CHECK(has_value()); }

  Error& error() & {
    CHECK(!has_value());
    return *error_.get();
  }
  const Error& error() const& {
    CHECK(!has_value());
    return *error_.get();
  }
  Error&& error() && {
    CHECK(!has_value());
    return std::move(*error_.get());
  }

 private:
  ErrorBox error_;
};

}  // namespace holdfast

#define HOLDFAST_CONCAT_INNER(a, b) a##b
#define HOLDFAST_CONCAT(a, b) HOLDFAST_CONCAT_INNER(a, b)

// TRY(expression): returns the error of a Result from the enclosing function, or goes on.
#define TRY(expression)                                               \
  do {                                                                \
    if (auto holdfast_try = (expression); !holdfast_try) [[unlikely]] \
      return std::move(holdfast_try).error();                         \
  } while (false)

// TRY_ASSIGN(auto x, expression): the same, and binds the value.
#define TRY_ASSIGN(declaration, expression)                             \
  auto HOLDFAST_CONCAT(holdfast_try_, __LINE__) = (expression);         \
  if (!HOLDFAST_CONCAT(holdfast_try_, __LINE__)) [[unlikely]]           \
    return std::move(HOLDFAST_CONCAT(holdfast_try_, __LINE__)).error(); \
  declaration = *std::move(HOLDFAST_CONCAT(holdfast_try_, __LINE__))
