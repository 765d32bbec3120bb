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
  step @0 :AgreementStep;
  agreement @1 :Data;                # the offer's statement id; empty in an offer
  peer @2 :PeerEvidence;
  endpoint @3 :Text;
  purpose @4 :Text;
  terms @5 :Terms;
  signatures @6 :List(Signature);    # both councils', over holdfast/agreement/v1
}

enum AgreementStep {
  none @0;
  offer @1;
  accept @2;
  amend @3;
  suspend @4;
  resume @5;
  end @6;
}

struct Terms {
  villageLow @0 :Data;
  villageHigh @1 :Data;
  purpose @2 :Text;
  kind @3 :Text;
  text @4 :Text;
}

struct PeerEvidence {
  genesis @0 :Data;                  # canonical bytes of the signed genesis
  keyHistory @1 :List(ProvenEntry);
  village @2 :ProvenSubject;
  checkpoint @3 :Data;               # the signed note
}

struct ProvenEntry {
  entry @0 :Data;
  signedStatement @1 :Data;
  path @2 :Data;
}

struct ProvenSubject {
  stateClass @0 :UInt16;
  id @1 :Data;
  value @2 :StateValue;              # null where absence is proved
  detail @3 :Data;
  proof @4 :Data;
  seal @5 :ProvenEntry;
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
    none @1 :Void;
    publish @2 :ShapeTemplate;
    retire @3 :Data;
  }
}

enum Operation {
  none @0;
  exists @1;
  count @2;
  histogram @3;
  excerpts @4;
  answer @5;
}

struct ShapeTemplate {
  operation @0 :Operation;
  title @1 :Text;
  parameters @2 :List(Parameter);
  itemsMax @3 :UInt32;
  charactersMax @4 :UInt32;
  minimumCell @5 :UInt32;
  rounding @6 :UInt32;
  steeringNeeded @7 :Bool;
}

struct Parameter {
  name @0 :Text;
  type :union {
    none @1 :Void;
    text @2 :UInt32;                 # bytes at most
    choice @3 :List(Text);
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
    none @1 :Void;
    publish @2 :ModelIdentity;
    retire @3 :Data;
  }
}

struct ModelIdentity {
  name @0 :Text;
  weights @1 :Data;
  adapter @2 :Data;
  template @3 :Data;
  engine @4 :Data;
  sampling @5 :Text;
  determinism @6 :UInt16;
  trainingRoot @7 :Data;
}

struct Steering {
  domain @0 :Data;
  step :union {
    none @1 :Void;
    set @2 :SteeringTerms;
    withdraw @3 :Data;
  }
}

struct SteeringTerms {
  models @0 :List(Data);
  instructions @1 :Data;
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
  queryId @1 :Data;
  agreement @2 :Data;
  grant @3 :Data;
  shape @4 :Data;
  purpose @5 :Text;
  parameters @6 :Data;
  model @7 :Data;
  steering @8 :Data;
  outcome :union {
    none @9 :Void;
    answered @10 :Answered;
    refused @11 :Refused;
  }
}

struct Answered {
  commitment @0 :Data;
  used :union {
    none @1 :Void;
    records @2 :List(Data);
    hidden @3 :HiddenUse;
  }
  cited @4 :List(Data);
  items @5 :UInt32;
  characters @6 :UInt32;
}

struct HiddenUse {
  bound @0 :UInt64;                  # a power of two
  root @1 :Data;
}

struct Refused {
  reason @0 :Text;
  count @1 :UInt64;
}

struct Opening {
  version @0 :UInt16;                # 1
  salt @1 :Data;
  ids @2 :List(Data);
}

struct Receipt {
  sequence @0 :UInt64;
  agreement @1 :Data;
  acknowledges @2 :ReceiptOf;
  envelope @3 :Data;
  checkpoint @4 :Data;
  rejected @5 :Text;                 # empty = verified
  evidence @6 :List(ProvenSubject);
  revocation @7 :ProvenEntry;
}

enum ReceiptOf {
  none @0;
  answer @1;
  refusal @2;
  revocation @3;
  deletion @4;
  transfer @5;
}

struct Composition {
  sequence @0 :UInt64;
  inputs @1 :List(Data);
  used @2 :List(ForeignId);
  grants @3 :List(ForeignId);
  model @4 :Data;
  commitment @5 :Data;
  purpose @6 :Text;
}

struct ForeignId {
  village @0 :Data;
  id @1 :Data;
}

struct Transfer {
  sequence @0 :UInt64;
  direction @1 :Direction;
  records @2 :List(Data);
  grant @3 :Data;
  agreement @4 :Data;
  fields @5 :List(Text);
  hops @6 :List(Data);
}

enum Direction {
  none @0;
  out @1;
  in @2;
}

# --- kinds 17 to 22 -------------------------------------------------------------------------------

struct Decision {
  sequence @0 :UInt64;
  agent @1 :Data;
  action @2 :Data;                   # F of a content field
  verdict @3 :Verdict;
  category @4 :Text;
  appealOf @5 :Data;
  reversalOf @6 :Data;
}

enum Verdict {
  none @0;
  allow @1;
  deny @2;
  escalate @3;
}

struct Deliberation {
  domain @0 :Data;
  matter @1 :Data;
  positions @2 :List(Position);
  outcome @3 :Data;
  dissent @4 :List(Data);
  proposals @5 :List(Data);
}

struct Position {
  holder @0 :Data;
  text @1 :Data;
}

struct Report {
  periodStart @0 :Int64;
  periodEnd @1 :Int64;
  first @2 :UInt64;
  last @3 :UInt64;
  root @4 :Data;
  digest @5 :Data;
  previous @6 :Data;
}

struct Observation {
  of :union {
    none @0 :Void;
    peer @1 :PeerCheckpoint;
    own @2 :Data;                    # our checkpoint with cosignatures: the signed note
    evidence @3 :Data;
  }
}

struct PeerCheckpoint {
  agreement @0 :Data;
  checkpoint @1 :Data;
}

struct Exit {
  manifest @0 :Data;
}

struct Upgrade {
  rules @0 :UInt32;
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
  sequence @2 :UInt64;
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
