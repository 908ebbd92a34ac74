import { css } from 'lit';

export const styles = css`
  offshoot-new-page, offshoot-plan-page { display: flex; flex-direction: column; gap: 1rem; }
  offshoot-new-page form, .panel { display: flex; flex-direction: column; gap: 1.25rem; }
  .way { display: flex; gap: .375rem; padding: 0; list-style: none; }
  .way li { flex: 1; height: .375rem; border-radius: 99rem; background: var(--line); }
  .way li.past { background: var(--accent); }
  .field { display: flex; flex-direction: column; gap: .375rem; }
  .field label .small { font-weight: 400; }
  .group { display: flex; flex-direction: column; gap: 1.25rem; margin: 0; padding: 0; border: 0; min-width: 0; }
  .example { display: block; }
  .group > legend { padding: 0; margin-bottom: -.375rem; font-weight: 700; font-size: 1.1875rem; }
  .group + .group, .field + .group { padding-top: 1.25rem; border-top: 1px solid var(--line); }
  .group + .group > legend, .field + .group > legend { float: left; width: 100%; }
  .group + .group > legend + *, .field + .group > legend + * { clear: both; }
  textarea[aria-invalid="true"], select[aria-invalid="true"] { border-color: var(--error); border-width: 2px; }
  .moves { display: flex; flex-wrap: wrap; gap: .75rem; padding-top: .5rem; }
  .moves .main { flex: 1 1 9rem; }
  .variable { padding: 1rem; border: 1px solid var(--line); border-radius: .625rem; }
  .facts { display: grid; gap: .25rem .75rem; margin: 0; }
  .facts dt { color: var(--soft); font-size: .9375rem; }
  .facts dd { white-space: pre-wrap; margin-bottom: .5rem; }
  @media (min-width: 40rem) { .facts { grid-template-columns: minmax(9rem, 1fr) 2fr; } .facts dd { margin: 0; } }
  .part { display: flex; flex-direction: column; gap: .5rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
  .part > .row { justify-content: space-between; flex-wrap: nowrap; }
  .part > .row button { flex: none; margin-right: -.75rem; }
  .forget { margin-left: -.75rem; }
  .findings { display: flex; flex-direction: column; gap: .75rem; padding: 0; list-style: none; }
  .findings li { display: grid; grid-template-columns: 1fr auto; gap: .125rem .75rem; align-items: center; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
  .findings li:last-child { border: 0; padding: 0; }
  .findings .small, .findings p { grid-column: 1 / -1; }
  .lasts { font-size: 1.1875rem; font-weight: 600; }
  .signing { display: flex; flex-direction: column; gap: 1.25rem; padding-left: 1.5rem; }
  .signing li > * + * { margin-top: .5rem; }
`;
