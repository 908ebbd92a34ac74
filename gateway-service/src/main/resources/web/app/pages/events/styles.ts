import { css } from 'lit';

export const styles = css`
  .feed.card { display: flex; gap: 0; padding: 1.25rem; }
  .feed .what { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem .75rem; }
  .feed a.name { display: inline-flex; align-items: center; min-height: 1.5rem; }
`;
