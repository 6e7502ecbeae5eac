import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { explain } from "../../modules/keys/explain-keys";
import type { SourceFile } from "../../modules/organization/map-file";
import type { PolicyStatement } from "../../modules/policies/policy-document";
import { policyBytes } from "../../modules/policies/policy-document";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { type Json, type Output, outputOf } from "../checks/sample-output";

/**
 * One key that everybody below OU Apps uses, and below Apps/Prod a second time; `filler` is the length of an encryption
 * context that nothing can shorten.
 */
function sources(filler: number, zone = "", other = ""): SourceFile[] {
  const texts = {
    "organizations/acme.yaml": `id: o-a1b2c3d4e5
rootId: r-ab12
partition: aws
homeRegion: us-east-1
regions: [us-east-1, us-west-2]
managementAccount: root-account
roles: {deploy: Deploy, audit: Audit}
accounts: {root-account: "100000000000"}
ous:
  Apps:
    id: ou-ab12-10000000
    accounts: {keys: "100000000001", app-a: "100000000002"}
    ous:
      Prod: {id: ou-ab12-11000000, accounts: {app-b: "100000000003", app-c: {id: "100000000004", status: pending}, ${many}}}
      Vault: {id: ou-ab12-12000000}
`,
    "zones.yaml": `main:
  organization: acme
  ous: [Apps]
  owner: security
  accounts: [root-account]
  keyManagementAccount: keys
  topology: centralized
  administrators: [role/Admin]
  breakGlass: role/BreakGlass
  regions: [us-east-1, us-west-2]
${zone}${other}`,
    "data-classes.yaml": "shared: {key: customer-managed, per: workload}\n",
    "workloads/lake.yaml": `lake:
  owner: data
  dataClass: shared
  environments:
    prod:
      account: keys
      replicas: [us-west-2]
      use:
        - {principal: role/filler, operations: [encrypt], encryptionContext: {filler: "${"x".repeat(filler)}"}}
${["a", "b", "c"].map((name) => `        - {principal: role/reader-${name}, operations: [decrypt], via: [s3]}\n`).join("")}        - {principal: "app-a:role/reader", operations: [decrypt], via: [s3]}
        - {principal: "ou:Apps", operations: [decrypt], via: [s3]}
        - {principal: "ou:Apps/Prod", operations: [encrypt, decrypt]}
        - {principal: "account:app-a", operations: [decrypt], organizationPath: Apps}
`,
  };
  return Object.entries(texts).map(([path, text]) => ({
    name: `config/${path}`,
    path,
    bytes: new TextEncoder().encode(text),
  }));
}

