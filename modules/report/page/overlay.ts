import type { PageData } from "../page-data";

/** A change of a review, or a finding of drift, as far as the page shows it. */
export interface Laid {
  readonly id: string;
  readonly risk: string;
  readonly what: string;
  readonly whatToDo: string;
  readonly resource: string;
  readonly account: string;
  readonly zone: string;
  readonly regions: readonly string[];
  readonly accountId: string;
  readonly stack: string;
  readonly address: string;
  /** Index of the page's key; undefined where it is about something else. */
  readonly key: number | undefined;
  readonly access: readonly string[];
}

export interface LaidReport {
  readonly changes: readonly Laid[];
  /** The document itself, for what is said of it as a whole. */
  readonly document: Fields;
}

export interface Overlay {
  readonly review: LaidReport | undefined;
  readonly drift: LaidReport | undefined;
  /** Worst risk of what is laid over a key, by its index. */
  readonly ofKey: ReadonlyMap<number, readonly Laid[]>;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Documents of another version may lack what is looked for here: what is not there is left empty. */
export function readOverlay(data: PageData): Overlay {
  const keyAt = new Map<string, number>();
  data.keys.forEach((key, index) => {
    keyAt.set(`${key.stack} ${key.address}`, index);
    keyAt.set(`${data.accounts[key.account]?.id} ${key.address}`, index);
  });
  const find = (place: Fields): number | undefined =>
    keyAt.get(`${text(place.stack)} ${text(place.address)}`) ??
    keyAt.get(`${text(place.accountId)} ${text(place.address)}`);
  const review = laid(data.review, "changes", "risk", find);
  const drift = laid(data.drift, "findings", "severity", find);
  const ofKey = new Map<number, Laid[]>();
  for (const change of [...(review?.changes ?? []), ...(drift?.changes ?? [])]) {
    if (change.key === undefined) continue;
    ofKey.set(change.key, [...(ofKey.get(change.key) ?? []), change]);
  }
  return { review, drift, ofKey };
}

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function laid(
  value: unknown,
  items: string,
  risk: string,
  find: (place: Fields) => number | undefined,
): LaidReport | undefined {
  if (value === null || value === undefined) return undefined;
  const document = fields(value);
  const changes = list(document[items]).map((item): Laid => {
    const change = fields(item);
    const place = fields(change.place);
    const regions = list(place.regions).map(text);
    return {
      id: text(change.id),
      risk: text(change[risk]),
      what: text(change.what) || text(change.why),
      whatToDo: text(change.whatToDo),
      resource: text(place.resource) || text(change.where),
      account: text(place.account),
      zone: text(place.zone),
      regions: regions.length > 0 ? regions : [text(place.region)].filter(Boolean),
      accountId: text(place.accountId),
      stack: text(place.stack),
      address: text(place.address),
      key: find(place),
      access: list(change.access)
        .map((row) => accessLine(fields(row)))
        .filter(Boolean),
    };
  });
  return { changes, document };
}

/** `role/payments-batch in payments-prod gains Decrypt, through grant payments-batch` */
function accessLine(row: Fields): string {
  const whom = text(row.whom) || text(row.who);
  const actions = list(row.actions).map((action) => text(action).replace(/^kms:/, ""));
  const through = text(row.through);
  const conditions = list(row.conditions).map(text).filter(Boolean);
  const until = text(row.until);
  const what = `${whom} ${text(row.effect) || "gains"} ${actions.join(", ")}`;
  return [what, through && `through ${through}`, ...conditions, until && `until ${until}`].filter(Boolean).join(", ");
}
