import { type KeyBehindAlias, parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { KeyEntry } from "./access-index";
import { matchArn } from "./arn-match";
import type { Condition, Statement } from "./policy-statement";
import type { StackIdentityPolicy, SynthesizedStack } from "./synthesized-stack";
import { any, possible } from "./truth";
import { parsePattern } from "./wildcard";

/** One Allow statement of a consumer policy. */
export interface ConsumerStatement {
  readonly stack: SynthesizedStack;
  readonly policy: StackIdentityPolicy;
  readonly statement: Statement;
  /** ARNs of the roles and users it is attached to; their paths are not known and left out. */
  readonly principals: readonly string[];
}

/** Finds the consumer statements that may reach a key without looking at all of them. */
export interface ConsumerIndex {
  reaching(key: KeyEntry): readonly ConsumerStatement[];
}

/**
 * Files every statement under the account and Region it names, and under the aliases it is narrowed to. Only what names
 * neither has to be looked at for each key.
 */
export function consumerIndex(stacks: readonly SynthesizedStack[]): ConsumerIndex {
  const files = new Map<string, ConsumerStatement[]>();
  const anywhere: ConsumerStatement[] = [];
  for (const stack of stacks) {
    for (const policy of stack.identityPolicies) {
      const principals = policy.attachedTo.map((name) => `arn:${stack.partition}:iam::${stack.accountId}:${name}`);
      for (const statement of policy.policy?.statements ?? []) {
        if (statement.effect !== "Allow") continue;
        const consumer: ConsumerStatement = { stack, policy, statement, principals };
        const names = fileNames(statement);
        if (names === undefined) anywhere.push(consumer);
        for (const name of names ?? []) {
          const file = files.get(name);
          if (file === undefined) files.set(name, [consumer]);
          else file.push(consumer);
        }
      }
    }
  }
  return {
    reaching: (key) => {
      const place = `${key.accountId} ${key.key.region}`;
      const found = new Set(
        [`${place} *`, ...key.aliases.map((alias) => `${place} ${alias}`)].flatMap((name) => files.get(name) ?? []),
      );
      for (const consumer of anywhere) found.add(consumer);
      return [...found].filter(({ statement }) => reaches(statement, key));
    },
  };
}

/** Account, Region and alias of each key that a statement can mean; undefined when it does not say. */
function fileNames(statement: Statement): string[] | undefined {
  const { negated, patterns } = statement.resource;
  if (negated) return undefined;
  const aliases = statement.conditions.find(namesAliases)?.values ?? ["*"];
  const names: string[] = [];
  for (const pattern of patterns) {
    const lookup = parseKeyBehindAlias(pattern);
    if (lookup !== undefined) {
      names.push(`${lookup.accountId} ${lookup.region} ${lookup.alias}`);
      continue;
    }
    const [, , service, region = "", account = "", ...resource] = pattern.split(":");
    if (resource.length === 0 || /[*?$]/.test(`${service}${region}${account}`)) return undefined;
    for (const alias of aliases) names.push(`${account} ${region} ${alias}`);
  }
  return names;
}

/** `kms:ResourceAliases` written out, and needed. */
function namesAliases(condition: Condition): boolean {
  return (
    condition.operator === "ForAnyValue:StringEquals" &&
    condition.key.toLowerCase() === "kms:resourcealiases" &&
    condition.values.every((value) => !value.includes("${"))
  );
}

function reaches(statement: Statement, key: KeyEntry): boolean {
  const { negated, patterns } = statement.resource;
  if (negated) return true;
  const { arn } = key.resource;
  return possible(
    any(
      patterns.map((pattern) => {
        const lookup = parseKeyBehindAlias(pattern);
        if (lookup !== undefined) return isBehind(lookup, key);
        return pattern === "*" || pattern.includes("${")
          ? "unknown"
          : matchArn(parsePattern(pattern), arn, { open: true });
      }),
    ),
  );
}

/** Whether a key has an alias, in one account and Region. */
export function isBehind({ region, accountId, alias }: KeyBehindAlias, key: KeyEntry): boolean {
  return key.accountId === accountId && key.key.region === region && key.aliases.includes(alias);
}
