import { html, nothing, type TemplateResult } from 'lit';
import { wordsFor } from '.';
import type { Words } from './en';

/**
 * What the API says about a workflow, in the reader's language if we have it there, and otherwise as it says it, marked as
 * English, so that it is read aloud as that. `text` is the words alone, for attributes.
 */
export function said(workflow: string, key: string, english: string, section: keyof Words = 'workflow'): TemplateResult & { text: string } {
  const ours = wordsFor(section, `${workflow}_${key}`);
  return Object.assign(html`<span lang=${ours ? nothing : 'en'}>${ours ?? english}</span>`, { text: ours ?? english });
}
