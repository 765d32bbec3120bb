// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "ledger/log/sequencer.h"

namespace holdfast::cli {

// The most that is handed to a server at once, as the text that goes over its socket.
inline constexpr std::size_t kServerSubmissionBytesMax = std::size_t{48} << 20;

// Hands statements to the server that serves this village, over its own socket: one process is the
// writer then. Null where nobody answers there.
// Of what is submitted to it, kUnavailable without a reason to be read_only() says that nobody can
// tell whether it was sequenced; submitted again it has the same place.
std::unique_ptr<log::Submitter> find_server(const std::string& socket);

}  // namespace holdfast::cli
