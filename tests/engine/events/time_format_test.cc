#include "engine/events/time_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

// "2010-12-01T08:26:00Z", or "bad".
std::string Read(const std::string& text, const std::string& format = "iso8601",
                 const std::string& zone = "UTC") {
  const auto made = TimeFormat::Make(format, zone);
  EXPECT_TRUE(made.ok()) << made.status();
  const auto time = made->Parse(text);
  return time ? FormatTime(*time) : "bad";
}

TEST(TimeFormat, ReadsIso8601) {
  EXPECT_EQ(Read("2010-12-01"), "2010-12-01T00:00:00Z");
  EXPECT_EQ(Read("2010-12-01 08:26"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(Read("2010-12-01T08:26:09"), "2010-12-01T08:26:09Z");
  EXPECT_EQ(Read("2010-12-01T08:26:09.25Z"), "2010-12-01T08:26:09.250000Z");
  EXPECT_EQ(Read("2010-12-01T08:26:09.1234567Z"), "2010-12-01T08:26:09.123456Z");
  EXPECT_EQ(Read("2010-12-01T08:26:09+01:00"), "2010-12-01T07:26:09Z");
  EXPECT_EQ(Read("2010-12-01T08:26:09-0530"), "2010-12-01T13:56:09Z");
  EXPECT_EQ(Read("2010-12-01T08:26+01"), "2010-12-01T07:26:00Z");
  EXPECT_EQ(Read("2012-02-29"), "2012-02-29T00:00:00Z");
  EXPECT_EQ(Read("20101201"), "2010-12-01T00:00:00Z");
  EXPECT_EQ(Read("2019-10-01 00:00:01 UTC"), "2019-10-01T00:00:01Z") << "as REES46 writes it";
  EXPECT_EQ(Read("2019-10-01 00:00:01,5 +02:00"), "2019-09-30T22:00:01.500000Z");
}

TEST(TimeFormat, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2010",
                           "2010-13-01",
                           "2011-02-29",
                           "2010-12-01T",
                           "2010-12-01 25:00",
                           "2010-12-01 08:60",
                           "2010-12-01 08:26:61",
                           "2010-12-01 08:26:09.",
                           "2010-12-01 08:26Zx",
                           "2010-12-01 08:26+1",
                           "01/12/2010",
                           "2010-12-01 08:26:09+25:00",
                           "yesterday",
                           "2010-1201",
                           "201012-01",
                           "2010120",
                           "2010-12-01 08:26 ",
                           "2010-12-01 08:26 CET",
                           "2010-12-01  08:26"}) {
    EXPECT_EQ(Read(text), "bad") << text;
  }
}

