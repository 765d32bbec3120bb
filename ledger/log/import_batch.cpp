// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/import_batch.h"

#include <algorithm>

#include "ledger/log/import_document.h"
#include "ledger/model/codec.h"

namespace holdfast::log {

// Statements of one chunk, before they are signed. What they have in common stands in `statement`.
struct BatchMaker::Draft {
  model::Statement statement;
  std::vector<Bytes> encoded;
  std::vector<StatementId> ids;
};

model::Basis NewestBasis::get() const {
  const std::lock_guard lock(mutex_);
  return basis_;
}

void NewestBasis::set(const model::Basis& basis) {
  const std::lock_guard lock(mutex_);
  if (basis.size > basis_.size) basis_ = basis;
}

BatchMaker::BatchMaker(const DocumentSource& source, Reader& reader, const ImportIndex& index,
                       const ImportKey& import_key, const ImportTerms& terms,
                       std::span<const crypto::SigningKey* const> keys, const NewestBasis& basis,
                       const Clock& clock, crypto::Random& random, std::size_t batch_statements)
    : source_(source),
      reader_(reader),
      index_(index),
      import_key_(import_key),
      terms_(terms),
      keys_(keys.begin(), keys.end()),
      basis_(basis),
      clock_(clock),
      random_(random),
      batch_statements_(batch_statements) {
  CHECK(!keys_.empty() && batch_statements_ > 0);
  std::sort(keys_.begin(), keys_.end(),
            [](const auto* a, const auto* b) { return a->id() < b->id(); });
}

PreparedChunk BatchMaker::prepare(SourceChunk chunk) {
  PreparedChunk prepared;
  prepared.number = chunk.number;
  prepared.bytes = chunk.bytes;
  prepared.skipped = std::move(chunk.skipped);
  Draft draft;
  draft.statement.visibility = terms_.visibility;
  draft.statement.issued_at = clock_.now();
  draft.statement.sequence_by = draft.statement.issued_at + terms_.sequence_within;
  draft.statement.basis = basis_.get();
  draft.statement.village = terms_.village;
  draft.encoded.reserve(chunk.items.size());
  prepared.admissions.reserve(chunk.items.size());
  for (SourceItem& item : chunk.items) {
    take(item, prepared, draft);
    if (prepared.failure) return prepared;
  }
  sign(draft, prepared);
  return prepared;
}

void BatchMaker::take(SourceItem& item, PreparedChunk& prepared, Draft& draft) {
  const auto skip = [&](std::string reason, std::string detail) {
    prepared.skipped.push_back({std::move(item.name), std::move(reason), std::move(detail)});
  };
  const bool is_line = item.kind == DocumentKind::kJsonLines;
  Bytes read;
  if (!is_line) {
    Result<Bytes> bytes = source_.read_document(item);
    if (!bytes) return skip("cannot be read", bytes.error().found);
    read = *std::move(bytes);
  }
  const SourceMac source = import_key_.source_mac(terms_.record.domain, terms_.source, item.name);
  const DocumentMac mac = import_key_.document_mac(is_line ? as_bytes(item.line) : ByteView(read));
  const ImportIndex::Imported* known = index_.find(source);
  Before before;
  if (known != nullptr) {
    Result<Before> found = record_before(known->index);
    if (!found) {
      prepared.failure = found.error();
      return;
    }
    before = *std::move(found);
    if (known->document == mac) return count_unchanged(before, prepared);
  }
  Result<Document> document =
      is_line ? document_of_json(item) : document_of_text(item, std::move(read));
  if (!document) return skip(document.error().what, document.error().found);
  if (known == nullptr) {
    add_record(*document, import_row(source, mac), prepared, draft);
    ++prepared.added;
    return;
  }
  if (!before.kept_out.empty())
    return skip("changed, but its record " + before.kept_out, before.id.hex());
  add_record(*document, import_row(source, mac), prepared, draft);
  add_supersede(before, draft);
  prepared.admissions.emplace_back();
  ++prepared.superseded;
}

void BatchMaker::count_unchanged(const Before& before, PreparedChunk& prepared) const {
  ++(before.erased ? prepared.erased : prepared.unchanged);
  // What people took out of the import's hands has whatever terms they gave it.
  if (before.kept_out.empty() && !before.agrees) ++prepared.under_other_terms;
}

Result<BatchMaker::Before> BatchMaker::record_before(LeafIndex index) {
  const std::lock_guard lock(reader_mutex_);
  TRY_ASSIGN(const Bytes bytes, reader_.signed_statement(index));
  TRY_ASSIGN(const model::SignedStatement parts, model::decode_signed_statement(bytes));
  Before before;
  before.id = model::statement_id(parts.statement);
  TRY_ASSIGN(const auto subject, reader_.find(model::StateClass::kRecord, before.id));
  if (!subject)
    return Error{Code::kInvalid, "", "import row of entry " + std::to_string(index.value),
                 "an entry that made no record", "an imported record"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(subject->detail));
  before.version = subject->value.version;
  if (subject->value.status != model::Status::kActive)
    before.kept_out = std::string("was ") + model::status_name(subject->value.status);
  else if (detail.domain != terms_.record.domain)
    before.kept_out = "was handed over";
  before.erased = subject->value.status == model::Status::kErased;
  if (terms_.agrees) {
    TRY_ASSIGN(const model::Statement statement, model::decode_statement(parts.statement));
    const auto* record = std::get_if<model::Record>(&statement.body);
    before.agrees = record != nullptr && terms_.agrees(*record);
  }
  return before;
}

void BatchMaker::add_statement(model::Body body, Draft& draft) {
  draft.statement.body = std::move(body);
  random_.fill(draft.statement.salt);
  draft.encoded.push_back(model::encode_statement(draft.statement));
  draft.ids.push_back(model::statement_id(draft.encoded.back()));
}

void BatchMaker::add_record(Document& document, const SideRow& row, PreparedChunk& prepared,
                            Draft& draft) {
  for (model::Field& field : document.content.fields) random_.fill(field.salt);
  model::Record record = terms_.record;
  model::EncodedContent content(document.content);
  record.content_root = content.root().value();  // known from its making
  record.media_type = std::move(document.media_type);
  add_statement(std::move(record), draft);
  Admission& admission = prepared.admissions.emplace_back();
  prepared.content_bytes += content.bytes().size();
  admission.content = std::move(content);
  admission.side_rows.push_back(row);
}

// Right behind the new record, whose id is the last.
void BatchMaker::add_supersede(const Before& before, Draft& draft) {
  add_statement(model::RecordChange{before.id, before.version, model::Supersede{draft.ids.back()}},
                draft);
}

void BatchMaker::sign(Draft& draft, PreparedChunk& prepared) const {
  CHECK(prepared.admissions.size() == draft.ids.size());
  const std::span<const StatementId> ids(draft.ids);
  for (std::size_t first = 0; first < ids.size(); first += batch_statements_) {
    const auto batch = ids.subspan(first, std::min(batch_statements_, ids.size() - first));
    std::vector<std::vector<model::StatementSignature>> signatures;
    for (const crypto::SigningKey* key : keys_)
      signatures.push_back(model::sign_batch(batch, *key));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      model::SignedStatement signed_statement{std::move(draft.encoded[first + i]), {}};
      for (auto& of_key : signatures) signed_statement.signatures.push_back(std::move(of_key[i]));
      Admission& admission = prepared.admissions[first + i];
      admission.signed_statement = model::encode_signed_statement(signed_statement);
      admission.encoded_here = true;
    }
  }
}

}  // namespace holdfast::log
