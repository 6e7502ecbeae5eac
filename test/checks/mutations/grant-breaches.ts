import type { CheckId } from "../../../modules/findings/check-ids";
import type { Json } from "../sample-output";
import { type Breach, hipaa, keyAt, onPci, onStack, pci, resourceOf, stranger } from "./mutation";

const grant = `${pci.key}_payments-batch`;
const grantAt = `pci-key-management aws_kms_grant.${grant}`;

function onGrant(name: string, check: CheckId, edit: (grant: Json) => void): Breach {
  return {
    name,
    change: onPci((json) => edit(resourceOf(json, "aws_kms_grant", grant))),
    // A grant's finding may stand at its key.
    found: { [check]: "payments-batch" },
    within: [grantAt, keyAt],
  };
}

/** One more grant, of which the metadata say nothing. */
function another(name: string, more: Json, found: Breach["found"]): Breach {
  return {
    name,
    change: onPci((json) => {
      json.resource.aws_kms_grant.extra = {
        ...structuredClone(resourceOf(json, "aws_kms_grant", grant)),
        name: "extra",
        ...more,
      };
    }),
    found,
    within: ["pci-key-management aws_kms_grant.extra", keyAt],
  };
}

const root = `arn:aws:iam::${hipaa.account}:root`;

export const grantBreaches: readonly Breach[] = [
  ...(
    [
      ["a grant to another zone's role", hipaa.role],
      ["a grant to an account that nobody knows", stranger],
      ["a grant to another zone's root", root],
      ["a grant to a foreign session", `arn:aws:sts::${hipaa.account}:assumed-role/web/session`],
      ["a grant to another partition", "arn:aws-us-gov:iam::420000000001:role/case-api"],
      ["a grant to a service", "sns.amazonaws.com"],
      ["a grant to everybody", "*"],
      ["a grant to a bare foreign account", hipaa.account],
      ["a grant to a role of any account", "arn:aws:iam::*:role/payments-batch"],
      ["a grant to an ARN with a trailing blank", `arn:aws:iam::${pci.consumerAccount}:role/payments-batch `],
      ["a grant to a unique id", "AROAEXAMPLEID12345678"],
      [
        "a grant to full-width digits",
        "arn:aws:iam::\uff13\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff12:role/payments-batch",
      ],
    ] satisfies [string, string][]
  ).map(([name, grantee]) =>
    onGrant(name, "zone-grants", (fields) => {
      fields.grantee_principal = grantee;
    }),
  ),
  onGrant("a foreign retiring principal", "zone-grants", (fields) => {
    fields.retiring_principal = hipaa.role;
  }),
  onGrant("a service that may retire a grant", "zone-grants", (fields) => {
    fields.retiring_principal = "sns.amazonaws.com";
  }),
  another("one more grant, to another zone's role", { grantee_principal: hipaa.role }, { "zone-grants": "extra" }),
  another("a grant without a constraint", { constraints: undefined }, { "grant-constraints": "extra" }),
  another("a grant with an empty constraint", { constraints: [] }, { "grant-constraints": "extra" }),
  another(
    "a grant with an empty encryption context",
    { constraints: [{ encryption_context_subset: {} }] },
    { readable: "extra" },
  ),
  another("a grant that makes grants", { operations: ["CreateGrant", "Decrypt"] }, { "zone-grants": "extra" }),
  another("a grant of which nobody says when it ends", {}, { "grant-expiry": "extra" }),
  another(
    "a grant to whom an expression says",
    { grantee_principal: "${local.grantee}" },
    { readable: "/resource/aws_kms_grant/extra" },
  ),
  another(
    "a grant on another zone's key by its ARN",
    { key_id: `arn:aws:kms:us-east-1:${hipaa.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab` },
    { readable: "/resource/aws_kms_grant/extra" },
  ),
  another(
    "a grant on a key that is not there",
    { key_id: "${aws_kms_key.nothing.key_id}" },
    { readable: "/resource/aws_kms_grant/extra" },
  ),
  another(
    "a grant on whatever an alias means",
    { key_id: "${data.aws_kms_alias.any.target_key_arn}" },
    { readable: "/resource/aws_kms_grant/extra" },
  ),
  another(
    "a grant with changes ignored",
    { lifecycle: { ignore_changes: ["grantee_principal", "constraints"] } },
    { readable: "extra" },
  ),
  {
    name: "a grant whose end is taken out of the metadata",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].grants[grant].expires = undefined;
    }),
    found: { "grant-expiry": "payments-batch" },
    within: [grantAt, keyAt],
  },
  {
    name: "a grant whose last day has gone",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].grants[grant].expires = "2026-01-01";
    }),
    found: { "grant-expiry": "payments-batch" },
    within: [grantAt, keyAt],
  },
  {
    name: "a grant whose end is no day",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].grants[grant].expires = "some day";
    }),
    found: { "grant-expiry": "payments-batch" },
    within: [grantAt, keyAt],
  },
  {
    name: "another zone's grant to a role of this one",
    change: onStack(hipaa.stack, (json) => {
      resourceOf(json, "aws_kms_grant", "patient-portal_prod_us-east-1_records-release").grantee_principal =
        `arn:aws:iam::${pci.consumerAccount}:role/payments-batch`;
    }),
    found: { "zone-grants": "records-release" },
    within: ["patient-portal-prod"],
  },
];
