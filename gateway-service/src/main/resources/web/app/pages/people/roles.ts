import { html, type TemplateResult } from 'lit';
import type { Credential } from '../../shell/session';
import { t, wordsFor } from '../../words';

const roles = ['subscriber', 'member', 'owner', 'operator'] as const;

export type Role = (typeof roles)[number];

/** The permissions each role has, as scopes are written. */
export const permissions: Record<Role, string[]> = {
  subscriber: ['events'],
  member: ['watch', 'events', 'trigger'],
  owner: ['watch', 'events', 'trigger', 'deploy', 'secrets', 'keys', 'webhooks', 'audit'],
  operator: ['watch', 'events', 'trigger', 'deploy', 'secrets', 'keys', 'webhooks', 'audit', 'operate'],
};

/** The roles that somebody can give: nobody gives what he does not have. */
export function givable(who: Credential): Role[] {
  return roles.filter((role) => permissions[role].every((it) => who.permissions.includes(it)));
}

export function roleName(role: string): string {
  return wordsFor('people', `role_${role}`) ?? role;
}

/** A field to choose a role from. */
export function roleField(id: string, of: Role[], chosen: string, onChange?: (role: Role) => void): TemplateResult {
  return html`
    <div class="field">
      <label for=${id}>${t('people.role')}</label>
      <select id=${id} name=${id} @change=${(event: Event) => onChange?.((event.target as HTMLSelectElement).value as Role)}>
        ${of.map((it) => html`<option value=${it} ?selected=${it === chosen}>${roleName(it)}</option>`)}
      </select>
    </div>`;
}
