#include "engine/dataset/snapshot_difference.h"

#include <cstring>
#include <functional>
#include <span>
#include <vector>

namespace burgeon {
namespace {

using Found = std::optional<DataDifference>;

template <class T>
using TextOf = std::function<std::string(const T&)>;

// Of two lists that belong to one customer (or to none).
template <class T>
Found ListDifference(std::string_view field, std::string_view customer, std::span<const T> first,
                     std::span<const T> second, const TextOf<T>& text) {
  if (first.size() != second.size()) {
    return DataDifference{std::string(field), std::string(customer),
                          Concat(first.size(), " entries"), Concat(second.size(), " entries")};
  }
  for (size_t i = 0; i < first.size(); ++i) {
    if (std::memcmp(&first[i], &second[i], sizeof(T)) == 0) continue;
    return DataDifference{Concat(field, "[", i, "]"), std::string(customer), text(first[i]),
                          text(second[i])};
  }
  return std::nullopt;
}

template <class T>
std::string Number(const T& value) {
  return Concat(value);
}

std::string Time(const TimeMicros& value) { return FormatTime(value); }

// Of two ascending lists of ids: the first that is in one of them only.
Found IdDifference(std::string_view field, const std::vector<std::string>& first,
                   const std::vector<std::string>& second, bool of_customers) {
  size_t i = 0;
  while (i < first.size() && i < second.size() && first[i] == second[i]) ++i;
  if (i == first.size() && i == second.size()) return std::nullopt;
  const bool in_first = i < first.size() && (i == second.size() || first[i] < second[i]);
  const std::string& id = in_first ? first[i] : second[i];
  return DataDifference{std::string(field), of_customers ? id : "",
                        in_first ? Concat("'", id, "'") : "not there",
                        in_first ? "not there" : Concat("'", id, "'")};
}

Found AliasDifference(const Vocabulary& first, const Vocabulary& second) {
  const auto text = [](const Vocabulary& customers, const std::string& id) {
    const auto row = customers.Find(id);
    return row.has_value() ? Concat("'", customers.id(*row), "'") : std::string("not there");
  };
  for (const auto& [one, other] : {std::pair(&first, &second), std::pair(&second, &first)}) {
    for (const Alias& alias : one->aliases()) {
      if (text(*one, alias.id) == text(*other, alias.id)) continue;
      return DataDifference{"customers.alias", alias.id, text(first, alias.id),
                            text(second, alias.id)};
    }
  }
  return std::nullopt;
}

template <class T>
std::span<const T> Slice(const std::vector<T>& values, const std::vector<int64_t>& offsets,
                         size_t row) {
  return std::span(values).subspan(static_cast<size_t>(offsets[row]),
                                   static_cast<size_t>(offsets[row + 1] - offsets[row]));
}

// Everything of one customer; the vocabularies are the same.
class RowComparison {
 public:
  RowComparison(const Snapshot& first, const Snapshot& second) : a_(first), b_(second) {}

  Found Of(size_t row) const {
    if (Found found = Consent(row)) return found;
    if (Found found = Events(row)) return found;
    return Matrices(row);
  }

 private:
  Found Consent(size_t row) const {
    const std::string& id = a_.customers.id(static_cast<uint32_t>(row));
    if (Found found = ListDifference<ConsentBits>(
            "consent", id, std::span(a_.consent).subspan(row, 1),
            std::span(b_.consent).subspan(row, 1), [](ConsentBits bits) {
              std::string names;
              for (const Purpose purpose : kAllPurposes) {
                if (bits.Allows(purpose))
                  names += Concat(names.empty() ? "" : ", ", PurposeName(purpose));
              }
              return names.empty() ? std::string("nothing granted") : names;
            })) {
      return found;
    }
    return ListDifference<TimeMicros>("consent_said", id, a_.consent_said[row],
                                      b_.consent_said[row], Time);
  }

  template <class T>
  Found Column(std::string_view field, size_t row, const std::vector<T> SnapshotEvents::*column,
               const TextOf<T>& text) const {
    return ListDifference<T>(Concat("events.", field), a_.customers.id(static_cast<uint32_t>(row)),
                             Slice(a_.events.*column, a_.events.offsets, row),
                             Slice(b_.events.*column, b_.events.offsets, row), text);
  }

  Found Events(size_t row) const {
    if (Found f = Column<TimeMicros>("time", row, &SnapshotEvents::time, Time)) return f;
    if (Found f = Column<EventType>("type", row, &SnapshotEvents::type, [](EventType type) {
          return std::string(EventTypeName(type));
        })) {
      return f;
    }
    if (Found f = Column<uint32_t>("item", row, &SnapshotEvents::item, ItemName())) return f;
    if (Found f = Column<float>("quantity", row, &SnapshotEvents::quantity, Number<float>)) {
      return f;
    }
    if (Found f =
            Column<int64_t>("value_micros", row, &SnapshotEvents::value_micros, Number<int64_t>)) {
      return f;
    }
    return Column<uint32_t>("order", row, &SnapshotEvents::order, Number<uint32_t>);
  }

  Found Matrices(size_t row) const {
    const std::string& id = a_.customers.id(static_cast<uint32_t>(row));
    for (const auto& [name, matrix] :
         {std::pair("interactions", &Snapshot::interactions), std::pair("seen", &Snapshot::seen)}) {
      const CsrMatrix& a = a_.*matrix;
      const CsrMatrix& b = b_.*matrix;
      if (Found f = ListDifference<uint32_t>(name, id, Slice(a.columns, a.offsets, row),
                                             Slice(b.columns, b.offsets, row), ItemName())) {
        return f;
      }
      if (a.values.empty() && b.values.empty()) continue;
      if (Found f =
              ListDifference<float>(Concat(name, ".weight"), id, Slice(a.values, a.offsets, row),
                                    Slice(b.values, b.offsets, row), Number<float>)) {
        return f;
      }
    }
    return std::nullopt;
  }

  TextOf<uint32_t> ItemName() const {
    return [this](uint32_t item) {
      return item == kNoItemRow ? std::string("no item") : Concat("'", a_.items.id(item), "'");
    };
  }

  const Snapshot& a_;
  const Snapshot& b_;
};

}  // namespace

std::optional<DataDifference> FirstDifference(const Snapshot& first, const Snapshot& second) {
  if (first.as_of != second.as_of) {
    return DataDifference{"as_of", "", FormatTime(first.as_of), FormatTime(second.as_of)};
  }
  if (Found found = IdDifference("customers", first.customers.ids(), second.customers.ids(),
                                 /*of_customers=*/true)) {
    return found;
  }
  if (Found found = AliasDifference(first.customers, second.customers)) return found;
  if (Found found = IdDifference("items", first.items.ids(), second.items.ids(),
                                 /*of_customers=*/false)) {
    return found;
  }
  const RowComparison rows(first, second);
  for (size_t row = 0; row < first.consent.size(); ++row) {
    if (Found found = rows.Of(row)) return found;
  }
  for (size_t i = 0; i < first.item_label.size(); ++i) {
    if (first.item_label[i] == second.item_label[i]) continue;
    return DataDifference{Concat("item_label of '", first.items.id(static_cast<uint32_t>(i)), "'"),
                          "", Concat("'", first.item_label[i], "'"),
                          Concat("'", second.item_label[i], "'")};
  }
  return std::nullopt;
}

}  // namespace burgeon
