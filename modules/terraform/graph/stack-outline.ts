import type { CloudFormationTemplate } from "../../access/cloudformation-template";
import { isFields } from "../../access/stack-reading";
import type { RolloutMetadata, StackBackend, SynthesizedStack } from "../../access/synthesized-stack";
import { parseIamPrincipalArn } from "../../aws/arn";
import { parseKeyBehindAlias } from "../../aws/key-behind-alias";
import { uniqueNames } from "../../aws/name-order";
import type { StackNode, StackNodeKind } from "./stack-node";

/** What of a stack says which other stacks it needs: little, so that those of thousands of stacks fit into memory. */
export interface StackOutline {
  readonly node: StackNode;
  /** Names of the roles that its providers become in its account: `OrgKeysDeploy`. */
  readonly becomes: readonly string[];
  /** Aliases that it makes, as `<account id> <Region> alias/NAME`. */
  readonly aliases: ReadonlySet<string>;
  /** Keys that its plan looks up, as in `aliases`. */
  readonly looksUp: readonly string[];
  /** Keys that its consumer policies are about, as in `aliases`; with `*` for the name where they do not say which. */
  readonly uses: readonly string[];
  /** Accounts whose roles, of the name that it becomes itself, its key policies name. */
  readonly letsIn: readonly string[];
  readonly brings: readonly BroughtRoles[];
  /** Whether its StackSets bring keys that orgkeys gives each account. */
  readonly bringsKeys: boolean;
  /** Whether its CloudFormation stacks make the bus of its zone. */
  readonly makesBus: boolean;
  /** Whether its CloudFormation stacks make rules, which send to that bus. */
  readonly makesRules: boolean;
}

/** Roles that one StackSet, or one CloudFormation stack, makes in accounts. */
export interface BroughtRoles {
  readonly names: ReadonlySet<string>;
  readonly accountIds: ReadonlySet<string>;
}

const kinds: readonly StackNodeKind[] = ["account", "guardrails", "rollouts", "direct-rollouts"];

/** @returns the outline, or why the stack can be neither chosen nor put into an order */
export function outlineOf(stack: SynthesizedStack): StackOutline | { readonly problems: readonly string[] } {
  const { metadata } = stack;
  const noted = (name: string): string => `has no ${name} at "//".orgkeys`;
  const kind = kinds.find((each) => each === metadata.kind);
  const state = stack.backend === undefined ? undefined : stateName(stack.backend);
  const { accountId } = stack;
  const { organization, zone } = metadata;
  const ofAccount = kind === "account";
  const problems = [
    ...stack.unreadable.filter(({ path }) => path === "").map(({ why }) => why),
    ...(kind === undefined
      ? [`is of kind ${JSON.stringify(metadata.kind)}, which is none of ${kinds.join(", ")}`]
      : []),
    ...(accountId === undefined ? ["does not say for certain which account it is for"] : []),
    ...(state === undefined ? ["does not say for certain where its state is"] : []),
    ...(organization === undefined ? [noted("organization")] : []),
    ...(zone === undefined ? [noted("zone")] : []),
    ...(ofAccount && metadata.account === undefined ? [noted("account")] : []),
    ...(ofAccount && metadata.ou === undefined ? [noted("ou")] : []),
  ];
  if (
    problems.length > 0 ||
    kind === undefined ||
    accountId === undefined ||
    state === undefined ||
    organization === undefined ||
    zone === undefined
  ) {
    return { problems };
  }
  const becomes = uniqueNames(stack.providers.flatMap(({ assumedRoleArn }) => roleNames(assumedRoleArn)));
  return {
    node: {
      name: stack.name,
      kind,
      organization,
      ou: ofAccount ? metadata.ou : undefined,
      zone,
      account: ofAccount ? metadata.account : undefined,
      accountId,
      state,
      providers: stack.providers.length,
      resources: stack.resources,
    },
    becomes,
    aliases: new Set(stack.aliases.map(({ region, name }) => `${accountId} ${region} ${name}`)),
    looksUp: stack.lookups.flatMap((lookup) => {
      const key = parseKeyBehindAlias(lookup);
      return key === undefined ? [] : [`${key.accountId} ${key.region} ${key.alias}`];
    }),
    uses: usedKeys(stack),
    letsIn: letIn(stack, new Set(becomes)),
    brings: broughtRoles(stack, accountId),
    bringsKeys: [...metadata.stackSets.values()].some(({ template }) => template === "baseline-keys"),
    makesBus: stack.directStacks.some(({ template }) => makes(template, "AWS::Events::EventBus")),
    makesRules: stack.directStacks.some(({ template }) => makes(template, "AWS::Events::Rule")),
  };
}

