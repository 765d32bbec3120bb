// SPDX-License-Identifier: AGPL-3.0-or-later
#include <memory>

#include "api/cli/authority.h"
#include "api/cli/commands.h"
#include "api/cli/files.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "api/cli/words.h"
#include "ledger/model/bounds.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kDomainNewHelp =
    "Make a domain: a named area with guardians of its own. The council agrees to it, and each of "
    "its\n"
    "guardians signs, so that nobody is named who does not hold the key. From then on the council\n"
    "cannot sign for it, nor any other domain.\n"
    "\n"
    "Example:  holdfast domain new kelp --title \"Kelp and shore\"\n"
    "          holdfast domain new songs --title Songs --guardian mere --guardian ed25519:... \\\n"
    "              --threshold 2";

struct NewDomain {
  std::string slug;
  std::string title;
  std::vector<std::string> guardians;
  unsigned threshold = 1;
  std::string tikanga;
  std::string tikanga_file;
  model::Disclosure disclosure;
  SpareOptions spares;
  AuthorOptions author;
};

Result<std::string> tikanga_of(const NewDomain& wanted) {
  if (wanted.tikanga_file.empty()) return wanted.tikanga;
  TRY_ASSIGN(const Bytes bytes, read_file(wanted.tikanga_file, 4096));
  return std::string(as_text(bytes));
}

// Where no guardian is named: the keys at hand that sit on the council.
Result<std::vector<model::PublicKey>> founders(Context& context, const Need& council) {
  TRY_ASSIGN(const auto stored, context.keys_at_hand());
  for (const StoredKey& key : stored)
    if (std::find(council.keys.begin(), council.keys.end(), key.id()) != council.keys.end())
      return std::vector{key.file.public_key};
  return Error{Code::kInvalid, "", "--guardian", "none, and no key of the council at hand",
               "at least one guardian"};
}

Result<void> run_new(Context& context, const NewDomain& wanted) {
  TRY(model::check_text(wanted.slug, model::bounds::kSlug, "slug of the domain"));
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Need council, council_need(*reader));
  TRY_ASSIGN(const GivenKeys given, given_keys(context, wanted.guardians));
  model::Domain domain;
  domain.slug = wanted.slug;
  domain.title = wanted.title;
  domain.disclosure = wanted.disclosure;
  TRY_ASSIGN(domain.tikanga, tikanga_of(wanted));
  domain.guardians.threshold = static_cast<std::uint16_t>(wanted.threshold);
  domain.guardians.keys = given.keys;
  if (given.keys.empty()) {
    TRY_ASSIGN(domain.guardians.keys, founders(context, council));
  }
  Undo undo;
  TRY_ASSIGN(const NextSpares spares, next_spares(context, wanted.spares, wanted.slug, 1, undo));
  domain.next = spares.next;

  const Need guardians = everyone(domain.guardians, "the new guardians");
  const Result<Outcome> outcome = author(context, {{model::Visibility::kOpen, domain, {}}},
                                         {council, guardians}, wanted.author, given.files);
  if (!outcome) return settle(context, undo, outcome.error(), spares.made_in);
  undo.keep();
  report_outcome(context, *outcome, "made the domain " + wanted.slug + ":");
  report_spares(context, spares);
  return {};
}

// --- list, show
// -----------------------------------------------------------------------------------

struct DomainView {
  StatementId id;
  model::StateValue value;
  model::Domain statement;
  model::AuthorityDetail authority;
};

Result<DomainView> view_of(log::Reader& reader, const StatementId& id) {
  DomainView view{id, {}, {}, {}};
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kDomain, id));
  TRY_ASSIGN(const auto authority, reader.find(model::StateClass::kAuthority, id));
  if (!subject || !authority)
    return Error{Code::kNotFound, "", "domain " + id.hex(), "no state of it", "a domain"};
  view.value = subject->value;
  TRY_ASSIGN(view.authority, model::decode_own_detail<model::AuthorityDetail>(authority->detail));
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(view.value.first_index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(const auto statement, model::decode_statement(signed_statement.statement));
  const auto* domain = std::get_if<model::Domain>(&statement.body);
  if (domain == nullptr)
    return Error{Code::kInvalid, "", "entry " + std::to_string(view.value.first_index.value),
                 model::kind_name(statement.kind()), "a domain"};
  view.statement = *domain;
  return view;
}

Json json_of(const DomainView& view) {
  Json guardians = Json::array();
  for (const auto& key : view.authority.current.keys)
    guardians.push_back(crypto::format_public_key(key));
  Json spares = Json::array();
  for (const KeyId& id : view.authority.next.key_ids) spares.push_back(id.hex());
  return {{"id", view.id.hex()},
          {"slug", view.statement.slug},
          {"title", view.statement.title},
          {"status", model::status_name(view.value.status)},
          {"index", view.value.first_index.value},
          {"threshold", view.authority.current.threshold},
          {"guardians", guardians},
          {"spareThreshold", view.authority.next.threshold},
          {"spares", spares},
          {"tikanga", view.statement.tikanga}};
}

