/**
 * Control characters, line separators, and what makes text run backwards or hides in it: none may forge a line of a report
 * or steer a terminal.
 *
 * Source: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;

/** A text as one line: what cannot be printed stands as `\u{1b}`. It may come from anybody who can edit the JSON. */
export function oneLine(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
