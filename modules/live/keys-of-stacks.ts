import { AccountKeys } from "./account-keys";
import { assumeRole, type RoleSession } from "./assume-role";
import { messageOf } from "./aws-error";
import type { DescribedKey } from "./described-key";
import { asRole, sessionIn } from "./stack-session";

export interface LiveConfig {
  /** `role/NAME` that reads the account's keys; the stack's own role is asked where there is none, or it may not. */
  readonly auditRole: (accountId: string) => string | undefined;
  /** Requests at once, of one account and Region. @default 8 */
  readonly concurrency?: number;
}

/** What was read of one account and Region. */
export interface ReadKeys {
  readonly keys: readonly DescribedKey[];
  /** @throws the SDK's error */
  readonly tagsOf: (keyId: string) => Promise<Readonly<Record<string, string>>>;
}

/** Reads the keys of the accounts that stacks work in, as the stacks' own providers reach them; each account and Region once. */
export class KeysOfStacks {
  readonly #config: LiveConfig;
  readonly #read = new Map<string, Promise<ReadKeys | { readonly unread: string }>>();

  constructor(config: LiveConfig) {
    this.#config = config;
  }

  /** @param text the stack's cdk.tf.json */
  in(text: string, region: string): Promise<ReadKeys | { readonly unread: string }> {
    const session = sessionIn(text, region);
    if ("unread" in session) return Promise.resolve(session);
    const name = JSON.stringify(session);
    const asked = this.#read.get(name) ?? this.#readAs(session);
    this.#read.set(name, asked);
    return asked;
  }

  async #readAs(session: RoleSession): Promise<ReadKeys | { readonly unread: string }> {
    const audit = this.#config.auditRole(session.accountId);
    const sessions = [...(audit === undefined ? [] : [asRole(session, audit)]), session];
    const failures: string[] = [];
    for (const each of sessions) {
      try {
        return await this.#list(each);
      } catch (error) {
        failures.push(`as ${each.roleArn}: ${messageOf(error)}`);
      }
    }
    return { unread: failures.join("; ") };
  }

  /** One key's tags are asked for at once, so that a role that may not read them is found out before it is relied on. */
  async #list(session: RoleSession): Promise<ReadKeys> {
    const account = new AccountKeys(await assumeRole(session), this.#config.concurrency ?? 8);
    const keys = await account.list();
    const [first] = keys;
    if (first !== undefined) await account.tagsOf(first.keyId);
    return { keys, tagsOf: (keyId) => account.tagsOf(keyId) };
  }
}
