import { css } from 'lit';

/** What the pages about a hub have in common: cards with lists of things, and forms that open. */
export const lists = css`
  .hub { display: flex; flex-direction: column; gap: 1rem; }
  .hub > section, .hub .sections { display: flex; flex-direction: column; gap: 1rem; }
  .hub .things { display: flex; flex-direction: column; margin: 0; padding: 0; list-style: none; }
  .hub .things > li { display: flex; flex-direction: column; gap: .375rem; padding-block: .875rem; border-top: 1px solid var(--line); }
  .hub .things > li:first-child { border-top: 0; padding-top: 0; }
  .hub .things > li:last-child { padding-bottom: 0; }
  .hub .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .375rem .75rem; }
  .hub .name { font-weight: 700; }
  .hub .field { display: flex; flex-direction: column; gap: .375rem; }
  .hub fieldset { margin: 0; padding: 0; border: 0; display: flex; flex-direction: column; gap: .25rem; min-width: 0; }
  .hub legend { padding: 0; font-weight: 600; }
  .hub .checks { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
  .hub details > summary { font-weight: 600; color: var(--accent); list-style: none; gap: .5rem; }
  .hub details > summary::-webkit-details-marker { display: none; }
  .hub details > summary::before { content: "+" / ""; font-size: 1.375rem; line-height: 1; width: 1rem; text-align: center; }
  .hub details[open] > summary::before { content: "–" / ""; }
  .hub details > form, .hub details > .inside { padding-block: .25rem .5rem; }
  .hub .lanes { display: flex; flex-direction: column; gap: .25rem; }
  .hub .lanes dt { font-weight: 600; }
  .hub .lanes dd { display: flex; flex-direction: column; gap: .125rem; margin: 0 0 .5rem; }
  .hub .tries { padding-left: 1.25rem; }
  .hub .once { border: 2px solid var(--accent); }
  .hub .row button { padding-inline: 1rem; }
  .hub .covered { -webkit-text-security: disc; }
  .hub .empty { color: var(--soft); }
`;
