import { css } from 'lit';

export const styles = css`
  offshoot-catalogue-page { display: flex; flex-direction: column; gap: .75rem; }
  .offers { display: flex; flex-direction: column; gap: 1rem; padding: 0; list-style: none; }
  .offers h2 { font-size: 1.375rem; }
  .offers .ready { display: flex; flex-direction: column; gap: .5rem; padding: 0; list-style: none; }
  .offers .ready li { display: grid; grid-template-columns: 1.5rem 1fr; }
  .offers .ready li::before { content: "○" / ""; color: var(--accent); font-weight: 700; }
  .offers summary { justify-content: space-between; }
  .offers summary::after { content: "›" / ""; font-size: 1.5rem; line-height: 1; }
  .offers details[open] > summary::after { rotate: 90deg; }
  .offers details { color: var(--soft); }
  .offers details ol { display: flex; flex-direction: column; gap: .375rem; padding-left: 1.5rem; }
  @media (min-width: 40rem) { .offers .button { align-self: flex-start; min-width: 10rem; } }
`;
