// burgeon erase: a person out of every answer at once, and out of the workspace by the sweep.
#include "cli/customer_lookup.h"
#include "cli/id_list.h"
#include "cli/verb.h"
#include "engine/erasure/sweep.h"

namespace burgeon {
namespace {

struct EraseFlags {
  std::vector<std::string> customers;
  std::string file;
  std::string reason;
  bool sweep = true;
  bool verify = false;
};

absl::StatusOr<std::vector<std::string>> GivenIds(Session& session, const EraseFlags& flags) {
  std::vector<std::string> given = flags.customers;
  if (flags.file.empty()) return given;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> listed,
                           ReadIdList(session.files(), flags.file));
  given.insert(given.end(), listed.begin(), listed.end());
  return given;
}

// Durable, and in force in every answer, when it returns. Does not wait for whoever holds the
// workspace: a training may run for hours.
absl::StatusOr<int64_t> Request(Session& session, const std::vector<std::string>& given) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ErasureRequest> requests, FindAllIds(session, given));
  BURGEON_RETURN_IF_ERROR(WithOverlayLocked(session.workspace(), [&] {
    return AppendErasures(session.files(), session.workspace(), session.clock(), requests);
  }));
  session.Say(Concat("erase: ", given.size(), " given, ", requests.size(),
                     " ids with those linked to them; out of every answer from now on"));
  return std::ssize(requests);
}

nlohmann::json SweepJson(const Receipt& receipt) {
  return {{"receipt", receipt.id},
          {"persons", receipt.persons.size()},
          {"events_removed", receipt.events_removed},
          {"attribute_values_removed", receipt.attribute_values_removed},
          {"files", receipt.entries.size()},
          {"models_to_train_again", receipt.models.size()},
          {"verified", receipt.verified}};
}

absl::Status RunSweep(Session& session, const EraseFlags& flags, nlohmann::json* result) {
  auto lock = session.LockWorkspace();
  if (!lock.ok()) {
    return Annotate(lock.status(),
                    "the erasure is in force, but the sweep could not begin; run burgeon erase "
                    "--sweep later");
  }
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  const Workspace workspace = session.workspace();
  SweepOptions options;
  options.reason = flags.reason;
  options.with_overlay_lock = [&](const std::function<absl::Status()>& act) {
    return WithOverlayLocked(workspace, act);
  };
  BURGEON_ASSIGN_OR_RETURN(const Receipt receipt,
                           Sweep(session.files(), workspace, *context, session.clock(), options));
  if (receipt.id.empty()) {
    session.Say("sweep: nobody waits for it");
    (*result)["sweep"] = nullptr;
    return absl::OkStatus();
  }
  (*result)["sweep"] = SweepJson(receipt);
  if (!receipt.verified) {
    const ScanFinding& first = receipt.left.front();
    return FailedPrecondition("sweep: ", receipt.left.size(),
                              " places still name somebody, the first ", first.file, " (",
                              first.where, "); the erasure stays in force; see receipts/",
                              receipt.id, ".json, take these files away and sweep again");
  }
  session.Say(Concat("sweep: ", receipt.events_removed, " events, ",
                     receipt.attribute_values_removed, " attribute values, ",
                     receipt.entries.size(), " files; receipt ", receipt.id));
  if (!receipt.models.empty()) {
    session.Say(Concat("  ", receipt.models.size(),
                       " models were trained with them; train and publish again"));
  }
  return absl::OkStatus();
}

absl::Status RunVerify(Session& session, const std::vector<std::string>& given) {
  BURGEON_ASSIGN_OR_RETURN(const PersonLookup lookup, LookupOf(session));
  PersonForms forms;
  for (const std::string& id : given) {
    forms.Add(id);
    if (lookup.pseudonym) forms.Add(lookup.pseudonym(id));
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ScanFinding> found,
                           ScanTree(session.files(), session.workspace().root, forms));
  nlohmann::json places = nlohmann::json::array();
  for (const ScanFinding& finding : found) {
    session.Say(Concat("found in ", finding.file, ": ", finding.where, ", ", finding.count));
    places.push_back({{"file", finding.file}, {"where", finding.where}, {"count", finding.count}});
  }
  session.Result({{"found", places}});
  if (!found.empty()) {
    return FailedPrecondition(found.size(), " places in ", session.workspace().root,
                              " still name a customer given, the first ", found.front().file);
  }
  session.Say(Concat("verify: nothing in ", session.workspace().root, " names ",
                     given.size() == 1 ? "this customer" : "these customers"));
  return absl::OkStatus();
}

absl::Status RunErase(Session& session, const EraseFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> given, GivenIds(session, flags));
  if (flags.verify) {
    if (given.empty()) return InvalidArgument("--verify: a customer to look for is wanted");
    return RunVerify(session, given);
  }
  nlohmann::json result = {{"requested", given.size()}, {"ids", 0}};
  if (!given.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const int64_t ids, Request(session, given));
    result["ids"] = ids;
  } else if (!flags.sweep) {
    return InvalidArgument("CUSTOMER or --file: nobody to erase, and no sweep wanted");
  }
  if (flags.sweep) BURGEON_RETURN_IF_ERROR(RunSweep(session, flags, &result));
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddEraseVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("erase", "Remove persons from answers and from all data");
  auto flags = std::make_shared<EraseFlags>();
  verb->add_option("CUSTOMER", flags->customers, "Customer ids; all ids linked to them go too");
  verb->add_option("--file", flags->file, "File of customer ids");
  verb->add_flag("--sweep,!--no-sweep", flags->sweep,
                 "Remove the data at once (the default); --no-sweep: only out of every answer, "
                 "until burgeon erase --sweep");
  verb->add_option("--reason", flags->reason, "For the receipt; must not name anybody");
  verb->add_flag("--verify", flags->verify,
                 "Erase nothing; search every file of the workspace for these ids");
  verb->footer(
      "An erasure is for good. It is durable and in force when the verb says so; the sweep leaves\n"
      "a receipt in receipts/. In a workspace of pseudonyms give --config with the key file.\n"
      "Examples:\n  burgeon erase 17850 --config C --workspace W\n"
      "  burgeon erase --file ids.txt --no-sweep    then    burgeon erase --sweep\n"
      "  burgeon erase --verify 17850");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunErase(s, *flags); }; });
}

}  // namespace burgeon
