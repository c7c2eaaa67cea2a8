#include "engine/release/release_manifest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/base/version.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 2;
constexpr size_t kHashDigits = 8;
constexpr int64_t kMaxGoldenLists = 1000;
// How a manifest begins: a SHA-256 of what follows, from here to the end of the file.
constexpr std::string_view kHead = "{\n  \"sha256\": \"";
constexpr std::string_view kBehind = "\",\n";
constexpr size_t kHexDigits = 64;
constexpr char kGranted[] = "granted";
constexpr char kDenied[] = "denied";
constexpr char kInnerProduct[] = "inner_product";
constexpr char kCosine[] = "cosine";

Json DigestJson(const FileDigest& digest) {
  return {{"bytes", digest.bytes}, {"sha256", digest.sha256}};
}

Json IndexJson(const IndexParams& params) {
  return {{"kind", std::string(IndexKindName(params.kind))},
          {"similarity", params.similarity == Similarity::kCosine ? kCosine : kInnerProduct},
          {"hnsw_neighbors", params.hnsw_neighbors},
          {"hnsw_ef_construction", params.hnsw_ef_construction},
          {"ivf_lists", params.ivf_lists},
          {"hnsw_ef_search", params.hnsw_ef_search},
          {"ivf_probes", params.ivf_probes}};
}

IndexParams ReadIndex(const JsonNode& node, Similarity similarity) {
  constexpr int64_t kMax = std::numeric_limits<int>::max();
  const auto number = [&](std::string_view field) {
    return static_cast<int>(node[field].Int(0, kMax));
  };
  IndexParams params;
  const std::string kind = node["kind"].String();
  bool known = false;
  for (const IndexKind each : {IndexKind::kFlat, IndexKind::kHnsw, IndexKind::kIvf}) {
    if (IndexKindName(each) != kind) continue;
    params.kind = each;
    known = true;
  }
  if (!known) node["kind"].Refuse("flat, hnsw or ivf");
  const std::string_view wanted = similarity == Similarity::kCosine ? kCosine : kInnerProduct;
  if (node["similarity"].String() != wanted) node["similarity"].Refuse(wanted);
  params.similarity = similarity;
  params.hnsw_neighbors = number("hnsw_neighbors");
  params.hnsw_ef_construction = number("hnsw_ef_construction");
  params.ivf_lists = number("ivf_lists");
  params.hnsw_ef_search = number("hnsw_ef_search");
  params.ivf_probes = number("ivf_probes");
  return params;
}

Json WeightsJson(const EventWeights& weights) {
  Json json = Json::object();
  for (int i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    json[std::string(EventTypeName(type))] = weights.of(type);
  }
  json["max_weight"] = weights.max_weight;
  return json;
}

EventWeights ReadWeights(const JsonNode& node) {
  EventWeights weights;
  for (int i = 0; i < kEventTypes; ++i) {
    const JsonNode field = node[EventTypeName(static_cast<EventType>(i))];
    const auto weight = static_cast<float>(field.Number());
    if (!std::isfinite(weight)) field.Refuse("a number that fits 32 bits");
    weights.weight[static_cast<size_t>(i)] = weight;
  }
  const JsonNode limit = node["max_weight"];
  weights.max_weight = static_cast<float>(limit.Number());
  if (!(weights.max_weight >= 0) || !std::isfinite(weights.max_weight)) {
    limit.Refuse("a number of at least 0 that fits 32 bits");
  }
  return weights;
}

Json GoldenJson(const GoldenList& list) {
  Json rows = Json::array();
  Json bits = Json::array();
  for (const ScoredItem& item : list.items) {
    rows.push_back(item.item.value);
    bits.push_back(std::bit_cast<uint32_t>(item.score));
  }
  return {{"customer_row", list.customer.value},
          {"method", std::string(RecommendMethodName(list.method))},
          {"item_rows", rows},
          {"score_bits", bits}};
}

