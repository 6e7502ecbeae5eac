import { waitsForDeletion } from "../../aws/key-state";
import {
  cancelKeyDeletion,
  describeKey,
  disableKey,
  enableKey,
  importKeyMaterial,
  scheduleKeyDeletion,
} from "../../aws/kms-commands";
import type { Drift } from "../drift";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import {
  applyOf,
  awsCommand,
  comment,
  inAccount,
  isTerraforms,
  keyAt,
  lookUp,
  regionWords,
  type StepOf,
} from "./step-parts";

/** The longest that AWS offers: whoever schedules a deletion by hand has no reason to hurry. */
const LONGEST_WINDOW_DAYS = 30;

export const cancelDeletion: StepOf = (drift) => {
  const { key, reviewedKey } = drift.subject ?? {};
  const at = keyAt(drift);
  const isEnded = reviewedKey !== undefined && !isMeantEnabled(reviewedKey);
  const until =
    key?.deletedAt === undefined ? "before its last replica is gone and its window is over" : `before ${key.deletedAt}`;
  const back = isEnded ? "it is then disabled, as the map has it" : "enable it then";
  const material = reviewedKey?.imported === true || key?.origin === "EXTERNAL";
  return {
    whatToDo: `cancel the deletion ${until}, as an administrator or the break-glass role, and before anything is applied; ${back}. From that moment on all data under it is lost for good, and nobody can bring it back, AWS included. Terraform takes such a key for gone: an apply would make another one, and the gate stops it (key-pending-deletion) only where it may read the keys`,
    commands:
      at === undefined
        ? []
        : [
            cancelKeyDeletion(at),
            ...(isEnded ? [] : [enableKey(at)]),
            ...(material
              ? [comment("where it is PendingImport then, its material has to be imported before it can be enabled")]
              : []),
            describeKey(at),
          ],
  };
};

export const enable: StepOf = (drift, settings) => {
  const { reviewedKey } = drift.subject ?? {};
  const at = keyAt(drift);
  // The provider leaves the state of imported material to AWS.
  const heals = isTerraforms(drift) && reviewedKey?.imported !== true;
  const apply = heals ? `; an apply of ${drift.place.stack} does it as well` : "; no apply does it";
  return {
    whatToDo: `enable it as an administrator or the break-glass role, once you know who disabled it and why${apply}; where it is meant, record decommission: {disabled: DAY} in config/lifecycle.yaml`,
    commands:
      at === undefined
        ? []
        : [enableKey(at), ...(heals ? [comment("or:"), ...applyOf(drift, settings).map(comment)] : [])],
  };
};

/** The deploy role may do neither of both: an apply fails on it. */
export const endAgain: StepOf = (drift) => {
  const { reviewedKey } = drift.subject ?? {};
  const at = keyAt(drift);
  const isLetGo = reviewedKey === undefined || (reviewedKey.step !== "disabled" && reviewedKey.enabled);
  if (isLetGo) {
    return {
      whatToDo:
        "schedule its deletion again, as the break-glass role; or, where its data is needed, put adopt in place of scheduled in config/lifecycle.yaml (docs/lifecycle.md#cancel)",
      commands:
        at === undefined ? [] : [scheduleKeyDeletion(at, reviewedKey?.deletionWindowDays ?? LONGEST_WINDOW_DAYS)],
    };
  }
  return {
    whatToDo:
      "disable it as the break-glass role, which no apply can; or, where it is needed, take decommission out of config/lifecycle.yaml and apply",
    commands: at === undefined ? [] : [disableKey(at)],
  };
};

export const importMaterial: StepOf = (drift) => {
  const { key, reviewedKey } = drift.subject ?? {};
  const at = keyAt(drift);
  const isEnded = reviewedKey !== undefined && !isMeantEnabled(reviewedKey);
  const again = isEnded ? "; AWS enables it by that, so disable it again, as the map has it" : "";
  const expired = key?.materialExpiresAt === undefined ? "" : `; it expired on ${key.materialExpiresAt}`;
  return {
    whatToDo: `import its material, from key-material.bin, as an administrator of the key${again}${expired}. Where it has ever had any, that has to be the very same material: AWS refuses any other, and where it is lost the data is lost for good: no key, no backup of AWS and no support brings it back`,
    commands:
      at === undefined
        ? []
        : [
            ...importKeyMaterial(at, undefined),
            ...(isEnded ? [comment("as the break-glass role:"), disableKey(at)] : []),
            comment(
              "material with an end: KEY_MATERIAL_EXPIRES --valid-to DAY, and its day under material in config/lifecycle.yaml",
            ),
          ],
  };
};

export const lookForKey: StepOf = (drift, settings) => {
  const { place, subject } = drift;
  const [alias] = subject?.reviewedKey?.aliases ?? [];
  const aliases = awsCommand(
    "kms",
    "list-aliases",
    ...regionWords(place),
    "--query",
    `Aliases[?AliasName=='${alias?.name ?? ""}']`,
  );
  return {
    whatToDo: `find out what became of it before anything is applied: a key with other tags and without its alias is there still, and is taken over by adopt (docs/lifecycle.md#take-over); a replica that is left reads all its data. If AWS has deleted it and no replica is left, all data under it is lost for good: nothing decrypts it, imported material under a new key neither. An apply would make a new, empty key under its alias, and the gate stops that only where AWS has a key like it (key-exists, key-pending-deletion)`,
    commands: [
      ...(alias === undefined ? [] : [inAccount(place, aliases)]),
      lookUp(place, "EventName", "DeleteKey"),
      lookUp(place, "EventName", "ScheduleKeyDeletion"),
      ...(isTerraforms(drift) && place.stack !== undefined
        ? [comment("only if it was never made, or its data is given up:"), ...applyOf(drift, settings).map(comment)]
        : []),
    ],
  };
};

export const lookIntoDifference: StepOf = (drift) => {
  const { place, subject } = drift;
  return {
    whatToDo:
      "find out which key the data is under, before anything is applied. Neither becomes the other: the reviewed key, where it is there still, gets its alias and its tags back; else the map says what this key is, or a new one replaces it and the data is encrypted anew (docs/lifecycle.md#replace). The gate stops an apply that would replace it (key-replaced)",
    commands: subject?.key === undefined ? [] : [lookUp(place, "ResourceName", subject.key.arn)],
  };
};

/** What ends a key is for one that is not ended yet: AWS refuses to disable or to schedule it again. */
export function unlessEnded(step: StepOf, whatToDo: string): StepOf {
  return (drift, settings) => {
    const { key } = drift.subject ?? {};
    const at = keyAt(drift);
    if (key === undefined || at === undefined || !waitsForDeletion(key.state)) return step(drift, settings);
    const when =
      key.deletedAt === undefined ? "once its last replica is gone and its window is over" : `after ${key.deletedAt}`;
    return {
      whatToDo: `${whatToDo}: its deletion is scheduled, and AWS deletes it ${when}`,
      commands: [
        ...lookAround(drift),
        comment("to keep it, as the break-glass role; it is disabled then:"),
        comment(cancelKeyDeletion(at)),
      ],
    };
  };
}

export function isMeantEnabled({ enabled, step }: ReviewedKey): boolean {
  return enabled && step !== "disabled";
}

export function lookAround(drift: Drift): string[] {
  const { place, subject } = drift;
  if (subject?.key === undefined) return [];
  return [
    lookUp(place, "ResourceName", subject.key.arn),
    awsCommand(
      "kms",
      "list-aliases",
      "--key-id",
      subject.key.arn,
      ...regionWords(place),
      "--query",
      "Aliases[].AliasName",
      "--output",
      "text",
    ),
  ];
}
