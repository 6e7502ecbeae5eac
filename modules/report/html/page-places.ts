import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { OrganizationMap } from "../../organization/organization-map";
import type { PageAccount, PageOrganization, PageOu } from "../page-data";
import { Interned } from "./interned";

/**
 * Organizations, OUs and accounts: those of the map, and those that only the output has. A stack that is left over, or of another
 * map, has keys and access like any other, and nobody would look for them if the page left them out.
 */
export class PagePlaces {
  readonly #organizations = new Interned<PageOrganization>();
  readonly #ous = new Interned<PageOu>();
  readonly #accounts: PageAccount[] = [];
  /** By account id. */
  readonly #accountOf = new Map<string, number>();
  /** Names by id: OUs of each organization. */
  readonly #ouPaths: ReadonlyMap<string, string>;
  readonly #zones: ReadonlyMap<string, number>;

  constructor({ organizations, accounts, zones }: OrganizationMap) {
    this.#zones = new Map(zones.map(({ name }, index) => [name, index]));
    this.#ouPaths = new Map([
      ...organizations.flatMap(({ organizationalUnits }) =>
        organizationalUnits.map(({ id, path }) => [id, path] as const),
      ),
      ...organizations.map(({ rootId }) => [rootId, "the root"] as const),
    ]);
    for (const { name, id, partition, organizationalUnits } of organizations) {
      const organization = this.#organization(name, { name, id, partition });
      this.#ou(organization, "");
      for (const { path } of organizationalUnits) this.#ou(organization, path);
    }
    for (const { name, id, status, organization, ouPath, environment, zone } of accounts) {
      const place = this.#organization(organization.name, organization);
      this.#add({
        name,
        id,
        organization: place,
        ou: this.#ou(place, ouPath),
        zone: this.#zones.get(zone) ?? null,
        status,
        environment: environment ?? null,
      });
    }
  }

  get organizations(): readonly PageOrganization[] {
    return this.#organizations.items;
  }

  get ous(): readonly PageOu[] {
    return this.#ous.items;
  }

  get accounts(): readonly PageAccount[] {
    return this.#accounts;
  }

  /** Null for an account that is neither in the map nor in the output. */
  account(id: string | undefined): number | null {
    return this.#accountOf.get(id ?? "") ?? null;
  }

  zone(name: string | undefined): number | null {
    return this.#zones.get(name ?? "") ?? null;
  }

  /** @returns null for an account that is in no zone of the map */
  zoneOfAccount(account: number | null): number | null {
    return account === null ? null : (this.#accounts[account]?.zone ?? null);
  }

  organization(name: string): number {
    return this.#organization(name, { name, id: "", partition: "" });
  }

  /** `Regulated/PCI` for `ou-ab12-31000000`, an account's name for its id; whatever else it is, as it is. */
  nameOfTarget(id: string): string {
    const account = this.account(id);
    return this.#ouPaths.get(id) ?? (account === null ? id : (this.#accounts[account]?.name ?? id));
  }

  /** The account of a stack, which gets a place among the others where the map does not know it. */
  accountOfStack({ name, accountId, metadata, partition }: SynthesizedStack): number {
    const id = accountId ?? "";
    const known = this.#accountOf.get(accountId ?? name);
    if (known !== undefined) return known;
    const organization = metadata.organization ?? "unknown";
    const place = this.#organization(organization, { name: organization, id: "", partition: partition ?? "" });
    return this.#add(
      {
        name: metadata.account ?? name,
        id,
        organization: place,
        ou: this.#ou(place, metadata.ou ?? ""),
        zone: null,
        status: "unknown",
        environment: null,
      },
      accountId ?? name,
    );
  }

  #organization(name: string, { id, partition }: PageOrganization): number {
    return this.#organizations.placeOf(name, () => ({ name, id, partition }));
  }

  #ou(organization: number, path: string): number {
    return this.#ous.placeOf(`${organization} ${path}`, () => ({ organization, path }));
  }

  #add(account: PageAccount, name = account.id): number {
    const place = this.#accounts.push(account) - 1;
    this.#accountOf.set(name, place);
    return place;
  }
}
