#include "engine/expression/standard_place.h"

#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

TEST(StandardPlace, CountriesByCodeAndName) {
  for (const char* text : {"DE", "de", "DEU", " Germany ", "GERMANY", "德国", "德國"}) {
    EXPECT_EQ(CountryCode(text), "DE") << text;
  }
  for (const char* text : {"GB", "UK", "United Kingdom", "Great  Britain", "英国"}) {
    EXPECT_EQ(CountryCode(text), "GB") << text;
  }
  EXPECT_EQ(CountryCode("EIRE"), "IE");
  EXPECT_EQ(CountryCode("USA"), "US");
  EXPECT_EQ(CountryCode("美国"), "US");
  EXPECT_EQ(CountryCode("中国"), "CN");
  EXPECT_EQ(CountryCode("CHN"), "CN");
  EXPECT_EQ(CountryCode("Türkiye"), "TR");
  EXPECT_EQ(CountryCode("Côte d’Ivoire"), "CI");
  EXPECT_EQ(CountryCode("Cote d'Ivoire"), "CI");
  EXPECT_EQ(CountryCode("ＪＰ"), "JP") << "full-width letters";
  EXPECT_EQ(CountryCode("Channel Islands"), std::nullopt) << "two countries";
  EXPECT_EQ(CountryCode("European Community"), std::nullopt);
  EXPECT_EQ(CountryCode("XX"), std::nullopt);
  EXPECT_EQ(CountryCode(""), std::nullopt);
}

TEST(StandardPlace, LanguagesByCodeTagAndName) {
  for (const char* text : {"zh", "ZH", "zho", "chi", "zh-CN", "zh_Hant_TW", "Chinese", "中文"}) {
    EXPECT_EQ(LanguageCode(text), "zh") << text;
  }
  EXPECT_EQ(LanguageCode("eng"), "en");
  EXPECT_EQ(LanguageCode("English"), "en");
  EXPECT_EQ(LanguageCode("英语"), "en");
  EXPECT_EQ(LanguageCode("ger"), "de");
  EXPECT_EQ(LanguageCode("haw"), "haw") << "ISO 639-1 has none";
  EXPECT_EQ(LanguageCode("Klingonese"), std::nullopt);
  EXPECT_EQ(LanguageCode("qq-DE"), std::nullopt);
  EXPECT_EQ(LanguageCode(""), std::nullopt);
}

TEST(StandardPlace, BothAreIdempotent) {
  for (const char* text : {"Germany", "UK", "EIRE", "中国", "KOR"}) {
    EXPECT_EQ(CountryCode(*CountryCode(text)), CountryCode(text)) << text;
  }
  for (const char* text : {"Chinese", "eng", "haw", "pt-BR"}) {
    EXPECT_EQ(LanguageCode(*LanguageCode(text)), LanguageCode(text)) << text;
  }
}

}  // namespace
}  // namespace burgeon
