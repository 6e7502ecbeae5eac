import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OrganizationalUnit, OrganizationMap, Zone } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { explainRollout } from "../../modules/rollouts/explain-rollout";
import type { PlannedStackSet } from "../../modules/rollouts/rollout-plan";
import { planSources } from "../../stacks/load-plan";
import { plan, rolloutOf } from "./rollout-map";

interface Unit {
  readonly zone: string | undefined;
  readonly accounts: readonly GeneratedAccount[];
  readonly below: readonly Unit[];
}

interface GeneratedAccount {
  /** Set where the account is in another zone than its OU. */
  readonly zone: string | undefined;
  readonly status: "active" | "pending" | "suspended";
}

const zoneNames = ["a", "b", "c"];
const account: fc.Arbitrary<GeneratedAccount> = fc.record({
  zone: fc.option(fc.constantFrom(...zoneNames), { nil: undefined, freq: 4 }),
  status: fc.constantFrom("active", "active", "active", "pending", "suspended"),
});
/** An OU with up to so many levels of OUs below it. */
function unit(levels: number): fc.Arbitrary<Unit> {
  return fc.record({
    zone: fc.option(fc.constantFrom(...zoneNames), { nil: undefined }),
    accounts: fc.array(account, { maxLength: 2 }),
    below: levels === 0 ? fc.constant([]) : fc.array(unit(levels - 1), { maxLength: 3 }),
  });
}

interface Generated {
  readonly map: OrganizationMap;
  /** The zone that names each OU, as zones.yaml has it. */
  readonly named: ReadonlyMap<string, string>;
}

/** Zones nested in each other in any way, with single accounts anywhere, also below the root and the management account. */
const organizations: fc.Arbitrary<Generated> = fc
  .record({
    top: fc.array(unit(3), { minLength: 1, maxLength: 4 }),
    root: fc.array(account, { maxLength: 3 }),
    management: fc.nat(),
  })
  .map(({ top, root, management }) => {
    const ous: Record<string, string[]> = { a: [], b: [], c: [] };
    const single: Record<string, string[]> = { a: [], b: [], c: [] };
    const names: string[] = [];
    let ids = 0;
    const accountsOf = (accounts: readonly GeneratedAccount[], owner: string | undefined): object =>
      Object.fromEntries(
        accounts.map(({ zone, status }) => {
          ids += 1;
          const name = `account-${ids}`;
          names.push(name);
          const own = zone ?? (owner === undefined ? "c" : undefined);
          if (own !== undefined && own !== owner) single[own]?.push(name);
          return [name, { id: String(200_000_000_000 + ids), status }];
        }),
      );
    const unitsOf = (units: readonly Unit[], above: string, owner: string | undefined): object =>
      Object.fromEntries(
        units.map(({ zone, accounts, below }, index) => {
          ids += 1;
          const id = `ou-ab12-${10_000_000 + ids}`;
          const path = `${above}${above === "" ? "" : "/"}U${index}`;
          if (zone !== undefined && zone !== owner) ous[zone]?.push(path);
          const its = zone ?? owner;
          return [`U${index}`, { id, accounts: accountsOf(accounts, its), ous: unitsOf(below, path, its) }];
        }),
      );
    const organization = {
      id: "o-a1b2c3d4e5",
      rootId: "r-ab12",
      partition: "aws",
      homeRegion: "us-east-1",
      regions: ["us-east-1"],
      roles: { deploy: "Deploy", audit: "Audit" },
      ous: unitsOf(top, "", undefined),
      accounts: accountsOf(root, undefined),
    };
    const zones = zoneNames
      .filter((name) => (ous[name]?.length ?? 0) + (single[name]?.length ?? 0) > 0)
      .map((name) => [
        name,
        {
          organization: "acme",
          ous: ous[name],
          accounts: single[name],
          owner: name,
          topology: "decentralized",
          administrators: ["role/Admin"],
          breakGlass: "role/BreakGlass",
          regions: ["us-east-1"],
        },
      ]);
    const file = (path: string, content: object) => ({
      name: `config/${path}`,
      path,
      bytes: new TextEncoder().encode(JSON.stringify(content)),
    });
    const named = new Map(zoneNames.flatMap((name) => (ous[name] ?? []).map((path): [string, string] => [path, name])));
    const loaded = planSources(
      [
        file("organizations/acme.yaml", {
          ...organization,
          managementAccount: names[management % names.length] ?? "none",
        }),
        file("zones.yaml", Object.fromEntries(zones)),
        file("data-classes.yaml", { public: { key: "aws-owned" } }),
      ],
      "config",
    );
    return "problems" in loaded ? undefined : { map: loaded.map, named };
  })
  .filter((generated) => generated !== undefined);

/** What a rollout of any zone may say: all, some OUs, or waves, of which none has an OU of another. */
interface Choice extends Generated {
  readonly rollouts: readonly Rollout[];
}

const choices: fc.Arbitrary<Choice> = organizations.chain(({ map, named }) =>
  fc
    .tuple(
      ...map.zones.map((zone) => {
        const own = ousOfZone(map, zone);
        const separate = own.filter(({ path }) => !own.some((other) => path.startsWith(`${other.path}/`)));
        const accounts = map.accounts.filter((each) => each.zone === zone.name);
        return fc
          .record({
            ous: fc.option(fc.subarray(own), { nil: undefined }),
            waves: fc.option(fc.nat(3), { nil: undefined }),
            excluded: fc.subarray(accounts),
            autoDeployment: fc.boolean(),
            template: fc.constantFrom("access-roles", "vault"),
            administrator: fc.constantFrom(...map.accounts),
          })
          .map(({ ous, waves, template, ...given }) =>
            rolloutOf(map, zone.name, template, {
              ...given,
              waves:
                waves === undefined || separate.length < 2
                  ? [{ name: undefined, ous }]
                  : [
                      { name: "one", ous: separate.slice(0, 1 + (waves % separate.length)) },
                      { name: "two", ous: separate.slice(1 + (waves % separate.length)) },
                    ],
            }),
          );
      }),
    )
    .map((rollouts) => ({ map, named, rollouts })),
);

