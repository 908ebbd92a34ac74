/** Says things to those who do not see the page, and shows some of them for a while to those who do. */

/** Announces a change of state, politely: what is being read is read to its end first. */
export function announce(words: string): void {
  dispatchEvent(new CustomEvent('offshoot-announce', { detail: { words, shown: false } }));
}

/** The same, and shows it at the foot of the page until the next one, or for eight seconds. */
export function toast(words: string): void {
  dispatchEvent(new CustomEvent('offshoot-announce', { detail: { words, shown: true } }));
}
