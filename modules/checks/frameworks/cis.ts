import type { Framework } from "./framework";

/** Recommendations on keys and on who may use them; most of the benchmark is about other services. */
export const cis: Framework = {
  id: "cis",
  name: "CIS AWS Foundations Benchmark",
  version: "7.0.0",
  source: "https://www.cisecurity.org/benchmark/amazon_web_services",
  controls: [
    {
      id: "2.1.2",
      title: "Guardrails bound every account of the organization",
      coverage: {
        partly: ["guardrails-in-place", "zone-guardrails"],
        missing: "guardrails for other services than AWS KMS, and in zones where the map switches them off",
      },
    },
    {
      id: "2.1.3",
      title: "Nothing runs in the management account",
      coverage: { nothing: "The map knows the account; what runs in it, AWS Config or an inventory shows." },
    },
    {
      id: "2.14",
      title: "No IAM policy gives full administration of everything",
      elsewhere: "2.15 in 6.0.0, 1.15 in 5.0.0, 1.16 in 1.4.0 to 4.0.0",
      coverage: {
        partly: ["consumer-policy-breadth"],
        missing: "policies outside these stacks: AWS Config, Security Hub IAM.1",
      },
    },
    {
      id: "2.18",
      title: "IAM Access Analyzer looks for access from outside in every Region",
      elsewhere: "2.19 in 6.0.0, 1.19 in 5.0.0, 1.20 in 3.0.0",
      coverage: {
        nothing: "The zone proof answers for keys before they are applied; the analyzer itself is the landing zone's.",
      },
    },
    {
      id: "2.21",
      title: "No resource policy is open to everybody",
      coverage: {
        partly: ["named-principals", "replica-policy", "rollout-access", "zone-key-access"],
        missing: "resources that are no keys: buckets, queues, topics, functions, secrets",
      },
    },
    {
      id: "4.1",
      title: "CloudTrail is on in every Region",
      elsewhere: "4.1 in 6.0.0, 3.1 in 5.0.0",
      coverage: { nothing: "The landing zone's trail. It is what records the use of keys." },
    },
    {
      id: "4.5",
      title: "CloudTrail logs are encrypted with a customer managed key",
      elsewhere: "4.5 in 6.0.0, 3.5 in 3.0.0 to 5.0.0, 3.7 in 1.4.0 to 2.0.0",
      coverage: { nothing: "The map can give the trail a key; that the trail uses it is the trail's own setting." },
    },
    {
      id: "4.6",
      title: "Customer managed symmetric keys rotate",
      elsewhere: "4.6 in 6.0.0, 3.6 in 3.0.0 to 5.0.0, 3.8 in 1.4.0 to 2.0.0",
      coverage: {
        partly: ["rollout-keys", "rotation"],
        missing:
          "a period of a year at most in zones without floor.rotationDays, which take any of AWS's, up to 2,560 days",
      },
    },
    {
      id: "5.7",
      title: "Somebody is told when a key is disabled or scheduled for deletion",
      elsewhere: "5.7 in 6.0.0, 4.7 in 1.4.0 to 5.0.0",
      coverage: { nothing: "An EventBridge rule or a metric filter in the landing zone." },
    },
    {
      id: "6.1.1",
      title: "EBS volumes are encrypted by default in every Region",
      elsewhere: "6.1.1 in 6.0.0, 5.1.1 in 5.0.0, 2.2.1 in 3.0.0",
      coverage: { nothing: "A setting of each account and Region: AWS Config. The map can give it a key." },
    },
  ],
};
