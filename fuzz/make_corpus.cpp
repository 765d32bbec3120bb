// SPDX-License-Identifier: AGPL-3.0-or-later
//
// make_corpus FOLDER: writes FOLDER/<target>/<name> for every fuzz target, from the inputs of
// spec/vectors and a few more. What fuzzing finds later is added by hand and stays.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "ledger/crypto/key_file.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/note.h"
#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace {

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The file's name is the vector's, with hyphens.
  void add(const char* target, std::string_view name, ByteView bytes) {
    std::string file;
    for (char c : name.substr(0, 60)) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || (!file.empty() && file.back() != '-')) file += plain ? c : '-';
    }
    std::filesystem::create_directories(folder_ / target);
    std::ofstream out(folder_ / target / file, std::ios::binary | std::ios::trunc);
    const std::string_view text = as_text(bytes);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    CHECK(out.flush().good());
  }
  void add(const char* target, std::string_view name, std::string_view text) {
    add(target, name, as_bytes(text));
  }

 private:
  std::filesystem::path folder_;
};

// Calls add(name, input, accepted) for each vector of a file.
template <typename Add>
void each(const VectorFile& file, Add add) {
  for (const Json& vector : file.make())
    add(vector["name"].get<std::string>(), vector["input"],
        vector["expect"].value("accept", false));
}

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}

void add_texts(Corpus& corpus) {
  each(kBase64, [&](const auto& name, const Json& in, bool) {
    corpus.add("base64", name, text_at(in, "text"));
  });
  each(kKeys, [&](const auto& name, const Json& in, bool) {
    corpus.add("public_key", name, text_at(in, "text"));
  });
  each(kNotes, [&](const auto& name, const Json& in, bool) {
    const std::string check = text_at(in, "check");
    const char* target = check == "note"         ? "note"
                         : check == "checkpoint" ? "checkpoint"
                         : check == "vkey"       ? "vkey"
                                                 : "tlog_proof";
    corpus.add(target, name, text_at(in, "text"));
  });
  each(kStateProofs, [&](const auto& name, const Json& in, bool) {
    corpus.add("state_proof", name, text_at(in, "text"));
  });
}

void add_structs(Corpus& corpus) {
  // Refused ones are one edit away from these, which a fuzzer finds by itself.
  each(kStatements, [&](const auto& name, const Json& in, bool accepted) {
    if (accepted) corpus.add("statement", name, bytes_at(in, "bytes"));
  });
  each(kSignedStatements, [&](const auto& name, const Json& in, bool accepted) {
    if (accepted) corpus.add("signed_statement", name, bytes_at(in, "bytes"));
  });
  each(kEntries, [&](const auto& name, const Json& in, bool accepted) {
    if (!accepted) return;
    corpus.add("entry", name, bytes_at(in, "bytes"));
    corpus.add("change_pairs", name, bytes_at(in, "pairs"));
  });
  each(kContent, [&](const auto& name, const Json& in, bool accepted) {
    if (accepted) corpus.add("content", name, bytes_at(in, "bytes"));
  });
}

void add_evidence(Corpus& corpus) {
  each(kEvidence, [&](const auto& name, const Json& in, bool accepted) {
    if (accepted) corpus.add("evidence", name, bytes_at(in, "evidence"));
  });
}

void add_log_proofs(Corpus& corpus) {
  each(kMerkle, [&](const auto& name, const Json& in, bool) {
    const std::string check = text_at(in, "check");
    if (check == "root") return;
    const bool inclusion = check == "inclusion";
    Bytes bytes = joined({u64be(number_at(in, inclusion ? "index" : "oldSize")),
                          u64be(number_at(in, inclusion ? "size" : "newSize")),
                          bytes_at(in, inclusion ? "leaf" : "oldRoot")});
    for (const Json& hash : in[inclusion ? "path" : "proof"])
      append(bytes, *parse_hex(hash.get<std::string>()));
    corpus.add(inclusion ? "inclusion_proof" : "consistency_proof", name, bytes);
  });
}

