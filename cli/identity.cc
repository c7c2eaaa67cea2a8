// burgeon identity: which ids are one person, by which links, and the undo of one of them.
#include <algorithm>
#include <set>

#include "cli/customer_lookup.h"
#include "cli/job_config.h"
#include "cli/pipeline.h"
#include "cli/verb.h"
#include "engine/dataset/as_of.h"
#include "engine/governance/identity.h"
#include "engine/governance/identity_undo.h"
#include "engine/release/overlay.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr size_t kShown = 10;

struct IdentityFlags {
  std::string as_of = "latest";
  std::string clusters;
  std::string log;
  std::string customer;
  std::vector<std::string> undo;
  std::vector<std::string> take_back;
};

// What the verb works on.
struct IdentityState {
  std::vector<IdLink> links;
  IdentityOptions options;
  TimeMicros as_of = INT64_MAX;
  IdentityMap map() const { return IdentityMap::Build(links, options, as_of); }
};

absl::StatusOr<IdentityState> ReadState(Session& session, const IdentityFlags& flags) {
  IdentityState state;
  if (!session.options().config.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
    state.options.policy = job.identity;
  }
  BURGEON_ASSIGN_OR_RETURN(const AsOf as_of, AsOf::FromText(flags.as_of));
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(state.as_of, as_of.In(store.manifest()));
  BURGEON_ASSIGN_OR_RETURN(state.links, ReadIdLinks(session.pool(), store));
  BURGEON_ASSIGN_OR_RETURN(state.options.undone,
                           LoadUndoneLinks(session.files(), session.workspace()));
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  for (const auto& [id, entry] : overlay.customers) {
    if (entry.erased) state.options.erased.insert(id);
  }
  return state;
}

nlohmann::json ToJson(const IdentityMap::Cluster& cluster) {
  return {{"customer", cluster.canonical}, {"ids", cluster.members}};
}

nlohmann::json ToJson(const IdentityHub& hub) {
  return {{"id", hub.id},
          {"kind", hub.kind},
          {"rule", hub.rule == IdentityHub::Rule::kLinks ? "max_links" : "max_cluster_ids"},
          {"links", hub.links},
          {"cluster_ids", hub.cluster_ids}};
}

nlohmann::json ToJson(const IdLink& link) {
  return {{"id", link.id},
          {"linked_id", link.linked_id},
          {"id_kind", link.id_kind},
          {"linked_kind", link.linked_kind},
          {"event_time", FormatTime(link.event_time)},
          {"known_at", FormatTime(link.known_at)},
          {"source", link.source},
          {"ingest", link.ingest},
          {"line", link.line},
          {"event_id", link.event_id}};
}

std::vector<IdentityMap::Cluster> Biggest(const IdentityMap& map) {
  std::vector<IdentityMap::Cluster> clusters = map.clusters();
  std::stable_sort(clusters.begin(), clusters.end(), [](const auto& a, const auto& b) {
    return a.members.size() > b.members.size();
  });
  if (clusters.size() > kShown) clusters.resize(kShown);
  return clusters;
}

void Report(Session& session, const IdentityState& state, const IdentityMap& map) {
  int64_t ids = 0;
  for (const IdentityMap::Cluster& cluster : map.clusters()) ids += std::ssize(cluster.members);
  const int64_t clusters = std::ssize(map.clusters());
  int64_t known = 0;
  for (const IdLink& link : state.links) known += link.since() <= state.as_of ? 1 : 0;
  session.Say(Concat("identity: ", known, " links known, ", state.options.undone.size(),
                     " undone; ", ids, " ids are ", clusters, " customers; ", map.hubs().size(),
                     " shared ids ignored"));
  const std::vector<IdentityMap::Cluster> biggest = Biggest(map);
  nlohmann::json biggest_json = nlohmann::json::array();
  for (const IdentityMap::Cluster& cluster : biggest) {
    session.Say(Concat("  ", Printable(cluster.canonical), ": ", cluster.members.size(), " ids"));
    biggest_json.push_back(ToJson(cluster));
  }
  nlohmann::json hubs = nlohmann::json::array();
  for (const IdentityHub& hub : map.hubs()) {
    if (hubs.size() < kShown) {
      session.Say(Concat("  ignored: ", Printable(hub.id),
                         hub.kind.empty() ? "" : Concat(" (", Printable(hub.kind), ")"), ", ",
                         hub.links, " links in a cluster of ", hub.cluster_ids, " ids"));
    }
    hubs.push_back(ToJson(hub));
  }
  session.Result({{"links", known},
                  {"undone", state.options.undone.size()},
                  {"ids", ids},
                  {"customers", clusters},
                  {"ids_joined", ids - clusters},
                  {"biggest", biggest_json},
                  {"hubs", hubs}});
}

