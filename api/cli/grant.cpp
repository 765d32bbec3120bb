// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/grant_village.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/record.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kGrantHelp =
    "Give consent, for a purpose, until a day: let an auditor read what concerns a domain, or a\n"
    "village that you have an agreement with ask of it (the shapes that are named), be handed\n"
    "records (share), or train on them. Consent of the council (--council) covers what belongs to\n"
    "no domain, for auditors. It ends by itself, and any one guardian can end it at once with\n"
    "`holdfast revoke`.\n"
    "\n"
    "Examples:  holdfast grant --auditor ed25519:... --purpose \"yearly audit\" --days 30\n"
    "           holdfast grant --agreement 91c0be27 --may=query,share --shape 5f0c2a91 \\\n"
    "               --purpose \"the health of the bay\" --calls-per-day 20";

struct NewGrant {
  std::string auditor;
  std::string domain;
  bool council = false;
  std::vector<std::string> purposes;
  std::uint32_t days = 30;
  std::vector<std::string> operations;
  VillageGrantOptions village;
  std::vector<std::string> records;
  std::vector<std::string> labels;
  model::Obligations obligations;
  std::string tikanga;
  AuthorOptions author;
};

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

Result<decltype(model::Grant::records)> records_of(log::Reader& reader, const NewGrant& wanted) {
  using Records = decltype(model::Grant::records);
  if (!wanted.labels.empty()) return Records(model::RecordLabels{sorted(wanted.labels)});
  if (wanted.records.empty()) return Records(model::AllRecords{});
  model::RecordIds some;
  for (const std::string& text : wanted.records) {
    TRY_ASSIGN(const Located found,
               value_of("--record", text, locate(reader, text, model::Kind::kRecord)));
    some.ids.push_back(found.id);
  }
  std::sort(some.ids.begin(), some.ids.end());
  some.ids.erase(std::unique(some.ids.begin(), some.ids.end()), some.ids.end());
  return Records(std::move(some));
}

constexpr const char* kAuditorForm =
    "the auditor's public key: ed25519: and 44 characters of base64, as `holdfast key show` prints";

Result<model::PublicKey> auditor_of(const std::string& text) {
  auto key = crypto::parse_public_key(text);
  if (key && key->algorithm != crypto::Algorithm::kEd25519)
    return Error{Code::kMalformed, "", "--auditor", "\"" + text + "\", no key that signs",
                 kAuditorForm};
  return value_of("--auditor", text, std::move(key), kAuditorForm);
}

// What CLI11 would require is required here: `grant list` needs none of it.
Result<void> check_given(const NewGrant& wanted) {
  if (wanted.auditor.empty() && !wanted.village.given())
    return Error{Code::kInvalid, "", "--auditor", "none, and no --agreement", kAuditorForm};
  if (!wanted.auditor.empty() && wanted.village.given())
    return Error{Code::kInvalid, "", "--agreement", "beside --auditor",
                 "one of them: a grant is to an auditor or to a village"};
  if (wanted.village.given() && wanted.council)
    return Error{Code::kInvalid, "", "--council", "in a grant to a village",
                 "a domain: of what belongs to none, only an auditor reads"};
  if (!wanted.village.given()) TRY(check_without_agreement(wanted.village));
  if (wanted.village.given() && wanted.operations.empty())
    return Error{Code::kInvalid, "", "--may", "none", "query, share, train, audit or mirror"};
  if (wanted.purposes.empty())
    return Error{Code::kInvalid, "", "--purpose", "none", "at least one: consent is for something"};
  return {};
}

Result<void> fill_grantee(log::Reader& reader, const NewGrant& wanted, model::Grant& grant) {
  const bool to_village = wanted.village.given();
  const std::vector<std::string> audit{"audit"};
  TRY_ASSIGN(grant.operations,
             parse_operations(wanted.operations.empty() ? audit : wanted.operations, to_village));
  if (to_village) return grant_to_village(reader, wanted.village, grant);
  TRY_ASSIGN(const model::PublicKey auditor, auditor_of(wanted.auditor));
  grant.grantee = model::AuditorGrantee{auditor};
  return {};
}

Result<void> run_grant(Context& context, const NewGrant& wanted) {
  TRY(check_given(wanted));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  model::Grant grant;
  grant.domain = reader->village();
  if (!wanted.council) {
    TRY_ASSIGN(grant.domain, chosen_domain(context, *reader, wanted.domain));
  }
  TRY_ASSIGN(const Need need, office_need(*reader, grant.domain));
  TRY(fill_grantee(*reader, wanted, grant));
  TRY_ASSIGN(grant.records, records_of(*reader, wanted));
  grant.purposes = sorted(wanted.purposes);
  grant.not_before = context.clock().now();
  grant.not_after = grant.not_before + static_cast<Seconds>(wanted.days) * kDay;
  grant.obligations = wanted.obligations;
  grant.tikanga = wanted.tikanga;
  const Seconds until = grant.not_after;
  TRY_ASSIGN(model::Visibility visibility, visibility_of(context, wanted.author));
  visibility = std::min(visibility, model::Visibility::kParties);
  TRY_ASSIGN(const Outcome outcome,
             author(context, {{visibility, std::move(grant), {}}}, {need}, wanted.author));
  report_outcome(context, outcome, "granted until " + format_time(until) + ":");
  return {};
}

