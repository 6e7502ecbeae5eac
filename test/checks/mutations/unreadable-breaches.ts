import type { Json } from "../sample-output";
import { type Breach, hipaa, inPciStack, pci, policyOf, resourceOf } from "./mutation";

/** What nobody can read is not proven. */
const unread: readonly Breach[] = (
  [
    [
      "a policy for a key by its own resource",
      (json) => {
        json.resource.aws_kms_key_policy = { extra: { key_id: "${aws_kms_key.x.id}", policy: "{}" } };
      },
    ],
    [
      "a policy inside a role",
      (json) => {
        json.resource.aws_iam_role_policy = { extra: { role: "web", policy: "{}" } };
      },
    ],
    [
      "an imported key",
      (json) => {
        json.resource.aws_kms_external_key = { extra: { description: "x" } };
      },
    ],
    [
      "a key store of somebody else",
      (json) => {
        json.resource.aws_kms_custom_key_store = { extra: { custom_key_store_name: "x" } };
      },
    ],
    [
      "a command on the machine that applies",
      (json) => {
        json.resource.terraform_data = {
          extra: { provisioner: [{ "local-exec": { command: "aws kms put-key-policy" } }] },
        };
      },
    ],
    [
      "a command beside a key",
      (json) => {
        json.resource.aws_kms_key[pci.key].provisioner = { "local-exec": { command: "true" } };
      },
    ],
    [
      "a data source that runs a program",
      (json) => {
        json.data = { external: { extra: { program: ["sh", "-c", "true"] } } };
      },
    ],
    [
      "a data source that writes a policy",
      (json) => {
        json.data = { aws_iam_policy_document: { extra: { statement: [] } } };
      },
    ],
    [
      "a module",
      (json) => {
        json.module = { extra: { source: "./modules/keys" } };
      },
    ],
    [
      "a resource that is to be forgotten",
      (json) => {
        json.removed = [{ from: "aws_kms_key.x", lifecycle: { destroy: true } }];
      },
    ],
    [
      "one key's place taken by another's",
      (json) => {
        json.moved = [{ from: "aws_kms_key.fraud-scoring_us-east-1", to: `aws_kms_key.${pci.key}` }];
      },
    ],
    [
      "keys by count",
      (json) => {
        json.resource.aws_kms_key[pci.key].count = 2;
      },
    ],
    [
      "keys by for_each",
      (json) => {
        json.resource.aws_kms_key[pci.key].for_each = '${toset(["a"])}';
      },
    ],
    [
      "a principal that an expression names",
      (json) => {
        policyOf(json, pci.key).Statement[1].Principal.AWS = ["${local.administrator}"];
      },
    ],
    [
      "an action that an expression names",
      (json) => {
        policyOf(json, pci.key).Statement[1].Action.push("kms:${local.verb}");
      },
    ],
    [
      "a name in a condition that an expression gives",
      (json) => {
        policyOf(json, pci.key).Statement[1].Condition = { StringEquals: { "${local.key}": "x" } };
      },
    ],
    [
      "a policy that is decided by a directive",
      (json) => {
        resourceOf(json, "aws_kms_key", pci.key).policy = "%{ if true }{}%{ endif }";
      },
    ],
    [
      "a policy from a file",
      (json) => {
        resourceOf(json, "aws_kms_key", pci.key).policy = '${file("policy.json")}';
      },
    ],
    [
      "a policy that is merged from two",
      (json) => {
        resourceOf(json, "aws_kms_key", pci.key).policy = `\${jsonencode(merge(local.${pci.key}-policy, local.extra))}`;
      },
    ],
    [
      "a policy local that is not there",
      (json) => {
        json.locals[`${pci.key}-policy`] = undefined;
      },
    ],
    [
      "a policy of which a half is missing",
      (json) => {
        resourceOf(json, "aws_kms_key", pci.key).policy = '{"Version": "2012-10-17", "Statement": [';
      },
    ],
    [
      "a policy without statements",
      (json) => {
        policyOf(json, pci.key).Statement = undefined;
      },
    ],
    [
      "a policy in a version that does not exist",
      (json) => {
        policyOf(json, pci.key).Version = "2020-01-01";
      },
    ],
    [
      "a second list of statements",
      (json) => {
        policyOf(json, pci.key).statement = [];
      },
    ],
    [
      "a statement that neither allows nor denies",
      (json) => {
        policyOf(json, pci.key).Statement[0].Effect = "allow";
      },
    ],
    [
      "an argument of a key that nobody knows",
      (json) => {
        resourceOf(json, "aws_kms_key", pci.key).key_policy = "{}";
      },
    ],
    [
      "a replica of another account's key",
      (json) => {
        resourceOf(json, "aws_kms_replica_key", pci.replica).primary_key_arn =
          `arn:aws:kms:us-east-1:${hipaa.account}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
      },
    ],
    [
      "a key in a list",
      (json) => {
        json.resource.aws_kms_key[pci.key] = [json.resource.aws_kms_key[pci.key]];
      },
    ],
    [
      "resources in a list",
      (json) => {
        json.resource = [json.resource];
      },
    ],
    [
      "no backend",
      (json) => {
        json.terraform.backend = undefined;
      },
    ],
    [
      "state in somebody's cloud",
      (json) => {
        json.terraform.backend = undefined;
        json.terraform.cloud = { organization: "example" };
      },
    ],
    [
      "a backend of another kind",
      (json) => {
        json.terraform.backend = { http: { address: "https://state.example.com" } };
      },
    ],
  ] satisfies [string, (json: Json) => void][]
).map(([name, edit]) => inPciStack(name, "readable", edit));

function text(
  name: string,
  change: (text: string) => string,
  found: Breach["found"],
  within = ["pci-key-management", pci.stack],
): Breach {
  return {
    name,
    change: (sample) => {
      let before = "";
      sample.edit(pci.stack, (json) => {
        before = JSON.stringify(json, null, 2);
      });
      return sample.withText(pci.stack, change(before));
    },
    found,
    within,
  };
}

/** JSON that two programs may read as two things. */
const texts: readonly Breach[] = [
  text("a byte order mark", (before) => `\ufeff${before}`, { readable: pci.stack }),
  text("half of a file", (before) => before.slice(0, before.length / 2), { readable: pci.stack }),
  text("an empty file", () => "", { readable: pci.stack }),
  text("an empty object", () => "{}", { readable: pci.stack }),
  text("a list of objects", (before) => `[${before}]`, { readable: pci.stack }),
  text("a comment", (before) => `${before}// reviewed`, { readable: pci.stack }),
  text(
    "a name that stands twice",
    (before) => before.replace('"Effect": "Allow"', '"Effect": "Deny",\n"Effect": "Allow"'),
    { readable: "pci-key-management" },
  ),
  text(
    "a name that stands twice, once written with an escape",
    (before) => before.replace('"Effect": "Allow"', '"Eff\\u0065ct": "Allow",\n"Effect": "Allow"'),
    { readable: "pci-key-management" },
  ),
  text(
    "a type of resources that stands twice",
    (before) => before.replace('"aws_kms_grant": {', '"aws_kms_grant": {},\n"aws_kms_grant": {'),
    { readable: "pci-key-management" },
  ),
];

/** What cannot be read is not proven. */
export const unreadableBreaches: readonly Breach[] = [...unread, ...texts];
