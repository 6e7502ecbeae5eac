/**
 * What the report page shows. Node makes it and the page's own script reads it, so that there are types here and nothing else. A
 * place in a list stands for the thing itself; `packPage` makes what is written into the page still smaller.
 */
export interface PageData {
  readonly schema: "orgkeys/page/v1";
  /** As the user wrote the folder. */
  readonly output: string;
  /** The day of the report. */
  readonly today: string;
  /** Whether the zone proof holds for the whole output. */
  readonly proof: PageProof;
  /** What this page cannot tell, and why. */
  readonly notices: readonly PageNotice[];
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
  /** `statement UsePaymentsApi`, `grant payments-{region} until 2027-01-31`, `policy NAME, statement …` */
  readonly through: readonly string[];
  /**
   * `StringEquals kms:ViaService s3.{region}.amazonaws.com; …`, with placeholders for the key's own account and Region. The first is
   * empty, of who needs nothing besides.
   */
  readonly conditions: readonly string[];
  /** Lists of Regions; the first is empty and means every Region of the key. */
  readonly regionLists: readonly (readonly string[])[];
  readonly access: readonly PageAccess[];
  readonly findings: readonly PageFinding[];
  readonly exceptions: readonly PageException[];
  readonly rollouts: readonly PageRollout[];
  readonly cost: PageCost;
  /** Laid over, where the user asked for it: documents as `orgkeys review` and `orgkeys drift` print them. */
  readonly review: unknown;
  readonly drift: unknown;
}

/** accepted: holds but for what exceptions accept. */
export type PageProof = "holds" | "accepted" | "breached";

/** Whoever reads the page has to know that something is not on it. */
export interface PageNotice {
  /** A stack, an account, a file. */
  readonly where: string;
  readonly what: string;
  readonly whatToDo: string;
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
  /** Null for an account that the map does not know. */
  readonly zone: number | null;
  /** `active`, `pending`, `suspended`, or `unknown` for an account that the map does not know. */
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
  readonly proof: PageProof;
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
  /** That of its account. */
  readonly zone: number | null;
  readonly region: string;
  readonly replicas: readonly string[];
  readonly owner: string;
  readonly workload: string;
  readonly environment: string;
  readonly dataClass: string;
  readonly spec: string;
  readonly rotationDays: number | null;
  readonly deletionWindowDays: number | null;
  /** As the map records it: `in-use`, `disabled`, `scheduled` …; `unknown` where it is no step. */
  readonly step: string;
  /** Of its replicas that are not in use. */
  readonly replicaSteps: readonly (readonly [region: string, step: string])[];
  readonly enabled: boolean;
  readonly grants: number;
  readonly policyBytes: number;
  /** US dollars a month, replicas included. */
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

/**
 * Indexes of principal, key, actions, through, and conditions (0: nothing has to hold besides). half: 0 the key's own policy or a
 * grant, 1 a consumer policy, the half that principals of other accounts need too. regions: of `regionLists`.
 */
export type PageAccess = readonly [
  principal: number,
  key: number,
  actions: number,
  through: number,
  conditions: number,
  half: 0 | 1,
  regions: number,
];

/** What nobody has accepted, then what somebody has; each most severe first. */
export interface PageFinding {
  /** Of its check. */
  readonly id: string;
  readonly severity: string;
  readonly where: string;
  readonly why: string;
  readonly whatToDo: string;
  /** Index of the account it is about; null for none. */
  readonly account: number | null;
  readonly zone: number | null;
  /** Index of the key that it is about, or whose replica, alias or grant; null for none. */
  readonly key: number | null;
  /** Index of the exception that accepts it; null for one that is open. */
  readonly exception: number | null;
  /** Whether it is part of the zone proof. */
  readonly isProof: boolean;
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
  /** Null for a zone that the map does not know. */
  readonly zone: number | null;
  readonly template: string;
  readonly stackSets: readonly {
    readonly name: string;
    /** A stack of Terraform's own, where StackSets do not go. */
    readonly direct: boolean;
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
  readonly total: PageCostRow;
  /** Where prices are from, and when they were read. */
  readonly pricesOf: string;
  readonly byZone: readonly PageCostRow[];
  readonly byOu: readonly PageCostRow[];
  readonly byWorkload: readonly PageCostRow[];
  readonly byOwner: readonly PageCostRow[];
}

export interface PageCostRow {
  /** `no owner` where the stack does not say; a rollout's name for the keys that a rollout brings. */
  readonly name: string;
  readonly isRollout: boolean;
  readonly keys: number;
  readonly replicas: number;
  /** Before the first rotation, and after the second, which is the last that costs. */
  readonly now: number;
  readonly later: number;
  readonly requests: number;
  /** Keys and requests a month whose price nobody knows here. */
  readonly unpriced: number;
  readonly unpricedRequests: number;
}
