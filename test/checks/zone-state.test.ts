import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/zone-state";
import { type Json, Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const account = "pci-key-management";
const ownFile = "../../../state/310000000001.tfstate";

const small = outputOf("test/fixtures/small");
const keysStack = "acme.security.keys";

const found = (edit: (json: Json) => void) => sample.edit(stack, edit).check([check]);
const inBucket = (edit: (s3: Json) => void) =>
  small.edit(keysStack, (json) => edit(json.terraform.backend.s3)).check([check]);

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds local state", () => {
  test.each<[name: string, path: string]>([
    ["in another folder", "/tmp/310000000001.tfstate"],
    ["in the stack's own folder", "310000000001.tfstate"],
    ["under the stack's name", `../../../state/${stack}.tfstate`],
    ["of an account that has no stack", "../../../state/100000000003.tfstate"],
  ])("%s", (_name, path) => {
    expect(found((json) => Object.assign(json.terraform.backend.local, { path }))).toMatchObject([
      {
        where: `${account} state file`,
        why: `keeps its state in ${path} instead of ${ownFile}`,
        severity: "critical",
        place: { document: stack, path: "/terraform/backend/local/path" },
      },
    ]);
  });

  test.each(["../../../state/320000000002.tfstate", "../../../state/../state/./320000000002.tfstate"])(
    "that two stacks share, and names both: %s",
    (path) => {
      const shared = found((json) => Object.assign(json.terraform.backend.local, { path }));
      expect(shared.map(({ where, why }) => [where, why])).toEqual([
        [
          "patient-portal-prod state of commercial.regulated.pci.pci-key-management",
          `keeps its state in file ../../../state/320000000002.tfstate, where stack ${stack} keeps its own`,
        ],
        [`${account} state file`, `keeps its state in ${path} instead of ${ownFile}`],
        [
          `${account} state of commercial.regulated.hipaa.patient-portal-prod`,
          "keeps its state in file ../../../state/320000000002.tfstate, where stack commercial.regulated.hipaa.patient-portal-prod keeps its own",
        ],
      ]);
    },
  );

  test("where the map has none", () => {
    const local = { local: { path: "../../../state/100000000001.tfstate" } };
    expect(
      small.edit(keysStack, (json) => Object.assign(json.terraform, { backend: local })).check([check]),
    ).toMatchObject([
      {
        where: "keys backend",
        why: "keeps its state in file ../../../state/100000000001.tfstate, and zone corporate in bucket acme-orgkeys-corporate",
        place: { path: "/terraform/backend/local" },
      },
    ]);
  });
});

