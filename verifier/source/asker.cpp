// SPDX-License-Identifier: AGPL-3.0-or-later
#include "verifier/source/asker.h"

#include <algorithm>

#include "ledger/model/access.h"
#include "net/url.h"

namespace holdfast::verifier {
namespace {

// What stands behind scheme and host.
std::string target_of(const std::string& url) {
  const std::size_t host = url.find("://");
  CHECK(host != std::string::npos);
  const std::size_t path = url.find('/', host + 3);
  return path == std::string::npos ? "/" : url.substr(path);
}

}  // namespace

Result<Asker> Asker::make(crypto::SigningKey key, const StatementId& village,
                          std::vector<StatementId> grants, const Clock& clock,
                          crypto::Random& random) {
  std::sort(grants.begin(), grants.end());
  grants.erase(std::unique(grants.begin(), grants.end()), grants.end());
  if (grants.size() > model::kAccessGrantsMax)
    return Error{Code::kMalformed, "BOUND-2", "grants", std::to_string(grants.size()),
                 "at most " + std::to_string(model::kAccessGrantsMax)};
  return Asker(std::move(key), village, std::move(grants), clock, random);
}

std::string Asker::authorization(const std::string& url) const {
  model::AccessClaim claim;
  claim.village = village_;
  claim.key = key_.public_key();
  claim.method = "GET";
  claim.target = target_of(url);
  random_.fill(claim.nonce);
  claim.not_after = clock_.now() + kGoodFor;
  claim.grants = grants_;
  const auto token = model::sign_access(claim, key_);
  CHECK(token.has_value());
  return model::format_authorization(*token);
}

std::string access_rule_in(ByteView problem) {
  constexpr std::string_view kRule = "\"ACCESS-";
  const std::string_view text = as_text(problem);
  const std::size_t at = text.find(kRule);
  if (at == std::string_view::npos || text.size() < at + kRule.size() + 2) return "";
  const char digit = text[at + kRule.size()];
  if (digit < '1' || digit > '5' || text[at + kRule.size() + 1] != '"') return "";
  return std::string(text.substr(at + 1, kRule.size()));
}

Result<void> check_unheard(const std::string& url) {
  TRY_ASSIGN(const std::string base, net::parse_base_url(url));
  constexpr std::string_view kPlain = "http://";
  if (!base.starts_with(kPlain)) return {};
  std::string_view host = std::string_view(base).substr(kPlain.size());
  host = host.substr(0, host.find('/'));
  if (host.starts_with("[::1]")) return {};
  host = host.substr(0, host.find(':'));
  const bool is_ours =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  if (is_ours || host == "localhost") return {};
  return Error{Code::kMalformed, "", "--key", "beside " + base,
               "https, or an address of this machine: over http others listen"};
}

}  // namespace holdfast::verifier
