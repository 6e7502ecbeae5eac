import { policyJson } from "../access/policy-json";
import { readPolicyText } from "../access/policy-text";
import { isSamePolicy } from "../access/same-policy";
import { waitsForDeletion } from "../aws/key-state";
import type { KeyStep } from "../aws/key-step";
import { cancelKeyDeletion, enableKey } from "../aws/kms-commands";
import type { DriftId } from "../findings/drift-ids";
import type { KeyAct } from "../live/key-act";
import type { LiveKey, LiveKeyStore } from "../live/live-account";
import { daysLeft } from "./days-left";
import type { Drift, DriftPlace, DriftSubject } from "./drift";
import { type CommandSettings, nextStep } from "./next-step";
import type { ReviewedKey } from "./reviewed/reviewed-key";
import { isMeantEnabled } from "./steps/key-steps";
import { putReviewedPolicy } from "./steps/policy-steps";
import { keyAt } from "./steps/step-parts";
import { isLockedOut, whoRewrites } from "./steps/who-rewrites";

/** One key in one Region, in AWS and in reviewed JSON. */
export interface KeySituation {
  readonly place: DriftPlace & { readonly region: string };
  /** Undefined for a key that no stack has. */
  readonly reviewed: ReviewedKey | undefined;
  /** Undefined where AWS has no such key. */
  readonly live: LiveKey | undefined;
  /** Where the reviewed aliases lead; those that AWS does not have are not in it. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly keyStore: LiveKeyStore | undefined;
  /** Of a key that its stack has let go of, as the map says. */
  readonly letGo: KeyStep | undefined;
}

export interface RecoveryStep {
  /** What is wrong, as drift calls it. */
  readonly id: DriftId;
  /** One line, an instruction. */
  readonly what: string;
  readonly whatToDo: string;
  readonly commands: readonly string[];
  /** Undefined for what people alone can do. */
  readonly act: KeyAct | undefined;
}

/**
 * The way back to a key that can be used as reviewed, in the order in which AWS takes the steps: a key that waits for its deletion is
 * disabled once that is cancelled, and one without material or key store cannot be enabled.
 */
export function planRecovery(situation: KeySituation, settings: CommandSettings): RecoveryStep[] {
  const { live, letGo } = situation;
  if (letGo !== undefined) return [];
  if (live === undefined) return [lostKey(situation, settings)];
  const restored = policy(situation, live, settings);
  return [
    ...cancellation(situation, live, settings),
    ...connection(situation, live, settings),
    ...restored.filter(({ act }) => act !== undefined),
    ...material(situation, live, settings),
    ...enabling(situation, live, settings),
    ...aliases(situation, live, settings),
    // Nothing else waits for a policy that nobody here can read or write out.
    ...restored.filter(({ act }) => act === undefined),
  ];
}

/** The state in words, with what is lost and when. */
export function stateText(situation: KeySituation, now: string): string {
  const { letGo } = situation;
  const meant = letGo === undefined ? "" : `; the map has it as ${letGo}: docs/lifecycle.md#cancel has the way back`;
  return `${ownState(situation, now)}${meant}`;
}

function ownState({ live, reviewed, keyStore }: KeySituation, now: string): string {
  if (live === undefined) {
    return "not there: AWS has deleted it with all data under it, unless a replica is left or it was never made";
  }
  const ended = reviewed !== undefined && !isMeantEnabled(reviewed) ? ", as the map has it" : "";
  switch (live.state) {
    case "Enabled":
      return "Enabled";
    case "Disabled":
      return `Disabled${ended}: nobody can use it, and nothing is lost`;
    case "PendingDeletion":
      return `PendingDeletion: AWS deletes it ${deletionText(live.deletedAt, now)}, and all data under it is lost for good`;
    case "PendingReplicaDeletion":
      return "PendingReplicaDeletion: AWS deletes it, and all data under it, when its last replica is gone and its window over";
    case "PendingImport":
      return "PendingImport: it has no material, and nobody can use it; where it has had any, without the very same material its data is lost for good";
    case "Unavailable":
      return `Unavailable: its key store ${keyStore === undefined ? "cannot be reached" : `${keyStore.name} is ${keyStore.connectionState}`}`;
    default:
      return `${live.state}: AWS is at work on it`;
  }
}

function deletionText(at: string | undefined, now: string): string {
  if (at === undefined) return "on a day that it does not tell";
  const days = daysLeft(at, now);
  return `on ${at} (${days === 0 ? "less than a day" : days === 1 ? "1 day" : `${days} days`} left)`;
}

