// What the world sells: departments, categories, styles, items with price, brand, season and
// popularity, and what a style tastes like.
//
// A category has four styles; (category, style) is a cell. Taste decides between cells, popularity
// decides within a cell:
//   P(item i | person c, month m) = P(cell | c, m) * popularity_i / popularity of the cell
//   P(cell | c, m) proportional to popularity of the cell * exp(s theta_c . v_cell) * season(m)
// with popularity_i = rank_i^-z, a Zipf law over a random order of the items. So the best list for
// a person, and what a line is worth on average, are known exactly.
#ifndef BURGEON_ENGINE_SIMULATION_CATALOGUE_H_
#define BURGEON_ENGINE_SIMULATION_CATALOGUE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation/draws.h"
#include "engine/simulation/world_config.h"

namespace burgeon {

inline constexpr int kTasteDims = 8;
using Taste = std::array<double, kTasteDims>;

struct Category {
  std::string_view department;
  std::string_view name;
  std::string_view chinese;
  double median_price = 0;  // in euro
};
inline constexpr int kCategories = 32;
inline constexpr int kStyles = 4;
inline constexpr int kCells = kCategories * kStyles;
const Category& CategoryOf(int category);
std::string_view StyleName(int style);

struct Item {
  uint16_t cell = 0;
  uint8_t brand = 0;
  uint32_t rank = 0;        // of popularity, from 1
  int32_t price_cents = 0;  // in euro, without discount
  float quality = 0;        // standard normal; moves reviews and complaints
  int category() const { return cell / kStyles; }
  int style() const { return cell % kStyles; }
};

class Catalogue {
 public:
  explicit Catalogue(const WorldConfig& config);

  int64_t size() const { return static_cast<int64_t>(items_.size()); }
  const Item& item(uint32_t i) const { return items_[i]; }
  double popularity(uint32_t i) const;  // rank^-z
  const Taste& cell_taste(int cell) const { return cell_taste_[static_cast<size_t>(cell)]; }
  double cell_popularity(int cell) const { return cell_weight_[static_cast<size_t>(cell)]; }
  // Mean price in euro of what is picked in the cell.
  double cell_price(int cell) const { return cell_price_[static_cast<size_t>(cell)]; }
  // Mean over the months is 1.
  double Season(int category, int month) const {
    return season_[static_cast<size_t>(category)][static_cast<size_t>(month)];
  }
  // An item of the cell, by popularity (alias method: Walker 1977, in the form of Vose 1991).
  uint32_t PickInCell(size_t cell, Draws& draws) const;
  // "i000042", and what the shop calls it.
  static std::string ItemId(uint32_t i);
  std::string ItemName(uint32_t i) const;
  static std::string BrandName(int brand);

 private:
  struct Alias {
    float keep = 1;
    uint32_t item = 0;
    uint32_t other = 0;
  };
  void MakeItems(const WorldConfig& config);
  void MakeCells();
  void MakeAlias(const std::vector<uint32_t>& members, std::vector<Alias>* table) const;

  double zipf_ = 1;
  std::vector<Item> items_;
  std::array<Taste, kCells> cell_taste_ = {};
  std::array<double, kCells> cell_weight_ = {};
  std::array<double, kCells> cell_price_ = {};
  std::array<std::array<double, 12>, kCategories> season_ = {};
  std::array<std::vector<Alias>, kCells> alias_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_CATALOGUE_H_
