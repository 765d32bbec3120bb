// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <functional>
#include <memory>

#include "api/cli/author.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/model_training.h"
#include "api/cli/record.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

// What the commands below share: some records, and one thing that is done to each.
struct Change {
  std::vector<std::string> records;
  std::string by;  // the successor, or the receiving domain
  bool yes = false;
  AuthorOptions author;
};

using Step = decltype(model::RecordChange::step);

// Whether a step takes the record from those that models may be trained on.
// Source: spec/rules.md, "recordChange", the training mark.
bool ends_training(const Step& step) {
  return std::holds_alternative<model::Withdraw>(step) ||
         std::holds_alternative<model::Erase>(step) ||
         std::holds_alternative<model::HandOver>(step);
}

// One statement a record, all signed as one batch: all of them or none.
Result<void> change_records(Context& context, const Change& change, const Step& step,
                            bool takes_back, const std::optional<StatementId>& also_of,
                            const std::string& done) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::Visibility visibility, visibility_of(context, change.author));
  std::vector<Proposal> proposals;
  std::vector<StatementId> domains;
  std::vector<std::string> subjects;
  bool was_trained_on = false;
  for (const std::string& text : change.records) {
    TRY_ASSIGN(const Located found,
               argument_of("RECORD", text, locate(*reader, text, model::Kind::kRecord)));
    // Without a look at what is held: taking back is not stopped by a file that nobody can read.
    TRY_ASSIGN(const rules::Subject record, record_subject(*reader, found.id));
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(record.detail));
    const bool names_version = !std::holds_alternative<model::Withdraw>(step);
    proposals.push_back(
        {visibility,
         model::RecordChange{found.id, names_version ? record.value.version : 0, step},
         {}});
    domains.push_back(detail.domain);
    was_trained_on = was_trained_on || (ends_training(step) && detail.policy.train);
    subjects.push_back("record " + found.id.hex());
  }
  std::sort(domains.begin(), domains.end());
  domains.erase(std::unique(domains.begin(), domains.end()), domains.end());
  // A batch is signed by the same people throughout, and each signature must count.
  if (domains.size() > 1)
    return Error{Code::kInvalid, "", "records", "of " + std::to_string(domains.size()) + " domains",
                 "of one domain at a time"};
  std::vector<Need> needs;
  TRY_ASSIGN(Need guardians, domain_need(*reader, domains.front()));
  needs.push_back(takes_back ? any_one(std::move(guardians)) : std::move(guardians));
  if (also_of) {
    TRY_ASSIGN(Need receiving, domain_need(*reader, *also_of));
    needs.push_back(std::move(receiving));
  }
  // As it was before. What cannot be told of models does not stop taking back.
  const auto models = was_trained_on ? models_to_lose(*reader, domains.front())
                                     : Result(std::vector<Made<model::ModelDetail>>());
  TRY_ASSIGN(Outcome outcome, author(context, std::move(proposals), needs, change.author));
  outcome.subjects = std::move(subjects);
  report_outcome(context, outcome, done);
  if (models) report_lost_models(context, *models, outcome.receipt.has_value());
  return {};
}

Result<void> run_supersede(Context& context, const Change& change) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Located successor,
             value_of("--by", change.by, locate(*reader, change.by, model::Kind::kRecord)));
  return change_records(context, change, model::Supersede{successor.id}, false, {}, "superseded");
}

Result<void> run_hand_over(Context& context, const Change& change) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId domain,
             value_of("--to", change.by, locate_domain(*reader, change.by)));
  return change_records(context, change, model::HandOver{domain}, false, domain, "handed over");
}

Result<void> run_withdraw(Context& context, const Change& change) {
  return change_records(context, change, model::Withdraw{}, true, {}, "withdrawn");
}

Result<void> run_restore(Context& context, const Change& change) {
  return change_records(context, change, model::Restore{}, false, {}, "restored");
}

Result<void> run_erase(Context& context, const Change& change) {
  if (!change.yes)
    return context.hint(
        Error{Code::kInvalid, "", "--yes", "none", "--yes, because an erasure can never be undone"},
        "`holdfast record withdraw` takes a record back and can be undone");
  return change_records(context, change, model::Erase{}, false, {}, "erased");
}

CLI::App& add_change(CLI::App& record, Context& context, const char* name, const char* help,
                     const std::shared_ptr<Change>& change,
                     Result<void> (*run)(Context&, const Change&)) {
  CLI::App& command = *record.add_subcommand(name, help);
  command
      .add_option("records", change->records,
                  "One or more records: id, the first 8 or more digits of it, or #N")
      ->required()
      ->type_name("RECORD");
  add_author_options(command, change->author);
  context.on_run(command, [&context, change, run] { return run(context, *change); });
  return command;
}

}  // namespace

void add_record_change_commands(CLI::App& record, Context& context) {
  auto supersede = std::make_shared<Change>();
  add_change(
      record, context, "supersede",
      "Say that a newer record of the same domain takes a record's place (threshold). So a\n"
      "record comes to other terms: its own are signed and stay as they are. Models that were\n"
      "trained on it stay usable; `record withdraw` of the older one ends that\n"
      "\n"
      "Example:  holdfast record add notes.md --policy=read,train\n"
      "          holdfast record supersede '#4' --by '#9'",
      supersede, run_supersede)
      .add_option("--by", supersede->by, "The newer record")
      ->required()
      ->type_name("RECORD");

  auto hand_over = std::make_shared<Change>();
  add_change(record, context, "hand-over",
             "Give a record to another domain; the guardians of both sign (both thresholds)",
             hand_over, run_hand_over)
      .add_option("--to", hand_over->by, "The receiving domain")
      ->required()
      ->type_name("DOMAIN");

  add_change(record, context, "withdraw",
             "Take a record back; any one guardian may. It can be restored. Where its policy has\n"
             "train, models that were trained on records of the domain are not usable from then on",
             std::make_shared<Change>(), run_withdraw);
  add_change(record, context, "restore", "Undo a withdrawal (threshold)",
             std::make_shared<Change>(), run_restore);

  auto erase = std::make_shared<Change>();
  add_change(
      record, context, "erase",
      "Destroy a record's content and its key for good (threshold). The ledger keeps that it\n"
      "was, and that it was erased; proofs and history stay valid. Copies outside of this\n"
      "village, old backups with their keys, and what a disk kept behind our back are not\n"
      "reached",
      erase, run_erase)
      .add_flag("--yes", erase->yes, "Yes, for good");
}

}  // namespace holdfast::cli
