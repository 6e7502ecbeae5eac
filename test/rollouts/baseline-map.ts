import type { OrganizationMap, Zone } from "../../modules/organization/organization-map";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { edit, smallSources } from "../stacks/small-organization";
import { plainRollout } from "./plain-rollout";

const classes = `account-default: {key: customer-managed, per: account, deliver: rollout}
archive-1: {key: customer-managed, per: account, deliver: rollout, alias: "{zone}/{dataClass}", deletionWindowDays: 7, multiRegion: false}
`;

/** The small organization with two data classes whose keys each account has by itself, and no rollout. */
export function mapWithBaselineClasses(workloads = ""): OrganizationMap {
  const sources = edit(smallSources(), "data-classes.yaml", "internal:", `${classes}internal:`);
  const edited = workloads === "" ? sources : edit(sources, "workloads/shop.yaml", "shop:", `${workloads}shop:`);
  const read = readOrganizationMap(edited, "config");
  if ("problems" in read) throw new Error(JSON.stringify(read.problems, null, 2));
  return read.map;
}

/** A rollout of baseline-keys to all of a zone, but for what is said otherwise. */
export function baselineRollout(map: OrganizationMap, zone: string, own: Partial<Rollout> = {}): Rollout {
  const administrator = map.accounts.find(({ name }) => name === "management");
  if (administrator === undefined) throw new Error("there is no management account");
  return plainRollout({ zone, template: "baseline-keys", administrator, regions: ["us-east-1"], ...own });
}

export function zoneOf(map: OrganizationMap, name: string): Zone {
  const zone = map.zones.find((each) => each.name === name);
  if (zone === undefined) throw new Error(`there is no zone ${name}`);
  return zone;
}
