# SPDX-License-Identifier: CC-BY-4.0
#
# The structs of the Holdfast protocol. Bytes on the wire, in the log and under hashes are the
# canonical single segment of these structs without stream framing; spec/bytes.md says what more is
# required of them (fixed lengths, bounds, text classes, sorted lists).
#
# Field numbers never change. A field called *Id or a Data that bytes.md calls "digest" is 32 bytes.

@0xb6a5d1f27c3e9048;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("holdfast::model::wire");

# --- keys and authority ---------------------------------------------------------------------------

struct PublicKey {
  algorithm @0 :UInt16;      # 1 Ed25519, 2 ML-DSA-44 (kept), 3 X25519 (sealing)
  bytes @1 :Data;            # 32
}

struct Authority {
  threshold @0 :UInt16;
  keys @1 :List(PublicKey);  # sorted by key id
}

struct NextAuthority {
  threshold @0 :UInt16;
  keyIds @1 :List(Data);     # sorted
}

# --- what is signed, what is sequenced ------------------------------------------------------------

struct SignedStatement {
  version @0 :UInt16;                # 1
  statement @1 :Data;                # canonical bytes of a Statement
  signatures @2 :List(Signature);    # sorted by keyId
}

struct Signature {
  keyId @0 :Data;
  bytes @1 :Data;                    # 64
  batchIndex @2 :UInt64;
  batchSize @3 :UInt64;
  batchPath @4 :Data;                # RFC 6962 inclusion path, 32 bytes a hash, leaf side first
}

struct Entry {
  version @0 :UInt16;                # 1
  kind @1 :UInt16;
  index @2 :UInt64;
  time @3 :Int64;
  previous @4 :Data;
  statement @5 :Data;
  changes @6 :Data;
}

struct Statement {
  version @0 :UInt16;                # 1
  visibility @1 :Visibility;
  issuedAt @2 :Int64;
  sequenceBy @3 :Int64;
  basisSize @4 :UInt64;
  basisRoot @5 :Data;
  village @6 :Data;
  salt @7 :Data;                     # 16
  body :union {                      # the discriminant is the kind's number
    none @8 :Void;                   # never valid
    genesis @9 :Genesis;
    seal @10 :Seal;
    keyEvent @11 :KeyEvent;
    domain @12 :Domain;
    agreement @13 :Agreement;
    record @14 :Record;
    recordChange @15 :RecordChange;
    shape @16 :Shape;
    model @17 :Model;
    steering @18 :Steering;
    grant @19 :Grant;
    revocation @20 :Revocation;
    inference @21 :Inference;
    receipt @22 :Receipt;
    composition @23 :Composition;
    transfer @24 :Transfer;
    decision @25 :Decision;
    deliberation @26 :Deliberation;
    report @27 :Report;
    observation @28 :Observation;
    exit @29 :Exit;
    upgrade @30 :Upgrade;
  }
}

enum Visibility {
  open @0;
  peers @1;
  parties @2;
  guardians @3;
}

# --- kinds 1 to 4 ---------------------------------------------------------------------------------

struct Genesis {
  rules @0 :UInt32;
  name @1 :Text;
  origin @2 :Text;
  communityType @3 :Text;
  operator @4 :PublicKey;
  witness @5 :PublicKey;
  sealing @6 :PublicKey;
  council @7 :Authority;
  councilNext @8 :NextAuthority;
  terms @9 :Text;
  substrate @10 :Substrate;
}

struct Substrate {
  hardware @0 :Text;
  weights @1 :Text;
  jurisdiction @2 :Text;
}

struct Seal {
  coveredSize @0 :UInt64;
  stateRoot @1 :Data;
}

struct KeyEvent {
  expectedVersion @0 :UInt64;        # of the subject that changes; 0 for an agent not yet known
  change :union {
    none @1 :Void;                   # never valid
    council @2 :Rotation;
    domain @3 :DomainRotation;
    operator @4 :OperatorChange;
    witness @5 :PublicKey;
    sealing @6 :PublicKey;
    agent @7 :AgentKey;
  }
}

struct Rotation {
  set @0 :Authority;
  next @1 :NextAuthority;
  revealed @2 :List(PublicKey);      # keys of the old next that sign but are not in the set
}

struct DomainRotation {
  domain @0 :Data;
  rotation @1 :Rotation;
}

