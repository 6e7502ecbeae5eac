import type { Framework } from "./framework";

/** Controls on keys, on access to them and on their configuration. SC-12(4) and (5) are withdrawn, part of SC-12(3) now. */
export const nist80053: Framework = {
  id: "nist-800-53",
  name: "NIST SP 800-53",
  version: "Revision 5",
  source: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
  controls: [
    {
      id: "AC-3",
      title: "Access is enforced as authorized",
      coverage: {
        partly: [
          "account-root-use",
          "consumer-policy-breadth",
          "guardrails-in-place",
          "named-principals",
          "rollout-access",
          "zone-consumer-policies",
          "zone-grants",
          "zone-key-access",
        ],
        missing: "access to data that is under no key of these stacks",
      },
    },
    {
      id: "AC-4",
      title: "Information flows only where it is authorized to",
      coverage: {
        partly: [
          "rollout-access",
          "rollout-templates",
          "zone-aliases",
          "zone-consumer-policies",
          "zone-grants",
          "zone-guardrails",
          "zone-key-access",
          "zone-membership",
          "zone-regions",
          "zone-rollouts",
        ],
        missing: "flows of data in clear: networks, and whoever can decrypt and passes on",
      },
    },
    {
      id: "AC-5",
      title: "Duties are separated",
      coverage: {
        partly: ["administrators-never-use", "break-glass-destroys", "users-never-manage", "zone-managers"],
        missing: "that different people hold the roles: your identity provider",
      },
    },
    {
      id: "AC-6",
      title: "Everybody gets the least privilege",
      coverage: {
        partly: [
          "account-root-use",
          "administrators-never-use",
          "consumer-policy-breadth",
          "grant-constraints",
          "grant-expiry",
          "named-principals",
          "users-never-manage",
        ],
        missing: "whether a principal that the map names needs the key, and other services than AWS KMS",
      },
    },
    {
      id: "AC-6(1)",
      title: "Access to security functions is given explicitly",
      coverage: {
        partly: ["break-glass-destroys", "named-principals", "zone-deploy-role", "zone-managers"],
        missing: "security functions that are no keys",
      },
    },
    {
      id: "AC-6(5)",
      title: "Privileged accounts are few",
      coverage: {
        partly: ["break-glass-destroys", "zone-managers"],
        missing: "who may assume the administrators' roles: your identity provider",
      },
    },
    {
      id: "AC-6(7)",
      title: "Privileges are reviewed",
      coverage: { nothing: "orgkeys explain lists who can do what with which key, for the person who reviews it." },
    },
    {
      id: "AC-6(9)",
      title: "The use of privileged functions is logged",
      coverage: { nothing: "CloudTrail records each call to AWS KMS; the trail is the landing zone's." },
    },
    {
      id: "AC-6(10)",
      title: "Who is not privileged cannot use privileged functions",
      coverage: {
        partly: ["break-glass-destroys", "guardrails-in-place", "users-never-manage"],
        missing: "privileged functions that are not about keys",
      },
    },
    {
      id: "AU-2",
      title: "Events to be logged are chosen",
      coverage: { nothing: "CloudTrail management events hold all of AWS KMS; the choice is the trail's." },
    },
    {
      id: "AU-12",
      title: "Audit records are made",
      coverage: { nothing: "CloudTrail: the landing zone's trail." },
    },
    {
      id: "CM-3",
      title: "Changes of configuration are controlled",
      coverage: {
        partly: ["exceptions-in-force", "exceptions-used", "prevent-destroy", "rollout-keys"],
        missing: "the approval: the review of the pull request; changes by hand: the drift run",
      },
    },
    {
      id: "CM-5",
      title: "Few may make changes",
      coverage: {
        partly: [
          "rollout-access",
          "rollout-templates",
          "zone-deploy-role",
          "zone-managers",
          "zone-rollouts",
          "zone-state",
        ],
        missing: "who may assume the deploy role, and who may merge: the pipeline and branch protection",
      },
    },
    {
      id: "CM-6",
      title: "Settings are what was decided, and deviations are approved",
      coverage: {
        partly: [
          "deletion-window",
          "exceptions-in-force",
          "key-enabled",
          "prevent-destroy",
          "rollout-keys",
          "rotation",
        ],
        missing: "settings of anything but keys; that AWS still has them: the drift run",
      },
    },
    {
      id: "CP-9(8)",
      title: "Backups are encrypted",
      coverage: { nothing: "A setting of each backup vault and snapshot: AWS Backup, AWS Config." },
    },
    {
      id: "SA-9(6)",
      title: "The organization keeps control of the keys for data at a provider",
      coverage: {
        partly: ["named-principals", "rollout-access", "users-never-manage", "zone-key-access", "zone-managers"],
        missing:
          "what is outside AWS: the key manager behind an external key store, and the custody of imported material",
      },
    },
    {
      id: "SC-8(1)",
      title: "Data is encrypted in transit",
      coverage: { nothing: "TLS, which the services and applications use; AWS KMS takes calls over TLS alone." },
    },
    {
      id: "SC-12",
      title: "Keys are established and managed as the organization requires",
      coverage: {
        partly: [
          "administrators-never-use",
          "break-glass-destroys",
          "deletion-window",
          "imported-material",
          "key-stores-as-mapped",
          "prevent-destroy",
          "rollout-access",
          "rollout-keys",
          "rotation",
          "users-never-manage",
          "zone-key-access",
          "zone-managers",
          "zone-regions",
        ],
        missing:
          "the requirements in writing; generation and storage are AWS KMS's, in its HSMs (AWS's attestation), or your key store's",
      },
    },
    {
      id: "SC-12(1)",
      title: "Data stays available when keys are lost",
      coverage: {
        partly: [
          "break-glass-destroys",
          "deletion-window",
          "imported-material",
          "key-enabled",
          "key-lockout",
          "prevent-destroy",
          "replica-policy",
          "rollout-keys",
        ],
        missing: "a copy of the key: AWS KMS has none to give, and the copy of imported material is yours to keep",
      },
    },
    {
      id: "SC-12(2)",
      title: "Symmetric keys come from validated or approved key management",
      coverage: {
        partly: ["rollout-keys", "rotation"],
        missing:
          "the validation: AWS KMS's HSMs have FIPS 140 certificates outside China; use FIPS endpoints where you must",
      },
    },
    {
      id: "SC-12(3)",
      title: "Asymmetric keys come from approved key management",
      coverage: {
        nothing:
          "A key's spec and usage are its data class's; making and keeping it is AWS KMS's, in its HSMs: AWS's attestation.",
      },
    },
    {
      id: "SC-12(6)",
      title: "The organization keeps physical control of the keys",
      coverage: { nothing: "AWS has physical control. An external key store, beyond orgkeys, gives it to you." },
    },
    {
      id: "SC-13",
      title: "Cryptography is of the kind that the use demands",
      coverage: { nothing: "No check looks at the spec of a key; AWS KMS's modules are validated: AWS's attestation." },
    },
    {
      id: "SC-17",
      title: "Certificates come from an approved authority",
      coverage: { nothing: "Certificates are ACM's and your authority's." },
    },
    {
      id: "SC-28",
      title: "Data at rest is protected",
      coverage: {
        partly: ["key-enabled", "key-lockout", "named-principals", "rollout-access", "zone-key-access"],
        missing: "whether a bucket, volume or table is encrypted, and with which key: AWS Config",
      },
    },
    {
      id: "SC-28(1)",
      title: "Data at rest is encrypted",
      coverage: {
        partly: ["key-enabled", "rollout-keys", "rotation"],
        missing: "whether a bucket, volume or table is encrypted, and with which key: AWS Config",
      },
    },
    {
      id: "SC-28(3)",
      title: "Keys are stored in protected storage",
      coverage: { nothing: "AWS KMS keeps them in its HSMs: AWS's attestation." },
    },
  ],
};
