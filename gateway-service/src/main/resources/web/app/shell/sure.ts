import { html, render } from 'lit';
import { t } from '../words';
import './confirm';
import type { Confirm } from './confirm';

/** Asks before something that cannot be taken back; whether to go ahead. */
export async function sure(words: { heading: string; detail: string; yes: string }): Promise<boolean> {
  const place = document.createElement('div');
  // Within the page's element: there it is gone with the page.
  document.querySelector('main')!.append(place);
  render(
    html`<offshoot-confirm heading=${words.heading} detail=${words.detail} yes=${words.yes} no=${t('hub.no')}></offshoot-confirm>`,
    place,
  );
  const confirm = place.querySelector<Confirm>('offshoot-confirm')!;
  await confirm.updateComplete;
  const before = document.activeElement as HTMLElement | null;
  try {
    return await confirm.ask();
  } finally {
    place.remove();
    before?.focus();
  }
}
