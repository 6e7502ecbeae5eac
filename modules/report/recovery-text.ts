import { type KeySituation, type RecoveryStep, stateText } from "../drift/plan-recovery";

/** One key in one Region: how it is, and what brings it back. */
export function recoveryText(
  situation: KeySituation,
  steps: readonly RecoveryStep[],
  now: string,
  emphasize: (text: string) => string,
): string[] {
  const { place, live, reviewed } = situation;
  const id = live?.keyId ?? "no key";
  const stack = reviewed === undefined ? "in no reviewed stack" : `${reviewed.address} of ${reviewed.stack}`;
  return [
    emphasize(`${place.resource}  ${place.account} ${place.region}`),
    `  key    ${id}, ${stack}`,
    `  state  ${stateText(situation, now)}`,
    ...(steps.length === 0 ? ["  There is nothing to bring back."] : []),
    ...steps.flatMap(({ what, whatToDo, commands }, index) => [
      `  ${index + 1}. ${what}`,
      `     ${whatToDo}`,
      ...commands.flatMap((command) => command.split("\n")).map((line) => `       ${line}`),
    ]),
  ];
}
