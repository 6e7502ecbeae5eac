import type { Model } from "./model";
import type { PageState } from "./state";

/** What every view gets of the page around it. */
export interface Page {
  readonly model: Model;
  readonly state: () => PageState;
  /**
   * Other parameters of the same view; an empty value takes one away. Choosing is a step that the back button undoes, typing
   * is not.
   */
  readonly refine: (parameters: Readonly<Record<string, string>>, step: "choose" | "type") => void;
  /** Tells who doesn't see the screen, as soon as nothing else happens. */
  readonly say: (text: string) => void;
}

/** A view that is on the screen. */
export interface View {
  /** The parameters are others, the subject is the same. */
  readonly update?: (state: PageState) => void;
  readonly leave?: () => void;
  /** Closes what is open in it; false where nothing was. */
  readonly escape?: () => boolean;
  /** What stands for it on paper, where that is not what is on the screen: paper does not scroll. */
  readonly print?: () => Node;
}

export type ViewMaker = (page: Page, host: HTMLElement, state: PageState) => View;
