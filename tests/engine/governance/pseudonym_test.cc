#include "engine/governance/pseudonym.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

namespace burgeon {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

std::string KeyFile(const std::string& content, fs::perms mode) {
  const std::string path =
      testing::TempDir() + "/burgeon_pseudonym_test." + std::to_string(getpid());
  fs::remove(path);
  std::ofstream(path, std::ios::binary) << content;
  fs::permissions(path, mode);
  return path;
}
constexpr fs::perms kOwner = fs::perms::owner_read | fs::perms::owner_write;

TEST(Pseudonym, IsHmacSha256OfTheId) {
  // RFC 4231, test case 6: a key of 131 bytes 0xaa, given here as hexadecimal digits.
  std::string hex;
  for (int i = 0; i < 131; ++i) hex += "aa";
  const auto key = PseudonymKey::Load(KeyFile(hex + "\n", kOwner));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->Pseudonym("Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  const auto bytes = PseudonymKey::Load(KeyFile(std::string(131, '\xaa'), kOwner));
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(bytes->Pseudonym("17850"), key->Pseudonym("17850"));
  EXPECT_NE(key->Pseudonym("17850"), key->Pseudonym("17851"));
}

TEST(Pseudonym, AKeyThatIsTooShortIsRefused) {
  for (const std::string& content :
       {std::string(), std::string(31, 'k'), std::string(63, 'a'), std::string(40, '7')}) {
    const auto key = PseudonymKey::Load(KeyFile(content, kOwner));
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument) << content.size();
    EXPECT_THAT(MessageOf(key.status()), HasSubstr("at least 32 bytes or 64 hexadecimal"));
  }
  EXPECT_TRUE(PseudonymKey::Load(KeyFile(std::string(32, 'k'), kOwner)).ok());
  EXPECT_TRUE(PseudonymKey::Load(KeyFile(std::string(64, 'a'), kOwner)).ok());
}

TEST(Pseudonym, AFileOpenToOthersIsRefused) {
  for (const fs::perms more :
       {fs::perms::group_read, fs::perms::others_read, fs::perms::others_write}) {
    const auto key = PseudonymKey::Load(KeyFile(std::string(32, 'k'), kOwner | more));
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(MessageOf(key.status()), HasSubstr("chmod 600"));
  }
}

TEST(Pseudonym, AMissingOrHugeFileIsNamed) {
  const auto missing = PseudonymKey::Load("/nowhere/key");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing.status()), HasSubstr("/nowhere/key"));
  EXPECT_EQ(PseudonymKey::Load(KeyFile(std::string(5000, 'k'), kOwner)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
