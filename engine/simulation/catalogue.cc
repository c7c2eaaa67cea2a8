#include "engine/simulation/catalogue.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr std::array<Category, kCategories> kTree = {{
    {"Fashion", "Shoes", "鞋", 79},
    {"Fashion", "Shirts", "衬衫", 35},
    {"Fashion", "Coats", "外套", 129},
    {"Fashion", "Bags", "包", 59},
    {"Home", "Lamps", "灯", 49},
    {"Home", "Rugs", "地毯", 89},
    {"Home", "Bedding", "床品", 45},
    {"Home", "Storage", "收纳", 25},
    {"Kitchen", "Cookware", "锅具", 55},
    {"Kitchen", "Cups", "杯子", 12},
    {"Kitchen", "Knives", "刀具", 39},
    {"Kitchen", "Coffee makers", "咖啡机", 149},
    {"Electronics", "Headphones", "耳机", 99},
    {"Electronics", "Phones", "手机", 599},
    {"Electronics", "Cameras", "相机", 449},
    {"Electronics", "Chargers", "充电器", 19},
    {"Sports", "Running", "跑步装备", 69},
    {"Sports", "Cycling", "骑行装备", 85},
    {"Sports", "Swimming", "泳具", 29},
    {"Sports", "Tents", "帐篷", 179},
    {"Beauty", "Skin care", "护肤品", 29},
    {"Beauty", "Perfume", "香水", 65},
    {"Beauty", "Hair care", "护发品", 15},
    {"Beauty", "Make-up", "彩妆", 22},
    {"Toys", "Puzzles", "拼图", 18},
    {"Toys", "Building blocks", "积木", 42},
    {"Toys", "Dolls", "玩偶", 27},
    {"Toys", "Board games", "桌游", 33},
    {"Books", "Novels", "小说", 12},
    {"Books", "Cookbooks", "菜谱", 24},
    {"Books", "Travel guides", "旅行指南", 17},
    {"Books", "Comics", "漫画", 11},
}};
constexpr std::array<std::string_view, kStyles> kStyleNames = {"classic", "modern", "playful",
                                                               "premium"};
constexpr std::array<double, kStyles> kStylePrice = {1.0, 1.05, 0.8, 1.7};
constexpr std::array<std::string_view, 16> kBrands = {
    "Alder", "Birch",   "Cedar", "Dogwood", "Elm",   "Fir",    "Ginkgo",   "Hazel",
    "Ivy",   "Juniper", "Kapok", "Larch",   "Maple", "Nutmeg", "Oleander", "Pine"};

// Entities of Stream::kCatalogue.
enum : uint64_t { kOrder = 0, kTastes = 1, kSeasons = 2 };

}  // namespace

const Category& CategoryOf(int category) { return kTree[static_cast<size_t>(category)]; }
std::string_view StyleName(int style) { return kStyleNames[static_cast<size_t>(style)]; }
std::string Catalogue::BrandName(int brand) {
  return std::string(kBrands[static_cast<size_t>(brand)]);
}

double Catalogue::popularity(uint32_t i) const {
  return std::pow(static_cast<double>(items_[i].rank), -zipf_);
}

Catalogue::Catalogue(const WorldConfig& config) : zipf_(config.zipf) {
  MakeItems(config);
  Draws tastes(config.seed, Stream::kCatalogue, kTastes);
  for (int category = 0; category < kCategories; ++category) {
    Taste mean;
    for (double& x : mean) x = tastes.Normal();
    for (int style = 0; style < kStyles; ++style) {
      Taste& taste = cell_taste_[static_cast<size_t>(category * kStyles + style)];
      double square = 0;
      for (size_t k = 0; k < kTasteDims; ++k) {
        taste[k] = mean[k] + 0.6 * tastes.Normal();
        square += taste[k] * taste[k];
      }
      for (double& x : taste) x /= std::sqrt(square);  // a direction: strength is the person's
    }
  }
  Draws seasons(config.seed, Stream::kCatalogue, kSeasons);
  for (auto& months : season_) {
    const double amplitude = 0.6 * seasons.Uniform();
    const double peak = 12 * seasons.Uniform();
    for (int m = 0; m < 12; ++m) {
      months[static_cast<size_t>(m)] =
          1 + amplitude * std::cos(6.283185307179586 * (m - peak) / 12);
    }
  }
  MakeCells();
}