absl::Status WriteClusters(Session& session, const IdentityMap& map, const std::string& path) {
  Table table;
  table.columns.resize(2);
  table.columns[0].name = "customer_id";
  table.columns[1].name = "id";
  for (const IdentityMap::Cluster& cluster : map.clusters()) {
    for (const std::string& id : cluster.members) {
      table.columns[0].strings.push_back(cluster.canonical);
      table.columns[1].strings.push_back(id);
      ++table.rows;
    }
  }
  BURGEON_RETURN_IF_ERROR(WriteTable(session.files(), path, table));
  session.Say(Concat("  clusters: ", path, ", ", table.rows, " ids"));
  return absl::OkStatus();
}

absl::Status WriteLog(Session& session, const IdentityState& state, const std::string& path) {
  std::string lines;
  const std::vector<IdentityMerge> log = IdentityMergeLog(state.links, state.options, state.as_of);
  for (const IdentityMerge& merge : log) {
    const nlohmann::json line = {{"since", FormatTime(merge.link.since())},
                                 {"customer", merge.canonical},
                                 {"absorbed", merge.absorbed},
                                 {"link", ToJson(merge.link)},
                                 {"ids", merge.members}};
    lines += line.dump() + "\n";
  }
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(session.files(), path, lines));
  session.Say(Concat("  log: ", path, ", ", log.size(), " merges"));
  return absl::OkStatus();
}

absl::Status ShowCustomer(Session& session, const IdentityState& state, const IdentityMap& map,
                          const std::string& given) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> ids, StoredIds(session, {given}));
  const std::vector<std::string> members = map.MembersOf(ids[0]);
  const std::string customer(map.CanonicalOf(ids[0]));
  session.Say(Concat(Printable(customer), ": ", members.size(), " ids"));
  nlohmann::json links = nlohmann::json::array();
  for (const std::string& id : members) session.Say(Concat("  ", Printable(id)));
  for (const IdLink& link : state.links) {
    if (link.since() > state.as_of ||
        !std::binary_search(members.begin(), members.end(), link.id) ||
        !std::binary_search(members.begin(), members.end(), link.linked_id)) {
      continue;
    }
    session.Say(Concat("  link ", Printable(link.id), " - ", Printable(link.linked_id), " since ",
                       FormatTime(link.since()), " (", Printable(link.source), ", ingest ",
                       link.ingest, ", line ", link.line, ")"));
    links.push_back(ToJson(link));
  }
  const auto hub = std::find_if(map.hubs().begin(), map.hubs().end(),
                                [&](const IdentityHub& h) { return h.id == ids[0]; });
  if (hub != map.hubs().end()) {
    session.Say(Concat("  ignored as shared: ", hub->links, " links"));
  }
  session.Result({{"customer", customer},
                  {"ids", members},
                  {"links", links},
                  {"ignored", hub == map.hubs().end() ? nlohmann::json() : ToJson(*hub)}});
  return absl::OkStatus();
}

