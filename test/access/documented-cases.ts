import type { EvaluationCase } from "./decide";
import { conditionKeys, organization } from "./documented/condition-keys";
import { grants } from "./documented/grants";
import { resourceControl, serviceControl } from "./documented/guardrails";
import { crossAccount, sameAccount } from "./documented/key-policies";
import { principals, resources } from "./documented/principals-and-resources";

/** What AWS's documentation says, as cases; add a row to one of the tables. */
export const documentedCases: readonly EvaluationCase[] = [
  ...sameAccount,
  ...crossAccount,
  ...conditionKeys,
  ...organization,
  ...resourceControl,
  ...serviceControl,
  ...grants,
  ...principals,
  ...resources,
];
