// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/peer.h"

#include <algorithm>

#include "api/cli/commands.h"
#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "net/url.h"

namespace holdfast::cli {
namespace {

constexpr const char* kPeerHelp =
    "Other villages: meet one, agree on terms, and end what was agreed. Nothing is looked up "
    "anywhere:\n"
    "people hand a file over, each council signs the same terms, and both ledgers keep them.\n"
    "\n"
    "    one village                                   the other\n"
    "    holdfast peer invite ID ...   -> invitation ->  holdfast peer accept invitation\n"
    "    holdfast peer accept answer   <-   answer   <-";

constexpr std::size_t kPrefixDigits = 8;

bool fits(const std::string& text, const StatementId& id) {
  return text.size() >= kPrefixDigits && id.hex().starts_with(text);
}

}  // namespace

Result<model::PeerDetail> peer_detail_of(log::Reader& reader, const StatementId& peer) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kPeer, peer));
  if (!subject)
    return Error{Code::kNotFound, "", "village " + peer.hex(), "nothing of it in this ledger",
                 "one that this village has met"};
  return model::decode_own_detail<model::PeerDetail>(subject->detail);
}

Result<std::optional<MadeAgreement>> agreement_with(log::Reader& reader, const StatementId& peer) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kPeer, peer));
  if (!subject) return std::optional<MadeAgreement>();
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::PeerDetail>(subject->detail));
  TRY_ASSIGN(auto agreement, find_made<model::AgreementDetail>(reader, detail.agreement));
  return std::optional(std::move(agreement));
}

Result<MadeAgreement> peer_argument(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const auto all, all_made<model::AgreementDetail>(reader));
  std::optional<StatementId> found;
  for (const MadeAgreement& one : all) {
    TRY_ASSIGN(const auto peer, peer_detail_of(reader, one.detail.peer));
    if (!fits(text, one.id) && !fits(text, one.detail.peer) && text != peer.origin) continue;
    if (found && *found != one.detail.peer)
      return Error{Code::kConflict, "", "PEER",
                   "\"" + visible_line(text) + "\", which fits several", "more digits of an id"};
    found = one.detail.peer;
  }
  if (!found)
    return Error{Code::kNotFound, "", "PEER", "\"" + visible_line(text) + "\", which fits none",
                 "a village, an agreement or an origin that `holdfast peer list` shows"};
  TRY_ASSIGN(auto last, agreement_with(reader, *found));
  return *std::move(last);
}

Result<model::Introduction> read_introduction_file(const std::string& path) {
  TRY_ASSIGN(const Bytes bytes, read_file(path, model::kIntroductionBytesMax));
  auto introduction = model::decode_introduction(bytes);
  if (!introduction) {
    Error error = introduction.error();
    error.what =
        visible_line(path) + ", which is no invitation and no answer to one: " + error.what;
    return error;
  }
  return introduction;
}

Result<void> write_introduction(Context& context, const std::string& path,
                                const model::NewTerms& terms) {
  TRY_ASSIGN(log::Reader* const reader, context.fresh_reader());
  TRY_ASSIGN(const auto introduction, federation::introduce(*reader, terms));
  return create_file(path, model::encode_introduction(introduction));
}

Result<std::size_t> sign_for_council(Context& context, model::NewTerms& terms) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(Need council, council_need(*reader));
  TRY_ASSIGN(const auto subject, reader->find(model::StateClass::kAuthority, reader->village()));
  CHECK(subject);
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AuthorityDetail>(subject->detail));
  TRY_ASSIGN(const std::size_t signed_by, federation::count_signatures(terms, detail.current));
  if (signed_by >= council.threshold) return std::size_t{0};
  // Those that have signed already are not asked for their passphrases again.
  std::erase_if(council.keys, [&](const KeyId& id) {
    return std::any_of(terms.signatures.begin(), terms.signatures.end(),
                       [&](const auto& one) { return one.key_id == id; });
  });
  council.threshold -= signed_by;
  TRY_ASSIGN(const Signers signers, open_signers(context, std::span(&council, 1)));
  for (const crypto::SigningKey& key : signers.keys) federation::sign_terms(terms, key);
  return council.threshold - std::min(council.threshold, signers.keys.size());
}

Result<void> check_endpoint(const std::string& endpoint) {
  if (endpoint.empty()) return {};
  TRY(value_of("--endpoint", endpoint, net::parse_base_url(endpoint)));
  return {};
}

void report_terms(Report& report, const model::NewTerms& terms) {
  report.field("kind", model::agreement_kind_name(terms.terms.kind));
  report.field("purpose", visible_line(terms.terms.purpose));
  if (!terms.terms.text.empty()) report.field("terms", visible_text(terms.terms.text));
  report.field("revision", std::to_string(terms.terms.revision));
  report.field("terms hash", model::terms_hash(terms.terms).hex());
  report.set("terms", {{"kind", model::agreement_kind_name(terms.terms.kind)},
                       {"purpose", terms.terms.purpose},
                       {"text", terms.terms.text},
                       {"revision", terms.terms.revision},
                       {"hash", model::terms_hash(terms.terms).hex()}});
}

void add_peer_command(CLI::App& app, Context& context) {
  CLI::App& peer = *app.add_subcommand("peer", kPeerHelp);
  peer.require_subcommand(1);
  add_peer_invite_command(peer, context);
  add_peer_accept_command(peer, context);
  add_peer_list_command(peer, context);
  add_peer_change_commands(peer, context);
}

}  // namespace holdfast::cli
