import { narrowing } from "./harmless-narrowing";
import { otherWords } from "./harmless-words";
import { otherWriting } from "./harmless-writing";
import type { Harmless } from "./mutation";

/** Changes of the sample organization's good JSON that breach nothing. */
export const harmless: readonly Harmless[] = [...otherWriting, ...otherWords, ...narrowing];
