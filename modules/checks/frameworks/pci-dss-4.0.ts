import type { Framework } from "./framework";

/** Requirements on keys (3.5 to 3.7), on access to them (7, 8) and on the record of their use (10, 12). */
export const pciDss: Framework = {
  id: "pci-dss-4.0",
  name: "PCI DSS",
  version: "4.0 and 4.0.1",
  source: "https://www.pcisecuritystandards.org/document_library/",
  controls: [
    {
      id: "3.5.1",
      title: "Card numbers are unreadable wherever they are stored",
      coverage: {
        nothing: "Whether a bucket, volume or table is encrypted, and with which key, is its own setting: AWS Config.",
      },
    },
    {
      id: "3.6.1",
      title: "Keys are protected against disclosure and misuse, and few people hold them",
      coverage: {
        partly: [
          "account-root-use",
          "administrators-never-use",
          "consumer-policy-breadth",
          "named-principals",
          "rollout-access",
          "users-never-manage",
          "zone-consumer-policies",
          "zone-grants",
          "zone-key-access",
          "zone-managers",
        ],
        missing:
          "the written procedure; that keys which protect keys are as strong and stored apart is AWS KMS's design, and AWS's attestation says so",
      },
    },
    {
      id: "3.6.1.1",
      title:
        "Service providers describe their keys, algorithms and devices, and use no key in both production and test",
      coverage: {
        nothing:
          "The key plan and orgkeys explain list every key with its use and owner; algorithms, expiry and devices are yours to describe. A data class with `per: workload` gives production and test one key: take `per: workload-environment` for account data.",
      },
    },
    {
      id: "3.6.1.2",
      title: "Secret keys are stored encrypted, in a secure device or in shares",
      coverage: { nothing: "AWS KMS keeps key material in its HSMs: AWS's attestation of compliance." },
    },
    {
      id: "3.6.1.3",
      title: "As few people as possible get at keys in clear",
      coverage: {
        nothing:
          "Nobody gets a KMS key in clear: AWS's attestation. Data keys that GenerateDataKey gives out in clear are the application's, and material that you import is yours.",
      },
    },
    {
      id: "3.6.1.4",
      title: "Keys are in as few places as possible",
      coverage: {
        partly: ["key-stores-as-mapped", "zone-membership", "zone-regions"],
        missing: "whether each replica is needed: the map asks for them one by one, and a person decides",
      },
    },
    {
      id: "3.7.1",
      title: "Strong keys are generated",
      coverage: {
        nothing: "AWS KMS generates the keys: AWS's attestation. No check looks at the spec of a key.",
      },
    },
    {
      id: "3.7.2",
      title: "Keys are distributed securely",
      coverage: {
        partly: ["rollout-access", "zone-consumer-policies", "zone-grants", "zone-key-access"],
        missing: "KMS keys stay in AWS KMS, and these checks say who may use them; data keys are the application's",
      },
    },
    {
      id: "3.7.3",
      title: "Keys are stored securely",
      coverage: { nothing: "AWS KMS stores the keys: AWS's attestation of compliance. Custom key stores are yours." },
    },
    {
      id: "3.7.4",
      title: "Keys are changed at the end of their cryptoperiod",
      coverage: {
        partly: ["rollout-keys", "rotation"],
        missing:
          "the written cryptoperiods, and keys that AWS cannot rotate: asymmetric, HMAC, imported, in custom key stores",
      },
    },
    {
      id: "3.7.5",
      title: "Keys are retired, replaced or destroyed when they are weakened, compromised or no longer needed",
      coverage: {
        partly: ["break-glass-destroys", "deletion-window", "key-enabled", "prevent-destroy", "rollout-keys"],
        missing: "the decision to retire a key, and the encryption of its data under another",
      },
    },
    {
      id: "3.7.6",
      title: "Operations by hand on keys in clear need two people, each with a part of the key",
      coverage: {
        nothing:
          "There are none in AWS KMS, which gives no key out (AWS's attestation). Material that you import is handled outside of orgkeys, by its custodians.",
      },
    },
    {
      id: "3.7.7",
      title: "Nobody puts another key in a key's place",
      coverage: {
        partly: [
          "alias-names",
          "prevent-destroy",
          "rollout-access",
          "rollout-keys",
          "rollout-templates",
          "zone-aliases",
          "zone-deploy-role",
          "zone-managers",
          "zone-rollouts",
          "zone-state",
        ],
        missing: "an alias that somebody moves in AWS itself: the drift run, and an alarm on CloudTrail",
      },
    },
    {
      id: "3.7.8",
      title: "Custodians of keys acknowledge their duties",
      coverage: { nothing: "A signature, which your people give: keep it with the zone's administrators." },
    },
    {
      id: "3.7.9",
      title: "Service providers tell customers how to handle the keys they share",
      coverage: { nothing: "A document: yours, if you share keys with customers at all." },
    },
    {
      id: "7.2.1",
      title: "Access follows a defined model",
      coverage: {
        partly: ["administrators-never-use", "named-principals", "users-never-manage"],
        missing: "the model of everything that is no key",
      },
    },
    {
      id: "7.2.2",
      title: "Everybody gets the least access that the job needs",
      coverage: {
        partly: [
          "account-root-use",
          "administrators-never-use",
          "consumer-policy-breadth",
          "grant-constraints",
          "named-principals",
          "users-never-manage",
        ],
        missing: "whether a principal that the map names needs the key: its owner knows",
      },
    },
    {
      id: "7.2.3",
      title: "Somebody authorized approves access",
      coverage: { nothing: "The review of the pull request is the approval: CODEOWNERS and branch protection." },
    },
    {
      id: "7.2.4",
      title: "Access is reviewed every six months",
      coverage: { nothing: "orgkeys explain lists who can use what, for the person who reviews it." },
    },
    {
      id: "7.2.5",
      title: "Applications and systems get the least access that they need",
      coverage: {
        partly: ["consumer-policy-breadth", "grant-constraints", "named-principals"],
        missing: "inline policies, and permissions for other services than AWS KMS",
      },
    },
    {
      id: "7.2.5.1",
      title: "Access of applications and systems is reviewed periodically",
      coverage: {
        partly: ["exceptions-in-force", "grant-expiry"],
        missing: "what has no day on which it ends: orgkeys explain lists it for the review",
      },
    },
    {
      id: "7.3.3",
      title: "What nobody has allowed is denied",
      coverage: {
        partly: [
          "account-root-use",
          "guardrails-in-place",
          "named-principals",
          "rollout-access",
          "zone-guardrails",
          "zone-key-access",
        ],
        missing: "other services than AWS KMS",
      },
    },
    {
      id: "8.2.1",
      title: "Every user has an id of their own",
      coverage: { nothing: "Key policies name roles; who was behind one is in IAM Identity Center and CloudTrail." },
    },
    {
      id: "10.2.1",
      title: "Audit logs are on for all components",
      coverage: { nothing: "CloudTrail records each call to AWS KMS; the trail is the landing zone's." },
    },
    {
      id: "10.3.2",
      title: "Audit logs cannot be changed by single people",
      coverage: { nothing: "The log archive account: bucket policy, object lock, log file validation." },
    },
    {
      id: "10.4.1",
      title: "Audit logs are reviewed every day",
      coverage: { nothing: "Security Hub, GuardDuty or your SIEM, with an alarm on disabled and deleted keys." },
    },
    {
      id: "12.3.3",
      title: "Ciphers and protocols are reviewed every year",
      coverage: { nothing: "A review by people; AWS KMS documents what it uses." },
    },
  ],
};
