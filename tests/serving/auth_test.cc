#include "serving/auth.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kToken = "0123456789abcdef-secret";

std::string WriteToken(const std::string& name, const std::string& content, mode_t mode) {
  const std::string path = testing::TempDir() + "/burgeon_auth_" + std::to_string(getpid()) + name;
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
  return path;
}

RequestHead With(std::vector<std::string> authorizations) {
  RequestHead head;
  for (std::string& value : authorizations) {
    head.fields.push_back({"authorization", std::move(value)});
  }
  return head;
}

TEST(Auth, ReadsATokenWithoutTheWhiteSpaceAroundIt) {
  const std::string path = WriteToken("good", std::string(kToken) + "\n", 0600);
  EXPECT_EQ(*ReadTokenFile(path), kToken);
  EXPECT_EQ(*ReadTokenFile(WriteToken("read_only", kToken, 0400)), kToken);
}

TEST(Auth, RefusesAFileThatOthersCanRead) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644, 0660}) {
    const absl::Status status = ReadTokenFile(WriteToken("open", kToken, mode)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_THAT(MessageOf(status), HasSubstr("want mode 0600"));
    EXPECT_THAT(MessageOf(status), Not(HasSubstr("secret")));
  }
}

TEST(Auth, RefusesWhatIsNotAToken) {
  const auto code = [](const std::string& content) {
    const absl::Status status = ReadTokenFile(WriteToken("bad", content, 0600)).status();
    EXPECT_THAT(MessageOf(status), Not(HasSubstr("secret")));
    return status.code();
  };
  EXPECT_EQ(code(""), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("secret-too-shor"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("a secret of several words"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("secret-secret-\x01-secret"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(std::string(4097, 'a')), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(std::string(4096, 'a')), absl::StatusCode::kOk);
  EXPECT_EQ(ReadTokenFile("/nonexistent/token").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadTokenFile(testing::TempDir()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(Auth, WithoutATokenEverybodyMayAsk) {
  EXPECT_TRUE(Authenticator().Accepts(With({})));
  EXPECT_TRUE(Authenticator().Accepts(With({"Bearer whatever"})));
}

TEST(Auth, WithATokenOnlyWhoHasIt) {
  const Authenticator authenticator{std::string(kToken)};
  EXPECT_TRUE(authenticator.Accepts(With({Concat("Bearer ", kToken)})));
  EXPECT_TRUE(authenticator.Accepts(With({Concat("bearer  ", kToken)})));
  const std::string token = kToken;
  const std::vector<std::string> others = {"",
                                           "Bearer",
                                           "Bearer ",
                                           token,
                                           "Basic " + token,
                                           "Bearer " + token.substr(1),
                                           "Bearer " + token + "x",
                                           "Bearer " + token.substr(0, 5),
                                           "Bearer 1123456789abcdef-secret",
                                           "Bearer 0123456789abcdef-Secret"};
  for (const std::string& value : others) {
    EXPECT_FALSE(authenticator.Accepts(With({value}))) << value;
  }
  EXPECT_FALSE(authenticator.Accepts(With({})));
  EXPECT_FALSE(authenticator.Accepts(With({"Bearer x", "Bearer " + token})));
}

TEST(Auth, TheRefusalNamesTheScheme) {
  const HttpError error = Unauthorized();
  EXPECT_EQ(error.status, 401);
  ASSERT_EQ(error.fields.size(), 1U);
  EXPECT_EQ(error.fields[0].name, "WWW-Authenticate");
  EXPECT_THAT(error.fields[0].value, HasSubstr("Bearer"));
}

}  // namespace
}  // namespace burgeon
