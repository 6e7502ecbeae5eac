import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Terraform's JSON, as deep as it goes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** Resources by type and logical id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

export interface HandWrittenStack {
  readonly accountId: string;
  readonly partition: string;
  /** The first one gets the provider without an alias, each other an alias of its own name. */
  readonly regions: readonly [string, ...string[]];
  readonly backend?: JsonObject;
  readonly locals?: JsonObject;
  readonly resource: Resources;
  readonly data?: Resources;
  /** What is adopted, renamed and handed over. */
  readonly import?: readonly JsonObject[];
  readonly moved?: readonly JsonObject[];
  readonly removed?: readonly JsonObject[];
}

/**
 * Writes `cdk.tf.json` with the blocks around a stack's resources as synthesis writes them, and so with no word about an
 * emulator.
 *
 * @returns The stack's folder.
 */
export function writeStack(folder: string, name: string, stack: HandWrittenStack): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const role = `arn:${stack.partition}:iam::${stack.accountId}:role/OrgKeysDeploy`;
  const providers = stack.regions.map((region, index) => ({
    ...(index > 0 ? { alias: region } : {}),
    region,
    allowed_account_ids: [stack.accountId],
    assume_role: [{ role_arn: role }],
  }));
  const document = {
    terraform: {
      required_providers: { aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } },
      backend: stack.backend ?? { local: { path: `${stack.accountId}.tfstate` } },
    },
    provider: { aws: providers },
    ...(stack.locals ? { locals: stack.locals } : {}),
    ...(stack.data ? { data: stack.data } : {}),
    resource: stack.resource,
    ...(stack.import ? { import: stack.import } : {}),
    ...(stack.moved ? { moved: stack.moved } : {}),
    ...(stack.removed ? { removed: stack.removed } : {}),
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(document, null, 2));
  return directory;
}

/** A key policy with the owner's root and, when given, one user. */
export function keyPolicy(partition: string, accountId: string, user?: string): JsonObject {
  const root = {
    Sid: "Root",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const use = { Sid: "Use", Effect: "Allow", Principal: { AWS: user ?? "" }, Action: ["kms:Decrypt"], Resource: "*" };
  return { Version: "2012-10-17", Statement: user === undefined ? [root] : [root, use] };
}

/** What a key has to carry: rotation every 180 days, a window of 30, and no way to destroy it. */
export function keyArguments(policyLocal: string, tags: JsonObject): JsonObject {
  return {
    multi_region: true,
    enable_key_rotation: true,
    rotation_period_in_days: 180,
    deletion_window_in_days: 30,
    policy: `\${jsonencode(local.${policyLocal})}`,
    tags,
    lifecycle: { prevent_destroy: true },
  };
}
