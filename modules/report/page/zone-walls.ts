import type { PageCrossing } from "../page-data";
import { s } from "./elements";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const STEP = 7;

/** Draws the ways through the walls into the gaps between the areas, where no way crosses an area. */
export function drawWalls(map: HTMLElement, areas: readonly HTMLElement[], crossings: readonly PageCrossing[]): void {
  map.querySelector("svg.ways")?.remove();
  const boxes = areas.map(
    (area): Box => ({
      left: area.offsetLeft,
      right: area.offsetLeft + area.offsetWidth,
      top: area.offsetTop,
      bottom: area.offsetTop + area.offsetHeight,
    }),
  );
  const ways = new Map<string, { of: Box; from: Box | undefined; breach: boolean }>();
  for (const { of, from, exception } of crossings) {
    const target = boxes[of];
    const source = from === null ? undefined : boxes[from];
    const breach = exception === null || (ways.get(`${of} ${from}`)?.breach ?? false);
    if (target) ways.set(`${of} ${from}`, { of: target, from: source, breach });
  }
  if (ways.size === 0) return;
  const drawing = s("svg", { class: "ways", "aria-hidden": "true", width: map.scrollWidth, height: map.scrollHeight });
  const gap = gapBelow(boxes);
  const arrow = (id: string): SVGElement =>
    s(
      "marker",
      { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
      s("path", { d: "M0,0L8,4L0,8Z", class: id }),
    );
  drawing.append(s("defs", {}, arrow("way-in"), arrow("way-breach")));
  [...ways.values()].forEach(({ of, from, breach }, index) => {
    const shift = (index % 5) * STEP - 2 * STEP;
    drawing.append(
      s("path", {
        class: breach ? "way breach" : "way",
        d: wayOf(of, from, gap, shift),
        "marker-end": `url(#${breach ? "way-breach" : "way-in"})`,
      }),
    );
    const x = (of.left + of.right) / 2 + shift;
    drawing.append(s("path", { class: "gate", d: `M${x - 9},${of.bottom - 1}H${x + 9}` }));
  });
  map.append(drawing);
}

/** From a wall's lower side, through the gaps between rows and columns, up into the other's lower side. */
function wayOf(of: Box, from: Box | undefined, gap: number, shift: number): string {
  const end = { x: (of.left + of.right) / 2 + shift, y: of.bottom - 2 };
  const low = of.bottom + gap / 2 + shift / 2;
  if (!from) return `M${end.x},${of.bottom + gap - 4}V${end.y}`;
  const start = { x: (from.left + from.right) / 2 + shift, y: from.bottom };
  if (Math.abs(from.bottom - of.bottom) < 1) return `M${start.x},${start.y}V${low}H${end.x}V${end.y}`;
  const beside = Math.max(10 + shift / 2, from.left - gap / 2 + shift / 2);
  const fromLow = from.bottom + gap / 2 + shift / 2;
  return `M${start.x},${start.y}V${fromLow}H${beside}V${low}H${end.x}V${end.y}`;
}

function gapBelow(boxes: readonly Box[]): number {
  const [first] = boxes;
  const below = boxes.find(({ top }) => first && top > first.bottom);
  return first && below ? below.top - first.bottom : 40;
}