function lostKey(situation: KeySituation, settings: CommandSettings): RecoveryStep {
  const id = situation.reviewed?.kind === "replica" ? "replica-missing" : "key-missing";
  return step(situation, settings, id, {}, "find out what became of it", undefined);
}

function cancellation(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  const at = keyAt(driftOf(situation, "key-pending-deletion", {}));
  if (!waitsForDeletion(live.state) || at === undefined) return [];
  const made = step(situation, settings, "key-pending-deletion", {}, "cancel its deletion", { do: "cancel-deletion" });
  return [{ ...made, commands: [cancelKeyDeletion(at)] }];
}

function connection(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  const { keyStore } = situation;
  if (live.state !== "Unavailable") return [];
  const id = keyStore?.id;
  // While AWS connects there is nothing to do, and a connection that failed has to be mended before.
  const act =
    keyStore?.connectionState === "DISCONNECTED" ? ({ do: "connect-key-store", id: keyStore.id } as const) : undefined;
  const error = keyStore?.connectionError === undefined ? "" : ` (${keyStore.connectionError})`;
  const subject = id === undefined ? {} : { keyStoreId: id };
  return [step(situation, settings, "key-store-disconnected", subject, `connect its key store${error}`, act)];
}

/** A policy that cannot be read is not known to be another: that is for a person to see. */
function policy(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  const { reviewed } = situation;
  if (reviewed?.policy === undefined) return [];
  const read = "value" in live.policy ? readPolicyText(live.policy.value, live.keyId, "key") : undefined;
  if ("value" in live.policy && read !== undefined && isSamePolicy(reviewed.policy, read)) return [];
  if (isLockedOut(live)) {
    return [step(situation, settings, "policy-narrowed", {}, "have AWS Support let the account in again", undefined)];
  }
  const document = policyJson(reviewed.policy);
  const act =
    document === undefined || !("value" in live.policy) ? undefined : ({ do: "put-policy", document } as const);
  const why = "unread" in live.policy ? `; it was not read: ${live.policy.unread}` : "";
  const made = step(situation, settings, "policy-narrowed", {}, "put the reviewed policy back", act);
  return [
    {
      ...made,
      whatToDo: `the policy in AWS is not the reviewed one${why}. It can be changed by ${whoRewrites(live)}`,
      commands: putReviewedPolicy(driftOf(situation, "policy-narrowed", {})),
    },
  ];
}

function material(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  if (live.state !== "PendingImport") return [];
  return [step(situation, settings, "key-pending-import", {}, "import its material", undefined)];
}

function enabling(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  const { reviewed } = situation;
  const at = keyAt(driftOf(situation, "key-disabled", {}));
  if (live.state !== "Disabled" && !waitsForDeletion(live.state)) return [];
  if ((reviewed !== undefined && !isMeantEnabled(reviewed)) || at === undefined) return [];
  const made = step(situation, settings, "key-disabled", {}, "enable it", { do: "enable" });
  return [{ ...made, commands: [enableKey(at)] }];
}

function aliases(situation: KeySituation, live: LiveKey, settings: CommandSettings): RecoveryStep[] {
  return (situation.reviewed?.aliases ?? []).flatMap(({ name, address }): RecoveryStep[] => {
    const leadsTo = situation.aliases.get(name);
    if (leadsTo === live.keyId) return [];
    const named = { ...situation, place: { ...situation.place, address, resource: name } };
    if (leadsTo === undefined) {
      const act = { do: "create-alias", alias: name } as const;
      return [step(named, settings, "alias-missing", { aliasName: name }, `make ${name}`, act)];
    }
    const subject = { aliasName: name, alias: { name, keyId: leadsTo } };
    const act = { do: "update-alias", alias: name, from: leadsTo } as const;
    return [step(named, settings, "alias-moved", subject, `lead ${name} back to it, from ${leadsTo}`, act)];
  });
}

function driftOf({ place, reviewed, live }: KeySituation, id: DriftId, subject: DriftSubject): Drift {
  const both = {
    ...(reviewed === undefined ? {} : { reviewedKey: reviewed }),
    ...(live === undefined ? {} : { key: live }),
  };
  return { id, place, detail: [], why: "", subject: { ...both, ...subject } };
}

function step(
  situation: KeySituation,
  settings: CommandSettings,
  id: DriftId,
  subject: DriftSubject,
  what: string,
  act: KeyAct | undefined,
): RecoveryStep {
  return { id, what, act, ...nextStep(driftOf(situation, id, subject), settings) };
}
