import type { Drift, DriftPlace } from "./drift";
import type { DriftFinding } from "./drift-finding";
import { kindOf } from "./drift-kinds";
import { fingerprintOf } from "./fingerprint";
import { type CommandSettings, nextStep } from "./next-step";

/** A drift with its severity, its next step and what it is known by from one night to the next. */
export function findingOfDrift(drift: Drift, settings: CommandSettings): DriftFinding {
  const { id, place, detail, why, severity, access = [], goneAlong = [] } = drift;
  const { whatToDo, commands } = nextStep(drift, settings);
  return {
    id,
    severity: severity ?? kindOf(id).severity,
    where: whereOf(place, detail),
    why,
    whatToDo: drift.whatToDo ?? whatToDo,
    place,
    detail,
    access,
    commands,
    fingerprint: fingerprintOf(drift),
    ...(goneAlong.length === 0 ? {} : { goneAlong }),
    terraform: undefined,
  };
}

/** `payments-prod us-east-1 alias/payments-prod, tag Owner` */
function whereOf({ account, region, resource }: DriftPlace, detail: readonly string[]): string {
  const place = [account, ...(region === undefined ? [] : [region]), resource].join(" ");
  // A key without an alias is its own resource.
  return [place, ...detail.filter((each) => each !== `key ${resource}`)].join(", ");
}
