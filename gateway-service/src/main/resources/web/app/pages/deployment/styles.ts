import { css } from 'lit';

export const styles = css`
  offshoot-deployment-page { display: flex; flex-direction: column; gap: 1rem; }
  offshoot-deployment-page > .lead { font-size: 1.125rem; }
  offshoot-deployment-page > .back { align-self: start; min-height: 2.5rem; display: inline-flex; align-items: center; margin-bottom: -.75rem; }
  offshoot-deployment-page .title { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .875rem; }
  offshoot-deployment-page button.main { align-self: stretch; font-size: 1.125rem; min-height: 3.5rem; }
  offshoot-deployment-page details.card { display: block; padding-block: .375rem; }
  offshoot-deployment-page details.card[open] { padding-bottom: 1.25rem; }
  offshoot-deployment-page details.card > summary { display: flex; justify-content: space-between; list-style: none; }
  offshoot-deployment-page details.card > summary::-webkit-details-marker { display: none; }
  offshoot-deployment-page details.card > summary::after { content: "›"; font-size: 1.5rem; line-height: 1; color: var(--soft); }
  offshoot-deployment-page details.card[open] > summary::after { rotate: 90deg; }
  offshoot-deployment-page details.card > * + * { margin-top: .75rem; }
  offshoot-deployment-page details.card > summary + * { margin-top: 0; }
  offshoot-deployment-page .rest { display: flex; flex-direction: column; gap: .75rem; }
  .ledger { display: flex; flex-direction: column; gap: .75rem; padding: 0; list-style: none; }
  .ledger li { display: flex; flex-direction: column; padding-left: .875rem; border-left: 3px solid var(--line); }
  .ledger li.goes { border-color: var(--error); }
  .ledger em { font-style: normal; font-weight: 400; color: var(--soft); }
  .ledger .goes em { color: var(--error); }
  .good { color: var(--done); font-weight: 600; }
`;
