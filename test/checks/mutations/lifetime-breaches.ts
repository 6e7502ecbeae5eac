import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import {
  added,
  allow,
  type Breach,
  duty,
  onKey,
  onPci,
  onReplica,
  pci,
  policyOf,
  replicaAt,
  resourceOf,
} from "./mutation";

const lifetime: readonly Breach[] = [
  ...(
    [
      ["rotation off", "rotation", { enable_key_rotation: false }],
      ["rotation left out", "rotation", { enable_key_rotation: undefined }],
      ["rotation off, as text", "rotation", { enable_key_rotation: "false" }],
      ["rotation every seven years", "rotation", { rotation_period_in_days: 2560 }],
      ["rotation every seven years, as text", "rotation", { rotation_period_in_days: "2560" }],
      ["rotation that never comes", "rotation", { rotation_period_in_days: 1e9 }],
      ["rotation left to a null", "rotation", { rotation_period_in_days: null, enable_key_rotation: null }],
      ["a deletion window of a week", "deletion-window", { deletion_window_in_days: 7 }],
      ["a deletion window of a week, as text", "deletion-window", { deletion_window_in_days: "7" }],
      ["a deletion window a day too short", "deletion-window", { deletion_window_in_days: 29 }],
      ["a disabled key", "key-enabled", { is_enabled: false }],
      ["a disabled key, as text", "key-enabled", { is_enabled: "false" }],
      ["no protection against destruction", "prevent-destroy", { lifecycle: undefined }],
      ["protection against destruction switched off", "prevent-destroy", { lifecycle: { prevent_destroy: false } }],
      ["protection switched off in a list", "prevent-destroy", { lifecycle: [{ prevent_destroy: false }] }],
      ["protection as null", "prevent-destroy", { lifecycle: { prevent_destroy: null } }],
      ["protection with nothing else in an empty block", "prevent-destroy", { lifecycle: {} }],
      [
        "changes of the policy ignored",
        "prevent-destroy",
        { lifecycle: { prevent_destroy: true, ignore_changes: ["policy"] } },
      ],
      ["all changes ignored", "prevent-destroy", { lifecycle: { prevent_destroy: true, ignore_changes: "all" } }],
      [
        "a replacement on somebody else's command",
        "readable",
        { lifecycle: { prevent_destroy: true, replace_triggered_by: ["${aws_kms_alias.x}"] } },
      ],
      ["the safety check of the policy bypassed", "key-lockout", { bypass_policy_lockout_safety_check: true }],
      ["the safety check bypassed, as text", "key-lockout", { bypass_policy_lockout_safety_check: "true" }],
    ] satisfies [string, CheckId, Json][]
  ).map(([name, check, changed]) =>
    duty(
      name,
      check,
      onKey((key) => Object.assign(key, changed)),
    ),
  ),
  duty(
    "a replica that is disabled",
    "key-enabled",
    onReplica((replica) => Object.assign(replica, { enabled: false })),
    replicaAt,
  ),
  duty(
    "a replica with a deletion window of a week",
    "deletion-window",
    onReplica((replica) => Object.assign(replica, { deletion_window_in_days: 7 })),
    replicaAt,
  ),
  duty(
    "a replica without protection",
    "prevent-destroy",
    onReplica((replica) => Object.assign(replica, { lifecycle: undefined })),
    replicaAt,
  ),
  duty(
    "a replica with the safety check bypassed",
    "key-lockout",
    onReplica((replica) => Object.assign(replica, { bypass_policy_lockout_safety_check: true })),
    replicaAt,
  ),
  duty(
    "nobody left who may write the policy",
    "key-lockout",
    onPci((json) => {
      for (const statement of policyOf(json, pci.key).Statement) {
        if (statement.Effect !== "Allow") continue;
        statement.Action = [statement.Action].flat().filter((action: string) => action !== "kms:PutKeyPolicy");
      }
    }),
  ),
  duty(
    "a Deny of writing the policy for everybody",
    "key-lockout",
    added({
      ...allow("*", { Action: "kms:PutKeyPolicy" }),
      Effect: "Deny",
    }),
  ),
  duty(
    "a Deny of everything for the account",
    "key-lockout",
    added({
      ...allow({ AWS: `arn:aws:iam::${pci.account}:root` }, { Action: "kms:*" }),
      Effect: "Deny",
    }),
  ),
];

const limits: readonly Breach[] = [
  duty(
    "a policy that AWS does not take for its length",
    "aws-limits",
    onPci((json) => {
      policyOf(json, pci.key).Id = "x".repeat(33_000);
    }),
  ),
  duty(
    "a key with too many aliases",
    "aws-limits",
    onPci((json) => {
      const alias = resourceOf(json, "aws_kms_alias", pci.alias);
      for (let index = 0; index < 51; index += 1) {
        json.resource.aws_kms_alias[`extra-${index}`] = {
          ...structuredClone(alias),
          name: `alias/payments-prod-${index}`,
        };
      }
    }),
    "pci-key-management",
  ),
];

/** How long a key lives, and how it is kept from being lost. */
export const lifetimeBreaches: readonly Breach[] = [...lifetime, ...limits];