// --- grant list
// -----------------------------------------------------------------------------------

// A grant is live while its village and its agreement are, too.
std::string liveness(log::Reader& reader, const StatementId& id, const rules::Subject& subject,
                     const model::Grant& terms, Seconds now) {
  if (subject.value.status == model::Status::kRevoked)
    return "revoked by #" + std::to_string(subject.value.last_index.value);
  const auto held = reader.held_against(id);
  if (!held) return "cannot tell: " + describe(held.error());
  if (*held) return "revoked (waits to be sequenced)";
  if (now >= terms.not_after) return "expired";
  const auto village = village_state(reader);
  if (!village) return "cannot tell: " + describe(village.error());
  if (village->has_ended()) return "not live: the village has ended";
  if (const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee)) {
    const auto why = why_agreement_is_silent(reader, to->agreement);
    if (!why) return "cannot tell: " + describe(why.error());
    if (!why->empty()) return "not live: agreement " + *why;
  }
  return now < terms.not_before ? "not yet" : "live";
}

Result<void> print_grant(Context& context, log::Reader& reader, const rules::Subject& subject) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(subject.value.first_index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
  const StatementId id = model::statement_id(signed_statement.statement);
  const auto* terms = std::get_if<model::Grant>(&statement.body);
  if (terms == nullptr) return {};
  const std::string live = liveness(reader, id, subject, *terms, context.clock().now());
  context.report().line("#" + std::to_string(subject.value.first_index.value) + "  " +
                        short_id(id) + "  " + live + "  " + in_one_line(statement, &reader));
  context.report().item({{"id", id.hex()},
                         {"index", subject.value.first_index.value},
                         {"state", live},
                         {"statement", to_json(statement)}});
  return {};
}

Result<void> run_grant_list(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  context.report().begin_list("grants");
  Result<void> outcome;
  bool any = false;
  TRY(reader->each_subject(model::StateClass::kGrant, [&](const rules::Subject& subject) {
    any = true;
    outcome = print_grant(context, *reader, subject);
    return outcome.has_value();
  }));
  TRY(outcome);
  if (!any) context.report().line("No grants yet. `holdfast grant` gives consent.");
  context.report().end_list();
  return {};
}

}  // namespace

void add_grant_command(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<NewGrant>();
  CLI::App& grant = *app.add_subcommand("grant", kGrantHelp);
  grant.add_option("--auditor", wanted->auditor, "The auditor's public key")
      ->type_name("ed25519:...");
  CLI::Option* domain =
      grant
          .add_option("--domain", wanted->domain, "Whose records; else the domain in holdfast.toml")
          ->type_name("DOMAIN");
  grant.add_flag("--council", wanted->council, "What belongs to no domain; the council signs")
      ->excludes(domain);
  grant
      .add_option("--purpose", wanted->purposes,
                  "What for: plain and permanent; required, may be "
                  "repeated")
      ->allow_extra_args(false);
  grant.add_option("--days", wanted->days, "For so many days from now")
      ->check(CLI::Range(1, 366))
      ->capture_default_str();
  grant
      .add_option("--may", wanted->operations,
                  "An auditor: audit (as by default) or mirror. A village: query, share, train, "
                  "audit or mirror. May be repeated, or given with commas between")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_village_grant_options(grant, wanted->village);
  CLI::Option* records =
      grant.add_option("--record", wanted->records, "Only this record; may be repeated")
          ->type_name("RECORD")
          ->allow_extra_args(false);
  grant.add_option("--label", wanted->labels, "Only records with this label; may be repeated")
      ->allow_extra_args(false)
      ->excludes(records);
  grant.add_flag("--must-attribute", wanted->obligations.attribute,
                 "They must say where it is from");
  grant.add_flag("--must-delete", wanted->obligations.delete_on_revocation,
                 "They must delete what they have when consent ends");
  grant.add_flag("--must-report", wanted->obligations.report_use, "They must report what they did");
  grant.add_option("--tikanga", wanted->tikanga, "Terms in your own words: plain and permanent");
  add_author_options(grant, wanted->author);
  CLI::App& list = *grant.add_subcommand("list", "List consent given, and whether it is live");
  context.on_run(list, [&context] { return run_grant_list(context); });
  context.on_run(grant, [&context, &grant, wanted]() -> Result<void> {
    if (!grant.get_subcommands().empty()) return {};
    return run_grant(context, *wanted);
  });
}

}  // namespace holdfast::cli
