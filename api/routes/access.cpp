// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/access.h"

#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"

namespace holdfast::routes {
namespace {

Error refused(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kUnauthorised, rule, std::move(what), std::move(found), std::move(want)};
}

std::string target_of(const http::Request& request) {
  return request.query.empty() ? request.path : request.path + "?" + request.query;
}

Result<void> check_claim(const model::AccessClaim& claim, const http::Request& request,
                         const StatementId& village, Seconds now) {
  if (claim.village != village)
    return refused("ACCESS-2", "token: village", claim.village.hex(), village.hex());
  if (claim.method != request.method || claim.target != target_of(request))
    return refused("ACCESS-2", "token: request", claim.method + " " + claim.target.substr(0, 200),
                   request.method + " " + target_of(request).substr(0, 200));
  if (claim.not_after <= now || claim.not_after > now + model::kAccessAheadMax)
    return refused("ACCESS-3", "token: notAfter", format_time(claim.not_after),
                   "after " + format_time(now) + ", the time here, by at most " +
                       std::to_string(model::kAccessAheadMax) + " seconds");
  return {};
}

}  // namespace

Result<std::optional<model::AccessClaim>> Access::claim(const http::Request& request,
                                                        log::Readers& readers) {
  const auto field = request.header("Authorization");
  if (!field) return std::optional<model::AccessClaim>();
  TRY_ASSIGN(const model::AccessToken token, model::parse_authorization(*field));
  TRY_ASSIGN(model::AccessClaim claim, model::decode_access_claim(token.claim));
  const Seconds now = clock_.now();
  TRY(check_claim(claim, request, village_, now));
  if (!crypto::verify(claim.key, model::access_message(token.claim), token.signature))
    return refused("ACCESS-1", "token: signature", "one that does not verify",
                   "one by the key that the token names");
  TRY_ASSIGN(const bool known, readers.with_newest([&](log::Reader& reader) {
    return log::Audience(reader, {false, claim.key, claim.grants}, now).is_known();
  }));
  if (!known)
    return refused("ACCESS-5", "token: key",
                   crypto::key_id(claim.key).hex() + ", which is nobody's",
                   "a guardian's, an agent's, or an auditor's, who names a grant to that key");
  TRY(remember({crypto::key_id(claim.key), claim.nonce}, claim.not_after, now));
  return std::optional(std::move(claim));
}

Result<log::Asker> Access::asker(const http::Request& request, log::Readers& readers) {
  if (request.is_local) return log::Asker{true, std::nullopt, {}};
  TRY_ASSIGN(auto shown, claim(request, readers));
  if (!shown) return log::Asker{};
  return log::Asker{false, shown->key, std::move(shown->grants)};
}

Result<void> Access::may_act(const http::Request& request, const std::string& digest,
                             log::Readers& readers) {
  if (request.is_local) return {};
  TRY_ASSIGN(const auto shown, claim(request, readers));
  if (!shown)
    return refused("ACCESS-6", "acting in the village's name", "nobody that is known",
                   "a token of an agent's that may act, or the village's own socket");
  // Which nonces were used is in memory alone.
  if (shown->not_after <= started_at_ + model::kAccessAheadMax)
    return Error{Code::kUnavailable, "ACCESS-4", "token: nonce",
                 "one that may have been used before this server was started",
                 "a token that is made anew, within a minute"};
  const KeyId id = crypto::key_id(shown->key);
  TRY_ASSIGN(const bool acts, readers.with_newest([&](log::Reader& reader) -> Result<bool> {
    TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAgent, id));
    if (!subject || subject->value.status != model::Status::kActive) return false;
    TRY_ASSIGN(const auto agent, model::decode_own_detail<model::AgentDetail>(subject->detail));
    return agent.capability == model::Capability::kAct;
  }));
  if (!acts)
    return refused("ACCESS-6", "token: key", id.hex() + ", which is no agent's that may act",
                   "an agent's: `holdfast key agent KEY --may=act`");
  const std::string hash = format_hex(crypto::sha256(as_bytes(request.body)));
  if (digest != hash)
    return refused("ACCESS-6", "parameter body", digest.empty() ? "none" : digest.substr(0, 64),
                   "the SHA-256 of the body, " + hash);
  return {};
}

// Behind everything else: who is nobody here fills no memory, and who is somebody only a share.
Result<void> Access::remember(const Nonce& nonce, Seconds not_after, Seconds now) {
  const std::lock_guard lock(mutex_);
  while (!by_end_.empty() && by_end_.begin()->first <= now) {
    const Nonce& over = by_end_.begin()->second;
    seen_.erase(over);
    if (const auto at = by_key_.find(over.first); --at->second == 0) by_key_.erase(at);
    by_end_.erase(by_end_.begin());
  }
  if (seen_.contains(nonce))
    return refused("ACCESS-4", "token: nonce", "one that was used already",
                   "a token of its own for each request");
  std::size_t& of_key = by_key_[nonce.first];
  if (seen_.size() >= kNoncesMax || of_key >= kNoncesPerKeyMax) {
    if (of_key == 0) by_key_.erase(nonce.first);
    return Error{Code::kUnavailable, "", "tokens", "too many within a minute", "fewer"};
  }
  ++of_key;
  seen_.insert(nonce);
  by_end_.emplace(not_after, nonce);
  return {};
}

}  // namespace holdfast::routes
