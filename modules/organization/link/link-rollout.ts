import { inNameOrder } from "../../aws/name-order";
import { stackSetLimits } from "../../aws/stack-set-limits";
import type { Account } from "../organization-map";
import type { BuiltInTemplate, Rollout, RolloutQuantity } from "../rollout";
import type { RolloutFile } from "../schema/rollouts-schema";
import { UNKNOWN_ZONE } from "./known-accounts";
import { linkRolloutRegions } from "./link-rollout-regions";
import { linkRolloutTargets } from "./link-rollout-targets";
import type { RolloutContext } from "./rollout-context";
import { isBuiltIn } from "./rollout-templates";

/** One rollout with its defaults filled in; what depends on its zone alone is left to the caller. */
export type LinkedRollout = Omit<Rollout, "ownTemplate" | "administrator" | "source">;

/** Fields that go with some templates only. */
const fieldsOfTemplates: readonly (readonly [field: keyof RolloutFile, template: BuiltInTemplate, why: string])[] = [
  ["replicas", "baseline-keys", "only baseline-keys makes keys that have replicas"],
  ["busAccount", "key-events", "only key-events has a bus"],
  ["archiveDays", "key-events", "only key-events has a bus"],
];

/** What a StackSet's name can end in, where a rollout takes several of them. */
const longestEnding = "-replicas-accounts-99";

export function linkRollout(context: RolloutContext): LinkedRollout {
  const { zone, template, entry } = context;
  checkFields(context);
  checkNames(context);
  if (template === "access-roles") checkPipelines(context);
  if (template === "baseline-keys") checkBaseline(context);
  return {
    name: `${zone.name}.${template}`,
    zone: zone.name,
    template,
    ...linkRolloutTargets(context),
    ...linkRolloutRegions(context),
    canary: entry.canary ?? true,
    concurrency: quantityOf(entry.concurrency ?? 1),
    failureTolerance: quantityOf(entry.failureTolerance ?? 0),
    concurrencyMode: entry.concurrencyMode ?? "strict",
    regionConcurrency: entry.regionConcurrency ?? "sequential",
    autoDeployment: entry.autoDeployment ?? true,
    retain: entry.retain ?? !(template === "access-roles" || template === "key-events"),
    busAccount: template === "key-events" ? linkBusAccount(context) : undefined,
    archiveDays: entry.archiveDays,
    parameters: Object.fromEntries(inNameOrder(entry.parameters ?? {})),
  };
}

function quantityOf(quantity: number | string): RolloutQuantity {
  return typeof quantity === "number" ? { count: quantity } : { percentage: Number(quantity.slice(0, -1)) };
}

function checkFields({ template, entry, has, report }: RolloutContext): void {
  for (const [field, owner, why] of fieldsOfTemplates) {
    if (template === owner || !has(field)) continue;
    report([field], `means nothing for ${template}: ${why}`, "leave it out", true);
  }
  if (isBuiltIn(template) && has("parameters")) {
    const message = `means nothing for ${template}, which takes everything from the map`;
    report(["parameters"], message, "leave it out: parameters are for templates of your own", true);
  }
  if (template === "baseline-keys" && entry.retain === false) {
    const fix = "leave it out: what was encrypted under a key is lost with it";
    report(["retain"], "must be true: keys stay in an account that leaves the OUs", fix);
  }
}

/** Zone, template and wave become the names of StackSets, with room for what tells several of them apart. */
function checkNames({ zone, template, entry, report }: RolloutContext): void {
  const most = stackSetLimits.nameLength - longestEnding.length;
  const name = `orgkeys-${zone.name}-${template}`;
  const fix = "shorten the name of the zone, of the template or of the wave";
  if (name.length > most) {
    report([], `gives a StackSet a name of ${name.length} characters (${name}), and ${most} is the most`, fix, true);
    return;
  }
  for (const [index, wave] of (entry.waves ?? []).entries()) {
    const ofWave = `${name}-${wave.name}`;
    if (ofWave.length <= most) continue;
    const message = `gives a StackSet a name of ${ofWave.length} characters (${ofWave}), and ${most} is the most`;
    report(["waves", index, "name"], message, fix);
  }
}

/** A role that nobody can assume is of no use, and AWS refuses a trust policy that names an account it does not know. */
function checkPipelines({ zone, zoneHas, report }: RolloutContext): void {
  if (zone.pipelines === undefined) {
    if (zoneHas("pipelines")) return;
    const fix = "say there who may assume the roles, as in pipelines: {deploy: [...], audit: [...]}";
    report([], `needs pipelines of zone ${zone.name} in zones.yaml`, fix, true);
    return;
  }
  const pending = [...zone.pipelines.deploy, ...zone.pipelines.audit].find(({ status }) => status !== "active");
  if (pending === undefined) return;
  const message = `trusts ${pending.name} of account ${pending.account.name} in the zone's pipelines, and AWS refuses a trust policy with an account that is ${pending.status}`;
  report([], message, "take it out of pipelines until the account is active", true);
}

function checkBaseline({ dataClasses, entry, report }: RolloutContext): void {
  const baseline = dataClasses?.filter((dataClass) => dataClass.key === "baseline");
  if (baseline === undefined) return;
  if (baseline.length === 0) {
    const fix = "add one to data-classes.yaml, with per: account and deliver: rollout";
    report([], "has no keys to bring: no data class has deliver: rollout", fix, true);
  } else if (entry.replicas !== undefined && !baseline.some(({ multiRegion }) => multiRegion)) {
    const message = "asks for replicas of keys that can have none: no data class with deliver: rollout is multiRegion";
    report(["replicas"], message, "leave it out", true);
  }
}

/** The account with the zone's bus: it has to be there before the rules that send to it. */
function linkBusAccount({ zone, accounts, entry, has, zoneHas, report }: RolloutContext): Account | undefined {
  if (!has("busAccount")) {
    const account = zone.keyManagementAccount;
    if (account === undefined && !zoneHas("keyManagementAccount")) {
      report([], "has no account for its bus: the zone has no keyManagementAccount", "add busAccount", true);
    } else if (account !== undefined && account.status !== "active") {
      const message = `has its bus in the key management account ${account.name}, which is ${account.status}`;
      report([], message, "name an active account of the zone in busAccount", true);
    }
    return account;
  }
  if (entry.busAccount === undefined) return undefined;
  const at = ["busAccount"];
  const account = accounts.byName.get(entry.busAccount);
  if (account === undefined) {
    if (!accounts.mayHave(entry.busAccount)) {
      report(at, "is not an account of this map", accounts.suggest(entry.busAccount));
    }
  } else if (account.zone !== zone.name && account.zone !== UNKNOWN_ZONE) {
    const fix = `name an account of zone ${zone.name}: zones are independent key domains`;
    report(at, `is in zone ${account.zone}, not in zone ${zone.name}`, fix);
  } else if (account.status !== "active") {
    report(at, `is ${account.status}, and the bus has to be there first`, "name an active account of the zone");
  }
  return account;
}
