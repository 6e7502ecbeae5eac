import type { MapFile, MapPath } from "../map-file";
import type { Account, Organization } from "../organization-map";
import type { Problem } from "../problem";
import type { OrganizationFile } from "../schema/organization-schema";
import { checkOrganization } from "./check-organization";
import { linkOrganization } from "./link-organization";
import { type NamesInOrganization, namesInOrganization } from "./names-in-organization";

/** An account before its zone is known. */
export type UnzonedAccount = Omit<Account, "zone">;

/** One organization's file, by its own name. */
export interface OrganizationSource {
  readonly name: string;
  readonly file: MapFile;
  /** Undefined when the file has mistakes that leave nothing to go on with. */
  readonly value: OrganizationFile | undefined;
}

export interface LinkedOrganizations {
  /** An undefined one is known by name alone. */
  readonly organizations: Map<string, Organization | undefined>;
  /** Account names are unique over all organizations, so that a workload can name one without its organization. */
  readonly accounts: Map<string, UnzonedAccount>;
  /** Where each account stands, for later problems. */
  readonly accountPlaces: Map<string, { readonly file: MapFile; readonly path: MapPath }>;
  /** Names of more than one account: which one is meant elsewhere, nobody can say. */
  readonly ambiguous: Set<string>;
  /** What each file names, whether it could be linked or not. */
  readonly names: Map<string, NamesInOrganization>;
  readonly problems: Problem[];
}

/** Resolves the organizations' files: one flat list of accounts, each with its OU, environment and Regions. */
export function linkOrganizations(sources: readonly OrganizationSource[]): LinkedOrganizations {
  const linked: LinkedOrganizations = {
    organizations: new Map(),
    accounts: new Map(),
    accountPlaces: new Map(),
    ambiguous: new Set(),
    names: new Map(),
    problems: [],
  };
  const owners = new Map<string, string>();
  for (const { file, name, value } of sources) {
    linked.names.set(name, namesInOrganization(file.value));
    linked.organizations.set(name, undefined);
    if (value !== undefined) linkOrganization({ file, name, value }, linked, owners);
  }
  for (const { file, name, value } of sources) {
    const organization = linked.organizations.get(name);
    if (value !== undefined && organization !== undefined) {
      linked.problems.push(...checkOrganization(file, value, organization, linked));
    }
  }
  return linked;
}
