import type { AccessIndex, KeyEntry } from "../../access/access-index";
import type { ConsumerStatement } from "../../access/consumer-index";
import { worksAcrossAccounts } from "../../access/cross-account-actions";
import { actionsAmong, managingActions, usingActions } from "../../access/key-actions";
import type { Condition } from "../../access/policy-statement";
import { regionNeutral } from "../../access/region-neutral";
import type { StackAccess } from "../../access/stack-access";
import { metadataOfKey } from "../../access/stack-metadata";
import { statementDetail } from "../../access/statement-detail";
import { type Who, whoByName, whoName } from "../../access/who";
import { type Access, actionsOf, whoCan } from "../../access/who-can";
import { accountRootArn, parseIamPrincipalArn } from "../../aws/arn";
import { uniqueNames } from "../../aws/name-order";
import type { PageAccess, PageActions, PageData, PagePrincipal } from "../page-data";
import { Interned } from "./interned";
import type { PagePlaces } from "./page-places";

/** A row of one Region, as text: equal rows of two Regions are one of both. */
type Row = readonly [principal: number, actions: number, through: number, conditions: number, half: 0 | 1];

/**
 * Who can do what with which key, from the stacks one after the other: what is kept of each are the rows of its keys.
 */
export class AccessReading {
  readonly #places: PagePlaces;
  readonly #principals = new Interned<PagePrincipal>();
  readonly #actionSets = new Interned<PageActions>();
  readonly #through = new Interned<string>();
  readonly #conditions = new Interned<string>();
  readonly #rows = new Interned<Row>();
  /** Places of rows by key's id and Region. */
  readonly #ofKey = new Map<string, Map<string, Set<number>>>();

  constructor(places: PagePlaces) {
    this.#places = places;
    this.#condition([]);
  }

  /**
   * The key policies of a stack, and the grants beside them.
   *
   * @returns the keys of which there may be more to tell, because their policy cannot be read as a whole
   */
  addStack({ index, of }: StackAccess): KeyEntry[] {
    return index.keys.flatMap((entry) => {
      const { access, complete } = of(entry);
      for (const row of access) {
        // Grants of other stacks are told when all stacks are read, and those of this one with them.
        if (row.through.kind !== "key-policy" && !entry.key.grants.includes(row.through.grant)) continue;
        this.#add(entry, row.who, row.actions, this.#throughOf(row), conditionsOf(row), 0, grantsToOthers(row));
      }
      return complete ? [] : [entry];
    });
  }

  /** What the stacks say about keys of others: grants on them, and consumer policies. */
  addAcross(index: AccessIndex): void {
    for (const entry of index.keys) {
      // Of the outline of a key nobody knows its policy: a Deny of it may take the access away.
      for (const row of whoCan(index, entry).access) {
        const conditions = [...conditionsOf(row), "unless the key policy denies it"];
        this.#add(entry, row.who, row.actions, this.#throughOf(row), conditions, 0);
      }
      for (const consumer of index.consumerStatementsOf(entry)) this.#addConsumer(entry, consumer);
    }
  }

