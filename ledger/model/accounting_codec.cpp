// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below

decltype(Decision::of) read_of(Reading& in, wire::Decision::Of::Reader from) {
  using Of = wire::Decision::Of;
  switch (from.which()) {
    case Of::ITSELF: return OfItself{};
    case Of::APPEAL:
      return AppealOf{in.at("decision", "appeal").digest<StatementId>(from.getAppeal())};
    case Of::CLOSING:
      return ClosingOf{in.at("decision", "closing").digest<StatementId>(from.getClosing())};
    case Of::REVERSAL:
      return ReversalOf{in.at("decision", "reversal").digest<StatementId>(from.getReversal())};
  }
  in.at("decision", "of").refuse_union(from.which());
}

// One for each member of the unions.
void write(wire::Decision::Of::Builder to, const OfItself&) { to.setItself(); }
void write(wire::Decision::Of::Builder to, const AppealOf& of) {
  to.setAppeal(wire_data(of.decision));
}
void write(wire::Decision::Of::Builder to, const ClosingOf& of) {
  to.setClosing(wire_data(of.decision));
}
void write(wire::Decision::Of::Builder to, const ReversalOf& of) {
  to.setReversal(wire_data(of.decision));
}
void write(wire::Observation::Of::Builder to, const PeerCheckpoint& of) {
  auto peer = to.initPeer();
  peer.setAgreement(wire_data(of.agreement));
  write(peer.initState(), of.state);
  if (!of.consistency.empty())
    peer.setConsistency(wire_data(std::as_bytes(std::span(of.consistency))));
}
void write(wire::Observation::Of::Builder to, const OwnCheckpoint& of) {
  to.setOwn(wire_data(as_bytes(of.checkpoint)));
}
void write(wire::Observation::Of::Builder to, const EvidenceSeen& of) {
  to.setEvidence(wire_data(of.evidence));
}

Position read_position(Reading& in, wire::Position::Reader from) {
  return {in.part("holder").digest<FieldCommitment>(from.getHolder()),
          in.part("text").digest<FieldCommitment>(from.getText())};
}

PeerCheckpoint read_peer_checkpoint(Reading& in, wire::PeerCheckpoint::Reader from) {
  PeerCheckpoint out;
  out.agreement = in.at("observation.peer", "agreement").digest<StatementId>(from.getAgreement());
  out.state = in.with(read_peer_state, from.getState());
  in.at("observation.peer", "consistency");
  out.consistency = read_hashes(in, from.getConsistency(), bounds::kProofPath);
  return out;
}

}  // namespace

Verdict read_verdict(Reading& in, wire::Verdict from) {
  return in.enumerator(static_cast<std::uint16_t>(from), Verdict::kAllow, Verdict::kEscalate);
}

ReportView read_report_view(Reading& in, wire::ReportView from) {
  return in.enumerator(static_cast<std::uint16_t>(from), ReportView::kOpen, ReportView::kFull);
}

Decision read_decision(Reading& in, wire::Decision::Reader from) {
  constexpr const char* kPlace = "decision";
  Decision out;
  out.sequence = from.getSequence();
  out.domain = in.at(kPlace, "domain").digest<StatementId>(from.getDomain());
  out.expected_version = from.getExpectedVersion();
  out.content_root = in.at(kPlace, "contentRoot").digest<ContentRoot>(from.getContentRoot());
  out.action = in.at(kPlace, "action").digest<FieldCommitment>(from.getAction());
  out.verdict = in.at(kPlace, "verdict").with(read_verdict, from.getVerdict());
  out.category = in.at(kPlace, "category").text(from.getCategory(), bounds::kCategory);
  out.of = in.with(read_of, from.getOf());
  return out;
}

void write(wire::Decision::Builder to, const Decision& decision) {
  to.setSequence(decision.sequence);
  to.setDomain(wire_data(decision.domain));
  to.setExpectedVersion(decision.expected_version);
  to.setContentRoot(wire_data(decision.content_root));
  to.setAction(wire_data(decision.action));
  to.setVerdict(static_cast<wire::Verdict>(decision.verdict));
  if (!decision.category.empty()) to.setCategory(wire_text(decision.category));
  std::visit([&](const auto& of) { write(to.initOf(), of); }, decision.of);
}

