import type { AccessChange } from "../../access/access-change";
import { actionsText } from "../../access/key-actions";
import { uniqueNames } from "../../aws/name-order";

/** `; it lets account shop-prod (210000000001) of zone corporate do Decrypt`; empty where nobody from outside is among them. */
export function outsidersText(outsiders: readonly AccessChange[]): string {
  const [only] = outsiders;
  if (only === undefined) return "";
  const whom = uniqueNames(outsiders.map(({ outside }) => outside ?? ""));
  const actions = uniqueNames(outsiders.flatMap((change) => change.actions));
  return `; it lets ${whom.join(" and ")} do ${actionsText(actions)}`;
}
