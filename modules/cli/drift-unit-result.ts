import { NOTHING_COVERED } from "../drift/coverage";
import type { DriftContext } from "../drift/drift-context";
import type { DriftFinding } from "../drift/drift-finding";
import type { AccountDrift } from "../drift/drift-report";
import { findingOfDrift } from "../drift/finding-of-drift";
import type { CommandSettings } from "../drift/next-step";
import { uncheckedDrift } from "../drift/unread-parts";
import type { Unread } from "../live/live-account";
import type { Account } from "../organization/organization-map";
import type { DriftScope } from "./drift-scope";

/** What one account came to. */
export interface UnitResult {
  readonly account: AccountDrift;
  readonly findings: readonly DriftFinding[];
}

/** What a report says of an account of which nothing was read. */
export function unreadAccount(
  { name, id, organization, zone }: Account,
  why: Unread | undefined,
  stacks: readonly string[] = [],
): AccountDrift {
  return {
    account: name,
    accountId: id,
    organization: organization.name,
    zone,
    stacks,
    regions: [],
    status: why === undefined ? "inactive" : "unread",
    unread: why === undefined ? [] : [{ what: "the account", region: undefined, ...why }],
    coverage: NOTHING_COVERED,
  };
}

/** One that could not be read for a reason of its own. */
export function unreadUnit(
  account: Account,
  why: Unread,
  stacks: readonly string[],
  context: DriftContext,
  settings: CommandSettings,
): UnitResult {
  const unread = unreadAccount(account, why, stacks);
  const drifts = unread.unread.map((part) => uncheckedDrift(part, context, stacks[0]));
  return { account: unread, findings: drifts.map((drift) => findingOfDrift(drift, settings)) };
}

/** Several that have one reason, which is not theirs: it is said once, under the first of them. */
export function unreadTogether(
  accounts: readonly Account[],
  why: Unread,
  contextOf: (account: Account) => DriftContext,
  settings: CommandSettings,
): DriftFinding[] {
  const [first] = accounts;
  if (first === undefined) return [];
  const count = accounts.length === 1 ? "the account" : `${accounts.length} accounts of ${first.organization.name}`;
  const drift = uncheckedDrift({ what: count, region: undefined, ...why }, contextOf(first));
  const detail = accounts.length === 1 ? [] : accounts.map(({ name }) => `account ${name}`);
  const finding = findingOfDrift({ ...drift, detail }, settings);
  // The names of thousands of accounts are no place.
  return [{ ...finding, where: `${first.organization.name} ${count}` }];
}

/** A stack of which Terraform could not tell. */
export function unreadStack(
  stack: string,
  { message, whatToDo }: { readonly message: string; readonly whatToDo: string },
  { graph, loaded: { map } }: Pick<DriftScope, "graph" | "loaded">,
  settings: CommandSettings,
): DriftFinding[] {
  const node = graph.nodes.get(stack);
  const account = map.accounts.find(({ id }) => id === node?.accountId);
  if (node === undefined || account === undefined) return [];
  const { id: accountId, name, organization } = account;
  const place = {
    account: name,
    accountId,
    partition: organization.partition,
    zone: node.zone,
    region: undefined,
    stack,
    address: undefined,
    resource: `a refresh of ${stack}`,
  };
  return [findingOfDrift({ id: "unchecked", place, detail: [], why: `Terraform: ${message}`, whatToDo }, settings)];
}
