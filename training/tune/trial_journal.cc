#include "training/tune/trial_journal.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/storage/line_log.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxJournalBytes = int64_t{1} << 30;
constexpr int kSchemaVersion = 1;

absl::StatusOr<TrialResult> ParseResult(std::string_view line, const std::string& where) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(line, where));
  const JsonNode root = document.root();
  TrialResult result;
  result.trial.number = root["trial"].Int(0, INT64_MAX);
  result.trial.round = static_cast<int>(root["round"].Int(0, 64));
  result.trial.share = root["share"].Number();
  for (const auto& [field, value] : root["values"].Fields()) {
    result.trial.values.emplace_back(field, value.String());
  }
  if (root.Has("metric")) {
    result.metric = root["metric"].Number();
  } else {
    result.error = root["error"].String();
  }
  result.seconds = root["seconds"].Number();
  BURGEON_RETURN_IF_ERROR(document.status());
  return result;
}

}  // namespace

absl::StatusOr<TrialJournal> TrialJournal::Open(FileSystem& files, const std::string& path,
                                                const std::string& identity) {
  TrialJournal journal(files, path);
  bool has_header = false;
  BURGEON_RETURN_IF_ERROR(ReadLines(
      files, path, kMaxJournalBytes, [&](std::string_view line, int64_t number) -> absl::Status {
        const std::string where = Concat(path, ":", number);
        if (has_header) {
          BURGEON_ASSIGN_OR_RETURN(TrialResult result, ParseResult(line, where));
          journal.results_.push_back(std::move(result));
          return absl::OkStatus();
        }
        BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(line, where));
        document.root()["burgeon_tune"].Int(kSchemaVersion, kSchemaVersion);
        const std::string found = document.root()["identity"].String();
        BURGEON_RETURN_IF_ERROR(document.status());
        if (found != identity) {
          return FailedPrecondition(path,
                                    ": is the journal of another search (other data, config, ",
                                    "space, seed, budget of trials or validation); name another ",
                                    "--journal, or remove this one");
        }
        has_header = true;
        return absl::OkStatus();
      }));
  if (!has_header) {
    const nlohmann::ordered_json header = {{"burgeon_tune", kSchemaVersion},
                                           {"identity", identity}};
    BURGEON_RETURN_IF_ERROR(AppendDurably(files, path, header.dump(), kMaxJournalBytes));
  }
  return journal;
}

const TrialResult* TrialJournal::Find(int64_t number, int round) const {
  for (const TrialResult& result : results_) {
    if (result.trial.number == number && result.trial.round == round) return &result;
  }
  return nullptr;
}

absl::Status TrialJournal::Append(const TrialResult& result) {
  nlohmann::ordered_json line = {{"trial", result.trial.number},
                                 {"round", result.trial.round},
                                 {"share", result.trial.share},
                                 {"values", nlohmann::ordered_json::object()}};
  for (const auto& [field, value] : result.trial.values) line["values"][field] = value;
  if (result.metric) {
    line["metric"] = *result.metric;
  } else {
    line["error"] = result.error;
  }
  line["seconds"] = result.seconds;
  BURGEON_RETURN_IF_ERROR(AppendDurably(
      *files_, path_, line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
      kMaxJournalBytes));
  results_.push_back(result);
  return absl::OkStatus();
}

}  // namespace burgeon
