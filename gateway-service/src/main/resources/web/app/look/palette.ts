import { css } from 'lit';

/** The colours and measures, of the console and of the element that others embed: there, a page may set its own. */
export const palette = css`
  :root, :host {
    --ground: #f4f6f3;
    --surface: #ffffff;
    --raised: #eef1ec;
    --line: #d5dbd4;
    --strong-line: #7d877f;
    --ink: #16201b;
    --soft: #4f5b54;
    --accent: #17663f;
    --on-accent: #ffffff;
    --done: #17663f;
    --done-ground: #e2f3e8;
    --running: #7a4d00;
    --running-ground: #fff1d0;
    --you: #5b3fb5;
    --on-you: #ffffff;
    --error: #a8201a;
    --error-ground: #fde7e4;
    --idle: #545f58;
    --idle-ground: #e9ece8;
    --radius: .875rem;
    --touch: 3rem;
  }

  @media (prefers-color-scheme: dark) {
    :root, :host {
      --ground: #0f1412;
      --surface: #171e1b;
      --raised: #202925;
      --line: #303b35;
      --strong-line: #7f8d85;
      --ink: #eaf0ec;
      --soft: #aab7af;
      --accent: #6fd39d;
      --on-accent: #06291a;
      --done: #6fd39d;
      --done-ground: #143324;
      --running: #f5c25c;
      --running-ground: #38290a;
      --you: #cdb2ff;
      --on-you: #24064f;
      --error: #ff9d94;
      --error-ground: #431a17;
      --idle: #aab7af;
      --idle-ground: #262f2a;
    }
  }
`;
