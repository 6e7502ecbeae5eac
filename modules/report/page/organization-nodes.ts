import { at, type Model } from "./model";
import { compareText } from "./words";

/** A part of the organization, with what is below it summed up. */
export interface OrganizationNode {
  /** As the address names it: an account's id, an OU's path after its organization, an organization's name. */
  readonly id: string;
  readonly kind: "organization" | "ou" | "account" | "more";
  readonly label: string;
  readonly parent: OrganizationNode | undefined;
  readonly children: OrganizationNode[];
  readonly account: number | undefined;
  readonly accounts: number[];
  keys: number;
  /** How many accounts below are in which zone. */
  readonly mix: Map<number | null, number>;
}

/** The trees of all organizations, and every part of them by its id. */
export function organizationNodes(model: Model): {
  roots: readonly OrganizationNode[];
  byId: ReadonlyMap<string, OrganizationNode>;
} {
  const { data } = model;
  const byId = new Map<string, OrganizationNode>();
  const node = (
    id: string,
    kind: OrganizationNode["kind"],
    label: string,
    parent?: OrganizationNode,
    account?: number,
  ): OrganizationNode => {
    const made: OrganizationNode = {
      id,
      kind,
      label,
      parent,
      account,
      children: [],
      accounts: [],
      keys: 0,
      mix: new Map(),
    };
    byId.set(id, made);
    parent?.children.push(made);
    return made;
  };
  const roots = data.organizations.map(({ name }) => node(name, "organization", name));
  const ouAt = (organization: number, path: string): OrganizationNode => {
    const root = at(roots, organization);
    if (path === "") return root;
    const cut = path.lastIndexOf("/");
    const id = `${root.id}/${path}`;
    return byId.get(id) ?? node(id, "ou", path.slice(cut + 1), ouAt(organization, cut < 0 ? "" : path.slice(0, cut)));
  };
  for (const { organization, path } of data.ous) ouAt(organization, path);
  data.accounts.forEach((account, index) => {
    const { organization, path } = at(data.ous, account.ou);
    const leaf = node(account.id, "account", account.name, ouAt(organization, path), index);
    const keys = at(model.keysOfAccount, index).length;
    for (let above: OrganizationNode | undefined = leaf; above; above = above.parent) {
      above.accounts.push(index);
      above.keys += keys;
      above.mix.set(account.zone, (above.mix.get(account.zone) ?? 0) + 1);
    }
  });
  // Neighbours of one zone stand together, so that the zone is one area.
  for (const each of byId.values())
    each.children.sort(
      (a, b) =>
        zoneRank(a) - zoneRank(b) ||
        (a.kind === b.kind ? 0 : a.kind === "account" ? -1 : 1) ||
        compareText(a.label, b.label),
    );
  return { roots, byId };
}

/** The zone of everything below, null for none; undefined where there are several. */
export function onlyZone({ mix }: OrganizationNode): number | null | undefined {
  return mix.size === 1 ? [...mix.keys()][0] : undefined;
}

function zoneRank(node: OrganizationNode): number {
  return onlyZone(node) ?? Number.MAX_SAFE_INTEGER;
}
