// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <memory>

#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kRevokeHelp =
    "End consent, at once and for good. Any one guardian of the grant's domain can do it alone "
    "(any\n"
    "one of the council for the council's). A new grant is needed to give consent again.\n"
    "\n"
    "An older copy of the village, put back, may not know the grant. There the grant's whole id "
    "and its\n"
    "--domain (or --council) do: it is stored, and in force as soon as the newer copy is back.";

struct Revoke {
  std::string grant;
  std::string domain;
  bool council = false;
  AuthorOptions author;
};

// What to revoke, and whose it is.
struct Revoked {
  StatementId grant;
  StatementId domain;
  bool known = true;  // to this copy of the log
};

// The domain that --domain or --council names; nothing where neither is given.
Result<std::optional<StatementId>> named_domain(log::Reader& reader, const Revoke& revoke) {
  if (revoke.council) return std::optional(reader.village());
  if (revoke.domain.empty()) return std::optional<StatementId>();
  TRY_ASSIGN(const StatementId id,
             value_of("--domain", revoke.domain, locate_domain(reader, revoke.domain)));
  return std::optional(id);
}

// The whole id of a grant that is not in this log, where somebody says whose it is.
Result<Revoked> unknown_grant(Context& context, const Revoke& revoke, const Error& not_found,
                              const std::optional<StatementId>& domain) {
  const auto id = parse_hex(revoke.grant);
  if (not_found.code != Code::kNotFound || !id || id->size() != kDigestBytes) return not_found;
  if (!domain)
    return context.hint(not_found,
                        "where this copy of the village is older than the grant, name its domain: "
                        "--domain DOMAIN, or --council");
  return Revoked{StatementId::from(*id), *domain, false};
}

Result<Revoked> what_to_revoke(Context& context, log::Reader& reader, const Revoke& revoke) {
  TRY_ASSIGN(const auto named, named_domain(reader, revoke));
  const auto found =
      argument_of("GRANT", revoke.grant, locate(reader, revoke.grant, model::Kind::kGrant));
  if (!found) return unknown_grant(context, revoke, found.error(), named);
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kGrant, found->id));
  if (!subject)
    return Error{Code::kNotFound, "", "grant " + found->id.hex(), "no state of it", "a grant"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject->detail));
  if (named && *named != detail.terms.domain)
    return Error{Code::kInvalid, "", "grant " + found->id.hex(),
                 "one of " + visible_line(domain_name(reader, detail.terms.domain)),
                 "a grant of the domain that was named"};
  return Revoked{found->id, detail.terms.domain};
}

Result<void> run_revoke(Context& context, const Revoke& revoke) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const Revoked revoked, what_to_revoke(context, *reader, revoke));
  const StatementId domain = revoked.domain;
  TRY_ASSIGN(Need need,
             domain == reader->village() ? council_need(*reader) : domain_need(*reader, domain));
  TRY_ASSIGN(model::Visibility visibility, visibility_of(context, revoke.author));
  visibility = std::min(visibility, model::Visibility::kParties);
  TRY_ASSIGN(Outcome outcome,
             author(context, {{visibility, model::Revocation{domain, revoked.grant}, {}}},
                    {any_one(std::move(need))}, revoke.author));
  outcome.subjects = {"grant " + revoked.grant.hex()};
  context.report().set("known", revoked.known);
  if (!revoked.known)
    context.report().line(
        "This copy of the village does not know that grant: nothing here could check that it is "
        "one.");
  report_outcome(context, outcome, "revoked");
  return {};
}

}  // namespace

void add_revoke_command(CLI::App& app, Context& context) {
  auto revoke = std::make_shared<Revoke>();
  CLI::App& command = *app.add_subcommand("revoke", kRevokeHelp);
  command
      .add_option("grant", revoke->grant, "The grant: id, the first 8 or more digits of it, or #N")
      ->required()
      ->type_name("GRANT");
  CLI::Option* domain =
      command
          .add_option("--domain", revoke->domain,
                      "Whose grant it is; needed only where this copy does not know the grant")
          ->type_name("DOMAIN");
  command.add_flag("--council", revoke->council, "It is the council's")->excludes(domain);
  add_author_options(command, revoke->author);
  context.on_run(command, [&context, revoke] { return run_revoke(context, *revoke); });
}

}  // namespace holdfast::cli
