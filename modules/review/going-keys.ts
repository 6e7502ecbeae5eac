import type { StackKey } from "../access/synthesized-stack";
import { accessOfKey } from "./access/access-of-key";
import { changeIn, pointerTo } from "./compared-change";
import type { ComparedChange } from "./comparer";
import { explainedFamily, familyOf } from "./key-family";
import { keyIdentity, resourceIdOf } from "./key-identity";
import { keyWords } from "./key-words";
import { mergeAccess } from "./merge-regions";
import type { PairedKeys } from "./pair-keys";
import type { ReviewedAccess } from "./review";
import { accountName, type ReviewContext } from "./review-context";
import type { PairedStack, StackPair } from "./stack-pair";

/** Keys and replicas that base alone has. What goes with its whole stack is told of that. */
export function goingKeys({ removed }: PairedKeys, pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const fate = new Map(removed.map((key) => [key.address, isLetGo(key, after)]));
  return removed
    .filter((key) => key.primary === undefined || fate.get(key.primary) !== fate.get(key.address))
    .map((key) => {
      const family = familyOf(key, before);
      // A replica that stays, or ends another way, is told by itself.
      const replicas = family.replicas.filter(({ address }) => fate.get(address) === fate.get(key.address));
      const going = { ...family, replicas };
      return changeIn(
        pair,
        {
          ...(fate.get(key.address) === true ? letGo(key, pair, context) : deleted(key, before, context)),
          regions: [key, ...replicas].map(({ region }) => region).sort(),
          address: key.address,
          resource: keyWords(key, before),
          access:
            fate.get(key.address) === true
              ? []
              : mergeAccess([key, ...replicas].flatMap((each) => accessOfKey(each, before, pair, context))).map(lost),
          at: [pointerTo(key.address)],
          explains: explainedFamily(going),
        },
        context,
      );
    });
}

function isLetGo({ address }: StackKey, after: PairedStack): boolean {
  return after.removals.some((removal) => removal.address === address);
}

function lost(access: ReviewedAccess): ReviewedAccess {
  return { ...access, effect: "loses", outside: undefined };
}

type Told = Pick<Parameters<typeof changeIn>[1], "id" | "risk" | "what" | "whatToDo">;

function letGo(key: StackKey, { after }: StackPair, context: ReviewContext): Told {
  if (key.kind === "replica") {
    const { primary = "" } = key;
    const step = after?.metadata.keys.get(resourceIdOf(primary))?.replicaSteps.get(key.region);
    return {
      id: "replica-removed",
      risk: "medium",
      what: `is let go${stepWords(step)}: Terraform leaves the replica as it is, and its data is readable with the primary`,
      whatToDo: "",
    };
  }
  const metadata = after?.metadata.keys.get(resourceIdOf(key.address));
  const moved = newOwner(key, context);
  if (moved !== undefined) {
    return {
      id: "key-moved",
      risk: "high",
      what: `is let go${stepWords(metadata?.step)} and stays in AWS as it is; ${moved} gets a new key of this name, which decrypts nothing of it`,
      whatToDo: "make sure that its data is encrypted anew (docs/lifecycle.md#move-to-another-zone)",
    };
  }
  return {
    id: "key-let-go",
    what: `is let go${stepWords(metadata?.step)}: Terraform leaves the key as it is, and nothing looks after it from then on`,
    whatToDo:
      metadata?.step === "scheduled"
        ? "make sure that no data is under it that anybody needs: the break-glass role schedules its deletion after the apply (docs/lifecycle.md#end)"
        : "make sure that somebody has it from then on (docs/lifecycle.md#hand-over)",
  };
}

function stepWords(step: string | undefined): string {
  return step === undefined || step === "in-use" ? "" : ` (${step})`;
}

function deleted(key: StackKey, before: PairedStack, context: ReviewContext): Told {
  if (key.kind === "replica") {
    return {
      id: "replica-removed",
      what: "is deleted: what runs in its Region cannot read its data, which is readable with the primary",
      whatToDo: "put it back, or end it in steps (docs/lifecycle.md#end)",
    };
  }
  const { deletion_window_in_days: days = 30 } = key.arguments;
  const moved = newOwner(key, context);
  const lostData = `AWS deletes it after ${String(days)} days, and all data under it is lost for good`;
  const whatToDo = "put it back, or end it in steps (docs/lifecycle.md#end); a new name is recorded as formerly";
  return moved === undefined
    ? { id: "key-removed", what: `is gone from stack ${before.name}: ${lostData}`, whatToDo }
    : {
        id: "key-moved",
        what: `is gone: ${lostData}; ${moved} gets a new key of this name, which decrypts nothing of it`,
        whatToDo,
      };
}

/** The account that has a key of the same identity, or of the same alias, at head and had none at base. */
function newOwner(key: StackKey, context: ReviewContext): string | undefined {
  const old = context.base.keysCalled(keyIdentity(key.address)).find(({ address }) => address === key.address);
  const names = [keyIdentity(key.address), ...(old?.aliases ?? [])];
  for (const name of names) {
    const had = new Set(context.base.keysCalled(name).map(({ accountId }) => accountId));
    const found = context.head.keysCalled(name).find(({ kind, accountId }) => kind === "key" && !had.has(accountId));
    if (found !== undefined) return `account ${accountName(found.accountId, context) ?? found.accountId}`;
  }
  return undefined;
}
