import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import type { DriftContext } from "../../modules/drift/drift-context";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";

const accountId = "310000000001";

const zone: ZoneBoundary = {
  name: "health",
  organization: "acme",
  organizationId: "o-a1b2c3d4e5",
  partition: "aws",
  managementAccountId: "300000000000",
  rolloutAdministratorId: undefined,
  accounts: new Map([[accountId, "clinic"]]),
  inactiveAccounts: new Set(),
  wholeOus: [],
  ownOus: [],
  regions: ["us-east-1", "us-west-2", "eu-west-1"],
  keyStores: [],
  administrators: ["role/KeyAdministrator"],
  breakGlass: "role/KeyBreakGlass",
  deployRole: "role/OrgKeysDeploy",
  auditRole: "role/OrgKeysAudit",
  externalId: undefined,
  pipelines: undefined,
  state: { kind: "local" },
  guardrails: {
    resourceControl: { principals: true, services: true },
    serviceControl: { ownKeys: true, destruction: true, policies: true, regions: true },
  },
  stackSets: false,
  rolesByHand: undefined,
  floor: { rotationDays: undefined, deletionWindowDays: undefined },
};

export const keyContext: DriftContext = {
  account: "clinic",
  accountId,
  partition: "aws",
  zone,
  zones: new ZoneBoundaries([zone]),
  today: "2027-01-31",
  now: "2027-01-31T12:00:00.000Z",
  arnBehind: () => undefined,
};

export const stackName = "acme.health.clinic";

/** A key as a stack asks for it, with tags, description and alias of its own. */
export function aKey(name: string, region = "us-east-1", other: Partial<ReviewedKey> = {}): ReviewedKey {
  const address = `aws_kms_key.${name}_${region}`;
  return {
    by: "terraform",
    stack: stackName,
    address,
    kind: "key",
    primary: undefined,
    region,
    multiRegion: true,
    policy: { document: stackName, path: "", statements: [], understood: true },
    aliases: [{ name: `alias/${name}`, address: `aws_kms_alias.${name}_${region}` }],
    grants: [],
    tags: {
      DataClass: "restricted",
      Environment: "prod",
      ManagedBy: "orgkeys",
      Owner: "clinic-platform",
      Workload: name,
      Zone: "health",
    },
    description: `${name} prod: restricted data of zone health`,
    enabled: true,
    rotation: { enabled: true, periodDays: 180 },
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    imported: false,
    keyStore: undefined,
    step: "in-use",
    deletionWindowDays: 30,
    importId: undefined,
    dataClass: "restricted",
    sources: [`workloads/${name}.yaml ${name}.environments.prod`],
    ...other,
  };
}

export function aReplica(of: ReviewedKey, region: string, other: Partial<ReviewedKey> = {}): ReviewedKey {
  const name = of.address.slice(of.address.indexOf(".") + 1, of.address.lastIndexOf("_"));
  return {
    ...of,
    address: `aws_kms_replica_key.${name}_${region}`,
    kind: "replica",
    primary: of.address,
    region,
    aliases: of.aliases.map((alias) => ({ name: alias.name, address: `aws_kms_alias.${name}_${region}` })),
    rotation: undefined,
    spec: undefined,
    usage: undefined,
    ...other,
  };
}
