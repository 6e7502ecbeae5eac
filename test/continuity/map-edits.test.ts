import { describe, expect, test } from "@jest/globals";
import { planOf } from "../stacks/small-organization";
import { compare, editedSources, smallTexts } from "./compare-small";

type Edit = readonly [path: string, from: string, to: string];
const shop = "workloads/shop.yaml";
const clinic = "workloads/clinic.yaml";
const acme = "organizations/acme.yaml";
const classes = "data-classes.yaml";
const zones = "zones.yaml";

const shopInTest = `    test:
      account: shop-test
      use:
        - {principal: role/shop-api, operations: [encrypt, decrypt]}
        - {principal: "shop-new:role/shop-api", operations: [decrypt]}
`;

/** `ID WHERE` of each refusal for an edit of the map, after which the output is synthesized again. */
const cases: readonly (readonly [name: string, edits: readonly Edit[], ...refused: string[]])[] = [
  ["nothing", []],
  ["another owner", [[shop, "owner: finance", "owner: accounting"]]],
  ["another description", [[shop, "Books of account", "The books"]]],
  ["a new user", [[clinic, "use:", "use:\n        - {principal: role/report, operations: [decrypt]}"]]],
  ["longer between rotations", [[classes, "rotationDays: 365", "rotationDays: 180"]]],
  ["an OU that is renamed", [[acme, "      Prod:", "      Production:"]]],
  [
    "an account that moves to another OU of its zone",
    [
      [acme, '        accounts:\n          shop-test: "220000000001"\n', "        accounts:\n"],
      [acme, 'accounts: {keys: "100000000001"}', 'accounts: {keys: "100000000001", shop-test: "220000000001"}'],
    ],
  ],
  ["a zone that is renamed", [[zones, "health:", "medical:"]], "guardrails-vanish acme.guardrails.health"],
  [
    "a zone that is renamed, without guardrails",
    [[zones, "health:\n", "medical:\n  guardrails: {resourceControl: false, serviceControl: false}\n"]],
    "guardrails-vanish acme.guardrails.health",
  ],
  [
    "an organization with another management account",
    [
      [acme, "managementAccount: management", "managementAccount: root"],
      [acme, 'accounts: {management: "000000000001"}', 'accounts: {management: "000000000001", root: "000000000002"}'],
      [zones, "accounts: [management]", "accounts: [management, root]"],
    ],
    "guardrails-vanish acme.guardrails.corporate",
    "guardrails-vanish acme.guardrails.health",
  ],
  [
    "a zone whose guardrails are switched off",
    [[zones, "health:\n", "health:\n  guardrails: {resourceControl: false, serviceControl: false}\n"]],
  ],
  [
    "a workload that is renamed",
    [[clinic, "records:\n  owner", "patients:\n  owner"]],
    "key-vanishes clinic aws_kms_key.records_prod_us-east-1",
  ],
  [
    "a workload with several keys that is renamed",
    [[shop, "ledger:\n  owner", "books:\n  owner"]],
    "key-vanishes keys aws_kms_key.ledger__ebs_us-east-1",
    "key-vanishes keys aws_kms_key.ledger_us-east-1",
  ],
  [
    "an environment that is renamed",
    [[clinic, "    prod:", "    production:"]],
    "key-vanishes clinic aws_kms_key.records_prod_us-east-1",
  ],
  [
    "a data class that is renamed, of keys that have its name",
    [
      [classes, "confidential:", "secret:"],
      [shop, "dataClass: confidential", "dataClass: secret"],
    ],
    "key-vanishes keys aws_kms_key.shared_confidential_prod_us-east-1",
    "key-vanishes shop-test aws_kms_key.shared_confidential_test_us-east-1",
  ],
  [
    "a data class that is renamed, of keys that have not",
    [
      [classes, "regulated:", "medical:"],
      [clinic, "dataClass: regulated", "dataClass: medical"],
    ],
  ],
  [
    "a workload of another class",
    [[shop, "dataClass: restricted", "dataClass: regulated"]],
    "key-vanishes keys aws_kms_key.ledger__ebs_us-east-1",
    "key-vanishes keys aws_kms_key.ledger_us-east-1",
  ],
  [
    "an environment that is dropped",
    [[shop, shopInTest, ""]],
    "key-vanishes shop-test aws_kms_key.shared_confidential_test_us-east-1",
  ],
  [
    "a service's key that is dropped",
    [
      [shop, "  perService: [ebs]\n", ""],
      [
        shop,
        "        - {principal: role/ledger, operations: [encrypt, decrypt, grant-to-aws-services], via: [ebs]}\n",
        "",
      ],
    ],
    "key-vanishes keys aws_kms_key.ledger__ebs_us-east-1",
  ],
  [
    "replicas that are dropped, each told by itself",
    [[shop, "      replicas: [us-west-2]\n", ""]],
    "key-vanishes keys aws_kms_replica_key.ledger__ebs_us-west-2",
    "key-vanishes keys aws_kms_replica_key.ledger_us-west-2",
    "key-vanishes keys aws_kms_replica_key.shared_confidential_prod_us-west-2",
  ],
  [
    "an account with keys that is dropped",
    [
      [
        acme,
        '    accounts: {clinic: {id: "310000000001", regions: [us-east-1]}}',
        '    accounts: {doctor: {id: "310000000009", regions: [us-east-1]}}',
      ],
      [clinic, "account: clinic", "account: doctor"],
    ],
    "account-vanishes clinic (310000000001)",
  ],
  [
    "an account under another name",
    [
      [acme, "clinic: {id:", "hospital: {id:"],
      [clinic, "account: clinic", "account: hospital"],
    ],
  ],
  [
    "an account that is suspended",
    [[acme, 'id: "310000000001", regions', 'id: "310000000001", status: suspended, regions']],
  ],
  [
    "single-Region keys",
    [[classes, "  key: customer-managed\n", "  key: customer-managed\n  multiRegion: false\n"]],
    "key-replaced clinic aws_kms_key.records_prod_us-east-1",
  ],
  [
    "a class that cuts other keys",
    [[classes, "  per: workload-environment", "  per: workload"]],
    "key-vanishes clinic aws_kms_key.records_prod_us-east-1",
  ],
  [
    "keys beside their data",
    [
      [
        zones,
        "topology: hybrid\n  centralize: [{environments: [prod]}, {dataClasses: [restricted]}]",
        "topology: decentralized",
      ],
    ],
    "key-vanishes keys aws_kms_key.ledger__ebs_us-east-1",
    "key-vanishes keys aws_kms_key.ledger_us-east-1",
    "key-vanishes keys aws_kms_key.shared_confidential_prod_us-east-1",
  ],
  [
    "a key management account of everything",
    [
      [
        zones,
        "topology: hybrid\n  centralize: [{environments: [prod]}, {dataClasses: [restricted]}]",
        "topology: centralized",
      ],
    ],
    "key-vanishes shop-test aws_kms_key.shared_confidential_test_us-east-1",
  ],
  [
    "another Region",
    [
      [clinic, "account: clinic", "account: clinic\n      region: us-west-2"],
      [zones, "  regions: [us-east-1]", "  regions: [us-east-1, us-west-2]"],
      [acme, "regions: [us-east-1]}", "regions: [us-east-1, us-west-2]}"],
    ],
    "key-vanishes clinic aws_kms_key.records_prod_us-east-1",
  ],
  [
    "another alias",
    [[clinic, "dataClass: regulated", "dataClass: regulated\n  alias: patients-{environment}"]],
    "alias-vanishes clinic alias/records-prod",
  ],
  [
    "another alias pattern of a class",
    [[classes, "per: environment}", 'per: environment, alias: "common-{environment}"}']],
    "alias-vanishes keys alias/shared-prod-key",
    "alias-vanishes shop-test alias/shared-test-key",
  ],
  [
    "an account of another zone, with its keys",
    [
      [zones, "  ous: [Security, Workloads]", "  ous: [Security, Workloads/Prod]"],
      [zones, "  ous: [Health]", "  ous: [Health, Workloads/Test]"],
      [zones, "floor: {rotationDays: 180, key: customer-managed}", "floor: {rotationDays: 365}"],
    ],
    "zone-moved shop-test",
  ],
];