std::vector<GoldenList> ReadGolden(const JsonNode& node) {
  std::vector<GoldenList> golden;
  const std::vector<JsonNode> lists = node.Items();
  if (lists.empty() || std::ssize(lists) > kMaxGoldenLists) node.Refuse("1 to 1000 lists");
  for (const JsonNode& each : lists) {
    GoldenList list;
    list.customer = CustomerRow(static_cast<uint32_t>(each["customer_row"].Int(0, UINT32_MAX)));
    const auto method = ParseRecommendMethod(each["method"].String());
    if (!method || *method == RecommendMethod::kNeighbours) {
      each["method"].Refuse("model or popularity");
    } else {
      list.method = *method;
    }
    const std::vector<JsonNode> rows = each["item_rows"].Items();
    const std::vector<JsonNode> bits = each["score_bits"].Items();
    if (rows.size() != bits.size()) each["score_bits"].Refuse("as many as item_rows");
    if (rows.size() > kGoldenK) each["item_rows"].Refuse("at most 10 items");
    for (size_t i = 0; i < std::min(rows.size(), bits.size()); ++i) {
      list.items.push_back(
          {ItemRow(static_cast<uint32_t>(rows[i].Int(0, UINT32_MAX))),
           std::bit_cast<float>(static_cast<uint32_t>(bits[i].Int(0, UINT32_MAX)))});
    }
    golden.push_back(std::move(list));
  }
  return golden;
}

Json ManifestJson(const ReleaseManifest& manifest) {
  const ReleaseData& data = manifest.scalars;
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["id"] = manifest.id;
  json["created_at_us"] = manifest.created_at;
  json["created_at"] = FormatTime(manifest.created_at);
  json["snapshot_id"] = data.snapshot_id;
  json["config_sha256"] = data.config_sha256;
  json["code_version"] = manifest.code_version;
  json["candidates"] = {{"recommender", data.recommender_candidate},
                        {"churn", data.churn_candidate}};
  json["store_version"] = data.store_version;
  json["replaces"] = data.replaces;
  // Consent is known as of the data. An erasure after the watermark lies in the overlay.
  json["watermark"] = {
      {"data_us", data.as_of}, {"consent_us", data.as_of}, {"erasure_us", data.erasure_watermark}};
  json["shape"] = {
      {"customers", manifest.customers}, {"items", manifest.items}, {"dim", manifest.dim}};
  json["recommender"] = manifest.recommender;
  json["churn"] = manifest.churn;
  json["pseudonymous"] = data.pseudonymous;
  json["consent_default"] =
      data.consent_policy.when_unsaid == ConsentDefault::kGranted ? kGranted : kDenied;
  json["event_weights"] = WeightsJson(data.event_weights);
  json["indexes"] = {{"item", IndexJson(data.item_index)},
                     {"customer", IndexJson(data.customer_index)}};
  json["metrics"] = Json::parse(data.metrics_json, nullptr, /*allow_exceptions=*/false);
  json["files"] = {{kTensorsFile, DigestJson(manifest.tensors)},
                   {kItemIndexFile, DigestJson(manifest.item_index)},
                   {kCustomerIndexFile, DigestJson(manifest.customer_index)}};
  json["golden"] = Json::array();
  for (const GoldenList& list : manifest.golden) json["golden"].push_back(GoldenJson(list));
  return json;
}

void ReadScalars(const JsonNode& root, ReleaseData* data) {
  data->snapshot_id = root["snapshot_id"].String();
  data->config_sha256 = root["config_sha256"].String();
  data->recommender_candidate = root["candidates"]["recommender"].String();
  data->churn_candidate = root["candidates"]["churn"].String();
  data->store_version = root["store_version"].Int(0, INT64_MAX);
  data->replaces = root["replaces"].String();
  const JsonNode watermark = root["watermark"];
  data->as_of = watermark["data_us"].Int(INT64_MIN, INT64_MAX);
  data->erasure_watermark = watermark["erasure_us"].Int(INT64_MIN, INT64_MAX);
  data->pseudonymous = root["pseudonymous"].Bool();
  const std::string consent = root["consent_default"].String();
  if (consent != kGranted && consent != kDenied) {
    root["consent_default"].Refuse("granted or denied");
  }
  data->consent_policy.when_unsaid =
      consent == kGranted ? ConsentDefault::kGranted : ConsentDefault::kDenied;
  data->event_weights = ReadWeights(root["event_weights"]);
  data->item_index = ReadIndex(root["indexes"]["item"], Similarity::kInnerProduct);
  data->customer_index = ReadIndex(root["indexes"]["customer"], Similarity::kCosine);
  data->metrics_json = root["metrics"].ObjectText();
}

}  // namespace