Result<std::vector<DomainView>> all_domains(log::Reader& reader) {
  std::vector<std::string> slugs;
  TRY(reader.each_subject(model::StateClass::kDomain, [&](const rules::Subject& subject) {
    if (const auto detail = model::decode_own_detail<model::DomainDetail>(subject.detail))
      slugs.push_back(detail->slug);
    return true;
  }));
  std::vector<DomainView> views;
  for (const std::string& slug : slugs) {
    TRY_ASSIGN(const StatementId id, locate_domain(reader, slug));
    TRY_ASSIGN(DomainView view, view_of(reader, id));
    views.push_back(std::move(view));
  }
  return views;
}

Result<void> run_domain_list(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const auto views, all_domains(*reader));
  Report& report = context.report();
  if (views.empty()) report.line("No domains. `holdfast domain new SLUG --title ...` makes one.");
  report.begin_list("domains");
  for (const DomainView& view : views) {
    report.line(short_id(view.id) + "  " + visible_line(view.statement.slug) + "  " +
                std::to_string(view.authority.current.threshold) + " of " +
                std::to_string(view.authority.current.keys.size()) + " guardians  \"" +
                visible_line(view.statement.title) + "\"");
    report.item(json_of(view));
  }
  report.end_list();
  return {};
}

Result<void> run_domain_show(Context& context, const std::string& text) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const StatementId id, locate_domain(*reader, text));
  TRY_ASSIGN(const DomainView view, view_of(*reader, id));
  const KeyNames names = known_key_names(context);
  Report& report = context.report();
  report.field("domain", visible_line(view.statement.slug));
  report.field("id", view.id.hex());
  report.field("title", visible_line(view.statement.title));
  report.field("entry", "#" + std::to_string(view.value.first_index.value));
  report.field("threshold", std::to_string(view.authority.current.threshold) + " of " +
                                std::to_string(view.authority.current.keys.size()));
  for (const auto& key : view.authority.current.keys)
    report.field("guardian",
                 names.show(crypto::key_id(key)) + "  " + crypto::format_public_key(key));
  for (const KeyId& spare : view.authority.next.key_ids) report.field("spare", spare.hex());
  if (!view.statement.tikanga.empty())
    report.field("tikanga", visible_text(view.statement.tikanga));
  const Json json = json_of(view);
  for (const auto& [key, value] : json.items()) report.set(key, value);
  return {};
}

}  // namespace

void add_domain_command(CLI::App& app, Context& context) {
  CLI::App& domain = *app.add_subcommand("domain", "Domains: areas with guardians of their own");
  domain.require_subcommand(1);

  auto wanted = std::make_shared<NewDomain>();
  CLI::App& make = *domain.add_subcommand("new", kDomainNewHelp);
  make.add_option("slug", wanted->slug, "Its short name: a-z, 0-9 and '-'; permanent")
      ->required()
      ->type_name("SLUG");
  make.add_option("--title", wanted->title, "Its title: plain and permanent")->required();
  make.add_option(
          "--guardian", wanted->guardians,
          "A guardian: a name that `holdfast key list` shows, a key file, or ed25519:... May "
          "be repeated. Else your own key")
      ->type_name("KEY")
      ->allow_extra_args(false);
  make.add_option("--threshold", wanted->threshold, "How many guardians must agree to give")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  CLI::Option* tikanga =
      make.add_option("--tikanga", wanted->tikanga, "The domain's tikanga: plain and permanent");
  make.add_option("--tikanga-file", wanted->tikanga_file, "The same from a file")
      ->type_name("FILE")
      ->excludes(tikanga);
  make.add_option("--minimum-cell", wanted->disclosure.minimum_cell,
                  "Counts below this are never told")
      ->capture_default_str();
  make.add_option("--rounding", wanted->disclosure.rounding, "Counts are rounded to this")
      ->capture_default_str();
  add_spare_options(make, wanted->spares);
  add_author_options(make, wanted->author, false);
  context.on_run(make, [&context, wanted] { return run_new(context, *wanted); });

  CLI::App& list = *domain.add_subcommand("list", "List the domains");
  context.on_run(list, [&context] { return run_domain_list(context); });

  auto shown = std::make_shared<std::string>();
  CLI::App& show = *domain.add_subcommand("show", "Show a domain and who guards it");
  show.add_option("domain", *shown, "Its slug or id")->required()->type_name("DOMAIN");
  context.on_run(show, [&context, shown] { return run_domain_show(context, *shown); });
}

}  // namespace holdfast::cli
