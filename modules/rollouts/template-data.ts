import type { OrganizationMap, Zone } from "../organization/organization-map";
import { type BuiltInTemplate, builtInTemplates, type Rollout } from "../organization/rollout";
import { accessRolesData } from "./access-roles";
import { accessRolesProblems } from "./access-roles-problems";
import { baselineKeysData, baselineReplicasData } from "./baseline-keys";
import { keyEventsBusData, keyEventsData } from "./key-events";
import { ownTemplateData } from "./own-template";

/**
 * A part of a rollout with a template of its own: the bus that the rules of `key-events` send to, the replicas of
 * `baseline-keys`. What every account gets is the main part.
 */
export type RolloutPart = "bus" | "main" | "replicas";

export interface PartTemplate {
  readonly part: RolloutPart;
  /** The file's name without `.yaml.hbs`; undefined for one of the map's own. */
  readonly file: string | undefined;
  readonly data: (rollout: Rollout, zone: Zone, map: OrganizationMap) => object;
  /** Why it cannot be, before it is rendered or once it is. @default nothing is against it */
  readonly refuse?: typeof accessRolesProblems;
}

/** Which template each rollout is made from and what fills it, in the order in which its parts have to be there. */
const templateData: Readonly<Record<BuiltInTemplate, readonly PartTemplate[]>> = {
  "access-roles": [{ part: "main", file: "access-roles", data: accessRolesData, refuse: accessRolesProblems }],
  "baseline-keys": [
    { part: "main", file: "baseline-keys", data: baselineKeysData },
    { part: "replicas", file: "baseline-replicas", data: baselineReplicasData },
  ],
  "key-events": [
    { part: "bus", file: "key-events-bus", data: keyEventsBusData },
    { part: "main", file: "key-events", data: keyEventsData },
  ],
};

export function partTemplates({ template, replicas }: Rollout): readonly PartTemplate[] {
  const builtIn = builtInTemplates.find((name) => name === template);
  if (builtIn === undefined) return [{ part: "main", file: undefined, data: ownTemplateData }];
  return templateData[builtIn].filter(({ part }) => part !== "replicas" || replicas.length > 0);
}
