import { describe, expect, test } from "@jest/globals";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import { foreignGrantsByOwner, reviewedKeys } from "../../modules/drift/reviewed/reviewed-keys";
import { type Json, type Output, outputOf } from "../checks/sample-output";
import { reviewedIn, reviewedKey, stacksOf } from "./reviewed-output";

const outputs: Readonly<Record<string, Output>> = Object.fromEntries(
  ["config", ...["features", "kinds", "living", "plan-and-apply", "small"].map((name) => `test/fixtures/${name}`)].map(
    (config) => [config, outputOf(config)],
  ),
);
const sample = outputs.config as Output;
const features = outputs["test/fixtures/features"] as Output;
const kinds = outputs["test/fixtures/kinds"] as Output;

/** Terraform's escapes undone, in the plainest way. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll("$${", () => "${"));
}

/** Each resource of some types, with its stack and address. */
function resourcesOf(output: Output, ...types: readonly string[]): { stack: string; address: string; given: Json }[] {
  return [...output.texts].flatMap(([stack, text]) => {
    const { resource = {} } = JSON.parse(text) as Json;
    return types.flatMap((type) =>
      Object.entries(resource[type] ?? {}).map(([id, given]) => ({
        stack,
        address: `${type}.${id}`,
        given: plain(given),
      })),
    );
  });
}

function allKeys(output: Output): ReviewedKey[] {
  const stacks = stacksOf(output);
  const foreign = foreignGrantsByOwner(stacks);
  return stacks.flatMap((stack) => reviewedKeys(stack, foreign.get(stack.accountId ?? "") ?? []));
}

