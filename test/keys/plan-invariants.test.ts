import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cryptographicActions, grantOperationsOf } from "../../modules/aws/key-operations";
import { canRotateAutomatically } from "../../modules/aws/key-rules";
import { kmsActions } from "../../modules/aws/kms-actions";
import type { PlannedKey } from "../../modules/keys/key-plan";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { classesOfEveryKind, generatedMap } from "./generated-map";

let planned = 0;

/** Holds for the plan of every generated map; maps that only fail for a colliding alias are passed over. */
function holdsForEveryPlan(property: (loaded: LoadedPlan) => void): void {
  planned = 0;
  fc.assert(
    fc.property(generatedMap(classesOfEveryKind), (sources) => {
      const loaded = planSources(sources, "config");
      if ("problems" in loaded) {
        const others = loaded.problems.filter(
          ({ message }) => !message.startsWith("alias ") && !message.startsWith("two grants on "),
        );
        expect(others).toEqual([]);
        return;
      }
      planned += 1;
      property(loaded);
    }),
    { numRuns: 50 },
  );
  expect(planned).toBeGreaterThan(15);
}

const cryptographic: readonly string[] = kmsActions.cryptographic;
const regionsOf = (key: PlannedKey): string[] => [key.region, ...key.replicas.map((replica) => replica.region)];

describe("in the plan of any map", () => {
  test("two workloads never share a key, unless their data class has one per environment", () => {
    holdsForEveryPlan(({ plan }) => {
      for (const key of plan.keys) if (key.scope !== "environment") expect(key.workloads).toHaveLength(1);
    });
  });

  test("a key has one data class, one zone and one owner, and its owner is in the zone", () => {
    holdsForEveryPlan(({ map, plan }) => {
      const zoneOf = new Map(map.accounts.map((account) => [account.name, account.zone]));
      const classOf = new Map(map.workloads.map((workload) => [workload.name, workload.dataClass.name]));
      for (const key of plan.keys) {
        expect(zoneOf.get(key.account)).toBe(key.zone);
        for (const workload of key.workloads) expect(classOf.get(workload)).toBe(key.dataClass);
      }
    });
  });

  test("every workload environment has a key in its Region, of its zone", () => {
    holdsForEveryPlan(({ map, plan }) => {
      for (const workload of map.workloads) {
        for (const { name, region, account } of workload.environments) {
          const own = plan.keys.filter(
            (key) => key.workloads.includes(workload.name) && key.environments.includes(name) && key.region === region,
          );
          expect(own.length).toBeGreaterThan(0);
          for (const key of own) expect(key.zone).toBe(account.zone);
        }
      }
    });
  });

  test("replicas are where a workload asks for them, and nowhere else", () => {
    holdsForEveryPlan(({ map, plan }) => {
      for (const key of plan.keys) {
        const asked = map.workloads
          .filter((workload) => key.workloads.includes(workload.name))
          .flatMap((workload) => workload.environments)
          .filter((environment) => key.sources.includes(environment.source))
          .flatMap((environment) => environment.replicas);
        expect(new Set(key.replicas.map((replica) => replica.region))).toEqual(
          new Set(asked.filter((region) => region !== key.region)),
        );
      }
    });
  });

  test("a policy and a grant allow what the key's kind does, and nothing else", () => {
    holdsForEveryPlan(({ plan }) => {
      for (const key of plan.keys) {
        const does = cryptographicActions(key.kind);
        const allowed = [key, ...key.replicas]
          .flatMap(({ policy }) => policy.Statement.filter(({ Effect }) => Effect === "Allow"))
          .flatMap(({ Action = [] }) => Action.filter((action) => cryptographic.includes(action)));
        expect(allowed.filter((action) => !does.includes(action))).toEqual([]);
        const granted = key.grants.flatMap(({ operations }) => operations);
        expect(granted.filter((operation) => !grantOperationsOf(key.kind).includes(operation))).toEqual([]);
      }
    });
  });

  test("a zone's floors hold", () => {
    holdsForEveryPlan(({ map, plan }) => {
      for (const zone of map.zones) {
        for (const key of plan.keys.filter((each) => each.zone === zone.name)) {
          if (!canRotateAutomatically(key.kind)) expect(key.rotationDays).toBeUndefined();
          else expect(key.rotationDays).toBeLessThanOrEqual(zone.floor.rotationDays ?? 2560);
          expect(key.deletionWindowDays).toBeGreaterThanOrEqual(zone.floor.deletionWindowDays ?? 7);
        }
      }
    });
  });

  test("every entry says why it exists", () => {
    holdsForEveryPlan(({ plan }) => {
      for (const key of plan.keys) {
        const entries = [key, ...key.replicas, ...key.grants];
        for (const { why } of entries) expect(why.length).toBeGreaterThan(0);
      }
      for (const { why } of plan.consumerPolicies) expect(why.length).toBeGreaterThan(0);
    });
  });

  test("aliases and addresses are unique in their account and Region", () => {
    holdsForEveryPlan(({ plan }) => {
      const aliases = plan.keys.flatMap((key) =>
        regionsOf(key).map((region) => `${key.accountId} ${region} ${key.alias}`),
      );
      expect(new Set(aliases).size).toBe(aliases.length);
      const addresses = plan.keys.flatMap((key) => [
        `${key.accountId} ${key.id} ${key.region}`,
        ...key.grants.map((grant) => `${key.accountId} ${grant.id}`),
      ]);
      expect(new Set(addresses).size).toBe(addresses.length);
    });
  });

  test("whoever uses a key of another account has a consumer policy for it, and nobody else has one", () => {
    holdsForEveryPlan(({ plan }) => {
      const expected = new Set<string>();
      for (const key of plan.keys) {
        const using = [
          ...key.policy.Statement.filter(({ Sid }) => Sid.startsWith("Use")).flatMap(
            ({ Principal }) => Principal?.AWS ?? [],
          ),
          ...key.grants.map((grant) => grant.grantee),
        ];
        for (const arn of using) {
          const account = arn.split(":")[4] ?? "";
          if (account !== key.accountId)
            expected.add(`${account} ${arn.split(":").slice(5).join(":")} ${key.account} ${key.alias}`);
        }
      }
      const actual = new Set(
        plan.consumerPolicies.flatMap((policy) =>
          policy.keys.map((key) => `${policy.accountId} ${policy.attachTo} ${key.account} ${key.alias}`),
        ),
      );
      expect(actual).toEqual(expected);
    });
  });

  test("no principal of another zone is named anywhere", () => {
    holdsForEveryPlan(({ map, plan }) => {
      const zoneOf = new Map(map.accounts.map((account) => [account.id, account.zone]));
      for (const key of plan.keys) {
        for (const id of JSON.stringify([key.policy, key.replicas, key.grants]).match(/\b\d{12}\b/g) ?? []) {
          expect(zoneOf.get(id)).toBe(key.zone);
        }
      }
      for (const policy of plan.consumerPolicies) {
        for (const id of JSON.stringify(policy.policy).match(/\b\d{12}\b/g) ?? [])
          expect(zoneOf.get(id)).toBe(policy.zone);
      }
    });
  });
});
