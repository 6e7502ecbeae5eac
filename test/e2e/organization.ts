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
  apply(stacks: readonly string[], backendConfig?: Readonly<Record<string, string>>): Promise<void>;
  /** A plan in every stack has nothing to do. */
  expectNoChanges(stacks: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startOrganization(name: string): Promise<LiveOrganization> {
  const emulator = await startEmulator({ name });
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
      await createPrincipals(emulator, loaded);
      synthesize(loaded.stacks, out, { keepOthers: false });
      return loaded;
    },
    apply: async (stacks, backendConfig) => {
      await inParallel(stacks, TERRAFORM_AT_ONCE, async (stack) => {
        await init(stackFolder(stack), environment, backendConfig);
        await apply(stackFolder(stack), environment);
      });
    },
    expectNoChanges: async (stacks) => {
      await inParallel(stacks, TERRAFORM_AT_ONCE, (stack) => expectNoChanges(stackFolder(stack), environment));
    },
    stop: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everybody that a policy, a grant or an attachment names, as in a real organization. */
export async function createPrincipals(emulator: Emulator, { map, plan }: LoadedPlan): Promise<void> {
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
  await emulator.createRoles([...named].filter((arn) => arn.includes(":role/")));
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