  /**
   * @param keyAt a key's place on the page by its id
   */
  page(
    keyAt: ReadonlyMap<string, number>,
  ): Pick<PageData, "principals" | "actionSets" | "through" | "conditions" | "regionLists" | "access"> {
    const principals = new Interned<PagePrincipal>();
    const throughTexts = new Interned<string>();
    const regionLists = new Interned<readonly string[]>();
    regionLists.placeOf("", () => []);
    const ofKey = [...this.#ofKey].flatMap(([id, regions]) => {
      const key = keyAt.get(id);
      return key === undefined ? [] : [{ key, regions }];
    });
    const access = ofKey
      .sort((a, b) => a.key - b.key)
      .flatMap(({ key, regions }) =>
        [...regionsOfRows(regions)].flatMap(([place, names]): PageAccess[] => {
          const row = this.#rows.items[place];
          const principal = this.#principals.items[row?.[0] ?? -1];
          if (row === undefined || principal === undefined) return [];
          const [by, actions, through, conditions, half] = row;
          const text = this.#through.items[through] ?? "";
          const everywhere = names.length === regions.size;
          const list = everywhere ? [] : names;
          return [
            [
              principals.placeOf(String(by), () => principal),
              key,
              actions,
              throughTexts.placeOf(text, () => text),
              conditions,
              half,
              regionLists.placeOf(list.join(" "), () => list),
            ],
          ];
        }),
      );
    return {
      principals: principals.items,
      actionSets: this.#actionSets.items,
      through: throughTexts.items,
      conditions: this.#conditions.items,
      regionLists: regionLists.items,
      access,
    };
  }

  #addConsumer(entry: KeyEntry, { stack, policy, statement, principals }: ConsumerStatement): void {
    const elsewhere = stack.accountId !== entry.accountId;
    const actions = actionsOf(statement.action).filter((action) => !elsewhere || worksAcrossAccounts(action));
    const among = policy.policy?.statements ?? [];
    const through = this.#throughPlace(`policy ${policy.name}, ${statementDetail(statement, among)}`);
    const conditions = statement.conditions
      .filter((condition) => !isMet(condition, entry))
      .map((condition) => conditionText(condition, entry));
    const holders: readonly Who[] =
      principals.length > 0
        ? principals.map(whoByName)
        : [{ kind: "unknown", name: `whoever has policy ${policy.name} of account ${stack.accountId}` }];
    for (const who of holders) this.#add(entry, who, actions, through, conditions, 1);
  }

  #add(
    entry: KeyEntry,
    who: Who,
    actions: readonly string[],
    through: number,
    conditions: readonly string[],
    half: 0 | 1,
    toOthers = false,
  ): void {
    if (actions.length === 0) return;
    const set = this.#actions(actions, toOthers);
    const row: Row = [this.#principal(who, entry), set, through, this.#condition(conditions), half];
    const { key, stack } = entry;
    const primary = stack.keys.some(({ address }) => address === key.primary) ? key.primary : undefined;
    const address = primary ?? key.address;
    const id = `${entry.accountId}/${address.slice(address.indexOf(".") + 1)}`;
    const regions = this.#ofKey.get(id) ?? new Map<string, Set<number>>();
    this.#ofKey.set(id, regions);
    const rows = regions.get(key.region) ?? new Set<number>();
    regions.set(key.region, rows);
    rows.add(this.#rows.placeOf(row.join(" "), () => row));
  }

  #principal(who: Who, { partition }: KeyEntry): number {
    return this.#principals.placeOf(`${who.kind} ${whoName(who)}`, () => {
      switch (who.kind) {
        case "principal": {
          const account = this.#places.account(who.accountId);
          const name = who.arn.replace(/^arn:[^:]*:[^:]*:[^:]*:\d*:/, "");
          const [type] = name.split("/");
          const kind = type === "role" || type === "user" ? type : "other";
          return { name, kind, account, arn: who.arn };
        }
        case "account": {
          const account = this.#places.account(who.accountId);
          const name = account === null ? `account ${who.accountId}` : "account";
          return { name, kind: "account", account, arn: accountRootArn(partition, who.accountId) };
        }
        case "service":
          return { name: who.name, kind: "service", account: null, arn: "" };
        case "everybody":
          return { name: whoName(who), kind: "everybody", account: null, arn: "" };
        case "unknown":
          return { name: who.name, kind: "other", account: null, arn: "" };
      }
    });
  }

  /** @param toOthers whether grants go to others alone: who makes them says who may use the key, and does not */
  #actions(actions: readonly string[], toOthers: boolean): number {
    const own = actions.filter((action) => !toOthers || action !== "kms:CreateGrant");
    return this.#actionSets.placeOf(`${toOthers} ${actions.join(" ")}`, () => ({
      names: uniqueNames(actions).map((action) => action.replace(/^kms:/, "")),
      uses: actionsAmong(own, usingActions).length > 0,
      manages: own.length < actions.length || actionsAmong(own, managingActions).length > 0,
    }));
  }

  #throughOf({ key, through }: Access): number {
    if (through.kind === "key-policy") {
      return this.#throughPlace(statementDetail(through.statement, key.key.policy?.statements ?? []));
    }
    const { id, name } = through.grant;
    const expires = metadataOfKey(key.stack, key.key)?.grants.get(id);
    // Both Regions of a key have the same grant, and each is named after its own.
    const known = (name === "" ? id : name).replaceAll(key.key.region, "{region}");
    const grant = `grant ${known}${expires === undefined ? "" : ` until ${expires}`}`;
    return this.#throughPlace(through.kind === "grant" ? grant : `${grant}, which it may retire`);
  }

  #throughPlace(text: string): number {
    return this.#through.placeOf(text, () => text);
  }

  #condition(conditions: readonly string[]): number {
    const text = conditions.join("; ");
    return this.#conditions.placeOf(text, () => text);
  }
}

/** Regions by row, sorted; rows in the order of their first Region. */
function regionsOfRows(regions: ReadonlyMap<string, ReadonlySet<number>>): ReadonlyMap<number, readonly string[]> {
  const rows = new Map<number, string[]>();
  for (const region of uniqueNames(regions.keys())) {
    for (const row of regions.get(region) ?? []) rows.set(row, [...(rows.get(row) ?? []), region]);
  }
  return rows;
}

/** Whether each grant that somebody may make is another principal's by a condition: to oneself it would be a way to use the key. */
function grantsToOthers({ who, conditions }: Access): boolean {
  if (who.kind !== "principal") return false;
  return conditions.some(
    ({ operator, key, values }) =>
      key.toLowerCase() === "kms:granteeprincipal" &&
      /^(String|Arn)Equals$/.test(operator) &&
      values.every((value) => value !== who.arn && ["role", "user"].includes(parseIamPrincipalArn(value)?.kind ?? "")),
  );
}

function conditionsOf({ key, conditions, through, unless }: Access): string[] {
  const among = key.key.policy?.statements ?? [];
  const exactly =
    through.kind === "grant" && through.grant.constraint?.kind === "equals" ? ["no other encryption context"] : [];
  return [
    ...conditions.map((condition) => conditionText(condition, key)),
    ...exactly,
    ...unless.map((statement) => `unless ${statementDetail(statement, among)} denies it`),
  ];
}

/** In AWS's words, of whatever account and Region the key is: `StringEquals kms:ViaService s3.{region}.amazonaws.com`. */
function conditionText({ operator, key, values }: Condition, entry: KeyEntry): string {
  const texts = values.map((value) => regionNeutral(value, entry.key.region).replaceAll(entry.accountId, "{account}"));
  return `${operator} ${key} ${texts.join(", ")}`;
}

/** The key's own alias, by which a consumer policy means it. */
function isMet({ operator, key, values }: Condition, { aliases }: KeyEntry): boolean {
  return (
    operator === "ForAnyValue:StringEquals" &&
    key.toLowerCase() === "kms:resourcealiases" &&
    values.some((value) => aliases.includes(value))
  );
}
