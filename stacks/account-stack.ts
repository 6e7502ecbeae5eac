import type { Construct } from "constructs";
import { nameOrder } from "../modules/aws/name-order";
import { AccountProviders } from "../modules/constructs/account-providers";
import { ConsumerPolicy } from "../modules/constructs/consumer-policy";
import { CustomKeyStore } from "../modules/constructs/custom-key-store";
import { CustomerManagedKey } from "../modules/constructs/customer-managed-key";
import { addUserGrant } from "../modules/constructs/grant";
import { KeyLookups } from "../modules/constructs/key-lookups";
import { addStateBackend } from "../modules/constructs/state-backend";
import type { AccountPlan } from "../modules/keys/account-plan";
import type { PlannedKey, Reason } from "../modules/keys/key-plan";
import { OrgkeysStack } from "./orgkeys-stack";
import { accountStateName } from "./state-name";

/** Everything of one account: the keys it owns, and the policies with which it uses the keys of others. */
export class AccountStack extends OrgkeysStack {
  readonly #plan: AccountPlan;

  constructor(scope: Construct, plan: AccountPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
    const { account, zone } = plan;
    const { organization } = account;
    addStateBackend(this, zone.state, accountStateName(account));
    const providers = new AccountProviders(this, {
      partition: organization.partition,
      accountId: account.id,
      deployRole: organization.roles.deploy,
      externalId: organization.externalId,
      sessionTags: zone.pipelines?.sessionTags ?? {},
    });
    for (const store of plan.keyStores) new CustomKeyStore(this, store, providers);
    for (const key of plan.keys) new CustomerManagedKey(this, key, providers, this.policies, this.lifecycle);
    const iamRegion = regionForIam(plan);
    const lookups = new KeyLookups(this, providers);
    for (const policy of plan.consumerPolicies) {
      new ConsumerPolicy(this, policy, iamRegion, providers, this.policies, lookups);
    }
    for (const grant of plan.userGrants) addUserGrant(this, grant, providers, lookups);
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    const { account, zone, keys, keyStores, consumerPolicies, userGrants } = this.#plan;
    return {
      account: account.name,
      accountId: account.id,
      organization: account.organization.name,
      ou: account.ouPath,
      zone: zone.name,
      keys: Object.fromEntries(
        keys.map((key) => [
          `${key.id}_${key.region}`,
          {
            alias: key.alias,
            ...(key.aliases.length < 2 ? {} : { aliases: key.aliases.map(({ name }) => name) }),
            dataClass: key.dataClass,
            ...stepsOf(key),
            why: reasonLines([...key.why, ...key.replicas.flatMap((replica) => replica.why)]),
            sources: key.sources,
            ...recordsOf(key),
            ...(key.requests.length === 0 ? {} : { requests: requestsOf(key) }),
            grants: Object.fromEntries(
              key.grants.map((grant) => [grant.id, { expires: grant.expires, why: reasonLines(grant.why) }]),
            ),
          },
        ]),
      ),
      ...(keyStores.length === 0
        ? {}
        : {
            keyStores: Object.fromEntries(
              keyStores.map(({ id, why, sources }) => [id, { why: reasonLines(why), sources }]),
            ),
          }),
      consumerPolicies: Object.fromEntries(
        consumerPolicies.map((policy) => [
          policy.id,
          { why: reasonLines(policy.why), keys: policy.keys, sources: policy.sources },
        ]),
      ),
      ...(userGrants.length === 0
        ? {}
        : {
            userGrants: Object.fromEntries(
              userGrants.map(({ id, expires, why, key, sources }) => [
                id,
                { expires, why: reasonLines(why), key, sources },
              ]),
            ),
          }),
    };
  }
}

/** Where a key and its replicas are in their lives, and since when; nothing for those in use. */
function stepsOf({ step, days, replicas, replaced }: PlannedKey): Readonly<Record<string, unknown>> {
  const others = replicas.filter((replica) => replica.step !== "in-use");
  const dated = replicas.filter((replica) => replica.days.size > 0);
  return {
    ...(step === "in-use" ? {} : { step }),
    ...(others.length === 0
      ? {}
      : { replicaSteps: Object.fromEntries(others.map((replica) => [replica.region, replica.step])) }),
    ...(days.size === 0 ? {} : { days: Object.fromEntries(days) }),
    ...(dated.length === 0
      ? {}
      : {
          replicaDays: Object.fromEntries(dated.map((replica) => [replica.region, Object.fromEntries(replica.days)])),
        }),
    ...(replaced === undefined ? {} : { replaced }),
  };
}

/** What people did with a key outside of Terraform, and the aliases that are told to go. */
function recordsOf(key: PlannedKey): Readonly<Record<string, unknown>> {
  const { rotatedOnDemand, droppedAliases } = key;
  const material = [key, ...key.replicas].flatMap((each) =>
    each.material === undefined ? [] : [[each.region, each.material]],
  );
  return {
    ...(rotatedOnDemand.length === 0 ? {} : { rotatedOnDemand }),
    ...(material.length === 0 ? {} : { material: Object.fromEntries(material) }),
    ...(droppedAliases.length === 0 ? {} : { droppedAliases }),
  };
}

/** What each account asks of a key, by the account's id: for reports of cost and quotas. */
function requestsOf({ requests }: PlannedKey): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    requests.map(({ accountId, perMonth, peakPerSecond }) => [accountId, { perMonth, peakPerSecond }]),
  );
}

/** IAM is global. The home Region where it is in use, else one that is: another Region would be another process. */
function regionForIam({ account, keys, keyStores }: AccountPlan): string {
  const { homeRegion } = account.organization;
  const used = [
    ...keys.flatMap((key) => [key.region, ...key.replicas.map((replica) => replica.region)]),
    ...keyStores.map(({ region }) => region),
  ].sort(nameOrder);
  return used.includes(homeRegion) ? homeRegion : (used[0] ?? homeRegion);
}

function reasonLines(reasons: readonly Reason[]): string[] {
  return reasons.map(({ reason, principle }) => `${principle}: ${reason}`);
}