// Undo, or its taking back: what was one customer and what is afterwards.
absl::Status Change(Session& session, IdentityState* state, const std::vector<std::string>& given,
                    UndoAction action) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> ids, StoredIds(session, given));
  const IdPair pair(ids[0], ids[1]);
  const bool linked = std::any_of(state->links.begin(), state->links.end(), [&](const IdLink& l) {
    return IdPair(l.id, l.linked_id) == pair;
  });
  if (!linked && action == UndoAction::kUndo) {
    return NotFound("no link joins '", Printable(given[0]), "' and '", Printable(given[1]),
                    "'; burgeon identity --customer '", Printable(given[0]),
                    "' shows the links of a customer");
  }
  if (action == UndoAction::kTakeBack && !state->options.undone.contains(pair)) {
    return NotFound("the link of '", Printable(given[0]), "' and '", Printable(given[1]),
                    "' is not undone");
  }
  BURGEON_RETURN_IF_ERROR(
      AppendUndo(session.files(), session.workspace(), session.clock(), pair, action));
  if (action == UndoAction::kUndo) {
    state->options.undone.insert(pair);
  } else {
    state->options.undone.erase(pair);
  }
  const IdentityMap map = state->map();
  nlohmann::json customers = nlohmann::json::array();
  const bool one = map.CanonicalOf(ids[0]) == map.CanonicalOf(ids[1]);
  session.Say(Concat(action == UndoAction::kUndo ? "undone" : "taken back", ": ",
                     one ? "the two ids are one customer" : "the two ids are two customers",
                     one && action == UndoAction::kUndo ? " still, by other links" : ""));
  for (const std::string& id : ids) {
    const std::vector<std::string> members = map.MembersOf(id);
    session.Say(Concat("  ", Printable(id), ": customer ", Printable(map.CanonicalOf(id)), ", ",
                       members.size(), " ids"));
    customers.push_back({{"id", id}, {"customer", map.CanonicalOf(id)}, {"ids", members}});
  }
  session.Say("  holds for data sets and releases made from now on");
  session.Result({{"one_customer", one}, {"customers", customers}});
  return absl::OkStatus();
}

absl::Status RunIdentity(Session& session, const IdentityFlags& flags) {
  const bool changes = !flags.undo.empty() || !flags.take_back.empty();
  std::optional<FileLock> lock;
  if (changes) {
    BURGEON_ASSIGN_OR_RETURN(lock, session.LockWorkspace());
  }
  BURGEON_ASSIGN_OR_RETURN(IdentityState state, ReadState(session, flags));
  if (!flags.undo.empty()) return Change(session, &state, flags.undo, UndoAction::kUndo);
  if (changes) return Change(session, &state, flags.take_back, UndoAction::kTakeBack);
  const IdentityMap map = state.map();
  if (!flags.customer.empty()) return ShowCustomer(session, state, map, flags.customer);
  Report(session, state, map);
  if (!flags.clusters.empty()) {
    BURGEON_RETURN_IF_ERROR(WriteClusters(session, map, flags.clusters));
  }
  return flags.log.empty() ? absl::OkStatus() : WriteLog(session, state, flags.log);
}

}  // namespace

void AddIdentityVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("identity", "Which ids are one customer, and why");
  auto flags = std::make_shared<IdentityFlags>();
  verb->add_option("--as-of", flags->as_of, "latest, watermark, or a time: links known then")
      ->capture_default_str();
  verb->add_option("--clusters", flags->clusters, "Write customer and id here (.csv or .parquet)");
  verb->add_option("--log", flags->log, "Write every merge here, a JSON object a line");
  auto* customer =
      verb->add_option("--customer", flags->customer, "Show the ids and links of this one");
  auto* undo = verb->add_option("--undo", flags->undo, "Two linked ids that are not one person")
                   ->expected(2)
                   ->excludes(customer);
  verb->add_option("--take-back", flags->take_back, "Takes the undo of these two back")
      ->expected(2)
      ->excludes(customer)
      ->excludes(undo);
  verb->footer(
      "Links are events of type id_link with a property linked_id. Limits and kinds: the section\n"
      "`identity` of --config, or the defaults without it.\n"
      "Example:\n  burgeon identity --config job.yaml --workspace W --log merges.jsonl\n"
      "  burgeon identity --workspace W --undo cookie-1 account-7");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunIdentity(s, *flags); }; });
}

}  // namespace burgeon
