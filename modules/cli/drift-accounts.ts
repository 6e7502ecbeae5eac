import type { SynthesizedStack } from "../access/synthesized-stack";
import { arnBehindIn, compareAccount } from "../drift/compare-account";
import type { DriftContext } from "../drift/drift-context";
import { findingOfDrift } from "../drift/finding-of-drift";
import type { CommandSettings } from "../drift/next-step";
import { type ReviewedAccount, reviewedAccount } from "../drift/reviewed/reviewed-account";
import type { ClientSettings } from "../live/assume-role";
import { atMost } from "../live/at-most";
import { auditSessions, NoSession } from "../live/audit-session";
import { messageOf } from "../live/aws-error";
import type { CallBudget } from "../live/call-budget";
import type { Unread } from "../live/live-account";
import type { Account } from "../organization/organization-map";
import { readStack } from "../terraform/graph/read-output";
import type { DriftScope } from "./drift-scope";
import { type UnitResult, unreadAccount, unreadTogether, unreadUnit } from "./drift-unit-result";
import type { DriftUnit } from "./drift-units";
import { auditTarget, readUnit } from "./read-unit";

export interface DriftRun extends CommandSettings {
  readonly scope: DriftScope;
  /** When the reading began, ISO 8601. */
  readonly now: string;
  readonly concurrency: number;
  readonly budget: CallBudget;
  readonly stop: AbortSignal;
  /** Is told of each account as soon as it is done. */
  readonly onDone: (result: UnitResult) => void;
}

const stopped: Unread = { unread: "the command was stopped before", whatToDo: "run it again" };

/**
 * Reads accounts, several at once, and holds each against what was reviewed of it: owners of keys before their users. Of an
 * account only what it came to stays in memory. What is wrong with the credentials themselves is asked once, and told once.
 *
 * @returns in the order of the map
 */
export async function driftAccounts(run: DriftRun): Promise<UnitResult[]> {
  const { scope, concurrency, stop } = run;
  const reader = new AccountReader(run);
  const done = new Map<string, Promise<unknown>>();
  const ended = new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve()));
  const reading = atMost(concurrency, scope.units, (unit) => {
    // Each comes behind those that it waits for, which therefore have begun.
    const before = Promise.all(unit.after.map((id) => done.get(id)));
    const own = before.then(() => reader.read(unit));
    done.set(unit.account.id, own);
    return own;
  });
  await Promise.race([reading, ended]);
  return reader.results();
}

class AccountReader {
  readonly #run: DriftRun;
  readonly #become: ReturnType<typeof auditSessions>;
  readonly #keyArns = new Map<string, string>();
  readonly #results = new Map<string, UnitResult>();
  /** By organization: the first account that is asked, for all others to wait for; then why none of them can be. */
  readonly #first = new Map<string, Promise<unknown>>();
  readonly #refused = new Map<string, Unread>();
  /** Organizations of which AWS STS has answered something, and those of which it was silent once. */
  readonly #answered = new Set<string>();
  readonly #silent = new Set<string>();

  constructor(run: DriftRun) {
    this.#run = run;
    this.#become = auditSessions(run.budget);
  }

