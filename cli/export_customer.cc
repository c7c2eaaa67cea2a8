// burgeon export-customer: everything held about one person.
#include "cli/customer_lookup.h"
#include "cli/verb.h"
#include "engine/erasure/customer_export.h"

namespace burgeon {
namespace {

absl::Status RunExport(Session& session, const std::string& customer, const std::string& out) {
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ErasureRequest> ids, FindAllIds(session, {customer}));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(
      const CustomerExport exported,
      ExportCustomer(session.files(), session.workspace(), *context, session.clock(), ids));
  if (!exported.found) {
    return NotFound("customer '", Printable(customer), "': nothing is held about this id");
  }
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(session.files(), out, exported.json));
  session.Say(Concat("export-customer: ", ids.size(), " ids, ", exported.events, " events, ",
                     exported.attributes, " attribute values, ", exported.lines,
                     " lines of files, to ", out));
  session.Result({{"out", out},
                  {"ids", ids.size()},
                  {"events", exported.events},
                  {"attributes", exported.attributes},
                  {"lines", exported.lines}});
  return absl::OkStatus();
}

}  // namespace

void AddExportCustomerVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("export-customer", "Write everything held about one person");
  auto customer = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  verb->add_option("CUSTOMER", *customer, "Customer id; with all ids linked to it")->required();
  verb->add_option("--out", *out, "JSON file to write; keep it outside of the workspace")
      ->required();
  verb->footer(
      "Needs no consent: it is for the person. In a workspace of pseudonyms give --config "
      "with the key file.\n"
      "Example:\n  burgeon export-customer 17850 --out 17850.json --workspace W");
  verb->callback([chosen, customer, out] {
    *chosen = [customer, out](Session& s) { return RunExport(s, *customer, *out); };
  });
}

}  // namespace burgeon
