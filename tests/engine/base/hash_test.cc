#include "engine/base/hash.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace burgeon {
namespace {

// FIPS 180-4 examples (NIST, "SHA-256 Example"), and the empty message.
TEST(Sha256Test, PublishedVectors) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PiecesGiveTheHashOfTheWhole) {
  const std::string text(1000, 'x');
  for (const size_t cut : {0U, 1U, 63U, 64U, 65U, 999U, 1000U}) {
    Sha256 hash;
    hash.Update(text.substr(0, cut));
    hash.Update(nullptr, 0);
    hash.Update(text.substr(cut));
    EXPECT_EQ(ToHex(hash.Finish()), Sha256Hex(text)) << cut;
  }
}

// RFC 4231, test cases 1, 2, 3, 6 and 7.
TEST(HmacSha256Test, PublishedVectors) {
  const auto hmac = [](std::string_view key, std::string_view message) {
    return ToHex(HmacSha256(key, message));
  };
  EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(
      hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac(std::string(131, '\xaa'),
                 "This is a test using a larger than block-size key and a larger than block-size "
                 "data. The key needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

// The FNV-1a test vectors of draft-eastlake-fnv: the empty string, "a" and "foobar".
TEST(StableHash64Test, PublishedVectors) {
  EXPECT_EQ(StableHash64(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(StableHash64("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(StableHash64("foobar"), 0x85944171f73967e8ULL);
}

TEST(ToHexTest, TwoLowerCaseDigitsAByte) {
  const std::array<uint8_t, 4> bytes = {0x00, 0x0F, 0xA0, 0xFF};
  EXPECT_EQ(ToHex(bytes), "000fa0ff");
  EXPECT_EQ(ToHex({}), "");
}

TEST(StringMapTest, FindsByStringView) {
  StringMap<int> map;
  map["alpha"] = 1;
  const std::string_view sentence = "alpha beta";
  ASSERT_NE(map.find(sentence.substr(0, 5)), map.end());
  EXPECT_EQ(map.find(sentence.substr(0, 5))->second, 1);
  EXPECT_FALSE(map.contains(sentence));
  StringSet set;
  set.insert("beta");
  EXPECT_TRUE(set.contains(sentence.substr(6)));
}

}  // namespace
}  // namespace burgeon
