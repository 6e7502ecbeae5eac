import type { Json } from "../sample-output";
import {
  administrator,
  type Breach,
  duty,
  onPci,
  onStatement,
  pci,
  replicaAt,
  somebody,
  withoutStatement,
} from "./mutation";

/** Only break glass destroys. */
export const destructionBreaches: readonly Breach[] = [
  duty(
    "a removed Deny of destruction",
    "break-glass-destroys",
    onPci((json) => withoutStatement(json, pci.key, "OnlyBreakGlassDestroys")),
  ),
  ...(
    [
      [
        "one more principal exempt",
        (deny: Json) => deny.Condition.ArnNotEquals["aws:PrincipalArn"].push(administrator.AWS),
      ],
      [
        "another principal exempt instead",
        (deny: Json) => {
          deny.Condition.ArnNotEquals["aws:PrincipalArn"] = [administrator.AWS];
        },
      ],
      [
        "everybody exempt by a wildcard",
        (deny: Json) => {
          deny.Condition = { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${pci.account}:role/*` } };
        },
      ],
      [
        "one more condition that has to hold",
        (deny: Json) => {
          deny.Condition.Bool = { "aws:MultiFactorAuthPresent": "false" };
        },
      ],
      [
        "one more condition in the same operator",
        (deny: Json) => {
          deny.Condition.ArnNotEquals["aws:SourceArn"] = "arn:aws:s3:::x";
        },
      ],
      [
        "its operator turned around",
        (deny: Json) => {
          deny.Condition = { ArnEquals: deny.Condition.ArnNotEquals };
        },
      ],
      [
        "its effect turned around",
        (deny: Json) => {
          deny.Effect = "Allow";
        },
      ],
      [
        "deletion left out",
        (deny: Json) => {
          deny.Action = ["kms:DisableKey", "kms:DeleteImportedKeyMaterial"];
        },
      ],
      [
        "disabling left out",
        (deny: Json) => {
          deny.Action = ["kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial"];
        },
      ],
      [
        "its actions negated",
        (deny: Json) => {
          deny.NotAction = deny.Action;
          deny.Action = undefined;
        },
      ],
      [
        "its principal narrowed to one role",
        (deny: Json) => {
          deny.Principal = administrator;
        },
      ],
      [
        "another account's root as its principal",
        (deny: Json) => {
          deny.Principal = { AWS: `arn:aws:iam::${pci.consumerAccount}:root` };
        },
      ],
      [
        "another key as its resource",
        (deny: Json) => {
          deny.Resource = `arn:aws:kms:us-east-1:${pci.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
        },
      ],
      [
        "a NotResource of everything",
        (deny: Json) => {
          deny.NotResource = "*";
          deny.Resource = undefined;
        },
      ],
      [
        "a wildcard beside the break-glass role",
        (deny: Json) => {
          deny.Condition.ArnNotEquals["aws:PrincipalArn"].push(`arn:aws:iam::${pci.account}:role/*`);
          deny.Condition = { ArnNotLike: deny.Condition.ArnNotEquals };
        },
      ],
    ] satisfies [string, (deny: Json) => void][]
  ).map(([name, edit]) =>
    duty(`the Deny of destruction with ${name}`, "break-glass-destroys", onStatement("OnlyBreakGlassDestroys", edit)),
  ),
  duty(
    "the Deny of destruction missing on the replica",
    "break-glass-destroys",
    onPci((json) => withoutStatement(json, pci.replica, "OnlyBreakGlassDestroys")),
    replicaAt,
  ),
  duty(
    "a break-glass role of another name",
    "zone-managers",
    onStatement("BreakGlass", (statement) => {
      statement.Principal.AWS = somebody.AWS;
    }),
  ),
];
