import { describe, expect, test } from "@jest/globals";
import { stackSetLimits } from "../../modules/aws/stack-set-limits";
import type { OrganizationalUnit } from "../../modules/organization/organization-map";
import { plan, refused, rolloutMap, rolloutOf } from "./rollout-map";

const map = rolloutMap();
const source = "rollouts.yaml pci.templates.vault";
describe("CloudFormation takes no", () => {
  test("name that is too long or has other characters", () => {
    const name = "v".repeat(120);
    expect(refused(map, [rolloutOf(map, "pci", name, { source })])).toEqual([
      `${source}  StackSet orgkeys-pci-${name} has a name of 132 characters, and CloudFormation takes at most 128; rename the zone, the template or the wave`,
    ]);
    expect(refused(map, [rolloutOf(map, "pci", "my_vault", { source })])).toEqual([
      `${source}  StackSet orgkeys-pci-my_vault has a name with other characters than letters, digits and hyphens, and CloudFormation takes no others; rename the zone, the template or the wave`,
    ]);
  });

  test("more than so many tags, or one that is too long", () => {
    const tags = Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`T${index}`, "x"]));
    const zones = (its: Record<string, string>) => map.zones.map((zone) => ({ ...zone, tags: its }));
    expect(refused({ ...map, zones: zones(tags) }, [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  StackSet orgkeys-pci-vault has 51 tags, and CloudFormation takes at most 50; drop some of the organization's or the zone's extra tags`,
    ]);
    expect(refused({ ...map, zones: zones({ Long: "x".repeat(257) }) }, [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  StackSet orgkeys-pci-vault has tag Long of 4 and 257 characters, and CloudFormation takes at most 128 and 256; shorten it`,
    ]);
  });

  test("call with more OUs than so many: an OU must not wander from StackSet to StackSet", () => {
    const ous = (count: number): OrganizationalUnit[] =>
      Array.from({ length: count }, (_, index) => ({
        path: `Unit${index}`,
        id: `ou-ab12-${90_000_000 + index}`,
        idPath: `o-a1b2c3d4e5/r-ab12/ou-ab12-${90_000_000 + index}/`,
      }));
    const withOus = (count: number) => ({
      ...map,
      zones: map.zones.map((zone) => ({ ...zone, extent: { ...zone.extent, wholeOus: ous(count) } })),
    });
    const { ousPerCall } = stackSetLimits;
    expect(plan(withOus(ousPerCall), [rolloutOf(map, "pci", "vault")]).stackSets).toHaveLength(1);
    expect(refused(withOus(ousPerCall + 1), [rolloutOf(map, "pci", "vault")])).toEqual([
      `${source}  rollout pci.vault goes to 51 OUs, and CloudFormation takes at most 50; name an OU above them that is the zone's with everything below, or spread them over waves`,
    ]);
  });
});