  async read(unit: DriftUnit): Promise<void> {
    const { stop, onDone } = this.#run;
    const { account } = unit;
    const { name } = account.organization;
    let waited: Promise<unknown> | undefined;
    for (let first = this.#first.get(name); first !== waited; first = this.#first.get(name)) {
      waited = first;
      await first;
    }
    if (stop.aborted || this.#refused.has(name)) return;
    const session = this.#session(unit);
    if (!this.#first.has(name)) this.#first.set(name, session);
    const settings = await session;
    if (settings === undefined) return;
    const result = "unread" in settings ? this.#unread(unit, settings) : await this.#compare(unit, settings);
    // What the end has cut is not what AWS said.
    if (stop.aborted) return;
    this.#results.set(account.id, result);
    onDone(result);
  }

  /** @returns undefined where no other account of the organization can be asked either, which is then known */
  async #session(unit: DriftUnit): Promise<ClientSettings | Unread | undefined> {
    const { name } = unit.account.organization;
    try {
      const settings = await this.#become(auditTarget(unit, this.#run.scope));
      this.#answered.add(name);
      return settings;
    } catch (error) {
      if (!(error instanceof NoSession))
        return { unread: messageOf(error), whatToDo: "mend what it says, and run it again" };
      const why = { unread: error.message, whatToDo: error.whatToDo };
      if (!error.isEverywhere) this.#answered.add(name);
      if (!error.isEverywhere || (error.isSilent && this.#isFirstSilence(name))) return why;
      this.#refused.set(name, why);
      return undefined;
    }
  }

  /** Whether silence may be one call's alone: then the next account is asked before all others. */
  #isFirstSilence(name: string): boolean {
    if (this.#answered.has(name)) return true;
    if (this.#silent.has(name)) return false;
    this.#silent.add(name);
    this.#first.delete(name);
    return true;
  }

  #unread(unit: DriftUnit, why: Unread): UnitResult {
    return unreadUnit(unit.account, why, stacksOf(unit), this.#context(unit.account), this.#run);
  }

  async #compare(unit: DriftUnit, settings: ClientSettings): Promise<UnitResult> {
    const { scope, budget } = this.#run;
    const { account } = unit;
    try {
      const reviewed = this.#reviewed(unit);
      const live = await readUnit(unit, reviewed, settings, scope, budget);
      const { drifts, status, unread, coverage, keyArns } = compareAccount(reviewed, live, this.#context(account));
      for (const [key, arn] of keyArns) if (scope.index.isLookedUp(key)) this.#keyArns.set(key, arn);
      return {
        account: {
          ...unreadAccount(account, undefined, stacksOf(unit)),
          regions: live.kms?.regions.map(({ region }) => region) ?? [],
          status,
          unread,
          coverage,
        },
        findings: drifts.map((drift) => findingOfDrift(drift, this.#run)),
      };
    } catch (error) {
      // One account that cannot be understood keeps nothing back of the others.
      return this.#unread(unit, {
        unread: messageOf(error),
        whatToDo: "see what it says of this account; all others are told",
      });
    }
  }

  #reviewed({ account, own, direct, guardrails, rollouts, whole }: DriftUnit): ReviewedAccount {
    const { index } = this.#run.scope;
    const read = (names: readonly string[]): SynthesizedStack[] => names.map((name) => readStack(this.#run.out, name));
    const stacks = {
      stack: own === undefined ? undefined : readStack(this.#run.out, own),
      direct: read(direct),
      reaching: whole ? index.reaching(account.id) : [],
      guardrails: read(guardrails),
      rollouts: rollouts.flatMap((name) => index.rollout(name) ?? []),
      foreignGrants: index.foreignGrants(account.id),
    };
    return reviewedAccount(stacks, account.id);
  }

  #context(account: Account): DriftContext {
    const { scope, now } = this.#run;
    const { zones } = scope.rules;
    const zone = zones.ofAccount(account.id);
    if (zone === undefined) throw new Error(`account ${account.id} is in no zone`);
    return {
      account: account.name,
      accountId: account.id,
      partition: account.organization.partition,
      zone,
      zones,
      today: scope.today,
      now,
      arnBehind: arnBehindIn(this.#keyArns),
    };
  }

  /** Of every account of the run, whatever came between, and of those that the map has for inactive. */
  results(): UnitResult[] {
    const { scope, stop } = this.#run;
    const results = new Map(this.#results);
    const left = new Map<string, { readonly why: Unread; readonly accounts: Account[] }>();
    for (const unit of scope.units) {
      const { account } = unit;
      if (results.has(account.id)) continue;
      const { name } = account.organization;
      const why = this.#refused.get(name) ?? (stop.aborted ? stopped : undefined);
      if (why === undefined) throw new Error(`account ${account.id} was not read, and nobody knows why`);
      results.set(account.id, { account: unreadAccount(account, why, stacksOf(unit)), findings: [] });
      const others = left.get(name);
      if (others === undefined) left.set(name, { why, accounts: [account] });
      else others.accounts.push(account);
    }
    for (const { why, accounts } of left.values()) {
      const [first] = accounts;
      const result = results.get(first?.id ?? "");
      if (first === undefined || result === undefined) continue;
      const findings = unreadTogether(accounts, why, (account) => this.#context(account), this.#run);
      results.set(first.id, { ...result, findings });
    }
    for (const account of scope.inactive) {
      results.set(account.id, { account: unreadAccount(account, undefined), findings: [] });
    }
    return scope.loaded.map.accounts.flatMap(({ id }) => results.get(id) ?? []);
  }
}

function stacksOf({ own, direct, guardrails, rollouts }: DriftUnit): string[] {
  return [...(own === undefined ? [] : [own]), ...direct, ...guardrails, ...rollouts];
}
