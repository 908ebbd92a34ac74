import type { CSSResult } from 'lit';

/** Adds the styles of a page that is loaded on demand: only the first page's come as a file. */
export function wear(styles: CSSResult): void {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles.styleSheet!];
}
