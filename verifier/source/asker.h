// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "ledger/core/digest.h"
#include "ledger/core/time.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/random.h"

namespace holdfast::verifier {

// Shows a server who asks, where it shows more to some than to all. Source: spec/access.md.
// Threads: any.
class Asker {
 public:
  // A token is good for so long: less than a server allows, whose clock may be somewhat behind.
  static constexpr Seconds kGoodFor = 45;

  // `grants` to audit, given to this key, that it rests on; at most 32. Errors: kMalformed.
  static Result<Asker> make(crypto::SigningKey key, const StatementId& village,
                            std::vector<StatementId> grants, const Clock& clock,
                            crypto::Random& random);

  // The value of the field Authorization for one GET of this URL, soon. CHECKs that a token can
  // name its path, which has at most 4 KiB: what lies below a URL that net::parse_base_url lets
  // pass.
  std::string authorization(const std::string& url) const;

 private:
  Asker(crypto::SigningKey key, const StatementId& village, std::vector<StatementId> grants,
        const Clock& clock, crypto::Random& random)
      : key_(std::move(key)),
        village_(village),
        grants_(std::move(grants)),
        clock_(clock),
        random_(random) {}

  crypto::SigningKey key_;
  StatementId village_;
  std::vector<StatementId> grants_;  // sorted
  const Clock& clock_;
  crypto::Random& random_;
};

// That whoever asks there can show who he is: over https, or to his own machine. Else whoever
// listens reads what he is shown, and whoever comes first uses his token. Errors: kMalformed.
Result<void> check_unheard(const std::string& url);

// Which requirement on tokens a server says was broken, of a body that is a problem
// (spec/http.md#errors): "ACCESS-3"; "" where it names none. The server's word alone.
std::string access_rule_in(ByteView problem);

}  // namespace holdfast::verifier
