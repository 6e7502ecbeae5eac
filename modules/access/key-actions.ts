import { kmsActions } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";

/** Using a key, or letting somebody use it: a grant to oneself is decrypt. */
export const usingActions: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];

/** Changing a key, taking it away, bringing material into it or bringing it elsewhere. */
export const managingActions: readonly string[] = [
  ...kmsActions.administering,
  ...kmsActions.destroying,
  ...kmsActions.importing,
  ...kmsActions.replicating,
];

/** `Decrypt, Encrypt and 7 more` */
export function actionsText(actions: readonly string[]): string {
  const names = uniqueNames(actions).map((action) => action.replace(/^kms:/, ""));
  const more = names.length - 3;
  if (more > 1) return `${names.slice(0, 3).join(", ")} and ${more} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Those of `actions` that are among `others`; IAM ignores the case of their names. */
export function actionsAmong(actions: readonly string[], others: readonly string[]): readonly string[] {
  const answers = answersByOthers.get(others) ?? new WeakMap<readonly string[], readonly string[]>();
  answersByOthers.set(others, answers);
  const known = answers.get(actions);
  if (known !== undefined) return known;
  const wanted = new Set(others.map((action) => action.toLowerCase()));
  const among = actions.filter((action) => wanted.has(action.toLowerCase()));
  answers.set(actions, among);
  return among;
}

/** The same few lists are asked for in every statement of every key. */
const answersByOthers = new WeakMap<readonly string[], WeakMap<readonly string[], readonly string[]>>();
