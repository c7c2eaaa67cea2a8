#include "engine/release/content_items.h"

#include <algorithm>
#include <utility>

namespace burgeon {
namespace {

constexpr uint32_t kNew = UINT32_MAX;

// Rows of a matrix in another order; those that are new are zero. from[new row]: the old one.
FloatMatrix Spread(const FloatMatrix& matrix, const std::vector<uint32_t>& from) {
  FloatMatrix out(std::ssize(from), matrix.cols());
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] == kNew) continue;
    const auto row = matrix.row(from[i]);
    std::copy(row.begin(), row.end(), out.row(static_cast<int64_t>(i)).begin());
  }
  return out;
}

// The order of rows stays, so columns stay ascending.
void Renumber(const std::vector<uint32_t>& to, int64_t items, CsrMatrix* matrix) {
  for (uint32_t& column : matrix->columns) column = to[column];
  matrix->cols = items;
}

bool IsZero(std::span<const float> row) {
  return std::all_of(row.begin(), row.end(), [](float x) { return x == 0; });
}

}  // namespace

ContentSpec ParseContentSpec(const ConfigNode& node) {
  const ConfigNode content = node.Child("content");
  ContentSpec spec;
  const std::string items = content.GetEnum("items", "leave_out", {"leave_out", "embed"});
  spec.items = items == "embed" ? ContentItems::kEmbed : ContentItems::kLeaveOut;
  spec.options.ridge = content.GetDouble("ridge", spec.options.ridge, {1e-6, 1e6});
  return spec;
}

absl::Status ExtendItems(std::vector<NewItem> items, ReleaseData* data) {
  RecommenderModel& model = data->recommender;
  if (model.kind != RecommenderKind::kSpectral) {
    return FailedPrecondition("release.content: items by their content are for a spectral model, ",
                              "this one is ", RecommenderKindName(model.kind));
  }
  std::vector<std::pair<std::string, uint32_t>> all;  // id, old row or kNew + place
  StringMap<std::string> labels;
  for (uint32_t row = 0; row < data->items.size(); ++row)
    all.emplace_back(data->items.id(row), row);
  for (NewItem& item : items) {
    if (data->items.Find(item.id) || !labels.try_emplace(item.id, item.label).second) {
      return InvalidArgument("item '", Printable(item.id), "' is there already");
    }
    all.emplace_back(std::move(item.id), kNew);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> ids;
  std::vector<uint32_t> from;
  std::vector<uint32_t> to(static_cast<size_t>(data->items.size()));
  std::vector<std::string> label;
  std::vector<float> popularity;
  for (const auto& [id, row] : all) {
    if (row != kNew) to[row] = static_cast<uint32_t>(ids.size());
    label.push_back(row == kNew ? labels.find(id)->second : data->item_label[row]);
    popularity.push_back(row == kNew ? 0 : model.popularity[row]);
    from.push_back(row);
    ids.push_back(id);
  }
  const int64_t count = std::ssize(ids);
  BURGEON_ASSIGN_OR_RETURN(data->items, Vocabulary::FromIds(std::move(ids)));
  data->item_label = std::move(label);
  Renumber(to, count, &data->interactions);
  Renumber(to, count, &data->seen);
  model.item_embeddings = Spread(model.item_embeddings, from);
  model.fold_in_items = Spread(model.fold_in_items, from);
  model.popularity = std::move(popularity);
  data->item_content.clear();
  return absl::OkStatus();
}

absl::StatusOr<int64_t> EmbedByContent(ExecutionContext& context, const ContentOptions& options,
                                       ReleaseData* data) {
  FloatMatrix& embeddings = data->recommender.item_embeddings;
  std::vector<std::vector<std::string>> trained;
  std::vector<std::vector<std::string>> cold;
  std::vector<uint32_t> trained_rows;
  std::vector<uint32_t> cold_rows;
  for (uint32_t row = 0; row < data->items.size(); ++row) {
    const bool zero = IsZero(embeddings.row(row));
    (zero ? cold : trained)
        .push_back(ContentTokens(data->item_label[row], data->item_attributes, row));
    (zero ? cold_rows : trained_rows).push_back(row);
  }
  data->item_content.assign(static_cast<size_t>(data->items.size()), 0);
  if (cold.empty()) return 0;
  const FloatMatrix targets = Spread(embeddings, trained_rows);
  BURGEON_ASSIGN_OR_RETURN(const ContentMap map,
                           LearnContentMap(context, trained, targets.view(), options));
  const FloatMatrix embedded = map.Embed(context, cold);
  int64_t count = 0;
  for (size_t i = 0; i < cold.size(); ++i) {
    if (map.Known(cold[i]) == 0) continue;
    const auto row = embedded.row(static_cast<int64_t>(i));
    std::copy(row.begin(), row.end(), embeddings.row(cold_rows[i]).begin());
    data->item_content[cold_rows[i]] = 1;
    ++count;
  }
  return count;
}

}  // namespace burgeon
