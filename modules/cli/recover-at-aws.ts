import { parseIamPrincipalArn } from "../aws/arn";
import { type KeyName, parseKeyName } from "../aws/key-name";
import { type KeySituation, planRecovery, type RecoveryStep } from "../drift/plan-recovery";
import type { RoleSession } from "../live/assume-role";
import { describeError, messageOf } from "../live/aws-error";
import { type Caller, callerIn, KeyRecovery } from "../live/recover-key";
import { asRole, sessionIn } from "../live/stack-session";
import { recoveryText } from "../report/recovery-text";
import { listOutput } from "../terraform/graph/list-output";
import { stackText } from "../terraform/graph/read-output";
import { type ExitCode, exitCode } from "./exit-code";
import { findReviewedKeys, primaryOf, type ReviewedAccount, type ReviewedOutput } from "./find-reviewed-key";
import { aliasesIn, type Located, locateNamed, locateReviewed } from "./locate-key";
import { type Confirm, confirmAt, performRecovery } from "./perform-recovery";
import type { RecoverFlags } from "./recover";
import { nowInUtc } from "./system-clock";
import { inFile, reportProblems, type Terminal } from "./terminal";
import { type Look, noRegion, ofOthers, Refused, regionsOf, whereToLook } from "./where-to-look";

/** One key in each of its Regions, and what brings it back there. */
interface Looked {
  readonly situation: KeySituation;
  readonly steps: readonly RecoveryStep[];
}

export async function recoverKey(text: string, flags: RecoverFlags, terminal: Terminal): Promise<ExitCode> {
  const listed = listOutput(flags.out);
  if (listed.problems.length > 0) {
    reportProblems(terminal, listed.problems.map(inFile), "Nothing was read.");
    return exitCode.error;
  }
  try {
    const confirm = confirmOf(flags, terminal);
    const name = nameOf(text);
    const output = findReviewedKeys(flags.out, listed.stacks, name, accountOf(name, flags));
    const caller = await callerOf(name, output, flags);
    const hasOwn = output.accounts.some(({ accountId }) => accountId === caller.accountId);
    const whole = hasOwn ? output : findReviewedKeys(flags.out, listed.stacks, name, caller.accountId);
    const looks = whereToLook(name, whole, caller.accountId, regionOf(name, flags));
    let looked = await lookAt(looks, caller, flags);
    terminal.print(...textOf(looked, flags, terminal));
    if (confirm === undefined || !hasSteps(looked)) return hasSteps(looked) ? exitCode.something : exitCode.clean;
    const isDone = await perform(looked, caller, confirm, terminal);
    looked = await lookAt(looks, caller, flags);
    terminal.print("", ...textOf(looked, flags, terminal));
    if (!isDone) return exitCode.error;
    return hasSteps(looked) ? exitCode.something : exitCode.clean;
  } catch (error) {
    terminal.note(error instanceof Refused ? error.message : messageOf(error), "", "Nothing more was read or done.");
    return exitCode.error;
  }
}

function confirmOf({ execute, yes }: RecoverFlags, terminal: Terminal): Confirm | undefined {
  if (execute !== true) {
    if (yes === true) throw new Refused("--yes goes with --execute: without it nothing is done");
    return undefined;
  }
  const confirm = confirmAt(terminal, yes === true);
  if (confirm === undefined) {
    throw new Refused("--execute asks at a terminal, and there is none: say --yes as well, or paste the commands");
  }
  return confirm;
}

function nameOf(text: string): KeyName {
  const name = parseKeyName(text);
  if (name === undefined) {
    throw new Refused(`${text}: is no key; name an alias, a key's id, an ARN of either or a Terraform address`);
  }
  return name;
}

/** Undefined where only AWS can tell. */
function accountOf(name: KeyName, { role }: RecoverFlags): string | undefined {
  const ofRole = role === undefined ? undefined : parseIamPrincipalArn(role)?.accountId;
  if (role !== undefined && ofRole === undefined) {
    throw new Refused(`--role ${role}: must be the ARN of a role, as in arn:aws:iam::310000000001:role/KeyBreakGlass`);
  }
  return ofRole ?? (name.kind === "address" ? undefined : name.place?.accountId);
}

/** @throws Refused for two Regions */
function regionOf(name: KeyName, { region }: RecoverFlags): string | undefined {
  const named = name.kind === "address" ? undefined : name.place?.region;
  if (region !== undefined && named !== undefined && region !== named) {
    throw new Refused(`--region ${region}: the ARN is one of ${named}`);
  }
  return region ?? named;
}

