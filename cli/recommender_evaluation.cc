#include "cli/recommender_evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace burgeon {
namespace {

std::string At(std::string_view name, int k) { return Concat(name, "@", k); }

void PutEstimate(const std::string& name, const Estimate& estimate, nlohmann::json* out) {
  if (std::isnan(estimate.value)) return;
  (*out)[name] = estimate.value;
  if (!std::isnan(estimate.low)) (*out)["intervals"][name] = {estimate.low, estimate.high};
}

nlohmann::json CutsJson(const std::vector<int>& ks, const std::vector<CutQuality>& cuts) {
  nlohmann::json out = nlohmann::json::object();
  for (size_t k = 0; k < ks.size(); ++k) {
    for (const ListMetric metric : kListMetrics) {
      PutEstimate(At(ListMetricName(metric), ks[k]), cuts[k].of(metric), &out);
    }
    PutEstimate(At("popularity_lift", ks[k]), cuts[k].popularity_lift, &out);
  }
  return out;
}

nlohmann::json ModelJson(const RecommenderQuality& quality, const ModelQuality& model) {
  nlohmann::json out = CutsJson(quality.ks, model.cuts);
  for (size_t k = 0; k < quality.ks.size(); ++k) {
    const Exposure& exposure = model.exposure[k];
    out[At("coverage", quality.ks[k])] = exposure.coverage;
    out[At("gini", quality.ks[k])] = exposure.gini;
    out["lorenz"][Concat(quality.ks[k])] = exposure.lorenz;
  }
  for (size_t g = 0; g < quality.groups.size(); ++g) {
    out["groups"][quality.groups[g].name] = CutsJson(quality.ks, model.groups[g]);
    out["groups"][quality.groups[g].name]["customers"] = quality.groups[g].customers;
  }
  for (size_t k = 0; k < model.difference.size(); ++k) {
    for (const ListMetric metric : kListMetrics) {
      const Difference& difference = model.difference[k][static_cast<size_t>(metric)];
      if (std::isnan(difference.estimate.value)) continue;
      nlohmann::json one = {{"value", difference.estimate.value}};
      if (!std::isnan(difference.share_above)) {
        one["low"] = difference.estimate.low;
        one["high"] = difference.estimate.high;
        one["share_above"] = difference.share_above;
      }
      out["difference"][At(ListMetricName(metric), quality.ks[k])] = std::move(one);
    }
  }
  out["customers"] = quality.customers;
  if (!model.chosen_by.empty()) out["chosen_by"] = model.chosen_by;
  out["train_seconds"] = model.train_seconds;
  out["score_seconds"] = model.score_seconds;
  if (!model.embeddings_sha256.empty()) out["embeddings_sha256"] = model.embeddings_sha256;
  return out;
}

std::string Padded(std::string_view text, size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

std::string Fixed4(double value) {
  if (std::isnan(value)) return "-";
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.4f", value);
  return buffer;
}

std::string WithInterval(const Estimate& estimate) {
  if (std::isnan(estimate.low)) return Fixed4(estimate.value);
  return Concat(Fixed4(estimate.value), " [", Fixed4(estimate.low), ", ", Fixed4(estimate.high),
                "]");
}

// A table whose first column is as wide as it needs.
class Columns {
 public:
  void Row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void Say(Session& session) const {
    std::vector<size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows_) {
      std::string line = " ";
      for (size_t i = 0; i < row.size(); ++i) line += " " + Padded(row[i], widths[i] + 1);
      session.Say(line.substr(0, line.find_last_not_of(' ') + 1));
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

void SayQualityOfLists(Session& session, const RecommenderQuality& quality) {
  const size_t last = quality.ks.size() - 1;
  const int k = quality.ks[last];
  Columns found;
  found.Row({"", At("recall", k), At("ndcg", k), At("map", k), At("mrr", k), At("hit_rate", k),
             At("precision", k)});
  Columns shown;
  shown.Row({"", At("coverage", k), At("gini", k), At("novelty", k), At("diversity", k),
             At("popularity", k), At("popularity_lift", k)});
  for (const ModelQuality& model : quality.models) {
    const CutQuality& cut = model.cuts[last];
    const auto value = [&](ListMetric metric) { return Fixed4(cut.of(metric).value); };
    const std::string name = Printable(model.name, 40);
    found.Row({name, WithInterval(cut.of(ListMetric::kRecall)),
               WithInterval(cut.of(ListMetric::kNdcg)), value(ListMetric::kMap),
               value(ListMetric::kMrr), value(ListMetric::kHitRate),
               value(ListMetric::kPrecision)});
    shown.Row({name, Fixed4(model.exposure[last].coverage), Fixed4(model.exposure[last].gini),
               value(ListMetric::kNovelty), value(ListMetric::kDiversity),
               value(ListMetric::kPopularity), Fixed4(cut.popularity_lift.value)});
  }
  found.Say(session);
  session.Say("what the lists show:");
  shown.Say(session);
}

void SayByCutAndGroup(Session& session, const RecommenderQuality& quality) {
  const size_t last = quality.ks.size() - 1;
  const int k = quality.ks[last];
  if (quality.ks.size() > 1) {
    Columns cuts;
    std::vector<std::string> head = {""};
    for (const int one : quality.ks) {
      head.push_back(At("recall", one));
      head.push_back(At("ndcg", one));
    }
    cuts.Row(head);
    for (const ModelQuality& model : quality.models) {
      std::vector<std::string> row = {Printable(model.name, 40)};
      for (const CutQuality& cut : model.cuts) {
        row.push_back(Fixed4(cut.of(ListMetric::kRecall).value));
        row.push_back(Fixed4(cut.of(ListMetric::kNdcg).value));
      }
      cuts.Row(row);
    }
    session.Say("by k:");
    cuts.Say(session);
  }
  Columns groups;
  std::vector<std::string> head = {At("recall", k)};
  for (const QualityGroup& group : quality.groups) {
    session.Say(Concat(group.name, " customers: ", group.rule, ", ", group.customers));
    head.push_back(group.name);
  }
  groups.Row(head);
  for (const ModelQuality& model : quality.models) {
    std::vector<std::string> row = {Printable(model.name, 40)};
    for (const auto& cuts : model.groups) {
      row.push_back(WithInterval(cuts[last].of(ListMetric::kRecall)));
    }
    groups.Row(row);
  }
  groups.Say(session);
}

void SayDifferences(Session& session, const RecommenderQuality& quality) {
  if (quality.models.size() < 2) return;
  const size_t last = quality.ks.size() - 1;
  const int k = quality.ks[last];
  Columns table;
  table.Row({Concat("minus ", Printable(quality.baseline, 40)), At("recall", k), At("ndcg", k)});
  for (const ModelQuality& model : quality.models) {
    if (model.difference.empty()) continue;
    const CutDifference& cut = model.difference[last];
    table.Row({Printable(model.name, 40),
               WithInterval(cut[static_cast<size_t>(ListMetric::kRecall)].estimate),
               WithInterval(cut[static_cast<size_t>(ListMetric::kNdcg)].estimate)});
  }
  table.Say(session);
}

}  // namespace

nlohmann::json EvaluationJson(const RecommenderEvaluation& evaluation) {
  const RecommenderQuality& quality = evaluation.quality;
  nlohmann::json out = evaluation.split;
  out["k"] = quality.ks;
  out["evaluated_customers"] = quality.customers;
  out["items"] = quality.items;
  out["baseline"] = quality.baseline;
  if (!quality.diversity_by.empty()) out["diversity_by"] = quality.diversity_by;
  out["bootstrap"] = {{"replicates", quality.bootstrap.replicates},
                      {"confidence", quality.bootstrap.level},
                      {"random_seed", quality.bootstrap.seed}};
  for (const QualityGroup& group : quality.groups) {
    out["groups"].push_back(
        {{"name", group.name}, {"rule", group.rule}, {"customers", group.customers}});
  }
  out["models"] = nlohmann::json::object();
  for (const ModelQuality& model : quality.models) {
    out["model_order"].push_back(model.name);
    out["models"][model.name] = ModelJson(quality, model);
  }
  return out;
}

void SayEvaluation(Session& session, const RecommenderEvaluation& evaluation) {
  const RecommenderQuality& quality = evaluation.quality;
  session.Say(evaluation.title);
  for (const std::string& line : evaluation.about) session.Say(line);
  for (const ModelQuality& model : quality.models) {
    if (!model.chosen_by.empty()) {
      session.Say(
          Concat(Printable(model.name, 40), ": chosen by ", Printable(model.chosen_by, 500)));
    }
    for (const std::string& line : model.lines) {
      session.Say(Concat(Printable(model.name, 40), ": ", line));
    }
    char text[100];
    std::snprintf(text, sizeof(text), ": trained in %.1f s, everyone ranked in %.1f s",
                  model.train_seconds, model.score_seconds);
    session.Say(Printable(model.name, 40) + text);
  }
  session.Say(Concat(quality.customers, " customers with test items, ", quality.items,
                     " items to choose from"));
  if (quality.bootstrap.replicates > 0) {
    session.Say(Concat("[low, high]: ", quality.bootstrap.level * 100, " % of ",
                       quality.bootstrap.replicates, " bootstrap replicates over customers, seed ",
                       quality.bootstrap.seed));
  }
  SayQualityOfLists(session, quality);
  SayByCutAndGroup(session, quality);
  SayDifferences(session, quality);
}

}  // namespace burgeon