ReleaseManifest DescribeRelease(const ReleaseData& data) {
  ReleaseManifest manifest;
  manifest.code_version = kBurgeonVersion;
  manifest.customers = data.customers.size();
  manifest.items = data.items.size();
  manifest.dim = data.recommender.dim();
  manifest.recommender = RecommenderKindName(data.recommender.kind);
  if (data.churn) manifest.churn = ChurnKindName(data.churn->kind);
  ReleaseData& scalars = manifest.scalars;
  scalars.snapshot_id = data.snapshot_id;
  scalars.as_of = data.as_of;
  scalars.consent_policy = data.consent_policy;
  scalars.event_weights = data.event_weights;
  scalars.pseudonymous = data.pseudonymous;
  scalars.item_index = data.item_index;
  scalars.item_index.similarity = Similarity::kInnerProduct;
  scalars.customer_index = data.customer_index;
  scalars.customer_index.similarity = Similarity::kCosine;
  scalars.config_sha256 = data.config_sha256;
  scalars.recommender_candidate = data.recommender_candidate;
  scalars.churn_candidate = data.churn_candidate;
  scalars.store_version = data.store_version;
  scalars.erasure_watermark = data.erasure_watermark;
  scalars.replaces = data.replaces;
  scalars.metrics_json = data.metrics_json;
  return manifest;
}

void SetReleaseId(ReleaseManifest* manifest) {
  manifest->id.clear();
  const std::string hash = Sha256Hex(ManifestJson(*manifest).dump());
  manifest->id = Concat(CompactTime(manifest->created_at), "-", hash.substr(0, kHashDigits));
}

bool IsReleaseId(std::string_view text) {
  constexpr std::string_view kPattern =
      "dddddddd"
      "T"
      "dddddd"
      "Z-"
      "xxxxxxxx";
  return std::equal(text.begin(), text.end(), kPattern.begin(), kPattern.end(),
                    [](char c, char wanted) {
                      const bool digit = c >= '0' && c <= '9';
                      if (wanted == 'd') return digit;
                      if (wanted == 'x') return digit || (c >= 'a' && c <= 'f');
                      return c == wanted;
                    });
}

std::string ReleaseManifestText(const ReleaseManifest& manifest) {
  const std::string text = ManifestJson(manifest).dump(2) + "\n";
  const std::string rest = text.substr(std::string_view("{\n").size());
  return Concat(kHead, Sha256Hex(rest), kBehind, rest);
}

namespace {

absl::Status CheckOwnSha256(std::string_view text, const std::string& source_name) {
  const size_t begin = kHead.size() + kHexDigits + kBehind.size();
  if (text.size() < begin || !text.starts_with(kHead) ||
      text.substr(kHead.size() + kHexDigits, kBehind.size()) != kBehind) {
    return DataLoss(source_name, ": does not begin with its own SHA-256");
  }
  if (Sha256Hex(text.substr(begin)) == text.substr(kHead.size(), kHexDigits)) {
    return absl::OkStatus();
  }
  return DataLoss(source_name, ": its content does not match its own SHA-256");
}

}  // namespace

absl::StatusOr<ReleaseManifest> ParseReleaseManifest(std::string_view text,
                                                     const std::string& source_name) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, source_name));
  const JsonNode root = document.root();
  root["sha256"].String();
  root["schema_version"].Int(kSchemaVersion, kSchemaVersion);
  ReleaseManifest manifest;
  manifest.id = root["id"].String();
  if (!IsReleaseId(manifest.id)) root["id"].Refuse("an id like 20261122T154500Z-1a2b3c4d");
  manifest.code_version = root["code_version"].String();
  manifest.created_at = root["created_at_us"].Int(INT64_MIN, INT64_MAX);
  const JsonNode shape = root["shape"];
  manifest.customers = shape["customers"].Int(1, limits::kMaxCustomers);
  manifest.items = shape["items"].Int(1, limits::kMaxItems);
  manifest.dim = shape["dim"].Int(1, INT32_MAX);
  manifest.recommender = root["recommender"].String();
  manifest.churn = root["churn"].String();
  ReadScalars(root, &manifest.scalars);
  const JsonNode files = root["files"];
  manifest.tensors = ReadDigest(files[kTensorsFile]);
  manifest.item_index = ReadDigest(files[kItemIndexFile]);
  manifest.customer_index = ReadDigest(files[kCustomerIndexFile]);
  manifest.golden = ReadGolden(root["golden"]);
  // Field by field first: that says what is wrong.
  BURGEON_RETURN_IF_ERROR(document.status());
  BURGEON_RETURN_IF_ERROR(CheckOwnSha256(text, source_name));
  return manifest;
}

}  // namespace burgeon
