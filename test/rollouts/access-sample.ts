import type { Account, OrganizationMap, Zone, ZonePipelines } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import type { Principal } from "../../modules/organization/workload";
import { accessRolesData } from "../../modules/rollouts/access-roles";
import { loadPlan } from "../../stacks/load-plan";
import { plainRollout } from "./plain-rollout";
import { renderBuiltIn } from "./render-built-in";

/** The sample organization with pipelines and rollouts in every commercial zone. */
export function accessSample(change: (zone: Zone) => Zone = (zone) => zone): OrganizationMap {
  const loaded = loadPlan("config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const { map } = loaded;
  const account = (name: string): Account => {
    const found = map.accounts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no account ${name}`);
    return found;
  };
  const role = (owner: string, name: string): Principal => ({
    kind: "role",
    name: `role/${name}`,
    arn: `arn:${account(owner).organization.partition}:iam::${account(owner).id}:role/${name}`,
    account: account(owner),
    status: "active",
  });
  const pipelines: Readonly<Record<string, ZonePipelines>> = {
    corporate: {
      deploy: [role("shared-services", "KeyPipeline")],
      audit: [role("security-tooling", "KeyDriftReader")],
      sessionTags: {},
    },
    hipaa: {
      deploy: [role("hipaa-log-archive", "ci/HipaaPipeline")],
      audit: [role("hipaa-log-archive", "ci/HipaaPipeline"), role("hipaa-log-archive", "HipaaDriftReader")],
      sessionTags: {},
    },
    pci: {
      deploy: [role("pci-key-management", "PciPipeline")],
      audit: [role("pci-key-management", "PciDriftReader")],
      sessionTags: { Project: "orgkeys", Stage: "prod" },
    },
  };
  const zones = map.zones.map((zone) =>
    change({
      ...zone,
      organization: { ...zone.organization, ...(zone.name === "pci" ? { externalId: "acme-orgkeys" } : {}) },
      pipelines: pipelines[zone.name],
    }),
  );
  const rollout = (zone: string, template: string, part: Partial<Rollout> = {}): Rollout =>
    plainRollout({
      zone,
      template,
      administrator: account("security-tooling"),
      regions: ["us-east-1"],
      retain: false,
      ...part,
    });
  return {
    ...map,
    zones,
    rollouts: [
      rollout("corporate", "access-roles"),
      rollout("corporate", "baseline-keys", { replicas: ["us-west-2"] }),
      rollout("corporate", "key-events"),
      rollout("hipaa", "access-roles"),
      rollout("pci", "access-roles"),
    ],
  };
}

/** The template of a zone's access-roles rollout in such a map. */
export function renderAccessRoles(map: OrganizationMap, zoneName: string): ReturnType<typeof renderBuiltIn> {
  const zone = map.zones.find(({ name }) => name === zoneName);
  const rollout = map.rollouts.find(({ name }) => name === `${zoneName}.access-roles`);
  if (zone === undefined || rollout === undefined) throw new Error(`zone ${zoneName} has no such rollout`);
  return renderBuiltIn("access-roles", accessRolesData(rollout, zone, map));
}
