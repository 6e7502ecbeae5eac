import { disableKey, scheduleKeyDeletion } from "../../aws/kms-commands";
import type { Drift } from "../drift";
import { lookAround, unlessEnded } from "./key-steps";
import { adoptLines, comment, keyAt, type StepOf } from "./step-parts";

const WINDOW_DAYS = 30;

const LET_IT_END =
  "find out before that day whether anything was encrypted with it, and cancel its deletion unless nobody needs that";

export const adoptOrEnd: StepOf = unlessEnded((drift) => {
  const { key, alias } = drift.subject ?? {};
  return {
    whatToDo:
      "find out who made it and what is under it; then take it over (docs/lifecycle.md#take-over: the deploy role's statement goes into its policy before), end it as the break-glass role, or let somebody answer for it until a day in config/drift.yaml. Never end a key because nobody knows it: data under it is lost for good",
    commands: [
      ...lookAround(drift),
      ...(key === undefined ? [] : adoptLines(drift, key.keyId, alias === undefined ? [] : [alias.name])),
      ...ending(drift),
    ],
  };
}, LET_IT_END);

/** After a state that was lost, or an apply that was cut, either of both can have the data. */
export const endSecond: StepOf = unlessEnded(
  (drift) => ({
    whatToDo:
      "see in CloudTrail whether anything was encrypted with it. Encrypt that anew under the reviewed key (docs/lifecycle.md#replace), and only then end it as the break-glass role: disabled first, scheduled when nobody misses it. Where this one has the data, and not the other, take it over instead (docs/lifecycle.md#take-over)",
    commands: [...lookAround(drift), ...ending(drift)],
  }),
  LET_IT_END,
);

/** Never to be pasted by the way. */
function ending(drift: Drift): string[] {
  const at = keyAt(drift);
  if (at === undefined) return [];
  return [
    comment("or, as the break-glass role, when nothing is under it:"),
    comment(disableKey(at)),
    comment("and when nobody has missed it for as long as your slowest job takes:"),
    comment(scheduleKeyDeletion(at, WINDOW_DAYS)),
  ];
}