/** OUs that a zone's line of OUs leads to, with the ones that another zone took again. */
function ousOfZone({ organizations: [organization] }: OrganizationMap, { extent }: Zone): OrganizationalUnit[] {
  const paths = [...extent.wholeOus, ...extent.ownOus].map(({ path }) => path);
  return (organization?.organizationalUnits ?? []).filter(({ path }) =>
    paths.some((each) => path === each || path.startsWith(`${each}/`)),
  );
}

/**
 * The ids of the accounts that CloudFormation brings instances to, from its documentation alone: everything below the OUs
 * or the root, without or of it only the accounts that are listed, never the management account, nothing suspended.
 */
function reachedByCloudFormation(map: OrganizationMap, stackSet: PlannedStackSet): string[] {
  const { filter, accounts } = stackSet.targets;
  const [organization] = map.organizations;
  const management = map.accounts.find(({ name }) => name === organization?.managementAccount);
  return map.accounts
    .filter(({ status, ouPath }) => status === "active" && isBelowTargets(map, stackSet, ouPath))
    .map(({ id }) => id)
    .filter((id) => filter !== "INTERSECTION" || accounts.includes(id))
    .filter((id) => id !== management?.id);
}

/** All that decides about an account that joins: automatic deployment looks at no list of accounts. */
function isBelowTargets(map: OrganizationMap, { targets }: PlannedStackSet, ouPath: string): boolean {
  const [organization] = map.organizations;
  const place = organization?.organizationalUnits.find(({ path }) => path === ouPath)?.idPath ?? organization?.rootId;
  return targets.ous.some((id) => id === organization?.rootId || place?.split("/").includes(id));
}

function zoneOfStackSet(map: OrganizationMap, stackSet: PlannedStackSet): string[] {
  return map.accounts.filter(({ zone }) => zone === stackSet.rollout.zone).map(({ id }) => id);
}

const runs = { numRuns: 60, endOnFailure: true };

describe("in any map, for any rollout", () => {
  test("the accounts that CloudFormation reaches are accounts of the zone, and the ones that the plan reaches or leaves empty", () => {
    fc.assert(
      fc.property(choices, ({ map, rollouts }) => {
        for (const stackSet of plan(map, rollouts).stackSets) {
          const reached = reachedByCloudFormation(map, stackSet).sort();
          const zone = zoneOfStackSet(map, stackSet);
          expect(reached.filter((id) => !zone.includes(id))).toEqual([]);
          const said = [...stackSet.reaches, ...stackSet.leavesEmpty];
          expect(reached).toEqual(said.map(({ id }) => id).sort());
        }
      }),
      runs,
    );
  });

  test("an account that is created tomorrow in an OU that it reaches by itself is the zone's", () => {
    fc.assert(
      fc.property(choices, ({ map, named, rollouts }) => {
        const owners = new Map<string, string | undefined>();
        for (const { path } of map.organizations.flatMap((each) => each.organizationalUnits)) {
          owners.set(path, named.get(path) ?? owners.get(path.split("/").slice(0, -1).join("/")));
        }
        for (const stackSet of plan(map, rollouts).stackSets.filter((each) => each.autoDeployment)) {
          const joined = ["", ...owners.keys()].filter((ouPath) => isBelowTargets(map, stackSet, ouPath));
          expect(joined.filter((ouPath) => owners.get(ouPath) !== stackSet.rollout.zone)).toEqual([]);
        }
      }),
      runs,
    );
  });

  test("no account gets a rollout twice, and every account of the zone is in or out for a reason", () => {
    fc.assert(
      fc.property(choices, ({ map, rollouts }) => {
        const { plans, stackSets } = plan(map, rollouts);
        for (const rollout of rollouts) {
          const direct = plans.direct
            .filter(({ stacks }) => stacks.some((stack) => stack.rollout.name === rollout.name))
            .map(({ account: { id } }) => id);
          const own = stackSets.filter((stackSet) => stackSet.rollout.name === rollout.name);
          const reached = own.flatMap((stackSet) => reachedByCloudFormation(map, stackSet));
          const leftEmpty = own.flatMap((stackSet) => stackSet.leavesEmpty.map(({ id }) => id));
          const excluded = rollout.excluded.map(({ id }) => id);
          expect(new Set(reached).size).toBe(reached.length);
          // What is not excluded is left empty where it has a stack of its own.
          const filled = reached.filter((id) => !leftEmpty.includes(id));
          expect(leftEmpty.filter((id) => !excluded.includes(id) && !direct.includes(id))).toEqual([]);
          expect([...direct, ...filled].filter((id) => excluded.includes(id))).toEqual([]);
          expect(new Set([...direct, ...filled]).size).toBe(direct.length + filled.length);
          const explained = explainRollout({ ...map, rollouts }, plans, [], rollout.name);
          expect(explained?.in.map(({ accountId }) => accountId).sort()).toEqual([...direct, ...filled].sort());
          expect((explained?.in.length ?? 0) + (explained?.out.length ?? 0)).toBe(
            map.accounts.filter(({ zone }) => zone === rollout.zone).length,
          );
        }
      }),
      runs,
    );
  });
});
