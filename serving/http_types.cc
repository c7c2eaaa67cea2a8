#include "serving/http_types.h"

#include <algorithm>
#include <ctime>
#include <iterator>

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

std::vector<std::string_view> FieldValues(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const HttpField& field : head.fields) {
    if (EqualsIgnoreCase(field.name, name)) values.push_back(field.value);
  }
  return values;
}

std::string_view ReasonPhrase(int status) {
  const auto* found = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                   [&](const Phrase& phrase) { return phrase.status == status; });
  return found == std::end(kPhrases) ? std::string_view() : found->text;
}

std::string HttpDate(TimeMicros time) {
  // Names of days and months as RFC 9110 (5.6.7) has them, whatever the locale.
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto two = [](int value) { return Concat(value < 10 ? "0" : "", value); };
  const std::time_t seconds = time / kMicrosPerSecond;
  std::tm utc{};
  BURGEON_CHECK(gmtime_r(&seconds, &utc) != nullptr);
  return Concat(kDays[utc.tm_wday], ", ", two(utc.tm_mday), " ", kMonths[utc.tm_mon], " ",
                utc.tm_year + 1900, " ", two(utc.tm_hour), ":", two(utc.tm_min), ":",
                two(utc.tm_sec), " GMT");
}

std::string SerializeResponse(const HttpResponse& response, const WireOptions& options) {
  std::string out = Concat(
      "HTTP/1.1 ", response.status, " ", ReasonPhrase(response.status), "\r\nDate: ", options.date,
      "\r\nContent-Type: ", response.content_type, "\r\nContent-Length: ", response.body.size(),
      "\r\nCache-Control: no-store\r\nConnection: ", options.keep_alive ? "keep-alive" : "close",
      "\r\n");
  for (const HttpField& field : response.fields) {
    // A line break here would let a value write fields of its own.
    BURGEON_CHECK(field.value.find_first_of("\r\n") == std::string::npos);
    out += Concat(field.name, ": ", field.value, "\r\n");
  }
  out += "\r\n";
  if (!options.head_only) out += response.body;
  return out;
}

}  // namespace burgeon
