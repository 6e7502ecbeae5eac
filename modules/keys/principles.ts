/** Why keys are cut the way they are. Every entry of a key plan names one, so that a reviewer can argue with it. */
export const principles = {
  "separate-data-classes":
    "Data of different classes never shares a key: who may read one says nothing about the other.",
  "small-blast-radius": "A key for one purpose: a leak, a mistake or a deletion stays with that purpose.",
  "shared-key":
    "Data of one class in one environment shares a key where the class allows it: fewer keys, one place to look.",
  "heavy-service":
    "A service with many requests gets a key of its own: its use can be watched, narrowed and stopped alone.",
  "central-ownership":
    "The zone's key management account owns the key: users cannot weaken the policy they live under.",
  "local-ownership": "The account that holds the data owns the key: no other account can take it away.",
  "own-key-material":
    "Where the organization has to hold the key material itself, AWS KMS uses it and does not keep it.",
  "kind-for-its-use": "What a key is for decides its kind, for its whole life: a key that signs never encrypts.",
  "replicas-on-demand":
    "A replica only where disaster recovery asks for it: each is one more copy of the key to guard and to pay.",
  "zone-floor": "A zone's floor holds for every key in it, whatever a data class or a workload says.",
  "both-halves":
    "Cross-account use needs the owner's key policy and the user's IAM policy: both come from one declaration.",
  "grants-by-users":
    "Where a grant has to come from the grantee's account, that account's deploy role may make this one, and no other.",
  "named-grants": "A grant names one grantee, its operations and its constraint; temporary access has a last day.",
  "identity-stays":
    "A key keeps the name it was made with: whatever is called otherwise today, the data stays readable.",
  "taken-over": "A key that exists is taken over as it is: the data under it stays where it is.",
  "replaced-by-another":
    "New data goes to a new key, and the former one stays for old data: nothing is encrypted anew in haste.",
  "stepped-end":
    "A key ends in steps, each reviewed and with a wait before the next: what still needs it shows while it can come back.",
  "there-from-the-start":
    "Every account has a key of its own before anybody asks for one: data that nobody has classed is not under AWS's keys.",
  "aws-keys-suffice": "Where nobody has to control or audit the key, AWS's own keys cost nothing and cannot be lost.",
} as const;

export type Principle = keyof typeof principles;
