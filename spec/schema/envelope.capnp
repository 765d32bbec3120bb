# SPDX-License-Identifier: CC-BY-4.0
# What passes between two villages. Its meaning, bounds and rules: ../envelopes.md.
@0xd3c4b0f2a71e5896;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("holdfast::model::wire");

using Ledger = import "holdfast.capnp";

struct SealedEnvelope {
  version @0 :UInt16;                # 1
  to @1 :Data;                       # the recipient village's id
  sealingKey @2 :Data;               # key id of the recipient's sealing key
  box @3 :Data;                      # a SignedEnvelope, sealed to that key
}

struct SignedEnvelope {
  version @0 :UInt16;                # 1
  envelope @1 :Data;                 # canonical bytes of an Envelope
  keyId @2 :Data;                    # of an agent of the sender
  signature @3 :Data;                # 64, over holdfast/envelope/v1
}

struct Envelope {
  version @0 :UInt16;                # 1
  to @1 :Data;                       # as in clear; so is sealingKey
  sealingKey @2 :Data;
  from @3 :Data;                     # the sender village's id
  id @4 :Data;                       # 16 random bytes
  sequence @5 :UInt64;               # of the envelopes to this village, from 1
  sentAt @6 :Int64;
  expiresAt @7 :Int64;
  inReplyTo @8 :Data;                # the id of another; empty: of none
  state @9 :Ledger.PeerState;        # under the sender's latest checkpoint: who signs, and what the body shows
  consistency @10 :List(Growth);     # from what the recipient has seen, by rising size
  seen @11 :Data;                    # the newest note of the recipient's that the sender saw; empty: none
  wanted @12 :List(UInt64);          # sizes of the recipient's log to be proved from, rising
  body :union {
    none @13 :Void;                  # never valid
    offer @14 :Proposal;
    accept @15 :Proposal;
    query @16 :Query;
    answer @17 :Answer;
    refusal @18 :Refusal;
    notice @19 :Notice;
    acknowledgement @20 :Acknowledgement;
    checkpoint @21 :Void;            # that of the state is what it brings
    freshness @22 :Freshness;
  }
}

struct Growth {
  from @0 :UInt64;                   # the size that the recipient has seen
  proof @1 :Data;                    # RFC 6962 consistency proof from there to the checkpoint
}

# Handed over by people, as a file: an invitation, or the acceptance that answers it.
struct Introduction {
  version @0 :UInt16;                # 1
  genesis @1 :Data;                  # signed statement of the village that hands it over
  state @2 :Ledger.PeerState;        # from its genesis on: its village and its council
  terms @3 :Ledger.NewTerms;         # with that village's endpoint, and the signatures there are
}

struct Proposal {
  agreement @0 :Data;                # the recipient's agreement that is to be amended or resumed
  terms @1 :Ledger.NewTerms;
}

struct Query {
  agreement @0 :Data;                # the recipient's, and its grant and shape
  grant @1 :Data;
  shape @2 :Data;
  purpose @3 :Text;
  arguments @4 :List(Argument);      # sorted by name
  salt @5 :Data;                     # 32, of the commitment to the arguments; empty where there are none
  itemsMax @6 :UInt32;               # 0: as the shape has it
  charactersMax @7 :UInt32;
  onward @8 :List(Ledger.ForeignId);
}

struct Argument {
  name @0 :Text;
  value @1 :Text;
}

struct Answer {
  inference @0 :Ledger.ProvenEntry;
  content @1 :Data;                  # canonical Content: the answer's fields with their salts
  cited @2 :List(CitedRecord);       # sorted by id
}

struct CitedRecord {
  signedStatement @0 :Data;
  value @1 :Data;                    # canonical bytes of a StateValue
  detail @2 :Data;
  proof @3 :Data;                    # of inclusion, under the state's seal
}

struct Refusal {
  reason @0 :Text;
  inference @1 :Ledger.ProvenEntry;  # null where the refusal was only counted
  behind @2 :Data;                   # a signed statement, of the sender's log or carried; empty: none
}

struct Notice {
  union {
    none @0 :Void;                   # never valid
    revocation @1 :Data;             # a signed revocation, whoever carries it
    deletion @2 :Data;               # the id of the sender's transfer that is to be deleted
    grant @3 :Data;                  # the id of a grant of the sender's to the recipient
  }
}

# Answered by a checkpoint whose state shows them.
struct Freshness {
  grants @0 :List(Data);             # of the recipient's to the sender, sorted
}

struct Acknowledgement {
  of @0 :Data;                       # the hash of the signed envelope
  rejected @1 :Text;                 # why; empty: taken
}
