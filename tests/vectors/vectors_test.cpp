// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace {

class Vectors : public ::testing::TestWithParam<VectorFile> {
 protected:
  std::string committed() const {
    const std::string path =
        std::string(HOLDFAST_SOURCE_DIR "/spec/vectors/") + GetParam().name + ".json";
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in.good()) << path;
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_P(Vectors, AreAnsweredAsTheySay) {
  const Json file = Json::parse(committed());
  ASSERT_FALSE(file["vectors"].empty());
  for (const Json& vector : file["vectors"])
    EXPECT_EQ(GetParam().judge(vector["input"]), vector["expect"]) << vector["name"];
}

TEST_P(Vectors, AreWhatTheirMakerWrites) {
  // Not EXPECT_EQ: it would print both files.
  EXPECT_TRUE(committed() == text_of(GetParam()))
      << GetParam().name << ".json is not what make_vectors writes; see ./dev vectors";
}

INSTANTIATE_TEST_SUITE_P(Spec, Vectors, ::testing::ValuesIn(vector_files()),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace holdfast::vectors
