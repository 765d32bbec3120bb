// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/verified_bundle.h"

#include <filesystem>
#include <thread>

#include "api/cli/progress.h"
#include "api/cli/visible.h"
#include "verifier/replay.h"

namespace holdfast::cli {
namespace {

Error not_verified(Context& context, const std::string& bundle, const verifier::Verdict& verdict) {
  Error error = verdict.error.value_or(Error{Code::kUnavailable, "", "", "", "all of it"});
  if (verdict.outcome == verifier::Outcome::kCannotTell) error.code = Code::kUnavailable;
  error.what = "bundle " + visible_line(bundle) + ", " + verifier::outcome_name(verdict.outcome) +
               (verdict.entry ? " at entry " + std::to_string(verdict.entry->value) : "") + ": " +
               error.what;
  if (verdict.counts.withheld == 0) return error;
  return context.hint(std::move(error),
                      std::to_string(verdict.counts.withheld) +
                          " of its statements are withheld: a bundle to open is written by "
                          "`holdfast export DIR --view=full`");
}

}  // namespace

Result<Bundle> verified_bundle(Context& context, const std::string& directory,
                               const StatementId& village) {
  if (std::error_code ignored; !std::filesystem::is_directory(directory, ignored))
    return Error{Code::kNotFound, "", "bundle " + visible_line(directory), "no directory",
                 "one that `holdfast export --view=full` wrote"};
  TRY_ASSIGN(auto source, verifier::DirectorySource::open(directory));
  Progress progress("verifying", "entries", 0, context.progress_enabled());
  verifier::ReplayOptions how;
  how.jobs = std::max(1u, std::thread::hardware_concurrency());
  how.require_full = true;
  how.progress = [&progress, before = std::uint64_t{0}](std::uint64_t done,
                                                        std::uint64_t all) mutable {
    progress.set_total(all);
    progress.advance(done - before);
    before = done;
  };
  verifier::Verdict verdict = verifier::replay(source, {village, std::nullopt}, how);
  if (verdict.outcome != verifier::Outcome::kVerified)
    return not_verified(context, directory, verdict);
  TRY_ASSIGN(const Bytes checkpoint, source.read("checkpoint", model::kNoteBytesMax));
  return Bundle{std::move(source), std::move(verdict), std::string(as_text(checkpoint))};
}

}  // namespace holdfast::cli
