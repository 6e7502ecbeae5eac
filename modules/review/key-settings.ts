import { blocksOf } from "../access/json-parts";
import { preventsDestroy } from "../access/prevents-destroy";
import type { Fields } from "../access/stack-reading";
import { isSame } from "../continuity/stack-json/changed-entries";
import type { Severity } from "../findings/finding";
import type { ReviewId } from "./review-ids";
import { valueWords } from "./words";

/** What a change of a key's arguments means. */
export interface SettingChange {
  readonly id: ReviewId;
  readonly risk: Severity;
  readonly what: string;
  readonly whatToDo: string;
}

/** One thing that arguments of a key say. */
interface KeySetting {
  readonly arguments: readonly string[];
  readonly compare: (before: Fields, after: Fields) => SettingChange | undefined;
}

/** How AWS rotates when nothing is said: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
const ROTATION_DAYS = 365;
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const WINDOW_DAYS = 30;

/** Everything of a key or replica that can be another without its being another key; policy, tags and the rest have places of their own. */
export const keySettings: readonly KeySetting[] = [
  { arguments: ["enabled", "is_enabled"], compare: compareEnabled },
  { arguments: ["enable_key_rotation", "rotation_period_in_days"], compare: compareRotation },
  { arguments: ["deletion_window_in_days"], compare: compareWindow },
  { arguments: ["description"], compare: compareDescription },
  { arguments: ["lifecycle"], compare: compareProtection },
];

function compareEnabled(before: Fields, after: Fields): SettingChange | undefined {
  const [was, is] = [isEnabled(before), isEnabled(after)];
  if (was === is || was === undefined || is === undefined) return undefined;
  return is
    ? { id: "key-enabled", risk: "medium", what: "can be used again: it was disabled", whatToDo: "" }
    : {
        id: "key-disabled",
        risk: "high",
        what: "is disabled: nobody can use it, and everything under it stays",
        whatToDo:
          "make sure that nothing needs it; the break-glass role disables it before the apply (docs/lifecycle.md#end)",
      };
}

/** Primaries that Terraform imports no material for say `is_enabled`, all others `enabled`. @default true */
function isEnabled({ is_enabled: primary, enabled }: Fields): boolean | undefined {
  return booleanOf(primary ?? enabled, true);
}

function compareRotation(before: Fields, after: Fields): SettingChange | undefined {
  const [was, is] = [rotationDays(before), rotationDays(after)];
  if (was === undefined || is === undefined || was === is) return undefined;
  if (is === 0) return rotation("high", `no longer rotates by itself: every ${was} days until then`);
  if (was === 0) return rotation("low", `rotates every ${is} days: not by itself until then`);
  return rotation(is > was ? "medium" : "low", `rotates every ${is} days: every ${was} until then`);
}

function rotation(risk: Severity, what: string): SettingChange {
  return { id: "rotation-changed", risk, what, whatToDo: "" };
}

/** 0 for a key that does not; undefined where nobody can tell. */
function rotationDays({ enable_key_rotation: isOn, rotation_period_in_days: days }: Fields): number | undefined {
  const on = booleanOf(isOn, false);
  return on === false ? 0 : on === undefined ? undefined : numberOf(days, ROTATION_DAYS);
}

function compareWindow(before: Fields, after: Fields): SettingChange | undefined {
  const [was, is] = [before, after].map(({ deletion_window_in_days: days }) => numberOf(days, WINDOW_DAYS));
  if (was === undefined || is === undefined || was === is) return undefined;
  return {
    id: "deletion-window-changed",
    risk: is < was ? "medium" : "low",
    what: `leaves ${is} days to cancel its deletion: ${was} until then`,
    whatToDo: "",
  };
}

function compareDescription(before: Fields, after: Fields): SettingChange | undefined {
  if (isSame(before.description, after.description)) return undefined;
  const [was, is] = [valueWords(before.description), valueWords(after.description)];
  return {
    id: "description-changed",
    risk: "information",
    what: `has another description${was === undefined || is === undefined ? "" : `: ${was} becomes ${is}`}`,
    whatToDo: "",
  };
}

/** Whatever else a lifecycle says is told as it stands. */
function compareProtection(before: Fields, after: Fields): SettingChange | undefined {
  const [was, is] = [preventsDestroy(before), preventsDestroy(after)];
  if (was === is || !isSame(otherRules(before), otherRules(after))) return undefined;
  return is
    ? { id: "protection-changed", risk: "low", what: "is protected: Terraform refuses to destroy it", whatToDo: "" }
    : {
        id: "protection-changed",
        risk: "high",
        what: "is no longer protected: Terraform may destroy it",
        whatToDo: "put prevent_destroy back, unless the key is being ended",
      };
}

function otherRules({ lifecycle }: Fields): unknown {
  return blocksOf(lifecycle)
    .map(({ prevent_destroy: _, ...others }) => others)
    .filter((rules) => Object.keys(rules).length > 0);
}

/** Terraform takes the text for the value; undefined for an expression. */
function booleanOf(value: unknown, otherwise: boolean): boolean | undefined {
  if (value === undefined || value === null) return otherwise;
  return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
}

function numberOf(value: unknown, otherwise: number): number | undefined {
  if (value === undefined || value === null) return otherwise;
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
