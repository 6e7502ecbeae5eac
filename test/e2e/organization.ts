import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateUserCommand } from "@aws-sdk/client-iam";
import { principalsOf } from "../../modules/keys/explain-keys";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { synthesize } from "../../stacks/synthesize";
import { type Emulator, type Environment, startEmulator } from "./emulator";
import { inParallel } from "./in-parallel";
import { apply, expectNoChanges, init, TERRAFORM_AT_ONCE, terraformVariables } from "./terraform";

/** An organization on an emulator: synthesized from a map, applied with real Terraform. */
export interface LiveOrganization {
  readonly emulator: Emulator;
  /** A temporary folder with `cdktf.out` and `state`. */
  readonly folder: string;
  readonly out: string;
  readonly environment: Environment;
  /** Synthesizes the map of a configuration folder and makes sure the principals it names exist. */
  load(config: string): Promise<LoadedPlan>;
  stackFolder(stack: string): string;
  /** init and apply, several stacks at once. */
  apply(
    stacks: readonly string[],
    backendConfig?: Readonly<Record<string, string>>,
    environment?: Environment,
  ): Promise<void>;
  /** A plan in every stack has nothing to do. */
  expectNoChanges(stacks: readonly string[], environment?: Environment): Promise<void>;
  stop(): Promise<void>;
}

export interface OrganizationOptions {
  /** Whether roles that assume roles are asked for: see `EmulatorOptions`. @default false */
  readonly strictRoles?: boolean;
  /** Whether the deploy and audit roles are there already, as if somebody had made them by hand. @default true */
  readonly rolesAreThere?: boolean;
}

export async function startOrganization(name: string, options: OrganizationOptions = {}): Promise<LiveOrganization> {
  const { strictRoles = false, rolesAreThere = true } = options;
  const emulator = await startEmulator({ name, strictRoles });
  const folder = mkdtempSync(join(tmpdir(), `orgkeys-${name}-`));
  const out = join(folder, "cdktf.out");
  const environment = { ...emulator.environment(), ...terraformVariables(folder) };
  const stackFolder = (stack: string): string => join(out, "stacks", stack);
  return {
    emulator,
    folder,
    out,
    environment,
    stackFolder,
    load: async (config) => {
      const loaded = loadPlan(config);
      if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
      await createPrincipals(emulator, loaded, rolesAreThere);
      synthesize(loaded.stacks, out, { keepOthers: false });
      return loaded;
    },
    apply: async (stacks, backendConfig, as = environment) => {
      await inParallel(stacks, TERRAFORM_AT_ONCE, async (stack) => {
        await init(stackFolder(stack), as, backendConfig);
        await apply(stackFolder(stack), as);
      });
    },
    expectNoChanges: async (stacks, as = environment) => {
      await inParallel(stacks, TERRAFORM_AT_ONCE, (stack) => expectNoChanges(stackFolder(stack), as));
    },
    stop: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Everybody that a policy, a grant or an attachment names, as in a real organization.
 *
 * @param withRoles whether the deploy and audit roles are among them
 */
export async function createPrincipals(emulator: Emulator, { map, plan }: LoadedPlan, withRoles = true): Promise<void> {
  const ofOrgkeys = new Set(
    map.accounts.flatMap(({ id, organization: { partition, roles } }) =>
      [roles.deploy, roles.audit].map((role) => `arn:${partition}:iam::${id}:role/${role}`),
    ),
  );
  const named = new Set([
    ...plan.keys.filter((key) => key.status === "planned").flatMap((key) => principalsOf(key, plan)),
    ...plan.keys.flatMap((key) => key.grants.flatMap((grant) => grant.retiring ?? [])),
    ...plan.consumerPolicies.flatMap((policy) =>
      policy.attachTo === undefined ? [] : `arn:${policy.partition}:iam::${policy.accountId}:${policy.attachTo}`,
    ),
    ...map.accounts.map(
      ({ id, organization }) => `arn:${organization.partition}:iam::${id}:role/${organization.roles.deploy}`,
    ),
  ]);
  const roles = [...named].filter((arn) => arn.includes(":role/"));
  await emulator.createRoles(roles.filter((arn) => withRoles || !ofOrgkeys.has(arn)));
  for (const arn of named) {
    const user = /^arn:([\w-]+):iam::(\d{12}):user\/(?:.+\/)?([^/]+)$/.exec(arn);
    if (user === null) continue;
    const [, partition = "", accountId = "", UserName = ""] = user;
    const region = partition === "aws-us-gov" ? "us-gov-west-1" : "us-east-1";
    const { iam } = await emulator.clientsFor({ accountId, region, partition });
    await iam.send(new CreateUserCommand({ UserName })).catch((error: Error) => {
      if (error.name !== "EntityAlreadyExistsException" && error.name !== "EntityAlreadyExists") throw error;
    });
  }
}
