import type { Json } from "../sample-output";
import { adoptedKey, scheduledAlias, scheduledKey, scheduledReplica } from "./living-organization";
import { type Breach, inPciStack, pci, resourceOf } from "./mutation";

const stranger = "mrk-ffffffffffffffffffffffffffffffff";

function importOf(json: Json, address: string): Json {
  const found = json.import.find(({ to }: Json) => to === address);
  if (found === undefined) throw new Error(`there is no import of ${address}`);
  return found;
}

function without(list: Json[], test: (block: Json) => boolean): Json[] {
  const left = list.filter((block) => !test(block));
  if (left.length === list.length) throw new Error("there is no such block");
  return left;
}

function addImport(json: Json, to: string, id: string): void {
  json.import = [...(json.import ?? []), { id, to }];
}

function addRemoved(json: Json, ...addresses: readonly string[]): void {
  json.removed = [...(json.removed ?? []), ...addresses.map((from) => ({ from, lifecycle: { destroy: false } }))];
}

const asMapped = (name: string, address: string, edit: (json: Json) => void): Breach =>
  inPciStack(name, "keys-as-mapped", edit, `pci-key-management ${address}`);

/** Of an organization in which nothing is adopted and every key is in use. */
export const lifecycleBreaches: readonly Breach[] = [
  asMapped("a key taken over from elsewhere", "aws_kms_key.fraud-scoring_us-east-1 import", (json) => {
    json.import = [{ to: "aws_kms_key.fraud-scoring_us-east-1", id: "1234abcd-12ab-34cd-56ef-1234567890ab" }];
  }),
  asMapped("an import for a key that the map does not adopt", `aws_kms_key.${pci.key} import`, (json) =>
    addImport(json, `aws_kms_key.${pci.key}`, adoptedKey),
  ),
  asMapped("an import for a replica that the map does not adopt", `aws_kms_replica_key.${pci.replica} import`, (json) =>
    addImport(json, `aws_kms_replica_key.${pci.replica}`, adoptedKey),
  ),
  asMapped("an alias of somebody else taken over", `aws_kms_alias.${pci.alias} import`, (json) =>
    addImport(json, `aws_kms_alias.${pci.alias}`, "alias/ledger"),
  ),
  asMapped("a live key that is let go", `aws_kms_key.${pci.key} removed`, (json) => {
    delete json.resource.aws_kms_key[pci.key];
    addRemoved(json, `aws_kms_key.${pci.key}`);
  }),
  asMapped("a live replica that is let go", `aws_kms_replica_key.${pci.replica} removed`, (json) => {
    delete json.resource.aws_kms_replica_key[pci.replica];
    addRemoved(json, `aws_kms_replica_key.${pci.replica}`);
  }),
  asMapped("an alias that is let go", `aws_kms_alias.${pci.alias} removed`, (json) => {
    delete json.resource.aws_kms_alias[pci.alias];
    addRemoved(json, `aws_kms_alias.${pci.alias}`);
  }),
  asMapped(
    "a grant that is let go, and lives on",
    "aws_kms_grant.payments_prod_us-east-1_payments-batch removed",
    (json) => {
      delete json.resource.aws_kms_grant["payments_prod_us-east-1_payments-batch"];
      addRemoved(json, "aws_kms_grant.payments_prod_us-east-1_payments-batch");
    },
  ),
  asMapped("the state's key under another name let go", "aws_kms_key.payments removed", (json) =>
    addRemoved(json, "aws_kms_key.payments"),
  ),
  asMapped("a consumer policy that is let go", "aws_iam_policy.role_payments-api removed", (json) =>
    addRemoved(json, "aws_iam_policy.role_payments-api"),
  ),
  asMapped("a step that the map does not know, with a live key let go", `aws_kms_key.${pci.key} step`, (json) => {
    delete json.resource.aws_kms_key[pci.key];
    addRemoved(json, `aws_kms_key.${pci.key}`);
    json["//"].orgkeys.keys[pci.key].step = "scheduled";
  }),
  asMapped("a step in the metadata alone", `aws_kms_key.${pci.key} step`, (json) => {
    json["//"].orgkeys.keys[pci.key].step = "disabled";
  }),
  asMapped("a word that is no step", `aws_kms_key.${pci.key} step`, (json) => {
    json["//"].orgkeys.keys[pci.key].step = "retired";
  }),
  asMapped("a replica's step in the metadata alone", `aws_kms_key.${pci.key} step in us-west-2`, (json) => {
    json["//"].orgkeys.keys[pci.key].replicaSteps = { "us-west-2": "gone" };
  }),
  asMapped("an alias given away in the metadata", `aws_kms_key.${pci.key} replaced`, (json) => {
    json["//"].orgkeys.keys[pci.key].replaced = "2026-12-01";
  }),
  inPciStack("a live key that is in a removed block as well", "readable", (json) =>
    addRemoved(json, `aws_kms_key.${pci.key}`),
  ),
  inPciStack("an import for a resource that is not there", "readable", (json) =>
    addImport(json, "aws_kms_key.other", adoptedKey),
  ),
  inPciStack("a foreign type taken over", "readable", (json) => addImport(json, "aws_iam_role.admin", "Admin")),
  ...(
    [
      ["destruction as text", { lifecycle: { destroy: "false" } }],
      ["destruction by default", { lifecycle: {} }],
      ["destruction for want of a lifecycle", { lifecycle: undefined }],
      ["two lifecycles", { lifecycle: [{ destroy: false }, { destroy: true }] }],
      ["an expression for destruction", { lifecycle: { destroy: "${var.destroy}" } }],
      ["more in the lifecycle", { lifecycle: { destroy: false, prevent_destroy: false } }],
      ["a provisioner", { provisioner: { "local-exec": { when: "destroy", command: "true" } } }],
      ["an order", { depends_on: ["aws_kms_key.x"] }],
      ["an expression for the address", { from: "${aws_kms_key.x}" }],
      ["a module's key", { from: "module.keys.aws_kms_key.x" }],
      ["one of many keys", { from: "aws_kms_key.x[0]" }],
    ] satisfies [string, Json][]
  ).map(([name, fields]) =>
    inPciStack(`a removed block with ${name}`, "readable", (json) => {
      json.removed = [{ from: "aws_kms_key.x", lifecycle: { destroy: false }, ...fields }];
    }),
  ),
  ...(
    [
      ["for_each", { for_each: { a: "b" } }],
      ["a provider", { provider: "aws.us-east-1" }],
      ["an identity", { identity: { key_id: stranger } }],
      ["an expression for the id", { id: "${var.key_id}" }],
      ["no id", { id: undefined }],
      ["an expression for the address", { to: "${aws_kms_key.x}" }],
      ["an address in a module", { to: "module.keys.aws_kms_key.x" }],
      ["a data source's address", { to: "data.aws_kms_key.x" }],
    ] satisfies [string, Json][]
  ).map(([name, fields]) =>
    inPciStack(`an import block with ${name}`, "readable", (json) => {
      json.import = { id: adoptedKey, to: `aws_kms_key.${pci.key}`, ...fields };
    }),
  ),
];

