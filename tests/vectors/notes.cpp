// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/note.h"

#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace notes_file {

using model::Note;
using model::NoteKeyType;
using model::VerifierKey;

constexpr const char* kOrigin = "kelp-bay.invalid/ledger";
constexpr Seconds kCosignedAt = 1767268900;

Root example_root() {
  Root out;
  for (std::size_t i = 0; i < out.bytes.size(); ++i) out.bytes[i] = static_cast<std::byte>(i);
  return out;
}

std::string checkpoint_text() {
  return model::format_checkpoint({kOrigin, TreeSize{1234067}, example_root(), {}});
}

// The log's key and a witness's, and a note that both signed.
struct Example {
  crypto::SigningKey log = testing::key_named("operator");
  crypto::SigningKey witness = testing::key_named("witness");
  VerifierKey log_vkey{kOrigin, NoteKeyType::kEd25519, log.public_key()};
  VerifierKey witness_vkey{"witness.invalid", NoteKeyType::kCosignature, witness.public_key()};
  std::string text = checkpoint_text();
  Note note{text,
            {model::sign_note(text, kOrigin, log),
             model::cosign_note(text, "witness.invalid", witness, kCosignedAt)}};
};

Json note_input(const std::string& note, const std::vector<VerifierKey>& known) {
  Json keys = Json::array();
  for (const auto& key : known) keys.push_back(model::format_vkey(key));
  return {{"check", "note"}, {"text", note}, {"known", std::move(keys)}};
}

