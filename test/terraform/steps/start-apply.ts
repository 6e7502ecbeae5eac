import { systemClock } from "../../../modules/cli/system-clock";
import { applyStack } from "../../../modules/terraform/steps/apply-stack";

/** A process of its own that applies a stack, for a test that kills it. */
const stop = { level: 0, onChange: () => () => {} } as const;
void applyStack({ ...JSON.parse(process.argv[2] ?? ""), stop, clock: systemClock(), onEvent: () => {} });
