import { html, nothing, type TemplateResult } from 'lit';
import { t, wordsFor } from '../../words';
import { said } from '../../words/said';
import { providerName, type NewPage, type Step } from '.';
import { keyOf } from './field';
import { configOf, hasConfig, inputOf, variable, type Kind } from './request';
import { count, escape, isObject, members, type Schema } from './schema';

/** All that was entered, to be looked at once more; a secret is never among it. */
export function review(page: NewPage, back: unknown): TemplateResult {
  const workflow = page.workflow!;
  const { values } = page;
  const part = (step: Step, heading: string, facts: unknown) => html`<section class="part">
    <div class="row"><h3>${heading}</h3>
      <button type="button" class="quiet" aria-label=${t('new.change_what', { what: heading })} @click=${() => void page.to(step)}>${t('new.change')}</button></div>
    ${facts ? html`<dl class="facts">${facts}</dl>` : html`<p class="small">${t('new.variables_none')}</p>`}
  </section>`;
  const fact = (label: unknown, value: string) => (value ? html`<dt>${label}</dt><dd>${value}</dd>` : nothing);
  const leaves = (schema: Schema, pointer: string): unknown[] =>
    members(schema, pointer).map(([name, it, at]) => {
      if (isObject(it)) return leaves(it, at);
      const value = values[at] ?? '';
      const key = keyOf(workflow.id, at, name);
      const words = it.enum && wordsFor('workflow', `${workflow.id}_${key}_${value.toLowerCase()}`);
      return fact(said(workflow.id, key, it.title ?? name), words || value);
    });
  const variables = count(values, '/variables');
  const apps = count(values, '/apps');
  return html`<div class="panel">
    <p role="status">${page.busy ? t('new.checking') : page.mustSign ? t('new.review_sign') : t('new.review_intro')}</p>
    ${hasConfig(workflow) ? part('shared', t('new.shared'), leaves(configOf(workflow), '/config')) : nothing}
    ${Array.from({ length: apps }, (_, i) =>
      part(`app/${i}`, apps > 1 ? t('new.app_n', { n: i + 1 }) : t('new.app'), [
        fact(t('new.app_id'), values[`/apps/${i}/appId`] ?? ''),
        leaves(inputOf(workflow), `/apps/${i}/input`),
      ]),
    )}
    ${part('accounts', t('new.accounts'), Object.entries(workflow.connections).map(([entry, provider]) => {
      const name = values[`/connections/${escape(entry)}`] ?? '';
      const account = page.connections.find((it) => it.provider === provider && it.name === name)?.account ?? name;
      return fact(t(entry === provider ? 'new.account' : 'new.account_receiver', { provider: providerName(provider) }), account);
    }))}
    ${part('variables', t('new.variables'), variables
      ? Array.from({ length: variables }, (_, i) => {
          const kind = (values[`${variable(i)}/kind`] || 'text') as Kind;
          const value = kind === 'text' ? (values[`${variable(i)}/value`] ?? '') : t(`new.kind_${kind}`);
          return fact(values[`${variable(i)}/name`], kind === 'hub' ? `${value}: ${values[`${variable(i)}/hub`]}` : value || '–');
        })
      : undefined)}
    <p class="small">${t('new.create_help')}</p>
    <div class="moves">${back}
      ${page.mustSign
        ? html`<button type="button" class="main" @click=${() => void page.to('sign')}>${t('new.to_sign')}</button>`
        : html`<button type="button" class="main" ?disabled=${page.busy} @click=${() => void page.create()}>${t('new.create')}</button>`}
      ${page.policy === 'optional'
        ? html`<button type="button" class="quiet" ?disabled=${page.busy} @click=${() => void page.to('sign')}>${t('new.sign_instead')}</button>`
        : nothing}
    </div>
  </div>`;
}
