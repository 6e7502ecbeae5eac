import type { Framework } from "./framework";

/** Safeguards of the Security Rule that keys and access to them can answer. */
export const hipaa: Framework = {
  id: "hipaa",
  name: "HIPAA Security Rule",
  version: "45 CFR Part 164, Subpart C",
  source: "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C",
  controls: [
    {
      id: "164.308(a)(1)(ii)(D)",
      title: "Records of activity are reviewed",
      coverage: { nothing: "CloudTrail records the use of keys; reviewing it is your SIEM's and its people's." },
    },
    {
      id: "164.308(a)(3)(ii)(C)",
      title: "Access ends when somebody leaves",
      coverage: {
        partly: ["grant-expiry"],
        missing: "the people behind a role: IAM Identity Center, and the offboarding of your identity provider",
      },
    },
    {
      id: "164.308(a)(4)(i)",
      title: "Access to health data is authorized",
      coverage: {
        partly: ["account-root-use", "administrators-never-use", "named-principals", "users-never-manage"],
        missing: "access to data that is under no key of these stacks, and the policy that says who is to have which",
      },
    },
    {
      id: "164.308(a)(4)(ii)(A)",
      title: "A clearinghouse is kept apart from the rest of its organization",
      coverage: {
        partly: [
          "guardrails-in-place",
          "rollout-access",
          "rollout-templates",
          "zone-aliases",
          "zone-consumer-policies",
          "zone-deploy-role",
          "zone-grants",
          "zone-guardrails",
          "zone-key-access",
          "zone-managers",
          "zone-membership",
          "zone-regions",
          "zone-rollouts",
          "zone-state",
        ],
        missing: "data that is not encrypted, and everything but keys; give the clearinghouse a zone of its own",
      },
    },
    {
      id: "164.308(a)(4)(ii)(B)",
      title: "There is a way in which access is granted",
      coverage: { nothing: "The map and the review of its changes are that way for keys; write it into your policy." },
    },
    {
      id: "164.308(a)(4)(ii)(C)",
      title: "Access is established, reviewed and modified",
      coverage: {
        partly: ["consumer-policy-breadth", "exceptions-in-force", "grant-constraints", "grant-expiry"],
        missing: "the review itself: orgkeys explain lists who can use what",
      },
    },
    {
      id: "164.308(a)(7)(ii)(A)",
      title: "Exact copies of health data can be retrieved",
      coverage: {
        partly: [
          "break-glass-destroys",
          "deletion-window",
          "imported-material",
          "key-enabled",
          "key-lockout",
          "prevent-destroy",
          "rollout-keys",
        ],
        missing: "the backups themselves: these checks only keep the keys alive that they need",
      },
    },
    {
      id: "164.308(a)(7)(ii)(B)",
      title: "Lost data can be restored after a disaster",
      coverage: {
        partly: ["key-enabled", "replica-policy"],
        missing: "the plan, and whether the other Region has a replica of every key that it needs",
      },
    },
    {
      id: "164.310(d)(2)(i)",
      title: "Media with health data are disposed of for good",
      coverage: {
        partly: ["break-glass-destroys", "deletion-window", "rollout-keys"],
        missing: "the decision, and data that was ever stored in clear",
      },
    },
    {
      id: "164.312(a)(1)",
      title: "Only those who were given access get at health data",
      coverage: {
        partly: [
          "account-root-use",
          "consumer-policy-breadth",
          "named-principals",
          "rollout-access",
          "zone-consumer-policies",
          "zone-grants",
          "zone-key-access",
        ],
        missing: "the policies of the buckets, tables and volumes that hold the data",
      },
    },
    {
      id: "164.312(a)(2)(i)",
      title: "Every user has a name or number of their own",
      coverage: { nothing: "Key policies name roles; who was behind one is in IAM Identity Center and CloudTrail." },
    },
    {
      id: "164.312(a)(2)(ii)",
      title: "Health data can be reached in an emergency",
      coverage: {
        partly: ["key-enabled", "key-lockout"],
        missing: "the procedure: the break-glass role manages keys and reads no data",
      },
    },
    {
      id: "164.312(a)(2)(iv)",
      title: "Health data is encrypted and decrypted",
      coverage: {
        partly: ["key-enabled", "rollout-access", "rollout-keys", "rotation", "zone-key-access"],
        missing: "whether a bucket, volume or table is encrypted, and with which key: AWS Config",
      },
    },
    {
      id: "164.312(b)",
      title: "Activity is recorded and examined",
      coverage: {
        nothing: "CloudTrail records each call to AWS KMS; the trail and its review are the landing zone's.",
      },
    },
    {
      id: "164.312(c)(1)",
      title: "Health data is not altered or destroyed improperly",
      coverage: {
        partly: ["break-glass-destroys", "deletion-window", "key-lockout", "prevent-destroy", "rollout-keys"],
        missing: "alteration, and destruction of the data itself; whoever destroys a key destroys all data under it",
      },
    },
    {
      id: "164.312(d)",
      title: "Whoever wants access proves who they are",
      coverage: { nothing: "IAM and your identity provider: multi-factor authentication." },
    },
    {
      id: "164.312(e)(2)(ii)",
      title: "Health data is encrypted in transit",
      coverage: { nothing: "TLS, which the services and applications use; AWS KMS takes calls over TLS alone." },
    },
    {
      id: "164.314(a)(2)(i)",
      title: "Business associates are bound by contract",
      coverage: { nothing: "A contract, with AWS too: AWS Artifact." },
    },
    {
      id: "164.316(b)(1)(ii)",
      title: "Decisions and actions are kept in writing",
      coverage: {
        partly: ["exceptions-in-force", "exceptions-used"],
        missing: "six years of it: the repository's history, if you keep it that long",
      },
    },
  ],
};