Deliberation read_deliberation(Reading& in, wire::Deliberation::Reader from) {
  constexpr const char* kPlace = "deliberation";
  Deliberation out;
  out.domain = in.at(kPlace, "domain").digest<StatementId>(from.getDomain());
  out.content_root = in.at(kPlace, "contentRoot").digest<ContentRoot>(from.getContentRoot());
  out.matter = in.at(kPlace, "matter").digest<FieldCommitment>(from.getMatter());
  out.positions =
      in.at(kPlace, "positions").list(from.getPositions(), bounds::kPositions, [&](auto position) {
        return read_position(in, position);
      });
  out.outcome = in.at(kPlace, "outcome").digest<FieldCommitment>(from.getOutcome());
  out.dissent =
      in.at(kPlace, "dissent").digests<FieldCommitment>(from.getDissent(), bounds::kDissent);
  out.proposals =
      in.at(kPlace, "proposals").list(from.getProposals(), bounds::kProposals, [&](auto element) {
        return in.digest<FieldCommitment>(element);
      });
  return out;
}

void write(wire::Deliberation::Builder to, const Deliberation& deliberation) {
  const auto& [domain, content_root, matter, positions, outcome, dissent, proposals] = deliberation;
  to.setDomain(wire_data(domain));
  to.setContentRoot(wire_data(content_root));
  to.setMatter(wire_data(matter));
  if (!positions.empty()) {
    auto list = to.initPositions(count_of(positions));
    for (unsigned i = 0; i < positions.size(); ++i) {
      list[i].setHolder(wire_data(positions[i].holder));
      list[i].setText(wire_data(positions[i].text));
    }
  }
  to.setOutcome(wire_data(outcome));
  if (!dissent.empty()) put_digests(to.initDissent(count_of(dissent)), dissent);
  if (!proposals.empty()) put_digests(to.initProposals(count_of(proposals)), proposals);
}

Report read_report(Reading& in, wire::Report::Reader from) {
  constexpr const char* kPlace = "report";
  Report out;
  out.view = in.at(kPlace, "view").with(read_report_view, from.getView());
  out.period_start = in.at(kPlace, "periodStart").time(from.getPeriodStart());
  out.period_end = in.at(kPlace, "periodEnd").time(from.getPeriodEnd());
  out.first = {from.getFirst()};
  out.last = {from.getLast()};
  out.root = in.at(kPlace, "root").digest<Root>(from.getRoot());
  out.digest = in.at(kPlace, "digest").digest<BytesDigest>(from.getDigest());
  out.previous = in.at(kPlace, "previous").digest_if_any<BytesDigest>(from.getPrevious());
  return out;
}

void write(wire::Report::Builder to, const Report& report) {
  to.setView(static_cast<wire::ReportView>(report.view));
  to.setPeriodStart(report.period_start);
  to.setPeriodEnd(report.period_end);
  to.setFirst(report.first.value);
  to.setLast(report.last.value);
  to.setRoot(wire_data(report.root));
  to.setDigest(wire_data(report.digest));
  if (report.previous) to.setPrevious(wire_data(*report.previous));
}

Observation read_observation(Reading& in, wire::Observation::Reader from) {
  using Of = wire::Observation::Of;
  const auto of = from.getOf();
  const auto bytes_of = [&](const char* field, capnp::Data::Reader data) {
    in.at("observation", field);
    if (data.size() == 0 || data.size() > kNoteBytesMax)
      in.refuse("BYTES-4", std::to_string(data.size()) + " bytes",
                "1 to " + std::to_string(kNoteBytesMax));
    return in.data(data);
  };
  switch (of.which()) {
    case Of::PEER: return {in.at("observation.peer").with(read_peer_checkpoint, of.getPeer())};
    case Of::OWN: return {OwnCheckpoint{std::string(as_text(bytes_of("own", of.getOwn())))}};
    case Of::EVIDENCE: {
      const ByteView evidence = bytes_of("evidence", of.getEvidence());
      return {EvidenceSeen{{evidence.begin(), evidence.end()}}};
    }
    case Of::NONE: break;
  }
  in.at("observation", "of").refuse_union(of.which());
}

void write(wire::Observation::Builder to, const Observation& observation) {
  std::visit([&](const auto& of) { write(to.initOf(), of); }, observation.of);
}

Exit read_exit(Reading& in, wire::Exit::Reader from) {
  return {in.at("exit", "manifest").digest<BytesDigest>(from.getManifest())};
}

void write(wire::Exit::Builder to, const Exit& exit) { to.setManifest(wire_data(exit.manifest)); }

}  // namespace holdfast::model