function refusals(edits: readonly Edit[]): ReturnType<typeof compare>["refusals"] {
  return compare(smallTexts, planOf(editedSources(...edits))).refusals;
}

describe("an edit of the map", () => {
  test.each(cases)("%s", (_name, edits, ...expected) => {
    expect(refusals(edits).map(({ id, where }) => `${id} ${where}`)).toEqual(expected);
  });
});

/** What is to be written instead. */
const ways: readonly (readonly [name: string, edits: readonly Edit[], whatToDo: string, ...lines: string[]])[] = [
  [
    "a workload that is renamed",
    [[clinic, "records:\n  owner", "patients:\n  owner"]],
    "if patients is records under a new name, write at workloads/clinic.yaml patients; otherwise put workload records back",
    "formerly: records",
  ],
  [
    "an environment that is renamed",
    [[clinic, "    prod:", "    production:"]],
    "if production is prod under a new name, write at workloads/clinic.yaml records.environments.production; otherwise put environment prod back",
    "formerly: prod",
  ],
  [
    "a data class that is renamed",
    [
      [classes, "confidential:", "secret:"],
      [shop, "dataClass: confidential", "dataClass: secret"],
    ],
    "if secret is confidential under a new name, write at data-classes.yaml secret; otherwise put data class confidential back",
    "formerly: confidential",
  ],
  [
    "a zone that is renamed",
    [[zones, "health:", "medical:"]],
    "put zone health back; if medical is health under a new name, move the state of its guardrails first, and synthesize this change alone with --ignore-previous (docs/guardrails.md#renaming-or-removing-a-zone)",
  ],
  [
    "another alias of a key that workloads share",
    [[classes, "per: environment}", 'per: environment, alias: "common-{environment}"}']],
    "to keep it beside the new one, write aliases at data-classes.yaml confidential; once nobody asks for it any more, dropAliases there",
    'aliases: ["shared-{environment}-key"]',
    "dropAliases: [shared-prod-key]",
  ],
];

describe("a refusal says what to write instead", () => {
  test.each(ways)("of %s", (_name, edits, whatToDo, ...lines) => {
    expect(refusals(edits)[0]).toMatchObject({ whatToDo, lines });
  });
});
