import { blocksOf, fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import { literalText } from "../access/terraform-value";
import type { RoleSession } from "./assume-role";

/**
 * How a stack's provider becomes the role with which it works in a Region.
 *
 * @param text the stack's cdk.tf.json
 * @returns why there is none, where the provider says anything that is not plain: nobody then knows whose account it is
 */
export function sessionIn(text: string, region: string): RoleSession | { readonly unread: string } {
  const inRegion = providersOf(text).filter((provider) => provider.region === region);
  const [provider, second] = inRegion;
  if (provider === undefined)
    return { unread: `the stack has no provider in ${region || "a Region that anybody knows"}` };
  const [role, ...others] = blocksOf(provider.assume_role);
  const accountIds = Array.isArray(provider.allowed_account_ids) ? provider.allowed_account_ids : [];
  const accountId: unknown = accountIds[0];
  const roleArn = textOf(role?.role_arn);
  const ofRole = /^arn:aws[a-z-]*:iam::(\d{12}):role\/\S+$/.exec(roleArn ?? "")?.[1];
  const isPlain =
    role !== undefined && others.length === 0 && accountIds.length === 1 && Object.keys(role).every(isRead);
  if (second !== undefined || !isPlain || roleArn === undefined || accountId !== ofRole || ofRole === undefined) {
    return {
      unread: `the stack's provider in ${region} does not say for certain which role of which account it assumes`,
    };
  }
  return {
    region,
    accountId: ofRole,
    roleArn,
    sessionName: textOf(role.session_name) ?? "orgkeys",
    externalId: textOf(role.external_id),
    tags: textsOf(role.tags),
  };
}

/** The same account as another role of it. */
export function asRole(session: RoleSession, role: string): RoleSession {
  return { ...session, roleArn: session.roleArn.replace(/:role\/\S+$/, () => `:${role}`) };
}

const readArguments: ReadonlySet<string> = new Set(["role_arn", "session_name", "external_id", "tags"]);

function isRead(name: string): boolean {
  return readArguments.has(name);
}

function providersOf(text: string): readonly Fields[] {
  const { provider } = fieldsOf(JSON.parse(text));
  return blocksOf(fieldsOf(provider).aws);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? literalText(value) : undefined;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([name, text]) => {
      const [key, tag] = [literalText(name), textOf(text)];
      return key === undefined || tag === undefined ? [] : [[key, tag] as const];
    }),
  );
}