describe.each(Object.entries(outputs))("the synthesized JSON of %s", (_, output) => {
  const keys = allKeys(output);
  const keyTypes = ["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"];

  test("gives every key and replica once, as it is written", () => {
    const written = resourcesOf(output, ...keyTypes);
    expect(written.length).toBeGreaterThan(0);
    expect(keys.map(({ stack, address }) => `${stack} ${address}`).sort()).toEqual(
      written.map(({ stack, address }) => `${stack} ${address}`).sort(),
    );
    for (const { stack, address, given } of written) {
      const isReplica = address.includes("_replica_");
      const isImported = address.includes("_external_");
      const isSymmetric = (given.customer_master_key_spec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
      const rotates = !isReplica && !isImported && isSymmetric && given.custom_key_store_id === undefined;
      const key = keys.find((each) => each.stack === stack && each.address === address);
      expect(key).toMatchObject({
        by: "terraform",
        kind: isReplica ? "replica" : "key",
        region: given.provider.replace(/^aws\./, ""),
        multiRegion: isReplica || given.multi_region === true,
        tags: given.tags,
        description: given.description,
        enabled: (given.is_enabled ?? given.enabled) !== false,
        imported: isImported,
        deletionWindowDays: given.deletion_window_in_days,
        rotation: rotates
          ? { enabled: given.enable_key_rotation, periodDays: given.rotation_period_in_days }
          : undefined,
        spec: isReplica ? undefined : (given.customer_master_key_spec ?? "SYMMETRIC_DEFAULT"),
        usage: isReplica ? undefined : (given.key_usage ?? "ENCRYPT_DECRYPT"),
      });
      expect(key?.policy?.understood).toBe(true);
      expect(key?.step).toBe(key?.enabled === true ? "in-use" : "disabled");
      expect(key?.dataClass).toBeDefined();
      expect(key?.sources).not.toEqual([]);
      expect(key?.primary).toBe(isReplica ? /\$\{([^.]+\.[^.]+)\.arn\}/.exec(given.primary_key_arn)?.[1] : undefined);
    }
  });

  test("gives every alias to its key", () => {
    const written = resourcesOf(output, "aws_kms_alias");
    expect(
      keys
        .flatMap((key) =>
          key.aliases.map(({ name, address }) => `${key.stack} ${address} ${name} ${key.address} ${key.region}`),
        )
        .sort(),
    ).toEqual(
      written
        .map(({ stack, address, given }) => {
          const target = /\$\{([^.]+\.[^.]+)\.\w+\}/.exec(given.target_key_id)?.[1];
          return `${stack} ${address} ${given.name} ${target} ${given.provider.replace(/^aws\./, "")}`;
        })
        .sort(),
    );
  });

  test("gives every grant to its key, those of using accounts as well", () => {
    const written = resourcesOf(output, "aws_kms_grant");
    const found = keys.flatMap((key) => key.grants.map((grant) => ({ key, grant })));
    expect(found.map(({ grant }) => `${grant.stack} ${grant.address}`).sort()).toEqual(
      written.map(({ stack, address }) => `${stack} ${address}`).sort(),
    );
    for (const { stack, address, given } of written) {
      const { key, grant } = found.find((each) => each.grant.stack === stack && each.grant.address === address) ?? {};
      const [constraint] = given.constraints ?? [];
      expect(grant).toMatchObject({
        name: given.name,
        grantee: given.grantee_principal,
        operations: given.operations,
        retiring: given.retiring_principal,
        constraint:
          constraint === undefined
            ? undefined
            : constraint.encryption_context_equals === undefined
              ? { kind: "subset", pairs: constraint.encryption_context_subset }
              : { kind: "equals", pairs: constraint.encryption_context_equals },
      });
      expect(key?.region).toBe(given.provider.replace(/^aws\./, ""));
      const local = /\$\{(aws_[^.]+\.[^.]+)\.\w+\}/.exec(given.key_id)?.[1];
      if (local !== undefined) expect(`${key?.stack} ${key?.address}`).toBe(`${stack} ${local}`);
      const { orgkeys } = JSON.parse(output.texts.get(stack) ?? "")["//"];
      const id = address.slice("aws_kms_grant.".length);
      const records: Json[] = [
        orgkeys.userGrants ?? {},
        ...Object.values(orgkeys.keys ?? {}).map((each: Json) => each.grants),
      ];
      expect(grant?.expires).toBe(records.find((record) => id in record)?.[id].expires);
    }
  });
});

describe("a key of a Terraform stack", () => {
  test("has the name first by which people know it", () => {
    const key = reviewedKey(features, "everything.core.core-keys", "aws_kms_key.cart_us-east-1");
    expect(key.aliases.map(({ name }) => name)).toEqual([
      "alias/orders-data",
      "alias/cart-data",
      "alias/cart/main",
      "alias/checkout",
      "alias/orders",
      "alias/orders/main",
    ]);
  });

  test("has the grants that using accounts make in its own Region, until their day", () => {
    const key = reviewedKey(features, "everything.core.core-keys", "aws_kms_replica_key.cart_us-west-2");
    expect(key.grants.filter(({ stack }) => stack !== key.stack)).toMatchObject([
      {
        stack: "everything.core.prod.app-prod",
        address: "aws_kms_grant.cart_510000000001_us-west-2_prod_orders-migration",
        name: "orgkeys-cart_510000000001_us-west-2_prod_orders-migration",
        retiring: "arn:aws:iam::511000000001:role/OrgKeysDeploy",
        expires: "2027-01-31",
      },
    ]);
  });

  test("has none that is on another account's key of the same name", () => {
    const stacks = stacksOf(features);
    const owner = stacks.find(({ name }) => name === "everything.core.core-keys");
    const foreign = [...foreignGrantsByOwner(stacks).values()].flat();
    if (owner === undefined) throw new Error("no owner");
    const elsewhere = foreign.map((grant) => ({
      ...grant,
      keyArn: grant.keyArn.replace("510000000001", "510000000009"),
    }));
    expect(
      reviewedKeys(owner, elsewhere)
        .flatMap(({ grants }) => grants)
        .filter(({ stack }) => stack !== owner.name),
    ).toEqual([]);
  });

  test("is disabled in a replica alone", () => {
    const stack = "everything.core.prod.data-prod";
    expect(reviewedKey(features, stack, "aws_kms_key.mirror_prod_us-east-1")).toMatchObject({
      enabled: true,
      step: "in-use",
    });
    expect(reviewedKey(features, stack, "aws_kms_replica_key.mirror_prod_us-west-2")).toMatchObject({
      enabled: false,
      step: "disabled",
    });
  });

  test.each([
    ["is_enabled", "aws_kms_key.mirror_prod_us-east-1"],
    ["enabled", "aws_kms_replica_key.mirror_prod_us-west-2"],
  ])("is disabled by %s as a text", (argument, address) => {
    const [type = "", id = ""] = address.split(".");
    const stack = "everything.core.prod.data-prod";
    const edited = features.edit(stack, (json) => {
      json.resource[type][id][argument] = "false";
    });
    expect(reviewedKey(edited, stack, address).enabled).toBe(false);
  });

  test("is taken over by its id", () => {
    const stacks = stacksOf(features);
    const imports = stacks.flatMap((stack) =>
      stack.imports.map(({ address, id }) => ({ stack: stack.name, address, id })),
    );
    const ofKeys = imports.filter(({ address }) => /^aws_kms_(replica_)?(external_)?key\./.test(address));
    expect(ofKeys.length).toBeGreaterThan(0);
    for (const { stack, address, id } of ofKeys) expect(reviewedKey(features, stack, address).importId).toBe(id);
  });

  test("names its custom key store by its address or its id", () => {
    const stores = allKeys(kinds).flatMap(({ keyStore }) => (keyStore === undefined ? [] : [keyStore]));
    expect(new Set(stores.map((store) => store.replace(/^cks-.*/, "cks")))).toEqual(
      new Set(["aws_kms_custom_key_store.hsm_us-east-1", "aws_kms_custom_key_store.outside_us-east-1", "cks"]),
    );
  });
});

describe("a key of a template", () => {
  const production = "aws_cloudformation_stack_set.corporate_baseline-keys_production";

  test("is in every account that the StackSet reaches, with its replica", () => {
    expect(reviewedIn(stacksOf(sample), "210000000002").filter(({ by }) => by === "cloudformation")).toMatchObject([
      {
        stack: "commercial.rollouts.corporate",
        address: `${production} Resources.KeyAccountDefault`,
        kind: "key",
        primary: undefined,
        region: "us-east-1",
        multiRegion: true,
        aliases: [{ name: "alias/default-account-default", address: `${production} Resources.AliasAccountDefault` }],
        grants: [],
        description: "Default key of the account: account-default data of zone corporate",
        enabled: true,
        rotation: { enabled: true, periodDays: 365 },
        spec: "SYMMETRIC_DEFAULT",
        usage: "ENCRYPT_DECRYPT",
        imported: false,
        step: "in-use",
        deletionWindowDays: 30,
        importId: undefined,
        dataClass: "account-default",
        sources: ["rollouts.yaml corporate.templates.baseline-keys"],
      },
      {
        address: `${production}_replicas Resources.ReplicaAccountDefault`,
        kind: "replica",
        primary: `${production} Resources.KeyAccountDefault`,
        region: "us-west-2",
        multiRegion: true,
        aliases: [
          { name: "alias/default-account-default", address: `${production}_replicas Resources.AliasAccountDefault` },
        ],
        rotation: undefined,
        spec: undefined,
        usage: undefined,
      },
    ]);
  });

  test("has the policy of its own account", () => {
    const names = (accountId: string): string[] =>
      reviewedIn(stacksOf(sample), accountId)
        .filter(({ by }) => by === "cloudformation")
        .flatMap(({ policy }) => policy?.statements ?? [])
        .flatMap(({ principal }) => principal?.names ?? [])
        .map(({ value }) => value);
    expect(new Set(names("210000000002"))).toEqual(new Set(["arn:aws:iam::210000000002:root"]));
    expect(names("210000000001")).not.toContain("arn:aws:iam::210000000002:root");
  });

  test("carries the tags of its StackSet below its own", () => {
    const [key] = reviewedIn(stacksOf(sample), "210000000002").filter(({ by }) => by === "cloudformation");
    expect(key?.tags).toEqual({
      Company: "Example Corp",
      DataClass: "account-default",
      ManagedBy: "orgkeys",
      Owner: "cloud-security",
      Rollout: "corporate.baseline-keys",
      Zone: "corporate",
    });
  });

  test("is in an account that StackSets never reach, by a stack of its own", () => {
    const keys = reviewedIn(stacksOf(sample), "100000000001").filter(({ by }) => by === "cloudformation");
    const primary = "aws_cloudformation_stack.corporate_baseline-keys_us-east-1 Resources.KeyAccountDefault";
    expect(new Set(keys.map(({ stack }) => stack))).toEqual(new Set(["commercial.rollouts.corporate.org-management"]));
    expect(keys.map((key) => [key.address, key.region, key.primary])).toEqual([
      [
        "aws_cloudformation_stack.corporate_baseline-keys_replicas_us-west-2 Resources.ReplicaAccountDefault",
        "us-west-2",
        primary,
      ],
      [primary, "us-east-1", undefined],
    ]);
  });

  test.each(Object.entries(outputs))("is there once for each account and Region that %s sends it to", (_, output) => {
    const expected = [...output.texts].flatMap(([, text]) => {
      const json: Json = JSON.parse(text);
      const { orgkeys } = json["//"];
      const keysIn = (id: string): number =>
        Object.values<Json>(json.locals?.[`${id}-template`]?.Resources ?? {}).filter(({ Type }) =>
          /^AWS::KMS::(Replica)?Key$/.test(Type),
        ).length;
      return [
        ...Object.entries<Json>(orgkeys.stackSets ?? {}).flatMap(([id, { reaches }]) => {
          const { regions } = json.resource.aws_cloudformation_stack_instances[id];
          return Object.keys(reaches).map((account) => [account, keysIn(id) * regions.length] as const);
        }),
        ...Object.keys(orgkeys.directStacks ?? {}).map((id) => [orgkeys.accountId as string, keysIn(id)] as const),
      ];
    });
    const stacks = stacksOf(output);
    for (const accountId of new Set(expected.map(([account]) => account))) {
      const count = expected.reduce((sum, [account, keys]) => sum + (account === accountId ? keys : 0), 0);
      const keys = reviewedIn(stacks, accountId).filter(({ by }) => by === "cloudformation");
      expect(keys).toHaveLength(count);
      for (const key of keys) {
        expect(key.policy?.understood).toBe(true);
        expect(key.aliases).toHaveLength(1);
        expect(key.primary !== undefined).toBe(key.kind === "replica");
      }
    }
  });
});