struct OperatorChange {
  key @0 :PublicKey;
  fromSize @1 :UInt64;
  fromRoot @2 :Data;
}

struct AgentKey {
  key @0 :PublicKey;
  capability @1 :Capability;
}

enum Capability {
  never @0;
  propose @1;
  act @2;
}

struct Domain {
  slug @0 :Text;
  title @1 :Text;
  guardians @2 :Authority;
  next @3 :NextAuthority;
  tikanga @4 :Text;
  disclosure @5 :Disclosure;
}

struct Disclosure {
  minimumCell @0 :UInt32;
  rounding @1 :UInt32;
}

# --- kind 5 ---------------------------------------------------------------------------------------

struct Agreement {
  agreement @0 :Data;                # the offer's statement id; empty in an offer
  expectedVersion @1 :UInt64;        # of the agreement; 0 in offer, suspend and end
  step :union {
    none @2 :Void;                   # never valid
    offer @3 :Offer;
    accept @4 :List(TermsSignature); # both councils', sorted by keyId
    amend @5 :NewTerms;
    suspend @6 :Void;
    resume @7 :NewTerms;
    end @8 :Void;
  }
}

struct Offer {
  genesis @0 :Data;                  # the peer's: canonical bytes of the signed statement
  state @1 :PeerState;               # shows its village and its council
  terms @2 :NewTerms;                # signed by the offering council at least
}

struct NewTerms {
  endpoint @0 :Text;                 # where the peer is reached
  terms @1 :Terms;
  signatures @2 :List(TermsSignature);  # over holdfast/agreement/v1, sorted by keyId
}

struct TermsSignature {
  keyId @0 :Data;
  bytes @1 :Data;                    # 64
}

struct Terms {
  villageLow @0 :Data;
  villageHigh @1 :Data;
  revision @2 :UInt64;               # rises with every amendment and resumption
  kind @3 :AgreementKind;
  purpose @4 :Text;
  text @5 :Text;
}

enum AgreementKind {
  none @0;                           # never valid
  peer @1;
  hierarchical @2;
  consortium @3;
}

# --- what another village's log and state say, with proofs ----------------------------------------

struct PeerState {
  history @0 :List(ProvenEntry);     # what changed its village or council since what is known of it
  checkpoint @1 :Data;               # the signed note
  seal @2 :ProvenEntry;              # the entry under it, index size - 1
  subjects @3 :List(ProvenSubject);  # sorted by class and id
}

struct ProvenEntry {
  entry @0 :Data;
  signedStatement @1 :Data;
  path @2 :Data;                     # RFC 6962 inclusion path in the checkpoint's tree
}

struct ProvenSubject {
  stateClass @0 :UInt16;
  id @1 :Data;
  value @2 :Data;                    # canonical bytes of a StateValue
  detail @3 :Data;
  proof @4 :Data;                    # of inclusion, under the seal's stateRoot
}

# --- kinds 6 and 7 --------------------------------------------------------------------------------

struct Record {
  domain @0 :Data;
  guardianship @1 :Guardianship;
  provenance @2 :Provenance;
  policy @3 :Policy;
  contentRoot @4 :Data;
  mediaType @5 :Text;
  language @6 :Text;
  origin @7 :CopyOrigin;
}

struct Guardianship {
  guardians @0 :List(Data);          # key ids, sorted
  tikanga @1 :Text;
  provenance @2 :Data;               # F of a content field, or empty
  labels @3 :List(Text);             # sorted
  notices @4 :List(Text);            # sorted
}

struct Provenance {
  authored @0 :List(Attribution);
  stewarded @1 :List(Attribution);
  approved @2 :List(Attribution);
}

struct Attribution {                 # exactly one of the two
  keyId @0 :Data;
  role @1 :Text;
}

struct Policy {
  read @0 :Bool;
  share @1 :Bool;
  train @2 :Bool;
  export @3 :Bool;
  delete @4 :Bool;
}

struct CopyOrigin {
  village @0 :Data;
  record @1 :Data;
  grant @2 :Data;                    # the origin's grant that it came under; empty under rules 1
}

struct RecordChange {
  record @0 :Data;
  expectedVersion @1 :UInt64;        # 0 in withdraw, which needs none
  step :union {
    none @2 :Void;                   # never valid
    supersede @3 :Data;              # the successor's id
    handOver @4 :Data;               # the other domain's id
    withdraw @5 :Void;
    restore @6 :Void;
    erase @7 :Void;
  }
}

