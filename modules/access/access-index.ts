import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { PartitionName } from "../aws/partition";
import { type ConsumerIndex, type ConsumerStatement, consumerIndex } from "./consumer-index";
import type { ControlPolicies } from "./evaluation-steps";
import type { Place, Policy, Statement } from "./policy-statement";
import type { RequestedResource } from "./request";
import type { Requester } from "./requester";
import type {
  StackGuardrail,
  StackIdentityPolicy,
  StackKey,
  StackUserGrant,
  SynthesizedStack,
} from "./synthesized-stack";

/** A key or replica together with what surrounds it. */
export interface KeyEntry {
  readonly stack: SynthesizedStack;
  readonly key: StackKey;
  readonly accountId: string;
  readonly partition: PartitionName;
  /** `alias/payments-prod` */
  readonly aliases: readonly string[];
  readonly resource: RequestedResource;
}

/** Where an account is in its organization. */
export interface AccountPlace {
  readonly organizationId: string;
  /** Ids from the root through the OUs: `r-ab12`, `ou-ab12-11111111`. */
  readonly path: readonly string[];
  readonly isManagementAccount: boolean;
}

/** All stacks of an output directory, ready for questions. */
export interface AccessIndex {
  readonly stacks: readonly SynthesizedStack[];
  readonly keys: readonly KeyEntry[];
  /** Keys of stacks whose account is not certain: nothing can be said of them, and `unreadable` says why. */
  readonly unplacedKeys: readonly { readonly stack: SynthesizedStack; readonly key: StackKey }[];
  readonly places: ReadonlyMap<string, AccountPlace>;
  keysByAlias(alias: string): readonly KeyEntry[];
  /** The known policies that are attached to a role or user; there may always be others. */
  identityPoliciesOf(requester: Requester): readonly StackIdentityPolicy[];
  /** Statements of consumer policies, in any stack, that may reach a key. */
  consumerStatementsOf(key: KeyEntry): readonly ConsumerStatement[];
  /** Grants that the stacks of other accounts make on a key. */
  userGrantsOn(key: KeyEntry): readonly StackUserGrant[];
  /** The guardrails on the way from the organization's root to an account. */
  guardrailsOf(accountId: string, kind: StackGuardrail["kind"]): ControlPolicies;
}

/**
 * @param places where accounts are, by id; an account that is missing counts as reached by no guardrail
 */
export function indexStacks(
  stacks: readonly SynthesizedStack[],
  places: ReadonlyMap<string, AccountPlace> = new Map(),
): AccessIndex {
  const keys: KeyEntry[] = [];
  const unplacedKeys: { stack: SynthesizedStack; key: StackKey }[] = [];
  const byAlias = new Map<string, KeyEntry[]>();
  const byPrincipal = new Map<string, StackIdentityPolicy[]>();
  const byTarget = new Map<string, StackGuardrail[]>();
  const userGrants = new Map<string, StackUserGrant[]>();
  for (const stack of stacks) {
    const aliases = new Map<string, string[]>();
    for (const alias of stack.aliases) {
      const name = `${alias.target} ${alias.region}`;
      append(aliases, name, alias.name);
    }
    for (const key of stack.keys) {
      const { accountId, partition } = stack;
      if (accountId === undefined || partition === undefined) {
        unplacedKeys.push({ stack, key });
        continue;
      }
      const entry: KeyEntry = {
        stack,
        key,
        accountId,
        partition,
        aliases: aliases.get(`${key.address} ${key.region}`) ?? [],
        resource: {
          accountId,
          arn: `arn:${partition}:kms:${key.region}:${accountId}:key/${key.multiRegion ? "mrk-" : ""}`,
          open: true,
        },
      };
      keys.push(entry);
      for (const alias of entry.aliases) append(byAlias, alias, entry);
    }
    for (const policy of stack.identityPolicies) {
      for (const principal of policy.attachedTo) append(byPrincipal, `${stack.accountId} ${principal}`, policy);
    }
    for (const grant of stack.userGrants) {
      const lookup = parseKeyBehindAlias(grant.keyArn);
      append(userGrants, `${lookup?.accountId} ${lookup?.region} ${lookup?.alias}`, grant);
    }
    for (const guardrail of stack.guardrails) {
      for (const target of guardrail.targets) append(byTarget, target, guardrail);
    }
  }
  const consumers: ConsumerIndex = consumerIndex(stacks);
  return {
    stacks,
    keys,
    unplacedKeys,
    places,
    keysByAlias: (alias) => byAlias.get(alias) ?? [],
    identityPoliciesOf: (requester) => {
      if (requester.kind === "service") return [];
      const kind = requester.kind === "role-session" ? "role" : requester.kind;
      return byPrincipal.get(`${requester.accountId} ${kind}/${requester.name}`) ?? [];
    },
    consumerStatementsOf: (key) => consumers.reaching(key),
    userGrantsOn: (key) =>
      key.aliases.flatMap((alias) => userGrants.get(`${key.accountId} ${key.key.region} ${alias}`) ?? []),
    guardrailsOf: (accountId, kind) => {
      const place = places.get(accountId);
      // "RCPs don't affect resources in the management account", nor do SCPs its users and roles.
      if (place === undefined || place.isManagementAccount) return { levels: [] };
      return {
        levels: [...place.path, accountId].map((target) => ({
          target,
          policies: (byTarget.get(target) ?? [])
            .filter((guardrail) => guardrail.kind === kind)
            .map((guardrail) => guardrail.policy ?? unreadablePolicy(guardrail))
            .concat(kind === "service-control" ? [fullAwsAccess] : []),
        })),
      };
    },
  };
}

/** A policy that could not be read may say anything. */
export function unreadablePolicy(place: Place): Policy {
  return { document: place.document, path: place.path, statements: [], understood: false };
}

/**
 * AWS attaches it to every root, OU and account. Whether somebody has detached it cannot be seen in the stacks; to count
 * it as attached allows more, never less.
 */
const fullAwsAccess: Policy = {
  document: "AWS",
  path: "/FullAWSAccess",
  understood: true,
  statements: [
    {
      document: "AWS",
      path: "/FullAWSAccess/Statement/0",
      sid: "FullAWSAccess",
      effect: "Allow",
      principal: undefined,
      action: { negated: false, patterns: ["*"] },
      resource: { negated: false, patterns: ["*"] },
      conditions: [],
      hasVariables: true,
      understood: true,
    } satisfies Statement,
  ],
};

function append<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
