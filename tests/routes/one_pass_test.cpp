// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/json/one_pass.h"

#include <gtest/gtest.h>

#include <limits>

#include "api/json/json.h"

namespace holdfast::json {
namespace {

NodeHash hash_of(std::uint8_t byte) {
  NodeHash hash;
  hash.bytes.fill(std::byte{byte});
  return hash;
}

TEST(OnePass, IsByteForByteWhatATreeOfValuesIsWrittenAs) {
  const std::string text = "kelp.example/ledger\n7\n\n\u2014 kelp \"\\\t\x01 \xff p\u0101ua\n";
  for (std::size_t count : {0u, 1u, 17u}) {
    std::vector<NodeHash> hashes;
    for (std::size_t i = 0; i < count; ++i) hashes.push_back(hash_of(static_cast<std::uint8_t>(i)));
    OnePass out;
    out.number("none", 0);
    out.number("most", std::numeric_limits<std::uint64_t>::max());
    out.base64("root", hash_of(0xfb));
    out.base64("proof", hashes);
    out.text("checkpoint", text);

    Json tree = {{"none", 0},
                 {"most", std::numeric_limits<std::uint64_t>::max()},
                 {"root", format_base64(hash_of(0xfb))},
                 {"proof", Json::array()},
                 {"checkpoint", text}};
    for (const NodeHash& hash : hashes) tree["proof"].push_back(format_base64(hash));
    EXPECT_EQ(std::move(out).finish(), dump(tree, 2) + "\n");
  }
}

TEST(OnePass, AnObjectWithoutMembersIsOne) {
  EXPECT_EQ(OnePass().finish(), dump(Json::object(), 2) + "\n");
}

}  // namespace
}  // namespace holdfast::json
