import type { KeyMetadata } from "../access/synthesized-stack";
import type { KeyStep, StepDays } from "../aws/key-step";
import { uniqueNames } from "../aws/name-order";
import { changeIn } from "./compared-change";
import type { ComparedChange } from "./comparer";
import { resourceIdOf } from "./key-identity";
import type { PairedKeys } from "./pair-keys";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";

/** What the map records of the ends of keys, where no key of the stack shows it. */
export function compareKeySteps(keys: PairedKeys, pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const coming = new Set([...keys.added, ...keys.removed].map(({ address }) => resourceIdOf(address)));
  const staying = new Set(keys.pairs.map(({ after: key }) => resourceIdOf(key.address)));
  const [old, fresh] = [before.metadata.keys, after.metadata.keys];
  return uniqueNames([...old.keys(), ...fresh.keys()]).flatMap((id): ComparedChange[] => {
    const [was, is] = [old.get(id), fresh.get(id)];
    if (was === undefined || coming.has(id)) return [];
    return stepTexts(was, is, staying.has(id)).map(({ detail, what, isBack }) =>
      changeIn(
        pair,
        {
          id: "key-step-changed",
          ...(isBack ? { risk: "high" as const } : {}),
          detail,
          resource: is?.alias ?? was.alias ?? id,
          what,
          whatToDo: isBack ? "make sure that nobody has taken the step in AWS already" : "",
        },
        context,
      ),
    );
  });
}

interface StepText {
  readonly detail: string;
  readonly what: string;
  readonly isBack: boolean;
}

const order: readonly (KeyStep | undefined)[] = ["in-use", "disabled", "scheduled", "gone"];

function stepTexts(was: KeyMetadata, is: KeyMetadata | undefined, isStaying: boolean): StepText[] {
  if (is === undefined) {
    if (isStaying) return [];
    return [
      { detail: "map", what: `leaves the map, where it was ${stepOf(was.step)}`, isBack: was.step === "scheduled" },
    ];
  }
  const regions = uniqueNames([...was.replicaSteps.keys(), ...is.replicaSteps.keys()]);
  const replicaDays = uniqueNames([...was.replicaDays.keys(), ...is.replicaDays.keys()]);
  return [
    ...stepText("", was.step, is.step),
    ...regions.flatMap((region) =>
      stepText(
        `replica in ${region}`,
        was.replicaSteps.get(region) ?? "in-use",
        is.replicaSteps.get(region) ?? "in-use",
      ),
    ),
    ...dayTexts("", was.days, is.days),
    ...replicaDays.flatMap((region) =>
      dayTexts(`replica in ${region}`, was.replicaDays.get(region), is.replicaDays.get(region)),
    ),
  ];
}

function stepText(of: string, was: KeyStep | undefined, is: KeyStep | undefined): StepText[] {
  if (was === is) return [];
  const isBack = order.indexOf(is) >= 0 && order.indexOf(is) < order.indexOf(was);
  const subject = of === "" ? "" : `its ${of} `;
  return [{ detail: `${of} step`.trim(), what: `${subject}is ${stepOf(is)}: it was ${stepOf(was)}`, isBack }];
}

/** Days that a step brings with it are told with the step. */
function dayTexts(of: string, was: StepDays | undefined, is: StepDays | undefined): StepText[] {
  const subject = of === "" ? "its" : `its ${of}'s`;
  return [...(was ?? [])].flatMap(([step, day]) => {
    const next = is?.get(step);
    if (next === undefined || next === day) return [];
    return [
      {
        detail: `${of} ${step} day`.trim(),
        what: `has another day for ${subject} step ${step}: ${next}, and it was ${day}`,
        isBack: next < day,
      },
    ];
  });
}

function stepOf(step: KeyStep | undefined): string {
  return step ?? "at a step that is none";
}
