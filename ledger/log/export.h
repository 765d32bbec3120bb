// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/reader.h"

// A village's ledger as plain files that an auditor carries away and checks without a database.
//
//   checkpoint                      the signed note; written last
//   holdfast-export                 three lines: format, "village <id>", "view <full or open>"
//   tile/<L>/<N>[.p/<W>]            C2SP tlog-tiles: hashes
//   tile/entries/<N>[.p/<W>]        C2SP tlog-tiles: u16be length and entry, up to 256 times
//   statements/<N>[.p/<W>]          u32be length and signed statement; length 0: withheld
//   changes/<N>[.p/<W>]             u32be length and change pairs; length 0: none
//
// `openings/` appears as soon as some kind of statement has one; no kind of rules version 1 does.
// Source: C2SP tlog-tiles; spec/log.md, "Export".
namespace holdfast::log {

// Who the export is for. kOpen withholds the statements whose visibility is not open.
enum class ExportView { kOpen, kFull };
const char* export_view_name(ExportView view);

// Which view the export of this village in a directory has; nothing where a change of it was
// interrupted. Errors: kNotFound where no export is there; kConflict where it is another village's.
Result<std::optional<ExportView>> view_of_export(const std::string& directory,
                                                 const StatementId& village);

// Called often with files done and files to do; answering false ends the work between two files.
using ExportProgress = std::function<bool(std::uint64_t done, std::uint64_t all)>;

struct ExportSummary {
  TreeSize size_before;  // of the export that was there; 0 for a new one
  TreeSize size;
  std::uint64_t files = 0;          // written now
  std::uint64_t bytes = 0;          // in them
  std::uint64_t files_removed = 0;  // partial tiles that full ones took the place of
  std::uint64_t withheld = 0;       // statements in the files written now
};

// Writes the snapshot to `directory`, which is made if it is missing, empty, or an export of the
// same village; that one is brought up to date. Files below its checkpoint are immutable and stay;
// the rest is written, put on disk, and only then covered by the new checkpoint, so an export that
// was interrupted is still the older one, and running again completes it. Errors: kConflict if
// something else is in the directory, or an export that this ledger is no continuation of;
// kUnavailable (disk, or ended by `progress`); those of the reader.
Result<ExportSummary> export_log(Reader& reader, const std::string& directory, ExportView view,
                                 const ExportProgress& progress);

struct ContentsSummary {
  std::uint64_t records = 0;    // files there now
  std::uint64_t written = 0;    // of them new
  std::uint64_t removed = 0;    // whose record was withdrawn, erased, superseded or closed since
  std::uint64_t kept_back = 0;  // live records whose policy says no
  std::uint64_t missing = 0;    // allowed, but their content is not held here
};

// Writes the contents that may leave the village, canonical Content files named by record id in
// hex: those of live records whose policy says export. Files of others that an earlier run wrote
// are removed. Errors: kConflict if the directory holds anything else; as above.
Result<ContentsSummary> export_contents(Reader& reader, const std::string& directory,
                                        const ExportProgress& progress);

// The names of the content files that are there: record ids in hex, sorted. Errors: kConflict if
// the directory holds anything else, or contents of another village; kNotFound; kUnavailable.
Result<std::vector<std::string>> exported_contents(const std::string& directory,
                                                   const StatementId& village);

}  // namespace holdfast::log
