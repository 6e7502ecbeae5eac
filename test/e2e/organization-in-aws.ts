import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { organizationsRegion } from "../../modules/aws/organizations";
import type { Organization, OrganizationMap } from "../../modules/organization/organization-map";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import type { Emulator } from "./emulator";

/** Clients by the organization's name in the map, each of its management account. */
export type OrganizationClients = ReadonlyMap<string, OrganizationsClient>;

/**
 * Makes the organizations of a map in AWS Organizations, and writes AWS's ids into a copy of the map: nobody chooses those
 * of OUs and accounts. Management accounts keep theirs.
 *
 * @param config where the copy goes
 * @param accounts whether the other accounts are made, too, each in its OU
 */
export async function makeOrganizations(
  emulator: Emulator,
  source: string,
  config: string,
  { accounts }: { readonly accounts: boolean },
): Promise<OrganizationClients> {
  cpSync(source, config, { recursive: true });
  const clients = new Map<string, OrganizationsClient>();
  const { map } = planOf(config);
  for (const organization of map.organizations) {
    const client = await managementClient(emulator, organization, map);
    clients.set(organization.name, client);
    const ids = await makeOrganization(organization, client);
    if (accounts) await makeAccounts(organization, map, client, ids);
    replaceInMap(config, ids);
  }
  return clients;
}

/** @throws with every problem of the map */
export function planOf(config: string): LoadedPlan {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded;
}

/** Changes a file of the map. @throws where the text is not in it */
export function editMap(config: string, file: string, from: string, to: string): void {
  const path = join(config, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

/** @returns the new account's id */
export async function makeAccount(
  client: OrganizationsClient,
  AccountName: string,
  SourceParentId: string,
  DestinationParentId: string,
): Promise<string> {
  const email = { AccountName, Email: `${AccountName}@example.com` };
  const { CreateAccountStatus } = await client.send(new CreateAccountCommand(email));
  const AccountId = CreateAccountStatus?.AccountId ?? "";
  const move = { AccountId, SourceParentId, DestinationParentId };
  if (SourceParentId !== DestinationParentId) await client.send(new MoveAccountCommand(move));
  return AccountId;
}

async function managementClient(
  emulator: Emulator,
  { name, partition, managementAccount }: Organization,
  map: OrganizationMap,
): Promise<OrganizationsClient> {
  const accountId = map.accounts.find((account) => account.name === managementAccount)?.id;
  if (accountId === undefined) throw new Error(`organization ${name} has no management account`);
  const { organizations } = await emulator.clientsFor({
    accountId,
    region: organizationsRegion(partition),
    partition,
  });
  return organizations;
}

/**
 * Makes the organization with its OUs and enables both types of policy.
 *
 * @returns AWS's ids by the map's
 */
async function makeOrganization(organization: Organization, client: OrganizationsClient): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const { Organization: made } = await client.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const rootId = Roots[0]?.Id ?? "";
  ids.set(organization.id, made?.Id ?? "").set(organization.rootId, rootId);
  for (const PolicyType of ["RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"] as const) {
    await client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType }));
  }
  const byPath = new Map([["", rootId]]);
  for (const { path, id } of [...organization.organizationalUnits].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const parent = byPath.get(path.split("/").slice(0, -1).join("/"));
    const Name = path.split("/").at(-1);
    const { OrganizationalUnit } = await client.send(new CreateOrganizationalUnitCommand({ ParentId: parent, Name }));
    const made = OrganizationalUnit?.Id ?? "";
    byPath.set(path, made);
    ids.set(id, made);
  }
  return ids;
}

/** Adds the accounts' ids to those that are known. */
async function makeAccounts(
  organization: Organization,
  map: OrganizationMap,
  client: OrganizationsClient,
  ids: Map<string, string>,
): Promise<void> {
  const rootId = ids.get(organization.rootId) ?? "";
  const ous = new Map(organization.organizationalUnits.map(({ path, id }) => [path, ids.get(id) ?? ""]));
  for (const { name, id, ouPath, organization: own, status } of map.accounts) {
    if (own.name !== organization.name || name === organization.managementAccount) continue;
    // A pending account is one that nobody has made.
    if (status === "pending") continue;
    const AccountId = await makeAccount(client, name, rootId, ous.get(ouPath) ?? rootId);
    if (status === "suspended") await client.send(new CloseAccountCommand({ AccountId }));
    ids.set(id, AccountId);
  }
}

/** In every file of the map; the longest first, since an OU's id has the root's in it. */
function replaceInMap(config: string, ids: ReadonlyMap<string, string>): void {
  const files = readdirSync(config, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
  for (const file of files) {
    const path = join(config, file);
    if (statSync(path).isDirectory()) continue;
    let text = readFileSync(path, "utf8");
    for (const [from, to] of [...ids].sort(([a], [b]) => b.length - a.length)) text = text.replaceAll(from, to);
    writeFileSync(path, text);
  }
}
