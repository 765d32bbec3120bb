// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/hash.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/merkle/prefix_tree.h"
#include "ledger/model/note.h"
#include "ledger/model/state_proof.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"
#include "verifier/state_proof_check.h"

namespace holdfast::vectors {
namespace state_proofs_file {

using model::StateClass;
using model::StateProofFile;

// A village with a live record and a withdrawn one, sealed twice since.
struct Example {
  testing::FoundedVillage v;
  StatementId live = v.admit(v.record("live"), {&v.guardian1, &v.guardian2});
  StatementId withdrawn = v.admit(v.record("withdrawn"), {&v.guardian1, &v.guardian2});
  StatementId missing = model::statement_id(as_bytes("no such record"));
  std::string origin = v.genesis().origin;
  Example() {
    v.seal();
    v.admit(v.change(withdrawn, model::Withdraw{}), {&v.guardian1});
    v.seal();
  }

  std::string village() const { return v.village.hex(); }
  std::string vkey(const crypto::SigningKey& key) const {
    return model::format_vkey({origin, model::NoteKeyType::kEd25519, key.public_key()});
  }

  merkle::PrefixTree tree() const {
    std::map<StateKey, ValueHash> newest;
    for (const auto& item : v.ledger.items())
      for (const auto& change : item.changes) newest[change.key] = change.value_hash;
    merkle::PrefixTree out;
    for (const auto& [key, value] : newest) out.set({key, value, 0});
    return out;
  }

  // The proof of this entry under the newest checkpoint, signed by `key`.
  std::string tlog_proof(LeafIndex index, const crypto::SigningKey& key) const {
    return tlog_proof(index, key, origin);
  }
  std::string tlog_proof(LeafIndex index, const crypto::SigningKey& key,
                         const std::string& first_line) const {
    std::vector<LeafHash> leaves;
    for (const auto& item : v.ledger.items()) leaves.push_back(merkle::leaf_hash(item.entry_bytes));
    model::Note note;
    note.text = model::format_checkpoint({first_line, v.ledger.size(), v.ledger.root(), {}});
    note.signatures.push_back(model::sign_note(note.text, origin, key));
    const auto paths = merkle::all_inclusion_paths(leaves);
    return model::format_tlog_proof({{}, index, paths[index.value], model::format_note(note)});
  }

  const auto& item(std::uint64_t index) const { return v.ledger.items()[index]; }
  std::uint64_t last() const { return v.ledger.size().value - 1; }

  StateProofFile of_record(const StatementId& record) const {
    StateProofFile file;
    file.state_class = StateClass::kRecord;
    file.id = Bytes(record.bytes.begin(), record.bytes.end());
    if (const auto subject = *v.ledger.find(StateClass::kRecord, record))
      file.present = {{model::encode_state_value(subject->value), subject->owned().detail}};
    file.proof =
        merkle::encode_prefix_proof(tree().prove(model::state_key(StateClass::kRecord, record)));
    file.entry = item(last()).entry_bytes;
    file.seal = item(last()).signed_statement;
    file.genesis = item(0).signed_statement;
    file.tlog_proof = tlog_proof({last()}, v.operator_key);
    return file;
  }
};

class Maker {
 public:
  void add(const char* name, const std::string& text, const std::string& village,
           const std::string& vkey, Json expect) {
    Json input{{"text", text}};
    if (!village.empty()) input["village"] = village;
    if (!vkey.empty()) input["vkey"] = vkey;
    out_.push_back(vector(name, std::move(input), std::move(expect)));
  }
  // The proof of the live record with one thing changed, for whoever trusts the village.
  template <typename Edit>
  void changed(const char* name, Json expect, Edit edit) {
    StateProofFile file = e.of_record(e.live);
    edit(file);
    add(name, model::format_state_proof(file), e.village(), "", std::move(expect));
  }
  Json take() { return std::move(out_); }

  Example e;

