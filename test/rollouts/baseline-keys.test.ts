import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import { baselineKeysData, baselineReplicasData } from "../../modules/rollouts/baseline-keys";
import { unreachedWorkloads } from "../../modules/rollouts/unreached-workloads";
import type { Json } from "../checks/sample-output";
import { everything, isAllowed } from "../policies/simulate";
import { baselineRollout, mapWithBaselineClasses, zoneOf } from "./baseline-map";
import { renderBuiltIn } from "./render-built-in";

const map = mapWithBaselineClasses();
const corporate = zoneOf(map, "corporate");
const health = zoneOf(map, "health");
const replicated = baselineRollout(map, "corporate", { replicas: ["us-west-2"] });
const single = baselineRollout(map, "health");

const keys = renderBuiltIn("baseline-keys", baselineKeysData(replicated, corporate, map));
const replicas = renderBuiltIn("baseline-replicas", baselineReplicasData(replicated, corporate, map));
const alone = renderBuiltIn("baseline-keys", baselineKeysData(single, health, map));

function resources({ document }: { document: Json }): Record<string, Json> {
  return document.Resources;
}

function golden(name: string, text: string): string {
  const path = join(__dirname, "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  return readFileSync(path, "utf8");
}

/** A value as an account gets it. */
function inAccount(value: Json, accountId: string): Json {
  const filled = (key: string, each: Json): Json => {
    const text = each?.["Fn::Sub"];
    if (typeof text !== "string" || key === "SecretString") return each;
    return text.replaceAll("${AWS::AccountId}", accountId).replaceAll("${AWS::Partition}", "aws");
  };
  return JSON.parse(JSON.stringify(value, filled));
}

describe("the template of the keys that each account has by itself", () => {
  test.each([
    ["baseline-keys.yaml", keys.text],
    ["baseline-replicas.yaml", replicas.text],
    ["baseline-keys-without-replicas.yaml", alone.text],
  ])("is what reviewers read: %s", (name, text) => {
    expect(golden(name, text)).toBe(text);
  });

  test("keeps every key and replica, and its alias with it, whatever becomes of the stack", () => {
    const made = [keys, replicas, alone].flatMap((each) => Object.values(resources(each)));
    for (const { Type, DeletionPolicy, UpdateReplacePolicy, Properties } of made) {
      if (Type === "AWS::SecretsManager::Secret") continue;
      expect(UpdateReplacePolicy).toBe("Retain");
      expect(DeletionPolicy).toBe(Type === "AWS::KMS::Alias" ? "RetainExceptOnCreate" : "Retain");
      if (Type !== "AWS::KMS::Alias") expect(Properties.PendingWindowInDays).toBeGreaterThanOrEqual(7);
    }
  });

  test("names a key by its data class alone, and no two alike", () => {
    expect(Object.keys(resources(keys))).toEqual([
      "KeyAccountDefault",
      "AliasAccountDefault",
      "Key0archiveZ1",
      "Alias0archiveZ1",
      "Pointer",
    ]);
    const names = ["a", "a1", "a-1", "a-b", "ab", "a--b", "a-b-", "az1", "a0", "a-z", "a-z-1", "a-z1"];
    const dataClasses = names.map((name) => ({ ...baselineClass(map), name, alias: name }));
    const { document } = renderBuiltIn("baseline-keys", baselineKeysData(single, health, { ...map, dataClasses }));
    expect(Object.keys(document.Resources)).toHaveLength(2 * names.length);
  });

  test("meets the floor of the zone", () => {
    expect(resources(alone).KeyAccountDefault.Properties).toMatchObject({
      RotationPeriodInDays: 180,
      PendingWindowInDays: 30,
    });
    const floor = { ...health.floor, rotationDays: 90, deletionWindowDays: 20 };
    const strict = baselineKeysData(single, { ...health, floor }, map);
    expect(strict.keys.map(({ rotationDays, deletionWindowDays }) => [rotationDays, deletionWindowDays])).toEqual([
      [90, 30],
      [90, 20],
    ]);
    expect(baselineKeysData(replicated, corporate, map).keys.map(({ rotationDays }) => rotationDays)).toEqual([
      365, 365,
    ]);
  });

  test("tags keys and replicas alike, by zone, owner and data class", () => {
    const tags = [
      { Key: "Company", Value: "Acme" },
      { Key: "DataClass", Value: "account-default" },
      { Key: "ManagedBy", Value: "orgkeys" },
      { Key: "Owner", Value: "platform" },
      { Key: "Zone", Value: "corporate" },
    ];
    expect(resources(keys).KeyAccountDefault.Properties.Tags).toEqual(tags);
    expect(resources(replicas).ReplicaAccountDefault.Properties.Tags).toEqual(tags);
  });

  test("replicates the multi-Region keys alone, which their replicas find in their own Region", () => {
    const { Name, SecretString, ReplicaRegions } = resources(keys).Pointer.Properties;
    expect({ Name, ReplicaRegions }).toEqual({
      Name: "orgkeys/baseline-keys",
      ReplicaRegions: [{ Region: "us-west-2" }],
    });
    expect(JSON.parse(SecretString["Fn::Sub"])).toEqual({ "account-default": "${KeyAccountDefault.Arn}" });
    expect(Object.keys(resources(replicas))).toEqual(["ReplicaAccountDefault", "AliasAccountDefault"]);
    expect(resources(replicas).ReplicaAccountDefault.Properties.PrimaryKeyArn).toBe(
      "{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:account-default}}",
    );
    expect(resources(replicas).AliasAccountDefault.Properties).toEqual({
      AliasName: "alias/default-account-default",
      TargetKeyId: { Ref: "ReplicaAccountDefault" },
    });
  });

  test("has no pointer where no rollout makes replicas", () => {
    expect(Object.values(resources(alone)).map(({ Type }) => Type)).not.toContain("AWS::SecretsManager::Secret");
  });

  test("gives each account a policy of its own, that of whoever is in it", () => {
    for (const account of ["210000000001", "310000000001"]) {
      for (const { Properties } of [resources(keys).KeyAccountDefault, resources(replicas).ReplicaAccountDefault]) {
        const policy = inAccount(Properties.KeyPolicy, account);
        const decrypts = (principal: string): boolean => {
          const key = `arn:aws:kms:us-east-1:${account}:key/mrk-1`;
          return isAllowed(policy, { principal, action: "kms:Decrypt", key }, [everything]);
        };
        expect(decrypts(`arn:aws:iam::${account}:role/app`)).toBe(true);
        expect(decrypts(`arn:aws:iam::${account}:role/OrgKeysDeploy`)).toBe(false);
        expect(decrypts("arn:aws:iam::999999999999:role/app")).toBe(false);
        expect(JSON.stringify(policy)).not.toContain("000000000000");
      }
    }
  });

  test("keeps an administrator by permission set from use in each account, whatever its role is called there", () => {
    const path = "role/aws-reserved/sso.amazonaws.com";
    const administrators = [`${path}/eu-west-1/AWSReservedSSO_KeyAdmin_0123456789abcdef`];
    const { document } = renderBuiltIn("baseline-keys", baselineKeysData(single, { ...health, administrators }, map));
    const policy = inAccount(document.Resources.KeyAccountDefault.Properties.KeyPolicy, "310000000001");
    const decrypts = (name: string): boolean => {
      const principal = `arn:aws:iam::310000000001:${path}/${name}`;
      const key = "arn:aws:kms:us-east-1:310000000001:key/mrk-1";
      return isAllowed(policy, { principal, action: "kms:Decrypt", key }, [everything]);
    };
    expect(decrypts("eu-west-1/AWSReservedSSO_KeyAdmin_fedcba9876543210")).toBe(false);
    expect(decrypts("AWSReservedSSO_KeyAdmin_fedcba9876543210")).toBe(false);
    expect(decrypts("eu-west-1/AWSReservedSSO_KeyAdmin_Reader_fedcba9876543210")).toBe(true);
  });

  test("is the same whatever the order of the map", () => {
    const again = baselineKeysData(replicated, corporate, { ...map, zones: [...map.zones].reverse() });
    expect(renderBuiltIn("baseline-keys", again).text).toBe(keys.text);
  });
});

function baselineClass({ dataClasses }: OrganizationMap) {
  const found = dataClasses.find((each) => each.key === "baseline");
  if (found?.key !== "baseline") throw new Error("there is no baseline class");
  return found;
}

describe("a workload with such a key", () => {
  const workload = (environment: string, dataClass = "account-default"): string =>
    `notes:\n  owner: notes\n  dataClass: ${dataClass}\n  environments:\n    test: {account: shop-test, ${environment}use: [{principal: role/notes, operations: [encrypt, decrypt]}]}\n`;
  const problems = (
    own: Partial<ReturnType<typeof baselineRollout>> | undefined,
    environment = "",
    dataClass?: string,
  ) => {
    const found = mapWithBaselineClasses(workload(environment, dataClass));
    const rollouts = own === undefined ? [] : [baselineRollout(found, "corporate", own)];
    return unreachedWorkloads({ ...found, rollouts }).map(
      ({ source, message, fix }) => `${source}: ${message}; ${fix}`,
    );
  };
  const ous = (...paths: string[]) => [
    { name: undefined, ous: corporate.organization.organizationalUnits.filter(({ path }) => paths.includes(path)) },
  ];
  const shopTest = map.accounts.filter(({ name }) => name === "shop-test");
  const place = "workloads/shop.yaml notes.environments.test";

  test("is reached by a rollout to its zone, its OU or one above", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ waves: ous("Workloads/Test") })).toEqual([]);
    expect(problems({ waves: [...ous("Security"), ...ous("Workloads")] })).toEqual([]);
  });

  test("is refused where no rollout brings the key", () => {
    expect(problems(undefined)).toEqual([
      `${place}: needs the key of data class account-default in account shop-test, and zone corporate has no rollout of baseline-keys that brings it; add baseline-keys to zone corporate in rollouts.yaml, or use another data class`,
    ]);
    const left = `${place}: needs the key of data class account-default in account shop-test, which rollout corporate.baseline-keys leaves out; add its OU to the rollout, or take the account out of excludeAccounts`;
    expect(problems({ waves: ous("Workloads/Prod", "Security") })).toEqual([left]);
    expect(problems({ excluded: shopTest })).toEqual([left]);
  });

  test("is refused in a Region where the key has neither primary nor replica", () => {
    const region = "region: us-west-2, ";
    expect(problems({}, region)).toEqual([
      `${place}: needs the key of data class account-default in us-west-2, and rollout corporate.baseline-keys brings it to us-east-1; set the environment's region, or add the Region to the rollout's replicas`,
    ]);
    expect(problems({ replicas: ["us-west-2"] }, region)).toEqual([]);
    expect(problems({ replicas: ["us-west-2"] }, region, "archive-1")).toEqual([
      expect.stringContaining("brings it to us-east-1;"),
    ]);
  });
});