function planOf(of: SourceFile[]): LoadedPlan {
  const loaded = planSources(of, "config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

/** Accounts enough for their list to be longer than the conditions of a path. */
const many = Array.from({ length: 30 }, (_, index) => `n-${index}: "${200_000_000_000 + index}"`).join(", ");

const opted = "  organizationPaths: true\n";
const statementsOf = ({ plan }: LoadedPlan): readonly PolicyStatement[] => plan.keys[0]?.policy.Statement ?? [];
const usesIn = (loaded: LoadedPlan): string[] =>
  statementsOf(loaded)
    .map(({ Sid }) => Sid)
    .filter((sid) => sid.startsWith("Use") && sid !== "UsersNeverManage");
const apps = "o-a1b2c3d4e5/r-ab12/ou-ab12-10000000/";
const isEverybody = ({ Principal }: PolicyStatement): boolean => Principal?.AWS?.includes("*") === true;
const pathsOf = ({ Condition }: PolicyStatement): readonly string[] | undefined =>
  Condition?.["ForAnyValue:StringLike"]?.["aws:PrincipalOrgPaths"];
const about = ({ plan }: LoadedPlan): string[] =>
  plan.findings.filter(({ where }) => where === "alias/lake").map(({ id, severity }) => `${id} ${severity}`);

/** How long the filler has to be for a policy of so many bytes, with a statement for each use. */
const plainBytes = policyBytes(planOf(sources(1)).plan.keys[0]?.policy ?? {}) - 1;
const fits = 32_768 - plainBytes;

describe("a key policy", () => {
  test("keeps a statement for each use as long as it fits, to the byte", () => {
    const loaded = planOf(sources(fits, opted));
    expect(usesIn(loaded)).toEqual([
      "UseLakeProdAccountAppA",
      "UseLakeProdAccounts",
      "UseLakeProdAccounts2",
      "UseLakeProdFiller",
      "UseLakeProdReaderA",
      "UseLakeProdReaderAppA",
      "UseLakeProdReaderB",
      "UseLakeProdReaderC",
    ]);
    expect(about(loaded)).toEqual([]);
  });

  test("merges what differs in principals alone once it would not fit, in every Region, and says so", () => {
    const loaded = planOf(sources(fits + 1, opted));
    const merged = usesIn(loaded).filter((sid) => sid.includes("Merged"));
    expect(usesIn(loaded)).toHaveLength(5);
    expect(merged).toHaveLength(1);
    expect(about(loaded)).toEqual(["merged-policy low"]);
    expect(statementsOf(loaded).find(({ Sid }) => Sid === merged[0])).toMatchObject({
      Principal: {
        AWS: [
          "arn:aws:iam::100000000001:role/reader-a",
          "arn:aws:iam::100000000001:role/reader-b",
          "arn:aws:iam::100000000001:role/reader-c",
          "arn:aws:iam::100000000002:role/reader",
        ],
      },
      Condition: { StringEquals: { "kms:CallerAccount": ["100000000001", "100000000002"] } },
    });
    const [key] = loaded.plan.keys;
    expect(key?.replicas[0]?.policy.Statement.map(({ Sid }) => Sid)).toEqual(
      key?.policy.Statement.map(({ Sid }) => Sid),
    );
  });

  const { plan } = planOf(sources(fits + 1));
  const mergedFits = fits + 1 + 32_768 - policyBytes(plan.keys[0]?.policy ?? {});

  test("names an OU by its path where that is not enough and the zone allows it", () => {
    expect(about(planOf(sources(mergedFits, opted)))).toEqual(["merged-policy low"]);
    const loaded = planOf(sources(mergedFits + 1, opted));
    expect(about(loaded)).toEqual(["organization-paths-policy medium"]);
    expect(statementsOf(loaded).filter(isEverybody).map(pathsOf).sort()).toEqual([
      [`${apps}*`],
      [`${apps}ou-ab12-11000000/*`],
    ]);
    expect(usesIn(loaded)).toContain("UseLakeProdAccountAppA");
    expect(usesIn(loaded)).toContain("UseLakeProdAccountsOwnAccount");
  });

  test("is refused where the zone does not allow it", () => {
    const loaded = planSources(sources(mergedFits + 1), "config");
    expect("problems" in loaded ? loaded.problems.map(({ message }) => message) : []).toEqual([
      expect.stringContaining("the key policy has 32769 bytes"),
    ]);
  });

  test("keeps the list of an OU with a part that is another zone's, although nobody is there yet", () => {
    const vault = `vault:
  organization: acme
  ous: [Apps/Vault]
  owner: security
  topology: decentralized
  administrators: [role/Admin]
  breakGlass: role/BreakGlass
  regions: [us-east-1]
`;
    const everybody = statementsOf(planOf(sources(mergedFits + 1, opted, vault))).filter(isEverybody);
    expect(everybody.map(pathsOf)).toEqual([[`${apps}ou-ab12-11000000/*`]]);
  });

  test("does not change what accounts are offered, and everybody is still explained", () => {
    const [named, byPath] = [planOf(sources(mergedFits, opted)), planOf(sources(mergedFits + 1, opted))];
    expect(byPath.plan.consumerPolicies).toEqual(named.plan.consumerPolicies);
    const role = "arn:aws:iam::100000000003:role/anybody";
    const found = [named, byPath].map(({ map, plan }) =>
      explain(map, plan, role)?.throughAccount.map(({ region, statements }) => [region, statements]),
    );
    expect(found[0]).toEqual([
      ["us-east-1", ["UseLakeProdAccounts", "UseLakeProdAccounts2"]],
      ["us-west-2", ["UseLakeProdAccounts", "UseLakeProdAccounts2"]],
    ]);
    expect(found[1]).toEqual(found[0]);
    expect(explain(byPath.map, byPath.plan, "*")).toBeUndefined();
  });

  describe("organization paths in an output", () => {
    const output = outputFrom(sources(mergedFits + 1, opted));
    const subjects = (of: Output): string[] => of.check(allChecks).map(({ id, where }) => `${id}: ${where}`);
    /** What else is found when a hand changes the statement for everybody below OU Apps. */
    const foundAfter = (change: (condition: Json) => void): string[] => {
      const edited = output.edit("acme.apps.keys", (json) => {
        const statements: Json[] = json.locals["lake_us-east-1-policy"].Statement;
        const everybody = statements.filter(isEverybody).find((each) => pathsOf(each)?.[0] === `${apps}*`);
        change(everybody?.Condition);
      });
      const before = subjects(output);
      return subjects(edited).filter((found) => !before.includes(found));
    };
    const everybody = "keys aws_kms_key.lake_us-east-1 statement UseLakeProdAccounts2";

    test("keep the zone's wall, and are found for the principal * alone", () => {
      expect(subjects(output)).toEqual(
        ["aws_kms_key.lake_us-east-1", "aws_kms_replica_key.lake_us-west-2"].flatMap((key) =>
          ["UseLakeProdAccounts", "UseLakeProdAccounts2"].map(
            (sid) => `named-principals: keys ${key} statement ${sid} *`,
          ),
        ),
      );
    });

    const paths = "ForAnyValue:StringLike";
    test.each<[string, (condition: Json) => void]>([
      [
        "the organization's",
        (condition) => Object.assign(condition[paths], { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*"] }),
      ],
      [
        "of two OUs, one of them nobody's",
        (condition) => condition[paths]["aws:PrincipalOrgPaths"].push("o-a1b2c3d4e5/r-ab12/ou-ab12-9/*"),
      ],
      ["none", (condition) => Reflect.deleteProperty(condition, paths)],
      [
        "one that only all values have to match",
        (condition) => {
          condition["ForAllValues:StringLike"] = condition[paths];
          delete condition[paths];
        },
      ],
    ])("are a breach when the path is %s", (_, change) => {
      expect(foundAfter(change)).toContain(`zone-key-access: ${everybody} everybody`);
    });

    test("are found when they no longer leave out the owner's account, where managers would be users", () => {
      const found = foundAfter((condition) => Reflect.deleteProperty(condition, "StringNotEquals"));
      expect(found).toEqual(
        ["Admin", "Audit", "BreakGlass", "Deploy"].map(
          (name) => `administrators-never-use: ${everybody} arn:aws:iam::100000000001:role/${name}`,
        ),
      );
    });
  });
});

function outputFrom(of: readonly SourceFile[]): Output {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-forms-"));
  try {
    for (const { path, bytes } of of) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    return outputOf(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