# --- kinds 8 to 10 --------------------------------------------------------------------------------

struct Shape {
  domain @0 :Data;
  step :union {
    none @1 :Void;                   # never valid
    publish @2 :ShapeTemplate;
    retire @3 :Data;
  }
}

enum Operation {
  none @0;                           # never valid
  exists @1;
  count @2;
  histogram @3;
  excerpts @4;
  answer @5;
}

struct ShapeTemplate {
  operation @0 :Operation;
  title @1 :Text;
  parameters @2 :List(Parameter);    # sorted by name
  itemsMax @3 :UInt32;
  charactersMax @4 :UInt32;
  minimumCell @5 :UInt32;
  rounding @6 :UInt32;
  steeringNeeded @7 :Bool;
}

struct Parameter {
  name @0 :Text;
  type :union {
    none @1 :Void;                   # never valid
    text @2 :UInt32;                 # bytes at most
    choice @3 :List(Text);           # sorted
    integer @4 :Range;
    date @5 :Range;                  # days since 1970-01-01
  }
}

struct Range {
  low @0 :Int64;
  high @1 :Int64;
}

struct Model {
  domain @0 :Data;
  step :union {
    none @1 :Void;                   # never valid
    publish @2 :ModelIdentity;
    retire @3 :Data;
  }
}

struct ModelIdentity {
  name @0 :Text;
  weights @1 :Data;
  adapter @2 :Data;                  # these three: empty where there is none
  template @3 :Data;
  engine @4 :Data;
  sampling @5 :Text;
  determinism @6 :Determinism;
  trainingRoot @7 :Data;             # prefix-tree root of the records of the domain that it was
                                     # trained on; empty where it was on none
}

enum Determinism {
  unknown @0;
  exact @1;                          # the same input gives the same bytes, anywhere
  seeded @2;                         # ... on the same engine with the same seed
  sampled @3;
}

struct Steering {
  domain @0 :Data;
  step :union {
    none @1 :Void;                   # never valid
    set @2 :SteeringTerms;
    withdraw @3 :Data;
  }
}

struct SteeringTerms {
  models @0 :List(Data);             # sorted
  instructions @1 :Data;             # digest; empty where there are none
  limits @2 :Limits;
}

# --- kinds 11 and 12 ------------------------------------------------------------------------------

struct Grant {
  domain @0 :Data;                   # the village id in a council's grant
  grantee :union {
    none @1 :Void;                   # never valid
    agreement @2 :Data;
    auditor @3 :PublicKey;
  }
  records :union {
    all @4 :Void;
    ids @5 :List(Data);              # sorted
    labels @6 :List(Text);           # sorted
  }
  operations @7 :Operations;
  shapes @8 :List(Data);             # sorted
  purposes @9 :List(Text);           # sorted
  notBefore @10 :Int64;
  notAfter @11 :Int64;
  limits @12 :Limits;
  onward @13 :Onward;
  obligations @14 :Obligations;
  tikanga @15 :Text;
}

struct Operations {
  query @0 :Bool;
  share @1 :Bool;
  train @2 :Bool;
  audit @3 :Bool;
  mirror @4 :Bool;
}

struct Limits {                      # 0 = none set
  calls @0 :UInt64;
  callsPerDay @1 :UInt64;
  minimumCell @2 :UInt32;
  characters @3 :UInt64;
}

enum Onward {
  none @0;
  withOriginsGrant @1;
}

struct Obligations {
  attribute @0 :Bool;
  deleteOnRevocation @1 :Bool;
  reportUse @2 :Bool;
}

struct Revocation {
  domain @0 :Data;                   # the village id for a council's grant
  grant @1 :Data;
}

# --- kinds 13 to 16 -------------------------------------------------------------------------------

struct Inference {
  sequence @0 :UInt64;
  queryId @1 :Data;                  # 16, the id of the envelope that asked
  agreement @2 :Data;
  grant @3 :Data;                    # empty in a refusal that knows of none; so shape
  shape @4 :Data;
  purpose @5 :Text;
  parameters @6 :Data;               # F, empty where there are none
  model @7 :Data;                    # empty where no model speaks; so steering
  steering @8 :Data;
  onward @9 :List(ForeignId);        # the origins' own grants to the asker, for copies; sorted
  outcome :union {
    none @10 :Void;                  # never valid
    answered @11 :Answered;
    refused @12 :Refused;
  }
}

