#include "engine/dataset/as_of.h"

#include <string>

#include "engine/events/time_format.h"

namespace burgeon {

AsOf AsOf::FromConfig(const ConfigNode& node) {
  const std::string text = node.GetString("as_of", "latest");
  const absl::StatusOr<AsOf> as_of = FromText(text);
  if (as_of.ok()) return *as_of;
  node.Fail("as_of", MessageOf(as_of.status()));
  return {};
}

absl::StatusOr<AsOf> AsOf::FromText(std::string_view text) {
  if (text == "latest") return AsOf{};
  if (text == "watermark") return AsOf{Kind::kWatermark, 0};
  const TimeFormat format;
  if (const auto time = format.Parse(text)) return AsOf{Kind::kTime, *time};
  return InvalidArgument("'", Printable(text), "' is neither latest nor watermark nor ",
                         format.Wanted());
}

absl::StatusOr<TimeMicros> AsOf::In(const EventManifest& manifest) const {
  if (kind == Kind::kLatest) return INT64_MAX;
  if (kind == Kind::kTime) return time;
  if (manifest.watermark == 0) {
    return FailedPrecondition("as_of: the store has no watermark; it gets one from an ingest of",
                              " events");
  }
  return manifest.watermark;
}

}  // namespace burgeon