describe("finds state in a bucket", () => {
  test("where the map has none", () => {
    const s3 = {
      bucket: "example",
      key: "310000000001.tfstate",
      region: "us-east-1",
      encrypt: true,
      use_lockfile: true,
    };
    expect(found((json) => Object.assign(json.terraform, { backend: { s3 } }))).toMatchObject([
      {
        where: `${account} backend`,
        why: "keeps its state in s3://example/310000000001.tfstate, and zone pci in local files",
      },
    ]);
  });

  const role = "arn:aws:iam::310000000001:role/State";
  const kms = "arn:aws:kms:us-east-1:310000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  test.each<[name: string, edit: (s3: Json) => void, detail: string, why: string]>([
    [
      "of another name",
      (s3) => Object.assign(s3, { bucket: "acme-other" }),
      "bucket",
      "bucket acme-other instead of acme-orgkeys-corporate",
    ],
    [
      "in another Region",
      (s3) => Object.assign(s3, { region: "us-west-2" }),
      "region",
      "region us-west-2 instead of us-east-1",
    ],
    [
      "in whatever Region",
      (s3) => Reflect.deleteProperty(s3, "region"),
      "region",
      "region left out instead of us-east-1",
    ],
    [
      "below a folder",
      (s3) => Object.assign(s3, { key: "x/100000000001.tfstate" }),
      "key",
      "key x/100000000001.tfstate instead of 100000000001.tfstate",
    ],
    [
      "through another role",
      (s3) => Object.assign(s3, { assume_role: { role_arn: role } }),
      "role",
      `role ${role} instead of none`,
    ],
    [
      "through another role, in a list",
      (s3) => Object.assign(s3, { assume_role: [{ role_arn: role }] }),
      "role",
      `role ${role} instead of none`,
    ],
    [
      "through another role, in the old way",
      (s3) => Object.assign(s3, { role_arn: role }),
      "role",
      `role ${role} instead of none`,
    ],
    [
      "under another key",
      (s3) => Object.assign(s3, { kms_key_id: kms }),
      "kms_key_id",
      `kms_key_id ${kms} instead of none`,
    ],
  ])("%s", (_name, edit, detail, why) => {
    expect(inBucket(edit)).toMatchObject([
      {
        where: `keys state ${detail}`,
        why: `keeps its state with ${why}`,
        severity: "critical",
        place: { document: keysStack, path: "/terraform/backend/s3" },
      },
    ]);
  });

  test.each<[name: string, edit: (s3: Json) => void]>([
    ["left out", (s3) => Reflect.deleteProperty(s3, "encrypt")],
    ["off", (s3) => Object.assign(s3, { encrypt: false })],
  ])("with its encryption %s", (_name, edit) => {
    expect(inBucket(edit)).toMatchObject([
      { where: "keys state encrypt", severity: "high", whatToDo: "set encrypt to true" },
    ]);
  });

  test.each<[name: string, edit: (s3: Json) => void]>([
    ["left out", (s3) => Reflect.deleteProperty(s3, "use_lockfile")],
    ["off, as text", (s3) => Object.assign(s3, { use_lockfile: "false" })],
  ])("with its lock %s", (_name, edit) => {
    expect(inBucket(edit)).toMatchObject([
      { where: "keys state use_lockfile", severity: "high", whatToDo: "set use_lockfile to true" },
    ]);
  });

  test("that is another zone's, and says whose", () => {
    const [region, bucket] = ["us-east-1", "acme-health"];
    const state = { kind: "s3" as const, bucket, region, kmsKeyId: undefined, role: undefined };
    const zones = small.rules.zones.all.map((zone) => (zone.name === "health" ? { ...zone, state } : zone));
    let text = "";
    small.edit(keysStack, (json) => {
      text = JSON.stringify(json).replace("acme-orgkeys-corporate", bucket);
    });
    const rules = { ...small.rules, zones: new ZoneBoundaries(zones) };
    expect(new Output(new Map([[keysStack, text]]), rules).check([check])).toMatchObject([
      { why: "keeps its state with bucket acme-health, the bucket of zone health, instead of acme-orgkeys-corporate" },
    ]);
  });

  test("that two stacks share, whatever Region they name", () => {
    const other = "acme.workloads.prod.shop-prod";
    const edited = small.edit(other, (json) => {
      Object.assign(json.terraform.backend.s3, { key: "100000000001.tfstate", region: "us-west-2" });
    });
    expect(edited.check([check]).map(({ where }) => where)).toEqual([
      `keys state of ${other}`,
      "shop-prod state key",
      `shop-prod state of ${keysStack}`,
      "shop-prod state region",
    ]);
  });
});

describe("finds", () => {
  test.each<[name: string, edit: (json: Json) => void]>([
    ["no backend", (json) => Reflect.deleteProperty(json.terraform, "backend")],
    ["two backends", (json) => Object.assign(json.terraform.backend, { s3: {} })],
    ["a backend of another kind", (json) => Object.assign(json.terraform, { backend: { http: {} } })],
    [
      "a place that an expression names",
      (json) => Object.assign(json.terraform.backend.local, { path: "${var.path}" }),
    ],
  ])("%s", (_name, edit) => {
    expect(found(edit)).toMatchObject([
      {
        where: `${account} backend`,
        why: "says of no place that can be read where its state is",
        place: { path: "/terraform" },
      },
    ]);
  });

  test("the state of a stack that is in no zone", () => {
    const edited = found((json) => {
      Object.assign(json, JSON.parse(JSON.stringify(json).replaceAll("310000000001", "999999999999")));
    });
    expect(edited).toMatchObject([
      { where: `${stack} backend`, why: "is in no zone of the map, so that no place is right for its state" },
    ]);
  });

  test("guardrails that use the state of the management account's own stack", () => {
    const guardrails = (file: string) =>
      sample.withText(
        "commercial.guardrails.pci",
        JSON.stringify({
          "//": { orgkeys: { kind: "guardrails", accountId: "100000000001", zone: "pci" } },
          terraform: { backend: { local: { path: `../../../state/${file}.tfstate` } } },
        }),
      );
    expect(guardrails("100000000001-guardrails-pci").check([check])).toEqual([]);
    expect(guardrails("100000000001").check([check])).toMatchObject([
      {
        where: "commercial.guardrails.pci state file",
        why: "keeps its state in ../../../state/100000000001.tfstate instead of ../../../state/100000000001-guardrails-pci.tfstate",
      },
    ]);
  });
});

describe("is content with", () => {
  test.each<[name: string, edit: (s3: Json) => void]>([
    ["texts for true", (s3) => Object.assign(s3, { encrypt: "true", use_lockfile: "true" })],
    ["a backend that says nothing else", (s3) => Object.assign(s3, { "//": "by hand" })],
  ])("%s", (_name, edit) => {
    expect(inBucket(edit)).toEqual([]);
  });
});
