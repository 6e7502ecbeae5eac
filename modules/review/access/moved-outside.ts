import type { ChangePlace } from "../../access/access-change";
import type { AccessPlaces } from "./access-place";
import type { AccessRow } from "./access-rows";

/**
 * Those whom nothing new lets in, and who are outside because the zones are others.
 *
 * @param told what is told anyway
 * @param rowsIn everything that is given, with who of it is outside in a place
 */
export function movedOutside<Row extends AccessRow>(
  told: readonly Row[],
  rowsIn: (place: ChangePlace) => readonly Row[],
  { now, former }: AccessPlaces,
): Row[] {
  if (former === undefined) return [];
  const before = rowsIn(former);
  return rowsIn(now).flatMap((each, index) => {
    const { row } = each;
    if (row.outside === undefined || before[index]?.row.outside !== undefined) return [];
    const known = told
      .filter((other) => other.row.effect === "gains" && isSameWay(other, each))
      .flatMap((other) => other.row.actions);
    const actions = row.actions.filter((action) => !known.includes(action));
    return actions.length === 0 ? [] : [{ ...each, row: { ...row, actions } }];
  });
}

function isSameWay({ row: a }: AccessRow, { row: b }: AccessRow): boolean {
  return a.who === b.who && a.key === b.key && a.through === b.through;
}

export const asBefore = ", as before: the zones are others";
