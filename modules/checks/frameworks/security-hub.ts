import type { Framework } from "./framework";

/** The controls on AWS KMS. Security Hub looks at live accounts, and at more than these stacks. */
export const securityHub: Framework = {
  id: "security-hub",
  name: "AWS Security Hub CSPM",
  version: "controls KMS.1 to KMS.5",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html",
  controls: [
    {
      id: "KMS.1",
      title: "No customer managed IAM policy allows decryption with all keys",
      coverage: {
        by: ["consumer-policy-breadth", "rollout-access", "zone-consumer-policies"],
        note: "Consumer policies name account and Region of the keys, as the control's own remediation advises.",
      },
    },
    {
      id: "KMS.2",
      title: "No inline IAM policy allows decryption with all keys",
      coverage: {
        partly: ["readable", "rollout-access"],
        missing:
          "inline policies outside these stacks; one inside is a finding, whatever it allows, and one in a template when it allows the use of any key",
      },
    },
    {
      id: "KMS.3",
      title: "No key is scheduled for deletion by mistake",
      coverage: {
        partly: ["break-glass-destroys", "deletion-window", "guardrails-in-place", "prevent-destroy", "rollout-keys"],
        missing: "whether one is scheduled now: the drift run sees the live key",
      },
    },
    {
      id: "KMS.4",
      title: "Keys rotate",
      coverage: { by: ["rollout-keys", "rotation"] },
    },
    {
      id: "KMS.5",
      title: "No key policy gives access to the public",
      coverage: { by: ["named-principals", "replica-policy", "rollout-access", "zone-key-access"] },
    },
  ],
};
