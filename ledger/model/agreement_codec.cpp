// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/crypto/sha256.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below
using Step = wire::Agreement::Step;

std::vector<TermsSignature> read_terms_signatures(Reading& in,
                                                  capnp::List<wire::TermsSignature>::Reader from) {
  return in.sorted_list(
      from, bounds::kTermsSignatures,
      [&](auto element) {
        return TermsSignature{
            in.part("keyId").template digest<KeyId>(element.getKeyId()),
            in.part("bytes").template fixed<crypto::kSignatureBytes>(element.getBytes())};
      },
      [](const TermsSignature& signature) -> const KeyId& { return signature.key_id; });
}

Terms read_terms(Reading& in, wire::Terms::Reader from) {
  constexpr const char* kPlace = "terms";
  Terms out;
  out.village_low = in.at(kPlace, "villageLow").digest<StatementId>(from.getVillageLow());
  out.village_high = in.at(kPlace, "villageHigh").digest<StatementId>(from.getVillageHigh());
  out.revision = from.getRevision();
  out.kind = in.at(kPlace, "kind").with(read_agreement_kind, from.getKind());
  out.purpose = in.at(kPlace, "purpose").text(from.getPurpose(), bounds::kPurpose);
  out.text = in.at(kPlace, "text").text(from.getText(), bounds::kTerms);
  return out;
}

void write(wire::Terms::Builder to, const Terms& terms) {
  to.setVillageLow(wire_data(terms.village_low));
  to.setVillageHigh(wire_data(terms.village_high));
  to.setRevision(terms.revision);
  to.setKind(static_cast<wire::AgreementKind>(terms.kind));
  if (!terms.purpose.empty()) to.setPurpose(wire_text(terms.purpose));
  if (!terms.text.empty()) to.setText(wire_text(terms.text));
}

void write(capnp::List<wire::TermsSignature>::Builder to,
           const std::vector<TermsSignature>& signatures) {
  for (unsigned i = 0; i < signatures.size(); ++i) {
    to[i].setKeyId(wire_data(signatures[i].key_id));
    to[i].setBytes(wire_data(signatures[i].signature));
  }
}

// One for each member of the union.
void write(Step::Builder to, const Offer& step) {
  auto offer = to.initOffer();
  offer.setGenesis(wire_data(step.genesis));
  write(offer.initState(), step.state);
  write(offer.initTerms(), step.terms);
}
void write(Step::Builder to, const Acceptance& step) {
  write(to.initAccept(count_of(step.signatures)), step.signatures);
}
void write(Step::Builder to, const Amendment& step) { write(to.initAmend(), step.terms); }
void write(Step::Builder to, const Suspension&) { to.setSuspend(); }
void write(Step::Builder to, const Resumption& step) { write(to.initResume(), step.terms); }
void write(Step::Builder to, const Ending&) { to.setEnd(); }

}  // namespace

NewTerms read_new_terms(Reading& in, wire::NewTerms::Reader from) {
  NewTerms out;
  out.endpoint = in.at("agreement", "endpoint").text(from.getEndpoint(), bounds::kEndpoint);
  out.terms = in.at("terms").with(read_terms, from.getTerms());
  out.signatures =
      in.at("agreement", "signatures").with(read_terms_signatures, from.getSignatures());
  return out;
}

void write(wire::NewTerms::Builder to, const NewTerms& terms) {
  if (!terms.endpoint.empty()) to.setEndpoint(wire_text(terms.endpoint));
  write(to.initTerms(), terms.terms);
  if (!terms.signatures.empty())
    write(to.initSignatures(count_of(terms.signatures)), terms.signatures);
}

Agreement read_agreement(Reading& in, wire::Agreement::Reader from) {
  Agreement out;
  out.agreement = in.at("agreement", "agreement").digest_if_any<StatementId>(from.getAgreement());
  out.expected_version = from.getExpectedVersion();
  const auto step = from.getStep();
  if (out.agreement.has_value() == (step.which() == Step::OFFER))
    in.refuse("BOUND-4", out.agreement ? "the id of an agreement in an offer" : "none",
              "one, but for an offer, whose own id it is");
  switch (step.which()) {
    case Step::OFFER: {
      const auto offer = step.getOffer();
      Offer made;
      made.genesis = read_signed_bytes(in.at("agreement.offer", "genesis"), offer.getGenesis(), 1);
      made.state = in.with(read_peer_state, offer.getState());
      made.terms = in.with(read_new_terms, offer.getTerms());
      out.step = std::move(made);
      return out;
    }
    case Step::ACCEPT:
      out.step =
          Acceptance{in.at("agreement", "accept").with(read_terms_signatures, step.getAccept())};
      return out;
    case Step::AMEND: out.step = Amendment{in.with(read_new_terms, step.getAmend())}; return out;
    case Step::SUSPEND: out.step = Suspension{}; return out;
    case Step::RESUME: out.step = Resumption{in.with(read_new_terms, step.getResume())}; return out;
    case Step::END: out.step = Ending{}; return out;
    case Step::NONE: break;
  }
  in.at("agreement", "step").refuse_union(step.which());
}

void write(wire::Agreement::Builder to, const Agreement& agreement) {
  if (agreement.agreement) to.setAgreement(wire_data(*agreement.agreement));
  to.setExpectedVersion(agreement.expected_version);
  std::visit([&](const auto& step) { write(to.initStep(), step); }, agreement.step);
}

AgreementKind read_agreement_kind(Reading& in, wire::AgreementKind from) {
  return in.enumerator(static_cast<std::uint16_t>(from), AgreementKind::kPeer,
                       AgreementKind::kConsortium);
}

TermsHash terms_hash(const Terms& terms) {
  return {
      crypto::sha256(encode_root<wire::Terms>([&](wire::Terms::Builder to) { write(to, terms); }))};
}

Bytes terms_message(const TermsHash& hash) {
  Bytes out;
  append(out, as_bytes("holdfast/agreement/v1\n"));
  append(out, hash);
  return out;
}

}  // namespace holdfast::model
