/**
 * What the report page holds, as JSON inside of it. Node writes it and the page's own script reads it, so that there are types
 * here and nothing else. Lists that repeat are told once and pointed at by index: a page of 1,000 accounts has to stay small.
 */
export interface PageData {
  readonly schema: "orgkeys/page/v1";
  /** As the user wrote the folder. */
  readonly output: string;
  /** The day of the report. */
  readonly today: string;
  readonly organizations: readonly PageOrganization[];
  readonly ous: readonly PageOu[];
  readonly accounts: readonly PageAccount[];
  readonly zones: readonly PageZone[];
  /** Between each two zones: what crosses it, and why that is accepted. None has an entry where nothing does. */
  readonly crossings: readonly PageCrossing[];
  readonly keys: readonly PageKey[];
  /** Everybody whom a statement, a grant or a consumer policy names. */
  readonly principals: readonly PagePrincipal[];
  /** Sets of actions that occur. */
  readonly actionSets: readonly PageActions[];
  /** `statement UsePaymentsApi`, `grant …` */
  readonly through: readonly string[];
  readonly access: readonly PageAccess[];
  readonly findings: readonly PageFinding[];
  readonly exceptions: readonly PageException[];
  readonly rollouts: readonly PageRollout[];
  readonly cost: PageCost;
  /** Laid over, where the user asked for it: documents as `orgkeys review` and `orgkeys drift` print them. */
  readonly review: unknown;
  readonly drift: unknown;
}

export interface PageOrganization {
  readonly name: string;
  readonly id: string;
  readonly partition: string;
}

export interface PageOu {
  readonly organization: number;
  /** `Workloads/Prod`; empty for the root. */
  readonly path: string;
}

export interface PageAccount {
  readonly name: string;
  readonly id: string;
  readonly organization: number;
  readonly ou: number;
  readonly zone: number;
  readonly status: string;
  readonly environment: string | null;
}

export interface PageZone {
  readonly name: string;
  readonly organization: number;
  readonly topology: string;
  /** Index of the account; null where the zone is decentralized. */
  readonly keyManagementAccount: number | null;
  readonly regions: readonly string[];
  readonly frameworks: readonly string[];
  readonly administrators: readonly string[];
  readonly breakGlass: string;
  readonly guardrails: readonly { readonly name: string; readonly kind: string; readonly targets: readonly string[] }[];
  /** Whether the proof holds for it, holds but for exceptions, or is breached. */
  readonly proof: "holds" | "accepted" | "breached";
}

export interface PageCrossing {
  /** Indexes of zones: whose key, and who comes from elsewhere; null for outside of every zone. */
  readonly of: number;
  readonly from: number | null;
  /** Index of the exception that accepts it; null for a breach. */
  readonly exception: number | null;
  readonly what: string;
}

export interface PageKey {
  /** Deep links name it: `310000000001/payments_prod_us-east-1`. */
  readonly id: string;
  readonly alias: string;
  readonly aliases: readonly string[];
  readonly account: number;
  readonly zone: number;
  readonly region: string;
  readonly replicas: readonly string[];
  readonly owner: string;
  readonly workload: string;
  readonly environment: string;
  readonly dataClass: string;
  readonly spec: string;
  readonly rotationDays: number | null;
  readonly deletionWindowDays: number | null;
  /** `in-use`, `disabled`, `scheduled` … */
  readonly step: string;
  readonly cost: number;
  readonly stack: string;
  readonly address: string;
  readonly sources: readonly string[];
}

export interface PagePrincipal {
  /** `role/payments-api`, `account`, `s3.amazonaws.com`, `everybody` */
  readonly name: string;
  readonly kind: "role" | "user" | "account" | "service" | "everybody" | "other";
  /** Null for who is in none of the map's accounts. */
  readonly account: number | null;
  readonly arn: string;
}

export interface PageActions {
  /** Without `kms:`. */
  readonly names: readonly string[];
  readonly uses: boolean;
  readonly manages: boolean;
}

/** Principal, key, actions, through, conditions: whether something has to hold besides; half: the key's own, or a consumer policy. */
export type PageAccess = readonly [
  principal: number,
  key: number,
  actions: number,
  through: number,
  conditional: 0 | 1,
  half: 0 | 1,
];

export interface PageFinding {
  readonly id: string;
  readonly severity: string;
  readonly where: string;
  readonly why: string;
  readonly whatToDo: string;
  /** Index of the account it is about; null for none. */
  readonly account: number | null;
  readonly zone: number | null;
}

export interface PageException {
  readonly name: string;
  readonly check: string;
  readonly subject: string;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  /** How many findings it accepts. */
  readonly accepts: number;
}

export interface PageRollout {
  /** `pci.access-roles` */
  readonly name: string;
  readonly zone: number;
  readonly template: string;
  readonly stackSets: readonly {
    readonly name: string;
    readonly wave: string;
    readonly regions: readonly string[];
    /** Indexes. */
    readonly accounts: readonly number[];
  }[];
  /** Accounts of the zone that it leaves out, with the reason. */
  readonly out: readonly (readonly [account: number, reason: string])[];
}

/** US dollars a month. */
export interface PageCost {
  readonly total: number;
  readonly requests: number;
  /** When prices were read, and where. */
  readonly pricesOf: string;
  readonly byZone: readonly PageCostRow[];
  readonly byOu: readonly PageCostRow[];
  readonly byWorkload: readonly PageCostRow[];
  readonly byOwner: readonly PageCostRow[];
}

export interface PageCostRow {
  readonly name: string;
  readonly keys: number;
  readonly replicas: number;
  readonly now: number;
  readonly later: number;
  readonly requests: number;
}
