import { iamLimits, kmsLimits } from "../aws/kms-limits";
import { kmsQuotas } from "../aws/kms-quotas";
import { organizationsLimits } from "../aws/organizations-limits";
import type { ComparedChange, Comparer } from "./comparer";
import { keyWords } from "./key-words";
import { placeIn, type ReviewContext } from "./review-context";
import type { PairedStack } from "./stack-pair";

/** What comes near to a quota of AWS by the change: what was near before, and does not grow, is nobody's news. */
export const compareQuotas: Comparer = (pair, context) => {
  const { before, after } = pair;
  if (after === undefined) return [];
  const former = new Map(usesOf(before, "base", context).map((use) => [use.id, use.used]));
  return usesOf(after, "head", context).flatMap((use): ComparedChange[] => {
    const was = former.get(use.id) ?? 0;
    if (use.used <= was || use.used < use.quota * NEAR) return [];
    const over = use.used > use.quota;
    const share = Math.floor((use.used / use.quota) * 100);
    return [
      {
        id: "quota-near",
        risk: use.used >= use.quota ? "high" : "medium",
        place: placeIn(pair, use.place, context),
        detail: use.what,
        what: `has ${numberText(use.used)} of at most ${numberText(use.quota)} ${use.what}${was === 0 ? "" : `, ${numberText(was)} before`} (${share} %)${over ? ": AWS refuses it" : ""}`,
        whatToDo: use.whatToDo,
        access: [],
        lines: use.path === undefined ? [] : [{ side: "head", stack: after.name, path: use.path }],
        explains: [],
      },
    ];
  });
};

/** Share of a quota from which one more change of the same kind may be one too many. */
const NEAR = 0.8;

interface QuotaUse {
  /** The same on both sides. */
  readonly id: string;
  /** `bytes of key policy` */
  readonly what: string;
  readonly used: number;
  readonly quota: number;
  readonly place: Parameters<typeof placeIn>[1];
  readonly path: string | undefined;
  readonly whatToDo: string;
}

function usesOf(stack: PairedStack | undefined, side: "base" | "head", context: ReviewContext): QuotaUse[] {
  if (stack === undefined) return [];
  return [...ofKeys(stack), ...ofPolicies(stack), ...ofGuardrails(stack), ...ofAccount(stack, context[side])];
}

const askAws = "ask AWS for a higher quota in Service Quotas first";

function ofKeys(stack: PairedStack): QuotaUse[] {
  return stack.keys.flatMap((key) => {
    const { address, region, path } = key;
    const place = { regions: [region], address, resource: keyWords(key, stack) };
    const of = (what: string, used: number, quota: number, whatToDo: string): QuotaUse => ({
      id: `${address} ${what}`,
      what,
      used,
      quota,
      place,
      path,
      whatToDo,
    });
    const aliases = stack.aliases.filter((alias) => alias.target === address && alias.region === region);
    return [
      of(
        "bytes of key policy",
        key.policy?.bytes ?? 0,
        kmsLimits.keyPolicyBytes,
        "give fewer principals this key, or split it by workload; AWS raises this limit for nobody",
      ),
      of("grants", key.grants.length, kmsQuotas.grantsPerKey, askAws),
      of("aliases", aliases.length, kmsQuotas.aliasesPerKey, `drop names that nobody uses, or ${askAws}`),
    ];
  });
}

function ofPolicies({ identityPolicies }: PairedStack): QuotaUse[] {
  return identityPolicies.map(({ address, name, path, policy }) => ({
    id: address,
    what: "characters of managed policy",
    used: policy?.bytes ?? 0,
    quota: iamLimits.managedPolicyCharacters,
    place: { address, resource: `policy ${name}` },
    path,
    whatToDo: "let the principal use fewer keys, or split its duties over two; AWS raises this limit for nobody",
  }));
}

function ofGuardrails({ guardrails }: PairedStack): QuotaUse[] {
  return guardrails.map(({ address, kind, name, path, policy }) => ({
    id: address,
    what: "characters of policy",
    used: policy?.bytes ?? 0,
    quota: organizationsLimits.policyCharacters,
    place: { address, resource: `${kind === "resource-control" ? "resource" : "service"} control policy ${name}` },
    path,
    whatToDo: "give the zone whole OUs in place of single accounts; AWS raises this limit for nobody",
  }));
}

/** Quotas are of an account and a Region, whatever stacks have what counts. */
function ofAccount(stack: PairedStack, index: ReviewContext["head"]): QuotaUse[] {
  const { accountId, metadata, keyStores } = stack;
  if (accountId === undefined || metadata.kind !== "account") return [];
  const perRegion = (what: string, regions: readonly string[], quota: number, whatToDo: string): QuotaUse[] =>
    [...new Set(regions)].map((region) => ({
      id: `${region} ${what}`,
      what: `${what} in ${region}`,
      used: regions.filter((each) => each === region).length,
      quota,
      place: { regions: [region], resource: `account ${metadata.account ?? accountId}` },
      path: undefined,
      whatToDo,
    }));
  const keys = index.keysOf(accountId).map(({ region }) => region);
  const stores = keyStores.map(({ region }) => region);
  return [
    ...perRegion("keys", keys, kmsQuotas.keysPerRegion, askAws),
    ...perRegion("key stores", stores, kmsQuotas.keyStoresPerRegion, askAws),
  ];
}

/** `32,768` */
function numberText(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
