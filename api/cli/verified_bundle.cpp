// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/verified_bundle.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "api/cli/progress.h"
#include "api/cli/visible.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "verifier/layout.h"
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

// As verifier::require_full, but that entries before `known` may be unchecked.
void require_from(verifier::Verdict& verdict, TreeSize known) {
  if (verdict.outcome != verifier::Outcome::kVerified) return;
  const auto& listed = verdict.unchecked;
  const auto beyond = std::find_if(listed.begin(), listed.end(), [known](const auto& range) {
    return range.last.value >= known.value;
  });
  // What is beyond the list cannot be told.
  const bool is_cut = listed.size() == verifier::kUncheckedListed;
  if (beyond == listed.end() && !is_cut) return;
  verdict.outcome = verifier::Outcome::kCannotTell;
  if (beyond != listed.end()) verdict.entry = std::max(beyond->first, LeafIndex{known.value});
  verdict.error = Error{Code::kUnavailable, "", "entries that could not be checked in full",
                        std::to_string(verdict.unchecked_entries) +
                            (beyond != listed.end() ? ", this one because: " + beyond->why : ""),
                        "none" + (known.value > 0 ? " from entry " + std::to_string(known.value) +
                                                        " on, where the copy at hand ends"
                                                  : std::string())};
}

}  // namespace

Result<Bundle> verified_bundle(Context& context, const std::string& directory,
                               const StatementId& village, TreeSize known) {
  if (std::error_code ignored; !std::filesystem::is_directory(directory, ignored))
    return Error{Code::kNotFound, "", "bundle " + visible_line(directory), "no directory",
                 "one that `holdfast export --view=full` wrote"};
  TRY_ASSIGN(auto source, verifier::DirectorySource::open(directory));
  Progress progress("verifying", "entries", 0, context.progress_enabled());
  verifier::ReplayOptions how;
  how.jobs = std::max(1u, std::thread::hardware_concurrency());
  how.progress = [&progress, before = std::uint64_t{0}](std::uint64_t done,
                                                        std::uint64_t all) mutable {
    progress.set_total(all);
    progress.advance(done - before);
    before = done;
  };
  verifier::Verdict verdict = verifier::replay(source, {village, std::nullopt}, how);
  require_from(verdict, known);
  if (verdict.outcome != verifier::Outcome::kVerified)
    return not_verified(context, directory, verdict);
  TRY_ASSIGN(const Bytes checkpoint, source.read("checkpoint", model::kNoteBytesMax));
  return Bundle{std::move(source), std::move(verdict), std::string(as_text(checkpoint))};
}

namespace {

Bytes copy_of(ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); }

Error gone_since(const std::string& path) {
  return {Code::kUnavailable, "", path, "gone since it was verified",
          "a bundle that nobody changes meanwhile"};
}

}  // namespace

Result<void> add_entries(Context& context, const Bundle& bundle, log::Restorer& restorer) {
  const std::uint64_t all = bundle.verdict.size.value;
  const std::uint64_t begin = restorer.size().value;
  const bool has_openings = !bundle.source.list("openings").empty();
  Progress progress("restoring", "entries", all - begin, context.progress_enabled());
  for (const merkle::BundleId& id : merkle::bundles_of(bundle.verdict.size)) {
    const std::uint64_t first = id.index * merkle::kTileWidth;
    if (first + id.width <= begin) continue;
    TRY_ASSIGN(const auto entries, load(bundle.source, verifier::Folder::kEntries, id));
    TRY_ASSIGN(const auto statements, load(bundle.source, verifier::Folder::kStatements, id));
    verifier::Loaded openings;
    if (has_openings) {
      TRY_ASSIGN(openings, load(bundle.source, verifier::Folder::kOpenings, id));
    }
    if (!entries.present || !statements.present)
      return gone_since((entries.present ? statements : entries).path);
    for (std::size_t i = first < begin ? begin - first : 0; i < id.width; ++i) {
      const bool last = first + i + 1 == all;
      TRY(restorer.add({copy_of(entries.items[i]), copy_of(statements.items[i]),
                        openings.present ? copy_of(openings.items[i]) : Bytes()},
                       last ? bundle.checkpoint : std::string()));
      progress.advance(1);
    }
  }
  TRY(restorer.finish());
  if (restorer.root() == bundle.verdict.root) return {};
  return Error{Code::kInvalid, "", "root of what was restored", restorer.root().hex(),
               bundle.verdict.root.hex() + ", which was verified: a bundle that nobody changes"};
}

Result<std::vector<Root>> roots_in(const Bundle& bundle, const std::vector<TreeSize>& sizes) {
  std::vector<Root> roots;
  merkle::CompactRange range;
  for (const merkle::BundleId& id : merkle::bundles_of(bundle.verdict.size)) {
    if (roots.size() == sizes.size()) break;
    TRY_ASSIGN(const auto entries, load(bundle.source, verifier::Folder::kEntries, id));
    if (!entries.present) return gone_since(entries.path);
    for (const ByteView entry : entries.items) {
      range.append(merkle::leaf_hash(entry));
      while (roots.size() < sizes.size() && sizes[roots.size()] == range.size())
        roots.push_back(range.root());
    }
  }
  CHECK(roots.size() == sizes.size());
  return roots;
}

}  // namespace holdfast::cli