Json signed_by(std::initializer_list<const char*> names) {
  Json out = Json::array();
  for (const char* name : names) out.push_back(name);
  return accept({{"signedBy", std::move(out)}});
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  CHECK(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

const Json kMalformedNote = refuse("malformed", "NOTE-1");

void notes(Json& out) {
  const Example e;
  const std::vector<VerifierKey> both{e.log_vkey, e.witness_vkey};
  const std::string note = model::format_note(e.note);
  const auto add = [&](const char* name, const std::string& text,
                       const std::vector<VerifierKey>& known, Json expect) {
    out.push_back(vector(name, note_input(text, known), std::move(expect)));
  };
  const auto changed = [&](auto edit) {
    Note copy = e.note;
    edit(copy);
    return model::format_note(copy);
  };
  add("signed by log and witness", note, both, signed_by({kOrigin, "witness.invalid"}));
  add("the witness's key is not known", note, {e.log_vkey}, signed_by({kOrigin}));
  add("an unknown key's signature spoiled",
      changed([](Note& n) { n.signatures[1].signature[20] ^= std::byte{1}; }), {e.log_vkey},
      signed_by({kOrigin}));
  add("no known key", note, {}, refuse("unauthorised", "NOTE-3"));
  add("a known key's signature spoiled",
      changed([](Note& n) { n.signatures[0].signature[20] ^= std::byte{1}; }), both,
      refuse("unauthorised", "NOTE-2"));
  add("a known witness's time spoiled",
      changed([](Note& n) { n.signatures[1].signature[7] ^= std::byte{1}; }), both,
      refuse("unauthorised", "NOTE-2"));
  add("the text spoiled", replaced(note, "1234067", "1234068"), both,
      refuse("unauthorised", "NOTE-2"));
  add("a known key under another name",
      changed([](Note& n) { n.signatures[0].name = "other.invalid"; }), {e.log_vkey},
      refuse("unauthorised", "NOTE-3"));
  add("the key hash of another key", changed([](Note& n) { n.signatures[0].key_hash ^= 1; }),
      {e.log_vkey}, refuse("unauthorised", "NOTE-3"));
  add("no signatures", e.text + "\n", both, kMalformedNote);
  add("no empty line", replaced(note, "\n\n", "\n"), both, kMalformedNote);
  add("a hyphen for the dash", replaced(note, "\u2014 ", "- "), both, kMalformedNote);
  add("two spaces", replaced(note, "\u2014 ", "\u2014  "), both, refuse("malformed", "NOTE-5"));
  add("no newline at the end", note.substr(0, note.size() - 1), both, kMalformedNote);
  add("a carriage return", replaced(note, "\n", "\r\n"), both, kMalformedNote);
  add("a tab in the text", replaced(note, "1234067", "123\t4067"), both, kMalformedNote);
  add("text that is not base64 in a signature line", note + "\u2014 x @@@@\n", both,
      kMalformedNote);
  add("a signature of four bytes, the key's hash alone", note + "\u2014 x AAAAAA==\n", both,
      kMalformedNote);
  add("unused bits in a signature's base64", note + "\u2014 x AAAAAAB=\n", both, kMalformedNote);
  add("nothing", "", both, kMalformedNote);
}

void checkpoints(Json& out) {
  const std::string good = checkpoint_text();
  const auto add = [&](const char* name, const std::string& text, Json expect) {
    out.push_back(vector(name, {{"check", "checkpoint"}, {"text", text}}, std::move(expect)));
  };
  const auto accepted = [](const char* origin, std::uint64_t size, const Root& root,
                           Json extensions = Json::array()) {
    return accept(
        {{"origin", origin}, {"size", size}, {"root", root.hex()}, {"extensions", extensions}});
  };
  const Json malformed = refuse("malformed", "NOTE-4");
  add("a checkpoint", good, accepted(kOrigin, 1234067, example_root()));
  add("an extension line, which others may write", good + "more\n",
      accepted(kOrigin, 1234067, example_root(), Json::array({"more"})));
  add("the largest size", replaced(good, "1234067", "9223372036854775807"),
      accepted(kOrigin, ~std::uint64_t{0} >> 1, example_root()));
  add("a size of 2^63", replaced(good, "1234067", "9223372036854775808"), malformed);
  add("a size of 2^64", replaced(good, "1234067", "18446744073709551616"), malformed);
  add("a leading zero", replaced(good, "1234067", "01234067"), malformed);
  add("a sign", replaced(good, "1234067", "+1234067"), malformed);
  add("no size", replaced(good, "1234067", ""), malformed);
  add("a root of 31 bytes", std::string(kOrigin) + "\n1\n" + format_base64(Bytes(31)) + "\n",
      malformed);
  add("a root without padding", replaced(good, "=\n", "\n"), malformed);
  add("no root", std::string(kOrigin) + "\n1\n", malformed);
  add("no newline at the end", good.substr(0, good.size() - 1), malformed);
  add("an empty line among the extensions", good + "\n", malformed);
  add("no origin", replaced(good, kOrigin, ""), malformed);
}

void vkeys(Json& out) {
  const Example e;
  const std::string good = model::format_vkey(e.log_vkey);
  const std::string key = good.substr(good.rfind('+') + 1);
  const auto add = [&](const char* name, const std::string& text, Json expect) {
    out.push_back(vector(name, {{"check", "vkey"}, {"text", text}}, std::move(expect)));
  };
  const auto accepted = [](const VerifierKey& k) {
    return accept({{"name", k.name},
                   {"type", static_cast<unsigned>(k.type)},
                   {"publicKey", hex(k.key.bytes)}});
  };
  const Json malformed = refuse("malformed", "NOTE-6");
  const Json bad_name = refuse("malformed", "NOTE-5");
  add("a log's key", good, accepted(e.log_vkey));
  add("a witness's key", model::format_vkey(e.witness_vkey), accepted(e.witness_vkey));
  add("a key from the sum database's tests",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      accepted({"PeterNeumann",
                NoteKeyType::kEd25519,
                {crypto::Algorithm::kEd25519, [] {
                   std::array<std::byte, 32> bytes;
                   const auto raw = parse_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
                   std::copy(raw->begin() + 1, raw->end(), bytes.begin());
                   return bytes;
                 }()}}));
  add("another key hash", replaced(good, "+", "+0"), malformed);
  add(
      "a key hash in capitals",
      [&] {
        std::string out_text = good;
        for (std::size_t i = good.find('+') + 1; i < good.rfind('+'); ++i)
          out_text[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(out_text[i])));
        return out_text;
      }(),
      malformed);
  add("no name", good.substr(good.find('+')), bad_name);
  add("a space in the name", "kelp bay" + good.substr(good.find('+')), bad_name);
  add("no key", good.substr(0, good.rfind('+') + 1), malformed);
  add("a type that is not known", replaced(good, "+" + key, "+/" + key.substr(1)),
      refuse("unknown version", "NOTE-6"));
  add("two parts", good.substr(0, good.rfind('+')), malformed);
  add("a newline behind", good + "\n", malformed);
}

void offline_proofs(Json& out) {
  const Example e;
  model::TlogProof proof;
  proof.index = {7};
  proof.path = {NodeHash::from(example_root()), NodeHash::from(e.witness.id())};
  proof.checkpoint = model::format_note(e.note);
  const std::string plain = model::format_tlog_proof(proof);
  proof.extra = to_bytes("more");
  const std::string with_extra = model::format_tlog_proof(proof);
  const auto add = [&](const char* name, const std::string& text, Json expect) {
    out.push_back(vector(name, {{"check", "tlogProof"}, {"text", text}}, std::move(expect)));
  };
  const auto accepted = [&](std::string_view extra) {
    return accept({{"index", 7},
                   {"path", {example_root().hex(), e.witness.id().hex()}},
                   {"extra", hex(as_bytes(extra))},
                   {"checkpoint", model::format_note(e.note)}});
  };
  const Json malformed = refuse("malformed", "NOTE-8");
  add("an offline proof", plain, accepted(""));
  add("an offline proof with extra bytes", with_extra, accepted("more"));
  add("another version", replaced(plain, "@v1", "@v2"), malformed);
  add("no index", replaced(plain, "index 7\n", ""), malformed);
  add("an index with a leading zero", replaced(plain, "index 7", "index 07"), malformed);
  add("an empty extra line", replaced(with_extra, "extra bW9yZQ==", "extra "), malformed);
  add("a hash of 31 bytes",
      replaced(plain, format_base64(example_root()), format_base64(Bytes(31))), malformed);
  add("no empty line before the checkpoint", replaced(plain, "\n\nkelp", "\nkelp"), malformed);
  add("no checkpoint", plain.substr(0, plain.find("\n\n") + 2), kMalformedNote);
  add("carriage returns", replaced(plain, "\nindex", "\r\nindex"), malformed);
  add("nothing", "", malformed);
}

Json make() {
  Json out = Json::array();
  notes(out);
  checkpoints(out);
  vkeys(out);
  offline_proofs(out);
  return out;
}

Json judge_note(const Json& input) {
  std::vector<VerifierKey> known;
  for (const Json& text : input["known"])
    known.push_back(*model::parse_vkey(text.get<std::string>()));
  const auto note = model::parse_note(text_at(input, "text"));
  if (!note) return refusal(note.error());
  const auto verified = model::verify_note(*note, known);
  if (!verified) return refusal(verified.error());
  Json names = Json::array();
  for (const auto& key : *verified) names.push_back(key.name);
  return accept({{"signedBy", std::move(names)}});
}

Json judge_checkpoint(const Json& input) {
  const auto checkpoint = model::parse_checkpoint(text_at(input, "text"));
  if (!checkpoint) return refusal(checkpoint.error());
  return accept({{"origin", checkpoint->origin},
                 {"size", checkpoint->size.value},
                 {"root", checkpoint->root.hex()},
                 {"extensions", checkpoint->extensions}});
}

Json judge_vkey(const Json& input) {
  const auto key = model::parse_vkey(text_at(input, "text"));
  if (!key) return refusal(key.error());
  return accept({{"name", key->name},
                 {"type", static_cast<unsigned>(key->type)},
                 {"publicKey", hex(key->key.bytes)}});
}

Json judge_proof(const Json& input) {
  const auto proof = model::parse_tlog_proof(text_at(input, "text"));
  if (!proof) return refusal(proof.error());
  Json path = Json::array();
  for (const auto& hash : proof->path) path.push_back(hash.hex());
  return accept({{"index", proof->index.value},
                 {"path", std::move(path)},
                 {"extra", hex(proof->extra)},
                 {"checkpoint", proof->checkpoint}});
}

Json judge(const Json& input) {
  const std::string check = text_at(input, "check");
  if (check == "note") return judge_note(input);
  if (check == "checkpoint") return judge_checkpoint(input);
  return check == "vkey" ? judge_vkey(input) : judge_proof(input);
}

}  // namespace notes_file

const VectorFile kNotes{
    "notes",
    "Signed notes, checkpoints, verifier keys and offline proof files as C2SP has them. check says "
    "which; known are verifier keys; signedBy names those that verified. Text as it is, hashes in "
    "hex.",
    notes_file::make, notes_file::judge};

}  // namespace holdfast::vectors
