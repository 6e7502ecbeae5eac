import { type KeySituation, type RecoveryStep, stateText } from "../drift/plan-recovery";
import { type CommandPlaces, orgkeysCommand } from "../findings/orgkeys-command";

/** One key in one Region: how it is, what brings it back, and what has to be asked besides. */
export function recoveryText(
  situation: KeySituation,
  steps: readonly RecoveryStep[],
  now: string,
  places: CommandPlaces,
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
    // A key that can be used again, and by nobody whose grant has gone meanwhile, is not all that was asked for.
    ...(reviewed === undefined || live === undefined
      ? []
      : [
          "  Its grants and its rotation are not looked at here. Whether they are as reviewed:",
          `    ${orgkeysCommand(["drift", "--account", place.account], places)}`,
        ]),
  ];
}
