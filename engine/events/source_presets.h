// Standard sources: what each of their fields becomes, so that a configuration needs only
//
//   source: {name: web, format: segment, input: events.jsonl}
//
// What a source writes itself counts before the preset; a field that is null is taken away. Maps
// under `fields`, `fields.properties`, `fields.type`, `fields.type.values`, `customer_attributes`
// and `item_attributes` are put together with the preset's, and so are the lists
// `fields.type.rules` and `rows`, the source's own first. docs/sources.md has a table of each.
#ifndef BURGEON_ENGINE_EVENTS_SOURCE_PRESETS_H_
#define BURGEON_ENGINE_EVENTS_SOURCE_PRESETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"

namespace burgeon {

// "segment", "ga4", "recbole".
const std::vector<std::string>& PresetNames();

// The preset's part of a `source` section, as YAML; "" when there is none. `kind` as in the
// configuration: events, customers, items or aggregates.
std::string_view PresetYaml(std::string_view format, std::string_view kind);

// Adds the preset that the source's `format` names, if it names one. Before anything else is asked
// of the node.
void ApplyPreset(const ConfigNode& source);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_SOURCE_PRESETS_H_