function stateName(backend: StackBackend): string | undefined {
  const file = backend.kind === "local" ? backend.file : backend.key;
  return /([^/]+)\.tfstate$/.exec(file)?.[1];
}

function roleNames(arn: string | undefined): string[] {
  const role = parseIamPrincipalArn(arn ?? "");
  return role?.kind === "role" ? [role.resource.slice(role.resource.lastIndexOf("/") + 1)] : [];
}

/** A statement that names no account in its Resource says nothing of whose keys come first. */
function usedKeys(stack: SynthesizedStack): string[] {
  const used = stack.identityPolicies.flatMap(({ policy }) =>
    (policy?.statements ?? []).flatMap(({ effect, resource, conditions }) => {
      if (effect !== "Allow" || resource.negated) return [];
      const named = conditions
        .filter(({ key }) => key.toLowerCase() === "kms:resourcealiases")
        .flatMap(({ values }) => values);
      // A pattern may be any of the owner's aliases.
      const aliases = named.length === 0 ? ["*"] : named.map((alias) => (/[*?$]/.test(alias) ? "*" : alias));
      return resource.patterns.flatMap((pattern) => {
        // What is looked up, its data source says.
        if (parseKeyBehindAlias(pattern) !== undefined) return [];
        const place = /^arn:[a-z-]+:kms:([a-z0-9-]+):(\d{12}):/.exec(pattern);
        return place === null ? [] : aliases.map((alias) => `${place[2]} ${place[1]} ${alias}`);
      });
    }),
  );
  return uniqueNames(used);
}

/** AWS KMS refuses a key policy with a role that is not there: of those, the ones that stacks bring have the deploy role's name. */
function letIn({ accountId, keys }: SynthesizedStack, names: ReadonlySet<string>): string[] {
  const accounts = keys.flatMap(({ policy }) =>
    (policy?.statements ?? []).flatMap(({ principal }) =>
      (principal?.names ?? []).flatMap(({ value }) => {
        const role = parseIamPrincipalArn(value);
        const isOther = role !== undefined && role.accountId !== accountId;
        return isOther && roleNames(value).some((name) => names.has(name)) ? [role.accountId] : [];
      }),
    ),
  );
  return uniqueNames(accounts);
}

function broughtRoles(stack: SynthesizedStack, accountId: string): BroughtRoles[] {
  const { metadata } = stack;
  const bySets = stack.stackSets.map(({ address, template, accountIds }): BroughtRoles => {
    const known = rolloutOf(metadata.stackSets, address);
    return {
      names: rolesIn(template),
      // Accounts that are left out inside the template are among its targets all the same.
      accountIds: known === undefined ? new Set(accountIds) : new Set(known.reaches.keys()),
    };
  });
  const direct = stack.directStacks.map(
    ({ template }): BroughtRoles => ({ names: rolesIn(template), accountIds: new Set([accountId]) }),
  );
  return [...bySets, ...direct].filter(({ names }) => names.size > 0);
}

function rolloutOf(rollouts: ReadonlyMap<string, RolloutMetadata>, address: string): RolloutMetadata | undefined {
  return rollouts.get(address.slice(address.indexOf(".") + 1));
}

function rolesIn(template: CloudFormationTemplate | undefined): Set<string> {
  const names = resourcesIn(template).flatMap(({ Type: type, Properties: properties }) => {
    const name = type === "AWS::IAM::Role" && isFields(properties) ? properties.RoleName : undefined;
    return typeof name === "string" ? [name] : [];
  });
  return new Set(names);
}

function makes(template: CloudFormationTemplate | undefined, type: string): boolean {
  return resourcesIn(template).some((resource) => resource.Type === type);
}

function resourcesIn(template: CloudFormationTemplate | undefined): Readonly<Record<string, unknown>>[] {
  const resources = template?.body.Resources;
  return isFields(resources) ? Object.values(resources).filter(isFields) : [];
}