void add_state(Corpus& corpus) {
  each(kState, [&](const auto& name, const Json& in, bool) {
    const std::string check = text_at(in, "check");
    if (check == "value") {
      const Bytes value = bytes_at(in, "value");
      corpus.add("state_value", name, value);
      const auto state_class = *model::parse_state_class(text_at(in, "class"));
      const std::array number{static_cast<std::byte>(state_class)};
      corpus.add("detail", name, joined({number, bytes_at(in, "detail")}));
    } else if (check != "tree") {
      const Bytes value = check == "inclusion" ? bytes_at(in, "value") : Bytes(kDigestBytes);
      corpus.add("prefix_proof", name, joined({bytes_at(in, "key"), value, bytes_at(in, "proof")}));
    }
  });
}

// Every detail that a small history sets.
void add_details(Corpus& corpus) {
  testing::FoundedVillage v;
  const StatementId record = v.admit(v.record("one"), {&v.guardian1, &v.guardian2});
  v.admit(v.change(record, model::Withdraw{}), {&v.guardian1});
  const StatementId grant = v.admit(v.audit_grant(), {&v.guardian1, &v.guardian2});
  v.admit(model::Revocation{v.domain, grant}, {&v.guardian3});
  v.admit(model::KeyEvent{0, model::AgentChange{v.stranger.public_key(), model::Capability::kAct}},
          {&v.council1, &v.council2});
  for (const auto& item : v.ledger.items())
    for (const auto& change : item.changes) {
      const std::array number{static_cast<std::byte>(change.value.state_class)};
      corpus.add("detail", model::state_class_name(change.value.state_class),
                 joined({number, change.detail}));
    }
}

// Draws the same bytes every time.
class FixedRandom : public crypto::Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned next_ = 0;
};

void add_key_files(Corpus& corpus) {
  FixedRandom random;
  const auto key = testing::key_named("council 1");
  const auto file = crypto::seal_key("Hine of the council", key.public_key(), key.seed(),
                                     as_bytes("passphrase"), {1, 8}, random);
  CHECK(file.has_value());
  const std::string text = crypto::format_key_file(*file);
  corpus.add("key_file", "a key for signing", text);
  corpus.add("key_file", "a line left out", text.substr(text.find('\n') + 1));
}

void add_policies(Corpus& corpus) {
  each(kPolicies, [&](const auto& name, const Json& in, bool accepted) {
    if (accepted && text_at(in, "check") == "policy")
      corpus.add("policy", name, text_at(in, "policy"));
  });
  const auto vkey = [](const char* name, model::NoteKeyType type) {
    return model::format_vkey({name, type, testing::key_named(name).public_key()});
  };
  const std::string log = vkey("kelp-bay.invalid/ledger", model::NoteKeyType::kEd25519);
  const std::string east = vkey("east.invalid", model::NoteKeyType::kCosignature);
  const std::string west = vkey("west.invalid", model::NoteKeyType::kCosignature);
  corpus.add("policy", "no quorum", "log " + log + "\nquorum none\n");
  corpus.add("policy", "any of two",
             "# who has seen it\nlog " + log + " https://kelp-bay.invalid/\nwitness east " + east +
                 "\nwitness west " + west +
                 " https://west.invalid/\ngroup coast any east west\n"
                 "quorum coast\n");
}

void add_export_files(Corpus& corpus) {
  const testing::FoundedVillage v;
  Bytes entries{std::byte{0}, std::byte{3}};
  Bytes statements{std::byte{1}, std::byte{3}};
  Bytes changes{std::byte{2}, std::byte{3}};
  for (const auto& item : v.ledger.items()) {
    append_u16be(entries, static_cast<std::uint16_t>(item.entry_bytes.size()));
    append(entries, item.entry_bytes);
    append_u32be(statements, static_cast<std::uint32_t>(item.signed_statement.size()));
    append(statements, item.signed_statement);
    const Bytes pairs = rules::encode_change_pairs(item.changes);
    append_u32be(changes, static_cast<std::uint32_t>(pairs.size()));
    append(changes, pairs);
  }
  corpus.add("export_file", "entries", entries);
  corpus.add("export_file", "statements", statements);
  corpus.add("export_file", "changes", changes);
}

