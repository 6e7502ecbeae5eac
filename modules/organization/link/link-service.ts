import { nameOrder } from "../../aws/name-order";
import type { ServiceProfile } from "../../aws/service-profile";
import { serviceProfile, serviceProfiles } from "../../aws/service-profiles";
import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import { listNames, suggestName } from "../problem";
import type { ServiceFile } from "../schema/workloads-schema";
import type { ServiceUse } from "../workload";
import { checkServiceKey } from "./check-kind";
import { UNKNOWN_ZONE } from "./known-accounts";
import { checkPerService, type EnvironmentContext, findAccount } from "./workload-context";

/** Resolves an AWS service that calls KMS as itself. */
export function linkService(service: ServiceFile, at: MapPath, context: EnvironmentContext): ServiceUse | undefined {
  const profile = serviceProfile(service.profile);
  if (profile === undefined) {
    const known = serviceProfiles.map((each) => each.name);
    const fix = suggestName(service.profile, known, `profiles are ${listNames(known, 60)}`);
    context.report([...at, "profile"], "is not a service profile", fix);
  } else {
    checkProfile(service, profile, at, context);
    checkServiceKey(profile, at, context);
  }
  const sourceAccount = findSourceAccount(service, at, context);
  if (sourceAccount !== undefined) checkSourceArns(service, profile, sourceAccount, at, context);
  const ofProfile = context.entry.perService?.includes(service.profile) ? service.profile : undefined;
  checkPerService(service.service ?? ofProfile, at, context);
  if (profile === undefined || sourceAccount === undefined) return undefined;
  return {
    profile: profile.name,
    sourceAccount,
    sourceArns: [...(service.sourceArns ?? [])].sort(nameOrder),
    encryptionContext: service.encryptionContext ?? {},
    service: service.service ?? ofProfile,
    source: context.sourceAt(at),
  };
}

function checkProfile(service: ServiceFile, profile: ServiceProfile, at: MapPath, context: EnvironmentContext): void {
  const { partition } = context.account.organization;
  if (!profile.partitions.includes(partition)) {
    const fix = `drop it: its partitions are ${listNames(profile.partitions)}`;
    context.report([...at, "profile"], `is not available in partition ${partition}`, fix);
  }
  if (service.encryptionContext !== undefined && !profile.carriesEncryptionContext) {
    const message = `cannot be set: profile ${profile.name} passes no encryption context that a policy could match`;
    context.report([...at, "encryptionContext"], message, "leave it out: the profile binds the source", true);
  }
  if (service.sourceArns !== undefined && profile.bind.sourceArn === undefined) {
    const message = `cannot be set: profile ${profile.name} sends no aws:SourceArn`;
    context.report([...at, "sourceArns"], message, "leave it out: the profile binds the source account", true);
  }
}

function findSourceAccount(service: ServiceFile, at: MapPath, context: EnvironmentContext): Account | undefined {
  const { account } = context;
  if (service.account === undefined) return account;
  const found = findAccount(service.account, [...at, "account"], context);
  if (found === undefined || found.zone === account.zone) return found;
  if (found.zone === UNKNOWN_ZONE || account.zone === UNKNOWN_ZONE) return undefined;
  const message = `is in zone ${found.zone}, and this key is in zone ${account.zone}`;
  const fix = "zones are independent key domains: use a key of that account's own zone";
  context.report([...at, "account"], message, fix);
  return undefined;
}

/** A bucket's ARN has no account id: it is enough where the service also sends the account. */
function checkSourceArns(
  service: ServiceFile,
  profile: ServiceProfile | undefined,
  sourceAccount: Account,
  at: MapPath,
  context: EnvironmentContext,
): void {
  const { partition } = sourceAccount.organization;
  for (const [index, arn] of (service.sourceArns ?? []).entries()) {
    const [, arnPartition, , , accountId] = arn.split(":");
    if (arnPartition !== partition) {
      const message = `is in partition ${arnPartition}, and account ${sourceAccount.name} is in ${partition}`;
      context.report([...at, "sourceArns", index], message, `begin it with arn:${partition}:`);
    } else if (accountId === "") {
      if (profile === undefined || profile.bind.sourceAccount) continue;
      const message = `has no account id, and profile ${profile.name} sends no aws:SourceAccount to go with it`;
      context.report([...at, "sourceArns", index], message, "leave it out: the profile binds the source");
    } else if (accountId !== sourceAccount.id) {
      const message = `must be a resource of account ${sourceAccount.name} (${sourceAccount.id})`;
      context.report([...at, "sourceArns", index], message, "name the resource's account in account");
    }
  }
}
