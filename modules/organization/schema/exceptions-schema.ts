import { z } from "zod";
import { type CheckId, checkIds } from "../../findings/check-ids";
import { type GateId, gateIds, unallowableGateIds } from "../../findings/gate-ids";
import { listNames, suggestName } from "../problem";
import { dayField, nameField } from "./fields";
import { goOnWith } from "./stand-ins";

/** What they find is wrong with exceptions: one more exception would only hide it. */
const checksOfExceptions: readonly CheckId[] = ["exceptions-in-force", "exceptions-used"];
const acceptableChecks: readonly (CheckId | GateId)[] = [
  ...checkIds.filter((id) => !checksOfExceptions.includes(id)),
  ...gateIds.filter((id) => !unallowableGateIds.includes(id)),
];

/** `what is wrong; how to fix` for what is no check whose findings can be accepted. */
function checkMessage(given: unknown): string {
  if (given === undefined) return "is missing; add the id of the check whose finding is accepted";
  if (given === null) return "is empty; fill in the id of the check whose finding is accepted";
  if (typeof given !== "string") return "must be the id of one check; write an exception for each finding";
  if (checksOfExceptions.some((id) => id === given)) {
    return "is about exceptions themselves, and nothing accepts its findings; mend or delete the exception that it names";
  }
  if (unallowableGateIds.some((id) => id === given)) {
    return "is about what nobody has reviewed or understood, and nothing allows it; mend what the gate names, and plan again";
  }
  return `is not a check; ${suggestName(given, acceptableChecks, `checks are ${listNames(acceptableChecks, 60)}`)}`;
}

const mostReasonCharacters = 1024;

const exceptionSchema = z.strictObject({
  check: z
    .enum(acceptableChecks, { error: ({ input }) => checkMessage(input) })
    .describe("The check whose finding is accepted, by its id, or what the gate of plan and apply would stop at"),
  subject: z
    .string()
    .regex(/^\S(.*\S)?$/, {
      error: "must be one line without blanks around it; copy it from the finding, word by word",
    })
    .describe("What the finding is about, word by word as orgkeys check, plan or apply shows it"),
  owner: goOnWith(
    z
      .string()
      .regex(/\S/, { error: "must not be empty; name the team" })
      .describe("The team that answers for the exception"),
    "unknown",
  ),
  reason: goOnWith(
    z
      .string()
      .regex(/^\s*\S+\s+\S+\s+\S/, { error: "must be a few words at least; say why this finding can be accepted" })
      .max(mostReasonCharacters, {
        error: `must be at most ${mostReasonCharacters.toLocaleString("en-US")} characters; shorten it`,
      })
      .describe("Why the finding can be accepted until then, for whoever reviews it"),
    "unknown for now",
  ),
  expires: goOnWith(
    dayField.describe("The first day on which it no longer holds, as in 2027-01-31; none holds for ever"),
    "9999-12-31",
  ),
});

export const exceptionsSchema = z.record(nameField, exceptionSchema);

export type ExceptionFile = z.infer<typeof exceptionSchema>;
