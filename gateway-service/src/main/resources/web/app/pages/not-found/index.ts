import '../../shared';
import { LitElement, html } from 'lit';
import { setTitle } from '../../shell/title';
import { t } from '../../words';

/** Nothing is at this address. */
class NotFoundPage extends LitElement {
  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    setTitle(t('notfound.title'));
    return html`
      <section class="card narrow">
        <h1>${t('notfound.title')}</h1>
        <p>${t('notfound.detail')}</p>
        <p><a class="button" href="/">${t('notfound.to_apps')}</a></p>
      </section>`;
  }
}

customElements.define('offshoot-not-found-page', NotFoundPage);