struct Answered {
  commitment @0 :Data;               # content root of the answer's fields
  used :union {
    none @1 :Void;                   # never valid
    records @2 :List(Data);          # sorted; each record given to the operation
    hidden @3 :HiddenUse;            # exists, count and histogram
  }
  cited @4 :List(Data);              # sorted
  items @5 :UInt32;
  characters @6 :UInt32;
}

struct HiddenUse {
  bound @0 :UInt64;                  # a power of two
  root @1 :Data;                     # over HMAC-SHA256(salt, id), ids ascending, padded with zeros
}

struct Refused {
  reason @0 :Text;
  count @1 :UInt64;
}

struct Opening {
  version @0 :UInt16;                # 1
  salt @1 :Data;                     # 32
  ids @2 :List(Data);                # sorted
}

struct Receipt {
  sequence @0 :UInt64;
  agreement @1 :Data;
  acknowledges @2 :ReceiptOf;
  of @3 :Data;                       # the id of the peer's inference, transfer or grant; of a
                                     # deletion, that of our transfer
  envelope @4 :Data;                 # its hash; empty where it came without one
  rejected @5 :Text;                 # why; empty = verified
  state @6 :PeerState;               # null where nothing is to be proved
  revocation @7 :Data;               # a signed revocation that somebody carried
}

enum ReceiptOf {
  none @0;                           # never valid
  answer @1;
  refusal @2;
  revocation @3;
  deletion @4;
  transfer @5;
  grant @6;                          # of a peer to somebody else, for onward use
}

struct Composition {
  sequence @0 :UInt64;
  inputs @1 :List(Data);             # receipts of answers, sorted
  refusals @2 :List(Data);           # receipts of refusals, sorted
  used @3 :List(ForeignId);          # records, sorted
  grants @4 :List(ForeignId);        # sorted
  model @5 :Data;                    # our own; empty where none spoke
  commitment @6 :Data;
  purpose @7 :Text;
}

struct ForeignId {
  village @0 :Data;
  id @1 :Data;
}

struct Transfer {
  sequence @0 :UInt64;
  direction @1 :Direction;
  agreement @2 :Data;
  grant @3 :Data;                    # ours, out; the peer's, in
  records @4 :List(Data);            # sorted; ours, out; the peer's, in
  onward @5 :List(ForeignId);        # as in an inference
  fields @6 :List(Text);             # names of the fields disclosed, sorted; empty = all
  hops @7 :List(Data);               # the villages that they came through, the first first
}

enum Direction {
  none @0;                           # never valid
  out @1;
  in @2;
}

# --- kinds 17 to 22 -------------------------------------------------------------------------------

struct Decision {
  sequence @0 :UInt64;               # of the agent that signs; 0 where a person does
  domain @1 :Data;                   # or the village's id: whose people it is put before
  expectedVersion @2 :UInt64;        # of the decision that it answers; 0 in one of its own
  contentRoot @3 :Data;
  action @4 :Data;                   # F of a content field
  verdict @5 :Verdict;
  category @6 :Text;
  of :union {
    itself @7 :Void;
    appeal @8 :Data;
    closing @9 :Data;
    reversal @10 :Data;
  }
}

enum Verdict {
  none @0;                           # never valid
  allow @1;
  deny @2;
  escalate @3;
}

struct Deliberation {
  domain @0 :Data;                   # or the village's id: who deliberated
  contentRoot @1 :Data;
  matter @2 :Data;                   # F, as all below
  positions @3 :List(Position);
  outcome @4 :Data;
  dissent @5 :List(Data);            # texts of positions that the outcome does not carry, sorted
  proposals @6 :List(Data);          # in the order in which they were put
}

struct Position {
  holder @0 :Data;
  text @1 :Data;
}

struct Report {
  view @0 :ReportView;
  periodStart @1 :Int64;
  periodEnd @2 :Int64;
  first @3 :UInt64;
  last @4 :UInt64;
  root @5 :Data;
  digest @6 :Data;
  previous @7 :Data;                 # digest of the last report; empty in the first
}

enum ReportView {
  none @0;                           # never valid
  open @1;
  full @2;
}

