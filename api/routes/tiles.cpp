// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/tiles.h"

#include "api/routes/witnessing.h"
#include "ledger/merkle/tile.h"

namespace holdfast::routes {
namespace {

Error no_such_file(std::string_view path) {
  return {Code::kNotFound, "", std::string(path.substr(0, 200)), "no such file", ""};
}

// Whether all of the bundle is below the reader's size. A partial one is only served where a tree
// may have ended there: every size that had a checkpoint is some size below.
Result<void> check_within(const log::Reader& reader, const merkle::BundleId& bundle,
                          std::string_view path) {
  const std::uint64_t size = reader.size().value;
  if (bundle.index > size / merkle::kTileWidth) return no_such_file(path);
  if (bundle.index * merkle::kTileWidth + bundle.width > size) return no_such_file(path);
  return {};
}

Result<merkle::BundleId> bundle_of(const Call& call, std::string_view rest) {
  auto bundle = merkle::parse_bundle_path("tile/entries/" + std::string(rest));
  if (!bundle) return no_such_file(call.request.path);
  TRY(check_within(call.reader, *bundle, call.request.path));
  return *bundle;
}

Result<http::Response> entry_bundle(Call& call, std::string_view rest) {
  TRY_ASSIGN(const merkle::BundleId bundle, bundle_of(call, rest));
  Bytes out;
  const std::uint64_t first = bundle.index * merkle::kTileWidth;
  for (std::uint64_t i = first; i < first + bundle.width; ++i) {
    TRY_ASSIGN(const Bytes entry, call.reader.entry({i}));
    append_u16be(out, static_cast<std::uint16_t>(entry.size()));
    append(out, entry);
  }
  return answer_bytes(out);
}

Result<http::Response> hash_tile(Call& call) {
  const auto tile = merkle::parse_tile_path(call.request.path.substr(1));
  if (!tile) return no_such_file(call.request.path);
  const auto bytes = call.reader.tile(*tile);
  if (!bytes && bytes.error().code == Code::kNotFound) return no_such_file(call.request.path);
  if (!bytes) return bytes.error();
  return answer_bytes(*bytes);
}

template <typename Read>
Result<http::Response> bundle_with(Call& call, const Read& read) {
  TRY_ASSIGN(const merkle::BundleId bundle, bundle_of(call, call.args.front()));
  Bytes out;
  const std::uint64_t first = bundle.index * merkle::kTileWidth;
  for (std::uint64_t i = first; i < first + bundle.width; ++i) {
    TRY_ASSIGN(const Bytes item, read(LeafIndex{i}));
    append_u32be(out, static_cast<std::uint32_t>(item.size()));
    append(out, item);
  }
  return answer_bytes(out);
}

}  // namespace

Result<http::Response> get_checkpoint(Call& call) {
  return answer_text(with_cosignatures(call.cosigning, call.reader.checkpoint()));
}

Result<http::Response> get_tile(Call& call) {
  const std::string_view rest = call.args.front();
  constexpr std::string_view kEntries = "entries/";
  return rest.starts_with(kEntries) ? entry_bundle(call, rest.substr(kEntries.size()))
                                    : hash_tile(call);
}

Result<http::Response> get_statement_bundle(Call& call) {
  return bundle_with(call, [&](LeafIndex index) -> Result<Bytes> {
    TRY_ASSIGN(Bytes bytes, call.reader.signed_statement(index));
    TRY_ASSIGN(const bool shown, call.audience.may_read(index));
    return shown ? std::move(bytes) : Bytes();
  });
}

Result<http::Response> get_change_bundle(Call& call) {
  TRY_ASSIGN(http::Response response,
             bundle_with(call, [&](LeafIndex index) { return call.reader.change_pairs(index); }));
  return response;
}

Result<http::Response> get_opening_bundle(Call& call) {
  return bundle_with(call, [&](LeafIndex index) -> Result<Bytes> {
    TRY_ASSIGN(Bytes opening, call.reader.opening(index));
    if (opening.empty()) return opening;
    TRY_ASSIGN(const bool shown, call.audience.may_read_opening(index));
    return shown ? std::move(opening) : Bytes();
  });
}

}  // namespace holdfast::routes