 private:
  Json out_ = Json::array();
};

Json status(const char* name) { return accept({{"status", name}}); }
const Json kForm = refuse("malformed", "PROOF-8");

void trust(Maker& to) {
  const Example& e = to.e;
  const std::string live = model::format_state_proof(e.of_record(e.live));
  const std::string key = e.vkey(e.v.operator_key);
  const std::string other_village(2 * kDigestBytes, '1');
  to.add("a live record, by the village", live, e.village(), "", status("active"));
  to.add("a live record, by the key", live, "", key, status("active"));
  to.add("a live record, by both", live, e.village(), key, status("active"));
  to.add("a withdrawn record", model::format_state_proof(e.of_record(e.withdrawn)), e.village(), "",
         status("withdrawn"));
  to.add("a record that is not there", model::format_state_proof(e.of_record(e.missing)),
         e.village(), "", status("absent"));
  to.add("another village is trusted", live, other_village, "", refuse("unauthorised", "EXPORT-5"));
  to.add("another village is trusted, and the key", live, other_village, key,
         refuse("unauthorised", "EXPORT-5"));
  to.add("another key is trusted", live, "", e.vkey(e.v.stranger),
         refuse("unauthorised", "NOTE-3"));
  StateProofFile by_other = e.of_record(e.live);
  by_other.tlog_proof = e.tlog_proof({e.last()}, e.v.stranger);
  to.add("a checkpoint by another key, which may be a later operator's",
         model::format_state_proof(by_other), e.village(), "", refuse("unavailable"));
  StateProofFile elsewhere = e.of_record(e.live);
  elsewhere.tlog_proof = e.tlog_proof({e.last()}, e.v.operator_key, "another.invalid/ledger");
  to.add("a checkpoint of another origin, by the village", model::format_state_proof(elsewhere),
         e.village(), "", refuse("unauthorised", "EXPORT-5"));
  to.add("a checkpoint of another origin, by the key", model::format_state_proof(elsewhere), "",
         e.vkey(e.v.operator_key), refuse("unauthorised", "EXPORT-5"));
  to.add("a seal by another key than the checkpoint's", model::format_state_proof(by_other),
         e.village(), e.vkey(e.v.stranger), refuse("unauthorised", "SIG-3"));
}

void subjects(Maker& to) {
  const Example& e = to.e;
  to.changed("the state of another record", refuse("invalid", "PROOF-7"),
             [&](auto& file) { file.present = e.of_record(e.withdrawn).present; });
  to.changed("another record's id", refuse("invalid", "PROOF-7"),
             [&](auto& file) { file.id = e.of_record(e.withdrawn).id; });
  to.changed("a detail that the StateValue does not commit to", refuse("invalid", "PROOF-10"),
             [&](auto& file) { file.present->detail = e.of_record(e.withdrawn).present->detail; });
  to.changed("another class", refuse("invalid", "PROOF-10"),
             [](auto& file) { file.state_class = StateClass::kGrant; });
  to.changed("a later version", refuse("invalid", "PROOF-7"), [](auto& file) {
    auto value = model::decode_state_value(file.present->value);
    value->version += 1;
    file.present->value = model::encode_state_value(*value);
  });
  to.changed("a present record said to be absent", refuse("malformed", "PROOF-5"),
             [](auto& file) { file.present.reset(); });
}

void seals(Maker& to) {
  const Example& e = to.e;
  const std::uint64_t earlier = e.last() - 2;  // the seal before the withdrawal
  to.changed("the seal of an earlier checkpoint", refuse("invalid", "PROOF-9"), [&](auto& file) {
    file.entry = e.item(earlier).entry_bytes;
    file.seal = e.item(earlier).signed_statement;
    file.tlog_proof = e.tlog_proof({earlier}, e.v.operator_key);
  });
  to.changed("a seal that the entry does not commit to", refuse("invalid", "ENTRY-5"),
             [&](auto& file) { file.seal = e.item(earlier).signed_statement; });
  to.changed("an entry that is not in the tree", refuse("invalid", "PROOF-2"), [&](auto& file) {
    auto entry = model::decode_entry(file.entry);
    entry->time += 1;
    file.entry = model::encode_entry(*entry);
  });
  to.changed("the inclusion proof of another entry", refuse("invalid", "ENTRY-1"),
             [&](auto& file) { file.tlog_proof = e.tlog_proof({earlier}, e.v.operator_key); });
  to.changed("no genesis but another statement", refuse("unauthorised", "EXPORT-5"),
             [&](auto& file) { file.genesis = e.item(2).signed_statement; });
  StateProofFile foreign = e.of_record(e.live);
  foreign.genesis = e.item(2).signed_statement;
  to.add("no genesis but another statement, by the key", model::format_state_proof(foreign), "",
         e.vkey(e.v.operator_key), refuse("invalid", "PROOF-9"));
}

void forms(Maker& to) {
  const Example& e = to.e;
  const std::string text = model::format_state_proof(e.of_record(e.live));
  const auto add = [&](const char* name, const std::string& broken, const Json& expect) {
    to.add(name, broken, e.village(), "", expect);
  };
  const auto replaced = [&](std::string_view what, std::string_view with) {
    std::string out = text;
    const std::size_t at = out.find(what);
    CHECK(at != std::string::npos);
    return out.replace(at, what.size(), with);
  };
  const auto line_of = [&](std::string_view start) {
    const std::size_t at = text.find(start);
    return text.substr(at, text.find('\n', at) + 1 - at);
  };
  add("nothing", "", kForm);
  add("another header", replaced("/v1\n", "/v2\n"), kForm);
  add("a class that there is none of", replaced("class record", "class tohu"), kForm);
  add("lines that end in CR LF", replaced("class record\n", "class record\r\n"), kForm);
  add("an id left out", replaced(line_of("id "), ""), kForm);
  add("an empty id", replaced(line_of("id "), "id \n"), kForm);
  add("an id that is too short", replaced(line_of("id "), "id QUFBQQ==\n"), kForm);
  add("a revocation's id without its domain", replaced("class record", "class revocation"), kForm);
  add("a slug with a character that shows nothing",
      replaced("class record\n" + line_of("id "), "class slug\nid cmVj4oCLb3Jkcw==\n"), kForm);
  add("a value without its detail", replaced(line_of("detail "), ""), kForm);
  add("a line twice", replaced(line_of("proof "), line_of("proof ") + line_of("proof ")), kForm);
  add("base64 without its padding", replaced("=\n", "\n"), kForm);
  add("two empty lines", replaced("\n\n", "\n\n\n"), refuse("malformed", "NOTE-8"));
  add("a proof that ends early", text.substr(0, text.size() / 2), kForm);
}

Json make() {
  Maker maker;
  trust(maker);
  subjects(maker);
  seals(maker);
  forms(maker);
  return maker.take();
}

Json judge(const Json& input) {
  const auto trusted = verifier::parse_trust(input.value("village", std::string()),
                                             input.value("vkey", std::string()));
  CHECK(trusted.has_value());
  const std::string text = text_at(input, "text");
  const auto answer = verifier::check_state_proof(as_bytes(text), *trusted);
  if (answer.error) return refusal(*answer.error);
  for (const auto& [name, value] : answer.facts)
    if (name == "status") return accept({{"status", value}});
  return accept();
}

}  // namespace state_proofs_file

const VectorFile kStateProofs{
    "state_proofs",
    "State proof files (spec/proofs.md): text is the file; village, in hex, and vkey are what the "
    "reader trusts, one of them or both. Accepted: the subject's status, or absent. Code "
    "unavailable is \"cannot tell\".",
    state_proofs_file::make, state_proofs_file::judge};

}  // namespace holdfast::vectors