struct Observation {
  of :union {
    none @0 :Void;                   # never valid
    peer @1 :PeerCheckpoint;
    own @2 :Data;                    # our checkpoint with cosignatures: the signed note
    evidence @3 :Data;               # canonical bytes of an Evidence
  }
}

struct PeerCheckpoint {
  agreement @0 :Data;
  state @1 :PeerState;               # shows its village
  consistency @2 :Data;              # hashes, from the checkpoint last observed; empty at first
}

struct Exit {
  manifest @0 :Data;
}

struct Upgrade {
  rules @0 :UInt32;
}

# --- evidence -------------------------------------------------------------------------------------

struct Evidence {
  version @0 :UInt16;                # 1
  genesis @1 :Data;                  # the accused village's: canonical bytes of the signed statement
  history @2 :List(Data);            # signed statements that changed its village or council, in order
  of :union {
    none @3 :Void;                   # never valid
    twoRoots @4 :TwoRoots;
    rewritten @5 :Rewritten;
    revokedLive @6 :RevokedLive;
    unsealed @7 :Unsealed;
    revived @8 :Revived;
    twoOperators @9 :TwoOperators;
  }
}

struct TwoRoots {                    # two signed notes
  first @0 :Data;
  second @1 :Data;
}

struct Rewritten {
  older @0 :Data;                    # two signed notes
  newer @1 :Data;
  oldRoot @2 :Data;                  # of the newer log at the older size
  proof @3 :Data;                    # hashes: consistency of oldRoot and the newer root
}

struct RevokedLive {
  checkpoint @0 :Data;               # the signed note
  seal @1 :ProvenEntry;              # the entry under it, index size - 1
  grant @2 :Data;                    # canonical bytes of the statement, whose hash is its id
  revocation @3 :ProvenEntry;
  state @4 :ProvenValue;             # of the grant
}

struct Unsealed {
  checkpoint @0 :Data;               # the signed note
  leaf @1 :Data;                     # what stands at index size - 1: an entry, where it is one
  path @2 :Data;                     # RFC 6962 inclusion path
  signedStatement @3 :Data;          # empty where it is withheld
}

struct Revived {
  checkpoint @0 :Data;               # the signed note
  earlier @1 :ProvenEntry;           # a seal in its tree
  later @2 :ProvenEntry;             # the entry under it, index size - 1
  stateClass @3 :UInt16;
  id @4 :Data;
  ended @5 :ProvenValue;             # under the earlier seal
  alive @6 :ProvenValue;             # under the later one
}

struct TwoOperators {                # two signed statements
  first @0 :Data;
  second @1 :Data;
}

struct ProvenValue {
  value @0 :Data;                    # canonical bytes of a StateValue
  proof @1 :Data;                    # of inclusion, under the seal's stateRoot
}

# --- content --------------------------------------------------------------------------------------

struct Content {
  version @0 :UInt16;                # 1
  fields @1 :List(ContentField);     # sorted by name, names unique, 1 to 256
}

struct ContentField {
  name @0 :Text;
  salt @1 :Data;                     # 32
  value @2 :Data;
}

# --- state ----------------------------------------------------------------------------------------

struct StateValue {
  stateClass @0 :UInt16;
  status @1 :UInt16;
  version @2 :UInt64;
  firstIndex @3 :UInt64;
  lastIndex @4 :UInt64;
  detail @5 :Data;
}

struct VillageDetail {               # class 1, id = village id
  operator @0 :PublicKey;
  witness @1 :PublicKey;
  sealing @2 :PublicKey;
  rules @3 :UInt32;
}

struct AuthorityDetail {             # class 2, id = village id (council) or domain id
  current @0 :Authority;
  next @1 :NextAuthority;
}

struct AgentDetail {                 # class 3, id = key id
  key @0 :PublicKey;
  capability @1 :Capability;
}

struct DomainDetail {                # class 4, id = domain id
  slug @0 :Text;
  disclosure @1 :Disclosure;
  trainingChanged @2 :UInt64;        # 1 + index of the last entry that took a record with train away
}

struct SlugDetail {                  # class 5, id = the slug
  domain @0 :Data;
}

struct RecordDetail {                # class 6, id = record id
  domain @0 :Data;
  contentRoot @1 :Data;
  policy @2 :Policy;
  labels @3 :List(Text);
  successor @4 :Data;                # empty unless superseded
  origin @5 :CopyOrigin;             # of a copy; null under rules 1
}

