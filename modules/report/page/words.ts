const numbers = new Intl.NumberFormat("en-US");
const cents = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

export function count(value: number): string {
  return numbers.format(value);
}

/** `1 key`, `1,204 keys` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** US dollars. */
export function money(value: number): string {
  return cents.format(value);
}

/** `3 of 1,204 keys`, and `1,204 keys` where none is left out. */
export function shown(some: number, all: number, one: string, many = `${one}s`): string {
  return some === all ? counted(all, one, many) : `${count(some)} of ${counted(all, one, many)}`;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The words of a search, each of which has to be found. */
export function searchWords(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}
