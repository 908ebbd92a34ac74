import { css } from 'lit';
import { palette } from '../app/look/palette';

export const styles = [
  palette,
  css`
    :host { display: block; color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    :host([hidden]) { display: none; }
    *, ::before, ::after { box-sizing: border-box; }
    h2, h3, p, ul, ol, dl, dd { margin: 0; }
    ul, ol { padding: 0; list-style: none; }
    h3 { font-size: 1.0625rem; line-height: 1.35; }
    a { color: var(--accent); text-underline-offset: .15em; }
    code { font: .9375rem/1.4 ui-monospace, monospace; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }

    button, .button {
      display: inline-flex; align-items: center; justify-content: center; min-height: var(--touch); padding: .5rem 1.25rem;
      border: 1px solid var(--strong-line); border-radius: .625rem; background: var(--surface); color: inherit;
      font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
    }
    button:disabled { opacity: .55; cursor: default; }
    summary { cursor: pointer; list-style: none; }
    summary::-webkit-details-marker { display: none; }

    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .soft { color: var(--soft); font-size: .9375rem; }
    .time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .notice { padding: .75rem 1rem; margin-bottom: .75rem; border-radius: var(--radius); background: var(--running-ground); color: var(--running); font-weight: 600; }
    .notice.error { background: var(--error-ground); color: var(--error); }

    .overall { margin-bottom: .75rem; font-weight: 600; }
    progress { display: block; width: 100%; height: .625rem; margin-top: .375rem; border: 0; border-radius: 99rem; overflow: hidden; background: var(--idle-ground); appearance: none; }
    progress::-webkit-progress-bar { background: var(--idle-ground); }
    progress::-webkit-progress-value { background: var(--done); }
    progress::-moz-progress-bar { background: var(--done); }

    .apps { display: flex; flex-direction: column; gap: .75rem; }
    .app { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
    .app > details > summary { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: .25rem .625rem; padding: .875rem 1.25rem; border-radius: var(--radius); }
    .app > details > summary::before { content: "›"; font-size: 1.5rem; line-height: 1; color: var(--soft); transition: rotate .15s; }
    .app > details[open] > summary::before { rotate: 90deg; }
    .name { font-weight: 700; font-size: 1.1875rem; }
    .wide { grid-column: 2 / -1; }
    .state { display: inline-flex; align-items: center; gap: .5rem; padding: .25rem .625rem; border-radius: 99rem; font-size: .9375rem; font-weight: 600; white-space: nowrap; }
    .state.done { color: var(--done); background: var(--done-ground); }
    .state.done::before { content: "✓" / ""; }
    .state.running { color: var(--running); background: var(--running-ground); }
    .state.running::before { content: "•••" / ""; letter-spacing: -.05em; }
    .state.error { color: var(--error); background: var(--error-ground); }
    .state.error::before { content: "✕" / ""; }
    .state.idle { color: var(--idle); background: var(--idle-ground); }
    .state.idle::before { content: "○" / ""; }
    .state.you { color: var(--on-you); background: var(--you); }
    .state.you::before { content: "!" / ""; font-weight: 800; }

    .live { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .875rem; padding: 0 1.25rem 1rem; }
    .live .button { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }

    .steps { padding: .25rem 1.25rem 1rem; }
    .step { display: grid; grid-template-columns: 1.75rem minmax(0, 1fr); gap: .875rem; padding-bottom: .75rem; position: relative; }
    .step:not(:last-child)::before { content: ""; position: absolute; left: .8125rem; top: 1.75rem; bottom: -.125rem; width: 2px; background: var(--line); }
    .step.done:not(:last-child)::before { background: var(--done); }
    .what { display: flex; flex-direction: column; gap: .375rem; min-width: 0; }
    .sign { display: grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: 50%; font-weight: 700; font-size: 1rem; line-height: 1; background: var(--surface); position: relative; }
    .step.done .sign { background: var(--done); color: var(--surface); }
    .step.done .sign::before { content: "✓"; }
    .step.error .sign { background: var(--error); color: var(--surface); }
    .step.error .sign::before { content: "✕"; }
    .step.you .sign { background: var(--you); color: var(--on-you); }
    .step.you .sign::before { content: "!"; }
    .step.idle .sign::before { content: ""; width: .75rem; height: .75rem; border-radius: 50%; background: var(--strong-line); }
    .step.running .sign::before { content: ""; width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 4px solid var(--running-ground); border-top-color: var(--running); animation: turn 1.2s linear infinite; }
    .step.done strong { color: var(--done); }
    .step.error strong { color: var(--error); }
    .step.running strong { color: var(--running); }
    .step.you .more > summary strong { color: var(--you); }

    .failure { display: flex; flex-direction: column; gap: .375rem; padding: .75rem 1rem; border-radius: .625rem; background: var(--error-ground); }
    .failure strong { color: inherit; }
    .failure.soft { background: var(--raised); }
    .you-box { display: flex; flex-direction: column; gap: .75rem; padding: 1rem; border: 2px solid var(--you); border-radius: .625rem; }
    .you-box p:first-child { font-weight: 600; white-space: pre-line; }
    .record { display: flex; flex-direction: column; gap: .5rem; padding: .75rem; border-radius: .5rem; background: var(--raised); }
    .record > div { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); align-items: center; gap: .5rem; }
    .record dd { display: flex; justify-content: space-between; align-items: center; gap: .75rem; }
    dt { color: var(--soft); font-size: .9375rem; }
    .copy { padding-inline: .875rem; flex: none; }

    .more > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto; min-height: 2.75rem; }
    .more > summary .soft { grid-column: 1; }
    .more > summary::after, .fold > summary::after { content: "›"; grid-column: 2; grid-row: 1 / span 2; align-self: center; color: var(--soft); font-size: 1.5rem; line-height: 1; }
    .more[open] > summary::after, .fold[open] > summary::after { rotate: 90deg; }
    .more[open] > summary { margin-bottom: .5rem; }
    .fold { padding: .25rem 1.25rem 0; }
    .fold > summary { display: grid; grid-template-columns: 1.75rem minmax(0, 1fr) auto; align-items: center; gap: .875rem; min-height: var(--touch); color: var(--done); font-weight: 600; }
    .fold > summary::after { grid-column: 3; grid-row: 1; }
    .fold .sign { background: var(--done); color: var(--surface); }
    .fold .sign::before { content: "✓"; }
    .fold > .steps { padding: .75rem 0 0; }
    .words { white-space: pre-line; }
    .outputs { display: flex; flex-direction: column; gap: .5rem; margin-bottom: .75rem; }
    .log { display: flex; flex-direction: column; gap: .75rem; border-left: 3px solid var(--line); padding-left: .875rem; font-size: .9375rem; }

    @media (max-width: 26rem) {
      .you-box { margin-left: -2.625rem; }
      .record > div { grid-template-columns: minmax(0, 1fr); gap: .125rem; }
      .app > details > summary, .live, .app > details > .steps, .fold { padding-inline: 1rem; }
    }
    @keyframes turn { to { rotate: 1turn; } }
    @media (prefers-reduced-motion: reduce) {
      .step.running .sign::before { animation: none; border-color: var(--running); border-style: dotted; }
      .app > details > summary::before { transition: none; }
    }
  `,
];