struct GrantDetail {                 # class 7, id = grant id: the whole scope and what was used of it
  terms @0 :Grant;
  day @1 :Int64;
  callsOnDay @2 :UInt64;
  calls @3 :UInt64;
}

struct GranteeDetail {               # class 8, id = village id or auditor's key id
  count @0 :UInt64;
}

struct RevocationDetail {            # class 9, id = domain id || grant id
  grant @0 :Data;
}

struct SpentDetail {                 # class 10, id = statement id
  subject @0 :Data;
}

struct AgreementDetail {             # class 11, id = the offer's statement id
  peer @0 :Data;
  termsHash @1 :Data;
  revision @2 :UInt64;
  kind @3 :AgreementKind;
  purpose @4 :Text;
  endpoint @5 :Text;
}

struct ShapeDetail {                 # class 12, id = statement id, as the nine below
  domain @0 :Data;
  template @1 :ShapeTemplate;
}

struct ModelDetail {                 # class 13
  domain @0 :Data;
  identity @1 :ModelIdentity;
}

struct SteeringDetail {              # class 14
  domain @0 :Data;
  terms @1 :SteeringTerms;
  day @2 :Int64;                     # as in a grant's: what was used of it
  callsOnDay @3 :UInt64;
  calls @4 :UInt64;
}

struct InferenceDetail {             # class 15
  agreement @0 :Data;
  grant @1 :Data;
  queryId @2 :Data;
  commitment @3 :Data;               # empty in a refusal
  reason @4 :Text;                   # empty in an answer
}

struct ReceiptDetail {               # class 16
  agreement @0 :Data;
  acknowledges @1 :ReceiptOf;
  of @2 :Data;
  verified @3 :Bool;
  grant @4 :ForeignId;               # null where there is none
}

struct CompositionDetail {           # class 17
  commitment @0 :Data;
  grants @1 :List(ForeignId);
}

struct TransferDetail {              # class 18
  direction @0 :Direction;
  agreement @1 :Data;
  grant @2 :Data;
}

struct DecisionDetail {              # class 19
  domain @0 :Data;
  action @1 :Data;
  verdict @2 :Verdict;
  category @3 :Text;
  decidedBy @4 :Data;                # key id
  answer @5 :Data;                   # the decision that last appealed, closed or reversed it
}

struct DeliberationDetail {          # class 20
  domain @0 :Data;
  contentRoot @1 :Data;
  positions @2 :UInt32;
  dissent @3 :UInt32;
}

struct ReportDetail {                # class 21, id = village id
  view @0 :ReportView;
  periodStart @1 :Int64;
  periodEnd @2 :Int64;
  last @3 :UInt64;
  digest @4 :Data;
}

struct ObservationDetail {           # class 22, id = statement id
  village @0 :Data;                  # whose checkpoint, or who is accused
  size @1 :UInt64;
  root @2 :Data;
}

struct PeerDetail {                  # class 23, id = the peer's village id
  agreement @0 :Data;                # the last one
  origin @1 :Text;
  village @2 :VillageDetail;
  villageVersion @3 :UInt64;
  council @4 :AuthorityDetail;
  councilVersion @5 :UInt64;
  size @6 :UInt64;                   # the checkpoint last observed; 0 before the first
  root @7 :Data;
  observedAt @8 :Int64;
}

struct ForeignGrantDetail {          # class 24, id = the peer's village id || its grant's id
  agreement @0 :Data;                # ours with the peer
  grantee @1 :Data;                  # village id
  terms @2 :Grant;
  size @3 :UInt64;                   # of the peer's checkpoint that it was last shown under
}

struct SequenceDetail {              # class 25, id = an agent's key id
  last @0 :UInt64;                   # of its statements
}

# --- who asks over HTTP: spec/access.md ---

struct AccessClaim {
  version @0 :UInt16;                # 1
  village @1 :Data;                  # that is asked
  key @2 :PublicKey;                 # of who asks
  method @3 :Text;
  target @4 :Text;                   # path and query, as they are sent
  nonce @5 :Data;                    # 16 random bytes
  notAfter @6 :Int64;
  grants @7 :List(Data);             # to audit, that the asker rests on; sorted
}

struct AccessToken {
  version @0 :UInt16;                # 1
  claim @1 :Data;                    # canonical bytes of an AccessClaim
  signature @2 :Data;                # 64, by its key
}
