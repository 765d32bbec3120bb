// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/codec.h"
#include "ledger/model/detail_parts.h"

namespace holdfast::model {
namespace {

// Which struct of the schema belongs to a class.
template <typename D>
struct WireOf;
template <>
struct WireOf<VillageDetail> : std::type_identity<wire::VillageDetail> {};
template <>
struct WireOf<AuthorityDetail> : std::type_identity<wire::AuthorityDetail> {};
template <>
struct WireOf<AgentDetail> : std::type_identity<wire::AgentDetail> {};
template <>
struct WireOf<DomainDetail> : std::type_identity<wire::DomainDetail> {};
template <>
struct WireOf<SlugDetail> : std::type_identity<wire::SlugDetail> {};
template <>
struct WireOf<RecordDetail> : std::type_identity<wire::RecordDetail> {};
template <>
struct WireOf<GrantDetail> : std::type_identity<wire::GrantDetail> {};
template <>
struct WireOf<GranteeDetail> : std::type_identity<wire::GranteeDetail> {};
template <>
struct WireOf<RevocationDetail> : std::type_identity<wire::RevocationDetail> {};
template <>
struct WireOf<SpentDetail> : std::type_identity<wire::SpentDetail> {};
template <>
struct WireOf<AgreementDetail> : std::type_identity<wire::AgreementDetail> {};
template <>
struct WireOf<ShapeDetail> : std::type_identity<wire::ShapeDetail> {};
template <>
struct WireOf<ModelDetail> : std::type_identity<wire::ModelDetail> {};
template <>
struct WireOf<SteeringDetail> : std::type_identity<wire::SteeringDetail> {};
template <>
struct WireOf<InferenceDetail> : std::type_identity<wire::InferenceDetail> {};
template <>
struct WireOf<ReceiptDetail> : std::type_identity<wire::ReceiptDetail> {};
template <>
struct WireOf<CompositionDetail> : std::type_identity<wire::CompositionDetail> {};
template <>
struct WireOf<TransferDetail> : std::type_identity<wire::TransferDetail> {};
template <>
struct WireOf<DecisionDetail> : std::type_identity<wire::DecisionDetail> {};
template <>
struct WireOf<DeliberationDetail> : std::type_identity<wire::DeliberationDetail> {};
template <>
struct WireOf<ReportDetail> : std::type_identity<wire::ReportDetail> {};
template <>
struct WireOf<ObservationDetail> : std::type_identity<wire::ObservationDetail> {};
template <>
struct WireOf<PeerDetail> : std::type_identity<wire::PeerDetail> {};
template <>
struct WireOf<ForeignGrantDetail> : std::type_identity<wire::ForeignGrantDetail> {};
template <>
struct WireOf<SequenceDetail> : std::type_identity<wire::SequenceDetail> {};

constexpr const char* kNames[] = {"none",
                                  "villageDetail",
                                  "authorityDetail",
                                  "agentDetail",
                                  "domainDetail",
                                  "slugDetail",
                                  "recordDetail",
                                  "grantDetail",
                                  "granteeDetail",
                                  "revocationDetail",
                                  "spentDetail",
                                  "agreementDetail",
                                  "shapeDetail",
                                  "modelDetail",
                                  "steeringDetail",
                                  "inferenceDetail",
                                  "receiptDetail",
                                  "compositionDetail",
                                  "transferDetail",
                                  "decisionDetail",
                                  "deliberationDetail",
                                  "reportDetail",
                                  "observationDetail",
                                  "peerDetail",
                                  "foreignGrantDetail",
                                  "sequenceDetail"};
static_assert(std::size(kNames) == kStateClassMax + 1);

}  // namespace

template <typename D>
Bytes encode_own_detail(const D& detail) {
  return encode_root<typename WireOf<D>::type>([&](auto to) { write(to, detail); });
}

namespace {

template <typename D>
auto read_one(Reading& in, typename WireOf<D>::type::Reader from) {
  return read(in, from);
}

template <typename D>
constexpr const char* kNameOf = kNames[static_cast<std::size_t>(D::kClass)];

template <typename D>
Result<Detail> decode_one(ByteView bytes) {
  auto out = decode_root<typename WireOf<D>::type>(kNameOf<D>, bytes, kDetailBytesMax, read_one<D>,
                                                   encode_own_detail<D>);
  if (!out) return std::move(out).error();
  return Detail{*std::move(out)};
}

// Decodes by the class, with the variant as the list of all of them.
template <typename... Ds>
Result<Detail> decode_any(StateClass state_class, ByteView bytes,
                          std::type_identity<std::variant<Ds...>>) {
  std::optional<Result<Detail>> out;
  (void)((state_class == Ds::kClass ? (out.emplace(decode_one<Ds>(bytes)), true) : false) || ...);
  if (out) return *std::move(out);
  return Error{Code::kUnknownVersion, "BYTES-1", "detail",
               "class " + std::to_string(static_cast<unsigned>(state_class)),
               "a class of subjects that this program knows"};
}

}  // namespace

Bytes encode_detail(const Detail& detail) {
  return std::visit([](const auto& one) { return encode_own_detail(one); }, detail);
}

Result<Detail> decode_detail(StateClass state_class, ByteView bytes) {
  return decode_any(state_class, bytes, std::type_identity<Detail>());
}

template <typename D>
Result<D> decode_own_detail(ByteView bytes) {
  return read_root<typename WireOf<D>::type>(kNameOf<D>, bytes, kDetailBytesMax, read_one<D>);
}

template Result<VillageDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const VillageDetail&);
template Result<AuthorityDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const AuthorityDetail&);
template Result<AgentDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const AgentDetail&);
template Result<DomainDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const DomainDetail&);
template Result<SlugDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const SlugDetail&);
template Result<RecordDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const RecordDetail&);
template Result<GrantDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const GrantDetail&);
template Result<GranteeDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const GranteeDetail&);
template Result<RevocationDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const RevocationDetail&);
template Result<SpentDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const SpentDetail&);
template Result<AgreementDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const AgreementDetail&);
template Result<ShapeDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ShapeDetail&);
template Result<ModelDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ModelDetail&);
template Result<SteeringDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const SteeringDetail&);
template Result<InferenceDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const InferenceDetail&);
template Result<ReceiptDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ReceiptDetail&);
template Result<CompositionDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const CompositionDetail&);
template Result<TransferDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const TransferDetail&);
template Result<DecisionDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const DecisionDetail&);
template Result<DeliberationDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const DeliberationDetail&);
template Result<ReportDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ReportDetail&);
template Result<ObservationDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ObservationDetail&);
template Result<PeerDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const PeerDetail&);
template Result<ForeignGrantDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const ForeignGrantDetail&);
template Result<SequenceDetail> decode_own_detail(ByteView);
template Bytes encode_own_detail(const SequenceDetail&);

}  // namespace holdfast::model
