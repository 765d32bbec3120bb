// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/access.h"

#include <algorithm>

#include "api/cli/commands.h"
#include "api/cli/flag.h"

namespace holdfast::cli {
namespace {

constexpr const char* kAccessHelp =
    "Make a token that shows a server who asks: for one request, within the next minute. Prints "
    "the\n"
    "field for the request's head:\n"
    "\n"
    "  curl -H \"$(holdfast access GET /v1/statements/12 --id ID --key auditor)\" http://...\n"
    "\n"
    "An auditor names the grants that he rests on, a peer's council the agreement with it. Needs no\n"
    "village on this machine";

// Less than a server allows, whose clock may be somewhat behind.
constexpr Seconds kGoodFor = 45;

struct AccessOptions {
  std::string method;
  std::string target;
  std::string village;
  std::vector<std::string> grants;
};

template <typename D>
Result<D> id_in(const char* flag, const std::string& text) {
  const auto bytes = parse_hex(text);
  if (bytes && bytes->size() == kDigestBytes) return D::from(*bytes);
  return value_of(flag, text,
                  Result<D>(Error{Code::kMalformed, "", "", "\"" + text + "\"", "64 hex digits"}));
}

// Which key asks must be plain: with several at hand one has to be named.
Result<StoredKey> the_key(Context& context) {
  TRY_ASSIGN(std::vector<StoredKey> keys, context.keys_at_hand());
  if (keys.size() == 1) return std::move(keys.front());
  return Error{Code::kMalformed, "", "--key", std::to_string(keys.size()) + " keys at hand",
               "the one that asks: a name that `holdfast key list` shows, or a key file"};
}

Result<void> make_token(Context& context, const AccessOptions& options) {
  model::AccessClaim claim;
  claim.method = options.method;
  claim.target = options.target;
  if (options.village.empty()) {
    TRY_ASSIGN(log::Reader* const reader, context.reader());
    claim.village = reader->village();
  } else {
    TRY_ASSIGN(claim.village, id_in<StatementId>("--id", options.village));
  }
  for (const std::string& text : options.grants) {
    TRY_ASSIGN(const auto grant, id_in<StatementId>("--grant", text));
    claim.grants.push_back(grant);
  }
  std::sort(claim.grants.begin(), claim.grants.end());
  claim.grants.erase(std::unique(claim.grants.begin(), claim.grants.end()), claim.grants.end());
  TRY_ASSIGN(const StoredKey stored, the_key(context));
  TRY_ASSIGN(const crypto::SigningKey key, context.passphrases().open_signing_key(stored.file));
  claim.key = key.public_key();
  context.random().fill(claim.nonce);
  claim.not_after = context.clock().now() + kGoodFor;
  TRY_ASSIGN(const model::AccessToken token, model::sign_access(claim, key));
  const std::string field = model::format_authorization(token);
  Report& report = context.report();
  report.set("authorization", field);
  report.set("notAfter", format_time(claim.not_after));
  report.line("Authorization: " + field);
  return {};
}

}  // namespace

void add_access_command(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand("access", kAccessHelp);
  auto options = std::make_shared<AccessOptions>();
  command->add_option("METHOD", options->method, "GET, POST, ...")->required();
  command->add_option("TARGET", options->target, "Path and query, as they are sent")->required();
  command
      ->add_option("--id", options->village,
                   "The id of the village that is asked; else that of the village at hand")
      ->type_name("ID");
  command
      ->add_option("--grant", options->grants,
                   "A grant to audit, by its id, given to the key that asks. May be repeated")
      ->type_name("ID")
      ->allow_extra_args(false);
  context.on_run(*command, [&context, options] { return make_token(context, *options); });
}

}  // namespace holdfast::cli