/** Of an organization with a key that is taken over, and keys that are let go. */
export const livingBreaches: readonly Breach[] = [
  asMapped("another key taken over than the map adopts", `aws_kms_key.${pci.key} import`, (json) => {
    importOf(json, `aws_kms_key.${pci.key}`).id = stranger;
  }),
  asMapped("another key taken over for a replica", `aws_kms_replica_key.${pci.replica} import`, (json) => {
    importOf(json, `aws_kms_replica_key.${pci.replica}`).id = stranger;
  }),
  asMapped("another alias taken over", `aws_kms_alias.${pci.alias} import`, (json) => {
    importOf(json, `aws_kms_alias.${pci.alias}`).id = "alias/ledger";
  }),
  asMapped("another grant taken over", "aws_kms_grant.payments_prod_us-east-1_payments-batch import", (json) => {
    importOf(json, "aws_kms_grant.payments_prod_us-east-1_payments-batch").id = `${adoptedKey}:${"b".repeat(64)}`;
  }),
  asMapped("an adopted key made anew", `aws_kms_key.${pci.key} import`, (json) => {
    json.import = without(json.import, ({ to }) => to === `aws_kms_key.${pci.key}`);
  }),
  asMapped("an adopted key's id for another key", "aws_kms_key.fraud-scoring_us-east-1 import", (json) =>
    addImport(json, "aws_kms_key.fraud-scoring_us-east-1", adoptedKey),
  ),
  asMapped("a key that is to leave alive, in no block", `aws_kms_key.${scheduledKey} removed`, (json) => {
    json.removed = without(json.removed, ({ from }) => from === `aws_kms_key.${scheduledKey}`);
  }),
  asMapped("an alias that is to leave alive, in no block", `aws_kms_alias.${scheduledAlias} removed`, (json) => {
    json.removed = without(json.removed, ({ from }) => from === `aws_kms_alias.${scheduledAlias}`);
  }),
  asMapped(
    "a replica that is to leave alive, in no block",
    `aws_kms_replica_key.${scheduledReplica} removed`,
    (json) => {
      json.removed = without(json.removed, ({ from }) => from === `aws_kms_replica_key.${scheduledReplica}`);
    },
  ),
  asMapped("a key that is still there though the map has let it go", `aws_kms_key.${scheduledKey} step`, (json) => {
    const like = structuredClone(resourceOf(json, "aws_kms_key", pci.key));
    json.resource.aws_kms_key[scheduledKey] = like;
    json.removed = without(json.removed, ({ from }) => from === `aws_kms_key.${scheduledKey}`);
  }),
  asMapped("a step taken back in the metadata", `aws_kms_key.${scheduledKey} step`, (json) => {
    delete json["//"].orgkeys.keys[scheduledKey].step;
  }),
  asMapped("a step skipped in the metadata", `aws_kms_key.${scheduledKey} step`, (json) => {
    json["//"].orgkeys.keys[scheduledKey].step = "gone";
  }),
  asMapped("a day moved back in the metadata", `aws_kms_key.${scheduledKey} days`, (json) => {
    json["//"].orgkeys.keys[scheduledKey].days.disabled = "2020-01-01";
  }),
  asMapped("a day that is none in the metadata", `aws_kms_key.${scheduledKey} days`, (json) => {
    json["//"].orgkeys.keys[scheduledKey].days.disabled = "soon";
  }),
  asMapped("a replica's day in the metadata alone", `aws_kms_key.${pci.key} days in us-west-2`, (json) => {
    json["//"].orgkeys.keys[pci.key].replicaDays = { "us-west-2": { disabled: "2026-12-01" } };
  }),
  inPciStack("a key that is let go, destroyed", "readable", (json) => {
    json.removed[0].lifecycle.destroy = true;
  }),
];
