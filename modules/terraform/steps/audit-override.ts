import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { iamPrincipalArn, parseIamPrincipalArn } from "../../aws/arn";

/** Terraform merges what is in it over the stack's own JSON, which stays as it was reviewed. */
export const AUDIT_OVERRIDE_FILE = "orgkeys_override.tf.json";

/** The part of a stack's JSON that says whom its providers become. */
export interface StackProviders {
  readonly provider?: { readonly aws?: readonly StackProvider[] };
}

interface StackProvider {
  readonly alias?: string;
  readonly assume_role?: readonly (Readonly<Record<string, unknown>> & { readonly role_arn?: string })[];
}

/**
 * The override with which Terraform plans a stack with the audit role: such a plan cannot be applied, by whomever.
 *
 * Source: https://developer.hashicorp.com/terraform/language/files/override
 *
 * @param stack the parsed cdk.tf.json
 * @param auditRole the role's name
 * @returns undefined for a stack with a provider that becomes no role, and would plan with whatever credentials there are
 */
export function auditOverride(stack: StackProviders, auditRole: string): object | undefined {
  const providers = (stack.provider?.aws ?? []).map(({ alias, assume_role: roles = [] }) => {
    const assumed = roles.flatMap((role) => {
      const arn = parseIamPrincipalArn(role.role_arn ?? "");
      return arn === undefined
        ? []
        : [{ ...role, role_arn: iamPrincipalArn(arn.partition, arn.accountId, `role/${auditRole}`) }];
    });
    return assumed.length === 0 || assumed.length < roles.length ? undefined : { alias, assume_role: assumed };
  });
  return providers.length === 0 || providers.includes(undefined) ? undefined : { provider: { aws: providers } };
}

/**
 * Does something in a stack's folder while the override is there. Left behind by a process that was killed, it is a file that
 * nobody reviewed: the next run takes it away before it reads anything (left-override.ts).
 */
export async function withAuditOverride<Result>(
  directory: string,
  override: object,
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(directory, AUDIT_OVERRIDE_FILE);
  // Never over somebody else's: what they meant to plan with is not known.
  writeFileSync(path, JSON.stringify(override), { flag: "wx", mode: 0o600 });
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
