import { css } from 'lit';

export const styles = css`
  offshoot-apps-page { display: flex; flex-direction: column; gap: .75rem; }
  .apps { display: flex; flex-direction: column; gap: .75rem; padding: 0; list-style: none; }
  .apps .card { display: grid; grid-template-columns: 1fr auto; align-items: center; gap: .25rem .75rem; color: inherit; text-decoration: none; }
  .apps .card:hover { border-color: var(--accent); }
  .apps .name { font-weight: 700; font-size: 1.1875rem; }
  .apps .card .small { grid-column: 1 / -1; }
`;
