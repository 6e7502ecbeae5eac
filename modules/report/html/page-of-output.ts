import { type AccountPlace, indexStacks } from "../../access/access-index";
import { accessOfStack } from "../../access/stack-access";
import type { SynthesizedStack } from "../../access/synthesized-stack";
import { nameOrder } from "../../aws/name-order";
import type { InventoryKey, InventoryRollout } from "../../inventory/inventory";
import { inventoryOf } from "../../inventory/inventory-of";
import { rolloutsOf } from "../../inventory/rollouts-of";
import type { OrganizationMap } from "../../organization/organization-map";
import type { RolloutExplanation } from "../../rollouts/rollout-explanation";
import type { PageData, PageNotice } from "../page-data";
import { KeysBehind } from "./keys-behind";
import { AccessReading } from "./page-access";
import { pageCost } from "./page-cost";
import { type PageChecks, pageExceptions, pageFindings, type StackPlace } from "./page-findings";
import { pageKey } from "./page-keys";
import { PagePlaces } from "./page-places";
import { pageRollouts, type ReadRollout, rolloutsIn } from "./page-rollouts";
import { guardrailsOf, pageCrossings, pageZones, proofOf, type ZoneGuardrail } from "./page-zones";

/** What the map says. */
export interface PageMap {
  readonly map: OrganizationMap;
  /** Where accounts are, by id. */
  readonly accountPlaces: ReadonlyMap<string, AccountPlace>;
  readonly rollouts: readonly RolloutExplanation[];
}

export interface PageSettings {
  /** The output folder, as the user wrote it. */
  readonly output: string;
  /** The day of the report. */
  readonly today: string;
  readonly checks: PageChecks;
  /** Documents of `orgkeys review` and `orgkeys drift` to lay over it. @default null, none */
  readonly review?: unknown;
  readonly drift?: unknown;
}

/** Reads the stacks of an output one after the other: of their policies nothing is kept but who can do what. */
export class PageReading {
  readonly #map: PageMap;
  readonly #places: PagePlaces;
  readonly #access: AccessReading;
  readonly #outlines: SynthesizedStack[] = [];
  readonly #stackPlaces = new Map<string, StackPlace>();
  readonly #keys: InventoryKey[] = [];
  readonly #madeKeys: InventoryRollout[] = [];
  readonly #keysBehind = new KeysBehind();
  readonly #guardrails: ZoneGuardrail[] = [];
  readonly #rollouts: ReadRollout[] = [];
  readonly #notices: PageNotice[] = [];

  constructor(map: PageMap) {
    this.#map = map;
    this.#places = new PagePlaces(map.map);
    this.#access = new AccessReading(this.#places);
  }

  /** @param access what is worked out already: it is most of the work. @default nothing */
  add(stack: SynthesizedStack, access = accessOfStack(stack, this.#map.accountPlaces)): void {
    const account = this.#places.accountOfStack(stack);
    const ofAccount = this.#places.zoneOfAccount(account);
    const zone = stack.metadata.kind === "account" ? ofAccount : (this.#places.zone(stack.metadata.zone) ?? ofAccount);
    this.#stackPlaces.set(stack.name, { account, zone });
    this.#keys.push(...inventoryOf(stack));
    this.#keysBehind.add(stack);
    this.#madeKeys.push(...rolloutsOf(stack));
    this.#guardrails.push(...guardrailsOf(stack, this.#places));
    this.#rollouts.push(...rolloutsIn(stack));
    const [first, ...more] = stack.unreadable;
    if (first !== undefined) {
      const others = more.length === 0 ? "" : `, and ${more.length} more`;
      this.#notice(
        stack.name,
        `cannot be read as a whole: ${first.path} ${first.why}${others}`,
        "see finding readable",
      );
    }
    if (stack.accountId === undefined || stack.partition === undefined) {
      this.#notice(
        stack.name,
        "nobody knows whose account it is: who can use its keys is not told",
        "synthesize again",
      );
    }
    for (const { key } of this.#access.addStack(access)) {
      this.#notice(
        `${stack.name} ${key.address}`,
        "its key policy cannot be read: others may have access",
        "see finding readable",
      );
    }
    this.#outlines.push(outlineOf(stack));
  }

  page({ output, today, checks, review = null, drift = null }: PageSettings): PageData {
    const { map } = this.#map;
    this.#access.addAcross(indexStacks(this.#outlines, this.#map.accountPlaces));
    const inventory = [...this.#keys].sort((a, b) => nameOrder(a.id, b.id));
    const keys = inventory.map((key) => {
      const { account = null, zone = null } = this.#stackPlaces.get(key.stack) ?? {};
      return pageKey(key, account ?? 0, zone);
    });
    const exceptions = pageExceptions(checks);
    const keyAt = new Map(keys.map(({ id }, index) => [id, index]));
    const findings = pageFindings(checks, exceptions, this.#stackPlaces, (found) => {
      return keyAt.get(this.#keysBehind.of(found) ?? "") ?? null;
    });
    const zones = pageZones(map.zones, this.#guardrails, findings, this.#places);
    return {
      schema: "orgkeys/page/v1",
      output,
      today,
      proof: proofOf(findings),
      notices: [...stackNotices(checks), ...this.#notices],
      organizations: this.#places.organizations,
      ous: this.#places.ous,
      accounts: this.#places.accounts,
      zones,
      crossings: pageCrossings(findings, this.#places),
      keys,
      ...this.#access.page(keyAt),
      findings,
      exceptions,
      rollouts: pageRollouts(this.#rollouts, this.#map.rollouts, this.#places),
      cost: pageCost(inventory, this.#madeKeys),
      review,
      drift,
    };
  }

  #notice(where: string, what: string, whatToDo: string): void {
    this.#notices.push({ where, what, whatToDo });
  }
}

function stackNotices({ missingStacks, leftOverStacks }: PageChecks): PageNotice[] {
  return [
    ...missingStacks.map((where) => {
      return { where, what: "the map asks for it and the output does not have it", whatToDo: "run orgkeys synth" };
    }),
    ...leftOverStacks.map((where) => {
      return { where, what: "the output has it and the map does not ask for it", whatToDo: "run orgkeys synth" };
    }),
  ];
}

/** What grants and consumer policies need of each stack: everything but what its keys and templates say. */
function outlineOf(stack: SynthesizedStack): SynthesizedStack {
  return {
    ...stack,
    keys: stack.keys.map((key) => ({ ...key, policy: undefined, grants: [], arguments: {} })),
    guardrails: [],
    stackSets: [],
    directStacks: [],
    unreadable: [],
  };
}
