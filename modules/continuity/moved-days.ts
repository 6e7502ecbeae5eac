import type { KeyStep, StepDays } from "../aws/key-step";
import { lifecycleLines, partsOf } from "./lifecycle-lines";
import type { Refusal } from "./refusal";
import type { StackRecord } from "./stack-record";

/** Of the steps in which a key ends, each of which begins a wait or ends one. */
const dated: readonly KeyStep[] = ["disabled", "scheduled", "gone"];
const none: StepDays = new Map();

/**
 * Days of a key's end that are earlier than they were. The waits between the steps are counted from them, and whoever moves one back
 * after it was reviewed waits less than anybody agreed to.
 */
export function movedDays(before: StackRecord, after: StackRecord): Refusal[] {
  return [...before.metadata].flatMap(([id, was]): Refusal[] => {
    const is = after.metadata.get(id);
    if (is === undefined) return [];
    const [ownWas, ownIs] = [was.days ?? none, is.days ?? none];
    const { identity, region: primary } = partsOf(id);
    const refuse = (region: string, earlier: readonly Earlier[], standing: StepDays): Refusal[] => {
      if (earlier.length === 0) return [];
      const decommission = `decommission: {${dated.flatMap((step) => (standing.has(step) ? [`${step}: ${standing.get(step)}`] : [])).join(", ")}}`;
      const record = region === primary ? decommission : `replicas: {${region}: {${decommission}}}`;
      return [
        {
          id: "day-moved-back",
          severity: "critical",
          where: `${before.account} ${identity}_${region}`,
          why: `${earlier.map(({ step, from, to }) => `is ${step} since ${from} and would be since ${to}`).join("; ")}: what has to be waited for after that day would be over too early`,
          sources: was.sources,
          whatToDo: "put the day back: one that is too late loses nothing but time",
          lines: lifecycleLines(before, { identity, region: primary, owner: undefined }, record),
        },
      ];
    };
    const ofKey = earlierDays(ownWas, ownIs);
    const regions = new Set([...was.replicaDays.keys(), ...is.replicaDays.keys()]);
    return [
      ...refuse(primary, ofKey, ownWas),
      ...[...regions].flatMap((region) => {
        const standing = earliest(ownWas, was.replicaDays.get(region));
        const moved = earlierDays(standing, earliest(ownIs, is.replicaDays.get(region)));
        // What moved with its primary is said there.
        return refuse(
          region,
          moved.filter(({ step, to }) => to !== ownIs.get(step) || !ofKey.some((each) => each.step === step)),
          standing,
        );
      }),
    ];
  });
}

interface Earlier {
  readonly step: KeyStep;
  readonly from: string;
  readonly to: string;
}

function earlierDays(was: StepDays, is: StepDays): Earlier[] {
  return dated.flatMap((step) => {
    const [from, to] = [was.get(step), is.get(step)];
    return from === undefined || to === undefined || to >= from ? [] : [{ step, from, to }];
  });
}

/** A replica goes along with its primary, unless it went before. */
function earliest(primary: StepDays, own: StepDays | undefined): StepDays {
  const days = new Map(primary);
  for (const [step, day] of own ?? none) {
    const other = days.get(step);
    if (other === undefined || day < other) days.set(step, day);
  }
  return days;
}