async function callerOf(name: KeyName, output: ReviewedOutput, flags: RecoverFlags): Promise<Caller> {
  const { accounts, aliases } = output;
  const wanted = accountOf(name, flags);
  const place = name.kind === "address" ? undefined : name.place;
  const candidates = accounts.filter(({ accountId }) => wanted === undefined || accountId === wanted);
  const region = regionOf(name, flags) ?? regionsOf(candidates, name)[0];
  if (region === undefined) {
    const owners = accounts.filter((account) => regionsOf([account], name).length > 0);
    throw new Refused(
      owners.length === 0
        ? noRegion(name, aliases)
        : ofOthers(owners, `--role is of ${wanted}: name a role of the key's account`),
    );
  }
  const owners = candidates.filter((account) => regionsOf([account], name).length > 0);
  const caller = await callerIn(region, roleSession(flags, region, candidates)).catch((error: unknown) => {
    throw withoutCredentials(error, owners, flags);
  });
  if (place !== undefined && place.accountId !== caller.accountId) {
    throw new Refused(
      `the key is in account ${place.accountId}, and these credentials (${caller.arn}) are of ${caller.accountId}: nobody of another account manages a key; sign in there, or name a role of it by --role`,
    );
  }
  return caller;
}

/** Whoever is woken by a key and has no credentials yet is told where they have to be of. */
function withoutCredentials(error: unknown, owners: readonly ReviewedAccount[], { role }: RecoverFlags): unknown {
  const { name, text } = describeError(error);
  if (name !== "CredentialsProviderError") return error;
  const accounts = owners.map((owner) => `${owner.name} (${owner.accountId})`).join(" or ");
  const who =
    role === undefined
      ? `as somebody of ${accounts === "" ? "the key's account" : `account ${accounts}`}`
      : `as somebody who may assume ${role}`;
  return new Refused(`there are no credentials of AWS: sign in ${who}, or set AWS_PROFILE: ${text}`);
}

/** What the role asks of a session is what the deploy role of the same account asks. */
function roleSession(
  { role, out }: RecoverFlags,
  region: string,
  candidates: readonly ReviewedAccount[],
): RoleSession | undefined {
  if (role === undefined) return undefined;
  const { accountId = "" } = parseIamPrincipalArn(role) ?? {};
  const stack = candidates.find((account) => account.accountId === accountId)?.keys[0]?.stack;
  const session = stack === undefined ? undefined : sessionIn(stackText(out, stack), region);
  if (session === undefined || "unread" in session) {
    return { region, accountId, roleArn: role, sessionName: "orgkeys", externalId: undefined, tags: {} };
  }
  return asRole(session, role.split(":").slice(5).join(":"));
}

/** One after the other: a replica is known by its primary's id. */
async function lookAt(looks: readonly Look[], caller: Caller, flags: RecoverFlags): Promise<Looked[]> {
  const settings = { config: flags.config, out: flags.out };
  const looked: Looked[] = [];
  const idsOfPrimaries = new Map<string, string>();
  for (const look of looks) {
    const { account, region } = look;
    const aws = new KeyRecovery(caller, region);
    try {
      const located = await locate(aws, look, idsOfPrimaries);
      const { live } = located;
      if (live === undefined && located.reviewed === undefined) {
        throw new Refused(`AWS has no such key in ${region} of ${account.name}`);
      }
      if (located.reviewed?.kind === "key" && live?.multiRegion !== undefined) {
        idsOfPrimaries.set(primaryOf(located.reviewed), live.keyId);
      }
      const keyStore = live?.keyStoreId === undefined ? undefined : await aws.keyStore(live.keyStoreId);
      const aliases = await aliasesIn(aws, located);
      const situation = { ...located, aliases, keyStore, place: placeOf(account, region, located) };
      looked.push({ situation, steps: planRecovery(situation, settings) });
    } finally {
      aws.close();
    }
  }
  return looked;
}

function locate(aws: KeyRecovery, look: Look, idsOfPrimaries: ReadonlyMap<string, string>): Promise<Located> {
  if ("named" in look) return locateNamed(aws, look.named, look.region, look.among, look.account.letGo);
  const { reviewed } = look;
  const related = reviewed.kind === "replica" ? idsOfPrimaries.get(primaryOf(reviewed)) : undefined;
  return locateReviewed(aws, reviewed, related);
}

function placeOf(
  { name, accountId, partition, zone }: ReviewedAccount,
  region: string,
  { live, reviewed }: Located,
): KeySituation["place"] {
  const resource = reviewed?.aliases[0]?.name ?? live?.keyId ?? reviewed?.address ?? "";
  const { stack, address } = reviewed ?? {};
  return { account: name, accountId, partition, zone, region, stack, address, resource };
}

async function perform(
  looked: readonly Looked[],
  caller: Caller,
  confirm: Confirm,
  terminal: Terminal,
): Promise<boolean> {
  let isDone = true;
  for (const { situation, steps } of looked) {
    const aws = new KeyRecovery(caller, situation.place.region);
    try {
      isDone = (await performRecovery(aws, situation, steps, confirm, terminal)) && isDone;
    } finally {
      aws.close();
    }
  }
  return isDone;
}

function hasSteps(looked: readonly Looked[]): boolean {
  return looked.some(({ steps }) => steps.length > 0);
}

function textOf(looked: readonly Looked[], { config, out }: RecoverFlags, terminal: Terminal): string[] {
  const now = nowInUtc();
  return looked.flatMap(({ situation, steps }, index) => [
    ...(index === 0 ? [] : [""]),
    ...recoveryText(situation, steps, now, { config, out }, terminal.emphasize),
  ]);
}