TEST(TimeFormat, OnlyFrom1970To2199) {
  EXPECT_EQ(Read("1969-12-31T23:59:59Z"), "bad");
  EXPECT_EQ(Read("1970-01-01"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Read("2199-12-31T23:59:59.999999Z"), "2199-12-31T23:59:59.999999Z");
  EXPECT_EQ(Read("2200-01-01"), "bad");
  EXPECT_EQ(Read("-1", "unix_seconds"), "bad");
  EXPECT_EQ(Read("1291191960000", "unix_seconds"), "bad") << "milliseconds taken for seconds";
}

TEST(TimeFormat, ReadsUnixTimes) {
  EXPECT_EQ(Read("1291191960", "unix_seconds"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(Read("1291191960.5", "unix_seconds"), "2010-12-01T08:26:00.500000Z");
  EXPECT_EQ(Read("1291191960123", "unix_milliseconds"), "2010-12-01T08:26:00.123000Z");
  EXPECT_EQ(Read("1291191960123456", "unix_microseconds"), "2010-12-01T08:26:00.123456Z");
  EXPECT_EQ(Read("7258118399999999", "unix_microseconds"), "2199-12-31T23:59:59.999999Z");
  EXPECT_EQ(Read("12x", "unix_seconds"), "bad");
  EXPECT_EQ(Read("881250949.0", "unix_seconds"), "1997-12-04T15:55:49Z") << "as RecBole writes it";
  EXPECT_EQ(Read("8.81250949E8", "unix_seconds"), "1997-12-04T15:55:49Z");
}

TEST(TimeFormat, ReadsPatterns) {
  EXPECT_EQ(Read("01/12/2010 08:26", "%d/%m/%Y %H:%M"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(Read("20101201082609", "%E4Y%m%d%H%M%S"), "2010-12-01T08:26:09Z");
  EXPECT_EQ(Read("2019-10-01 00:00:00 UTC", "%Y-%m-%d %H:%M:%S UTC"), "2019-10-01T00:00:00Z");
  EXPECT_EQ(Read("01/12/2010 08:26", "%d/%m/%Y %H:%M", "Europe/Paris"), "2010-12-01T07:26:00Z");
  EXPECT_EQ(Read("2010-12-01 08:26:00 +0200", "%Y-%m-%d %H:%M:%S %z", "Europe/Paris"),
            "2010-12-01T06:26:00Z")
      << "an offset in the text counts, not the zone";
  EXPECT_EQ(Read("01/12/2010", "%d/%m/%Y %H:%M"), "bad");
  EXPECT_EQ(Read("infinite-future", "%Y"), "bad");
}

TEST(TimeFormat, LocalTimesFollowTheZone) {
  EXPECT_EQ(Read("2011-01-15 12:00", "iso8601", "Europe/London"), "2011-01-15T12:00:00Z");
  EXPECT_EQ(Read("2011-07-15 12:00", "iso8601", "Europe/London"), "2011-07-15T11:00:00Z");
  EXPECT_EQ(Read("2011-07-15 12:00Z", "iso8601", "Europe/London"), "2011-07-15T12:00:00Z");
}

TEST(TimeFormat, SkippedAndRepeatedLocalTimesTakeTheOffsetBefore) {
  // Clocks went from 01:00 to 02:00 on 2011-03-27, and from 02:00 to 01:00 on 2011-10-30.
  EXPECT_EQ(Read("2011-03-27 01:30", "iso8601", "Europe/London"), "2011-03-27T01:30:00Z");
  EXPECT_EQ(Read("2011-10-30 01:30", "iso8601", "Europe/London"), "2011-10-30T00:30:00Z");
  EXPECT_EQ(Read("2011-10-30 01:30", "%Y-%m-%d %H:%M", "Europe/London"), "2011-10-30T00:30:00Z");
}

TEST(TimeFormat, NamesAnUnknownFormatOrZone) {
  const auto format = TimeFormat::Make("iso", "UTC");
  EXPECT_EQ(format.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(format.status()), HasSubstr("'iso' is not a time format"));
  const auto zone = TimeFormat::Make("iso8601", "Europe/Atlantis");
  EXPECT_EQ(zone.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(zone.status()), HasSubstr("'Europe/Atlantis' is not a time zone"));
}

TEST(TimeFormat, TheCommonestFormIsReadAsTheOthersAre) {
  const TimeFormat format;
  for (const std::string text :
       {"2024-02-29 23:59:59", "1970-01-01T00:00:00", "2199-12-31 23:59:59"}) {
    ASSERT_TRUE(format.Parse(text).has_value()) << text;
    EXPECT_EQ(format.Parse(text), format.Parse(text + ".0")) << text;
  }
  const std::string good = "2024-02-28 13:14:15";
  for (size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'/', ':', ' ', 'x', '\0', '\xff'}) {
      std::string bad = good;
      bad[at] = c;
      EXPECT_EQ(format.Parse(bad), bad == good ? format.Parse(good) : std::nullopt) << bad;
    }
  }
  EXPECT_FALSE(format.Parse("2023-02-29 00:00:00"));
  EXPECT_FALSE(format.Parse("2024-02-28 24:00:00"));
}

TEST(TimeFormat, TicksAreReadAsTheirText) {
  for (const std::string zone : {"UTC", "Europe/London", "America/New_York"}) {
    const TimeFormat format = *TimeFormat::Make("iso8601", zone);
    for (const int64_t second : {int64_t{0}, int64_t{1'300'000'000}, int64_t{1'319'936'400},
                                 int64_t{1'301'189'400}, int64_t{7'258'100'000}}) {
      const std::string text = FormatTime(second * kMicrosPerSecond).substr(0, 19);
      for (const int64_t a_second :
           {int64_t{1}, int64_t{1'000}, int64_t{1'000'000}, int64_t{1'000'000'000}}) {
        const auto local = format.FromTicks(second * a_second, a_second, TickKind::kLocal);
        EXPECT_EQ(local, format.Parse(text)) << text;
        EXPECT_EQ(format.FromTicks(second * a_second, a_second, TickKind::kInstant),
                  format.Parse(text + "Z"))
            << text;
      }
    }
    EXPECT_EQ(format.FromTicks(1'300'000'000'123'456'789, 1'000'000'000, TickKind::kInstant),
              format.Parse("2011-03-13 07:06:40.123456789Z"));
    EXPECT_FALSE(format.FromTicks(-1, 1, TickKind::kInstant));
    EXPECT_FALSE(format.FromTicks(INT64_MAX, 1, TickKind::kInstant));
    EXPECT_FALSE(format.FromTicks(INT64_MIN, 1'000'000, TickKind::kLocal));
  }
  EXPECT_FALSE(TimeFormat::Make("unix_seconds", "UTC")->FromTicks(1, 1, TickKind::kInstant));
  EXPECT_FALSE(TimeFormat::Make("%Y-%m-%d", "UTC")->FromTicks(1, 1, TickKind::kInstant));
}

}  // namespace
}  // namespace burgeon
