// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "ledger/core/result.h"

namespace holdfast::model {

// That `result` is a refusal by `rule`, at `what` where that is given, and that it says what was
// found and what is allowed.
template <typename T>
void expect_refused(const Result<T>& result, const std::string& rule, const std::string& what = "",
                    Code code = Code::kMalformed) {
  ASSERT_FALSE(result) << "accepted, want [" << rule << "] " << what;
  EXPECT_EQ(result.error().rule, rule) << describe(result.error());
  if (!what.empty()) {
    EXPECT_EQ(result.error().what, what) << describe(result.error());
  }
  EXPECT_EQ(result.error().code, code) << describe(result.error());
  EXPECT_FALSE(result.error().found.empty());
  EXPECT_FALSE(result.error().want.empty());
}

}  // namespace holdfast::model
