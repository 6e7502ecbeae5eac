import { describe, expect, test } from "@jest/globals";
import { affected, type MapEdit, reasonLines, summaries, textsAfter } from "./affected-small";

const acme = "organizations/acme.yaml";
const classes = "data-classes.yaml";
const clinic = "workloads/clinic.yaml";
const rollouts = "rollouts.yaml";
const shop = "workloads/shop.yaml";
const zones = "zones.yaml";

const base = textsAfter();

const everyStack = (summary: Readonly<Record<string, string>>, otherwise: string): string[] =>
  [...base.keys()].map((stack) => `${stack}: ${summary[stack] ?? otherwise}`);

const shopBatch =
  "        - {grantee: role/shop-batch, operations: [Decrypt], encryptionContext: {subset: {app: shop}}, expires: 2027-01-31}\n";
const ledgerInTest =
  "        - {principal: role/ledger, operations: [decrypt], sourceVpce: [vpce-0a1b2c3d4e5f60718]}\n";
const letters =
  "letters:\n  owner: clinic\n  dataClass: regulated\n  environments:\n    prod: {account: clinic, use: [{principal: role/letters, operations: [decrypt]}]}\n";

/** What is affected by an edit of the map: exactly these stacks, each for these reasons. */
const cases: readonly (readonly [name: string, edits: readonly MapEdit[], ...affected: string[]])[] = [
  ["nothing", []],
  ["a comment", [[shop, "ledger:\n", "# Books.\nledger:\n"]]],
  ["a setting that no key has to follow", [[classes, "rotationDays: 365", "rotationDays: 180"]]],
  [
    "a finer place in the map for the same, which metadata alone tells",
    [[clinic, "records:\n", "records:\n  rotationDays: 180\n"]],
  ],
  ["another owner", [[shop, "owner: finance", "owner: accounting"]], "acme.security.keys: only tags"],
  ["one more tag", [[shop, "tags: {Formula", "tags: {More: tag, Formula"]], "acme.security.keys: only tags"],
  ["another description", [[shop, "Books of account", "The books"]], "acme.security.keys: only descriptions"],
  [
    "another description and owner",
    [
      [shop, "Books of account", "The books"],
      [shop, "owner: finance", "owner: accounting"],
    ],
    "acme.security.keys: only descriptions and tags",
  ],
  [
    "a new user beside the key",
    [[clinic, "use:", "use:\n        - {principal: role/report, operations: [decrypt]}"]],
    "acme.health.clinic: key policy changed",
  ],
  [
    "a user that goes",
    [[shop, ledgerInTest, "        - {principal: role/other, operations: [decrypt]}\n"]],
    "acme.security.keys: key policy changed (2)",
    "acme.workloads.test.shop-test: consumer policy removed, consumer policy added, consumer policy detached, consumer policy attached",
  ],
  [
    "a user that may more",
    [[shop, ledgerInTest, ledgerInTest.replace("[decrypt]", "[encrypt, decrypt]")]],
    "acme.security.keys: key policy changed (2)",
    "acme.workloads.test.shop-test: consumer policy changed",
  ],
  [
    "another user in another account",
    [[shop, ledgerInTest, `${ledgerInTest}        - {principal: role/reader, operations: [decrypt]}\n`]],
    "acme.security.keys: key policy changed (2)",
    "acme.workloads.test.shop-test: consumer policy added, consumer policy attached",
  ],
  [
    "rotation more often",
    [[clinic, "records:\n", "records:\n  rotationDays: 100\n"]],
    "acme.health.clinic: rotation changed",
  ],
  [
    "a shorter deletion window",
    [[shop, "dataClass: restricted", "dataClass: restricted\n  deletionWindowDays: 20"]],
    "acme.security.keys: deletion window changed (4)",
  ],
  [
    "a new workload",
    [[clinic, "records:\n", `${letters}records:\n`]],
    "acme.health.clinic: key added, alias added, output changed",
  ],
  [
    "a workload with another name",
    [[clinic, "records:\n", "papers:\n"]],
    "acme.health.clinic: key removed, key added, alias removed, alias added, output changed (2)",
  ],
  [
    "a replica that goes",
    [
      [
        shop,
        "      replicas: [us-west-2]\n      use:\n        - {principal: role/shop-api",
        "      use:\n        - {principal: role/shop-api",
      ],
    ],
    "acme.security.keys: replica removed, alias removed, grant removed, output changed",
    "acme.workloads.prod.shop-prod: consumer policy changed (2)",
  ],
  [
    "one more alias",
    [[shop, "description: Books", "aliases: [books]\n  description: Books"]],
    "acme.security.keys: alias added (4)",
  ],
  [
    "another alias, which users go by",
    [[shop, "description: Books", "alias: books\n  description: Books"]],
    "acme.security.keys: alias removed (4), alias added (4), output changed (2)",
    "acme.workloads.prod.shop-prod: consumer policy changed",
    "acme.workloads.test.shop-test: consumer policy changed",
  ],
  [
    "a grant that goes",
    [[shop, `      grants:\n${shopBatch}`, ""]],
    "acme.security.keys: key policy changed (2), grant removed (2)",
    "acme.workloads.prod.shop-prod: consumer policy removed, consumer policy detached",
  ],
  [
    "one more grant",
    [[shop, shopBatch, `${shopBatch}${shopBatch.replace("shop-batch", "shop-night")}`]],
    "acme.security.keys: key policy changed (2), grant added (2)",
    "acme.workloads.prod.shop-prod: consumer policy added, consumer policy attached",
  ],
  [
    "a grant of more",
    [[shop, "operations: [Decrypt], enc", "operations: [Decrypt, DescribeKey], enc"]],
    "acme.security.keys: key policy changed (2), grant changed (2)",
    "acme.workloads.prod.shop-prod: consumer policy changed",
  ],
  [
    "another administrator",
    [[zones, "role/HealthKeyAdministrator", "role/HealthKeyKeeper"]],
    "acme.health.clinic: key policy changed",
    "acme.rollouts.health: rollout template changed",
  ],
  [
    "state in another bucket",
    [[zones, "acme-orgkeys-corporate", "acme-state"]],
    "acme.guardrails.corporate: state moved",
    "acme.rollouts.corporate: state moved",
    "acme.rollouts.corporate.management: state moved",
    "acme.security.keys: state moved",
    "acme.workloads.prod.shop-prod: state moved",
    "acme.workloads.test.shop-test: state moved",
  ],
  [
    "another tag of a zone, whose roles carry it too",
    [[zones, '"4711"', '"4712"']],
    "acme.guardrails.health: only tags",
    "acme.health.clinic: only tags",
    "acme.rollouts.health: rollout template changed, tags changed",
  ],
  [
    "one guardrail less",
    [
      [
        zones,
        '  pipelines: {deploy: ["clinic',
        '  guardrails: {resourceControl: false}\n  pipelines: {deploy: ["clinic',
      ],
    ],
    "acme.guardrails.health: guardrail removed, guardrail targets changed",
  ],
  [
    "no guardrails",
    [
      [
        zones,
        '  pipelines: {deploy: ["clinic',
        '  guardrails: {resourceControl: false, serviceControl: false}\n  pipelines: {deploy: ["clinic',
      ],
    ],
    "acme.guardrails.health: stack removed",
  ],
  [
    "guardrails that deny less",
    [
      [
        zones,
        '  pipelines: {deploy: ["clinic',
        '  guardrails: {serviceControl: {regions: false}}\n  pipelines: {deploy: ["clinic',
      ],
    ],
    "acme.guardrails.health: guardrail policy changed",
  ],
  [
    "another external id for the roles of Terraform",
    [[acme, "externalId: orgkeys-acme", "externalId: other-acme"]],
    ...everyStack(
      {
        "acme.rollouts.corporate": "rollout template changed (2), provider changed",
        "acme.rollouts.corporate.management": "rollout template changed, provider changed (2)",
        "acme.rollouts.health": "rollout template changed, provider changed",
        "acme.security.keys": "provider changed (2)",
      },
      "provider changed",
    ),
  ],
  [
    "a template's setting",
    [[rollouts, "archiveDays: 30", "archiveDays: 31"]],
    "acme.rollouts.corporate: rollout template changed",
  ],
  [
    "a rollout to other OUs",
    [[rollouts, "ous: [Workloads], archive", "ous: [Workloads/Prod], archive"]],
    "acme.rollouts.corporate: rollout targets changed",
  ],
  [
    "a rollout with more at once",
    [
      [
        rollouts,
        "health:\n  templates:\n    access-roles: {}",
        "health:\n  templates:\n    access-roles: {concurrency: 3}",
      ],
    ],
    "acme.rollouts.health: rollout preferences changed (2)",
  ],
  [
    "a zone without rollouts",
    [[rollouts, "health:\n  templates:\n    access-roles: {}\n", ""]],
    "acme.guardrails.health: guardrail policy changed",
    "acme.rollouts.health: stack removed",
  ],
  [
    "an OU with another name",
    [
      [acme, "      Prod:", "      Production:"],
      [rollouts, "Workloads/Prod", "Workloads/Production"],
    ],
    "acme.workloads.production.shop-prod: stack renamed",
  ],
  [
    "an account with another id",
    [[acme, "310000000001", "310000000002"]],
    "acme.health.clinic: state moved, key policy changed, provider changed",
    "acme.rollouts.health: rollout template changed",
  ],
  [
    "an account with another name",
    [
      [acme, "shop-test: ", "shop-trial: "],
      [shop, "shop-test", "shop-trial"],
    ],
    "acme.workloads.test.shop-trial: stack renamed",
  ],
  [
    "an account that is there at last",
    [[acme, "status: pending", "status: active"]],
    "acme.workloads.test.shop-new: stack added",
    "acme.workloads.test.shop-test: key policy changed",
  ],
  [
    "another delegated administrator, who keeps the rollouts",
    [[acme, "managementAccount: management\n", "managementAccount: management\ndelegatedAdministrator: keys\n"]],
    "acme.guardrails.corporate: guardrail policy changed",
    "acme.rollouts.corporate: state moved, rollout template changed (2), rollout changed (8), provider changed",
    "acme.rollouts.corporate.keys: stack added",
    "acme.rollouts.corporate.management: rollout template changed",
    "acme.rollouts.health: state moved, rollout changed (2), provider changed",
  ],
];

describe("an edit of the map affects exactly the stacks that Terraform would look at anew", () => {
  test.each(cases)("%s", (_, edits, ...expected) => {
    expect(summaries(affected(base, textsAfter(...edits)))).toEqual(expected);
  });
});

describe("a reason", () => {
  const [stack] = affected(
    base,
    textsAfter([clinic, "use:", "use:\n        - {principal: role/report, operations: [decrypt]}"]),
  );

  test("says which statements of which key are others", () => {
    expect(stack === undefined ? [] : reasonLines(stack)).toEqual([
      "key-policy-changed aws_kms_key.records_prod_us-east-1 1 statement added (UseRecordsProdReport), 1 changed (UsersNeverManage)",
    ]);
  });
});