void Catalogue::MakeItems(const WorldConfig& config) {
  const auto n = static_cast<uint32_t>(config.items);
  std::vector<uint32_t> rank(n);
  std::iota(rank.begin(), rank.end(), 1U);
  Draws order(config.seed, Stream::kCatalogue, kOrder);
  for (uint32_t i = n; i > 1; --i) std::swap(rank[i - 1], rank[order.Below(i)]);
  items_.resize(n);
  for (uint32_t i = 0; i < n; ++i) {
    Draws draws(config.seed, Stream::kItem, i);
    Item& item = items_[i];
    item.rank = rank[i];
    item.cell = static_cast<uint16_t>(draws.Below(kCells));
    item.brand = static_cast<uint8_t>(draws.Below(kBrands.size()));
    item.quality = static_cast<float>(draws.Normal());
    const double price = CategoryOf(item.category()).median_price *
                         kStylePrice[static_cast<size_t>(item.style())] *
                         std::exp(0.35 * draws.Normal());
    item.price_cents = std::max(100, static_cast<int32_t>(price) * 100 - 5);  // 34.95
  }
}

void Catalogue::MakeCells() {
  std::array<std::vector<uint32_t>, kCells> members;
  for (uint32_t i = 0; i < items_.size(); ++i) members[items_[i].cell].push_back(i);
  for (size_t cell = 0; cell < kCells; ++cell) {
    double weight = 0;
    double money = 0;
    for (const uint32_t i : members[cell]) {
      weight += popularity(i);
      money += popularity(i) * items_[i].price_cents / 100;
    }
    cell_weight_[cell] = weight;
    cell_price_[cell] = weight > 0 ? money / weight : 0;
    MakeAlias(members[cell], &alias_[cell]);
  }
}

void Catalogue::MakeAlias(const std::vector<uint32_t>& members, std::vector<Alias>* table) const {
  double sum = 0;
  for (const uint32_t i : members) sum += popularity(i);
  std::vector<double> share;
  std::vector<uint32_t> small;
  std::vector<uint32_t> large;
  for (uint32_t k = 0; k < members.size(); ++k) {
    table->push_back({1, members[k], members[k]});
    share.push_back(popularity(members[k]) * static_cast<double>(members.size()) / sum);
    (share.back() < 1 ? small : large).push_back(k);
  }
  while (!small.empty() && !large.empty()) {
    const uint32_t s = small.back();
    const uint32_t l = large.back();
    small.pop_back();
    (*table)[s].keep = static_cast<float>(share[s]);
    (*table)[s].other = members[l];
    share[l] -= 1 - share[s];
    if (share[l] < 1) {
      large.pop_back();
      small.push_back(l);
    }
  }
}

uint32_t Catalogue::PickInCell(size_t cell, Draws& draws) const {
  const std::vector<Alias>& table = alias_[cell];
  const Alias& alias = table[draws.Below(static_cast<uint32_t>(table.size()))];
  return draws.Uniform() < static_cast<double>(alias.keep) ? alias.item : alias.other;
}

std::string Catalogue::ItemId(uint32_t i) {
  std::string digits = Concat(i);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return "i" + digits;
}

std::string Catalogue::ItemName(uint32_t i) const {
  const Item& it = items_[i];
  return Concat(BrandName(it.brand), " ", StyleName(it.style()), " ",
                CategoryOf(it.category()).name, " ", i);
}

}  // namespace burgeon
