import { expect, test } from "@jest/globals";
import type { Account, OrganizationalUnit, OrganizationMap, Zone } from "../../modules/organization/organization-map";
import { plan, rolloutMap, rolloutOf } from "./rollout-map";

/**
 * A zone with so many accounts in 100 OUs, half of them below OUs of their own.
 *
 * @param onRead is told whenever somebody looks which zone, or which OU, an account is in
 */
function largeMap(accounts: number, onRead: () => void): OrganizationMap {
  const map = rolloutMap();
  const [pci] = map.zones.filter(({ name }) => name === "pci");
  const [some] = map.accounts;
  if (pci === undefined || some === undefined) throw new Error("the map has neither");
  const units = Array.from({ length: 100 }, (_, index): OrganizationalUnit => {
    const ids = [index % 10, index].map((id, level) => `ou-ab12-${level + 1}${String(id).padStart(7, "0")}`);
    return {
      path: `Unit${index % 10}/Below${index}`,
      id: ids[1] ?? "",
      idPath: `o-a1b2c3d4e5/r-ab12/${ids.join("/")}/`,
    };
  });
  const all = Array.from(
    { length: accounts },
    (_, index): Account => ({
      ...some,
      name: `account-${String(index).padStart(5, "0")}`,
      id: String(100_000_000_000 + index),
      get ouPath() {
        onRead();
        return units[index % 100]?.path ?? "";
      },
      get zone() {
        onRead();
        return "pci";
      },
    }),
  );
  const zone: Zone = {
    ...pci,
    organization: { ...pci.organization, organizationalUnits: units },
    extent: { wholeOus: units.slice(0, 50), ownOus: units.slice(50), accounts: [] },
    accounts: all.map(({ name }) => name),
  };
  return { ...map, zones: [zone], accounts: all };
}

/** How often planning four rollouts looks at accounts. */
function readsOf(accounts: number): number {
  let reads = 0;
  const map = largeMap(accounts, () => {
    reads += 1;
  });
  const [administrator, busAccount, ...others] = map.accounts;
  if (administrator === undefined || busAccount === undefined) throw new Error("the map has no accounts");
  const rollouts = ["access-roles", "baseline-keys", "key-events", "vault"].map((name) =>
    rolloutOf(map, "pci", name, {
      administrator,
      busAccount,
      replicas: name === "baseline-keys" ? ["us-east-1"] : [],
      excluded: others.slice(0, 20),
    }),
  );
  const { stackSets } = plan(map, rollouts);
  expect(stackSets).toHaveLength(11);
  return reads;
}

test("twice as many accounts are looked at twice as often", () => {
  const [few, many] = [readsOf(1000), readsOf(2000)];
  expect(few).toBeGreaterThan(1000);
  expect(many / few).toBeLessThan(2.1);
});
