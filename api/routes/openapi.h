// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

namespace holdfast::routes {

// spec/openapi.yaml as it was when this program was built.
std::string_view openapi_description();

}  // namespace holdfast::routes