void add_documents(Corpus& corpus) {
  corpus.add("import_json", "an object of strings",
             R"({"title": "Ng\u0101 rimurimu", "body": "Kelp\nholds on.", "place": ""})");
  corpus.add("import_json", "a number", R"({"count": 3})");
  corpus.add("import_json", "nested", R"({"a": {"b": "c"}})");
  corpus.add("import_text", "plain", "tKelp holds on.\n");
  corpus.add("import_text", "markdown", "m```\n# no title\n```\n\nNgā rimurimu\n===\n\nKelp.\n");
}

// A file of a draft as fuzz/draft.cpp takes it; `name` is empty for statements and imports.
Bytes draft_file(unsigned which, ByteView name, ByteView bytes) {
  Bytes out{static_cast<std::byte>(which)};
  append(out, name);
  append_u32be(out, static_cast<std::uint32_t>(bytes.size()));
  append(out, bytes);
  return out;
}

void add_drafts(Corpus& corpus) {
  testing::FoundedVillage v;
  const model::Content content{{{"body", {}, to_bytes("Kelp holds on.")}}};
  model::Record record = v.record("");
  record.content_root = model::content_root(content);
  const std::vector<Bytes> made{model::encode_statement(v.statement(record)),
                                model::encode_statement(v.statement(v.audit_grant()))};
  Bytes statements;
  std::vector<StatementId> ids;
  for (const Bytes& statement : made) {
    append_u32be(statements, static_cast<std::uint32_t>(statement.size()));
    append(statements, statement);
    ids.push_back(model::statement_id(statement));
  }
  Bytes signature;
  append_u16be(signature, 1);
  append(signature, v.guardian1.public_key().bytes);
  append_u64be(signature, made.size());
  append(signature, model::sign_batch(ids, v.guardian1)[0].signature);
  Bytes imports;
  append_u32be(imports, 0);
  append(imports, Bytes(3 * kDigestBytes, std::byte{7}));  // a row of two, and the MAC

  const Bytes first = draft_file(0, {}, statements);
  const Bytes signed_by = draft_file(2, v.guardian1.id(), signature);
  const Bytes shown = draft_file(3, ids[0], model::encode_content(content));
  corpus.add("draft", "nobody has signed yet", first);
  corpus.add("draft", "signed once", joined({first, signed_by}));
  corpus.add("draft", "of an import, with its content",
             joined({first, signed_by, shown, draft_file(1, {}, imports)}));
  corpus.add("draft", "a signature without statements", signed_by);
}

void add_http_requests(Corpus& corpus) {
  const auto add = [&](const char* name, std::string_view text) {
    corpus.add("http_request", name, text);
  };
  add("a question", "GET /v1/entries?from=1 HTTP/1.1\r\nHost: a.invalid:80\r\nX: \t y \r\n\r\nGET");
  add("a body", "POST /add HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 4\r\n\r\nbodyGET");
  add("chunks",
      "POST /add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;a=\"b\"\r\nbody\r\n2\r\n!!\r\n0\r\nTrailer: x\r\n\r\nGET");
  add("no chunk but the last",
      "POST /add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  add("an old client", "GET http://x/checkpoint HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  add("a fold", "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n");
  add("two lengths",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
}

}  // namespace
}  // namespace holdfast::vectors

int main(int argc, char** argv) {
  using namespace holdfast::vectors;
  if (argc != 2) {
    std::fprintf(stderr, "make_corpus FOLDER\n");
    return 2;
  }
  Corpus corpus(argv[1]);
  add_texts(corpus);
  add_structs(corpus);
  add_evidence(corpus);
  add_log_proofs(corpus);
  add_state(corpus);
  add_details(corpus);
  add_key_files(corpus);
  add_policies(corpus);
  add_export_files(corpus);
  add_documents(corpus);
  add_drafts(corpus);
  add_http_requests(corpus);
  return 0;
}
